package cohorts_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// chance does to a class whatever its people may do, in an order that a seed draws. What
// the rules refuse is refused: the draw goes on.
type chance struct {
	*academy
	*rand.Rand
	class
}

func (a *academy) chance(c class, seed uint64) chance {
	return chance{a, rand.New(rand.NewPCG(seed, 17)), c}
}

// refused are the answers that the rules may give.
func refused(err error) bool {
	var conflict *fault.ConflictError
	var invalid *fault.InvalidError
	return errors.As(err, &conflict) || errors.As(err, &invalid) || errors.Is(err, fault.Forbidden) || errors.Is(err, fault.NotFound)
}

func (d chance) newMark(session, trainee int) cohorts.NewMark {
	mark := cohorts.NewMark{Session: d.sessions[session].ID, Enrolment: d.enrolments[trainee],
		Status: []cohorts.Status{cohorts.Present, cohorts.Present, cohorts.Excused, cohorts.Absent}[d.IntN(4)]}
	if mark.Status == cohorts.Excused {
		mark.Excuse = "court"
	}
	if mark.Status == cohorts.Present {
		mark.MinutesLate, mark.MinutesEarly = d.IntN(3)*d.IntN(60), d.IntN(3)*d.IntN(60)
	}
	return mark
}

// act does one thing, and gives what came of it.
func (d chance) act(sessions int) error {
	ctx, n, who := d.Context(), d.IntN(sessions), d.IntN(len(d.enrolments))
	session, from := d.sessions[n].ID, d.sessions[n].StartsAt
	by := d.instructor
	if d.IntN(2) == 0 {
		by = d.coordinator
	}
	switch d.IntN(10) {
	case 0, 1:
		return d.store.Mark(ctx, by, d.newMark(n, who))
	case 2:
		return d.store.Undo(ctx, by, session, d.enrolments[who], newLine())
	case 3:
		return d.store.Close(ctx, by, session)
	case 4:
		return d.store.Confirm(ctx, by, session)
	case 5:
		mark := d.newMark(n, who)
		mark.Reason = cohorts.SlipOfThumb
		return d.store.Correct(ctx, by, mark)
	case 6:
		return d.store.SetActualTimes(ctx, by, session, cohorts.ActualTimes{From: from, To: from.Add(time.Duration(120+d.IntN(180)) * time.Minute)})
	case 7:
		return d.store.Approve(ctx, by, cohorts.NewMakeUp{Enrolment: d.enrolments[who], Session: session, DoneOn: "2026-11-20",
			Kind: cohorts.MakeUpKinds[d.IntN(len(cohorts.MakeUpKinds))], Minutes: d.IntN(2) * d.IntN(120)})
	case 8:
		_, err := d.store.ApproveForAll(ctx, by, cohorts.NewMakeUp{Session: session, Kind: cohorts.OtherCohort, DoneOn: "2026-11-20", Line: newLine()})
		return err
	}
	list, err := d.store.MakeUps(ctx, by, d.enrolments[who])
	if err != nil || len(list) == 0 {
		return err
	}
	return d.store.TakeBack(ctx, by, list[d.IntN(len(list))].ID)
}

// agrees recomputes every sum from the records that cause it (newest marks, make-ups that
// stand, times) and compares it with the lines and with what is shown.
func (d chance) agrees(when string) {
	d.Helper()
	ctx := d.Context()
	for who, enrolment := range d.enrolments {
		made, err := d.store.MakeUps(ctx, d.coordinator, enrolment)
		d.ok(err)
		attended, madeUp := 0, 0
		for _, planned := range d.sessions {
			session, err := d.store.Session(ctx, d.coordinator, planned.ID)
			d.ok(err)
			up := 0
			for _, m := range made {
				if m.SessionID == session.ID && m.TakenBackAt == nil {
					up += m.Minutes
				}
			}
			marks, err := d.store.Marks(ctx, d.coordinator, session.ID, enrolment)
			d.ok(err)
			earned := 0
			if len(marks) > 0 {
				earned = max(0, min(marks[len(marks)-1].Credit(session, session.Grace), session.Cap(session.Grace)-up))
			}
			lines := func(kind cohorts.LineKind) int {
				return d.count(`SELECT COALESCE(SUM(minutes), 0) FROM ledger_lines WHERE enrolment_id = ? AND session_id = ? AND kind = ?`, enrolment, session.ID, kind)
			}
			if got := lines(cohorts.ForSession); got != earned {
				d.Fatalf("%s: trainee %d, session %d: the lines say %d, the marks %d", when, who, session.Position, got, earned)
			}
			if got := lines(cohorts.ForMakeUp); got != up {
				d.Fatalf("%s: trainee %d, session %d: the lines say %d made up, the make-ups %d", when, who, session.Position, got, up)
			}
			if earned+up > session.Cap(session.Grace) {
				d.Fatalf("%s: trainee %d holds %d of the %d minutes of session %d", when, who, earned+up, session.Cap(session.Grace), session.Position)
			}
			attended, madeUp = attended+earned, madeUp+up
		}
		shown, sum := d.standing(d.class, who), 0
		lines, err := d.store.Lines(ctx, d.coordinator, enrolment)
		d.ok(err)
		for _, line := range lines {
			sum += line.Minutes
		}
		if shown.Attended != attended || shown.MadeUp != madeUp || sum != shown.Earned() {
			d.Fatalf("%s: trainee %d: shown %d and %d, recomputed %d and %d, lines %d", when, who, shown.Attended, shown.MadeUp, attended, madeUp, sum)
		}
	}
	wrong, err := d.store.Impossible(ctx)
	d.ok(err)
	if len(wrong) > 0 {
		d.Fatalf("%s: impossible records %v", when, wrong)
	}
}

func TestTheLedgerIsRightWhateverTheOrder(t *testing.T) {
	each(t, func(a *academy) {
		for seed := range uint64(6) {
			c := a.class(2)
			a.at("2026-11-20 18:00")
			d, done := a.chance(c, seed), 0
			for step := range 60 {
				err := d.act(2)
				if err != nil && !refused(err) {
					a.Fatalf("seed %d, step %d: %v", seed, step, err)
				}
				if err == nil {
					done++
				}
				if step%10 == 9 {
					d.agrees(fmt.Sprintf("seed %d, step %d", seed, step))
				}
			}
			if done < 15 {
				a.Errorf("seed %d: only %d of 60 steps were allowed: the draw is too narrow", seed, done)
			}
		}
	})
}

func TestTheLedgerIsRightWhenManyActAtOnce(t *testing.T) {
	onPostgres(t, func(a *academy) {
		for seed := range uint64(3) {
			c := a.class(2)
			a.at("2026-11-20 18:00")
			for _, err := range atOnce(8, func(i int) error {
				d := a.chance(c, seed*100+uint64(i))
				for range 20 {
					if err := d.act(2); err != nil && !refused(err) {
						return err
					}
				}
				return nil
			}) {
				a.ok(err)
			}
			a.chance(c, seed).agrees(fmt.Sprintf("seed %d", seed))
		}
	})
}

func TestAMakeUpTakenBackGivesBackWhatItStoodFor(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(1)
		a.hold(c, 0, cohorts.Absent)
		a.ok(a.store.Approve(ctx, c.coordinator, cohorts.NewMakeUp{Enrolment: c.enrolments[0], Session: c.sessions[0].ID, Kind: cohorts.OneToOne, Minutes: 60, DoneOn: "2026-11-03"}))
		a.ok(a.store.Correct(ctx, c.instructor, cohorts.NewMark{Session: c.sessions[0].ID, Enrolment: c.enrolments[0], Status: cohorts.Present, Reason: cohorts.SlipOfThumb}))
		list, err := a.store.MakeUps(ctx, c.coordinator, c.enrolments[0])
		a.ok(err)
		a.ok(a.store.TakeBack(ctx, c.coordinator, list[0].ID))
		if got := a.standing(c, 0); got.Attended != 240 || got.MadeUp != 0 {
			a.Errorf("attended %d, made up %d: who was there whole holds the whole session", got.Attended, got.MadeUp)
		}
	})
}
