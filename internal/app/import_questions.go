package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// QuestionOptions say which bank a file of questions goes into or comes out of, and how.
type QuestionOptions struct {
	Course   string
	Sector   string // "" where only one sector has the course
	Format   string // "" to find it out
	Lang     string // en or es: of the questions' words
	Module   string // to which they belong, "" for the course alone
	DryRun   bool
	SkipBad  bool
	Progress io.Writer
}

// Wrong lists what is wrong with the options.
func (o QuestionOptions) Wrong() WrongSettings {
	var wrong WrongSettings
	if o.Lang != "en" && o.Lang != "es" {
		wrong = append(wrong, fmt.Sprintf("--lang %q: use en or es", o.Lang))
	}
	if _, known := formats.Named(o.Format); o.Format != "" && !known {
		wrong = append(wrong, fmt.Sprintf("--format %q: use markdown, gift, aiken, moodle, qti or csv", o.Format))
	}
	if o.Sector != "" {
		wrong = append(wrong, WrongSector(o.Sector)...)
	}
	return wrong
}

// bankOf finds the sector whose course is meant.
func (a *Academy) bankOf(ctx context.Context, o QuestionOptions) (people.Viewer, error) {
	var found []people.Sector
	for _, sector := range people.Sectors {
		if o.Sector != "" && people.Sector(o.Sector) != sector {
			continue
		}
		_, err := a.Assessment.BankCourse(ctx, people.System(sector), o.Course)
		if err == nil {
			found = append(found, sector)
		} else if !errors.Is(err, fault.NotFound) {
			return people.Viewer{}, err
		}
	}
	switch len(found) {
	case 0:
		return people.Viewer{}, WrongSettings{fmt.Sprintf("--course %q: there is no such course", o.Course)}
	case 1:
		return people.System(found[0]), nil
	}
	return people.Viewer{}, WrongSettings{fmt.Sprintf("--course %q: more than one sector teaches it; add --sector", o.Course)}
}

// ImportQuestions takes a file of questions into a course's bank: every question that
// stays out is told with file, line and reason, and nothing is stored unless all is good
// or the rest is asked for.
func ImportQuestions(ctx context.Context, c Config, path string, o QuestionOptions, out io.Writer) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%s can't be read", path)
	}
	a, err := forCommand(ctx, c)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	v, err := a.bankOf(ctx, o)
	if err != nil {
		return err
	}
	file, err := assessment.ReadQuestionFile(o.Format, content.File{Path: path, Bytes: source}, content.Lang(o.Lang))
	if err != nil {
		return a.told(err)
	}
	plan, err := a.Assessment.PlanImport(ctx, v, o.Course, file)
	if err != nil {
		return a.told(err)
	}
	a.tellPlan(out, path, plan)
	switch {
	case plan.Count(assessment.StaysOut) > 0 && !o.SkipBad:
		return errBad
	case len(plan.Questions) == 0:
		return fmt.Errorf("%s holds no question", path)
	case o.DryRun:
		_, err := fmt.Fprintln(out, "Dry run: nothing was stored.")
		return err
	}
	bar := newProgress(o.Progress)
	_, _, err = a.Assessment.ImportQuestions(ctx, v, o.Course, file, assessment.ImportRules{ModuleID: o.Module, SkipBad: o.SkipBad, Step: bar.show})
	bar.end()
	if ctx.Err() != nil {
		return errStopped
	}
	if err != nil {
		return a.told(err)
	}
	_, err = fmt.Fprintln(out, "Stored.")
	return err
}

// tellPlan lists what stays out and what is kept without something, then the sums.
func (a *Academy) tellPlan(out io.Writer, path string, plan assessment.ImportPlan) {
	for _, q := range plan.Questions {
		if q.Fate == assessment.StaysOut {
			fmt.Fprintf(out, "%s:%d: %s: %s\n", path, max(q.Line, 1), q.Label, a.say(q.Reason))
		}
		for _, note := range q.Notes {
			fmt.Fprintf(out, "%s:%d: %s: note: %s\n", path, max(q.Line, 1), q.Label, a.say(note))
		}
	}
	fmt.Fprintf(out, "%d questions: %d new, %d changed, %d there already, %d stay out\n", len(plan.Questions), plan.Count(assessment.WillAdd),
		plan.Count(assessment.WillChange), plan.Count(assessment.IsThere), plan.Count(assessment.StaysOut))
}

// ExportQuestions writes the questions of a course's bank into a file, and tells what its
// format has no place for.
func ExportQuestions(ctx context.Context, c Config, path string, o QuestionOptions, out io.Writer) error {
	a, err := standing(ctx, c)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	v, err := a.bankOf(ctx, o)
	if err != nil {
		return err
	}
	format, _ := formats.Named(o.Format)
	file, err := a.Assessment.ExportQuestions(ctx, v, o.Course, assessment.BankFilter{ModuleID: o.Module}, format, content.Lang(o.Lang))
	if err != nil {
		return a.told(err)
	}
	lost := 0
	for _, w := range file.Warnings {
		fmt.Fprintf(out, "%s: %s\n", w.Item, a.say(w.Problem.Sentence))
		if w.Lost {
			lost++
		}
	}
	handle, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("%s can't be written, or is there already", path)
	}
	_, err = handle.Write(file.Bytes)
	if err := errors.Join(err, handle.Close()); err != nil {
		return fmt.Errorf("%s can't be written", path)
	}
	_, err = fmt.Fprintf(out, "%d questions written as %s, %d stay behind\n", file.Count-lost, format.Label(), lost)
	return err
}
