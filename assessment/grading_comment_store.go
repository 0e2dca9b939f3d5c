package assessment

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// MostPhrases is how many comments a grader keeps for a course.
const MostPhrases = 20

// LongestPhrase is how many letters such a comment may have.
const LongestPhrase = 200

// Phrase is a comment that a grader uses again, in one course. It is theirs alone.
type Phrase struct {
	ID   string    `bun:"id"`
	Text string    `bun:"text"`
	At   time.Time `bun:"at"`
}

// KeepPhrase keeps a comment for the viewer's grading in the course of a cohort that they
// run; the same again changes nothing.
func (s Store) KeepPhrase(ctx context.Context, v people.Viewer, cohort cohorts.CohortID, text string) error {
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return fault.Invalid("phrase", "assessment.grading.phrase_missing")
	case n > LongestPhrase:
		return fault.Invalid("phrase", "assessment.grade.long", "Most", LongestPhrase)
	}
	seen := s.db.NewSelect().TableExpr("cohorts AS cohort").Where("cohort.id = ?", cohort).Apply(cohorts.RunBy(v))
	kept := `FROM grading_comments AS kept WHERE kept.by_person = ? AND kept.sector = cohort.sector AND kept.course_code = cohort.course_code`
	res, err := s.db.NewRaw(`INSERT INTO grading_comments (id, by_person, sector, course_code, text, at) ? ON CONFLICT DO NOTHING`,
		seen.Clone().ColumnExpr("?, ?, cohort.sector, cohort.course_code, ?, ?", database.NewID(), v.Person(), text, s.now()).
			Where("(SELECT COUNT(*) "+kept+") < ?", v.Person(), MostPhrases)).Exec(ctx)
	if err := database.Changed(res, err, errNotWritten); !errors.Is(err, errNotWritten) {
		return err
	}
	var there []int
	if err := seen.ColumnExpr("(SELECT COUNT(*) "+kept+" AND kept.text = ?)", v.Person(), text).Scan(ctx, &there); err != nil {
		return err
	}
	switch {
	case len(there) == 0:
		return fmt.Errorf("cohort %q: %w", cohort, fault.NotFound)
	case there[0] > 0:
		return nil
	}
	return fault.Conflict("assessment.grading.phrases_full", "Most", MostPhrases)
}

// DropPhrase takes out one of the viewer's comments; fault.NotFound for anybody else's.
func (s Store) DropPhrase(ctx context.Context, v people.Viewer, id string) error {
	res, err := s.db.NewRaw(`DELETE FROM grading_comments WHERE id = ? AND by_person = ? AND sector = ?`, id, v.Person(), v.Sector()).Exec(ctx)
	return database.Changed(res, err, fmt.Errorf("comment %q: %w", id, fault.NotFound))
}

// Phrases are the viewer's comments for the course of a cohort that they run, oldest first.
func (s Store) Phrases(ctx context.Context, v people.Viewer, cohort cohorts.CohortID) ([]Phrase, error) {
	list := []Phrase{}
	err := s.db.NewSelect().TableExpr("grading_comments AS kept").ColumnExpr("kept.id, kept.text, kept.at").
		Join("JOIN cohorts AS cohort ON cohort.sector = kept.sector AND cohort.course_code = kept.course_code").
		Where("cohort.id = ? AND kept.by_person = ?", cohort, v.Person()).Apply(cohorts.RunBy(v)).Order("kept.id").Scan(ctx, &list)
	return list, err
}
