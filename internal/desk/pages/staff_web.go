package pages

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/desk"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// staff is partner HR's view of its own people.
func (h handler) staff(c *fiber.Ctx) error {
	page, err := h.staffPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, staffPage(page, web.Query(c, "after")))
}

func (h handler) staffPage(c *fiber.Ctx) (desk.Staff, error) {
	v := web.Viewer(c)
	if !v.Is(people.PartnerHR) {
		return desk.Staff{}, fault.NotFound
	}
	return h.desk.Staff(c.UserContext(), v, cohorts.EnrolmentID(web.Query(c, "after")))
}

// staffFile is the same page as a table for a spreadsheet.
func (h handler) staffFile(c *fiber.Ctx) error {
	page, err := h.staffPage(c)
	if err != nil {
		return err
	}
	data, err := staffCSV(c.UserContext(), page)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="list.csv"`)
	return c.Send(data)
}

// staffCSV writes a page of colleagues with a byte-order mark, without which Excel
// reads accents wrongly, and every cell guarded against formulas.
func staffCSV(ctx context.Context, page desk.Staff) ([]byte, error) {
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	rows := [][]string{{web.T(ctx, "desk.staff.name"), web.T(ctx, "desk.staff.course"), web.T(ctx, "desk.staff.percent"),
		web.T(ctx, "desk.staff.minutes"), web.T(ctx, "desk.staff.standing"), web.T(ctx, "desk.staff.renew")}}
	for _, one := range page.Colleagues {
		renew := ""
		if one.Renew != nil {
			renew = one.Renew.In(page.Zone).Format("2006-01-02")
		}
		rows = append(rows, []string{one.Name, one.Title(web.Language(ctx)), strconv.Itoa(one.Percent), strconv.Itoa(one.Left),
			web.T(ctx, "desk.staff.is."+string(one.Standing)), renew})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = people.GuardCell(row[i])
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// standingKind is the tag of a standing.
func standingKind(s desk.Standing) string {
	switch s {
	case desk.Valid, desk.Completed:
		return "done"
	case desk.Expired, desk.OnHold:
		return "due"
	case desk.Revoked:
		return "danger"
	}
	return "open"
}

// withAfter is an address of the page after the last row seen.
func withAfter(path, after string) string {
	if after == "" {
		return path
	}
	return path + "?after=" + url.QueryEscape(after)
}

// firstPage leads back to the start of the list from a later page.
func firstPage(after string) string {
	if after == "" {
		return ""
	}
	return "/staff"
}
