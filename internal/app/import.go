package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// ImportOptions say how a folder or file is taken in.
type ImportOptions struct {
	DryRun  bool // say what would happen, store nothing
	SkipBad bool // store what is good though other things are bad
}

// errBad says that problems were told and nothing was stored.
var errBad = errors.New("nothing was stored; mend the lines above and try again, or use --skip-bad to store the rest")

// ImportCurriculum reads a folder of modules, quizzes and courses, tells every problem
// with file and line, and stores all of it in one transaction, or nothing.
func ImportCurriculum(ctx context.Context, c Config, dir string, o ImportOptions, out io.Writer) error {
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return fmt.Errorf("%s is not a folder that can be read", dir)
	}
	a, err := forCommand(ctx, c)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	folder := readCurriculum(os.DirFS(dir))
	for _, p := range folder.problems {
		fmt.Fprintf(out, "%s:%d: %s\n", filepath.Join(dir, filepath.FromSlash(p.Path)), p.Line, a.say(p.Sentence))
	}
	fmt.Fprintf(out, "%d modules, %d guides, %d quizzes, %d editions; %d problems\n",
		len(folder.content.Modules), len(folder.content.Guides), len(folder.quizzes), len(folder.editions), len(folder.problems))
	if len(folder.problems) > 0 && !o.SkipBad {
		return errBad
	}
	if o.DryRun {
		_, err := fmt.Fprintln(out, "Dry run: nothing was stored.")
		return err
	}
	if err := a.keepCurriculum(ctx, folder); err != nil {
		return a.told(err)
	}
	_, err = fmt.Fprintln(out, "Stored.")
	return err
}

// ImportPeople reads a CSV file of people into one sector.
func ImportPeople(ctx context.Context, c Config, path, sector string, o ImportOptions, out io.Writer) error {
	if !people.Sector(sector).Known() {
		return WrongSettings{fmt.Sprintf("--sector %q: use outreach, law_enforcement, health or community", sector)}
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%s can't be read", path)
	}
	defer func() { _ = file.Close() }()
	a, err := forCommand(ctx, c)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	rows, problems, notes := people.ReadCSV(file)
	for _, note := range notes {
		fmt.Fprintf(out, "%s:%d: %s\n", path, note.Line, a.say(note.Sentence))
	}
	if len(problems) > 0 && !o.SkipBad {
		a.tellLines(out, path, problems)
		return errBad
	}
	var report people.Report
	err = database.InTx(ctx, a.DB, func(ctx context.Context, tx bun.Tx) error {
		report, err = a.People.In(tx).ImportPeople(ctx, people.System(people.Sector(sector)), rows, people.ImportRules{DryRun: o.DryRun, SkipBad: o.SkipBad})
		if err != nil || !report.Stored {
			return err
		}
		return nil
	})
	if err != nil {
		return a.told(err)
	}
	a.tellLines(out, path, append(problems, report.Problems...))
	fmt.Fprintf(out, "%d added, %d changed, %d the same, %d with a problem\n", report.Count(people.Added), report.Count(people.Changed),
		report.Count(people.Same), len(problems)+len(report.Problems))
	switch {
	case o.DryRun:
		fmt.Fprintln(out, "Dry run: nothing was stored.")
	case !report.Stored:
		return errBad
	}
	return nil
}

func (a *Academy) tellLines(out io.Writer, path string, problems []people.LineProblem) {
	for _, p := range problems {
		fmt.Fprintf(out, "%s:%d: %s\n", path, p.Line, a.say(p.Sentence))
	}
}

// say puts a sentence into English, the language of the command line.
func (a *Academy) say(s fault.Sentence) string { return a.Web.Words().Say("en", s) }

// told turns a fault into its sentence for the command line.
func (a *Academy) told(err error) error {
	var conflict *fault.ConflictError
	var invalid *fault.InvalidError
	switch {
	case errors.As(err, &conflict):
		return errors.New(a.say(conflict.Sentence))
	case errors.As(err, &invalid) && len(invalid.Problems) > 0:
		return errors.New(a.say(invalid.Problems[0].Sentence))
	}
	return err
}

// curriculumFolder is what a folder holds, read by the three rooms that own its parts.
type curriculumFolder struct {
	content  content.Folder
	quizzes  []assessment.Quiz
	editions []courses.Edition
	problems []content.Problem
}

// readCurriculum hands one folder to the rooms that own its parts.
func readCurriculum(files fs.FS) curriculumFolder {
	var folder curriculumFolder
	var quizzes, editions []content.Problem
	folder.content, folder.problems = content.Parse(files, ".")
	folder.quizzes, quizzes = assessment.ReadQuizzes(folder.content.Quizzes)
	folder.editions, editions = courses.Parse(files, ".", folder.content)
	folder.problems = append(append(folder.problems, quizzes...), editions...)
	content.SortProblems(folder.problems)
	return folder
}

// storeCurriculum stores a folder inside a transaction.
func (r Rooms) storeCurriculum(ctx context.Context, tx bun.IDB, folder curriculumFolder) error {
	if _, err := r.Content.In(tx).Import(ctx, folder.content); err != nil {
		return err
	}
	if _, err := r.Assessment.In(tx).Import(ctx, folder.quizzes); err != nil {
		return err
	}
	_, err := r.Courses.In(tx).Import(ctx, folder.editions)
	return err
}

// keepCurriculum stores a folder in one transaction of its own.
func (a *Academy) keepCurriculum(ctx context.Context, folder curriculumFolder) error {
	return database.InTx(ctx, a.DB, func(ctx context.Context, tx bun.Tx) error { return a.storeCurriculum(ctx, tx, folder) })
}
