package pages

import (
	"context"
	"slices"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func bothIn(ctx context.Context, both courses.Both) string {
	return both.In(content.Lang(web.Language(ctx)))
}

// described is what a level of a criterion looks like.
func described(ctx context.Context, c assessment.Criterion, level assessment.Level) string {
	return c.Describes(level, content.Lang(web.Language(ctx)))
}

// levelOptions are the levels of a criterion with their descriptions. None is chosen
// beforehand.
func (p sheetPageProps) levelOptions(ctx context.Context, c assessment.Criterion) (options []web.Option) {
	for _, level := range assessment.Levels {
		options = append(options, web.Option{Value: string(level), Label: levelWord(ctx, level), Hint: described(ctx, c, level),
			Chosen: p.Own.Seen[c.ID].Level == level})
	}
	return options
}

// overallOptions are the levels of the whole, with what the criteria come to chosen.
func (p sheetPageProps) overallOptions(ctx context.Context) (options []web.Option) {
	for _, level := range assessment.Levels {
		options = append(options, web.Option{Value: string(level), Label: levelWord(ctx, level), Chosen: p.Now.Proposed() == level})
	}
	return options
}

// compared are the criteria, those first on which two differ.
func (p sheetPageProps) compared() []assessment.Criterion {
	list := slices.Clone(p.Now.Rubric.Criteria)
	slices.SortStableFunc(list, func(a, b assessment.Criterion) int {
		switch x, y := p.Now.Differs(a.ID), p.Now.Differs(b.ID); {
		case x && !y:
			return -1
		case y && !x:
			return 1
		}
		return 0
	})
	return list
}

// waits says whether somebody else has begun a sheet and not sent it.
func (p sheetPageProps) waits() (name string, waits bool) {
	for _, sheet := range p.Now.Sheets {
		if !sheet.Sent && sheet.By != p.Viewer.Person() {
			return sheet.Name, true
		}
	}
	return "", false
}

// seenBy are the sheets that were sent, in their order.
func seenBy(round assessment.Round) (list []assessment.Sheet) {
	for _, sheet := range round.Sheets {
		if sheet.Sent {
			list = append(list, sheet)
		}
	}
	return list
}

// sheetWord says how far the observation of a skill is; "" where nobody has begun.
func sheetWord(ctx context.Context, state assessment.SheetState) string {
	switch {
	case state.Round == 0, state.Released:
		return ""
	case state.Sent > 0 && state.Sent == state.Begun:
		return web.T(ctx, "assessment.observation.state.sent", "Count", state.Sent)
	}
	return web.T(ctx, "assessment.observation.state.begun", "Count", state.Begun, "Sent", state.Sent)
}
