package database

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a piece of a passage: as it is written, and whether it is what was looked for.
type Span struct {
	Text  string
	Found bool
}

// A passage is so many words long, with so many of them before the first that was found.
const (
	passageWords  = 26
	passageBefore = 6
)

// passageOf cuts the passage out of a text in which most of the words asked for stand
// together; nil where none of them stands.
func passageOf(text string, asked []string) []Span {
	places := placesOf(text)
	found := make([]int, len(places)) // which of the words asked for, from 1; 0 for none
	any := false
	for i, at := range places {
		found[i] = which(text[at[0]:at[1]], asked)
		any = any || found[i] > 0
	}
	if !any {
		return nil
	}
	from := thickest(found, len(asked))
	return spans(text, places, found, from)
}

// placesOf gives where each word of a text begins and ends, in bytes.
func placesOf(text string) (places [][2]int) {
	start := -1
	for i, r := range text {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
		if letter && start < 0 {
			start = i
		} else if !letter && start >= 0 {
			places, start = append(places, [2]int{start, i}), -1
		}
	}
	if start >= 0 {
		places = append(places, [2]int{start, len(text)})
	}
	return places
}

// which tells the word that a text's word begins with, from 1.
func which(word string, asked []string) int {
	for i, one := range asked {
		if len(word) >= len(one) && beginsFolded(word, one) {
			return i + 1
		}
	}
	return 0
}

// beginsFolded compares letter by letter where that is enough, so that a long text costs little.
func beginsFolded(word, folded string) bool {
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			return strings.HasPrefix(Fold(word), folded)
		}
		if i == len(folded) {
			return true
		}
		c := word[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != folded[i] {
			return false
		}
	}
	return len(word) >= len(folded)
}

// thickest is the first word of the stretch that has most of the words asked for.
func thickest(found []int, kinds int) int {
	best, most := 0, 0
	for from, kind := range found {
		if kind == 0 {
			continue
		}
		seen, count := make([]bool, kinds+1), 0
		for _, k := range found[from:min(len(found), from+passageWords-passageBefore)] {
			if k > 0 && !seen[k] {
				seen[k] = true
				count++
			}
		}
		if count > most {
			if best, most = from, count; count == kinds {
				break
			}
		}
	}
	return best
}

func spans(text string, places [][2]int, found []int, at int) (list []Span) {
	from := max(0, min(at-passageBefore, len(places)-passageWords))
	to := min(len(places), from+passageWords)
	begin, end := places[from][0], places[to-1][1]
	add := func(piece string, hit bool) {
		if piece != "" {
			list = append(list, Span{piece, hit})
		}
	}
	if from > 0 {
		add("… ", false)
	}
	for i := from; i < to; i++ {
		if found[i] > 0 {
			add(text[begin:places[i][0]], false)
			add(text[places[i][0]:places[i][1]], true)
			begin = places[i][1]
		}
	}
	add(text[begin:end], false)
	if to < len(places) {
		add(" …", false)
	} else {
		add(text[end:], false)
	}
	return list
}
