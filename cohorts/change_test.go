package cohorts_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// movedFrom is what the classes of somebody tell of a move that they have not seen.
func (a *academy) movedFrom(v people.Viewer) courses.EditionID {
	a.Helper()
	classes, err := a.store.Classes(a.Context(), v, a.now(), a.now().Add(60*24*time.Hour), 30)
	a.ok(err)
	if len(classes) == 0 {
		a.Fatal("no classes")
	}
	return classes[0].MovedFrom
}

func TestAMoveIsToldOnceToWhoWasThere(t *testing.T) {
	each(t, func(a *academy) {
		a.at("2026-11-02 09:00")
		c := a.class(2)
		a.newer(1380)
		if _, err := a.store.Change(a.Context(), c.trainees[0], c.id); !errors.Is(err, fault.NotFound) {
			t.Errorf("before any move: %v", err)
		}
		a.at("2026-11-02 10:00")
		a.ok(a.move(c.coordinator, c, c.sessions[4].ID))
		a.at("2026-11-02 11:00")
		late := a.person(people.Outreach, "Late")
		_, err := a.store.Enroll(a.Context(), c.coordinator, c.id, late)
		a.ok(err)
		for name, row := range map[string]struct {
			v    people.Viewer
			want courses.EditionID
		}{"trainee": {c.trainees[0], "out-1"}, "instructor": {c.instructor, "out-1"}, "who came after": {as(late, people.Outreach), ""}} {
			if got := a.movedFrom(row.v); got != row.want {
				t.Errorf("%s is told of a move from %q, want %q", name, got, row.want)
			}
		}
		change, err := a.store.Change(a.Context(), c.trainees[0], c.id)
		a.ok(err)
		said := ""
		for _, s := range change.Sessions {
			said += fmt.Sprintf("%d:%s:%d>%d:%t ", s.Position, s.State, s.Before, s.Minutes, s.Added)
		}
		if want := "5:cancelled:240>240:false 6:planned:240>180:false 7:planned:0>240:true "; change.From != "out-1" || said != want {
			t.Errorf("from %s: %s\nwant %s", change.From, said, want)
		}
		for range 2 {
			a.ok(a.store.SeeChange(a.Context(), c.trainees[0], c.id))
		}
		if a.movedFrom(c.trainees[0]) != "" || a.movedFrom(c.trainees[1]) != "out-1" {
			t.Error("who has looked is told again, or who has not is not told")
		}
		if again, err := a.store.Change(a.Context(), c.trainees[0], c.id); err != nil || again.From != "out-1" {
			t.Errorf("looking again: %v, %v", again.From, err)
		}

		// There and back: nothing changed for who had not looked, something for who had.
		last, err := a.store.LastMove(a.Context(), c.coordinator, c.id)
		a.ok(err)
		a.ok(a.store.MoveBack(a.Context(), c.coordinator, c.id, last.ID, "A mistake"))
		if a.movedFrom(c.trainees[1]) != "" || a.movedFrom(c.trainees[0]) != "out-2" {
			t.Errorf("after going back: %q and %q", a.movedFrom(c.trainees[1]), a.movedFrom(c.trainees[0]))
		}
		if change, err := a.store.Change(a.Context(), c.trainees[1], c.id); err != nil || !change.Same() || len(change.Sessions) != 0 {
			t.Errorf("there and back: %+v, %v", change.Sessions, err)
		}
	})
}

func TestWhoMovesACohortIsNotToldOfIt(t *testing.T) {
	each(t, func(a *academy) {
		a.at("2026-11-02 09:00")
		c := a.class(1)
		a.ok(a.store.Appoint(a.Context(), c.coordinator, c.id, c.coordinator.Person(), cohorts.Second))
		a.newer(1380)
		a.ok(a.move(c.coordinator, c))
		if got := a.movedFrom(c.coordinator); got != "" {
			t.Errorf("told of a move from %s", got)
		}
	})
}

func TestNobodyElseSeesOrMarksAChange(t *testing.T) {
	each(t, func(a *academy) {
		a.at("2026-11-02 09:00")
		c := a.class(1)
		a.newer(1380)
		a.ok(a.move(c.coordinator, c))
		other := a.classOf("put-p", people.LawEnforcement, 1)
		for name, v := range map[string]people.Viewer{"the other sector": other.coordinator, "a trainee elsewhere": other.trainees[0],
			"a stranger": as(a.person(people.Outreach, "Sam"), people.Outreach, people.Trainee), "nobody": people.Nobody} {
			if _, err := a.store.Change(a.Context(), v, c.id); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
			a.ok(a.store.SeeChange(a.Context(), v, c.id))
		}
		if n := a.count(`SELECT COUNT(*) FROM edition_move_readings`); n != 0 {
			t.Errorf("%d strangers have looked", n)
		}
	})
}

// A class that was held under the first map is followed through the second to the third,
// which by itself has nothing in common with it: what it taught is not planned again.
func TestACohortThatMovesTwiceIsNotTaughtAgainWhatItWas(t *testing.T) {
	each(t, func(a *academy) {
		a.at("2026-11-02 09:00")
		c := a.class(1)
		a.at("2026-11-03 09:30") // the first class has begun
		for i, id := range []string{"out-2", "out-3"} {
			a.edition(id, "OUT", people.Outreach, "full")
			a.exec(`UPDATE editions SET in_force_on = ? WHERE id = ?`, fmt.Sprintf("2026-10-0%d", i+1), id)
			a.exec(`UPDATE edition_sessions SET title_en = 'The circle' WHERE id = ?`, id+"-s1")
		}
		a.exec(`UPDATE edition_parts SET module_id = 'T11' WHERE id = 'out-3-s1-p'`)
		store := courses.NewStore(a.db, a.now, content.NewStore(a.db, a.now))
		from := courses.EditionID("out-1")
		for _, to := range []courses.EditionID{"out-2", "out-3"} {
			held, err := a.store.HeldEditions(a.Context(), c.coordinator, c.id)
			a.ok(err)
			var maps []courses.Edition
			for _, id := range held {
				one, err := store.Edition(a.Context(), c.coordinator, id)
				a.ok(err)
				maps = append(maps, one)
			}
			newer, err := store.Edition(a.Context(), c.coordinator, to)
			a.ok(err)
			a.ok(a.store.Move(a.Context(), c.coordinator, cohorts.NewMove{Cohort: c.id, From: from, Reason: "Newer"}, newer, maps...))
			from = to
		}
		want := "1:out-1-s1:240:planned "
		for n := 2; n <= 6; n++ {
			want += fmt.Sprintf("%d:out-3-s%d:240:planned ", n, n)
		}
		if got := a.told(c); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
		if held, err := a.store.HeldEditions(a.Context(), c.coordinator, c.id); err != nil || fmt.Sprint(held) != "[out-1 out-3]" {
			t.Errorf("its sessions are of %v, %v", held, err)
		}
		if got := a.movedFrom(c.trainees[0]); got != "out-1" {
			t.Errorf("a trainee who saw neither is told of a move from %q", got)
		}
	})
}
