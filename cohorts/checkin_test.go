package cohorts_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// turnOn turns the clock on.
func (a *academy) turnOn(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.day = a.day.Add(d)
}

// code is what the wall shows of a session now.
func (a *academy) code(c class, session int) string {
	a.Helper()
	_, code, err := a.store.CheckInCode(a.Context(), c.instructor, c.sessions[session].ID)
	a.ok(err)
	return code.Text
}

func (a *academy) checkIn(c class, trainee int, code string) (cohorts.CheckedIn, error) {
	return a.store.CheckIn(a.Context(), c.trainees[trainee], code)
}

func TestLateIsCountedBeyondTheGrace(t *testing.T) {
	from := time.Date(2026, 11, 3, 15, 0, 0, 0, time.UTC)
	later := from.Add(30 * time.Minute)
	for _, c := range []struct {
		name   string
		actual *time.Time
		after  time.Duration
		want   int
	}{
		{"before it begins", nil, -time.Hour, 0},
		{"as it begins", nil, 0, 0},
		{"the last second of the grace", nil, 11*time.Minute - time.Second, 0},
		{"a minute beyond the grace", nil, 11 * time.Minute, 11},
		{"at its end", nil, 240 * time.Minute, 239},
		{"after it really began", &later, 35 * time.Minute, 0},
		{"well after it really began", &later, 45 * time.Minute, 15},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := cohorts.Session{Minutes: 240, Grace: 10, StartsAt: from, EndsAt: from.Add(4 * time.Hour), ActualStartsAt: c.actual}
			if got := s.LateAt(from.Add(c.after)); got != c.want {
				t.Errorf("%d minutes late, want %d", got, c.want)
			}
		})
	}
}

func TestACodeChecksInForItsStepAndOneEitherWay(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(5)
		a.at("2026-11-03 08:50")
		code := a.code(c, 0)
		if len(code) != 6 || strings.ContainsAny(code, "01IOLS5Z2B8GQ") {
			a.Errorf("the code is %q", code)
		}
		a.turnOn(cohorts.CheckInStep)
		if a.code(c, 0) == code {
			a.Error("the next code is the same")
		}
		a.turnOn(cohorts.CheckInStep - time.Second)
		_, err := a.checkIn(c, 0, strings.ToLower(code[:3]+" - "+code[3:]))
		a.ok(err)
		a.turnOn(time.Second)
		_, err = a.checkIn(c, 1, code)
		a.invalid(err, "code", "cohorts.check_in.wrong")
		ahead := a.code(c, 0)
		a.turnOn(-cohorts.CheckInStep)
		_, err = a.checkIn(c, 2, ahead)
		a.ok(err)
		a.turnOn(-time.Second)
		_, err = a.checkIn(c, 3, ahead)
		a.invalid(err, "code", "cohorts.check_in.wrong")
	})
}

func TestACheckInIsTakenInItsWindowAlone(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(3)
		shown := func(moment string, want bool) {
			a.Helper()
			a.at(moment)
			if got := a.code(c, 0) != ""; got != want {
				a.Errorf("%s: a code is shown: %v", moment, got)
			}
		}
		refused := func(moment, key string) {
			a.Helper()
			a.at(moment)
			_, err := a.checkIn(c, 0, "AAAAAA")
			a.invalid(err, "code", key)
		}
		refused("2026-11-02 12:00", "cohorts.check_in.no_class")
		shown("2026-11-03 07:59", false)
		refused("2026-11-03 07:59", "cohorts.check_in.early")
		shown("2026-11-03 08:00", true)
		refused("2026-11-03 08:00", "cohorts.check_in.wrong")
		shown("2026-11-03 12:59", true)
		shown("2026-11-03 13:00", false)
		refused("2026-11-03 13:00", "cohorts.check_in.over")
		a.at("2026-11-03 10:00")
		code := a.code(c, 0)
		a.ok(a.store.MarkRest(a.Context(), c.instructor, c.sessions[0].ID, "all"))
		a.ok(a.store.Close(a.Context(), c.instructor, c.sessions[0].ID))
		_, err := a.checkIn(c, 0, code)
		a.invalid(err, "code", "cohorts.check_in.over")
		shown("2026-11-03 10:01", false)
	})
}

func TestACodeOfAnotherClassReadsLikeAWrongOne(t *testing.T) {
	each(t, func(a *academy) {
		c, other := a.class(1), a.class(1)
		police := a.classOf("put-p", people.LawEnforcement, 1)
		a.at("2026-11-03 09:05")
		for name, code := range map[string]string{"another cohort's": a.code(other, 0), "another side's": a.code(police, 0), "none's": "AAAAAA", "nothing": ""} {
			_, err := a.checkIn(c, 0, code)
			if said, _ := fault.In(err, "code"); said.Key != "cohorts.check_in.wrong" {
				a.Errorf("%s: %v", name, err)
			}
		}
		_, _, err := a.store.CheckInCode(a.Context(), c.trainees[0], c.sessions[0].ID)
		a.is(err, fault.NotFound)
		_, _, err = a.store.CheckInCode(a.Context(), police.instructor, c.sessions[0].ID)
		a.is(err, fault.NotFound)
		_, err = a.store.CheckIn(a.Context(), c.instructor, a.code(c, 0))
		a.invalid(err, "code", "cohorts.check_in.no_class")
		_, err = a.store.CheckIn(a.Context(), people.Nobody, a.code(c, 0))
		a.invalid(err, "code", "cohorts.check_in.no_class")
		if n := a.count(`SELECT COUNT(*) FROM marks`); n != 0 {
			a.Errorf("%d marks were made", n)
		}
	})
}

func TestACheckInCountsOnceAndTheInstructorCorrectsIt(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(2)
		a.at("2026-11-03 09:15")
		done, err := a.checkIn(c, 0, a.code(c, 0))
		a.ok(err)
		if done.Again || done.Late != 15 || done.Session.ID != c.sessions[0].ID {
			a.Errorf("checked in %+v", done)
		}
		if got := a.standing(c, 0).Attended; got != 225 {
			a.Errorf("attended %d", got)
		}
		done, err = a.checkIn(c, 0, a.code(c, 0))
		a.ok(err)
		if !done.Again || a.count(`SELECT COUNT(*) FROM marks`) != 1 {
			a.Errorf("a second time: %+v", done)
		}
		seats, err := a.store.Roll(a.Context(), c.instructor, c.sessions[0].ID)
		a.ok(err)
		if seats[0].Reason != cohorts.ByCode || seats[0].MinutesLate != 15 {
			a.Errorf("the roll says %+v", seats[0])
		}
		marks, err := a.store.Marks(a.Context(), c.instructor, c.sessions[0].ID, c.enrolments[0])
		a.ok(err)
		if marks[0].MadeBy != c.trainees[0].Person() {
			a.Errorf("made by %q", marks[0].MadeBy)
		}
		a.mark(c, 0, 0, cohorts.Absent, 0, 0)
		_, err = a.checkIn(c, 0, a.code(c, 0))
		a.invalid(err, "code", "cohorts.check_in.marked_otherwise")
		if got := a.standing(c, 0).Attended; got != 0 {
			a.Errorf("attended %d after the instructor's mark", got)
		}
		// Who was marked by a slip and then not any more can check in.
		a.mark(c, 0, 1, cohorts.Absent, 0, 0)
		a.ok(a.store.Undo(a.Context(), c.instructor, c.sessions[0].ID, c.enrolments[1], "back"))
		done, err = a.checkIn(c, 1, a.code(c, 0))
		a.ok(err)
		if done.Again {
			a.Error("a mark that was taken back stands in the way")
		}
	})
}

func TestGuessingIsHeldUpForTheGuesserAlone(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(2)
		a.at("2026-11-03 09:00")
		for range 20 {
			_, err := a.checkIn(c, 0, "AAAAAA")
			a.invalid(err, "code", "cohorts.check_in.wrong")
		}
		_, err := a.checkIn(c, 0, a.code(c, 0))
		var often *fault.TooManyError
		if !errors.As(err, &often) {
			a.Errorf("the right code after twenty wrong ones: %v", err)
		}
		_, err = a.checkIn(c, 1, a.code(c, 0))
		a.ok(err)
		a.turnOn(10 * time.Minute)
		_, err = a.checkIn(c, 0, a.code(c, 0))
		a.ok(err)
		if n := a.count(`SELECT COUNT(*) FROM check_in_tries`); n != 0 {
			a.Errorf("%d rows of tries are left", n)
		}
	})
}

func TestGuessesAtOnceGainNothing(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(1)
		a.at("2026-11-03 09:00")
		held := 0
		for _, err := range atOnce(40, func(int) error { _, err := a.checkIn(c, 0, "AAAAAA"); return err }) {
			var often *fault.TooManyError
			if errors.As(err, &often) {
				held++
			}
		}
		if held != 20 {
			a.Errorf("%d of 40 were held up, want 20", held)
		}
	})
}

func TestTenTapsAtOnceAreOneCheckIn(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(1)
		a.at("2026-11-03 09:00")
		code := a.code(c, 0)
		for _, err := range atOnce(10, func(int) error { _, err := a.checkIn(c, 0, code); return err }) {
			a.ok(err)
		}
		if n := a.count(`SELECT COUNT(*) FROM marks`); n != 1 {
			a.Errorf("%d marks", n)
		}
		if got := a.standing(c, 0).Attended; got != 240 {
			a.Errorf("attended %d", got)
		}
	})
}

func TestMinutesLateFollowWhenClassReallyBegan(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(3)
		a.at("2026-11-03 09:20")
		_, err := a.checkIn(c, 0, a.code(c, 0))
		a.ok(err)
		_, err = a.store.MarkByCard(a.Context(), c.instructor, a.card(c.trainees[1]), c.sessions[0].ID, "card")
		a.ok(err)
		a.mark(c, 0, 2, cohorts.Present, 20, 0)
		began := func(moment string) {
			a.Helper()
			from, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-03 "+moment, chicago)
			a.ok(err)
			a.ok(a.store.SetActualTimes(a.Context(), c.instructor, c.sessions[0].ID, cohorts.ActualTimes{From: from.UTC(), To: from.Add(4 * time.Hour).UTC()}))
		}
		attended := func(want ...int) {
			a.Helper()
			for i, minutes := range want {
				if got := a.standing(c, i).Attended; got != minutes {
					a.Errorf("trainee %d attended %d, want %d", i, got, minutes)
				}
			}
		}
		attended(220, 220, 220)
		began("09:15")
		attended(240, 240, 220) // what was marked by hand stays as it was said
		began("09:00")
		attended(220, 220, 220)
		marks, err := a.store.Marks(a.Context(), c.instructor, c.sessions[0].ID, c.enrolments[0])
		a.ok(err)
		if len(marks) != 3 || marks[1].Reason != cohorts.ByTimes || marks[1].MadeBy != c.instructor.Person() || marks[0].MinutesLate != 20 {
			a.Errorf("the lines are %+v", marks)
		}
	})
}
