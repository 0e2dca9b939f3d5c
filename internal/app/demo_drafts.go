package app

import (
	"context"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// drafts lets one text of the curriculum wait for a review, and one be just begun.
func (s *seeder) drafts(ctx context.Context) error {
	colleague, err := s.People.AddPerson(ctx, people.System(people.Outreach), people.NewPerson{GivenName: "Imani", FamilyName: "Foster",
		Email: "imani.foster@example.org", Organisation: s.academy, Roles: []people.Role{people.Author}})
	if err != nil {
		return err
	}
	s.at = s.day(-2, 10)
	imani := people.Seen(colleague, people.Outreach, []people.Role{people.Author}, nil)
	waits, err := s.Content.Revise(ctx, imani, "T13")
	if err != nil {
		return err
	}
	for part, passage := range map[content.Part]string{
		content.EnglishText: "Families who have lost someone tell us the same thing. They notice when the person beside them is worn out, and they hold back so as not to add to it. Rest is part of the service.\n\n",
		content.SpanishText: "Las familias que han perdido a alguien nos dicen lo mismo. Notan cuando la persona que las acompaña está agotada, y se callan para no cargarla más. Descansar es parte del servicio.\n\n",
	} {
		if err := s.write(ctx, imani, waits, part, func(text string) string { return strings.Replace(text, "\n## ", "\n"+passage+"## ", 1) }); err != nil {
			return err
		}
	}
	s.at = s.day(-2, 14)
	if err := s.Content.Submit(ctx, imani, waits, "victim_services", "Says what families notice when their worker is worn out, and why rest is part of the service."); err != nil {
		return err
	}
	s.at = s.day(-1, 15)
	samuel := people.Seen(s.accounts["author"], people.Outreach, []people.Role{people.Author}, nil)
	begun, err := s.Content.Revise(ctx, samuel, "T07")
	if err != nil {
		return err
	}
	return s.write(ctx, samuel, begun, content.EnglishText, func(text string) string {
		return text + "\n## When it does not work\n\nSometimes you do all of it well and the heat still rises. That is not your failure.\n"
	})
}

// write changes a text of a draft.
func (s *seeder) write(ctx context.Context, v people.Viewer, id content.DraftID, part content.Part, change func(text string) string) error {
	_, texts, err := s.Content.Draft(ctx, v, id)
	if err != nil {
		return err
	}
	_, err = s.Content.Save(ctx, v, id, part, texts[part].ID, change(texts[part].Source))
	return err
}
