package cohorts_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// from sends a mark of the first trainee as an open page on a device would.
func (a *academy) from(v people.Viewer, c class, device string, saw int, status cohorts.Status, late int) {
	a.Helper()
	a.ok(a.store.Mark(a.Context(), v, cohorts.NewMark{Session: c.sessions[0].ID, Enrolment: c.enrolments[0], Status: status, MinutesLate: late, Saw: &saw, Device: device}))
}

func (a *academy) disputed(c class) (lines int, seat bool) {
	a.Helper()
	seats, err := a.store.Roll(a.Context(), c.instructor, c.sessions[0].ID)
	a.ok(err)
	list, err := a.store.Disputed(a.Context(), c.instructor, c.sessions[0].ID)
	a.ok(err)
	return len(list), seats[0].Disputed
}

func TestTwoPhonesThatSayDifferentThingsAreTold(t *testing.T) {
	type line struct {
		device string
		saw    int
		status cohorts.Status
		late   int
	}
	for _, one := range []struct {
		name  string
		lines []line
		want  bool
	}{
		{"one phone, tap by tap", []line{{"a", 0, cohorts.Present, 0}, {"a", 0, cohorts.Absent, 0}}, false},
		{"the second has seen the first", []line{{"a", 0, cohorts.Present, 0}, {"b", 1, cohorts.Absent, 0}}, false},
		{"the second has not", []line{{"a", 0, cohorts.Present, 0}, {"b", 0, cohorts.Absent, 0}}, true},
		{"both say the same", []line{{"a", 0, cohorts.Present, 0}, {"b", 0, cohorts.Present, 0}}, false},
		{"both present, one of them late", []line{{"a", 0, cohorts.Present, 0}, {"b", 0, cohorts.Present, 15}}, true},
		{"and the second goes on", []line{{"a", 0, cohorts.Present, 0}, {"b", 0, cohorts.Absent, 0}, {"b", 0, cohorts.Present, 30}}, true},
		{"and comes to say the same", []line{{"a", 0, cohorts.Present, 0}, {"b", 0, cohorts.Absent, 0}, {"b", 0, cohorts.Present, 0}}, false},
		{"until one who saw both settles it", []line{{"a", 0, cohorts.Present, 0}, {"b", 0, cohorts.Absent, 0}, {"c", 2, cohorts.Present, 0}}, false},
	} {
		t.Run(one.name, func(t *testing.T) {
			each(t, func(a *academy) {
				c := a.class(1)
				a.at("2026-11-03 09:05")
				for _, l := range one.lines {
					a.from(c.instructor, c, l.device, l.saw, l.status, l.late)
				}
				lines, seat := a.disputed(c)
				if seat != one.want || (lines > 0) != one.want {
					a.Errorf("disputed: %v with %d lines, want %v", seat, lines, one.want)
				}
				if n := a.count(`SELECT COUNT(*) FROM marks`); n != len(one.lines) {
					a.Errorf("%d lines stand", n)
				}
			})
		})
	}
}

func TestARollInDisputeIsSettledBeforeItCloses(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		police := a.classOf("put-p", people.LawEnforcement, 1)
		a.at("2026-11-03 09:05")
		a.from(c.instructor, c, "a", 0, cohorts.Present, 0)
		a.from(c.coordinator, c, "b", 0, cohorts.Absent, 0)
		if got := a.standing(c, 0).Attended; got != 0 {
			a.Errorf("the last one speaks: attended %d", got)
		}
		list, err := a.store.Disputed(a.Context(), c.instructor, c.sessions[0].ID)
		a.ok(err)
		if len(list) != 2 || list[0].ByName != "Ines" || list[1].ByName != "Cora" {
			a.Errorf("told: %+v", list)
		}
		for _, v := range []people.Viewer{c.trainees[0], police.instructor, people.Nobody} {
			if list, err := a.store.Disputed(a.Context(), v, c.sessions[0].ID); err != nil || len(list) != 0 {
				a.Errorf("told to others: %v %v", list, err)
			}
		}
		err = a.store.Close(a.Context(), c.instructor, c.sessions[0].ID)
		if said, _ := fault.In(err, "roll"); said.Key != "cohorts.roll.disputed" {
			a.Errorf("closed in dispute: %v", err)
		}
		a.from(c.instructor, c, "a", 2, cohorts.Present, 0)
		a.ok(a.store.Close(a.Context(), c.instructor, c.sessions[0].ID))
		if n, got := a.count(`SELECT COUNT(*) FROM marks`), a.standing(c, 0).Attended; n != 3 || got != 240 {
			a.Errorf("%d lines, attended %d", n, got)
		}
	})
}
