package assessment

import (
	"errors"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// QuestionFile is a file of questions as it was read: each of them is an item or has a
// warning that says why it stays outside.
type QuestionFile struct {
	Format   formats.Format
	Items    []formats.Item
	Warnings []formats.Warning
}

// ReadQuestionFile reads a file of the format that is named, or that it is found to have
// where none is. A file that can't be read as a whole has one warning. Fails with
// fault.Invalid for a format that is not known.
func ReadQuestionFile(named string, file content.File) (QuestionFile, error) {
	var format formats.Format
	if named == "" {
		format, _ = formats.Detect(file)
	} else if known, ok := formats.Named(named); ok {
		format = known
	} else {
		return QuestionFile{}, fault.Invalid("format", "assessment.format.unknown_name", "Format", named)
	}
	reading, err := formats.Read(format, file)
	var problem content.Problem
	if errors.As(err, &problem) {
		problem.Line = max(problem.Line, 1)
		return QuestionFile{Format: format, Warnings: []formats.Warning{{Item: file.Path, Lost: true, Problem: problem}}}, nil
	}
	if err != nil {
		return QuestionFile{}, err
	}
	return QuestionFile{format, reading.Items, reading.Warnings}, nil
}

// Lost counts the questions that stay outside.
func (f QuestionFile) Lost() (count int) {
	for _, w := range f.Warnings {
		if w.Lost {
			count++
		}
	}
	return count
}
