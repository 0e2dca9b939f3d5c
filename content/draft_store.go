package content

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// draftsVisibleTo narrows a query on drafts (alias draft) to those of the viewer's
// sector, for who writes there: not of a module or protocol that the sector may not see
// outright (any more), nor of a module whose guide and answers are closed to them.
func draftsVisibleTo(v people.Viewer) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if !Writes(v) {
			return q.Where("1 = 0")
		}
		return q.Where("draft.sector = ?", v.Sector()).Apply(AnswersOpenTo(v, "draft.module_id")).
			Where(`(NOT EXISTS (SELECT 1 FROM module_versions AS any_mv WHERE any_mv.module_id = draft.module_id)
				OR EXISTS (SELECT 1 FROM module_versions AS own_mv JOIN module_sectors AS own_ms ON own_ms.hash = own_mv.hash
					WHERE own_mv.module_id = draft.module_id AND own_ms.sector = ?))`, v.Sector()).
			Where(`(NOT EXISTS (SELECT 1 FROM protocol_versions AS any_pv WHERE any_pv.protocol_id = draft.protocol_id)
				OR EXISTS (SELECT 1 FROM protocol_versions AS own_pv JOIN protocol_sectors AS own_ps ON own_ps.hash = own_pv.hash
					WHERE own_pv.protocol_id = draft.protocol_id AND own_ps.sector = ?))`, v.Sector())
	}
}

// drafts begins a query on the drafts that the viewer may see, with who changed them last.
func (s Store) drafts(v people.Viewer) *bun.SelectQuery {
	return s.db.NewSelect().Model((*Draft)(nil)).ColumnExpr("draft.*").
		ColumnExpr(nameOf("by_person") + " AS changed_by_name").
		ColumnExpr(`COALESCE((SELECT MAX(mv.version) FROM module_versions AS mv WHERE mv.module_id = draft.module_id),
			(SELECT MAX(pv.version) FROM protocol_versions AS pv WHERE pv.protocol_id = draft.protocol_id), 0) AS newest`).
		Join("JOIN persons AS by_person ON by_person.id = draft.changed_by").Apply(draftsVisibleTo(v))
}

// nameOf is a person's chosen name, as colleagues see it, with the family name.
func nameOf(alias string) string {
	return strings.ReplaceAll("TRIM(COALESCE(NULLIF(p.chosen_name, ''), p.given_name) || ' ' || p.family_name)", "p.", alias+".")
}

// Drafts are those on their way that the viewer may see: those that wait for a review
// first, then by when they were begun, at most limit of them.
func (s Store) Drafts(ctx context.Context, v people.Viewer, limit int) ([]Draft, error) {
	drafts := []Draft{}
	err := s.drafts(v).Where("draft.state IN (?, ?)", Writing, Waiting).
		OrderExpr("CASE WHEN draft.state = ? THEN 0 ELSE 1 END, draft.id", Waiting).Limit(int64(limit)).Scan(ctx, &drafts)
	if err != nil {
		return nil, fmt.Errorf("drafts: %w", err)
	}
	return drafts, nil
}

// ToReview counts the drafts that wait for the viewer: those in which others alone had a hand.
func (s Store) ToReview(ctx context.Context, v people.Viewer) (int, error) {
	n, err := s.db.NewSelect().Model((*Draft)(nil)).Apply(draftsVisibleTo(v)).Where("draft.state = ?", Waiting).
		Where("NOT ("+hasAHandIn+")", v.Person(), v.Person(), v.Person()).Count(ctx)
	return int(n), err
}

// hasAHandIn says of a draft (alias draft) whether a person, named three times, opened it,
// wrote in it or handed it in, and so can't review it.
const hasAHandIn = `draft.opened_by = ? OR EXISTS (SELECT 1 FROM draft_revisions AS own WHERE own.draft_id = draft.id AND own.saved_by = ?)
	OR EXISTS (SELECT 1 FROM draft_submissions AS handed WHERE handed.id = draft.submission_id AND handed.submitted_by = ?)`

// Draft is a draft with its texts as they stand. Fails with fault.NotFound when there
// is none that the viewer may see.
func (s Store) Draft(ctx context.Context, v people.Viewer, id DraftID) (Draft, Texts, error) {
	var d Draft
	if err := s.drafts(v).Where("draft.id = ?", id).Scan(ctx, &d); err != nil {
		return d, nil, fmt.Errorf("draft %q: %w", id, database.One(err))
	}
	var rows []Revision
	err := s.db.NewSelect().Model(&rows).ColumnExpr("revision.*").ColumnExpr(nameOf("by_person")+" AS saved_by_name").
		Join("JOIN draft_texts AS text ON text.draft_id = revision.draft_id AND text.head = revision.id").
		Join("JOIN persons AS by_person ON by_person.id = revision.saved_by").Where("revision.draft_id = ?", id).Scan(ctx)
	if err != nil {
		return d, nil, fmt.Errorf("texts of draft %q: %w", id, err)
	}
	texts := Texts{}
	for _, row := range rows {
		texts[row.Part] = row
	}
	return d, texts, nil
}

// Revise begins a draft on a module's newest version, with its texts, guides and check in
// both languages. Fails with fault.NotFound for a module that the viewer may not see outright.
func (s Store) Revise(ctx context.Context, v people.Viewer, id ModuleID) (DraftID, error) {
	if !Writes(v) {
		return "", fault.NotFound
	}
	var versions []Module
	err := s.db.NewSelect().Model(&versions).Column("module_id", "lang", "version", "title", "source").
		Where("mv.module_id = ?", id).Where("EXISTS (SELECT 1 FROM module_sectors AS ms WHERE ms.hash = mv.hash AND ms.sector = ?)", v.Sector()).
		Where("mv.version = (SELECT MAX(latest.version) FROM module_versions AS latest WHERE latest.module_id = mv.module_id)").
		Apply(AnswersOpenTo(v, "mv.module_id")).Scan(ctx)
	if err != nil {
		return "", fmt.Errorf("module %q: %w", id, err)
	}
	if len(versions) == 0 {
		return "", fmt.Errorf("module %q: %w", id, fault.NotFound)
	}
	sources := map[Part]string{}
	d := Draft{ModuleID: id, BaseVersion: versions[0].Version}
	for _, m := range versions {
		if m.Lang == English {
			d.Title = m.Title
		}
		sources[Part(m.Lang)] = unstamped(m.Source)
	}
	var guides []Guide
	if err := s.db.NewSelect().Model(&guides).Column("lang", "source").Where("g.module_id = ? AND g.version = ?", id, d.BaseVersion).Scan(ctx); err != nil {
		return "", fmt.Errorf("guides of %q: %w", id, err)
	}
	for _, g := range guides {
		sources["guide-"+Part(g.Lang)] = unstamped(g.Source)
	}
	check, err := s.standingCheck(ctx, id)
	if err != nil {
		return "", err
	}
	d.BaseCheck = check.version
	maps.Copy(sources, check.texts)
	return s.begin(ctx, v, d, sources)
}

// Kind is what a draft becomes.
type Kind string

// The kinds of what is written.
const (
	OfModule   Kind = "module"
	OfProtocol Kind = "protocol"
)

// Begin begins a draft of a new module or protocol for an audience (see Audiences). Its id
// is drawn, not chosen: what is taken on another side can't be told from it.
func (s Store) Begin(ctx context.Context, v people.Viewer, kind Kind, title string, audience Audience) (DraftID, error) {
	if !Writes(v) {
		return "", fault.NotFound
	}
	var wrong fault.InvalidError
	if title == "" {
		wrong.Add("title", "content.draft.title_missing")
	} else if len([]rune(title)) > longestTitle {
		wrong.Add("title", "content.draft.note_long", "Most", longestTitle)
	}
	if !audience.known(v.Sector()) {
		wrong.Add("audience", "content.draft.audience_missing")
	}
	if err := wrong.OrNil(); err != nil {
		return "", err
	}
	if kind == OfProtocol {
		return s.beginProtocol(ctx, v, title, audience)
	}
	for try := range 40 {
		id := ModuleID(fmt.Sprintf("N%03d", rand.IntN(1000)))
		if try >= 20 { // hundreds are taken: ids with a letter more
			id += ModuleID(rune('A' + rand.IntN(26)))
		}
		source, err := skeleton(id, title, audience)
		if err != nil {
			return "", err
		}
		draft, err := s.begin(ctx, v, Draft{ModuleID: id, FirstOf: id, Title: title}, map[Part]string{EnglishText: source})
		if !database.Unique(err) && err != errTaken {
			return draft, err
		}
	}
	return "", fault.Conflict("content.draft.again")
}

func (a Audience) known(sector people.Sector) bool {
	for _, one := range Audiences(sector) {
		if one == a {
			return true
		}
	}
	return false
}

// errTaken says that a drawn id has a text already.
var errTaken = fmt.Errorf("taken: %w", fault.NotFound)

// begin stores a draft with its first revisions.
func (s Store) begin(ctx context.Context, v people.Viewer, d Draft, sources map[Part]string) (DraftID, error) {
	d.ID, d.Sector, d.State = DraftID(database.NewID()), v.Sector(), Writing
	d.OpenedBy, d.OpenedAt, d.ChangedBy, d.ChangedAt = v.Person(), s.now(), v.Person(), s.now()
	return d.ID, database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if d.FirstOf != "" {
			var taken []int
			err := tx.NewRaw(`SELECT 1 FROM module_versions WHERE module_id = ? UNION ALL SELECT 1 FROM protocol_versions WHERE protocol_id = ?`,
				d.ModuleID, d.ProtocolID).Scan(ctx, &taken)
			if err != nil {
				return err
			}
			if len(taken) > 0 {
				return errTaken
			}
		}
		if _, err := tx.NewInsert().Model(&d).Exec(ctx); err != nil {
			return err
		}
		for _, part := range d.Parts() {
			r := Revision{ID: RevisionID(database.NewID()), DraftID: d.ID, Part: part, Source: sources[part], SavedBy: v.Person(), SavedAt: s.now()}
			if _, err := tx.NewInsert().Model(&r).Exec(ctx); err != nil {
				return err
			}
			if _, err := tx.NewRaw(`INSERT INTO draft_texts (draft_id, part, head) VALUES (?, ?, ?)`, d.ID, part, r.ID).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}
