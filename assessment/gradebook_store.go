package assessment

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// seat is a person of the gradebook.
type seat struct {
	EnrolmentID cohorts.EnrolmentID    `bun:"enrolment_id"`
	CohortID    cohorts.CohortID       `bun:"cohort_id"`
	TimeZone    string                 `bun:"time_zone"`
	State       cohorts.EnrolmentState `bun:"state"`
	names
}

// seats selects the people of cohorts that the viewer runs; who withdrew is left out.
func (s Store) seats(v people.Viewer) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("enrolment.id AS enrolment_id, enrolment.cohort_id, cohort.time_zone, enrolment.state, person.chosen_name, person.given_name, person.family_name").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN persons AS person ON person.id = enrolment.person_id").
		Where("enrolment.state <> ?", cohorts.Withdrawn).Apply(cohorts.RunBy(v))
}

// Gradebook gives a page of the gradebook of a cohort that the viewer runs, by name;
// typed narrows it to people one of whose names begins so, "" to nobody. Four queries,
// whatever the rows; without people where the viewer does not run it.
func (s Store) Gradebook(ctx context.Context, v people.Viewer, id cohorts.CohortID, typed string, after cohorts.EnrolmentID) (Gradebook, cohorts.EnrolmentID, error) {
	var seats []seat
	err := s.seats(v).Where("enrolment.cohort_id = ?", id).Apply(people.Called(v, typed), cohorts.ByName(v, after)).Scan(ctx, &seats)
	if err != nil {
		return Gradebook{}, "", fmt.Errorf("gradebook of %q: %w", id, err)
	}
	seats, next := cohorts.Cut(seats, func(r seat) cohorts.EnrolmentID { return r.EnrolmentID })
	book, err := s.fill(ctx, v, id, seats)
	return book, next, err
}

// WholeGradebook gives all of it, for a file: everybody of a cohort that the viewer runs.
func (s Store) WholeGradebook(ctx context.Context, v people.Viewer, id cohorts.CohortID) (Gradebook, error) {
	var seats []seat
	if err := s.seats(v).Where("enrolment.cohort_id = ?", id).OrderExpr("person.sort_key, enrolment.id").Scan(ctx, &seats); err != nil {
		return Gradebook{}, fmt.Errorf("gradebook of %q: %w", id, err)
	}
	return s.fill(ctx, v, id, seats)
}

// Grades gives the gradebook with one person alone, of a cohort that the viewer runs,
// else fault.NotFound.
func (s Store) Grades(ctx context.Context, v people.Viewer, id cohorts.EnrolmentID) (Gradebook, cohorts.CohortID, error) {
	var seats []seat
	err := s.seats(v).Where("enrolment.id = ?", id).Scan(ctx, &seats)
	if err == nil && len(seats) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return Gradebook{}, "", fmt.Errorf("grades of enrolment %q: %w", id, err)
	}
	book, err := s.fill(ctx, v, seats[0].CohortID, seats)
	return book, seats[0].CohortID, err
}

// fill reads the columns of a cohort's edition and what these people have shown.
func (s Store) fill(ctx context.Context, v people.Viewer, id cohorts.CohortID, seats []seat) (Gradebook, error) {
	book, err := s.columns(ctx, v, id)
	if err != nil || len(seats) == 0 {
		return book, err
	}
	book.TimeZone = seats[0].TimeZone
	places := make([]cohorts.EnrolmentID, len(seats))
	for i, seat := range seats {
		places[i] = seat.EnrolmentID
	}
	found := map[cohorts.EnrolmentID]map[ColumnRef]shownIn{}
	for _, place := range places {
		found[place] = map[ColumnRef]shownIn{}
	}
	if err := s.tried(ctx, v, places, found); err != nil {
		return book, err
	}
	if err := s.setOrSeen(ctx, v, places, found); err != nil {
		return book, err
	}
	book.Rows = make([]GradebookRow, len(seats))
	for i, seat := range seats {
		row := book.rowOf(seat.EnrolmentID, found[seat.EnrolmentID])
		row.Name, row.Active = seat.short(), seat.State == cohorts.Active
		book.Rows[i] = row
	}
	return book, nil
}

// columns reads those of a cohort's edition, in the order of its map.
func (s Store) columns(ctx context.Context, v people.Viewer, id cohorts.CohortID) (Gradebook, error) {
	rows := []struct {
		Practicals []courses.Practical `bun:"practicals,type:jsonb"`
		Pass       int                 `bun:"knowledge_pass"`
		Drop       int                 `bun:"drop_lowest"`
		ModuleID   string              `bun:"module_id"`
		TitleEN    string              `bun:"title_en"`
		TitleES    string              `bun:"title_es"`
		QuizPass   int                 `bun:"quiz_pass"`
		Place      int                 `bun:"place"`
	}{}
	mapped := s.db.NewSelect().TableExpr("edition_parts AS part").Join("JOIN edition_sessions AS es ON es.id = part.edition_session_id").
		ColumnExpr("part.module_id, MIN(es.position * 1000 + part.position) AS place").
		Where("es.edition_id = (SELECT own.edition_id FROM cohorts AS own WHERE own.id = ?)", id).GroupExpr("part.module_id")
	// The edition's practicals come once, with the row of no module.
	err := s.db.NewRaw(`? UNION ALL ? ORDER BY place, module_id`,
		s.db.NewSelect().TableExpr("cohorts AS cohort").Join("JOIN editions AS edition ON edition.id = cohort.edition_id").
			ColumnExpr("edition.practicals, edition.knowledge_pass, edition.drop_lowest, '' AS module_id, '' AS title_en, '' AS title_es, 0 AS quiz_pass, 0 AS place").
			Where("cohort.id = ?", id).Apply(cohorts.RunBy(v)),
		s.db.NewSelect().TableExpr("cohorts AS cohort").Join("JOIN edition_modules AS em ON em.edition_id = cohort.edition_id AND em.required").
			Join("JOIN "+newestQuiz).Join("LEFT JOIN (?) AS mapped ON mapped.module_id = em.module_id", mapped).
			ColumnExpr("NULL AS practicals, 0 AS knowledge_pass, 0 AS drop_lowest, em.module_id, quiz.title_en, quiz.title_es, quiz.pass AS quiz_pass, COALESCE(mapped.place, 999999) AS place").
			Where("cohort.id = ?", id).Apply(cohorts.RunBy(v))).Scan(ctx, &rows)
	if err != nil {
		return Gradebook{}, fmt.Errorf("columns of the gradebook of %q: %w", id, err)
	}
	book, practicals := Gradebook{}, []courses.Practical{}
	for _, row := range rows {
		if row.ModuleID == "" {
			book.Pass, book.Drop, practicals = row.Pass, row.Drop, row.Practicals
			continue
		}
		book.Columns = append(book.Columns, Column{ColumnRef{QuizColumn, row.ModuleID}, row.TitleEN, row.TitleES, row.QuizPass})
	}
	for _, p := range practicals {
		book.Columns = append(book.Columns, Column{ColumnRef{PracticalColumn, p.ID}, p.EN, p.ES, 0})
	}
	return book, nil
}

// of selects those of some places whose cohort the viewer runs: asked once a place, and
// not once a try.
func (s Store) of(v people.Viewer, places []cohorts.EnrolmentID) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("enrolments AS enrolment").ColumnExpr("enrolment.id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("enrolment.id IN (?)", bun.List(places)).Apply(cohorts.RunBy(v))
}

// tried reads the tries of people, one row a person: a row a cell costs ten times as much.
func (s Store) tried(ctx context.Context, v people.Viewer, places []cohorts.EnrolmentID, found map[cohorts.EnrolmentID]map[ColumnRef]shownIn) error {
	each := s.db.NewSelect().TableExpr("attempts AS tried").
		ColumnExpr("tried.enrolment_id, tried.module_id, COALESCE(MAX(CASE WHEN tried.finished_at IS NOT NULL THEN tried.percent END), 0) AS best").
		ColumnExpr("COUNT(tried.finished_at) AS tries, COUNT(tried.id) AS begun, COUNT(tried.finished_at) - COUNT(tried.released_at) AS waiting").
		Where("tried.enrolment_id IN (?)", s.of(v, places)).GroupExpr("tried.enrolment_id, tried.module_id")
	return s.told(ctx, s.db.NewSelect().TableExpr("(?) AS each", each).ColumnExpr("each.enrolment_id").
		ColumnExpr("string_agg(each.module_id || ? || each.best || ? || each.tries || ? || each.begun || ? || each.waiting, ?) AS told", "\t", "\t", "\t", "\t", "\n").
		GroupExpr("each.enrolment_id"), func(place cohorts.EnrolmentID, part []string) {
		ref := ColumnRef{QuizColumn, part[0]}
		in := found[place][ref]
		in.Best, in.Tries, in.Begun, in.Waiting = asNumber(part[1]), asNumber(part[2]), asNumber(part[3]), asNumber(part[4])
		found[place][ref] = in
	})
}

// setOrSeen reads what was observed of people and what was set beside what was computed:
// of each cell the line that speaks.
func (s Store) setOrSeen(ctx context.Context, v people.Viewer, places []cohorts.EnrolmentID, found map[cohorts.EnrolmentID]map[ColumnRef]shownIn) error {
	observed := s.db.NewSelect().TableExpr("practical_records AS line").Where("line.enrolment_id IN (?)", s.of(v, places)).
		ColumnExpr("line.enrolment_id, ? AS column_kind, line.practical_id AS column_id, ? AS kind, 0 AS percent, line.level, 0 AS seq", PracticalColumn, "seen").
		Where(`line.seq = (SELECT MAX(later.seq) FROM practical_records AS later WHERE later.enrolment_id = line.enrolment_id AND later.practical_id = line.practical_id)`)
	set := s.db.NewSelect().TableExpr("gradebook_lines AS line").Where("line.enrolment_id IN (?)", s.of(v, places)).
		ColumnExpr("line.enrolment_id, line.column_kind, line.column_id, line.kind, line.percent, line.level, line.seq").Where(newestLine)
	return s.told(ctx, s.db.NewSelect().TableExpr("(? UNION ALL ?) AS each", observed, set).ColumnExpr("each.enrolment_id").
		ColumnExpr("string_agg(each.column_kind || ? || each.column_id || ? || each.kind || ? || each.percent || ? || each.level || ? || each.seq, ?) AS told", "\t", "\t", "\t", "\t", "\t", "\n").
		GroupExpr("each.enrolment_id"), func(place cohorts.EnrolmentID, part []string) {
		ref := ColumnRef{ColumnKind(part[0]), part[1]}
		in := found[place][ref]
		if part[2] == "seen" {
			in.Level = Level(part[4])
		} else {
			in.LineKind, in.LinePercent, in.LineLevel, in.LineSeq = LineKind(part[2]), asNumber(part[3]), Level(part[4]), asNumber(part[5])
		}
		found[place][ref] = in
	})
}

// told runs a query of one text a person, which has a line for each cell and in it parts
// between tabs, and hands the parts on.
func (s Store) told(ctx context.Context, q *bun.SelectQuery, take func(place cohorts.EnrolmentID, parts []string)) error {
	var rows []struct {
		EnrolmentID cohorts.EnrolmentID `bun:"enrolment_id"`
		Told        string              `bun:"told"`
	}
	if err := q.Scan(ctx, &rows); err != nil {
		return fmt.Errorf("cells of the gradebook: %w", err)
	}
	for _, row := range rows {
		for line := range strings.SplitSeq(row.Told, "\n") {
			take(row.EnrolmentID, strings.Split(line, "\t"))
		}
	}
	return nil
}

// asNumber reads what the database wrote as one.
func asNumber(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}
