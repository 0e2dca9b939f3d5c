package content

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Problem is one thing wrong with a file: where, and a sentence by its key. Line
// is counted from 1; 0 speaks of the file as a whole.
type Problem struct {
	Path string
	Line int
	fault.Sentence
}

func (p Problem) Error() string { return fmt.Sprintf("%s:%d: %s %v", p.Path, p.Line, p.Key, p.Args) }

// Problems gathers what is wrong with one file.
type Problems struct {
	Path     string
	List     []Problem
	Warnings []Problem // what nothing forbids, and its author should look at
}

// Add notes a problem; key and pairs as in fault.Say.
func (p *Problems) Add(line int, key string, pairs ...any) {
	p.List = append(p.List, Problem{p.Path, line, fault.Say(key, pairs...)})
}

// Warn notes what nothing forbids and the author should look at.
func (p *Problems) Warn(line int, key string, pairs ...any) {
	p.Warnings = append(p.Warnings, Problem{p.Path, line, fault.Say(key, pairs...)})
}

// SortProblems puts problems in the order in which an author mends them: by file, then line.
func SortProblems(list []Problem) {
	slices.SortStableFunc(list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line))
	})
}
