package cohorts

import (
	"context"
	"errors"
	"slices"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Intake tells what a file of people did to cohorts, or would do.
type Intake struct {
	people.Report
	Notes     []people.LineProblem // worth knowing, and no hindrance
	Enrolled  int                  // new places
	Already   int                  // who had one
	Waiting   int                  // who wait for a seat, since all are taken
	Elsewhere int                  // lines that name another cohort
	Nowhere   int                  // lines that name a cohort and give no place
	Stored    bool
}

// IntakeRules say how a file of people is taken in and into which cohort.
type IntakeRules struct {
	people.ImportRules
	Cohort CohortID // for everybody, whatever a line says; "" goes by the lines
}

var errNotTaken = errors.New("nothing is stored")

// EnrollRows takes people from a file into the sector and gives each a place in the
// cohort, all in one transaction; a line whose cohort column names another cohort is
// told and left alone. Nothing is stored when a line is bad or for a dry run. The same
// file again changes nothing.
func (s Store) EnrollRows(ctx context.Context, v people.Viewer, cohort CohortID, rows []people.Row, dryRun bool) (Intake, error) {
	return s.inOne(ctx, func(ctx context.Context, s Store) (Intake, error) {
		held, err := s.holdCohort(ctx, v, cohort)
		if err != nil {
			return Intake{}, err
		}
		elsewhere := 0
		meant, into := make([]people.Row, 0, len(rows)), map[int]CohortID{}
		for _, row := range rows {
			if row.Cohort != "" && !held.Called(row.Cohort) {
				elsewhere++
				continue
			}
			meant, into[row.Line] = append(meant, row), cohort
		}
		intake, err := s.takeIn(ctx, v, meant, into)
		intake.Elsewhere = elsewhere
		if err == nil && (dryRun || len(intake.Problems) > 0) {
			err = errNotTaken
		}
		return intake, err
	})
}

// ImportPeople takes people from a file into the sector and gives a place to each whose
// line names exactly one cohort that the viewer manages, or to everybody in the cohort of
// the rules, all in one transaction. A line that names no cohort, or more than one, is
// noted, and its person gets no place. A person who can't have the place that is meant for
// them makes the line a bad one. The same file again changes nothing.
func (s Store) ImportPeople(ctx context.Context, v people.Viewer, rows []people.Row, rules IntakeRules) (Intake, error) {
	into, notes, err := s.meant(ctx, v, rows, rules.Cohort)
	if err != nil {
		return Intake{}, err
	}
	var bad []people.LineProblem
	for {
		intake, err := s.inOne(ctx, func(ctx context.Context, s Store) (Intake, error) {
			intake, err := s.takeIn(ctx, v, rows, into)
			if err == nil && (rules.DryRun || len(intake.Problems) > 0) {
				err = errNotTaken
			}
			return intake, err
		})
		if err != nil {
			return Intake{}, err
		}
		if len(intake.Problems) == 0 || !rules.SkipBad {
			intake.Problems, intake.Notes, intake.Nowhere = append(bad, intake.Problems...), notes, len(notes)
			return intake, nil
		}
		// The bad lines are left out whole: nobody of theirs is half taken in.
		bad = append(bad, intake.Problems...)
		rows = slices.DeleteFunc(slices.Clone(rows), func(row people.Row) bool {
			return slices.ContainsFunc(intake.Problems, func(p people.LineProblem) bool { return p.Line == row.Line })
		})
	}
}

// meant finds the cohort that each line means, and notes those that mean none or several.
func (s Store) meant(ctx context.Context, v people.Viewer, rows []people.Row, all CohortID) (into map[int]CohortID, notes []people.LineProblem, err error) {
	into = map[int]CohortID{}
	found := map[string][]Summary{}
	for _, row := range rows {
		if all != "" {
			into[row.Line] = all
			continue
		}
		if row.Cohort == "" {
			continue
		}
		if _, asked := found[row.Cohort]; !asked {
			if found[row.Cohort], err = s.CohortsCalled(ctx, v, row.Cohort); err != nil {
				return nil, nil, err
			}
		}
		switch named := found[row.Cohort]; len(named) {
		case 0:
			notes = append(notes, note(row, "cohorts.import.unknown"))
		case 1:
			into[row.Line] = named[0].ID
		default:
			notes = append(notes, note(row, "cohorts.import.several"))
		}
	}
	return into, notes, nil
}

func note(row people.Row, key string) people.LineProblem {
	return people.LineProblem{Line: row.Line, Problem: fault.Problem{Field: "cohort", Sentence: fault.Say(key, "Cohort", row.Cohort)}}
}

// CohortsCalled gives the cohorts that the viewer manages and a text may mean.
func (s Store) CohortsCalled(ctx context.Context, v people.Viewer, text string) ([]Summary, error) {
	list := []Summary{}
	_, number, ok := calledNumber(text)
	if !ok {
		number = -1
	}
	err := s.summaries().Where("(cohort.number = ? OR cohort.id = ?)", number, text).Apply(managedBy(v).on).OrderExpr("cohort.id").Scan(ctx, &list)
	return slices.DeleteFunc(list, func(c Summary) bool { return !c.Called(text) }), err
}

// inOne runs work in one transaction, and undoes it where the work says that nothing is
// to be taken.
func (s Store) inOne(ctx context.Context, work func(ctx context.Context, s Store) (Intake, error)) (intake Intake, err error) {
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		intake, err = work(ctx, s)
		return err
	})
	intake.Stored = err == nil
	if errors.Is(err, errNotTaken) {
		err = nil
	}
	return intake, err
}

// takeIn takes the good lines in and gives the places that are meant, inside a transaction
// which the caller undoes where there are problems: all of them are told at once.
func (s Store) takeIn(ctx context.Context, v people.Viewer, rows []people.Row, into map[int]CohortID) (intake Intake, err error) {
	if intake.Report, err = s.people.ImportPeople(ctx, v, rows, people.ImportRules{SkipBad: true}); err == nil {
		err = s.enrollImported(ctx, v, into, &intake)
	}
	return intake, err
}

// enrollImported gives places to who was taken in; why somebody can't have one is told
// with their line.
func (s Store) enrollImported(ctx context.Context, v people.Viewer, into map[int]CohortID, intake *Intake) error {
	for _, row := range intake.Rows {
		cohort, ok := into[row.Line]
		if !ok {
			continue
		}
		there, err := s.db.NewSelect().TableExpr("enrolments AS e").
			Where("e.cohort_id = ? AND e.person_id = ? AND e.state <> ?", cohort, row.PersonID, Withdrawn).Count(ctx)
		if err != nil {
			return err
		}
		if there > 0 {
			intake.Already++
			continue
		}
		waits, err := s.seatOrTurn(ctx, v, cohort, row.PersonID)
		var conflict *fault.ConflictError
		switch {
		case errors.As(err, &conflict):
			intake.Problems = append(intake.Problems, people.LineProblem{Line: row.Line, Problem: fault.Problem{Field: "cohort", Sentence: conflict.Sentence}})
		case errors.Is(err, fault.Forbidden):
			intake.Problems = append(intake.Problems, people.LineProblem{Line: row.Line, Problem: fault.Problem{Field: "cohort", Sentence: fault.Say("cohorts.enrol.oneself")}})
		case err != nil:
			return err
		case waits:
			intake.Waiting++
		default:
			intake.Enrolled++
		}
	}
	return nil
}
