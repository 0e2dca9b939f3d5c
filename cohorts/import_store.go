package cohorts

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Intake tells what a file of people did to a cohort, or would do.
type Intake struct {
	people.Report
	Enrolled  int // new places
	Already   int // who had one
	Elsewhere int // lines that name another cohort
	Stored    bool
}

var errNotTaken = errors.New("nothing is stored")

// EnrollRows takes people from a file into the sector and gives each a place in the
// cohort, all in one transaction; a line whose cohort column names another cohort is
// told and left alone. Nothing is stored when a line is bad or for a dry run. The same
// file again changes nothing.
func (s Store) EnrollRows(ctx context.Context, v people.Viewer, cohort CohortID, rows []people.Row, dryRun bool) (Intake, error) {
	var intake Intake
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		held, err := s.holdCohort(ctx, v, cohort)
		if err != nil {
			return err
		}
		meant := make([]people.Row, 0, len(rows))
		for _, row := range rows {
			if !names(row.Cohort, held) {
				intake.Elsewhere++
				continue
			}
			meant = append(meant, row)
		}
		if intake.Report, err = s.people.ImportPeople(ctx, v, meant, people.ImportRules{}); err != nil {
			return err
		}
		if len(intake.Problems) > 0 {
			return errNotTaken
		}
		if err := s.enrollImported(ctx, v, cohort, &intake); err != nil {
			return err
		}
		if dryRun || len(intake.Problems) > 0 {
			return errNotTaken
		}
		intake.Stored = true
		return nil
	})
	if errors.Is(err, errNotTaken) {
		err = nil
	}
	return intake, err
}

// enrollImported gives places to who was taken in; why somebody can't have one is told
// with their line.
func (s Store) enrollImported(ctx context.Context, v people.Viewer, cohort CohortID, intake *Intake) error {
	for _, row := range intake.Rows {
		there, err := s.db.NewSelect().TableExpr("enrolments AS e").
			Where("e.cohort_id = ? AND e.person_id = ? AND e.state <> ?", cohort, row.PersonID, Withdrawn).Count(ctx)
		if err != nil {
			return err
		}
		if there > 0 {
			intake.Already++
			continue
		}
		_, err = s.Enroll(ctx, v, cohort, row.PersonID)
		var conflict *fault.ConflictError
		switch {
		case errors.As(err, &conflict):
			intake.Problems = append(intake.Problems, people.LineProblem{Line: row.Line, Problem: fault.Problem{Field: "cohort", Sentence: conflict.Sentence}})
		case errors.Is(err, fault.Forbidden):
			intake.Problems = append(intake.Problems, people.LineProblem{Line: row.Line, Problem: fault.Problem{Field: "cohort", Sentence: fault.Say("cohorts.enrol.oneself")}})
		case err != nil:
			return err
		default:
			intake.Enrolled++
		}
	}
	return nil
}

// names says whether the text of a cohort column means the cohort, or nothing: "OUT 21",
// "OUT-21", "21", "Outreach Cohort 21".
func names(text string, cohort Summary) bool {
	words := strings.Fields(spaced(text))
	if len(words) == 0 {
		return true
	}
	if words[len(words)-1] != strconv.Itoa(cohort.Number) {
		return false
	}
	name := strings.Join(words[:len(words)-1], " ")
	name = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(name, "cohort"), "cohorte"))
	return name == "" || name == spaced(cohort.CourseCode) || name == spaced(cohort.TitleEN) || name == spaced(cohort.TitleES)
}

// spaced is a name in lower case with spaces where people also write other signs.
func spaced(text string) string {
	return strings.NewReplacer("-", " ", "_", " ", "#", " ").Replace(strings.ToLower(people.CleanText(text)))
}
