package pages

import (
	"context"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// courseView is a course's map as one viewer sees it.
type courseView struct {
	courses.Edition
	Lang content.Lang
	Way  courses.Way
	Bank bool // the course's bank of questions is open to the viewer
}

// week is the sessions of one week.
type week struct {
	Number   int
	Sessions []courses.Session
}

// WeekList cuts the map into its weeks.
func (c courseView) WeekList() (weeks []week) {
	for _, s := range c.Sessions {
		if n := len(weeks); n == 0 || weeks[n-1].Number != s.Week {
			weeks = append(weeks, week{Number: s.Week})
		}
		last := &weeks[len(weeks)-1]
		last.Sessions = append(last.Sessions, s)
	}
	return weeks
}

// Step is what a part's module offers to read; ok is false when there is nothing,
// and the instructor brings it.
func (c courseView) Step(p courses.Part) (step courses.Step, ok bool) {
	step, ok = c.Way[p.ModuleID]
	return step, ok && p.ModuleID != ""
}

// only is the one part of a session that is called like it: then it is said once.
func (c courseView) only(s courses.Session) (courses.Part, bool) {
	if len(s.Parts) == 1 && s.Parts[0].Title(c.Lang) == s.Title(c.Lang) {
		return s.Parts[0], true
	}
	return courses.Part{}, false
}

// DoneAndAll counts the modules with a text, and those of them that the viewer has done.
func (c courseView) DoneAndAll() (done, all int) {
	for _, id := range c.ModuleIDs() {
		if step, ok := c.Way[id]; ok {
			all++
			if step.Reading.Done() {
				done++
			}
		}
	}
	return done, all
}

// Next is the first module that the viewer has not done.
func (c courseView) Next() (step courses.Step, ok bool) {
	for _, id := range c.ModuleIDs() {
		if step, found := c.Way[id]; found && !step.Reading.Done() {
			return step, true
		}
	}
	return courses.Step{}, false
}

// words: courses.serves.*

// hours is a course's length in its own hours: 144.
func hours(minutes, hour int) int { return minutes / hour }

// length says how long a course is, and that its hours are a proposal where they are.
func length(ctx context.Context, e courses.Edition) string {
	said := web.T(ctx, "courses.course.under", "Hours", hours(e.Minutes, e.Hour), "Count", e.Weeks)
	if e.Unconfirmed {
		said += " · " + web.T(ctx, "courses.course.unconfirmed")
	}
	return said
}

// stateOf is a module's state as a tag: its kind and the key of its word.
func stateOf(r courses.Reading) (kind, key string) {
	switch {
	case r.Done():
		return "done", "courses.state.done"
	case r.Opened():
		return "due", "courses.state.reading"
	}
	return "open", "courses.state.open"
}

// rules says in words what the edition asks of a graduate.
func (c courseView) rules(ctx context.Context) (said []string) {
	if c.Rule == courses.Ninety {
		said = append(said, web.T(ctx, "courses.rule.ninety"))
	} else {
		said = append(said, web.T(ctx, "courses.rule.full", "Hours", hours(c.Minutes, c.Hour)))
	}
	if c.KnowledgePass > 0 {
		said = append(said, web.T(ctx, "courses.rule.knowledge", "Percent", c.KnowledgePass))
	}
	if c.Quiz.Minutes > 0 {
		said = append(said, web.T(ctx, "courses.rule.quiz_time", "Time", web.Minutes(ctx, c.Quiz.Minutes)))
	}
	if c.BreaksCount {
		said = append(said, web.T(ctx, "courses.rule.breaks"))
	} else {
		said = append(said, web.T(ctx, "courses.rule.no_breaks"))
	}
	return append(said, web.T(ctx, "courses.rule.grace", "Count", c.Grace))
}
