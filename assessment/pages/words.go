package pages

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// words: assessment.level.*, assessment.gate.*

func levelWord(ctx context.Context, level assessment.Level) string {
	return web.T(ctx, "assessment.level."+string(level))
}

func titleOf(ctx context.Context, p courses.Practical) string {
	return p.In(content.Lang(web.Language(ctx)))
}

func sayer(ctx context.Context) func(key string, pairs ...any) string {
	return func(key string, pairs ...any) string { return web.T(ctx, key, pairs...) }
}

// listed writes numbers as a sentence has them: "2, 5 and 9".
func listed(ctx context.Context, numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " " + web.T(ctx, "assessment.and") + " " + words[last]
}

// rangeOf is the part of the way to 100 percent that a bar stands for.
func rangeOf(ctx context.Context, bar int) string {
	to := bar*10 + 9
	if bar == 9 {
		to = 100
	}
	return web.T(ctx, "assessment.results.from_to", "From", bar*10, "To", to)
}

// navOf and backOf are where a page of practicals belongs: to a class for who teaches
// it, to oneself for who learns.
func navOf(p practicePageProps) string { return navFor(p.Own) }

func navFor(own bool) string {
	if own {
		return "me"
	}
	return "cohorts"
}

func backOf(p practicePageProps) string {
	if p.Own {
		return "/"
	}
	return "/cohorts/" + string(p.CohortID) + "/practicals"
}

// waiting is a person whose tries at a module are used up.
type waiting struct {
	Name        string
	EnrolmentID cohorts.EnrolmentID
	Module      assessment.ModuleResult
}

func (p cohortPage) waiting() []waiting {
	var list []waiting
	for _, person := range p.People {
		for _, m := range person.Modules {
			if m.Talk && m.Due() {
				list = append(list, waiting{person.Name, person.EnrolmentID, m})
			}
		}
	}
	return list
}

// tried is how many people have handed in a check.
func (p cohortPage) tried(module string) int {
	n := 0
	for _, person := range p.People {
		if m, ok := person.Module(module); ok && m.Tried() {
			n++
		}
	}
	return n
}

// histogram draws ten bars, those that reach what the check asks for in another tone,
// each with its number. The table beside it says the same.
func histogram(counts [10]int, pass int) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		most := 1
		for _, n := range counts {
			most = max(most, n)
		}
		var b strings.Builder
		b.WriteString(`<svg class="histogram" viewBox="0 0 300 110" aria-hidden="true" focusable="false">`)
		for i, n := range counts {
			class, height := "histogram-below", 70*n/most
			if i*10 >= pass {
				class = "histogram-passed"
			}
			fmt.Fprintf(&b, `<rect class="%s" x="%d" y="%d" width="24" height="%d" rx="3"/>`, class, 3+i*30, 88-max(height, 2), max(height, 2))
			if n > 0 {
				fmt.Fprintf(&b, `<text x="%d" y="%d">%d</text>`, 15+i*30, 82-height, n)
			}
		}
		b.WriteString(`<text x="15" y="106">0</text><text x="150" y="106">50</text><text x="285" y="106">100</text></svg>`)
		_, err := io.WriteString(w, b.String())
		return err
	})
}
