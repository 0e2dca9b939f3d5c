package assessment

import (
	"context"
	"errors"
	"strings"
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

// GivenDraft is the error of a draft for a text that has its points, and they are the
// viewer's own: Given is what they gave, maybe on another page, and Seq its line, 0 while
// it waits for a second grader's.
type GivenDraft struct {
	Given GradingDraft
	Seq   int
}

// Error is for logs.
func (GivenDraft) Error() string { return "the viewer has given the text its points" }

// Unwrap says it to a reader.
func (GivenDraft) Unwrap() error { return fault.Conflict("assessment.grading.given") }

// Holds says whether nothing of a draft is missing in what was given.
func (g GivenDraft) Holds(d GradingDraft) bool {
	return (d.Points < 0 || d.Points == g.Given.Points) && strings.Contains(g.Given.Comment, d.Comment)
}

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
// fault.Conflict once the text has the points it waits for, GivenDraft where they are the
// viewer's own; fault.NotFound and fault.Forbidden as Grade.
func (s Store) KeepDraft(ctx context.Context, v people.Viewer, ref GradingText, d GradingDraft) (kept GradingDraft, until *time.Time, err error) {
	if err := d.validate(); err != nil {
		return kept, nil, err
	}
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		t, err := s.find(ctx, v, ref)
		if err != nil {
			return err
		}
		if err := s.unlessHeld(ctx, v, t, d); err != nil {
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
		return d, s.givenBy(ctx, v, t, s.whyNot(ctx, allowed, fault.Conflict("assessment.grade.meanwhile")))
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

// givenBy is GivenDraft in the place of a conflict where the newest points of a text are
// the viewer's own, else the error that came.
func (s Store) givenBy(ctx context.Context, v people.Viewer, t ToGrade, came error) error {
	var conflict *fault.ConflictError
	if !errors.As(came, &conflict) {
		return came
	}
	row := struct {
		Question
		Given   int       `bun:"given"`
		Comment string    `bun:"comment"`
		Seq     int       `bun:"seq"`
		At      time.Time `bun:"at"`
	}{}
	own := s.db.NewRaw(`SELECT line.points, line.comment, line.seq, line.at FROM grade_lines AS line
			WHERE line.attempt_id = ? AND line.question_id = ? AND line.by_person = ? AND NOT EXISTS (SELECT 1 FROM grade_lines AS later
				WHERE later.attempt_id = line.attempt_id AND later.question_id = line.question_id AND later.seq > line.seq)
		UNION ALL SELECT mark.points, mark.comment, 0, mark.at FROM grading_marks AS mark
			WHERE mark.attempt_id = ? AND mark.question_id = ? AND mark.by_person = ? AND NOT EXISTS (SELECT 1 FROM grade_lines AS line
				WHERE line.attempt_id = mark.attempt_id AND line.question_id = mark.question_id)`,
		t.AttemptID, t.QuestionID, v.Person(), t.AttemptID, t.QuestionID, v.Person())
	err := s.essays(v).ColumnExpr("question.*, own.points AS given, own.comment, own.seq, own.at").
		Join("JOIN (?) AS own ON 1 = 1", own).
		Where("attempt.id = ? AND question.id = ?", t.AttemptID, t.QuestionID).Scan(ctx, &row)
	if errors.Is(database.One(err), fault.NotFound) {
		return came
	}
	if err != nil {
		return err
	}
	return GivenDraft{GradingDraft{Points: row.Question.Given(row.Given), Comment: row.Comment, SavedAt: &row.At}, row.Seq}
}

// unlessHeld is GivenDraft for a first draft in which nothing is that the viewer's own
// points don't hold: it comes in behind them.
func (s Store) unlessHeld(ctx context.Context, v people.Viewer, t ToGrade, d GradingDraft) error {
	if t.Seq == 0 || d.Version > 0 {
		return nil
	}
	current, err := s.draft(ctx, v, t)
	if err != nil || current.Version > 0 {
		return err
	}
	var given GivenDraft
	var conflict *fault.ConflictError
	err = s.givenBy(ctx, v, t, fault.Conflict("assessment.grade.meanwhile"))
	switch {
	case errors.As(err, &given) && given.Holds(d):
		return given
	case errors.As(err, &conflict):
		return nil
	}
	return err
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
