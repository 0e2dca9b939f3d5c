package assessment_test

import (
	"errors"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestNewestRecordOfAPracticalSpeaksAndTheOldOnesStay(t *testing.T) {
	each(t, func(w *world) {
		for _, one := range []struct {
			level assessment.Level
			line  string
		}{{assessment.NotYet, "a"}, {assessment.Demonstrated, "b"}, {assessment.Demonstrated, "b"}, {assessment.Practised, "c"}} {
			if err := w.Record(w.ctx, w.coach, w.mayas, "listen", one.level, one.line); err != nil {
				w.Fatal(err)
			}
			w.today = w.today.Add(time.Minute)
		}
		practice, err := w.PracticalsOf(w.ctx, w.maya, w.mayas) // her own
		if err != nil {
			w.Fatal(err)
		}
		listen, _ := practice.Skill("listen")
		newest, seen := listen.Newest()
		if !seen || newest.Level != assessment.Practised || newest.ByName != "Ruth" || len(listen.Records) != 3 || !listen.Enough() {
			w.Errorf("%+v", listen)
		}
		if missing := practice.Missing(); len(missing) != 1 || missing[0].ID != "circle" || missing[0].In("es") != "Guiar un círculo" {
			w.Errorf("missing: %+v", missing)
		}
	})
}

func TestPracticalsOfACohortAreEverybodysByName(t *testing.T) {
	each(t, func(w *world) {
		if err := w.Record(w.ctx, w.coach, w.omars, "circle", assessment.Demonstrated, "a"); err != nil {
			w.Fatal(err)
		}
		list, _, err := w.PracticalsOfCohort(w.ctx, w.coach, w.cohort, "")
		if err != nil || len(list) != 2 {
			w.Fatalf("%+v, %v", list, err)
		}
		omars, _ := list[1].Skill("circle")
		if list[0].Name != "Maya O." || list[1].Name != "Omar B." || !omars.Enough() || len(list[0].Missing()) != 2 {
			w.Errorf("%+v", list)
		}
		for name, v := range map[string]people.Viewer{"a trainee": w.maya, "an officer": w.officer, "nobody": people.Nobody} {
			if list, _, err := w.PracticalsOfCohort(w.ctx, v, w.cohort, ""); err != nil || len(list) != 0 {
				w.Errorf("%s sees %+v, %v", name, list, err)
			}
		}
	})
}

func TestWhoMayRecordAPractical(t *testing.T) {
	each(t, func(w *world) {
		other := w.person(people.Outreach, "Ann West", people.Instructor)
		for name, row := range map[string]struct {
			v         people.Viewer
			practical string
			level     assessment.Level
			want      error
		}{
			"the instructor":             {w.coach, "listen", assessment.Practised, nil},
			"the coordinator":            {w.boss, "listen", assessment.Practised, nil},
			"an instructor of no cohort": {other, "listen", assessment.Practised, fault.NotFound},
			"another trainee":            {w.omar, "listen", assessment.Practised, fault.NotFound},
			"an officer":                 {w.officer, "listen", assessment.Practised, fault.NotFound},
			"nobody":                     {people.Nobody, "listen", assessment.Practised, fault.NotFound},
			"oneself (rule 17)":          {w.maya, "listen", assessment.Practised, fault.Forbidden},
			"a practical of no course":   {w.coach, "driving", assessment.Practised, fault.NotFound},
		} {
			before := w.count("practical_records")
			err := w.Record(w.ctx, row.v, w.mayas, row.practical, row.level, "")
			if !errors.Is(err, row.want) {
				w.Errorf("%s: %v, want %v", name, err, row.want)
			}
			if wrote := w.count("practical_records") - before; (wrote == 1) != (row.want == nil) {
				w.Errorf("%s: %d lines", name, wrote)
			}
		}
		if err := w.Record(w.ctx, w.coach, w.mayas, "listen", "superb", ""); err == nil {
			w.Error("an unknown level was taken")
		}
		_, err := w.PracticalsOf(w.ctx, w.omar, w.mayas)
		w.wantNotFound("another trainee reads", err)
		_, never := w.PracticalsOf(w.ctx, w.officer, "never")
		w.wantNotFound("an enrolment that never was", never)
	})
}

// Rule 17: the coordinator learns in a cohort of the edition, taught by the one whose
// practical is to be recorded.
func TestNobodyRecordsForWhoHoldsPowerOverThem(t *testing.T) {
	each(t, func(w *world) {
		second := w.makeCohort(people.Outreach)
		w.enrol(second, w.boss)
		teacher := w.person(people.Outreach, "Ann West", people.Instructor)
		w.appoint(second, teacher)
		place := w.enrolRaw(w.cohort, teacher)
		if err := w.Record(w.ctx, w.boss, place, "listen", assessment.Demonstrated, ""); !errors.Is(err, fault.Forbidden) {
			w.Errorf("record: %v, want forbidden", err)
		}
		w.talkDue(place, teacher)
		if err := w.Talked(w.ctx, w.boss, place, "T07"); !errors.Is(err, fault.Forbidden) {
			w.Errorf("talk: %v, want forbidden", err)
		}
		if n := w.count("practical_records") + (w.count("reopenings") - 1); n != 0 {
			w.Errorf("%d lines", n)
		}
		if err := w.Record(w.ctx, w.coach, place, "listen", assessment.Demonstrated, ""); err != nil {
			w.Errorf("who is not under them: %v", err)
		}
	})
}

func TestNoPracticalOnceThePlaceHasEnded(t *testing.T) {
	each(t, func(w *world) {
		if err := w.cohorts.Withdraw(w.ctx, w.boss, w.mayas, "moved"); err != nil {
			w.Fatal(err)
		}
		w.wantConflict("record", "assessment.practical.ended", w.Record(w.ctx, w.coach, w.mayas, "listen", assessment.Practised, ""))
	})
}
