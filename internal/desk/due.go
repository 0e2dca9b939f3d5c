package desk

import (
	"context"
	"slices"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Due counts what waits for the viewer in the course that they learn now: texts to read
// and knowledge checks, as Today tells them; 0 for who learns nothing now.
func (d Desk) Due(ctx context.Context, v people.Viewer, lang content.Lang) (int, error) {
	t, err := d.Today(ctx, v, lang)
	if err != nil || t.Course == nil {
		return 0, err
	}
	l := t.Course
	return len(l.Before) + len(l.Unread) + len(l.Due) + len(l.Talks) + len(t.Protocols), nil
}

// Learns says whether the viewer has a place that runs.
func (d Desk) Learns(ctx context.Context, v people.Viewer) (bool, error) {
	ways, err := d.Cohorts.MyWays(ctx, v)
	return slices.ContainsFunc(ways, func(w cohorts.Way) bool { return w.State == cohorts.Active }), err
}
