package cohorts

import (
	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// ByName puts a query over the people of a cohort (alias enrolment, joined with persons
// as person) in the order of their names and narrows it to a page: the one after an
// enrolment, "" for the first. It asks for one row more than that; see Cut.
func ByName(v people.Viewer, after EnrolmentID) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if after != "" {
			q = q.Where(`(person.sort_key, enrolment.id) > (SELECT last.sort_key, e.id FROM enrolments AS e
				JOIN persons AS last ON last.id = e.person_id WHERE e.id = ? AND e.sector = ?)`, after, v.Sector())
		}
		return q.OrderExpr("person.sort_key, enrolment.id").Limit(PageSize + 1)
	}
}

// Cut takes the row beyond a page away and gives the key of the page's last row, after
// which the next page begins; "" where there is none.
func Cut[R any](rows []R, key func(R) EnrolmentID) (page []R, next EnrolmentID) {
	if len(rows) <= PageSize {
		return rows, ""
	}
	return rows[:PageSize], key(rows[PageSize-1])
}
