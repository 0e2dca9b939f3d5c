package pages

import (
	"context"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// writeWorkbook writes a gradebook as a workbook of two sheets: what counts, and what was
// computed or observed. Texts are texts in it, never formulas. It is streamed: a cell a
// time, not a tree of all of them.
func writeWorkbook(ctx context.Context, w io.Writer, book assessment.Gradebook) error {
	file := excelize.NewFile()
	defer file.Close()
	counts, computed := web.T(ctx, "assessment.gradebook.sheet.counts"), web.T(ctx, "assessment.gradebook.sheet.computed")
	if err := file.SetSheetName("Sheet1", counts); err != nil {
		return err
	}
	if _, err := file.NewSheet(computed); err != nil {
		return err
	}
	if err := writeSheet(ctx, file, counts, book, assessment.Cell.Counts); err != nil {
		return err
	}
	if err := writeSheet(ctx, file, computed, book, func(c assessment.Cell) string { return c.Computed }); err != nil {
		return err
	}
	return file.Write(w)
}

func writeSheet(ctx context.Context, file *excelize.File, name string, book assessment.Gradebook, shown func(assessment.Cell) string) error {
	sheet, err := file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := sheet.SetColWidth(1, 1, 24); err != nil {
		return err
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	head := []any{web.T(ctx, "assessment.results.name"), web.T(ctx, "assessment.gradebook.average")}
	for _, c := range book.Columns {
		head = append(head, c.Title(web.Language(ctx)))
	}
	if err := sheet.SetRow("A1", head); err != nil {
		return err
	}
	for i, row := range book.Rows {
		line := []any{row.Name, row.Percent}
		for _, cell := range row.Cells {
			line = append(line, cellOf(ctx, shown(cell)))
		}
		at, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return err
		}
		if err := sheet.SetRow(at, line); err != nil {
			return err
		}
	}
	return sheet.Flush()
}

// cellOf is a value as a sheet holds it: a number, a word, or nothing.
func cellOf(ctx context.Context, value string) any {
	if value == "" {
		return nil
	}
	if n, err := strconv.Atoi(value); err == nil {
		return n
	}
	return valueWord(ctx, value)
}
