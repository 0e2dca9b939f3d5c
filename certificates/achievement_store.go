package certificates

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Achievement is what anyone may know of an edition whose certificate they hold: its
// competency areas in public words, never its modules. Editions of one name for several
// sectors are told as one, so that the address tells none.
type Achievement struct {
	Address       string
	Code, Edition string
	Title         courses.Both
	Minutes, Hour int
	Wording       courses.Wording
	Areas         []courses.Both
}

// Achievement gives what /achievements/COURSE/EDITION says.
func (s Store) Achievement(ctx context.Context, code, edition string) (Achievement, error) {
	var rows []struct {
		TitleEN      string          `bun:"title_en"`
		TitleES      string          `bun:"title_es"`
		Minutes      int             `bun:"minutes"`
		Hour         int             `bun:"hour"`
		Wording      courses.Wording `bun:"wording"`
		Competencies []courses.Both  `bun:"competencies,type:jsonb"`
	}
	err := s.db.NewRaw(`SELECT title_en, title_es, minutes, hour, wording, competencies FROM editions WHERE course_code = ? AND name = ? ORDER BY id`,
		code, edition).Scan(ctx, &rows)
	if err == nil && len(rows) == 0 {
		err = fmt.Errorf("edition %q of %q: %w", edition, code, fault.NotFound)
	}
	if err != nil {
		return Achievement{}, err
	}
	a := Achievement{Address: s.achievementAddress(code, edition), Code: code, Edition: edition, Title: courses.Both{EN: rows[0].TitleEN, ES: rows[0].TitleES},
		Minutes: rows[0].Minutes, Hour: rows[0].Hour, Wording: rows[0].Wording}
	for _, row := range rows {
		for _, area := range row.Competencies {
			if !slices.Contains(a.Areas, area) {
				a.Areas = append(a.Areas, area)
			}
		}
	}
	return a, nil
}

func (s Store) achievementAddress(code, edition string) string {
	return fmt.Sprintf("%s/achievements/%s/%s", s.issuer.BaseURL, code, url.PathEscape(edition))
}
