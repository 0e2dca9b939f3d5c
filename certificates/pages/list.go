package pages

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

const (
	maxList = 1 << 20 // bytes of a list
	maxRows = 5000
	maxShow = 500 // rows of the table on the page; the file has all
)

// listed is one row of a list and what the check of it said.
type listed struct {
	Typed   string // as it stood in the list
	Verdict string // a verdict, or "slip" or "form" for what can't be a number with its code
	Name    string
	Course  string
	Until   string
}

type listPageProps struct {
	Failed *web.Errors
	Rows   []listed
	At     time.Time
	Zone   *time.Location
	Sample bool
}

func (h handler) list(c *fiber.Ctx) error {
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	return web.Render(c, http.StatusOK, listPage(listPageProps{Sample: h.certificates.Sample()}))
}

// checkList answers many numbers at once, as a page or as CSV.
func (h handler) checkList(c *fiber.Ctx) error {
	unseen(c)
	codes, err := readList(c)
	if err == nil && len(codes) > maxRows {
		err = fault.Invalid("list", "certificates.list.long", "Max", maxRows)
	}
	if failed := web.Failed(c, err); failed != nil {
		return web.Render(c, http.StatusUnprocessableEntity, listPage(listPageProps{Failed: failed, Sample: h.certificates.Sample()}))
	}
	if err != nil {
		return err
	}
	rows, err := h.checkRows(c.UserContext(), codes)
	if err != nil {
		return err
	}
	if web.Text(c, "as") == "csv" {
		return sendCSV(c, rows)
	}
	return web.Render(c, http.StatusOK, listPage(listPageProps{Rows: rows, At: h.certificates.Now(), Zone: h.certificates.Zone(), Sample: h.certificates.Sample()}))
}

// readList takes the uploaded file or, without one, what was pasted: a number and a share
// code a line, in one cell or in two.
func readList(c *fiber.Ctx) ([]string, error) {
	text := web.Text(c, "list")
	if header, err := c.FormFile("file"); err == nil && header.Size > 0 {
		file, err := upload(c, "file", maxList)
		if err != nil {
			return nil, err
		}
		text = strings.TrimPrefix(strings.ToValidUTF8(string(file), "?"), "\ufeff")
	}
	if len(text) > maxList {
		return nil, fault.Invalid("list", "certificates.list.large")
	}
	var codes []string
	for line := range strings.SplitSeq(text, "\n") {
		if code := codeOf(line); code != "" {
			codes = append(codes, code)
		}
	}
	if len(codes) == 0 {
		return nil, fault.Invalid("list", "certificates.list.empty")
	}
	return codes, nil
}

// codeOf is what one line names: its first two cells, joined. A heading names nothing.
func codeOf(line string) string {
	cells := strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ';' || r == '\t' || r == '"' || r == '\r' })
	code := strings.TrimSpace(strings.Join(cells[:min(2, len(cells))], " "))
	if !strings.ContainsFunc(code, unicode.IsDigit) {
		return ""
	}
	return code
}

func (h handler) checkRows(ctx context.Context, codes []string) ([]listed, error) {
	rows := make([]listed, len(codes))
	for i, code := range codes {
		rows[i].Typed = code
		copy, err := number.ParseCopy(code)
		switch {
		case err == number.ErrCheck:
			rows[i].Verdict = "slip"
			continue
		case err != nil:
			rows[i].Verdict = "form"
			continue
		}
		answer, err := h.certificates.CheckNumber(ctx, copy, certificates.ByList)
		if err != nil {
			return nil, err
		}
		rows[i].Verdict = string(answer.Verdict)
		if claims := answer.Claims; claims != nil {
			rows[i].Name, rows[i].Course = claims.Name, claims.CourseTitle+", "+claims.Edition
			if !claims.ValidUntil.IsZero() {
				rows[i].Until = claims.ValidUntil.In(h.certificates.Zone()).Format(time.DateOnly)
			}
		}
	}
	return rows, nil
}

func sendCSV(c *fiber.Ctx, rows []listed) error {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	ctx := c.UserContext()
	records := [][]string{{web.T(ctx, "certificates.number"), web.T(ctx, "certificates.list.verdict"), web.T(ctx, "certificates.name"), web.T(ctx, "certificates.course"), web.T(ctx, "certificates.until")}}
	for _, row := range rows {
		records = append(records, []string{row.Typed, rowWord(ctx, row.Verdict), row.Name, row.Course, row.Until})
	}
	for _, record := range records {
		for i := range record {
			record[i] = guarded(record[i])
		}
	}
	if err := w.WriteAll(records); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="check.csv"`)
	return c.Send(append([]byte("\ufeff"), out.Bytes()...))
}

// guarded keeps a spreadsheet from taking a cell for a formula.
func guarded(cell string) string {
	if strings.HasPrefix(strings.TrimLeft(cell, " \t\r\n"), "=") || strings.ContainsAny(first(cell), "+-@\t\r\n|%") {
		return "'" + cell
	}
	return cell
}

func first(cell string) string {
	if cell == "" {
		return ""
	}
	return cell[:1]
}

func rowWord(ctx context.Context, verdict string) string {
	switch verdict {
	case "slip":
		return web.T(ctx, "certificates.list.slip")
	case "form":
		return web.T(ctx, "certificates.list.form")
	}
	return verdictWord(ctx, verdict)
}

func (p listPageProps) shown() []listed { return p.Rows[:min(maxShow, len(p.Rows))] }

// pasted is the list as it goes back into the form that asks for the file.
func (p listPageProps) pasted() string {
	var b strings.Builder
	for _, row := range p.Rows {
		b.WriteString(row.Typed + "\n")
	}
	return b.String()
}
