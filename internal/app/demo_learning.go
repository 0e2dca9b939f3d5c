package app

import (
	"context"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// graduate lets a class that has ended read, answer and show its skills, and a director
// decide on its members; one certificate is revoked after. The last but one waits for the
// decision, and the one before still has a skill to show.
func (s *seeder) graduate(ctx context.Context, c *class) error {
	director := people.Seen(s.accounts["director"], c.sector, []people.Role{people.Director, people.Coordinator}, nil)
	s.at = c.sessions[len(c.sessions)-1].EndsAt.AddDate(0, 0, 1)
	for i, m := range c.members {
		skills := c.edition.Practicals
		if i == len(c.members)-3 {
			skills = skills[:len(skills)-1]
		}
		if err := s.learn(ctx, c, m, skills); err != nil {
			return err
		}
		if i == len(c.members)-3 || i == len(c.members)-2 {
			continue
		}
		certificate, err := s.Certificates.Graduate(ctx, director, m.enrolment)
		if err != nil {
			return err
		}
		if i == len(c.members)-1 {
			if err := s.Certificates.Revoke(ctx, director, certificate.ID, "issued_in_error"); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepUp lets a running class read the modules that it has had so far and take most of
// their checks, and cures one absence in three.
func (s *seeder) keepUp(ctx context.Context, c *class) error {
	s.at = s.today.Add(-20 * time.Hour)
	modules := c.edition.Required()
	for i, m := range c.members {
		v := people.Seen(m.person, c.sector, []people.Role{people.Trainee}, nil)
		for n, module := range modules[:min(c.reads, len(modules))] {
			if _, err := s.Courses.Open(ctx, v, module, content.English, c.edition.ID); err != nil {
				return err
			}
			if i%5 == 4 && n == c.reads-1 {
				continue // still in the middle of it
			}
			if err := s.Courses.MarkDone(ctx, v, module); err != nil {
				return err
			}
			if i%3 == 2 {
				continue
			}
			if err := s.answer(ctx, v, string(module)); err != nil {
				return err
			}
		}
		if i%3 == 0 {
			if err := s.makeUp(ctx, c, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// makeUp cures a trainee's first open absence, one to one.
func (s *seeder) makeUp(ctx context.Context, c *class, m member) error {
	absences, err := s.Cohorts.Absences(ctx, s.coordinator(c.sector), m.enrolment)
	if err != nil || len(absences) == 0 {
		return err
	}
	return s.Cohorts.Approve(ctx, s.coordinator(c.sector), cohorts.NewMakeUp{Enrolment: m.enrolment, Session: absences[0].ID,
		Kind: cohorts.OneToOne, Minutes: absences[0].Open(), DoneOn: s.at.In(s.zone).Format(time.DateOnly)})
}

// learn does all that the edition requires of one trainee, and shows the given skills.
func (s *seeder) learn(ctx context.Context, c *class, m member, skills []courses.Practical) error {
	v := people.Seen(m.person, c.sector, []people.Role{people.Trainee}, nil)
	for _, module := range c.edition.Required() {
		if _, err := s.Courses.Open(ctx, v, module, content.English, c.edition.ID); err != nil {
			return err
		}
		if err := s.Courses.MarkDone(ctx, v, module); err != nil {
			return err
		}
		if err := s.answer(ctx, v, string(module)); err != nil {
			return err
		}
	}
	for _, practical := range skills {
		if err := s.Assessment.Record(ctx, s.teacher(c.demoCohort), m.enrolment, practical.ID, assessment.Demonstrated, ""); err != nil {
			return err
		}
	}
	return nil
}

// answer takes a module's check and gets about nine in ten right.
func (s *seeder) answer(ctx context.Context, v people.Viewer, module string) error {
	id, err := s.Assessment.Start(ctx, v, module)
	if err != nil {
		return err
	}
	paper, err := s.Assessment.Attempt(ctx, v, id)
	if err != nil {
		return err
	}
	for _, question := range paper.Questions {
		right := s.keys[module][question.ID]
		if len(right) > 0 && s.mix.IntN(10) == 0 {
			right = []int{0}
		}
		_, err := s.Assessment.SaveAnswer(ctx, v, assessment.Save{Attempt: id, Question: question.ID, Device: "demo", Value: assessment.Answer{Choices: right}})
		if err != nil {
			return err
		}
	}
	return s.Assessment.Submit(ctx, v, id, true)
}

// keysOf gives the right choices of every question, by module and question.
func keysOf(quizzes []assessment.Quiz) map[string]map[string][]int {
	keys := map[string]map[string][]int{}
	for _, quiz := range quizzes {
		keys[quiz.ModuleID] = map[string][]int{}
		for _, question := range quiz.Questions {
			for i, right := range question.Body.Right {
				if right {
					keys[quiz.ModuleID][question.ID] = append(keys[quiz.ModuleID][question.ID], i)
				}
			}
		}
	}
	return keys
}
