package pages

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/xuri/excelize/v2"

	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// report is what leaves the Academy in one of three forms: a page that prints, a table
// for a spreadsheet (CSV), and a workbook with a sheet for each table (XLSX).
type report struct {
	Title, Under, Note string
	Path, Query        string // where it stands; its files stand below
	Tables             []reportTable
}

// reportTable is one table of a report. Cells are texts and numbers.
type reportTable struct {
	Title string
	Head  []string
	Rows  [][]any
}

// reported mounts the three forms of a report.
func reported(app *web.App, path string, build func(c *fiber.Ctx) (report, error)) {
	form := func(show func(c *fiber.Ctx, r report) error) fiber.Handler {
		return func(c *fiber.Ctx) error {
			r, err := build(c)
			if err != nil {
				return err
			}
			return show(c, r)
		}
	}
	app.SignedIn(fiber.MethodGet, path, form(func(c *fiber.Ctx, r report) error { return web.Render(c, http.StatusOK, reportPage(r)) }))
	app.SignedIn(fiber.MethodGet, path+"/file", form(sendCSV))
	app.SignedIn(fiber.MethodGet, path+"/workbook", form(sendWorkbook))
}

func sendCSV(c *fiber.Ctx, r report) error {
	var b bytes.Buffer
	if err := r.writeCSV(&b); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="report.csv"`)
	return c.Send(b.Bytes())
}

func sendWorkbook(c *fiber.Ctx, r report) error {
	var b bytes.Buffer
	if err := r.writeWorkbook(&b); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="report.xlsx"`)
	return c.Send(b.Bytes())
}

// writeCSV writes the tables one below the other, each under its title, with a byte-order
// mark, without which Excel reads accents wrongly, and every text guarded against formulas.
func (r report) writeCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for i, table := range r.Tables {
		lines := [][]string{{people.GuardCell(table.Title)}, guarded(table.Head)}
		if i > 0 {
			lines = append([][]string{{""}}, lines...)
		}
		for _, row := range table.Rows {
			cells := make([]string, len(row))
			for j, cell := range row {
				cells[j] = cellText(cell)
			}
			lines = append(lines, guarded(cells))
		}
		if err := out.WriteAll(lines); err != nil {
			return err
		}
	}
	return out.Error()
}

func guarded(cells []string) []string {
	safe := make([]string, len(cells))
	for i, text := range cells {
		safe[i] = people.GuardCell(text)
	}
	return safe
}

// cellText is a cell as a page and a table show it.
func cellText(cell any) string {
	if cell == nil {
		return ""
	}
	return fmt.Sprint(cell)
}

// writeWorkbook writes a sheet for each table. Texts are texts in it, never formulas.
func (r report) writeWorkbook(w io.Writer) error {
	file := excelize.NewFile()
	defer file.Close()
	for i, table := range r.Tables {
		name := sheetName(i, table.Title)
		if i == 0 {
			if err := file.SetSheetName("Sheet1", name); err != nil {
				return err
			}
		} else if _, err := file.NewSheet(name); err != nil {
			return err
		}
		if err := writeTable(file, name, table); err != nil {
			return err
		}
	}
	return file.Write(w)
}

// sheetName is a title as a sheet may be named: at most 31 letters, none of them a sign
// that a formula reads.
func sheetName(i int, title string) string {
	letters := []rune(fmt.Sprintf("%d ", i+1))
	for _, letter := range title {
		if len(letters) < 31 && !bytes.ContainsRune([]byte(`:\/?*[]'`), letter) {
			letters = append(letters, letter)
		}
	}
	return string(letters)
}

func writeTable(file *excelize.File, name string, table reportTable) error {
	sheet, err := file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := sheet.SetColWidth(1, 1, 24); err != nil {
		return err
	}
	head := make([]any, len(table.Head))
	for i, text := range table.Head {
		head[i] = text
	}
	if err := sheet.SetRow("A1", head); err != nil {
		return err
	}
	for i, row := range table.Rows {
		at, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return err
		}
		if err := sheet.SetRow(at, row); err != nil {
			return err
		}
	}
	return sheet.Flush()
}
