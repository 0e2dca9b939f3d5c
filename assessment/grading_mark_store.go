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

// GradingMark is what one of two graders gave.
type GradingMark struct {
	Points   int             `bun:"points"` // of Points
	Comment  string          `bun:"comment"`
	ByPerson people.PersonID `bun:"by_person"`
	By       string          `bun:"by"` // first name
	At       time.Time       `bun:"at"`
}

// NewMark is points for a text, on the essay's own scale.
type NewMark struct {
	GradingText
	Points  int
	Comment string // to the trainee
	Seen    int    // the newest line that the grader saw, 0 for none
	Reason  string // why a result that counts is changed
}

// MarkText gives a text the viewer's points. Where one grader is enough, or the text has
// points that are changed, they are its grade; where it needs two, they are kept as the
// viewer's mark, and become the grade when the other's is the same. The same points again,
// as from a button pressed twice, change nothing. fault.Conflict where
// somebody else reads the text, has graded it meanwhile, or its result counts;
// fault.NotFound and fault.Forbidden as Grade.
func (s Store) MarkText(ctx context.Context, v people.Viewer, n NewMark) error {
	err := s.onText(ctx, v, n, func(ctx context.Context, s Store, t ToGrade, points int) error {
		if _, err := s.claim(ctx, v, t); err != nil {
			return err
		}
		if t.Markers > 1 && n.Seen == 0 {
			return s.mark(ctx, v, t, points, n.Comment)
		}
		return s.settle(ctx, v, t, Grade{Points: points, Source: Graded, Seen: n.Seen, Comment: n.Comment})
	})
	var conflict *fault.ConflictError
	if errors.As(err, &conflict) {
		return s.unlessGiven(ctx, v, n, err)
	}
	return taken(err)
}

// unlessGiven is nil in the place of a conflict where the viewer has given just these
// points before.
func (s Store) unlessGiven(ctx context.Context, v people.Viewer, n NewMark, came error) error {
	t, err := s.find(ctx, v, n.GradingText)
	if err != nil {
		return err
	}
	var given GivenDraft
	err = s.givenBy(ctx, v, t, came)
	if errors.As(err, &given) {
		if given.Given.Points == n.Points && given.Given.Comment == n.Comment && (given.Seq == 0 || given.Seq == n.Seen+1) {
			return nil
		}
		return came
	}
	return err
}

// SettleText says which points count where two marks differ: by one of the two graders,
// or who runs the sector. Of two at once one gets fault.Conflict.
func (s Store) SettleText(ctx context.Context, v people.Viewer, n NewMark) error {
	return s.onText(ctx, v, n, func(ctx context.Context, s Store, t ToGrade, points int) error {
		marks, err := s.marks(ctx, t)
		if err != nil {
			return err
		}
		own := v.RunsSector()
		for _, mark := range marks {
			own = own || mark.ByPerson == v.Person()
		}
		switch {
		case len(marks) < 2:
			return fault.Conflict("assessment.grading.one_mark")
		case !own:
			return fault.Forbidden
		}
		return s.settle(ctx, v, t, Grade{Points: points, Source: Graded, Comment: n.Comment})
	})
}

// OverrideText changes the points of a result that counts, with a reason.
func (s Store) OverrideText(ctx context.Context, v people.Viewer, n NewMark) error {
	return s.onText(ctx, v, n, func(ctx context.Context, s Store, t ToGrade, points int) error {
		return s.settle(ctx, v, t, Grade{Points: points, Source: Override, Seen: n.Seen, Reason: n.Reason, Comment: n.Comment})
	})
}

// onText finds a text, holds its attempt for the rest of the transaction, and hands both
// with the points, of Points, to what is to be done.
func (s Store) onText(ctx context.Context, v people.Viewer, n NewMark, do func(context.Context, Store, ToGrade, int) error) error {
	if utf8.RuneCountInString(n.Comment) > LongestRemark {
		return fault.Invalid("comment", "assessment.grade.long", "Most", LongestRemark)
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		t, err := s.find(ctx, v, n.GradingText)
		if err != nil {
			return err
		}
		attempt, err := s.holdFor(ctx, v, t.AttemptID)
		if err != nil {
			return err
		}
		var question Question
		if err := s.db.NewSelect().Model(&question).Where("quiz_hash = ? AND id = ?", attempt.QuizHash, t.QuestionID).Scan(ctx); err != nil {
			return fmt.Errorf("question %q: %w", t.QuestionID, database.One(err))
		}
		if n.Points < 0 || n.Points > question.Body.Points {
			return fault.Invalid("points", "assessment.grading.points")
		}
		t.ReleasedAt = attempt.ReleasedAt
		return do(ctx, s, t, question.PointsOf(n.Points))
	})
}

// settle writes the grade of a text and takes away what was only on the way to it.
func (s Store) settle(ctx context.Context, v people.Viewer, t ToGrade, g Grade) error {
	g.Attempt, g.Question = t.AttemptID, t.QuestionID
	if err := s.Grade(ctx, v, g); err != nil {
		return err
	}
	if _, err := s.db.NewRaw(`DELETE FROM grading_claims WHERE attempt_id = ? AND question_id = ?`, t.AttemptID, t.QuestionID).Exec(ctx); err != nil {
		return err
	}
	return s.dropDrafts(ctx, t, "")
}

// mark keeps the viewer's mark of a text that needs two, once, and lets equal marks be
// the grade.
func (s Store) mark(ctx context.Context, v people.Viewer, t ToGrade, points int, comment string) error {
	allowed := s.essays(v).Where("attempt.id = ? AND question.id = ?", t.AttemptID, t.QuestionID).Apply(cohorts.NotOverOneself(v, s.people.Today())).
		ColumnExpr("?, attempt.id, question.id, ?, ?, ?, ?", database.NewID(), points, comment, v.Person(), s.now())
	res, err := s.db.NewRaw(`INSERT INTO grading_marks (id, attempt_id, question_id, points, comment, by_person, at) ? ON CONFLICT DO NOTHING`,
		allowed.Clone().Where("NOT "+hasLine+" AND (SELECT COUNT(*) "+marksOf+") < 2")).Exec(ctx)
	if err := database.Changed(res, err, errNotWritten); errors.Is(err, errNotWritten) {
		return s.whyNot(ctx, allowed, fault.Conflict("assessment.grade.meanwhile"))
	} else if err != nil {
		return err
	}
	marks, err := s.marks(ctx, t)
	if err != nil {
		return err
	}
	if len(marks) == 2 && marks[0].Points == marks[1].Points {
		return s.settle(ctx, v, t, Grade{Points: points, Source: Graded, Comment: both(marks)})
	}
	if _, err := s.db.NewRaw(`DELETE FROM grading_claims WHERE attempt_id = ? AND question_id = ?`, t.AttemptID, t.QuestionID).Exec(ctx); err != nil {
		return err
	}
	return s.dropDrafts(ctx, t, v.Person())
}

// both are the comments of two marks.
func both(marks []GradingMark) string {
	first, second := marks[0].Comment, marks[1].Comment
	if first == "" || second == "" || first == second {
		return max(first, second)
	}
	return first + "\n\n" + second
}

// marks are those of a text, the older first.
func (s Store) marks(ctx context.Context, t ToGrade) ([]GradingMark, error) {
	list := []GradingMark{}
	err := s.db.NewSelect().TableExpr("grading_marks AS mark").ColumnExpr("mark.points, mark.comment, mark.by_person, mark.at").
		ColumnExpr("COALESCE(NULLIF(person.chosen_name, ''), person.given_name) AS by").
		Join("JOIN persons AS person ON person.id = mark.by_person").
		Where("mark.attempt_id = ? AND mark.question_id = ?", t.AttemptID, t.QuestionID).Order("mark.id").Scan(ctx, &list)
	return list, err
}

// SetMarkers says how many graders, one or two, each text of a module's check needs in a
// cohort that the viewer runs. fault.Conflict while a mark waits for its second, or two
// differ: they were made under what was said then.
func (s Store) SetMarkers(ctx context.Context, v people.Viewer, cohort cohorts.CohortID, moduleID string, markers int) error {
	if markers != 1 && markers != 2 {
		return fault.Invalid("markers", "assessment.grading.markers_odd")
	}
	seen := s.db.NewSelect().TableExpr("cohorts AS cohort").
		ColumnExpr("cohort.id, ?, ?, ?, ?", moduleID, markers, nullPerson(v), s.now()).
		Where("cohort.id = ? AND EXISTS (SELECT 1 FROM edition_modules AS em WHERE em.edition_id = cohort.edition_id AND em.module_id = ?)", cohort, moduleID).
		Apply(cohorts.RunBy(v))
	res, err := s.db.NewRaw(`INSERT INTO grading_markers (cohort_id, module_id, markers, by_person, at) ?
		ON CONFLICT (cohort_id, module_id) DO UPDATE SET markers = EXCLUDED.markers, by_person = EXCLUDED.by_person, at = EXCLUDED.at`,
		seen.Clone().Where(`NOT EXISTS (SELECT 1 FROM grading_marks AS mark JOIN attempts AS attempt ON attempt.id = mark.attempt_id
			JOIN enrolments AS enrolment ON enrolment.id = attempt.enrolment_id
			WHERE enrolment.cohort_id = cohort.id AND attempt.module_id = ? AND NOT EXISTS (SELECT 1 FROM grade_lines AS line
				WHERE line.attempt_id = mark.attempt_id AND line.question_id = mark.question_id))`, moduleID)).Exec(ctx)
	if err := database.Changed(res, err, errNotWritten); !errors.Is(err, errNotWritten) {
		return err
	}
	there, err := seen.Exists(ctx)
	if err == nil && !there {
		err = fault.NotFound
	}
	if err != nil {
		return fmt.Errorf("markers of %q: %w", moduleID, err)
	}
	return fault.Conflict("assessment.grading.markers_later")
}
