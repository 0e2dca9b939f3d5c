package cohorts_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// lines are the rows of a file that has nothing wrong.
func (a *academy) lines(text string) []people.Row {
	a.Helper()
	rows, problems, _ := people.ReadCSV(strings.NewReader(text))
	if len(problems) > 0 {
		a.Fatal(problems)
	}
	return rows
}

func told(problems []people.LineProblem) string {
	var all []string
	for _, p := range problems {
		all = append(all, fmt.Sprintf("%d %s", p.Line, p.Key))
	}
	return strings.Join(all, ", ")
}

const mixed = "external_id,given_name,cohort\n" +
	"E1,Ana,\"Course out-1, Cohort 2\"\nE2,Bo,OUT-1\nE3,Cy,\nE4,Dee,Cohort 9\nE5,Eva,PUT 1\nE6,Flo,Course put-p Cohort 1\nE7,Gus,Cohort 1\n"

func TestAFileEnrolsWhereALineNamesOneCohortOfTheSector(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		first, second := a.class(0), a.class(0)
		police := a.classOf("put-p", people.LawEnforcement, 0)
		rows, system := a.lines(mixed), people.System(people.Outreach)

		dry, err := a.store.ImportPeople(ctx, system, rows, cohorts.IntakeRules{ImportRules: people.ImportRules{DryRun: true}})
		a.ok(err)
		if dry.Stored || dry.Enrolled != 3 || dry.Count(people.Added) != 7 || a.count(`SELECT COUNT(*) FROM enrolments`) != 0 || a.count(`SELECT COUNT(*) FROM persons WHERE external_id <> ''`) != 0 {
			a.Errorf("a dry run: %+v", dry)
		}
		for _, enrolled := range []int{3, 0} {
			done, err := a.store.ImportPeople(ctx, system, rows, cohorts.IntakeRules{})
			a.ok(err)
			// The police cohort does not exist here: its number is nobody's, its course unknown.
			if want := "5 cohorts.import.unknown, 6 cohorts.import.unknown, 7 cohorts.import.unknown"; told(done.Notes) != want {
				a.Errorf("noted %s", told(done.Notes))
			}
			if !done.Stored || done.Enrolled != enrolled || done.Already != 3-enrolled || done.Nowhere != 3 || len(done.Problems) > 0 {
				a.Errorf("%d enrolled, %d already, %d nowhere, %s", done.Enrolled, done.Already, done.Nowhere, told(done.Problems))
			}
		}
		for cohort, want := range map[cohorts.CohortID]int{first.id: 2, second.id: 1, police.id: 0} {
			if n := a.count(`SELECT COUNT(*) FROM enrolments WHERE cohort_id = ?`, cohort); n != want {
				a.Errorf("%d in a cohort, want %d", n, want)
			}
		}
		// One cohort for everybody, whatever the lines say.
		done, err := a.store.ImportPeople(ctx, system, rows, cohorts.IntakeRules{Cohort: second.id})
		a.ok(err)
		if done.Enrolled != 6 || done.Already != 1 || len(done.Notes) != 0 {
			a.Errorf("all into one: %d enrolled, %d already, %s", done.Enrolled, done.Already, told(done.Notes))
		}
	})
}

func TestANumberThatTwoCoursesHaveGivesNoPlace(t *testing.T) {
	each(t, func(a *academy) {
		a.exec(`INSERT INTO courses (code) VALUES ('CM')`)
		a.edition("cm-1", "CM", people.Outreach, "full")
		a.class(0)
		a.classOf("cm-1", people.Outreach, 0)
		done, err := a.store.ImportPeople(a.Context(), people.System(people.Outreach), a.lines("given_name,cohort\nAna,1\nBo,CM 1\n"), cohorts.IntakeRules{})
		a.ok(err)
		if !done.Stored || done.Enrolled != 1 || told(done.Notes) != "2 cohorts.import.several" {
			a.Errorf("%d enrolled, %s", done.Enrolled, told(done.Notes))
		}
	})
}

// Who teaches a cohort can't learn in it: the line is bad, and nothing of it stays, nor of
// the others unless they are asked for.
func TestAPlaceThatCantBeGivenMakesALineBad(t *testing.T) {
	each(t, func(a *academy) {
		ctx, system := a.Context(), people.System(people.Outreach)
		c := a.class(0)
		a.exec(`UPDATE persons SET external_id = 'E1' WHERE given_name = 'Ines'`)
		rows := a.lines("external_id,given_name,partner,cohort\nE2,Ana,,OUT 1\nE1,Ines,,OUT 1\nE3,Bo,Nowhere Inc,OUT 1\n")
		for _, rules := range []people.ImportRules{{}, {DryRun: true}} {
			done, err := a.store.ImportPeople(ctx, system, rows, cohorts.IntakeRules{ImportRules: rules})
			a.ok(err)
			if done.Stored || told(done.Problems) != "4 people.csv.partner_unknown, 3 cohorts.enrol.teaches" {
				a.Errorf("%+v: stored %v, %s", rules, done.Stored, told(done.Problems))
			}
			if n := a.count(`SELECT COUNT(*) FROM persons WHERE given_name IN ('Ana', 'Bo')`) + a.count(`SELECT COUNT(*) FROM enrolments`); n != 0 {
				a.Errorf("%+v: %d rows stored", rules, n)
			}
		}
		done, err := a.store.ImportPeople(ctx, system, rows, cohorts.IntakeRules{ImportRules: people.ImportRules{SkipBad: true}})
		a.ok(err)
		if !done.Stored || done.Enrolled != 1 || len(done.Problems) != 2 || a.count(`SELECT COUNT(*) FROM enrolments WHERE cohort_id = ?`, c.id) != 1 {
			a.Errorf("the rest: stored %v, %d enrolled, %s", done.Stored, done.Enrolled, told(done.Problems))
		}
	})
}

func TestWhoDoesNotRunTheSectorTakesNobodyIn(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		for name, v := range map[string]people.Viewer{"an instructor": c.instructor, "a trainee": c.trainees[0], "nobody": people.Nobody} {
			found, err := a.store.CohortsCalled(a.Context(), v, "OUT 1")
			a.ok(err)
			if len(found) != 0 {
				a.Errorf("%s finds a cohort by its name", name)
			}
			if _, err := a.store.ImportPeople(a.Context(), v, a.lines("given_name,cohort\nAna,OUT 1\n"), cohorts.IntakeRules{}); err == nil {
				a.Errorf("%s takes people in", name)
			}
		}
	})
}

// What a course comes after keeps nobody out: who runs the cohort is told who has not
// completed it.
func TestWhoHasNotCompletedWhatComesBeforeIsToldToWhoRunsTheCohort(t *testing.T) {
	each(t, func(a *academy) {
		a.at("2026-11-02 09:00")
		a.exec(`INSERT INTO courses (code) VALUES ('PRE')`)
		a.edition("pre-1", "PRE", people.Outreach, "full")
		a.exec(`INSERT INTO edition_prerequisites (edition_id, position, course_code) VALUES ('out-1', 1, 'PRE')`)
		c, before := a.class(3), a.classOf("pre-1", people.Outreach, 0)
		for i, state := range []cohorts.EnrolmentState{cohorts.Completed, cohorts.Active} {
			place, err := a.store.Enroll(a.Context(), before.coordinator, before.id, c.trainees[i].Person())
			a.ok(err)
			a.exec(`UPDATE enrolments SET state = ? WHERE id = ?`, state, place)
		}
		ids := []people.PersonID{c.trainees[0].Person(), c.trainees[1].Person(), c.trainees[2].Person()}
		unmet, err := a.store.Unmet(a.Context(), c.coordinator, c.id, ids)
		if err != nil || len(unmet) != 2 || len(unmet[ids[0]]) != 0 || len(unmet[ids[1]]) != 1 || unmet[ids[2]][0] != "PRE" {
			t.Errorf("%v, %v", unmet, err)
		}
		other := a.classOf("put-p", people.LawEnforcement, 0)
		for name, v := range map[string]people.Viewer{"the other sector": other.coordinator, "a trainee": c.trainees[1], "nobody": people.Nobody} {
			if unmet, err := a.store.Unmet(a.Context(), v, c.id, ids); err != nil || len(unmet) != 0 {
				t.Errorf("%s is told %v, %v", name, unmet, err)
			}
		}
	})
}
