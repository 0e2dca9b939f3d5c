package app

import (
	"context"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// notes are the demo trainee's own: some on the module that they are in the middle of,
// some on one that they have read.
func (s *seeder) notes(ctx context.Context, c *class, v people.Viewer, module content.ModuleID) error {
	for _, one := range []struct {
		module  content.ModuleID
		section int
		marks   bool
		text    string
	}{
		{"T07", 1, true, ""},
		{"T07", 2, false, "Before I say anything: feet, breath, hands. Try it at the next role play."},
		{module, 1, true, "Ask in class how others do this when there is no time."},
		{module, 2, true, ""},
	} {
		place, err := s.Courses.Look(ctx, v, one.module, content.English, c.edition.ID)
		if err != nil {
			return err
		}
		note := courses.NewNote{Section: one.section, Text: one.text}
		if one.marks {
			note.Quote = firstSentence(place.Module, one.section)
		}
		if _, err := s.Courses.KeepNote(ctx, v, place.Module, note); err != nil {
			return err
		}
	}
	return nil
}

// firstSentence is what a section says first after its heading.
func firstSentence(m content.Module, section int) string {
	parts, _ := m.Parts()
	_, body, _ := strings.Cut(parts[section], "</h2>")
	said := content.Plain(body)
	if end := strings.Index(said, ". "); end > 0 {
		return said[:end+1]
	}
	return said
}
