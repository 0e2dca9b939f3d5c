package desk

import (
	"context"
	"slices"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Reports is what may leave the Academy, for who may take it out.
type Reports struct {
	Cohorts []cohorts.Summary
	Next    cohorts.CohortID // "" on the last page
	Counts  bool             // the funder's and the partners' counts
	Police  bool             // the regulator's pack of each cohort
	Year    int              // of today
}

// Reports gathers the list of reports in one query; fault.NotFound for who takes none.
func (d Desk) Reports(ctx context.Context, v people.Viewer, after cohorts.CohortID) (Reports, error) {
	r := Reports{Counts: v.RunsSector(), Police: v.RunsSector() && v.Sector() == people.LawEnforcement, Year: d.Now().In(d.Zone).Year()}
	if !v.RunsSector() && !v.Is(people.Auditor) {
		return r, fault.NotFound
	}
	var err error
	r.Cohorts, r.Next, err = d.Cohorts.Auditable(ctx, v, after)
	return r, err
}

// Funder is the funder's table of one year: courses by what became of the places in them.
type Funder struct {
	Year    int
	Courses []cohorts.CourseCount // one of each, for its names
	cohorts.Counts
}

// FunderStates are the columns of the funder's table.
var FunderStates = []cohorts.EnrolmentState{cohorts.Completed, cohorts.Active, cohorts.Withdrawn}

// Funder counts in one query; see cohorts.NewCounts for what is hidden.
func (d Desk) Funder(ctx context.Context, v people.Viewer, year int) (Funder, error) {
	f := Funder{Year: year}
	list, err := d.Cohorts.CourseCounts(ctx, v, year)
	if err != nil {
		return f, err
	}
	cells := [][]int{}
	for _, one := range list {
		at := slices.IndexFunc(f.Courses, func(c cohorts.CourseCount) bool { return c.CourseCode == one.CourseCode })
		if at < 0 {
			at = len(f.Courses)
			f.Courses, cells = append(f.Courses, one), append(cells, make([]int, len(FunderStates)))
		}
		if column := slices.Index(FunderStates, one.State); column >= 0 {
			cells[at][column] += one.Count
		}
	}
	f.Counts = cohorts.NewCounts(cells)
	return f, nil
}

// Regulated is the regulator's pack of one police cohort with the map that was taught.
type Regulated struct {
	cohorts.Pack
	Edition courses.Edition
}

// Regulated gathers it in at most six queries, beside the edition that the process has
// read before.
func (d Desk) Regulated(ctx context.Context, v people.Viewer, id cohorts.CohortID) (Regulated, error) {
	pack, err := d.Cohorts.RegulatorPack(ctx, v, id)
	if err != nil {
		return Regulated{}, err
	}
	edition, err := d.Courses.Edition(ctx, v, pack.Cohort.EditionID)
	return Regulated{pack, edition}, err
}

// Audited is the auditor's pack of one cohort with the map that was taught.
type Audited struct {
	cohorts.Pack
	Edition courses.Edition
}

// Audited gathers it in at most seven queries, beside the edition that the process has
// read before.
func (d Desk) Audited(ctx context.Context, v people.Viewer, id cohorts.CohortID) (Audited, error) {
	pack, err := d.Cohorts.AuditPack(ctx, v, id)
	if err != nil {
		return Audited{}, err
	}
	edition, err := d.Courses.Edition(ctx, v, pack.Cohort.EditionID)
	return Audited{pack, edition}, err
}
