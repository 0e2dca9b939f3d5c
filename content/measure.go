package content

import (
	"math"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// measure counts a text: all its words, and the sentences that running text is made of.
type measure struct {
	words   int
	running []string // paragraphs, without headings and table cells, whose fragments would flatter
}

// text adds what stands under root, but for the footnotes.
func (m *measure) text(root ast.Node, source []byte) {
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n.Kind() {
		case extast.KindFootnoteList:
			return ast.WalkSkipChildren, nil
		case ast.KindHeading, extast.KindTableCell:
			m.words += len(wordsIn(plain(n, source)))
			return ast.WalkSkipChildren, nil
		case ast.KindParagraph, ast.KindTextBlock:
			words := plain(n, source)
			m.words += len(wordsIn(words))
			m.running = append(m.running, words)
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
}

// grade is the school grade that the running text asks for: Flesch-Kincaid for
// English; for Spanish the Fernández Huerta ease, read off its own table of grades.
func (m *measure) grade(lang Lang) float64 {
	var words, sentences, syllables float64
	for _, paragraph := range m.running {
		for _, sentence := range sentencesIn(paragraph) {
			sentences++
			for _, word := range wordsIn(sentence) {
				words++
				if lang == Spanish {
					syllables += float64(spanishSyllables(word))
				} else {
					syllables += float64(englishSyllables(word))
				}
			}
		}
	}
	if words == 0 {
		return 0
	}
	if lang == Spanish {
		return gradeOfEase(206.84 - 60*syllables/words - 1.02*words/sentences)
	}
	return round1(max(0, 0.39*words/sentences+11.8*syllables/words-15.59))
}

// gradeOfEase reads a Fernández Huerta ease (0 hard to 100 easy) as a school grade:
// 90 is fourth grade, 80 fifth, 70 sixth, 60 eighth, 50 twelfth. Between, on the line.
func gradeOfEase(ease float64) float64 {
	steps := []struct{ ease, grade float64 }{{100, 3}, {90, 4}, {80, 5}, {70, 6}, {60, 8}, {50, 12}, {30, 16}}
	if ease >= steps[0].ease {
		return steps[0].grade
	}
	for i, low := range steps[1:] {
		if ease >= low.ease {
			high := steps[i]
			return round1(low.grade + (ease-low.ease)*(high.grade-low.grade)/(high.ease-low.ease))
		}
	}
	return steps[len(steps)-1].grade
}

func round1(x float64) float64 { return math.Round(x*10) / 10 }

func wordsIn(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’'
	})
}

func sentencesIn(text string) (found []string) {
	for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".?!", r) }) {
		if len(wordsIn(sentence)) > 0 {
			found = append(found, sentence)
		}
	}
	return found
}

// englishSyllables counts groups of vowels, without a silent e at the end. It is
// right for most words, which is all that an average needs.
func englishSyllables(word string) int {
	word = strings.ToLower(word)
	for _, silent := range []string{"'s", "’s"} {
		word = strings.TrimSuffix(word, silent)
	}
	count := vowelGroups(word, "aeiouy")
	switch {
	case strings.HasSuffix(word, "le") && len(word) > 2 && !strings.ContainsRune("aeiouy", rune(word[len(word)-3])):
	case strings.HasSuffix(word, "e"), strings.HasSuffix(word, "es") && !hissing(word[:len(word)-2]),
		strings.HasSuffix(word, "ed") && !strings.HasSuffix(word, "ted") && !strings.HasSuffix(word, "ded"):
		if !strings.HasSuffix(word, "ee") && !strings.HasSuffix(word, "eed") {
			count--
		}
	}
	return max(count, 1)
}

func hissing(stem string) bool {
	for _, end := range []string{"s", "x", "z", "ch", "sh", "c", "g"} {
		if strings.HasSuffix(stem, end) {
			return true
		}
	}
	return false
}

// spanishSyllables counts groups of vowels, split where two strong ones (a, e, o)
// meet or where an accent keeps í or ú apart.
func spanishSyllables(word string) int {
	word = strings.ToLower(word)
	for _, mute := range []string{"que", "qui", "gue", "gui", "qué", "quí", "gué", "guí"} {
		word = strings.ReplaceAll(word, mute, mute[:1]+mute[2:])
	}
	count, before := 0, ' '
	for _, r := range word {
		strong := strings.ContainsRune("aeoáéóíú", r)
		vowel := strong || strings.ContainsRune("iuü", r)
		beforeStrong, beforeVowel := strings.ContainsRune("aeoáéóíú", before), strings.ContainsRune("aeoáéóíúiuü", before)
		if vowel && (!beforeVowel || strong && beforeStrong) {
			count++
		}
		before = r
	}
	if strings.HasSuffix(word, "y") && strings.Trim(word, "y") == "" {
		count = 1
	}
	return max(count, 1)
}

func vowelGroups(word, vowels string) (count int) {
	in := false
	for _, r := range word {
		vowel := strings.ContainsRune(vowels, r)
		if vowel && !in {
			count++
		}
		in = vowel
	}
	return count
}
