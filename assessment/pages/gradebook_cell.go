package pages

import (
	"context"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// words: assessment.gradebook.computed_*
// words: assessment.gradebook.tries_*
// words: assessment.gradebook.kind.*

func computedKey(c assessment.Column) string {
	return "assessment.gradebook.computed_" + string(c.Kind)
}

func triesKey(c assessment.Column) string { return "assessment.gradebook.tries_" + string(c.Kind) }

func setKinds(ctx context.Context, p cellPageProps) (options []web.Option) {
	for i, kind := range []assessment.LineKind{assessment.Set, assessment.Excuse} {
		options = append(options, web.Option{Value: string(kind), Label: web.T(ctx, "assessment.gradebook.kind."+string(kind)), Chosen: i == 0})
	}
	return options
}

// lineWord is what a line did, in words.
func lineWord(ctx context.Context, line assessment.GradebookLine) string {
	if line.Kind == assessment.Cleared {
		return web.T(ctx, "assessment.gradebook.taken_back")
	}
	return valueWord(ctx, line.Value())
}

// tryWord is how a try went, or that it runs or waits.
func tryWord(ctx context.Context, a assessment.Attempt) string {
	switch {
	case a.Open():
		return web.T(ctx, "assessment.gradebook.begun")
	case a.Waiting():
		return web.T(ctx, "assessment.gradebook.waiting")
	}
	return web.Percent(ctx, a.Percent)
}

// tryAt is when a try was handed in, or began.
func tryAt(a assessment.Attempt) time.Time {
	if a.FinishedAt != nil {
		return *a.FinishedAt
	}
	return a.StartedAt
}
