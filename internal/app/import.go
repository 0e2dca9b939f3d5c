package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/uptrace/bun"

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

// errNotStored undoes the transaction of an import that is not to be kept.
var errNotStored = errors.New("nothing is to be stored")

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
		fmt.Fprintf(out, "%s:%d: %s\n", path, max(note.Line, 1), a.say(note.Sentence))
	}
	if len(problems) > 0 && !o.SkipBad {
		a.tellLines(out, path, problems)
		return errBad
	}
	var report people.Report
	err = database.InTx(ctx, a.DB, func(ctx context.Context, tx bun.Tx) error {
		report, err = a.People.In(tx).ImportPeople(ctx, people.System(people.Sector(sector)), rows, people.ImportRules{DryRun: o.DryRun, SkipBad: o.SkipBad})
		if err == nil && !report.Stored {
			return errNotStored
		}
		return err
	})
	if err != nil && !errors.Is(err, errNotStored) {
		return a.told(err)
	}
	a.tellLines(out, path, append(problems, report.Problems...))
	fmt.Fprintf(out, "%d added, %d changed, %d the same, %d with a problem\n", report.Count(people.Added), report.Count(people.Changed),
		report.Count(people.Same), len(problems)+len(report.Problems))
	if len(report.Problems) > 0 && !o.SkipBad {
		return errBad
	}
	if o.DryRun {
		fmt.Fprintln(out, "Dry run: nothing was stored.")
	}
	return nil
}

func (a *Academy) tellLines(out io.Writer, path string, problems []people.LineProblem) {
	for _, p := range problems {
		fmt.Fprintf(out, "%s:%d: %s\n", path, max(p.Line, 1), a.say(p.Sentence))
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
