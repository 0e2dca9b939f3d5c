package app

import (
	"context"
	"fmt"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// observe lets the two instructors of the live class watch a role play of two trainees:
// one is released, on the other they differ in one part and have yet to talk.
func (s *seeder) observe(ctx context.Context, c *class) error {
	if !c.live || len(c.teach) < 2 {
		return nil
	}
	for i, m := range c.members[:2] {
		s.at = s.midnight.Add(time.Duration(i-6) * time.Hour)
		o, err := s.Assessment.Observation(ctx, s.teacher(c.demoCohort), m.enrolment, 1)
		if err != nil {
			return fmt.Errorf("the role play: %w", err)
		}
		round := o.Round()
		for n, account := range c.teach[:2] {
			lines := assessment.SheetLines{Enrolment: m.enrolment, Number: 1, Round: round.Number, Send: true}
			for k, criterion := range round.Rubric.Criteria {
				seen := assessment.Seen{Criterion: criterion.ID, Level: assessment.Practised}
				if k%2 == 0 {
					seen.Level = assessment.Demonstrated
				}
				if k == 0 && n == 0 {
					seen.Note = "Waited for the answer, and said back what was heard."
				}
				if i == 1 && n == 1 && k == 1 {
					seen.Level, seen.Note = assessment.NotYet, "The second question came before the first was answered."
				}
				lines.Seen = append(lines.Seen, seen)
			}
			v := s.viewer(account, c.sector, people.Instructor)
			if err := s.Assessment.Observe(ctx, v, lines); err != nil {
				return err
			}
		}
		if i == 1 {
			return nil
		}
		o, err = s.Assessment.Observation(ctx, s.teacher(c.demoCohort), m.enrolment, 1)
		if err != nil {
			return err
		}
		s.at = s.at.Add(10 * time.Minute)
		err = s.Assessment.ReleaseSheets(ctx, s.teacher(c.demoCohort), assessment.SheetRelease{Enrolment: m.enrolment, Number: 1, Round: round.Number, Level: o.Round().Proposed()})
		if err != nil {
			return err
		}
	}
	return nil
}
