package app

import (
	"context"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// essay is a text with the points that it gets, of 6.
type essay struct {
	text    string
	points  int
	comment string
}

// essays are what trainees of the demo write where a check asks for a text: invented, of
// good and of lesser answers, and with what their instructor says to them.
var essays = []essay{
	{"I would tell him straight that I can't lend, and that it's not about him. Then I'd ask what the money is for. If it is food or diapers, our office has an emergency fund and I can call the on-call lead tonight. I'd tell my supervisor the same day, by voice. A loan turns me into somebody he owes, and then he starts to avoid me.",
		6, "You said no and stayed with him. That is the whole of it."},
	{"No. We are not allowed to lend money. I would explain the rule to him and move on.",
		2, "The rule is right. What does he do tonight?"},
	{"\"I hear you, and I'm glad you asked me first. I don't lend, because I want us to be good on Saturday.\" I'd look with him for another way: the pantry on Monday, a cousin, the fund. I'd write down that he asked for help and tell my lead.",
		5, "Warm and clear. Say when you tell your lead."},
	{"It depends how well I know him. If he always pays back, maybe twenty. I would not tell the team because it would shame him.",
		1, "Read the part on money again. A secret puts you both at risk."},
	{"I'd say no to the sixty but not to him. Ask what happens on Friday and what happens if there is no money. Sometimes there's a debt behind it that worries me more than the amount. I'd go with him to the fund, and bring it up with my supervisor before my shift ends.",
		6, "You looked behind the question. Well done."},
	{"Le diría que no presto, pero que no se va solo. Le pregunto para qué es. Si es comida o renta, llamo al fondo de emergencia esa misma noche. Luego se lo digo a mi supervisora, de viva voz. Si presto, ya no soy su trabajador, soy alguien a quien le debe.",
		6, "Dijo que no y se quedó con la persona. Muy bien."},
}

// written is one of them, each in its turn.
func (s *seeder) written() string {
	s.texts++
	return essays[s.texts%len(essays)].text
}

// leftToRead is how many texts of a running course are still to be read, and toRelease
// how many have points that have not been sent out.
var (
	leftToRead = map[string]int{"OUT": 10, "CM": 2}
	toRelease  = map[string]int{"OUT": 3}
)

// gradeAll lets who teaches a class read what it has written a week after, and send the
// results out. In the longest course the newest texts are still to be read, one is begun.
func (s *seeder) gradeAll(ctx context.Context, c *class) error {
	v := s.teacher(c.demoCohort)
	modules, err := s.Assessment.Grading(ctx, v, c.id)
	if err != nil {
		return err
	}
	for _, m := range modules {
		if err := s.gradeModule(ctx, c, v, m); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) gradeModule(ctx context.Context, c *class, v people.Viewer, m assessment.GradingModule) error {
	list, err := s.Assessment.GradingIn(ctx, v, assessment.GradingOrder{Cohort: c.id, Module: m.ModuleID, ByPerson: true})
	if err != nil {
		return err
	}
	unread := list[max(0, len(list)-leftToRead[c.course]):]
	read := list[:len(list)-len(unread)]
	out := max(0, len(read)-toRelease[c.course])
	s.at = s.midnight.Add(-30 * time.Hour)
	for i, t := range read {
		if i == out && i > 0 {
			if _, err := s.Assessment.Release(ctx, v, c.id, m.ModuleID); err != nil {
				return err
			}
		}
		if err := s.gradeText(ctx, c, v, t); err != nil {
			return err
		}
	}
	if out == len(read) && out > 0 {
		if _, err := s.Assessment.Release(ctx, v, c.id, m.ModuleID); err != nil {
			return err
		}
	}
	return s.beginGrading(ctx, c, m.ModuleID)
}

// gradeText gives one text the points that are known for it.
func (s *seeder) gradeText(ctx context.Context, c *class, v people.Viewer, t assessment.ToGrade) error {
	sheet, err := s.Assessment.GradingSheet(ctx, v, t)
	if err != nil {
		return err
	}
	points, comment := sheet.Question.Body.Points, ""
	if i := slices.IndexFunc(essays, func(e essay) bool { return e.text == sheet.Answer.Text(0) }); i >= 0 {
		points, comment = min(points, essays[i].points), essays[i].comment
	}
	s.at = s.at.Add(3 * time.Minute)
	return s.Assessment.MarkText(ctx, v, assessment.NewMark{GradingText: assessment.GradingText{Cohort: c.id, Module: t.ModuleID, Handle: t.Handle}, Points: points, Comment: comment})
}

// beginGrading lets the instructor of the demo have begun one text, and keep comments.
func (s *seeder) beginGrading(ctx context.Context, c *class, module string) error {
	if !slices.Contains(c.teach, "instructor") {
		return nil
	}
	v := s.viewer("instructor", c.sector, people.Instructor)
	for _, phrase := range []string{"Clear and calm. Thank you.", "Say what you would do that same day.", "Tell your lead by voice."} {
		if err := s.Assessment.KeepPhrase(ctx, v, c.id, phrase); err != nil {
			return err
		}
	}
	list, err := s.Assessment.GradingIn(ctx, v, assessment.GradingOrder{Cohort: c.id, Module: module})
	if err != nil || len(list) == 0 {
		return err
	}
	first := slices.IndexFunc(list, assessment.ToGrade.Open)
	if first < 0 {
		return nil
	}
	text := assessment.GradingText{Cohort: c.id, Module: module, Handle: list[first].Handle}
	_, _, err = s.Assessment.KeepDraft(ctx, v, text, assessment.GradingDraft{Points: 4, Comment: "You name the rule well.", Device: "demo"})
	if err != nil {
		return err
	}
	return s.Assessment.LeaveText(ctx, v, text)
}
