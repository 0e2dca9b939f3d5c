package assessment

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// LongestRemark is how many letters a grader's comment may have.
const LongestRemark = 400

// GradingDraft is what a grader has put down for a text and not yet given. Nobody but
// them reads it.
type GradingDraft struct {
	Points  int        `bun:"draft_points"` // on the essay's own scale; -1 for none yet
	Comment string     `bun:"draft_comment"`
	Device  string     `bun:"device"`
	Version int        `bun:"version"` // of a new one: the version that the page last saw
	SavedAt *time.Time `bun:"saved_at"`
}

// StaleDraft is the error of a draft that another page of the same grader saved first;
// Current is what that page holds.
type StaleDraft struct{ Current GradingDraft }

// Error is for logs.
func (StaleDraft) Error() string { return "the draft was saved elsewhere first" }

func (d GradingDraft) validate() error {
	switch {
	case d.Points < -1 || d.Points > Points || d.Version < 0:
		return fault.Invalid("points", "assessment.grading.points")
	case utf8.RuneCountInString(d.Comment) > LongestRemark:
		return fault.Invalid("comment", "assessment.grade.long", "Most", LongestRemark)
	case d.Device == "" || len(d.Device) > longestDevice:
		return fault.Invalid("device", "assessment.answer.odd")
	}
	return nil
}

// KeepDraft keeps what the viewer has put down for a text, and the text theirs for
// longer where nobody else reads it: until is nil where somebody does, and nothing is
// lost. The version that the page last saw must be the one that counts, else StaleDraft.
// fault.Conflict once the text has the points it waits for, fault.NotFound and
// fault.Forbidden as Grade.
func (s Store) KeepDraft(ctx context.Context, v people.Viewer, ref GradingText, d GradingDraft) (kept GradingDraft, until *time.Time, err error) {
	if err := d.validate(); err != nil {
		return kept, nil, err
	}
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		t, err := s.find(ctx, v, ref)
		if err != nil {
			return err
		}
		if kept, err = s.keepDraft(ctx, v, t, d); err != nil {
			return err
		}
		end, err := s.claim(ctx, v, t)
		if err == nil {
			until = &end
		} else if errors.Is(err, errTaken) {
			err = nil
		}
		return err
	})
	return kept, until, err
}

var errNoDraft = errors.New("no draft was kept")

func (s Store) keepDraft(ctx context.Context, v people.Viewer, t ToGrade, d GradingDraft) (GradingDraft, error) {
	now := s.now()
	allowed := s.essays(v).Where("attempt.id = ? AND question.id = ?", t.AttemptID, t.QuestionID).Apply(cohorts.NotOverOneself(v, s.people.Today())).
		ColumnExpr("attempt.id, question.id, ?, ?, ?, ?, ?, ?", v.Person(), d.Points, d.Comment, d.Device, d.Version+1, now)
	// Of a text that has points only who has taken it up again keeps a draft.
	wanted := allowed.Clone().Where("attempt.released_at IS NULL").Where("(NOT "+hasLine+` OR EXISTS (SELECT 1 FROM grading_claims AS claim
		WHERE claim.attempt_id = attempt.id AND claim.question_id = question.id AND claim.by_person = ?))`, v.Person()).
		Where("("+hasLine+" OR "+markersOf+" = 1 OR NOT EXISTS (SELECT 1 "+marksOf+" AND mark.by_person = ?))", v.Person())
	res, err := s.db.NewRaw(`INSERT INTO grading_drafts (attempt_id, question_id, by_person, points, comment, device, version, saved_at) ?
		ON CONFLICT (attempt_id, question_id, by_person) DO UPDATE SET points = EXCLUDED.points, comment = EXCLUDED.comment, device = EXCLUDED.device,
			version = EXCLUDED.version, saved_at = EXCLUDED.saved_at WHERE grading_drafts.version = EXCLUDED.version - 1`, wanted).Exec(ctx)
	if err := database.Changed(res, err, errNoDraft); !errors.Is(err, errNoDraft) {
		d.Version, d.SavedAt = d.Version+1, &now
		return d, err
	}
	if open, err := wanted.Exists(ctx); err != nil {
		return d, err
	} else if !open {
		return d, s.whyNot(ctx, allowed, fault.Conflict("assessment.grade.meanwhile"))
	}
	current, err := s.draft(ctx, v, t)
	if err != nil {
		return d, err
	}
	if current.Device == d.Device && current.Points == d.Points && current.Comment == d.Comment {
		return current, nil // the same bytes again: their yes was lost
	}
	return d, StaleDraft{current}
}

// draft is what the viewer has put down for a text; its version is 0 where there is nothing.
func (s Store) draft(ctx context.Context, v people.Viewer, t ToGrade) (GradingDraft, error) {
	var list []GradingDraft
	err := s.db.NewRaw(`SELECT points AS draft_points, comment AS draft_comment, device, version, saved_at FROM grading_drafts
		WHERE attempt_id = ? AND question_id = ? AND by_person = ?`, t.AttemptID, t.QuestionID, v.Person()).Scan(ctx, &list)
	if err != nil || len(list) == 0 {
		return GradingDraft{Points: -1}, err
	}
	return list[0], nil
}

// dropDrafts takes out what a grader put down for a text, and who is "" what everybody did.
func (s Store) dropDrafts(ctx context.Context, t ToGrade, who people.PersonID) error {
	_, err := s.db.NewRaw(`DELETE FROM grading_drafts WHERE attempt_id = ? AND question_id = ? AND (? = '' OR by_person = ?)`, t.AttemptID, t.QuestionID, who, who).Exec(ctx)
	return err
}
