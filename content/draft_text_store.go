package content

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Save keeps a text of a draft as a new revision, based on the one that the author had
// before them. Where that one stands no more, because somebody else saved meanwhile or the
// draft was handed in or closed, the new revision is kept aside (Revision.Aside) and the text stays
// as it is: nobody overwrites another and nothing typed is lost. What stands already is
// not stored again. Fails with fault.NotFound for a draft that the viewer may not see.
func (s Store) Save(ctx context.Context, v people.Viewer, id DraftID, part Part, based RevisionID, source string) (Revision, error) {
	if !part.Known() {
		return Revision{}, fault.NotFound
	}
	if len(source) > longestText {
		return Revision{}, fault.Invalid("source", "content.draft.text_long", "Kilobytes", longestText>>10)
	}
	r := Revision{ID: RevisionID(database.NewID()), DraftID: id, Part: part, BasedOn: based, Source: tidy(source), SavedBy: v.Person(), SavedAt: s.now()}
	err := database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		in := s.In(tx)
		known, err := in.savedAlready(ctx, v, r)
		if err != nil || known.ID != "" {
			r = known
			return err
		}
		// The draft's row is held from here on: a review that comes meanwhile waits, and so does another save.
		writing, err := changed(tx.NewRaw(`UPDATE drafts SET changed_by = ?, changed_at = ? WHERE id = ? AND state = ?`, v.Person(), r.SavedAt, id, Writing).Exec(ctx))
		if err != nil {
			return err
		}
		r.Aside = true
		if writing {
			moved, err := changed(tx.NewRaw(`UPDATE draft_texts SET head = ? WHERE draft_id = ? AND part = ? AND head = ?`, r.ID, id, part, based).Exec(ctx))
			if err != nil {
				return err
			}
			r.Aside = !moved
		}
		if _, err := tx.NewInsert().Model(&r).Exec(ctx); err != nil {
			return fmt.Errorf("revision of draft %q: %w", id, err)
		}
		if r.Aside {
			return in.keepStanding(ctx, id, based)
		}
		if part != EnglishText {
			return nil
		}
		if title := titleOf(r.Source, ""); title != "" {
			_, err = tx.NewRaw(`UPDATE drafts SET title = ? WHERE id = ?`, title, id).Exec(ctx)
		}
		return err
	})
	if err != nil {
		return Revision{}, err
	}
	return r, nil
}

// savedAlready finds the revision that a save would only repeat: the one that stands, or
// one that the same person has kept aside. Fails with fault.NotFound for a draft that the
// viewer may not see and for a revision that is not of this text.
func (s Store) savedAlready(ctx context.Context, v people.Viewer, r Revision) (Revision, error) {
	_, texts, err := s.Draft(ctx, v, r.DraftID)
	if err != nil {
		return r, err
	}
	var bases []Revision
	err = s.db.NewSelect().Model(&bases).Where("revision.draft_id = ? AND revision.part = ?", r.DraftID, r.Part).
		Where("(revision.id = ? OR (revision.based_on = ? AND revision.aside AND revision.saved_by = ?))", r.BasedOn, r.BasedOn, v.Person()).Scan(ctx)
	if err != nil {
		return r, fmt.Errorf("revisions of draft %q: %w", r.DraftID, err)
	}
	there := false
	for _, known := range bases {
		there = there || known.ID == r.BasedOn
		if known.Aside && known.Source == r.Source && known.ID != r.BasedOn {
			return known, nil
		}
	}
	if !there {
		return r, fmt.Errorf("revision %q: %w", r.BasedOn, fault.NotFound)
	}
	if head := texts[r.Part]; head.Source == r.Source {
		return head, nil
	}
	return Revision{}, nil
}

// changed says whether a statement changed a row.
func changed(result interface{ RowsAffected() (int64, error) }, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// hasText narrows a query on draft_revisions (alias revision) to those whose text is there.
const hasText = "(revision.kept IS NULL OR revision.kept)"

// Revision is one saved state of a text of a draft that the viewer may see.
func (s Store) Revision(ctx context.Context, v people.Viewer, id DraftID, revision RevisionID) (Revision, error) {
	var r Revision
	err := s.db.NewSelect().Model(&r).ColumnExpr("revision.*").ColumnExpr(nameOf("by_person")+" AS saved_by_name").
		Join("JOIN persons AS by_person ON by_person.id = revision.saved_by").
		Join("JOIN drafts AS draft ON draft.id = revision.draft_id").Apply(draftsVisibleTo(v)).
		Where("revision.draft_id = ? AND revision.id = ?", id, revision).Where(hasText).Scan(ctx)
	if err != nil {
		return r, fmt.Errorf("revision %q: %w", revision, database.One(err))
	}
	return r, nil
}

// Revisions are what was saved in a draft, the newest first and without the texts, at
// most limit of them, before a revision unless that is "".
func (s Store) Revisions(ctx context.Context, v people.Viewer, id DraftID, before RevisionID, limit int) ([]Revision, error) {
	revisions := []Revision{}
	q := s.db.NewSelect().Model(&revisions).ColumnExpr("revision.id, revision.draft_id, revision.part, revision.aside, revision.saved_by, revision.saved_at").
		ColumnExpr(nameOf("by_person")+" AS saved_by_name").
		Join("JOIN persons AS by_person ON by_person.id = revision.saved_by").
		Join("JOIN drafts AS draft ON draft.id = revision.draft_id").Apply(draftsVisibleTo(v)).
		Where("revision.draft_id = ?", id).Where(hasText).Where("(revision.based_on IS NOT NULL OR revision.part = ?)", EnglishText)
	if before != "" {
		q = q.Where("revision.id < ?", before)
	}
	if err := q.OrderExpr("revision.id DESC").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("revisions of draft %q: %w", id, err)
	}
	return revisions, nil
}

// PublishedText is a text of the version that a draft changes, as its author would write
// it; "" when there is none.
func (s Store) PublishedText(ctx context.Context, v people.Viewer, d Draft, part Part) (string, error) {
	var sources []string
	var err error
	switch {
	case d.ProtocolID != "":
		err = s.db.NewSelect().Model((*Protocol)(nil)).Column("source").Apply(ProtocolsVisibleTo(v, s.now())).
			Where("pv.protocol_id = ? AND pv.version = ? AND pv.lang = ?", d.ProtocolID, d.BaseVersion, part.Lang()).Scan(ctx, &sources)
	case part.Check():
		check, err := s.standingCheck(ctx, d.ModuleID)
		return check.texts[part], err
	case part.Guide():
		err = s.db.NewSelect().Table("guides").Column("source").
			Where("module_id = ? AND version = ? AND lang = ?", d.ModuleID, d.BaseVersion, part.Lang()).Scan(ctx, &sources)
	default:
		err = s.db.NewSelect().Model((*Module)(nil)).Column("source").Apply(VisibleTo(v, s.now())).
			Where("mv.module_id = ? AND mv.version = ? AND mv.lang = ?", d.ModuleID, d.BaseVersion, part.Lang()).Scan(ctx, &sources)
	}
	if err != nil {
		return "", fmt.Errorf("published text of draft %q: %w", d.ID, err)
	}
	if len(sources) == 0 {
		return "", nil
	}
	return unstamped(sources[0]), nil
}
