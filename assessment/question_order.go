package assessment

import (
	"bytes"
	"crypto/sha256"
	"math/rand/v2"
	"slices"
	"strings"
)

// Order gives the choices' numbers in the order they are shown in one attempt: mixed by
// the attempt's seed, with "all of the above" and its like kept last, and true and
// false as they were written. The items of an ordering are mixed as well; the left sides
// of a matching stay as they are.
func (q Question) Order(seed int64) []int {
	english := q.Body.Texts["en"].Choices
	if q.Type == TrueFalse || q.Type == Matching || q.Body.Fixed && q.Picked() {
		return upTo(max(len(q.Body.Right), len(english)))
	}
	order := q.mixed(seed, max(len(q.Body.Right), len(english)))
	if q.Type != Ordering {
		spanish := q.Body.Texts["es"].Choices
		slices.SortStableFunc(order, func(a, b int) int {
			return max(last(english, a), last(spanish, a)) - max(last(english, b), last(spanish, b))
		})
	}
	return order
}

// SideOrder gives the numbers of a matching's right sides in the order they are shown in
// one attempt.
func (q Question) SideOrder(seed int64) []int { return q.mixed(seed, len(q.Body.Texts["en"].Sides)) }

// OptionOrder gives the numbers of a gap's options in the order they are shown.
func (q Question) OptionOrder(seed int64, gap int) []int {
	return q.mixed(seed+int64(gap)+1, len(q.Body.Texts["en"].Gaps[gap].Options))
}

func (q Question) mixed(seed int64, n int) []int {
	order := upTo(n)
	mixOf(seed, q.ID).Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
	return order
}

// mixOf is the chance of one attempt for one thing in it: always the same.
func mixOf(seed int64, id string) *rand.Rand {
	var salt uint64
	for _, r := range id {
		salt = salt*131 + uint64(r)
	}
	return rand.New(rand.NewPCG(uint64(seed), salt))
}

func upTo(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}

// speaksOfOthers are the words of a choice that speaks of the others.
var speaksOfOthers = []string{
	"of the above", "all of these", "none of these", "both of these",
	"todas las anteriores", "todos los anteriores", "todo lo anterior", "ninguna de las anteriores", "ninguno de los anteriores",
	"nada de lo anterior", "las dos anteriores", "los dos anteriores", "ambas anteriores", "ambos anteriores",
	"todas estas", "todos estos", "ninguna de estas", "ninguno de estos",
}

// last is 1 for a choice that speaks of the others and so stays last.
func last(choices []string, i int) int {
	if i >= len(choices) {
		return 0
	}
	text := strings.ToLower(choices[i])
	for _, words := range speaksOfOthers {
		if strings.Contains(text, words) {
			return 1
		}
	}
	return 0
}

// scatter gives each text its number in an order that says nothing of the one it stands
// in: the number is what a page sends, and the file's order is the key. It depends on
// the texts alone, so the same file always gives the same numbers.
func scatter(question string, texts []string) (number []int) {
	sums := make([][sha256.Size]byte, len(texts))
	for i, text := range texts {
		sums[i] = sha256.Sum256([]byte(question + "\x00" + text))
	}
	order := upTo(len(texts))
	slices.SortStableFunc(order, func(a, b int) int { return bytes.Compare(sums[a][:], sums[b][:]) })
	number = make([]int, len(texts))
	for n, i := range order {
		number[i] = n
	}
	return number
}

// placed puts each value where its number says.
func placed[T any](values []T, number []int) []T {
	out := make([]T, len(values))
	for i, n := range number {
		out[n] = values[i]
	}
	return out
}
