package courses

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// VisibleTo narrows a query on editions (alias edition) to those of the viewer's sector.
// For any other they do not exist.
func VisibleTo(v people.Viewer) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("edition.sector = ?", v.Sector()) }
}

// Edition is an edition of the viewer's sector with its whole map.
func (s Store) Edition(ctx context.Context, v people.Viewer, id EditionID) (Edition, error) {
	if s.known != nil {
		if e, ok := s.known.Load(inSector{v.Sector(), id}); ok {
			return e.(Edition), nil
		}
	}
	found, err := s.editions(ctx, v, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("edition.id = ?", id) })
	if err != nil {
		return Edition{}, fmt.Errorf("edition %q: %w", id, err)
	}
	if len(found) == 0 {
		return Edition{}, fmt.Errorf("edition %q: %w", id, fault.NotFound)
	}
	return found[0], nil
}

// EditionInForce is the edition of a course that a cohort starting on the date
// (YYYY-MM-DD) in the viewer's sector is pinned to.
func (s Store) EditionInForce(ctx context.Context, v people.Viewer, code, date string) (Edition, error) {
	var id EditionID
	err := s.db.NewSelect().Model((*Edition)(nil)).Column("id").Apply(VisibleTo(v)).
		Where("edition.course_code = ?", code).Where("edition.in_force_on <= ?", date).
		OrderExpr("edition.in_force_on DESC, edition.name DESC").Limit(1).Scan(ctx, &id)
	if err != nil {
		return Edition{}, fmt.Errorf("course %q: %w", code, database.One(err))
	}
	return s.Edition(ctx, v, id)
}

// mostEditions bounds the list of a course's editions; a course that has more is told by
// its newest.
const mostEditions = 50

// Editions are those of a course in the viewer's sector, the newest first, without their
// maps; fault.NotFound where there is none.
func (s Store) Editions(ctx context.Context, v people.Viewer, code string) ([]Edition, error) {
	var found []Edition
	err := s.db.NewSelect().Model(&found).ExcludeColumn("source").Apply(VisibleTo(v)).Where("edition.course_code = ?", code).
		OrderExpr("edition.in_force_on DESC, edition.name DESC").Limit(mostEditions).Scan(ctx)
	if err == nil && len(found) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return nil, fmt.Errorf("course %q: %w", code, err)
	}
	return found, nil
}

// InForce lists the edition in force on the date for every course of the viewer's
// sector, by code, without the maps.
func (s Store) InForce(ctx context.Context, v people.Viewer, date string) ([]Edition, error) {
	return s.inForce(ctx, date, VisibleTo(v))
}

func (s Store) inForce(ctx context.Context, date string, narrow func(*bun.SelectQuery) *bun.SelectQuery) ([]Edition, error) {
	var found []Edition
	err := s.db.NewSelect().Model(&found).ExcludeColumn("source").Apply(narrow, newestOn(date)).
		OrderExpr("edition.course_code, edition.sector").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("courses: %w", err)
	}
	return found, nil
}

// newestOn narrows editions to the one in force on the date of each course and sector.
func newestOn(date string) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("edition.in_force_on <= ?", date).
			Where(`NOT EXISTS (SELECT 1 FROM editions AS later WHERE later.course_code = edition.course_code AND later.sector = edition.sector
				AND later.in_force_on <= ? AND (later.in_force_on > edition.in_force_on
					OR (later.in_force_on = edition.in_force_on AND later.name > edition.name)))`, date)
	}
}

// InForceWithMaps is InForce with the maps.
func (s Store) InForceWithMaps(ctx context.Context, v people.Viewer, date string) ([]Edition, error) {
	return s.editions(ctx, v, newestOn(date))
}

// Warm reads every edition once, so that no request waits for one. A process does it at its start.
func (s Store) Warm(ctx context.Context) error {
	for _, sector := range people.Sectors {
		if _, err := s.editions(ctx, people.System(sector), func(q *bun.SelectQuery) *bun.SelectQuery { return q }); err != nil {
			return err
		}
	}
	return nil
}

// Areas are the competency areas of an edition in public words, in English and Spanish.
func (s Store) Areas(ctx context.Context, id EditionID) (en, es []string, err error) {
	var e Edition
	err = s.db.NewSelect().Model(&e).Column("competencies").Where("edition.id = ?", id).Scan(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("edition %q: %w", id, database.One(err))
	}
	for _, area := range e.Competencies {
		en, es = append(en, area.EN), append(es, area.ES)
	}
	return en, es, nil
}

// PublicCourse is what anyone may know of a course: no module, no map, no sector.
type PublicCourse struct {
	Code           string
	Title          Both
	Minutes, Hour  int
	Weeks          int
	Competencies   []Both
	Wording        Wording
	HasCertificate bool
	Unconfirmed    bool // its hours are a proposal
	Serves         []ServiceLine
}

// Public lists the courses in force on the date in public words. Editions of one
// course for several sectors are told as one.
func (s Store) Public(ctx context.Context, date string) ([]PublicCourse, error) {
	found, err := s.inForce(ctx, date, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
	if err != nil {
		return nil, err
	}
	var courses []PublicCourse
	for _, e := range found {
		if n := len(courses); n == 0 || courses[n-1].Code != e.CourseCode {
			courses = append(courses, PublicCourse{
				Code: e.CourseCode, Title: Both{e.TitleEN, e.TitleES}, Minutes: e.Minutes, Hour: e.Hour, Weeks: e.Weeks,
				Wording: e.Wording, HasCertificate: e.Wording == Completed,
				Unconfirmed: e.Unconfirmed, Serves: e.Serves,
			})
		}
		course := &courses[len(courses)-1]
		for _, area := range e.Competencies {
			course.add(area)
		}
	}
	return courses, nil
}

func (c *PublicCourse) add(area Both) {
	for _, known := range c.Competencies {
		if known == area {
			return
		}
	}
	c.Competencies = append(c.Competencies, area)
}

// newestTitle is the title, in the edition's sector, of the course that it comes after.
func (s Store) newestTitle(column string) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("editions AS other").ColumnExpr("other.?", bun.Ident(column)).
		Where("other.course_code = need.course_code AND other.sector = edition.sector").
		OrderExpr("other.in_force_on DESC, other.name DESC").Limit(1)
}

// prerequisites gathers what an edition (alias edition) comes after into one text, as
// readPrerequisites reads it.
func (s Store) prerequisites() *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("edition_prerequisites AS need").Where("need.edition_id = edition.id").
		ColumnExpr("string_agg(need.position || ? || need.course_code || ? || COALESCE((?), '') || ? || COALESCE((?), ''), ?)", "\t", "\t", s.newestTitle("title_en"), "\t", s.newestTitle("title_es"), "\n")
}

// editions reads editions of the viewer's sector with their maps and with what they come
// after, in two queries.
func (s Store) editions(ctx context.Context, v people.Viewer, narrow func(*bun.SelectQuery) *bun.SelectQuery) ([]Edition, error) {
	var found []Edition
	err := s.db.NewSelect().Model(&found).ExcludeColumn("source").ColumnExpr("COALESCE((?), '') AS named_before", s.prerequisites()).
		Apply(VisibleTo(v), narrow).OrderExpr("edition.course_code, edition.in_force_on").Scan(ctx)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	ids, place := []EditionID{}, map[EditionID]int{}
	for i, e := range found {
		found[i].After, found[i].NamedBefore = readPrerequisites(e.NamedBefore), ""
		ids, place[e.ID] = append(ids, e.ID), i
	}
	var rows []mapRow
	err = s.db.NewSelect().TableExpr("edition_sessions AS es").
		Join("JOIN edition_parts AS ep ON ep.edition_session_id = es.id").
		Join("LEFT JOIN edition_modules AS em ON em.edition_id = es.edition_id AND em.module_id = ep.module_id").
		ColumnExpr("es.id AS session_id, es.edition_id, es.position, es.week, es.title_en, es.title_es, es.minutes, es.breaks, es.joint").
		ColumnExpr("ep.id AS part_id, ep.position AS part_position, COALESCE(ep.module_id, '') AS module_id, ep.part").
		ColumnExpr("ep.title_en AS part_title_en, ep.title_es AS part_title_es, ep.minutes AS part_minutes").
		ColumnExpr("COALESCE(em.version, 0) AS version, COALESCE(em.required, FALSE) AS required").
		Where("es.edition_id IN (?)", bun.List(ids)).
		OrderExpr("es.edition_id, es.position, ep.position").Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		found[place[row.EditionID]].take(row)
	}
	if s.known != nil {
		for _, e := range found {
			s.known.Store(inSector{e.Sector, e.ID}, e)
		}
	}
	return found, nil
}

// mapRow is one part of a map beside its session and what the edition asks of its module.
type mapRow struct {
	SessionID       EditionSessionID
	EditionID       EditionID
	Position, Week  int
	TitleEN         string `bun:"title_en"`
	TitleES         string `bun:"title_es"`
	Minutes, Breaks int
	Joint           bool
	PartID          string
	PartPosition    int
	ModuleID        content.ModuleID
	Part            int
	PartTitleEN     string `bun:"part_title_en"`
	PartTitleES     string `bun:"part_title_es"`
	PartMinutes     int
	Version         int
	Required        bool
}

// take adds the next row of the map to an edition.
func (e *Edition) take(row mapRow) {
	if n := len(e.Sessions); n == 0 || e.Sessions[n-1].ID != row.SessionID {
		e.Sessions = append(e.Sessions, Session{ID: row.SessionID, EditionID: row.EditionID, Position: row.Position, Week: row.Week,
			TitleEN: row.TitleEN, TitleES: row.TitleES, Minutes: row.Minutes, Breaks: row.Breaks, Joint: row.Joint})
	}
	session := &e.Sessions[len(e.Sessions)-1]
	session.Parts = append(session.Parts, Part{ID: row.PartID, SessionID: row.SessionID, Position: row.PartPosition,
		ModuleID: row.ModuleID, Part: row.Part, TitleEN: row.PartTitleEN, TitleES: row.PartTitleES, Minutes: row.PartMinutes})
	if row.Version > 0 && e.Pinned(row.ModuleID) == 0 {
		e.Modules = append(e.Modules, Requirement{EditionID: row.EditionID, ModuleID: row.ModuleID, Required: row.Required, Version: row.Version})
	}
}
