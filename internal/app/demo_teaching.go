package app

import (
	"context"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
)

// teachAll takes the roll of every session that was before today, closes it, and has it
// confirmed by a second person; the newest waits for that. Where no roll of today can be
// taken yet, a live class leaves its newest one open.
func (s *seeder) teachAll(ctx context.Context, c *class) error {
	open := c.live
	for i, session := range c.sessions {
		if session.StartsAt.Before(s.midnight) {
			c.taught = i + 1
		}
		open = open && !s.rollOpens(session)
	}
	for i, session := range c.sessions[:c.taught] {
		last := i+1 == c.taught
		if last && open {
			return nil
		}
		if err := s.teach(ctx, c, session); err != nil {
			return err
		}
		if c.leaves == i+1 {
			leaver := c.members[len(c.members)-1]
			c.members = c.members[:len(c.members)-1]
			if err := s.Cohorts.Withdraw(ctx, s.coordinator(c.sector), leaver.enrolment, cohorts.WithdrawalCodes[i%2]); err != nil {
				return err
			}
		}
		if last && !c.held {
			return nil
		}
		s.at = s.hour(session.EndsAt, 1, 9)
		if err := s.Cohorts.Confirm(ctx, s.coordinator(c.sector), session.ID); err != nil {
			return err
		}
	}
	return nil
}

// teach takes and closes the roll of one session: who did not come whole is marked one by
// one, the rest at once.
func (s *seeder) teach(ctx context.Context, c *class, session cohorts.Session) error {
	teacher := s.teacher(c.demoCohort)
	s.at = session.StartsAt.Add(20 * time.Minute)
	for i, m := range c.members {
		mark := s.mark(c, i, session.Position)
		if mark.Status == cohorts.Present && mark.MinutesLate+mark.MinutesEarly == 0 {
			continue
		}
		mark.Session, mark.Enrolment = session.ID, m.enrolment
		if err := s.Cohorts.Mark(ctx, teacher, mark); err != nil {
			return err
		}
	}
	if err := s.Cohorts.MarkRest(ctx, teacher, session.ID, string(session.ID)); err != nil {
		return err
	}
	s.at = session.EndsAt.Add(5 * time.Minute)
	if c.short == session.Position {
		times := cohorts.ActualTimes{From: session.StartsAt, To: session.EndsAt.Add(-40 * time.Minute)}
		if err := s.Cohorts.SetActualTimes(ctx, teacher, session.ID, times); err != nil {
			return err
		}
	}
	return s.Cohorts.Close(ctx, teacher, session.ID)
}

// mark says how one person came to one session.
func (s *seeder) mark(c *class, i, position int) cohorts.NewMark {
	m := c.members[i]
	draw, kind := s.mix.IntN(100), s.mix.IntN(10) // drawn for everyone, so that no story moves another
	excuse := cohorts.NewMark{Status: cohorts.Excused, Excuse: cohorts.Excuses[s.mix.IntN(len(cohorts.Excuses))]}
	switch {
	case m.account == "trainee" && position == 3:
		return cohorts.NewMark{Status: cohorts.Excused, Excuse: "court"}
	case m.account == "trainee" && position == 5:
		return cohorts.NewMark{Status: cohorts.Present, MinutesLate: 25}
	case m.account != "":
		return cohorts.NewMark{Status: cohorts.Present}
	case c.late(i) && position == 6:
		return excuse
	case c.held || draw >= m.misses:
		return cohorts.NewMark{Status: cohorts.Present}
	case kind < 4:
		return cohorts.NewMark{Status: cohorts.Present, MinutesLate: 15 + 5*(draw%6)}
	case kind < 5:
		return cohorts.NewMark{Status: cohorts.Present, MinutesEarly: 20 + 5*(draw%6)}
	case kind < 8:
		return excuse
	}
	return cohorts.NewMark{Status: cohorts.Absent}
}

// makeUps cures what was missed: all of it in a cohort that is over, elsewhere what is
// older than two weeks, but for one in six, who has yet to find the time. A class that
// ended early is made up for everyone at once.
func (s *seeder) makeUps(ctx context.Context, c *class) error {
	v := s.coordinator(c.sector)
	if c.short > 0 && c.short < c.taught {
		s.at = c.sessions[c.short].StartsAt.Add(-15 * time.Minute)
		_, err := s.Cohorts.ApproveForAll(ctx, v, cohorts.NewMakeUp{Session: c.sessions[c.short-1].ID, Kind: cohorts.SkillsCheck,
			DoneOn: s.at.In(s.zone).Format(time.DateOnly), Line: "evening"})
		if err != nil {
			return err
		}
	}
	for i, m := range c.members {
		if i%6 == 5 && !c.held {
			continue
		}
		absences, err := s.Cohorts.Absences(ctx, v, m.enrolment)
		if err != nil {
			return err
		}
		for n, absence := range absences {
			s.at = s.hour(absence.EndsAt, 6+(i+n)%5, 16)
			if c.late(i) {
				s.at = s.day(-3, 17)
			}
			if !s.at.Before(s.midnight) {
				continue
			}
			kind := []cohorts.MakeUpKind{cohorts.OneToOne, cohorts.OtherCohort, cohorts.SkillsCheck}[(i+n)%3]
			err := s.Cohorts.Approve(ctx, v, cohorts.NewMakeUp{Enrolment: m.enrolment, Session: absence.ID, Kind: kind,
				Minutes: absence.Open(), DoneOn: s.at.In(s.zone).Format(time.DateOnly)})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
