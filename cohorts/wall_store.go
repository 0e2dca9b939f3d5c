package cohorts

import (
	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// narrow is a condition that a query must carry, with its arguments.
type narrow struct {
	sql  string
	args []any
}

func (n narrow) on(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("("+n.sql+")", n.args...) }

// with joins the arguments of a statement that carries the conditions in their order.
func with(args []any, narrows ...narrow) []any {
	for _, n := range narrows {
		args = append(args, n.args...)
	}
	return args
}

var nothing = narrow{sql: "1 = 0"}

// VisibleTo narrows a query over cohorts (alias cohort) to those that the viewer may
// know of: all of the sector for who runs it or audits it, else those they teach or
// attend. Other sectors' cohorts do not exist.
func VisibleTo(v people.Viewer) func(*bun.SelectQuery) *bun.SelectQuery {
	return visible(v).on
}

func visible(v people.Viewer) narrow {
	switch {
	case v.RunsSector():
		return narrow{"cohort.sector = ?", []any{v.Sector()}}
	case v.SignedIn():
		return narrow{`cohort.sector = ? AND (
			EXISTS (SELECT 1 FROM cohort_instructors AS i WHERE i.cohort_id = cohort.id AND i.person_id = ? AND i.ended_at IS NULL)
			OR EXISTS (SELECT 1 FROM enrolments AS e WHERE e.cohort_id = cohort.id AND e.person_id = ? AND e.state <> 'withdrawn'))`,
			[]any{v.Sector(), v.Person(), v.Person()}}
	}
	return nothing
}

// RunBy narrows a query over cohorts (alias cohort) to those that the viewer runs: as
// one of its instructors, or for the whole sector. Who is enrolled in a cohort does
// not run it, whatever else they are (rule 17).
func RunBy(v people.Viewer) func(*bun.SelectQuery) *bun.SelectQuery { return runBy(v).on }

func runBy(v people.Viewer) narrow {
	if v.IsSystem() {
		return narrow{"cohort.sector = ?", []any{v.Sector()}}
	}
	if !v.SignedIn() {
		return nothing
	}
	notEnrolled := ` AND NOT EXISTS (SELECT 1 FROM enrolments AS own WHERE own.cohort_id = cohort.id AND own.person_id = ?)`
	if v.RunsSector() {
		return narrow{"cohort.sector = ?" + notEnrolled, []any{v.Sector(), v.Person()}}
	}
	return narrow{`cohort.sector = ? AND EXISTS (SELECT 1 FROM cohort_instructors AS i
		WHERE i.cohort_id = cohort.id AND i.person_id = ? AND i.ended_at IS NULL)` + notEnrolled,
		[]any{v.Sector(), v.Person(), v.Person()}}
}

// managedBy narrows cohorts to those whose plan, roster and instructors the viewer may
// change: coordinators and directors of the sector.
func managedBy(v people.Viewer) narrow {
	if v.RunsSector() {
		return narrow{"cohort.sector = ?", []any{v.Sector()}}
	}
	return nothing
}

// EnrolmentsVisibleTo narrows a query over enrolments (alias enrolment, joined with
// its cohort as cohort) to one's own, and those of cohorts that the viewer runs.
func EnrolmentsVisibleTo(v people.Viewer) func(*bun.SelectQuery) *bun.SelectQuery {
	return enrolmentsVisible(v).on
}

func enrolmentsVisible(v people.Viewer) narrow {
	run := runBy(v)
	if !v.SignedIn() {
		return run
	}
	return narrow{"(enrolment.sector = ? AND enrolment.person_id = ?) OR (" + run.sql + ")",
		append([]any{v.Sector(), v.Person()}, run.args...)}
}

// NotOverOneself narrows a query over enrolments (alias enrolment, joined with its
// cohort as cohort) to those on which the viewer may act under rule 17: not their own,
// and not that of anyone who holds power over theirs in the same edition, who teaches a
// cohort where the viewer learns it, or coordinates or directs the sector meanwhile.
// Today is people.Store.Today. It goes into the statement that acts.
func NotOverOneself(v people.Viewer, today string) func(*bun.SelectQuery) *bun.SelectQuery {
	return notOverOneself(v, today).on
}

// powerOf says that a person, by the column that holds their key, teaches one of the
// viewer's own cohorts (alias mine), or coordinates or directs its sector on a day, which
// is asked for twice.
func powerOf(person string) string {
	return `EXISTS (SELECT 1 FROM cohort_instructors AS teaches
		WHERE teaches.cohort_id = mine.id AND teaches.person_id = ` + person + ` AND teaches.ended_at IS NULL)
	OR EXISTS (SELECT 1 FROM grants AS held
		WHERE held.person_id = ` + person + ` AND held.sector = mine.sector AND held.role IN ('coordinator', 'director')
		AND held.starts_on <= ? AND (held.ends_on IS NULL OR held.ends_on >= ?))`
}

func notOverOneself(v people.Viewer, today string) narrow {
	if v.IsSystem() {
		return narrow{sql: "1 = 1"}
	}
	return narrow{`enrolment.person_id <> ? AND NOT EXISTS (
		SELECT 1 FROM enrolments AS own
		JOIN cohorts AS mine ON mine.id = own.cohort_id
		WHERE own.person_id = ? AND own.state <> 'withdrawn' AND mine.edition_id = cohort.edition_id AND (` + powerOf("enrolment.person_id") + `))`,
		[]any{v.Person(), v.Person(), today, today}}
}

// notOverAnyone narrows cohorts that the viewer runs to those whose every trainee they
// may act on under rule 17: closing and confirming a roll acts on all of them. It begins
// at the viewer's own places, of which staff have few or none, and not at every trainee.
func notOverAnyone(v people.Viewer, today string) narrow {
	if v.IsSystem() {
		return narrow{sql: "1 = 1"}
	}
	return narrow{`NOT EXISTS (SELECT 1 FROM enrolments AS own
		JOIN cohorts AS mine ON mine.id = own.cohort_id
		JOIN enrolments AS enrolment ON enrolment.cohort_id = cohort.id AND enrolment.state <> 'withdrawn'
		WHERE own.person_id = ? AND own.state <> 'withdrawn' AND mine.edition_id = cohort.edition_id AND (` + powerOf("enrolment.person_id") + `))`,
		[]any{v.Person(), today, today}}
}
