package pages

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// recordPage is a page of what the viewer has read.
type recordPage struct {
	List []courses.Read
	Next content.ModuleID
	Zone *time.Location
}

// record is what the viewer has read, and at which version.
func (h handler) record(c *fiber.Ctx) error {
	list, next, err := h.courses.Record(c.UserContext(), web.Viewer(c), content.ModuleID(web.Query(c, "after")))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, readingRecord(recordPage{list, next, h.courses.Zone()}))
}

// recordFile is all of it as a table, to keep where the reader likes.
func (h handler) recordFile(c *fiber.Ctx) error {
	ctx := c.UserContext()
	list, err := h.courses.WholeRecord(ctx, web.Viewer(c))
	if err != nil {
		return err
	}
	data, err := recordCSV(ctx, list)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="reading.csv"`)
	return c.Send(data)
}

// recordCSV writes a record with a byte-order mark, without which Excel reads accents
// wrongly, and every cell guarded against formulas. Times are those of the day, in UTC.
func recordCSV(ctx context.Context, list []courses.Read) ([]byte, error) {
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	var head []string
	for _, column := range []string{"id", "title", "version", "reviewed", "language", "hash", "opened", "reached", "sections", "done"} {
		head = append(head, web.T(ctx, "courses.record.column."+column))
	}
	rows := [][]string{head}
	for _, r := range list {
		reached, done := strconv.Itoa(r.Furthest), ""
		if r.Done() {
			reached, done = strconv.Itoa(len(r.Sections)), r.DoneAt.UTC().Format(time.RFC3339)
		}
		row := []string{string(r.ModuleID), r.Title, strconv.Itoa(r.Version), r.ReviewedOn, string(r.Lang), string(r.Hash),
			r.OpenedAt.UTC().Format(time.RFC3339), reached, strconv.Itoa(len(r.Sections)), done}
		for i := range row {
			row[i] = people.GuardCell(row[i])
		}
		rows = append(rows, row)
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

// words: courses.record.column.*

// versionRead says which version was read, in words.
func versionRead(ctx context.Context, r courses.Read) string {
	day := r.ReviewedOn
	if parsed, err := time.Parse(time.DateOnly, day); err == nil {
		day = web.DateYear(ctx, parsed, time.UTC)
	}
	return web.T(ctx, "courses.module.version", "Version", r.Version, "Date", day) + " · " + web.T(ctx, "content.lang."+string(r.Lang))
}
