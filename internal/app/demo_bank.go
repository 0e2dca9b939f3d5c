package app

import (
	"context"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// bank takes the questions of two checks into the bank of the outreach course, one of
// them in Spanish too.
func (s *seeder) bank(ctx context.Context) error {
	s.at = s.day(-20, 10)
	samuel := people.Seen(s.accounts["author"], people.Outreach, []people.Role{people.Author}, nil)
	for _, module := range []content.ModuleID{"T07", "T19"} {
		files, _, err := s.Assessment.NewestFiles(ctx, module)
		if err != nil {
			return err
		}
		for _, f := range files {
			if module == "T19" && f.Lang == content.Spanish {
				continue
			}
			read, err := assessment.ReadQuestionFile("", content.File{Path: f.Path, Bytes: f.Source}, f.Lang)
			if err != nil {
				return err
			}
			if _, _, err := s.Assessment.ImportQuestions(ctx, samuel, "OUT", read, assessment.ImportRules{ModuleID: string(module), SkipBad: true}); err != nil {
				return err
			}
		}
	}
	return nil
}
