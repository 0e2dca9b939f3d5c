package content

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Submit hands a draft in for review: nobody changes it until a reviewer has answered or
// it is taken back. Fails with fault.Conflict while its texts have problems, when it was
// handed in already, and when another version was published since it was begun.
func (s Store) Submit(ctx context.Context, v people.Viewer, id DraftID, discipline Discipline, note string) error {
	handed := Submission{ID: SubmissionID(database.NewID()), DraftID: id, Discipline: discipline, Note: note, SubmittedBy: v.Person(), SubmittedAt: s.now()}
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		in := s.In(tx)
		if _, _, err := in.Draft(ctx, v, id); err != nil {
			return err
		}
		if err := handed.validate(); err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(&handed).Exec(ctx); err != nil {
			return fmt.Errorf("submission of draft %q: %w", id, err)
		}
		result, err := tx.NewRaw(`UPDATE drafts SET state = ?, submission_id = ? WHERE id = ? AND state = ?`, Waiting, handed.ID, id, Writing).Exec(ctx)
		if err := database.Changed(result, err, fault.Conflict("content.draft.not_writing")); err != nil {
			return err
		}
		// The draft's row is held: what is read now is what the reviewer will see.
		if err := in.keepStanding(ctx, id, ""); err != nil {
			return err
		}
		d, texts, err := in.Draft(ctx, v, id)
		if err != nil {
			return err
		}
		return in.fit(ctx, v, d, texts)
	})
}

// fit says whether a draft could be published as it stands.
func (s Store) fit(ctx context.Context, v people.Viewer, d Draft, texts Texts) error {
	if d.Behind() {
		return fault.Conflict("content.draft.behind")
	}
	b, err := s.Bench(ctx, v, d, texts, "", "")
	if err != nil {
		return err
	}
	if b.Problems() > 0 {
		return fault.Conflict("content.draft.problems", "Count", b.Problems())
	}
	standing, err := s.standingCheck(ctx, d.ModuleID)
	if err != nil {
		return err
	}
	_, err = standing.changes(d, texts)
	return err
}

// TakeBack takes a draft back from review, so that it can be changed again.
func (s Store) TakeBack(ctx context.Context, v people.Viewer, id DraftID) error {
	return s.moveOn(ctx, v, id, Waiting, Writing)
}

// Withdraw gives a draft up. Its revisions stay; the module is as it was.
func (s Store) Withdraw(ctx context.Context, v people.Viewer, id DraftID) error {
	return s.moveOn(ctx, v, id, Writing, Withdrawn)
}

func (s Store) moveOn(ctx context.Context, v people.Viewer, id DraftID, from, to DraftState) error {
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, _, err := s.In(tx).Draft(ctx, v, id); err != nil {
			return err
		}
		result, err := tx.NewRaw(`UPDATE drafts SET state = ?, submission_id = NULL, changed_by = ?, changed_at = ? WHERE id = ? AND state = ?`,
			to, v.Person(), s.now(), id, from).Exec(ctx)
		return database.Changed(result, err, fault.Conflict("content.draft.moved"))
	})
}

// BringUpToDate lets a draft change the module's newest version, and its newest check, in
// place of those with which it began. Its texts stay as they are: what the newer version changed is seen in
// the differences and taken over by hand.
func (s Store) BringUpToDate(ctx context.Context, v people.Viewer, id DraftID) error {
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		d, _, err := s.In(tx).Draft(ctx, v, id)
		if err != nil {
			return err
		}
		check, err := s.In(tx).standingCheck(ctx, d.ModuleID)
		if err != nil {
			return err
		}
		result, err := tx.NewRaw(`UPDATE drafts SET base_version = ?, base_check = ?, changed_by = ?, changed_at = ? WHERE id = ? AND state = ? AND base_version = ?`,
			d.Newest, check.version, v.Person(), s.now(), id, Writing, d.BaseVersion).Exec(ctx)
		return database.Changed(result, err, fault.Conflict("content.draft.moved"))
	})
}

// Review answers a submission. Only who wrote nothing in the draft and comes from another
// discipline may; fault.Conflict says which of it is missing, or that the draft has moved
// on meanwhile. An approved draft is published in the same transaction and its version
// returned; a returned one goes back to its authors with the comment, and 0 is returned.
func (s Store) Review(ctx context.Context, v people.Viewer, r Review) (version int, err error) {
	r.ID, r.ReviewedBy, r.ReviewedAt = database.NewID(), v.Person(), s.now()
	state := Published
	if r.Verdict == Returned {
		state = Writing
	}
	err = database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		in := s.In(tx)
		if _, _, err := in.Draft(ctx, v, r.DraftID); err != nil {
			return err
		}
		if err := r.validate(); err != nil {
			return err
		}
		result, err := tx.NewRaw(`UPDATE drafts AS draft SET state = ? WHERE id = ? AND state = ? AND submission_id = ? AND NOT (`+hasAHandIn+`)
			AND EXISTS (SELECT 1 FROM draft_submissions AS handed WHERE handed.id = draft.submission_id AND handed.discipline <> ?)`,
			state, r.DraftID, Waiting, r.SubmissionID, v.Person(), v.Person(), v.Person(), r.Discipline).Exec(ctx)
		if err := database.Changed(result, err, errRefused); err != nil {
			if errors.Is(err, errRefused) {
				return in.whyRefused(ctx, v, r)
			}
			return err
		}
		if _, err := tx.NewInsert().Model(&r).Exec(ctx); err != nil {
			return fmt.Errorf("review of draft %q: %w", r.DraftID, err)
		}
		if r.Verdict == Returned {
			return nil
		}
		version, err = in.publish(ctx, v, r)
		return err
	})
	if database.Unique(err) {
		err = fault.Conflict("content.draft.moved")
	}
	return version, err
}

var errRefused = errors.New("the statement refused the review")

// whyRefused finds the sentence for a review that the statement refused.
func (s Store) whyRefused(ctx context.Context, v people.Viewer, r Review) error {
	d, _, err := s.Draft(ctx, v, r.DraftID)
	if err != nil {
		return err
	}
	if d.State != Waiting || d.SubmissionID != r.SubmissionID {
		return fault.Conflict("content.draft.moved")
	}
	wrote, err := s.Wrote(ctx, v, d)
	if err != nil {
		return err
	}
	if wrote {
		return fault.Conflict("content.draft.own")
	}
	return fault.Invalid("discipline", "content.draft.same_discipline")
}

// Wrote says whether the viewer has a hand in a draft, and so can't review it.
func (s Store) Wrote(ctx context.Context, v people.Viewer, d Draft) (bool, error) {
	return s.db.NewSelect().Model((*Draft)(nil)).Where("draft.id = ?", d.ID).Where(hasAHandIn, v.Person(), v.Person(), v.Person()).Exists(ctx)
}

// Way is what happened to a draft: its submissions and the answers to them, oldest first.
type Way struct {
	Submission
	Answer *Review
}

// WayOf tells a draft's submissions with their answers.
func (s Store) WayOf(ctx context.Context, v people.Viewer, id DraftID) ([]Way, error) {
	var handed []Submission
	err := s.db.NewSelect().Model(&handed).ColumnExpr("submission.*").ColumnExpr(nameOf("by_person")+" AS submitted_by_name").
		Join("JOIN persons AS by_person ON by_person.id = submission.submitted_by").
		Join("JOIN drafts AS draft ON draft.id = submission.draft_id").Apply(draftsVisibleTo(v)).
		Where("submission.draft_id = ?", id).OrderExpr("submission.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("submissions of draft %q: %w", id, err)
	}
	var answers []Review
	err = s.db.NewSelect().Model(&answers).ColumnExpr("review.*").ColumnExpr(nameOf("by_person")+" AS reviewed_by_name").
		Join("JOIN persons AS by_person ON by_person.id = review.reviewed_by").
		Join("JOIN drafts AS draft ON draft.id = review.draft_id").Apply(draftsVisibleTo(v)).
		Where("review.draft_id = ?", id).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("reviews of draft %q: %w", id, err)
	}
	ways := make([]Way, len(handed))
	for i, one := range handed {
		ways[i] = Way{Submission: one}
		for j := range answers {
			if answers[j].SubmissionID == one.ID {
				ways[i].Answer = &answers[j]
			}
		}
	}
	return ways, nil
}
