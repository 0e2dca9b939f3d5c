package courses

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Record is what the viewer has read, by module, a page at a time: of what they may see
// now. after is the last module of the page before; next is "" on the last page.
func (s Store) Record(ctx context.Context, v people.Viewer, after content.ModuleID) (list []Read, next content.ModuleID, err error) {
	err = s.read(v).Where("r.person_id = ?", v.Person()).Where("r.module_id > ?", after).
		OrderExpr("r.module_id").Limit(RecordPage+1).Scan(ctx, &list)
	if err != nil {
		return nil, "", fmt.Errorf("reading record: %w", err)
	}
	if len(list) > RecordPage {
		list = list[:RecordPage]
		next = list[RecordPage-1].ModuleID
	}
	return list, next, nil
}

// mostRead bounds a record that is carried away: more modules than the Academy will have.
const mostRead = 2000

// WholeRecord is all that the viewer has read, for them to carry away.
func (s Store) WholeRecord(ctx context.Context, v people.Viewer) (list []Read, err error) {
	err = s.read(v).Where("r.person_id = ?", v.Person()).OrderExpr("r.module_id").Limit(mostRead).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("reading record: %w", err)
	}
	return list, nil
}

// DoneBy tells which modules of an edition a person has done, when, and at which version:
// nothing of where they are in the others. It is for the person, and for rooms that have
// found the person's enrolment through their own wall. Both must be of the viewer's sector.
func (s Store) DoneBy(ctx context.Context, v people.Viewer, person people.PersonID, edition EditionID) (map[content.ModuleID]Read, error) {
	e, err := s.Edition(ctx, v, edition)
	if err != nil {
		return nil, err
	}
	done := map[content.ModuleID]Read{}
	ids := e.ModuleIDs()
	if len(ids) == 0 {
		return done, nil
	}
	var list []Read
	err = s.read(v).Join("JOIN persons ON persons.id = r.person_id").Apply(people.VisibleTo(v)).
		Where("r.person_id = ?", person).Where("r.module_id IN (?)", bun.List(ids)).Where("r.done_at IS NOT NULL").Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("modules done: %w", err)
	}
	for _, r := range list {
		// When it was opened is the reader's own.
		done[r.ModuleID] = Read{Reading: Reading{ModuleID: r.ModuleID, Hash: r.Hash, Lang: r.Lang, DoneAt: r.DoneAt},
			Title: r.Title, Version: r.Version, ReviewedOn: r.ReviewedOn, PublishedAt: r.PublishedAt}
	}
	return done, nil
}

// read joins readings with the versions that were read, those that the viewer may see.
func (s Store) read(v people.Viewer) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("readings AS r").Join("JOIN module_versions AS mv ON mv.hash = r.hash").
		ColumnExpr("r.person_id, r.module_id, r.hash, r.lang, r.opened_at, r.furthest, r.done_at").
		ColumnExpr("mv.title, mv.version, mv.reviewed_on, mv.published_at, mv.sections").
		Apply(content.VisibleTo(v, s.now()))
}
