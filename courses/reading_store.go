package courses

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Open gives a module to read, at the version that the viewer's edition is pinned
// to, and notes that they have opened it. mine are the editions that they learn,
// which also say what comes before and after. Fails with fault.NotFound when the
// viewer may not see the module.
func (s Store) Open(ctx context.Context, v people.Viewer, id content.ModuleID, lang content.Lang, mine ...EditionID) (Place, error) {
	place, err := s.Look(ctx, v, id, lang, mine...)
	if err != nil {
		return place, err
	}
	return s.NoteOpened(ctx, v, place)
}

// NoteOpened notes that the viewer has opened the module that Look gave: its text, or the
// other way through it. The row is the same.
func (s Store) NoteOpened(ctx context.Context, v people.Viewer, place Place) (Place, error) {
	id, r := place.Module.ID, place.Reading
	if !v.SignedIn() || r.Done() || r.Hash == place.Module.Hash {
		return place, nil
	}
	_, err := s.db.NewRaw(`INSERT INTO readings (id, person_id, module_id, hash, lang, opened_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (person_id, module_id) DO UPDATE SET hash = EXCLUDED.hash, lang = EXCLUDED.lang
		WHERE readings.done_at IS NULL`,
		database.NewID(), v.Person(), id, place.Module.Hash, place.Module.Lang, s.now()).Exec(ctx)
	if err != nil {
		return Place{}, fmt.Errorf("reading of %q: %w", id, err)
	}
	place.Reading.Hash, place.Reading.Lang = place.Module.Hash, place.Module.Lang
	if !r.Opened() {
		place.Reading.OpenedAt = s.now()
	}
	return place, nil
}

// Look is Open without a trace: for what stands beside the text.
func (s Store) Look(ctx context.Context, v people.Viewer, id content.ModuleID, lang content.Lang, mine ...EditionID) (Place, error) {
	edition, err := s.learnedIn(ctx, v, id, mine)
	if err != nil {
		return Place{}, err
	}
	before, after := edition.around(id)
	var way Way
	known := false
	if s.content.Remembers(id) {
		way, known, err = s.glance(ctx, v, id, before, after, lang, edition)
	}
	if err == nil && !known {
		way, _, err = s.way(ctx, v, []content.ModuleID{id, before, after}, lang, edition, id)
	}
	if err != nil {
		return Place{}, err
	}
	step, found := way[id]
	if !found {
		return Place{}, fmt.Errorf("module %q: %w", id, fault.NotFound)
	}
	place := Place{Module: step.Module, Reading: step.Reading, OnCourse: edition.Pinned(id) > 0, HasGuide: step.guide}
	if step, found := way[before]; found {
		place.Before = &step
	}
	if step, found := way[after]; found {
		place.After = &step
	}
	return place, nil
}

// learnedIn is the first of the editions that the viewer learns which teaches a module;
// none where none does.
func (s Store) learnedIn(ctx context.Context, v people.Viewer, id content.ModuleID, mine []EditionID) (Edition, error) {
	for _, one := range mine {
		e, err := s.Edition(ctx, v, one)
		if errors.Is(err, fault.NotFound) {
			continue // learned in the sector where the viewer does not stand now
		}
		if err != nil || slices.Contains(e.ModuleIDs(), id) {
			return e, err
		}
	}
	return Edition{}, nil
}

// Way is what the viewer may see of an edition's modules, with their own place in each, in one query.
func (s Store) Way(ctx context.Context, v people.Viewer, lang content.Lang, e Edition) (Way, error) {
	way, _, err := s.way(ctx, v, e.ModuleIDs(), lang, e, "")
	return way, err
}

// WayAndDue is Way, and the protocols whose version in force the viewer has not read, in
// the same query.
func (s Store) WayAndDue(ctx context.Context, v people.Viewer, lang content.Lang, e Edition) (Way, []content.Citation, error) {
	return s.way(ctx, v, e.ModuleIDs(), lang, e, "",
		s.db.NewSelect().TableExpr("protocol_versions AS pv").Apply(UnreadProtocols(v, s.now(), lang, v.Person())))
}

// Maps are editions as the viewer may see them: parts whose module is not for them
// are not told of, and neither is a session that has no other. Modules that have no
// text yet are taught in the room and stay.
func (s Store) Maps(ctx context.Context, v people.Viewer, editions []Edition) ([]Edition, error) {
	var ids []content.ModuleID
	for _, e := range editions {
		ids = append(ids, e.ModuleIDs()...)
	}
	if len(ids) == 0 {
		return editions, nil
	}
	// What has a text, and no version of it that the viewer may see, is hidden from them.
	visible := s.db.NewSelect().TableExpr("module_versions AS mv").ColumnExpr("mv.module_id").Apply(content.VisibleTo(v, s.now()))
	var hidden []content.ModuleID
	err := s.db.NewSelect().TableExpr("module_versions AS any_version").ColumnExpr("DISTINCT any_version.module_id").
		Where("any_version.module_id IN (?)", bun.List(ids)).Where("any_version.module_id NOT IN (?)", visible).Scan(ctx, &hidden)
	if err != nil {
		return nil, fmt.Errorf("maps: %w", err)
	}
	seen := make([]Edition, len(editions))
	for i, e := range editions {
		seen[i] = e.without(hidden)
	}
	return seen, nil
}

// wayRow is a visible version beside the viewer's own reading of its module.
type wayRow struct {
	content.Module
	ReadHash content.Hash
	ReadLang content.Lang
	OpenedAt time.Time
	Furthest int
	DoneAt   time.Time
	Guide    bool
	Due      string // protocols to read, the same in each row
}

// way reads versions in one query: of all modules what a list needs, of the one that
// is open its text too. Of each it keeps the edition's version, in the language or else in English.
func (s Store) way(ctx context.Context, v people.Viewer, ids []content.ModuleID, lang content.Lang, e Edition, open content.ModuleID, due ...*bun.SelectQuery) (Way, []content.Citation, error) {
	if len(ids) == 0 {
		return Way{}, nil, nil
	}
	var rows []wayRow
	q := s.db.NewSelect().TableExpr("module_versions AS mv").
		Join("LEFT JOIN readings AS r ON r.module_id = mv.module_id AND r.person_id = ?", v.Person()).
		ColumnExpr("mv.hash, mv.module_id, mv.lang, mv.version, mv.title, mv.care, mv.minutes, mv.words, mv.has_check, mv.drawing").
		ColumnExpr("r.hash AS read_hash, r.lang AS read_lang, r.opened_at, r.furthest, r.done_at")
	for _, column := range []string{"html", "alternative_html", "objectives", "sections", "reviewed_on"} {
		q = q.ColumnExpr("CASE WHEN mv.module_id = ? THEN mv.? END AS ?", open, bun.Ident(column), bun.Ident(column))
	}
	q = q.ColumnExpr("CASE WHEN mv.module_id = ? THEN (?) END AS cited", open, s.content.Cited(v, lang))
	for _, one := range due {
		q = q.ColumnExpr("(?) AS due", one)
	}
	if content.TeachesOrWrites(v) {
		q = q.ColumnExpr("CASE WHEN mv.module_id = ? THEN EXISTS (?) ELSE FALSE END AS guide", open, s.db.NewSelect().TableExpr("guides AS g").
			ColumnExpr("1").Where("g.module_id = mv.module_id").Apply(content.AnswersOpenTo(v, "g.module_id")))
	}
	err := q.Apply(content.VisibleTo(v, s.now())).Where("mv.module_id IN (?)", bun.List(ids)).
		Where("mv.lang IN (?, ?)", lang, content.English).
		OrderExpr("mv.module_id, CASE WHEN mv.lang = ? THEN 0 ELSE 1 END, mv.version DESC", lang).Scan(database.Often(ctx), &rows)
	if err != nil {
		return nil, nil, fmt.Errorf("modules: %w", err)
	}
	way := Way{}
	for _, row := range rows {
		s.content.Remember(row.Module, row.ID == open)
		if known, taken := way[row.ID]; taken && !e.prefers(row.Module, known.Module) {
			continue
		}
		if row.ID == open {
			row.Module = row.Module.WithoutHiddenLinks()
		}
		row.Fallback = row.Lang != lang
		way[row.ID] = Step{row.Module, Reading{PersonID: v.Person(), ModuleID: row.ID, Hash: row.ReadHash, Lang: row.ReadLang,
			OpenedAt: row.OpenedAt, Furthest: row.Furthest, DoneAt: row.DoneAt}, row.Guide}
	}
	if len(rows) > 0 {
		return way, content.ReadCitations(rows[0].Due), nil
	}
	return way, nil, nil
}

// ReadTo keeps how many sections the viewer has reached; mine are the editions that they
// learn, as in Open. It never goes back, and it keeps no place once the module is done.
// Fails with fault.NotFound when they may not see the module.
func (s Store) ReadTo(ctx context.Context, v people.Viewer, id content.ModuleID, furthest int, mine ...EditionID) error {
	if err := checkPlace(furthest); err != nil {
		return err
	}
	return s.note(ctx, v, id, mine, furthest, nil, `furthest = CASE WHEN readings.done_at IS NULL AND EXCLUDED.furthest > readings.furthest
		THEN EXCLUDED.furthest ELSE readings.furthest END`)
}

// MarkDone notes that the viewer has done the module, by its text or by the other way
// through, which NoteOpened notes as it does the text: what is kept is the same, to the last
// column, so that nobody can tell which. mine are the editions that they learn, as in Open.
func (s Store) MarkDone(ctx context.Context, v people.Viewer, id content.ModuleID, mine ...EditionID) error {
	now := s.now()
	return s.note(ctx, v, id, mine, 0, &now, `furthest = 0, done_at = COALESCE(readings.done_at, EXCLUDED.done_at)`)
}

// note upserts the viewer's reading, in one statement that finds the module only if
// they may see it: at the version that way would show them, for who never opened it.
func (s Store) note(ctx context.Context, v people.Viewer, id content.ModuleID, mine []EditionID, furthest int, done *time.Time, change string) error {
	if !v.SignedIn() {
		return fmt.Errorf("module %q: %w", id, fault.NotFound)
	}
	edition, err := s.learnedIn(ctx, v, id, mine)
	if err != nil {
		return err
	}
	visible := s.db.NewSelect().TableExpr("module_versions AS mv").
		ColumnExpr("?, ?, mv.module_id, mv.hash, mv.lang", database.NewID(), v.Person()).
		ColumnExpr("?, ?, ?", s.now(), furthest, done).
		Apply(content.VisibleTo(v, s.now())).Where("mv.module_id = ?", id).
		OrderExpr("CASE WHEN mv.version = ? THEN 0 ELSE 1 END", edition.Pinned(id)).
		OrderExpr("CASE WHEN mv.lang = (SELECT language FROM persons WHERE persons.id = ?) THEN 0 WHEN mv.lang = 'en' THEN 1 ELSE 2 END", v.Person()).
		OrderExpr("mv.version DESC").Limit(1)
	result, err := s.db.NewRaw(`INSERT INTO readings (id, person_id, module_id, hash, lang, opened_at, furthest, done_at) ?
		ON CONFLICT (person_id, module_id) DO UPDATE SET ?`, visible, bun.Safe(change)).Exec(ctx)
	return database.Changed(result, err, fmt.Errorf("module %q: %w", id, fault.NotFound))
}
