package pages

import (
	"context"
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/desk"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// words: desk.report.state.*

// reports mounts what may leave the Academy.
func (h handler) reports(app *web.App) {
	app.SignedIn(fiber.MethodGet, "/reports", h.reportsList)
	reported(app, "/reports/funder", h.funder)
	reported(app, "/reports/partners", h.partners)
	reported(app, "/cohorts/:cohort/audit", h.audit)
	reported(app, "/cohorts/:cohort/record", h.record)
}

func (h handler) reportsList(c *fiber.Ctx) error {
	page, err := h.desk.Reports(c.UserContext(), web.Viewer(c), cohorts.CohortID(web.Query(c, "after")))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, reportsPage(page))
}

// funder is the table of counts of one year; the year of today where none is named.
func (h handler) funder(c *fiber.Ctx) (report, error) {
	year, err := strconv.Atoi(web.Query(c, "year"))
	if err != nil || year < 2000 || year > 2200 {
		year = h.desk.Now().In(h.desk.Zone).Year()
	}
	ctx := c.UserContext()
	f, err := h.desk.Funder(ctx, web.Viewer(c), year)
	if err != nil {
		return report{}, err
	}
	r := report{Title: web.T(ctx, "desk.report.funder"), Under: web.T(ctx, "desk.report.funder_under", "Year", strconv.Itoa(year)), Note: web.T(ctx, "desk.report.funder_note"),
		Path: "/reports/funder", Query: "?year=" + strconv.Itoa(year)}
	table := reportTable{Title: web.T(ctx, "desk.report.funder"), Head: []string{web.T(ctx, "desk.report.course")}}
	for _, state := range desk.FunderStates {
		table.Head = append(table.Head, web.T(ctx, "desk.report.state."+string(state)))
	}
	table.Head = append(table.Head, web.T(ctx, "desk.report.sum"))
	for i := range f.Cells {
		row := []any{web.T(ctx, "desk.report.sum")}
		if i < len(f.Courses) {
			row[0] = f.Courses[i].Title(web.Language(ctx))
		}
		for j, n := range f.Cells[i] {
			row = append(row, shownCount(ctx, n, f.Hidden[i][j]))
		}
		table.Rows = append(table.Rows, row)
	}
	r.Tables = []reportTable{table}
	return r, nil
}

func shownCount(ctx context.Context, n int, hidden bool) any {
	if hidden {
		return web.T(ctx, "desk.report.hidden")
	}
	return n
}

// partners is how many people of each partner have gone through which course, of those who
// let that partner see it.
func (h handler) partners(c *fiber.Ctx) (report, error) {
	ctx := c.UserContext()
	list, err := h.desk.Cohorts.PartnerCounts(ctx, web.Viewer(c))
	if err != nil {
		return report{}, err
	}
	table := reportTable{Title: web.T(ctx, "desk.report.partners"), Head: []string{web.T(ctx, "desk.report.partner"), web.T(ctx, "desk.report.course"), web.T(ctx, "desk.report.people")}}
	for _, one := range list {
		table.Rows = append(table.Rows, []any{one.Organisation, one.CourseCode, one.Count})
	}
	return report{Title: web.T(ctx, "desk.report.partners"), Under: web.T(ctx, "desk.report.partners_under"), Note: web.T(ctx, "desk.report.partners_note"),
		Path: "/reports/partners", Tables: []reportTable{table}}, nil
}

// audit is a cohort's record under pseudonyms.
func (h handler) audit(c *fiber.Ctx) (report, error) {
	ctx, id := c.UserContext(), cohorts.CohortID(web.Param(c, "cohort"))
	pack, err := h.desk.Audited(ctx, web.Viewer(c), id)
	if err != nil {
		return report{}, err
	}
	return report{Title: web.T(ctx, "desk.report.audit_title"), Under: cohortName(ctx, pack.Cohort.Title(web.Language(ctx)), pack.Cohort.Number),
		Note: web.T(ctx, "desk.report.audit_note"), Path: cohortAt(id, "/audit"),
		Tables: []reportTable{editionTable(ctx, pack.Edition), sessionsTable(ctx, pack.Pack), instructorsTable(ctx, pack.Pack), attendanceTable(ctx, pack.Pack), changesTable(ctx, pack.Pack)}}, nil
}

// record is a police cohort's record for the training board, by name.
func (h handler) record(c *fiber.Ctx) (report, error) {
	ctx, id := c.UserContext(), cohorts.CohortID(web.Param(c, "cohort"))
	pack, err := h.desk.Regulated(ctx, web.Viewer(c), id)
	if err != nil {
		return report{}, err
	}
	return report{Title: web.T(ctx, "desk.report.record_title"), Under: cohortName(ctx, pack.Cohort.Title(web.Language(ctx)), pack.Cohort.Number),
		Note: web.T(ctx, "desk.report.record_note"), Path: cohortAt(id, "/record"),
		Tables: []reportTable{rosterTable(ctx, pack), attendanceTable(ctx, pack.Pack), lessonTable(ctx, pack), sessionsTable(ctx, pack.Pack), instructorsTable(ctx, pack.Pack)}}, nil
}

// isNumber says whether a cell stands right, as numbers do.
func isNumber(cell any) bool {
	_, is := cell.(int)
	return is
}
