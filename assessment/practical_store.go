package assessment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// practicalRow is an enrolment with the practicals of its edition.
type practicalRow struct {
	EnrolmentID cohorts.EnrolmentID    `bun:"enrolment_id"`
	CohortID    cohorts.CohortID       `bun:"cohort_id"`
	PersonID    people.PersonID        `bun:"person_id"`
	TimeZone    string                 `bun:"time_zone"`
	State       cohorts.EnrolmentState `bun:"state"`
	Sector      people.Sector          `bun:"sector"`
	CourseCode  string                 `bun:"course_code"`
	names
	Practicals []courses.Practical `bun:"practicals,type:jsonb"`
	Set        string              `bun:"set_levels"` // a line for each practical that has one: id, tab, level
}

// levels are those that a person set, by practical.
func (r practicalRow) levels() map[string]Level {
	set := map[string]Level{}
	for one := range strings.SplitSeq(r.Set, "\n") {
		if id, level, ok := strings.Cut(one, "\t"); ok {
			set[id] = Level(level)
		}
	}
	return set
}

func (s Store) practicalRows() *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("enrolment.id AS enrolment_id, enrolment.cohort_id, enrolment.person_id, enrolment.state, cohort.time_zone").
		ColumnExpr("person.chosen_name, person.given_name, person.family_name").
		ColumnExpr("edition.sector, edition.course_code, edition.practicals").
		ColumnExpr("COALESCE((SELECT string_agg(line.column_id || ? || line.level, ?) FROM gradebook_lines AS line"+
			" WHERE line.enrolment_id = enrolment.id AND line.column_kind = ? AND line.kind = ? AND "+newestLine+"), '') AS set_levels", "\t", "\n", PracticalColumn, Set).
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN editions AS edition ON edition.id = cohort.edition_id").
		Join("JOIN persons AS person ON person.id = enrolment.person_id")
}

// records selects practical records with the name of who made them, oldest first.
func (s Store) records() *bun.SelectQuery {
	return s.db.NewSelect().Model((*PracticalRecord)(nil)).ModelTableExpr("practical_records AS record").ColumnExpr("record.*").
		ColumnExpr("COALESCE(CASE WHEN observer.chosen_name <> '' THEN observer.chosen_name ELSE observer.given_name END, '') AS by_name").
		Join("JOIN enrolments AS enrolment ON enrolment.id = record.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("LEFT JOIN persons AS observer ON observer.id = record.by_person").
		OrderExpr("record.enrolment_id, record.practical_id, record.seq")
}

// PracticalsOf gives the practical skills of a trainee's course with what was observed:
// one's own, or of a cohort that the viewer runs; else fault.NotFound.
func (s Store) PracticalsOf(ctx context.Context, v people.Viewer, id cohorts.EnrolmentID) (Practice, error) {
	var row practicalRow
	err := s.practicalRows().Where("enrolment.id = ?", id).Apply(cohorts.EnrolmentsVisibleTo(v)).Scan(ctx, &row)
	if err != nil {
		return Practice{}, fmt.Errorf("practicals of enrolment %q: %w", id, database.One(err))
	}
	var records []PracticalRecord
	err = s.records().Where("record.enrolment_id = ?", id).Apply(cohorts.EnrolmentsVisibleTo(v)).Scan(ctx, &records)
	return practiceOf(row, records), err
}

// PracticalsOfCohort gives the practical skills of the trainees of a cohort that the
// viewer runs, by name, a page at a time; who withdrew is left out. Two queries; empty
// where the viewer does not run it.
func (s Store) PracticalsOfCohort(ctx context.Context, v people.Viewer, id cohorts.CohortID, after cohorts.EnrolmentID) (list []Practice, next cohorts.EnrolmentID, err error) {
	rows := []practicalRow{}
	err = s.practicalRows().Where("enrolment.cohort_id = ? AND enrolment.state <> ?", id, cohorts.Withdrawn).
		Apply(cohorts.RunBy(v), cohorts.ByName(v, after)).Scan(ctx, &rows)
	if err != nil {
		return nil, "", fmt.Errorf("practicals of cohort %q: %w", id, err)
	}
	rows, next = cohorts.Cut(rows, func(r practicalRow) cohorts.EnrolmentID { return r.EnrolmentID })
	if len(rows) == 0 {
		return []Practice{}, "", nil
	}
	shown := make([]cohorts.EnrolmentID, len(rows))
	for i, row := range rows {
		shown[i] = row.EnrolmentID
	}
	var records []PracticalRecord
	if err := s.records().Where("enrolment.id IN (?)", bun.List(shown)).Apply(cohorts.RunBy(v)).Scan(ctx, &records); err != nil {
		return nil, "", fmt.Errorf("practicals of cohort %q: %w", id, err)
	}
	list = make([]Practice, len(rows))
	for i, row := range rows {
		list[i] = practiceOf(row, records)
	}
	return list, next, nil
}

// practiceOf puts the records of one person beside the skills they belong to.
func practiceOf(row practicalRow, records []PracticalRecord) Practice {
	practice := Practice{EnrolmentID: row.EnrolmentID, CohortID: row.CohortID, PersonID: row.PersonID, Name: row.short(),
		TimeZone: row.TimeZone, Active: row.State == cohorts.Active, Skills: []Skill{}}
	set := row.levels()
	for _, p := range row.Practicals {
		skill := Skill{Practical: p, Set: set[p.ID]}
		for _, r := range records {
			if r.EnrolmentID == row.EnrolmentID && r.PracticalID == p.ID {
				skill.Records = append(skill.Records, r)
			}
		}
		practice.Skills = append(practice.Skills, skill)
	}
	return practice
}

// Record notes the level of a practical skill that the viewer has seen a trainee show.
// It is a new line; the newest speaks. The same line again changes nothing. Fails with
// fault.NotFound where the viewer does not run the cohort or its course has no such
// practical, fault.Forbidden under rule 17, fault.Conflict once the place has ended.
func (s Store) Record(ctx context.Context, v people.Viewer, id cohorts.EnrolmentID, practicalID string, level Level, line string) error {
	if err := level.Validate(); err != nil {
		return err
	}
	if line == "" {
		line = database.NewID()
	}
	line = string(id) + ":" + practicalID + ":" + line // another record's line is never "taken" here
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		var row practicalRow
		err := s.practicalRows().Where("enrolment.id = ?", id).Apply(cohorts.EnrolmentsVisibleTo(v)).Scan(ctx, &row)
		if err != nil {
			return fmt.Errorf("enrolment %q: %w", id, database.One(err))
		}
		if !slices.ContainsFunc(row.Practicals, func(p courses.Practical) bool { return p.ID == practicalID }) {
			return fmt.Errorf("practical %q: %w", practicalID, fault.NotFound)
		}
		if row.State != cohorts.Active {
			return fault.Conflict("assessment.practical.ended")
		}
		return again(func() error { return s.record(ctx, v, id, practicalID, level, line, 0) })
	})
}

// again tries to write a line until no other takes its place in the order.
func again(write func() error) error {
	for range 20 {
		if err := write(); !errors.Is(err, errNotWritten) {
			return err
		}
	}
	return fault.Conflict("assessment.practical.meanwhile")
}

// record writes the line if rule 17 lets the viewer; errNotWritten where another line
// took the same place in the order at the same moment.
func (s Store) record(ctx context.Context, v people.Viewer, id cohorts.EnrolmentID, practicalID string, level Level, line string, round int) error {
	allowed := s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr(`?, enrolment.id, ?, (SELECT COALESCE(MAX(before.seq), 0) + 1 FROM practical_records AS before
			WHERE before.enrolment_id = enrolment.id AND before.practical_id = ?), ?, ?, ?, ?, ?`,
			database.NewID(), practicalID, practicalID, level, line, round, nullPerson(v), s.now()).
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("enrolment.id = ? AND enrolment.state = ?", id, cohorts.Active).
		Apply(cohorts.RunBy(v), cohorts.NotOverOneself(v, s.people.Today()))
	res, err := s.db.NewRaw(`INSERT INTO practical_records (id, enrolment_id, practical_id, seq, level, line, round, by_person, at) ?
		ON CONFLICT DO NOTHING`, allowed).Exec(ctx)
	if err := database.Changed(res, err, errNotWritten); !errors.Is(err, errNotWritten) {
		return err
	}
	known, err := s.db.NewSelect().Model((*PracticalRecord)(nil)).
		Where("line = ? AND enrolment_id = ? AND practical_id = ?", line, id, practicalID).Exists(ctx)
	if err != nil || known {
		return err
	}
	return s.whyNot(ctx, allowed, errNotWritten)
}
