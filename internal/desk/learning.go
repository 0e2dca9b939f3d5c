package desk

import (
	"context"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Learning is a person's own course: where they stand and what is due.
type Learning struct {
	Way       cohorts.Way
	Checklist certificates.Checklist
	Knowledge assessment.Knowledge
	Practice  assessment.Practice
	Pass      int // percent that the edition asks for

	Before  []content.Module          // to read before the next class, in its order
	Unread  []content.Module          // of classes that have been, not done yet
	Due     []assessment.ModuleResult // knowledge checks of modules that were read
	Talks   []assessment.ModuleResult // those whose next try waits for a talk
	Care    int                       // of the next class: 2 and 3 call for a word before it
	Spoken  bool                      // the next class has no written text: the instructor brings it
	Waiting int                       // minutes earned that a second person has not confirmed yet
}

// learn gathers the course in at most four queries, beside the edition that the process
// has read before.
func (d Desk) learn(ctx context.Context, v people.Viewer, lang content.Lang, t *Today, classes []cohorts.Class) error {
	l := t.Course
	edition, err := d.Courses.Edition(ctx, v, l.Way.EditionID)
	if err != nil {
		return err
	}
	steps, due, err := d.Courses.WayAndDue(ctx, v, lang, edition)
	if err != nil {
		return err
	}
	if l.Knowledge, err = d.Assessment.KnowledgeOf(ctx, v, l.Way.EnrolmentID); err != nil {
		return err
	}
	if l.Practice, err = d.Assessment.PracticalsOf(ctx, v, l.Way.EnrolmentID); err != nil {
		return err
	}
	t.Protocols = due
	l.Pass, l.Waiting = edition.KnowledgePass, max(0, l.Way.Earned()-l.Way.Confirmed)
	l.Checklist = certificates.Judge(l.Way.EnrolmentID, l.facts(edition, steps))
	l.place(edition, steps, nextOf(edition, classes, *t))
	return nil
}

// afterAll is a place behind every session of a map.
const afterAll = 1 << 30

// nextOf is the place in the map of the next class of the person's own cohort that the
// map has; afterAll when none is to come.
func nextOf(edition courses.Edition, classes []cohorts.Class, t Today) int {
	for _, c := range classes {
		if c.CohortID != t.Course.Way.CohortID || !c.EndsAt.After(t.Now) {
			continue
		}
		for _, session := range edition.Sessions {
			if string(session.ID) == c.EditionSessionID {
				return session.Position
			}
		}
	}
	return afterAll
}

// place sorts the modules of the map into what to read before the next class and what
// is still open of the classes before.
func (l *Learning) place(edition courses.Edition, way courses.Way, next int) {
	reached := map[content.ModuleID]bool{}
	for _, session := range edition.Sessions {
		if session.Position > next {
			break
		}
		written := false
		for _, part := range session.Parts {
			step, found := way[part.ModuleID]
			if !found {
				continue
			}
			written = true
			if session.Position == next {
				l.Care = max(l.Care, step.Module.Care)
			}
			if reached[step.Module.ID] {
				continue
			}
			reached[step.Module.ID] = true
			switch {
			case step.Reading.Done():
			case session.Position == next:
				l.Before = append(l.Before, step.Module)
			default:
				l.Unread = append(l.Unread, step.Module)
			}
		}
		l.Spoken = session.Position == next && !written
	}
	for _, result := range l.Knowledge.Modules {
		switch {
		case !reached[content.ModuleID(result.ModuleID)] || !result.Due():
		case !way[content.ModuleID(result.ModuleID)].Reading.Done() && !result.Tried(): // read first
		case result.Talk:
			l.Talks = append(l.Talks, result)
		default:
			l.Due = append(l.Due, result)
		}
	}
}

// facts are what the checklist is judged by, as certificates gathers them.
func (l *Learning) facts(edition courses.Edition, way courses.Way) certificates.Facts {
	f := certificates.Facts{Totals: l.Way.Totals, DoneModules: map[string]bool{}, PractisedOrMore: map[string]bool{},
		KnowledgePass: edition.KnowledgePass, KnowledgeAverage: l.Knowledge.Percent, KnowledgeOpen: l.Knowledge.Missing,
		KnowledgeSet: l.Knowledge.Set(), KnowledgeExcused: l.Knowledge.Excused(), PracticalsSet: l.Practice.Set(),
		HasQuizzes: l.Knowledge.Counted(), AsksCapstone: edition.Capstone}
	for _, id := range edition.Required() {
		f.RequiredModules = append(f.RequiredModules, string(id))
		f.DoneModules[string(id)] = way[id].Reading.Done()
	}
	for _, skill := range l.Practice.Skills {
		if skill.ID == courses.CapstoneID {
			f.CapstonePassed = skill.Enough()
			continue
		}
		f.Practicals = append(f.Practicals, skill.ID)
		f.PractisedOrMore[skill.ID] = skill.Enough()
	}
	return f
}
