package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// ImportOptions say how a folder or file is taken in.
type ImportOptions struct {
	DryRun  bool   // say what would happen, store nothing
	SkipBad bool   // store what is good though other things are bad
	Cohort  string // of people: the cohort for all of them, by name or key; "" goes by the file

	Progress io.Writer // where a curriculum's progress is shown if it is a terminal; nil for nowhere
}

// errBad says that problems were told and nothing was stored.
var errBad = errors.New("nothing was stored; mend the lines above and try again, or use --skip-bad to store the rest")

// ImportPeople reads a CSV file of people into one sector, and gives a place to each whose
// line names one cohort of it, or to all in the cohort of the options.
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
	system := people.System(people.Sector(sector))
	rules := cohorts.IntakeRules{ImportRules: people.ImportRules{DryRun: o.DryRun, SkipBad: o.SkipBad}}
	if rules.Cohort, err = a.cohortCalled(ctx, system, o.Cohort); err != nil {
		return err
	}
	intake, err := a.Cohorts.ImportPeople(ctx, system, rows, rules)
	if err != nil {
		return a.told(err)
	}
	a.tellLines(out, path, intake.Notes)
	a.tellLines(out, path, append(problems, intake.Problems...))
	fmt.Fprintf(out, "%d added, %d changed, %d the same, %d with a problem\n", intake.Count(people.Added), intake.Count(people.Changed),
		intake.Count(people.Same), len(problems)+len(intake.Problems))
	if intake.Enrolled+intake.Already+intake.Nowhere > 0 {
		fmt.Fprintf(out, "%d enrolled, %d with a place already, %d whose cohort is not known\n", intake.Enrolled, intake.Already, intake.Nowhere)
	}
	if len(intake.Problems) > 0 && !o.SkipBad {
		return errBad
	}
	if o.DryRun {
		fmt.Fprintln(out, "Dry run: nothing was stored.")
	}
	return nil
}

// cohortCalled finds the one cohort of the sector that --cohort means.
func (a *Academy) cohortCalled(ctx context.Context, v people.Viewer, text string) (cohorts.CohortID, error) {
	if text == "" {
		return "", nil
	}
	found, err := a.Cohorts.CohortsCalled(ctx, v, text)
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", WrongSettings{fmt.Sprintf("--cohort %q: no cohort of this sector is called so", text)}
	case len(found) > 1:
		return "", WrongSettings{fmt.Sprintf("--cohort %q: more than one cohort of this sector may be meant; write the course and the number, such as \"OUT 21\"", text)}
	}
	return found[0].ID, nil
}

func (a *Academy) tellLines(out io.Writer, path string, problems []people.LineProblem) {
	for _, p := range problems {
		fmt.Fprintf(out, "%s:%d: %s\n", path, max(p.Line, 1), a.say(p.Sentence))
	}
}

// say puts a sentence into English, the language of the command line.
func (a *Academy) say(s fault.Sentence) string { return a.Web.Words().Say("en", s) }

// told turns a fault into its sentence for the command line.
func (a *Academy) told(err error) error { return toldBy(a.say, err) }

func toldBy(say func(fault.Sentence) string, err error) error {
	var conflict *fault.ConflictError
	var invalid *fault.InvalidError
	switch {
	case errors.As(err, &conflict):
		return errors.New(say(conflict.Sentence))
	case errors.As(err, &invalid) && len(invalid.Problems) > 0:
		return errors.New(say(invalid.Problems[0].Sentence))
	}
	return err
}
