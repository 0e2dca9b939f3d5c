package cohorts_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// newer stores an edition of OUT: topic 5 is gone, topic 6 shorter, and topic 7 is new. The
// course asks for as many minutes, under a longer grace.
func (a *academy) newer(minutes int) {
	a.edition("out-2", "OUT", people.Outreach, "full")
	a.exec(`UPDATE editions SET in_force_on = '2026-10-01', minutes = ?, grace = 30 WHERE id = 'out-2'`, minutes)
	a.exec(`UPDATE edition_sessions SET title_en = 'Topic 7', title_es = 'Tema 7' WHERE id = 'out-2-s5'`)
	a.exec(`UPDATE edition_parts SET module_id = 'T07' WHERE id = 'out-2-s5-p'`)
	a.exec(`UPDATE edition_sessions SET minutes = 180 WHERE id = 'out-2-s6'`)
}

func (a *academy) maps(v people.Viewer) (from, to courses.Edition) {
	a.Helper()
	store := courses.NewStore(a.db, a.now, content.NewStore(a.db, a.now))
	var err error
	from, err = store.Edition(a.Context(), v, "out-1")
	a.ok(err)
	to, err = store.Edition(a.Context(), v, "out-2")
	a.ok(err)
	return from, to
}

func (a *academy) move(v people.Viewer, c class, cancel ...cohorts.SessionID) error {
	from, to := a.maps(c.coordinator)
	return a.store.Move(a.Context(), v, cohorts.NewMove{Cohort: c.id, From: "out-1", Reason: "The map is newer", Cancel: cancel}, to, from)
}

// told writes the sessions of a cohort: number, what of which map, minutes, state.
func (a *academy) told(c class) (said string) {
	list, err := a.store.Sessions(a.Context(), c.coordinator, c.id)
	a.ok(err)
	for _, s := range list {
		said += fmt.Sprintf("%d:%s:%d:%s ", s.Position, s.EditionSessionID, s.Minutes, s.State)
	}
	return said
}

func TestACohortMovesAndWhatWasHeldStays(t *testing.T) {
	each(t, func(a *academy) {
		a.at("2026-11-02 09:00")
		c := a.class(2)
		a.newer(1440)
		before := a.told(c)
		a.at("2026-11-03 09:30") // the first class has begun
		if cohort, err := a.store.Cohort(a.Context(), c.coordinator, c.id); err != nil || cohort.Newer != "out-2" {
			t.Fatalf("%q %v", cohort.Newer, err)
		}
		gone := c.sessions[4].ID
		a.conflicts(a.move(c.coordinator, c, gone), "cohorts.move.no_fit") // 60 minutes short
		if got := a.told(c); got != before {
			t.Errorf("a refused move left %s", got)
		}
		a.exec(`UPDATE editions SET minutes = 1380 WHERE id = 'out-2'`)
		a.ok(a.move(c.coordinator, c, gone))
		want := "1:out-1-s1:240:planned 2:out-2-s2:240:planned 3:out-2-s3:240:planned 4:out-2-s4:240:planned 5:out-1-s5:240:cancelled 6:out-2-s6:180:planned 7:out-2-s5:240:planned "
		if got := a.told(c); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
		held, err := a.store.Session(a.Context(), c.coordinator, c.sessions[0].ID)
		if err != nil || held.Grace != 10 || held.EditionID != "out-1" {
			t.Errorf("the held class has grace %d of %s (%v)", held.Grace, held.EditionID, err)
		}
		standing, err := a.store.Standing(a.Context(), c.coordinator, c.enrolments[0])
		if err != nil || standing.Required != 1380 || !standing.Reachable() {
			t.Errorf("%+v %v", standing, err)
		}
		if n := a.count(`SELECT COUNT(*) FROM closed_answers WHERE module_id = 'T07'`); n != 2 {
			t.Errorf("the new module's keys are closed to %d of 2", n)
		}
		a.conflicts(a.move(c.coordinator, c), "cohorts.move.meanwhile")

		last, err := a.store.LastMove(a.Context(), c.coordinator, c.id)
		a.ok(err)
		a.conflicts(a.store.MoveBack(a.Context(), c.coordinator, c.id, "another", "Why"), "cohorts.move.meanwhile")
		a.ok(a.store.MoveBack(a.Context(), c.coordinator, c.id, last.ID, "A mistake"))
		if got := a.told(c); got != before+"7:out-2-s5:240:cancelled " {
			t.Errorf("back at %s", got)
		}
		if n := a.count(`SELECT COUNT(*) FROM edition_moves WHERE reason <> '' AND moved_by IS NOT NULL`); n != 2 {
			t.Errorf("%d moves are recorded", n)
		}
	})
}

func TestNobodyMovesBackOnceAClassWasHeld(t *testing.T) {
	each(t, func(a *academy) {
		a.at("2026-11-02 09:00")
		c := a.class(1)
		a.newer(1380)
		a.ok(a.move(c.coordinator, c))
		last, err := a.store.LastMove(a.Context(), c.coordinator, c.id)
		a.ok(err)
		a.at("2026-11-03 09:30")
		a.conflicts(a.store.MoveBack(a.Context(), c.coordinator, c.id, last.ID, "Why"), "cohorts.move.held")
	})
}

func TestACohortThatIsOverOrHasGraduatesStays(t *testing.T) {
	each(t, func(a *academy) {
		a.at("2026-11-02 09:00")
		c := a.class(1)
		a.newer(1380)
		a.exec(`UPDATE enrolments SET state = 'completed' WHERE cohort_id = ?`, c.id)
		a.conflicts(a.move(c.coordinator, c), "cohorts.move.graduated")
		a.exec(`UPDATE cohorts SET state = 'graduated' WHERE id = ?`, c.id)
		a.conflicts(a.move(c.coordinator, c), "cohorts.move.ended")
	})
}

func TestOnlyWhoRunsTheSectorMovesACohort(t *testing.T) {
	each(t, func(a *academy) {
		a.at("2026-11-02 09:00")
		c := a.class(1)
		a.newer(1380)
		other := a.classOf("put-p", people.LawEnforcement, 1)
		hr := as(a.person(people.Outreach, "Hana"), people.Outreach, people.PartnerHR)
		for name, row := range map[string]struct {
			v    people.Viewer
			want error
		}{
			"the other sector": {other.coordinator, fault.NotFound}, "trainee": {c.trainees[0], fault.NotFound}, "partner HR": {hr, fault.NotFound},
			"nobody": {people.Nobody, fault.NotFound}, "instructor": {c.instructor, fault.Forbidden},
		} {
			if err := a.move(row.v, c); !errors.Is(err, row.want) {
				t.Errorf("%s moves: %v", name, err)
			}
			if err := a.store.MoveBack(a.Context(), row.v, c.id, "x", "Why"); !errors.Is(err, row.want) {
				t.Errorf("%s moves back: %v", name, err)
			}
		}
		a.is(a.move(c.coordinator, c, other.sessions[0].ID), fault.NotFound)
		from, to := a.maps(c.coordinator)
		a.invalid(a.store.Move(a.Context(), c.coordinator, cohorts.NewMove{Cohort: c.id, From: "out-1", Reason: "  "}, to, from), "reason", "cohorts.move.reason_missing")
		if n := a.count(`SELECT COUNT(*) FROM edition_moves`); n != 0 {
			t.Errorf("%d moves", n)
		}
	})
}

func TestOfTwoWhoMoveAtOnceOneWins(t *testing.T) {
	each(t, func(a *academy) {
		a.at("2026-11-02 09:00")
		c := a.class(3)
		a.newer(1380)
		from, to := a.maps(c.coordinator)
		errs := make([]error, 4)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				errs[i] = a.store.Move(a.Context(), c.coordinator, cohorts.NewMove{Cohort: c.id, From: "out-1", Reason: "At once"}, to, from)
			})
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
				continue
			}
			a.conflicts(err, "cohorts.move.meanwhile")
		}
		if n := a.count(`SELECT COUNT(*) FROM edition_moves`); won != 1 || n != 1 {
			t.Errorf("%d won, %d recorded", won, n)
		}
	})
}
