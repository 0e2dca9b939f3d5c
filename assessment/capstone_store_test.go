package assessment_test

import (
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// asksForCapstone lets the outreach edition ask for a final project.
func (w *world) asksForCapstone() {
	w.Helper()
	practicals := `[{"id": "capstone", "en": "Final project", "es": "Proyecto final"}]`
	if _, err := w.db.NewRaw(`UPDATE editions SET capstone = TRUE, practicals = ? WHERE sector = ?`, practicals, people.Outreach).Exec(w.ctx); err != nil {
		w.Fatal(err)
	}
}

// capstone is maya's final project as somebody may know it; false where they may not.
func (w *world) capstone(v people.Viewer) (assessment.Capstone, bool) {
	w.Helper()
	all, err := w.Capstones(w.ctx, v, []cohorts.EnrolmentID{w.mayas})
	if err != nil {
		w.Fatal(err)
	}
	one, asked := all[w.mayas]
	return one, asked
}

func (w *world) advises(with people.Viewer, seen int, line string) assessment.CapstoneWord {
	return assessment.CapstoneWord{Enrolment: w.mayas, Kind: assessment.CapstoneAdvisor, With: with.Person(), Seen: seen, Line: line}
}

func TestAnAdvisorIsNamedAndATalkPlannedAndHeld(t *testing.T) {
	each(t, func(w *world) {
		w.wantNotFound("an edition without a final project", w.SayOfCapstone(w.ctx, w.coach, w.advises(w.coach, 0, "")))
		if _, asked := w.capstone(w.coach); asked {
			w.Error("a final project that nobody asks for")
		}
		w.asksForCapstone()
		if one, asked := w.capstone(w.maya); !asked || one.Advisor.Seq != 0 || one.Talk.Seq != 0 {
			w.Errorf("before: %v %+v", asked, one)
		}
		ann := w.person(people.Outreach, "Ann West", people.Instructor)
		var invalid *fault.InvalidError
		for _, v := range []people.Viewer{ann, w.omar, w.officer, w.boss} {
			if err := w.SayOfCapstone(w.ctx, w.coach, w.advises(v, 0, "")); !errors.As(err, &invalid) {
				w.Errorf("an advisor who does not teach the cohort: %v", err)
			}
		}
		for range 2 { // the advisor may be who names, and a form sent twice is one line
			if err := w.SayOfCapstone(w.ctx, w.coach, w.advises(w.coach, 0, "one")); err != nil {
				w.Fatal(err)
			}
		}
		w.appoint(w.cohort, ann)
		w.wantConflict("another was quicker", "assessment.capstone.meanwhile", w.SayOfCapstone(w.ctx, w.boss, w.advises(ann, 0, "")))
		w.wantConflict("a line that never was", "assessment.capstone.meanwhile", w.SayOfCapstone(w.ctx, w.boss, w.advises(ann, 7, "")))
		if err := w.SayOfCapstone(w.ctx, w.boss, w.advises(ann, 1, "")); err != nil {
			w.Fatal(err)
		}
		talk := assessment.CapstoneWord{Enrolment: w.mayas, Kind: assessment.CapstoneTalk, With: w.coach.Person()}
		for _, wrong := range []assessment.CapstoneWord{{Day: ""}, {Day: "soon"}, {Day: "2026-11-25", Held: true}} {
			wrong.Enrolment, wrong.Kind, wrong.With = talk.Enrolment, talk.Kind, talk.With
			if err := w.SayOfCapstone(w.ctx, w.coach, wrong); !errors.As(err, &invalid) || invalid.Problems[0].Field != "day" {
				w.Errorf("%q, held %v: %v", wrong.Day, wrong.Held, err)
			}
		}
		for seen, day := range []string{"2026-12-08", "2026-11-24"} {
			talk.Day, talk.Held, talk.Seen = day, seen == 1, seen
			if err := w.SayOfCapstone(w.ctx, w.coach, talk); err != nil {
				w.Fatal(err)
			}
		}
		for _, v := range []people.Viewer{w.maya, w.coach, w.boss} {
			one, _ := w.capstone(v)
			if one.Advisor.Name != "Ann" || one.Advisor.Seq != 2 || one.Talk.Name != "Ruth" || one.Talk.Day != "2026-11-24" || !one.Talk.Held {
				w.Errorf("%+v", one)
			}
		}
		if w.count("capstone_lines") != 4 {
			w.Errorf("%d lines: none is written over", w.count("capstone_lines"))
		}
	})
}

func TestNobodyNamesAnAdvisorOverOneselfOrAcrossTheWall(t *testing.T) {
	each(t, func(w *world) {
		w.asksForCapstone()
		for _, v := range []people.Viewer{w.officer, w.omar} {
			w.wantNotFound("a stranger", w.SayOfCapstone(w.ctx, v, w.advises(w.coach, 0, "")))
			if _, seen := w.capstone(v); seen {
				w.Error("a stranger sees a final project")
			}
		}
		if err := w.SayOfCapstone(w.ctx, w.maya, w.advises(w.coach, 0, "")); !errors.Is(err, fault.Forbidden) {
			w.Errorf("her own: %v", err)
		}
		// Who runs a sector and learns in one of its classes says nothing of their own project.
		lenas := w.enrolRaw(w.cohort, w.boss)
		own := w.advises(w.coach, 0, "")
		own.Enrolment = lenas
		if err := w.SayOfCapstone(w.ctx, w.boss, own); !errors.Is(err, fault.Forbidden) {
			w.Errorf("a coordinator's own: %v", err)
		}
		if w.count("capstone_lines") != 0 {
			w.Error("a line was written")
		}
	})
}

func TestTwoNameAnAdvisorAtOnceAndOneIsTold(t *testing.T) {
	race(t, func(w *world) {
		w.asksForCapstone()
		errs := make([]error, 6)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				errs[i] = w.SayOfCapstone(w.ctx, []people.Viewer{w.coach, w.boss}[i%2], w.advises(w.coach, 0, ""))
			})
		}
		all.Wait()
		written := 0
		for _, err := range errs {
			if err == nil {
				written++
				continue
			}
			w.wantConflict("the slower", "assessment.capstone.meanwhile", err)
		}
		if written != 1 || w.count("capstone_lines") != 1 {
			w.Errorf("%d written, %d lines", written, w.count("capstone_lines"))
		}
	})
}

func TestTheFivePartsOfAFinalProjectAreObservedOnTheSameSheet(t *testing.T) {
	each(t, func(w *world) {
		w.asksForCapstone()
		source, err := os.ReadFile("../content/curriculum/rubrics/capstone.yaml")
		if err != nil {
			w.Fatal(err)
		}
		asking := edition(people.Outreach, "T07")
		asking.Capstone, asking.Practicals = true, []courses.Practical{{ID: courses.CapstoneID}}
		rubrics, problems := assessment.ReadRubrics(fstest.MapFS{"rubrics/capstone.yaml": &fstest.MapFile{
			Data: []byte(strings.Replace(string(source), "[OUT, CM, VS]", "[PUT]", 1))}}, ".", []courses.Edition{asking})
		if len(problems) > 0 {
			w.Fatal(problems)
		}
		must(w)(w.ImportRubrics(w.ctx, rubrics))
		sheet := assessment.SheetLines{Enrolment: w.mayas, Number: 1, Round: 1, Send: true}
		o, err := w.Observation(w.ctx, w.coach, w.mayas, 1)
		if err != nil || len(o.Round().Rubric.Criteria) != 5 {
			w.Fatal(err, len(o.Round().Rubric.Criteria))
		}
		for _, part := range o.Round().Rubric.Criteria {
			sheet.Seen = append(sheet.Seen, assessment.Seen{Criterion: part.ID, Level: assessment.Demonstrated})
		}
		if err := w.Observe(w.ctx, w.coach, sheet); err != nil {
			w.Fatal(err)
		}
		if err := w.ReleaseSheets(w.ctx, w.coach, assessment.SheetRelease{Enrolment: w.mayas, Number: 1, Round: 1, Level: assessment.Demonstrated, Alone: true}); err != nil {
			w.Fatal(err)
		}
		practice, err := w.PracticalsOf(w.ctx, w.maya, w.mayas)
		if final, _ := practice.Skill(courses.CapstoneID); err != nil || !final.Enough() || final.Records[0].Round != 1 {
			w.Errorf("the checklist's record: %v %+v", err, final.Records)
		}
	})
}
