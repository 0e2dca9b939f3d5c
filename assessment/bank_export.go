package assessment

import (
	"context"
	"strings"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// ExportedQuestions is a file of a bank's questions, with what the format has no place for.
type ExportedQuestions struct {
	Name     string
	Bytes    []byte
	Count    int
	Warnings []formats.Warning
}

// ExportQuestions writes the questions of a course's bank that the filter lets through as
// a file of a format. Fails with fault.NotFound for whom the bank is closed to, and with
// fault.Invalid where there is no question to write.
func (s Store) ExportQuestions(ctx context.Context, v people.Viewer, code string, f BankFilter, format formats.Format, lang content.Lang) (ExportedQuestions, error) {
	if _, err := s.BankCourse(ctx, v, code); err != nil {
		return ExportedQuestions{}, err
	}
	f.After, f.Checks = "", false
	versions, err := s.exportable(ctx, v, code, f)
	if err != nil {
		return ExportedQuestions{}, err
	}
	if len(versions) == 0 {
		return ExportedQuestions{}, fault.Invalid("course", "assessment.bank.nothing")
	}
	out := ExportedQuestions{Name: "questions" + format.Ending(), Count: len(versions)}
	var items []formats.Item
	var native []string
	for _, version := range versions {
		w := version.Written(lang)
		native = append(native, w.Markdown())
		items = append(items, w.Item(version.Title))
	}
	if format == formats.Native {
		out.Bytes = []byte(strings.Join(native, "\n"))
		return out, nil
	}
	out.Bytes, out.Warnings, err = formats.Write(format, items)
	return out, err
}
