package database

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/uptrace/bun"
)

// Words shorter than shortestNear are too near to each other to guess; at farNear letters
// a word may differ in two places.
const (
	shortestNear = 6
	farNear      = 9
	longestNear  = 30
)

// vocabularyAtOnce is how many words one statement writes.
const vocabularyAtOnce = 500

// lexicon is what words each visibility has.
type lexicon map[[2]string]bool

// add takes the words that are long enough to be guessed.
func (l lexicon) add(visibility string, list []string) {
	for _, word := range list {
		n := utf8.RuneCountInString(word)
		if n >= shortestNear && n <= longestNear && strings.IndexFunc(word, unicode.IsDigit) < 0 {
			l[[2]string{visibility, word}] = true
		}
	}
}

// learn keeps words, each for its visibility. A word stays when its text goes: it is only
// ever offered where it still finds something.
func (x Index) learn(ctx context.Context, heard lexicon) error {
	keys := slices.SortedFunc(maps.Keys(heard), func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for some := range slices.Chunk(keys, vocabularyAtOnce) {
		var values []any
		for _, key := range some {
			values = append(values, key[0], initial(key[1]), utf8.RuneCountInString(key[1]), key[1])
		}
		rows := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?), ", len(some)), ", ")
		_, err := x.db.NewRaw(`INSERT INTO search_vocabulary (visibility, initial, length, word) VALUES `+rows+` ON CONFLICT DO NOTHING`, values...).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

func initial(word string) string {
	_, size := utf8.DecodeRuneInString(word)
	return word[:size]
}

// FindNear is Find, and where that finds nothing it looks again with the words of the
// same visibilities that differ in a letter or two from those that nobody wrote. A slip
// in the first letter is not mended. Instead are the words that were looked for then, ""
// where what was typed stood.
func (x Index) FindNear(ctx context.Context, s Search) (hits []Hit, instead string, err error) {
	hits, err = x.Find(ctx, s)
	if err != nil || len(hits) > 0 {
		return hits, "", err
	}
	instead, err = x.near(ctx, s)
	if err != nil || instead == "" {
		return nil, "", err
	}
	s.Text = instead
	if hits, err = x.Find(ctx, s); len(hits) == 0 {
		instead = ""
	}
	return hits, instead, err
}

// near gives the words of a search with those that nobody wrote replaced by the nearest;
// "" where all were written, or one has nothing near.
func (x Index) near(ctx context.Context, s Search) (string, error) {
	asked := words(s.Text)
	asked = asked[:min(len(asked), mostWords)]
	var or []string
	var args []any
	for _, word := range asked {
		n := utf8.RuneCountInString(word)
		if n < shortestNear || n > longestNear {
			continue
		}
		or = append(or, "(initial = ? AND length BETWEEN ? AND ?) OR (initial = ? AND length > ? AND substr(word, 1, ?) = ?)")
		args = append(args, initial(word), n-reach(n), n+reach(n), initial(word), n, n, word)
	}
	if len(or) == 0 || len(s.Visibilities) == 0 {
		return "", nil
	}
	var known []string
	err := x.db.NewRaw("SELECT DISTINCT word FROM search_vocabulary WHERE visibility IN (?) AND ("+strings.Join(or, " OR ")+") ORDER BY word",
		append([]any{bun.List(s.Visibilities)}, args...)...).Scan(ctx, &known)
	if err != nil {
		return "", err
	}
	changed := false
	for i, word := range asked {
		nearest := nearestOf(word, known)
		changed = changed || nearest != word
		asked[i] = nearest
	}
	if !changed {
		return "", nil
	}
	return strings.Join(asked, " "), nil
}

// reach is in how many letters a word of so many may differ.
func reach(letters int) int {
	if letters >= farNear {
		return 2
	}
	return 1
}

// nearestOf is the word itself where a known word begins so or none is near.
func nearestOf(word string, known []string) string {
	n := utf8.RuneCountInString(word)
	if n < shortestNear {
		return word
	}
	best, least := word, reach(n)+1
	for _, one := range known {
		if strings.HasPrefix(one, word) {
			return word
		}
		if d := distance([]rune(word), []rune(one), least); d < least {
			best, least = one, d
		}
	}
	return best
}

// distance counts letters left out, put in, changed and swapped with their neighbour
// (optimal string alignment), up to enough.
func distance(a, b []rune, enough int) int {
	if len(a)-len(b) >= enough || len(b)-len(a) >= enough {
		return enough
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		least := row[0]
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least >= enough {
			return enough
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
