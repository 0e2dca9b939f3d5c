package pages

import (
	"context"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// changesPage is what a move to another edition changed for who learns or teaches there.
type changesPage struct {
	cohorts.Change
	Editions courses.EditionDifference
}

// changes tells it. Once they have looked, Today says no more of it.
func (h handler) changes(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	change, err := h.store.Change(ctx, v, cohortID(c))
	if err != nil {
		return err
	}
	before, err := h.courses.Edition(ctx, v, change.From)
	if err != nil {
		return err
	}
	after, err := h.courses.Edition(ctx, v, change.Cohort.EditionID)
	if err != nil {
		return err
	}
	seen, err := h.courses.Maps(ctx, v, []courses.Edition{before, after})
	if err != nil {
		return err
	}
	if err := h.store.SeeChange(ctx, v, change.Cohort.ID); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, changes(changesPage{change, courses.Difference(seen[0], seen[1])}))
}

// factsChanged are what the newer edition asks otherwise, in words.
func factsChanged(ctx context.Context, d courses.EditionDifference) (said []string) {
	a, b := d.Before, d.After
	tell := func(key string, differ bool, before, after any) {
		if differ {
			said = append(said, web.T(ctx, "cohorts.move.fact."+key, "Before", before, "After", after))
		}
	}
	tell("minutes", a.Minutes != b.Minutes, web.Minutes(ctx, a.Minutes), web.Minutes(ctx, b.Minutes))
	tell("rule", a.Rule != b.Rule, web.T(ctx, "cohorts.move.rule."+string(a.Rule)), web.T(ctx, "cohorts.move.rule."+string(b.Rule)))
	tell("knowledge", a.KnowledgePass != b.KnowledgePass, a.KnowledgePass, b.KnowledgePass)
	tell("grace", a.Grace != b.Grace, a.Grace, b.Grace)
	tell("quiz_minutes", a.Quiz.Minutes != b.Quiz.Minutes, a.Quiz.Minutes, b.Quiz.Minutes)
	tell("quiz_tries", a.Quiz.Tries != b.Quiz.Tries, a.Quiz.Tries, b.Quiz.Tries)
	tell("practicals", len(a.Practicals) != len(b.Practicals), len(a.Practicals), len(b.Practicals))
	return said
}

// modulesChanged are the modules that are taught otherwise, in words.
func modulesChanged(ctx context.Context, d courses.EditionDifference) (said []string) {
	lang := content.Lang(web.Language(ctx))
	for _, m := range d.Modules {
		title := titleOf(m.ID, lang, d.After, d.Before)
		key := "version"
		switch {
		case m.New:
			key = "new"
		case m.Gone:
			key = "gone"
		case m.NowRequired:
			key = "required"
		case m.NowFree:
			key = "free"
		}
		said = append(said, web.T(ctx, "cohorts.move.module."+key, "Title", title, "Before", m.Before, "After", m.After))
	}
	return said
}

// words: cohorts.move.fact.*, cohorts.move.rule.*, cohorts.move.module.*, cohorts.change.session_*

// changed says in words what became of a session.
func changed(ctx context.Context, s cohorts.ChangedSession) string {
	switch {
	case s.Added:
		return web.T(ctx, "cohorts.change.session_added", "Time", web.Minutes(ctx, s.Minutes))
	case s.State == cohorts.Cancelled:
		return web.T(ctx, "cohorts.change.session_cancelled")
	}
	return web.T(ctx, "cohorts.change.session_minutes", "Before", web.Minutes(ctx, s.Before), "After", web.Minutes(ctx, s.Minutes))
}
