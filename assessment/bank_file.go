package assessment

import (
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// QuestionFile is a file of questions as it was read: each of them is a question of ours
// or has a warning that is Lost and says why it stays outside.
type QuestionFile struct {
	Name      string
	Format    formats.Format
	Lang      content.Lang
	Questions []Converted
	Warnings  []formats.Warning
}

// ReadQuestionFile reads a file of the format that is named, or that it is found to have
// where none is, in a language. A file that can't be read as a whole has one warning, and
// Format is empty where nothing told it. Fails with fault.Invalid for a format that is not
// known.
func ReadQuestionFile(named string, file content.File, lang content.Lang) (QuestionFile, error) {
	read := QuestionFile{Name: file.Path, Lang: lang}
	have, _ := formats.Detect(file)
	if read.Format = have; named != "" {
		known, ok := formats.Named(named)
		if !ok {
			return QuestionFile{}, fault.Invalid("format", "assessment.format.unknown_name", "Format", named)
		}
		read.Format = known
	}
	if read.Format == formats.Native && have == formats.Native {
		read.native(file)
		return read, nil
	}
	reading, err := formats.Read(read.Format, file)
	var problem content.Problem
	if errors.As(err, &problem) {
		problem.Line = max(problem.Line, 1)
		read.Warnings = []formats.Warning{{Item: file.Path, Lost: true, Problem: problem}}
		return read, nil
	}
	read.Warnings = reading.Warnings
	read.take(reading.Items)
	return read, err
}

// take makes questions of items, on every processor, or tells why one stays outside.
func (f *QuestionFile) take(items []formats.Item) {
	type taken struct {
		Converted
		refused *fault.Sentence
	}
	all := make([]taken, len(items))
	var next atomic.Int64
	var work sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(items)) {
		work.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(items); i = int(next.Add(1)) - 1 {
				all[i].Converted, all[i].refused = Convert(items[i], f.Lang)
			}
		})
	}
	work.Wait()
	for _, one := range all {
		if one.refused != nil {
			f.tell(one.Converted, true, one.Item.Line, *one.refused)
			continue
		}
		for _, note := range one.Notes {
			f.tell(one.Converted, false, one.Item.Line, note)
		}
		f.Questions = append(f.Questions, one.Converted)
	}
}

func (f *QuestionFile) tell(c Converted, lost bool, line int, said fault.Sentence) {
	f.Warnings = append(f.Warnings, formats.Warning{Item: c.Label(), Lost: lost, Problem: content.Problem{Path: f.Name, Line: line, Sentence: said}})
}

// Label is what the question is called in a list.
func (c Converted) Label() string {
	if c.Title != "" {
		return c.Title
	}
	return c.Written.ID
}

// native reads our own form: a quiz file, with its head or without.
func (f *QuestionFile) native(file content.File) {
	source := strings.TrimPrefix(strings.ReplaceAll(string(file.Bytes), "\r\n", "\n"), "\ufeff")
	lines := strings.Split(source, "\n")
	first := 0
	for i, line := range lines {
		if questionHead.MatchString(line) {
			first = i
			break
		}
	}
	told := &content.Problems{Path: file.Path}
	all := ReadWritten(lines[first:], first+1, told)
	for i, w := range all {
		own := &content.Problems{}
		for _, p := range told.List {
			if p.Line >= w.line && (i+1 == len(all) || p.Line < all[i+1].line) {
				own.List = append(own.List, p)
			}
		}
		if w.Type == pool {
			own.Add(w.line, "assessment.bank.pool")
		} else if len(own.List) == 0 {
			if w.Check(own); len(own.List) == 0 {
				w.Question(own, nil, nil)
			}
		}
		item := w.Item("")
		item.Line = w.line
		converted := Converted{Item: item, Named: true, Written: w}
		if len(own.List) > 0 {
			f.tell(converted, true, max(own.List[0].Line, w.line), own.List[0].Sentence)
			continue
		}
		f.Questions = append(f.Questions, converted)
	}
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
