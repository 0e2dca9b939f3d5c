package assessment

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

var errTaken = errors.New("somebody else reads it")

// claim makes a text the viewer's for ClaimedFor, from now on, where nobody else reads
// it. It is decided in the statement: of two graders at once one gets errTaken.
// fault.Forbidden under rule 17, fault.Conflict once the result counts.
func (s Store) claim(ctx context.Context, v people.Viewer, t ToGrade) (until time.Time, err error) {
	until = s.now().Add(ClaimedFor)
	allowed := s.essays(v).Where("attempt.id = ? AND question.id = ?", t.AttemptID, t.QuestionID).
		Apply(cohorts.NotOverOneself(v, s.people.Today())).ColumnExpr("attempt.id, question.id, ?, ?", v.Person(), until)
	res, err := s.db.NewRaw(`INSERT INTO grading_claims (attempt_id, question_id, by_person, until) ?
		ON CONFLICT (attempt_id, question_id) DO UPDATE SET by_person = EXCLUDED.by_person, until = EXCLUDED.until
		WHERE grading_claims.by_person = EXCLUDED.by_person OR grading_claims.until <= ?`,
		allowed.Clone().Where("attempt.released_at IS NULL"), s.now()).Exec(ctx)
	if err := database.Changed(res, err, errTaken); !errors.Is(err, errTaken) {
		return until, err
	}
	if t.ReleasedAt != nil {
		return until, s.whyNot(ctx, allowed, fault.Conflict("assessment.grading.released"))
	}
	return until, s.whyNot(ctx, allowed, errTaken)
}

// ClaimText makes a text the viewer's for ClaimedFor, or theirs for longer, and gives what
// they have put down for it, maybe on another page. fault.Conflict where somebody else reads it or its result counts, fault.NotFound and
// fault.Forbidden as Grade.
func (s Store) ClaimText(ctx context.Context, v people.Viewer, ref GradingText) (until time.Time, d GradingDraft, err error) {
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		t, err := s.find(ctx, v, ref)
		if err != nil {
			return err
		}
		if until, err = s.claim(ctx, v, t); err != nil {
			return err
		}
		d, err = s.draft(ctx, v, t)
		return err
	})
	return until, d, taken(err)
}

// taken says errTaken in words.
func taken(err error) error {
	if errors.Is(err, errTaken) {
		return fault.Conflict("assessment.grading.taken")
	}
	return err
}

// NextText takes the next text of an order that wants the viewer's points and that nobody
// else reads, after the one with a handle and then from the beginning, and gives its
// handle; "" where there is none. What the viewer read until now is free again.
func (s Store) NextText(ctx context.Context, v people.Viewer, o GradingOrder, after string) (string, error) {
	list, err := s.GradingIn(ctx, v, o)
	if err != nil {
		return "", err
	}
	for _, t := range around(list, after) {
		if t.State() == TextTaken || !t.Open() {
			continue
		}
		got, err := s.takeOpen(ctx, v, t)
		if err != nil || got {
			return t.Handle, errors.Join(err, s.leaveOthers(ctx, v, t))
		}
	}
	return "", s.leaveOthers(ctx, v, ToGrade{})
}

// takeOpen takes a text that wants points, and sees once it is held that it still does.
func (s Store) takeOpen(ctx context.Context, v people.Viewer, t ToGrade) (got bool, err error) {
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, err := s.claim(ctx, v, t); err != nil {
			return err
		}
		open, err := s.essays(v).ColumnExpr("1").Where("attempt.id = ? AND question.id = ? AND NOT "+hasLine, t.AttemptID, t.QuestionID).
			Where("("+markersOf+" = 1 OR (SELECT COUNT(*) "+marksOf+") < 2 AND NOT EXISTS (SELECT 1 "+marksOf+" AND mark.by_person = ?))", v.Person()).Exists(ctx)
		if err == nil && !open {
			err = errTaken
		}
		return err
	})
	if errors.Is(err, errTaken) {
		return false, nil
	}
	return err == nil, err
}

// PreviousText takes the text before one in an order, whatever has become of it, so that
// a grade just given can be looked at again; "" where it is the first. What somebody else
// reads is passed over.
func (s Store) PreviousText(ctx context.Context, v people.Viewer, o GradingOrder, before string) (string, error) {
	list, err := s.GradingIn(ctx, v, o)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(list, func(t ToGrade) bool { return t.Handle == before })
	for i := at - 1; i >= 0; i-- {
		switch t := list[i]; t.State() {
		case TextTaken:
		case TextReleased, TextMarked, TextDiffers:
			return t.Handle, s.leaveOthers(ctx, v, ToGrade{}) // to be looked at
		default:
			_, err := s.claim(ctx, v, t)
			if !errors.Is(err, errTaken) {
				return t.Handle, errors.Join(err, s.leaveOthers(ctx, v, t))
			}
		}
	}
	return "", nil
}

// LeaveText lets go of a text that the viewer reads.
func (s Store) LeaveText(ctx context.Context, v people.Viewer, ref GradingText) error {
	t, err := s.find(ctx, v, ref)
	if err != nil {
		return err
	}
	_, err = s.db.NewRaw(`DELETE FROM grading_claims WHERE attempt_id = ? AND question_id = ? AND by_person = ?`, t.AttemptID, t.QuestionID, v.Person()).Exec(ctx)
	return err
}

// leaveOthers lets go of all that the viewer reads but one text.
func (s Store) leaveOthers(ctx context.Context, v people.Viewer, t ToGrade) error {
	_, err := s.db.NewRaw(`DELETE FROM grading_claims WHERE by_person = ? AND NOT (attempt_id = ? AND question_id = ?)`, v.Person(), t.AttemptID, t.QuestionID).Exec(ctx)
	return err
}
