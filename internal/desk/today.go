package desk

import (
	"context"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Today is what a person sees first: their own next class and course, and what waits
// for them in their work.
type Today struct {
	Now          time.Time
	Zone         *time.Location
	Course       *Learning      // the course that the person learns now
	Others       []cohorts.Way  // further places, running or completed
	Next         *cohorts.Class // the next class, attended or taught
	Later        []cohorts.Class
	Protocols    []content.Citation // to read, of who learns
	Moved        []cohorts.Class    // one of each cohort that went to another edition, unseen
	Certificates []certificates.Certificate
	Work         *Work // of who teaches, runs the sector or looks after staff
}

// Learns says whether the person has, or had, a place in a course.
func (t Today) Learns() bool { return t.Course != nil || len(t.Others) > 0 }

// ahead is how far Today looks for the next class, behind how long an open roll is told.
const (
	ahead  = 60 * 24 * time.Hour
	behind = 7 * 24 * time.Hour
	most   = 30
)

// Today gathers the page in at most seven queries, the sign-in look-up not counted.
func (d Desk) Today(ctx context.Context, v people.Viewer, lang content.Lang) (Today, error) {
	t := Today{Now: d.Now(), Zone: d.Zone}
	ways, err := d.Cohorts.MyWays(ctx, v)
	if err != nil {
		return t, err
	}
	classes, err := d.Cohorts.Classes(ctx, v, t.Now.Add(-behind), t.Now.Add(ahead), most)
	if err != nil {
		return t, err
	}
	for i, c := range classes {
		if c.MovedFrom != "" && !slices.ContainsFunc(t.Moved, func(m cohorts.Class) bool { return m.CohortID == c.CohortID }) {
			t.Moved = append(t.Moved, c)
		}
		switch {
		case c.EndsAt.Before(t.Now):
		case t.Next == nil:
			t.Next = &classes[i]
		default:
			t.Later = append(t.Later, c)
		}
	}
	for i, way := range ways {
		if i == 0 && way.State == cohorts.Active {
			t.Course = &Learning{Way: way}
			continue
		}
		t.Others = append(t.Others, way)
	}
	if t.Course != nil {
		if err := d.learn(ctx, v, lang, &t, classes); err != nil {
			return t, err
		}
	}
	if t.Course != nil || t.Learns() && !v.Is(people.Director) || !works(v) { // a director's work takes all queries
		if t.Certificates, err = d.Certificates.Mine(ctx, v); err != nil {
			return t, err
		}
	}
	t.Work, err = d.work(ctx, v, classes, t.Course != nil)
	return t, err
}

// works says whether the viewer has more to do here than to learn.
func works(v people.Viewer) bool {
	return v.RunsSector() || v.Is(people.Instructor, people.PartnerHR, people.Author, people.Auditor)
}

// Work is what waits for who teaches, coordinates, directs or looks after staff.
type Work struct {
	OpenRolls []cohorts.Class // taught, over, and the roll not closed
	Teaches   []cohorts.Class // taught, next ones
	ToConfirm []cohorts.Session
	ToPair    []cohorts.Session // ahead, with hard parts, and fewer than two teach it
	Slipping  []cohorts.Way     // who can no longer reach the minutes
	Complete  []cohorts.Way     // whose hours are all confirmed
	Joints    []cohorts.JointSession
	Cohorts   []cohorts.Summary
	Staff     []cohorts.Staff
	Asking    map[cohorts.CohortID]int // people who wait for more time in a check that runs
	Texts     []CohortTexts            // long answers that wait for points, of who teaches
	Drafts    int                      // of the curriculum, that wait for the viewer's review
	Corrected []assessment.Undecided   // checks of which older tries wait for a decision
}

// CohortTexts is how many long answers of a cohort wait for points.
type CohortTexts struct {
	cohorts.Summary
	Count int
}

// texts gathers the long answers that wait for who teaches, in one query.
func (d Desk) texts(ctx context.Context, v people.Viewer, w *Work) error {
	counts, err := d.Assessment.TextsToGrade(ctx, v)
	for _, count := range counts {
		if i := slices.IndexFunc(w.Cohorts, func(c cohorts.Summary) bool { return c.ID == count.CohortID }); i >= 0 {
			w.Texts = append(w.Texts, CohortTexts{w.Cohorts[i], count.Count})
		}
	}
	return err
}

// work gathers at most six queries. Who learns in a course besides is shown where
// their work lies, not all of it, so that the page keeps its budget.
func (d Desk) work(ctx context.Context, v people.Viewer, classes []cohorts.Class, learns bool) (*Work, error) {
	w := &Work{}
	now := d.Now()
	for _, c := range classes {
		switch {
		case !c.Teaches || c.State != cohorts.Planned:
		case c.EndsAt.Before(now):
			w.OpenRolls = append(w.OpenRolls, c)
		default:
			w.Teaches = append(w.Teaches, c)
		}
	}
	if !works(v) && len(w.Teaches) == 0 && len(w.OpenRolls) == 0 {
		return nil, nil
	}
	if learns {
		return w, nil
	}
	var err error
	if v.RunsSector() || v.Is(people.Instructor) {
		if w.Cohorts, _, err = d.Cohorts.Cohorts(ctx, v, ""); err != nil {
			return nil, err
		}
		w.Cohorts = slices.DeleteFunc(w.Cohorts, func(c cohorts.Summary) bool { return c.State != cohorts.CohortOpen })
	}
	if v.Is(people.Instructor) && !v.RunsSector() { // whose own work takes all queries
		if w.Asking, err = d.Assessment.Asking(ctx, v); err != nil {
			return nil, err
		}
		if err := d.texts(ctx, v, w); err != nil {
			return nil, err
		}
	}
	if v.RunsSector() {
		if err := d.runs(ctx, v, w); err != nil {
			return nil, err
		}
	}
	if v.Is(people.PartnerHR) {
		if w.Staff, _, err = d.Cohorts.StaffOf(ctx, v, ""); err != nil {
			return nil, err
		}
	}
	if content.Writes(v) {
		w.Drafts, err = d.Content.ToReview(ctx, v)
	}
	if err == nil && v.Is(people.Author) && !v.Is(people.Director) { // a director's work takes all queries
		w.Corrected, err = d.Assessment.UndecidedCorrections(ctx, v)
	}
	return w, err
}

// runs gathers what waits for who runs the sector.
func (d Desk) runs(ctx context.Context, v people.Viewer, w *Work) (err error) {
	if w.ToConfirm, w.ToPair, err = d.Cohorts.ToSettle(ctx, v); err != nil {
		return err
	}
	if w.Slipping, w.Complete, err = d.Cohorts.Forecast(ctx, v); err != nil {
		return err
	}
	w.Joints, err = d.Cohorts.JointsToAnswer(ctx, v)
	return err
}
