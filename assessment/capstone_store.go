package assessment

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Capstones gives the advisor and the talk of places that the viewer may see, where their
// edition asks for a final project; the others are left out. One query.
func (s Store) Capstones(ctx context.Context, v people.Viewer, places []cohorts.EnrolmentID) (map[cohorts.EnrolmentID]Capstone, error) {
	list := map[cohorts.EnrolmentID]Capstone{}
	if len(places) == 0 {
		return list, nil
	}
	var lines []CapstoneLine
	err := s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("enrolment.id AS enrolment_id, COALESCE(line.kind, '') AS kind, COALESCE(line.seq, 0) AS seq").
		ColumnExpr("COALESCE(line.with_person, '') AS with_person, COALESCE(line.day, '') AS day, COALESCE(line.held, FALSE) AS held").
		ColumnExpr("COALESCE(NULLIF(named.chosen_name, ''), named.given_name, '') AS name").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN editions AS edition ON edition.id = cohort.edition_id").
		Join("LEFT JOIN capstone_lines AS line ON line.enrolment_id = enrolment.id AND line.seq = (SELECT MAX(later.seq) FROM capstone_lines AS later"+
			" WHERE later.enrolment_id = line.enrolment_id AND later.kind = line.kind)").
		Join("LEFT JOIN persons AS named ON named.id = line.with_person").
		Where("edition.capstone AND enrolment.id IN (?)", bun.List(places)).Apply(cohorts.EnrolmentsVisibleTo(v)).Scan(ctx, &lines)
	if err != nil {
		return nil, fmt.Errorf("final projects: %w", err)
	}
	for _, line := range lines {
		one := list[line.EnrolmentID]
		one.EnrolmentID = line.EnrolmentID
		switch line.Kind {
		case CapstoneAdvisor:
			one.Advisor = line
		case CapstoneTalk:
			one.Talk = line
		}
		list[line.EnrolmentID] = one
	}
	return list, nil
}

// SayOfCapstone names the advisor of a trainee's final project, or the day of their talk,
// planned or held, in a cohort that the viewer runs. It is a new line; the same one again
// changes nothing. Fails with fault.NotFound where the viewer may not see the place or its
// edition asks for no final project, fault.Invalid where the person named does not teach
// the cohort, fault.Forbidden under rule 17, and fault.Conflict where another line was
// added since the viewer looked, or the place has ended.
func (s Store) SayOfCapstone(ctx context.Context, v people.Viewer, w CapstoneWord) error {
	if err := w.Validate(s.people.Today()); err != nil {
		return err
	}
	if w.Kind == CapstoneAdvisor {
		w.Day, w.Held = "", false
	}
	if w.Line == "" {
		w.Line = database.NewID()
	}
	w.Line = fmt.Sprint(w.Enrolment, ":", w.Kind, ":", w.Line) // another place's line is never "taken" here
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		allowed := func() *bun.SelectQuery {
			return s.db.NewSelect().TableExpr("enrolments AS enrolment").
				ColumnExpr("?, enrolment.id, ?, ?, staff.person_id, ?, ?, ?, ?, ?", database.NewID(), w.Kind, w.Seen+1, w.Day, w.Held, w.Line, nullPerson(v), s.now()).
				Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
				Join("JOIN editions AS edition ON edition.id = cohort.edition_id").
				Join("JOIN cohort_instructors AS staff ON staff.cohort_id = cohort.id AND staff.ended_at IS NULL AND staff.person_id <> enrolment.person_id").
				Where("enrolment.id = ? AND enrolment.state = ? AND edition.capstone AND staff.person_id = ?", w.Enrolment, cohorts.Active, w.With).
				Apply(cohorts.RunBy(v), cohorts.NotOverOneself(v, s.people.Today()))
		}
		res, err := s.db.NewRaw(`INSERT INTO capstone_lines (id, enrolment_id, kind, seq, with_person, day, held, line, by_person, at) ?
			ON CONFLICT DO NOTHING`, allowed().
			Where("? = (SELECT COALESCE(MAX(before.seq), 0) FROM capstone_lines AS before WHERE before.enrolment_id = enrolment.id AND before.kind = ?)", w.Seen, w.Kind)).Exec(ctx)
		if err := database.Changed(res, err, errNotWritten); !errors.Is(err, errNotWritten) {
			return err
		}
		return s.whyNoCapstone(ctx, v, w, allowed())
	})
}

// whyNoCapstone tells why a word about a final project was not written; nil where it
// stands already.
func (s Store) whyNoCapstone(ctx context.Context, v people.Viewer, w CapstoneWord, allowed *bun.SelectQuery) error {
	var place struct {
		State    cohorts.EnrolmentState `bun:"state"`
		PersonID people.PersonID        `bun:"person_id"`
		Known    bool                   `bun:"known"`
		Teaches  bool                   `bun:"teaches"`
	}
	err := s.db.NewSelect().TableExpr("enrolments AS enrolment").ColumnExpr("enrolment.state, enrolment.person_id").
		ColumnExpr("EXISTS (SELECT 1 FROM capstone_lines AS line WHERE line.line = ? AND line.enrolment_id = enrolment.id) AS known", w.Line).
		ColumnExpr("EXISTS (SELECT 1 FROM cohort_instructors AS staff WHERE staff.cohort_id = cohort.id AND staff.ended_at IS NULL"+
			" AND staff.person_id = ? AND staff.person_id <> enrolment.person_id) AS teaches", w.With).
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN editions AS edition ON edition.id = cohort.edition_id").
		Where("enrolment.id = ? AND edition.capstone", w.Enrolment).Apply(cohorts.EnrolmentsVisibleTo(v)).Scan(ctx, &place)
	switch {
	case err != nil:
		return fmt.Errorf("final project of %q: %w", w.Enrolment, database.One(err))
	case place.Known:
		return nil
	case place.State != cohorts.Active:
		return fault.Conflict("assessment.practical.ended")
	case !place.Teaches && place.PersonID != v.Person():
		return fault.Invalid("person", "assessment.capstone.choose")
	}
	return s.whyNot(ctx, allowed, fault.Conflict("assessment.capstone.meanwhile"))
}
