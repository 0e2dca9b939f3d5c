package app

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// key is what a demo trainee needs to know of a question.
type key struct {
	question string
	right    assessment.Answer
	choices  int  // 0 where one types, joins or orders
	counts   bool // it earns points
	waits    bool // a person gives them
	hard     int  // of a hundred, how many more get it wrong
}

// sheet is a quiz as a demo trainee knows it.
type sheet struct {
	pass int
	keys []key
}

// sheetsOf gives the sheet of every module's quiz.
func sheetsOf(mix *rand.Rand, quizzes []assessment.Quiz) map[string]sheet {
	sheets := map[string]sheet{}
	for _, quiz := range quizzes {
		one := sheet{pass: quiz.Pass}
		for _, question := range quiz.Questions {
			k := key{question: question.ID, right: question.Solution(), choices: len(question.Body.Right), counts: question.Counts(), waits: question.Waits()}
			if !k.waits {
				k.hard = 8 * mix.IntN(3)
			}
			one.keys = append(one.keys, k)
		}
		sheets[quiz.ModuleID] = one
	}
	return sheets
}

// learnAll lets a class read what its sessions have been about, and take the checks. In a
// cohort that runs, one in seven is a module behind and one in five a check.
func (s *seeder) learnAll(ctx context.Context, c *class) error {
	modules := c.reached()
	for i, m := range c.members {
		for n, module := range modules {
			newest := n+1 == len(modules) && !c.held
			var err error
			if newest && m.account == "trainee" {
				err = s.readOn(ctx, c, m, module.id)
			} else {
				err = s.read(ctx, c, m, module, newest && i%7 == 6, newest && (m.account != "" || i%5 == 4))
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// reading is a required module, and when its first session was.
type reading struct {
	id content.ModuleID
	at time.Time
}

// reached are the required modules that the class has come to, in the order of the map.
func (c *class) reached() (modules []reading) {
	required := map[content.ModuleID]bool{}
	for _, id := range c.edition.Required() {
		required[id] = true
	}
	for i := range c.taught {
		for _, part := range c.edition.Sessions[i].Parts {
			if required[part.ModuleID] {
				required[part.ModuleID] = false
				modules = append(modules, reading{part.ModuleID, c.sessions[i].StartsAt})
			}
		}
	}
	return modules
}

// read lets one trainee read a module the evening before its session and, unless they are
// in the middle of it or have yet to take it, its check the evening after.
func (s *seeder) read(ctx context.Context, c *class, m member, module reading, middle, unchecked bool) error {
	v := people.Seen(m.person, c.sector, []people.Role{people.Trainee}, nil)
	s.at = module.at.Add(-14 * time.Hour)
	lang := content.English
	if m.account == "trainee.es" {
		lang = content.Spanish
	}
	if _, err := s.Courses.Open(ctx, v, module.id, lang, c.edition.ID); err != nil || middle {
		return err
	}
	s.at = s.at.Add(35 * time.Minute)
	if err := s.Courses.MarkDone(ctx, v, module.id, c.edition.ID); err != nil || unchecked {
		return err
	}
	s.at = module.at.Add(9 * time.Hour)
	passed, err := s.check(ctx, v, string(module.id), m.grasp)
	if err != nil || passed {
		return err
	}
	if s.at = s.at.Add(21 * time.Hour); !s.at.Before(s.midnight) {
		return nil
	}
	_, err = s.check(ctx, v, string(module.id), 97)
	return err
}

// readOn leaves the trainee of the demo in the middle of a module.
func (s *seeder) readOn(ctx context.Context, c *class, m member, module content.ModuleID) error {
	v := people.Seen(m.person, c.sector, []people.Role{people.Trainee}, nil)
	s.at = s.midnight.Add(-3 * time.Hour)
	if _, err := s.Courses.Open(ctx, v, module, content.English, c.edition.ID); err != nil {
		return err
	}
	if err := s.Courses.ReadTo(ctx, v, module, 3, c.edition.ID); err != nil {
		return err
	}
	return s.notes(ctx, c, v, module)
}

// check takes a module's check and tells whether it was passed, or waits for a person.
func (s *seeder) check(ctx context.Context, v people.Viewer, module string, grasp int) (passed bool, err error) {
	id, err := s.Assessment.Start(ctx, v, module)
	if err != nil {
		return false, err
	}
	quiz, right, counted, waits, saves := s.sheets[module], 0, 0, false, []assessment.Save(nil)
	for _, k := range quiz.keys {
		if !k.counts {
			continue // what one writes for oneself is nobody's to make up
		}
		if k.waits {
			waits = true
			saves = append(saves, assessment.Save{Attempt: id, Question: k.question, Device: "demo", Value: assessment.Answer{Texts: []string{s.written()}}})
			continue
		}
		counted++
		answer := k.right
		if s.mix.IntN(100) < grasp-k.hard {
			right++
		} else {
			answer = k.wrong(s.mix)
		}
		saves = append(saves, assessment.Save{Attempt: id, Question: k.question, Device: "demo", Value: answer})
	}
	if _, err := s.Assessment.SaveAll(ctx, v, id, saves); err != nil {
		return false, err
	}
	s.at = s.at.Add(12 * time.Minute)
	return waits || right*100 >= quiz.pass*counted, s.Assessment.Submit(ctx, v, id, true)
}

// wrong is an answer that somebody might give instead.
func (k key) wrong(mix *rand.Rand) assessment.Answer {
	right := k.right.Choices
	switch {
	case k.choices == 0 && len(k.right.Pairs) > 1: // two of them changed
		pairs := slices.Clone(k.right.Pairs)
		pairs[0][1], pairs[1][1] = pairs[1][1], pairs[0][1]
		return assessment.Answer{Pairs: pairs}
	case k.choices == 0:
		texts := slices.Clone(k.right.Texts)
		texts[0] = ""
		return assessment.Answer{Texts: texts}
	case len(right) > 1:
		return assessment.Answer{Choices: right[:len(right)-1]}
	}
	return assessment.Answer{Choices: []int{(right[0] + 1 + mix.IntN(k.choices-1)) % k.choices}}
}
