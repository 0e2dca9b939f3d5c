package assessment_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// observing is a world whose practical "listen" has a rubric of three criteria, and whose
// cohort has a second instructor.
type observing struct {
	*world
	ann people.Viewer
}

func newObserving(w *world) observing {
	w.Helper()
	rubrics, problems := assessment.ReadRubrics(rubricOf(), ".", []courses.Edition{edition(people.Outreach, "T07")})
	if len(problems) > 0 {
		w.Fatal(problems)
	}
	must(w)(w.ImportRubrics(w.ctx, rubrics))
	ann := w.person(people.Outreach, "Ann West", people.Instructor)
	if err := w.cohorts.Appoint(w.ctx, people.System(people.Outreach), w.cohort, ann.Person(), "second"); err != nil {
		w.Fatal(err)
	}
	return observing{w, ann}
}

// sees gives the levels of the three criteria: n, p or d each, "-" for none.
func sees(levels string) (list []assessment.Seen) {
	for i, id := range []string{"one", "two", "three"} {
		level := map[byte]assessment.Level{'n': assessment.NotYet, 'p': assessment.Practised, 'd': assessment.Demonstrated}[levels[i]]
		if level != "" {
			list = append(list, assessment.Seen{Criterion: id, Level: level})
		}
	}
	return list
}

func (w observing) sheet(levels string, send bool, line string) assessment.SheetLines {
	return assessment.SheetLines{Enrolment: w.mayas, Number: 1, Round: 1, Seen: sees(levels), Send: send, Line: line}
}

func (w observing) observes(v people.Viewer, levels string, send bool) {
	w.Helper()
	if err := w.Observe(w.ctx, v, w.sheet(levels, send, "")); err != nil {
		w.Fatal(err)
	}
}

func (w observing) release(v people.Viewer, level assessment.Level, reason string, alone bool) error {
	return w.ReleaseSheets(w.ctx, v, assessment.SheetRelease{Enrolment: w.mayas, Number: 1, Round: 1, Level: level, Reason: reason, Alone: alone})
}

// reads gives the practical as somebody may know it.
func (w observing) reads(v people.Viewer) assessment.Observation {
	w.Helper()
	o, err := w.Observation(w.ctx, v, w.mayas, 1)
	if err != nil {
		w.Fatal(err)
	}
	return o
}

// known are the levels on the sheets of the first round that somebody may see.
func (w observing) known(v people.Viewer) (n int) {
	w.Helper()
	for _, sheet := range w.reads(v).Rounds[0].Sheets {
		n += sheet.Levels()
	}
	return n
}

func TestTwoObserveOnTheirOwnSettleAndRelease(t *testing.T) {
	each(t, func(plain *world) {
		w := newObserving(plain)
		w.observes(w.coach, "pp-", false)
		w.observes(w.ann, "pdd", true)
		if w.known(w.coach) != 2 || w.known(w.ann) != 3 || w.known(w.boss) != 0 || w.known(w.maya) != 0 {
			w.Errorf("before both are sent: %d %d %d %d", w.known(w.coach), w.known(w.ann), w.known(w.boss), w.known(w.maya))
		}
		w.wantConflict("settled too early", "assessment.observation.over", w.Settle(w.ctx, w.ann, w.mayas, 1, 1, "two", assessment.Practised, ""))
		w.wantConflict("released over an open sheet", "assessment.observation.waits", w.release(w.ann, assessment.Demonstrated, "", false))
		var invalid *fault.InvalidError
		if err := w.Observe(w.ctx, w.coach, w.sheet("d--", true, "half")); !errors.As(err, &invalid) || invalid.Problems[0].Field != "level.three" {
			w.Errorf("sent without the third: %v", err)
		}
		if own, _ := w.reads(w.coach).Rounds[0].Sheet(w.coach.Person()); own.Seen["one"].Level != assessment.Demonstrated || own.Sent {
			w.Errorf("what was seen is kept: %+v", own)
		}
		w.observes(w.coach, "ppp", true) // one: p p, two: d p, three: d p

		round := w.reads(w.ann).Rounds[0]
		if w.known(w.ann) != 6 || w.known(w.boss) != 6 || w.known(w.maya) != 0 || len(round.Open()) != 2 || round.Differs("one") || !round.Differs("two") || round.Proposed() != "" {
			w.Errorf("%d known, open %v", w.known(w.ann), round.Open())
		}
		w.wantConflict("released with a difference", "assessment.observation.differ", w.release(w.ann, assessment.Demonstrated, "", false))
		w.wantConflict("settled where none differs", "assessment.observation.over", w.Settle(w.ctx, w.ann, w.mayas, 1, 1, "one", assessment.NotYet, ""))
		for range 2 {
			if err := w.Settle(w.ctx, w.ann, w.mayas, 1, 1, "two", assessment.Demonstrated, "tap"); err != nil {
				w.Fatal(err)
			}
		}
		if err := w.Settle(w.ctx, w.boss, w.mayas, 1, 1, "three", assessment.Demonstrated, ""); err != nil {
			w.Fatal(err)
		}
		round = w.reads(w.coach).Rounds[0]
		if round.Proposed() != assessment.Demonstrated || round.Settled["three"].ByName != "Lena" || round.Settled["two"].ByName != "Ann" || w.count("observations") != 12 {
			w.Errorf("%s, %+v, %d lines", round.Proposed(), round.Settled, w.count("observations"))
		}
		if err := w.release(w.coach, assessment.Practised, "", false); !errors.As(err, &invalid) || invalid.Problems[0].Field != "reason" {
			w.Errorf("another level without a reason: %v", err)
		}
		for _, v := range []people.Viewer{w.coach, w.ann} { // the second finds it done
			if err := w.release(v, assessment.Practised, "Helped at the start", false); err != nil {
				w.Fatal(err)
			}
		}
		own := w.reads(w.maya)
		released, there := own.Released()
		if !there || released.Release.Level != assessment.Practised || released.Release.Proposed != assessment.Demonstrated || released.Counts("two") != assessment.Demonstrated || w.known(w.maya) != 6 {
			w.Errorf("%+v", released)
		}
		practice, _ := w.PracticalsOf(w.ctx, w.maya, w.mayas)
		if listen, _ := practice.Skill("listen"); len(listen.Records) != 1 || listen.Records[0].Level != assessment.Practised || listen.Records[0].Round != 1 || listen.Records[0].ByName != "Ruth" {
			w.Errorf("%+v", listen.Records)
		}
		if next := own.Round(); next.Number != 2 || len(next.Rubric.Criteria) != 3 {
			w.Errorf("the next round: %+v", next)
		}
	})
}

func TestALineOfASheetIsKeptOnceAndNeverOverAnother(t *testing.T) {
	each(t, func(plain *world) {
		w := newObserving(plain)
		for range 2 {
			if err := w.Observe(w.ctx, w.coach, w.sheet("p--", false, "one")); err != nil {
				w.Fatal(err)
			}
		}
		w.observes(w.coach, "d--", false)
		if err := w.Observe(w.ctx, w.coach, w.sheet("p--", false, "one")); err != nil { // the first, again from a slow phone
			w.Fatal(err)
		}
		if own, _ := w.reads(w.coach).Rounds[0].Sheet(w.coach.Person()); own.Seen["one"].Level != assessment.Demonstrated || w.count("observations") != 2 {
			w.Errorf("%+v, %d lines", own, w.count("observations"))
		}
		w.observes(w.boss, "n--", false)
		w.wantConflict("a third", "assessment.observation.two", w.Observe(w.ctx, w.ann, w.sheet("d--", false, "")))
		if err := w.Observe(w.ctx, w.ann, assessment.SheetLines{Enrolment: w.mayas, Number: 1, Round: 3, Seen: sees("d--")}); !errors.Is(err, fault.NotFound) {
			w.Errorf("a round that nobody began: %v", err)
		}
		if err := w.Observe(w.ctx, w.coach, assessment.SheetLines{Enrolment: w.mayas, Number: 1, Round: 1,
			Seen: []assessment.Seen{{Criterion: "one", Note: strings.Repeat("é", 201)}}}); err == nil {
			w.Error("a long note was taken")
		}
	})
}

func TestWhatComesAfterTheReleaseIsKeptAndCountsForNothing(t *testing.T) {
	each(t, func(plain *world) {
		w := newObserving(plain)
		w.observes(w.coach, "ppp", true)
		w.observes(w.coach, "dpp", false) // after sending: late
		w.observes(w.ann, "d--", false)
		w.wantConflict("over a sheet that is open", "assessment.observation.waits", w.release(w.coach, assessment.Practised, "", false))
		if err := w.release(w.coach, assessment.Practised, "", true); err != nil {
			w.Fatal(err)
		}
		w.observes(w.ann, "ddd", true)
		o := w.reads(w.ann)
		if o.LateOf(w.ann.Person()) != 2 || o.LateOf(w.coach.Person()) != 1 || o.Rounds[0].Counts("one") != assessment.Practised || o.Round().Number != 2 {
			w.Errorf("late %d and %d, counts %s", o.LateOf(w.ann.Person()), o.LateOf(w.coach.Person()), o.Rounds[0].Counts("one"))
		}
		w.wantConflict("released again otherwise", "assessment.observation.over", w.release(w.coach, assessment.Demonstrated, "Better", true))
		if w.count("practical_records") != 1 {
			w.Errorf("%d records", w.count("practical_records"))
		}
	})
}

func TestWhoMayObserveSettleAndRelease(t *testing.T) {
	each(t, func(plain *world) {
		w := newObserving(plain)
		stranger := w.person(people.Outreach, "Jo Field", people.Instructor)
		second := w.makeCohort(people.Outreach) // where the coordinator learns and Kim, who learns here, teaches (rule 17)
		w.enrol(second, w.boss)
		kim := w.person(people.Outreach, "Kim Moss", people.Instructor)
		w.appoint(second, kim)
		kims := w.enrolRaw(w.cohort, kim)
		for name, row := range map[string]struct {
			v    people.Viewer
			want error
		}{"an instructor of no cohort": {stranger, fault.NotFound}, "another trainee": {w.omar, fault.NotFound}, "an officer": {w.officer, fault.NotFound},
			"nobody": {people.Nobody, fault.NotFound}, "oneself": {w.maya, fault.Forbidden}} {
			_, errRead := w.Observation(w.ctx, row.v, w.mayas, 1)
			if errors.Is(errRead, fault.NotFound) != (row.want == fault.NotFound) {
				w.Errorf("%s reads: %v", name, errRead)
			}
			states, err := w.SheetStates(w.ctx, row.v, []cohorts.EnrolmentID{w.mayas})
			if err != nil || len(states) > 0 != (row.want == fault.Forbidden) {
				w.Errorf("%s: states %v, %v", name, states, err)
			}
			for act, err := range map[string]error{"observe": w.Observe(w.ctx, row.v, w.sheet("ppp", true, "")), "release": w.release(row.v, assessment.Practised, "", true),
				"settle": w.Settle(w.ctx, row.v, w.mayas, 1, 1, "one", assessment.Practised, "")} {
				if !errors.Is(err, row.want) {
					w.Errorf("%s by %s: %v, want %v", act, name, err, row.want)
				}
			}
		}
		if err := w.Observe(w.ctx, w.boss, assessment.SheetLines{Enrolment: kims, Number: 1, Round: 1, Seen: sees("ppp"), Send: true}); !errors.Is(err, fault.Forbidden) {
			w.Errorf("over who teaches them: %v", err)
		}
		if w.count("observations") != 0 {
			w.Errorf("%d lines", w.count("observations"))
		}
		for v, levels := range map[*people.Viewer]string{&w.coach: "ppp", &w.ann: "npp"} { // the act is kept from them, too
			if err := w.Observe(w.ctx, *v, assessment.SheetLines{Enrolment: kims, Number: 1, Round: 1, Seen: sees(levels), Send: true}); err != nil {
				w.Fatal(err)
			}
		}
		if err := w.Settle(w.ctx, w.boss, kims, 1, 1, "one", assessment.Practised, ""); !errors.Is(err, fault.Forbidden) {
			w.Errorf("settled over who teaches them: %v", err)
		}
		if err := w.Settle(w.ctx, w.coach, kims, 1, 1, "one", assessment.Practised, ""); err != nil {
			w.Fatal(err)
		}
		if err := w.ReleaseSheets(w.ctx, w.boss, assessment.SheetRelease{Enrolment: kims, Number: 1, Round: 1, Level: assessment.Practised}); !errors.Is(err, fault.Forbidden) {
			w.Errorf("released over who teaches them: %v", err)
		}
		if _, err := w.Observation(w.ctx, w.coach, w.mayas, 2); !errors.Is(err, fault.NotFound) {
			w.Errorf("a practical without a rubric: %v", err)
		}
		states, err := w.SheetStates(w.ctx, w.coach, []cohorts.EnrolmentID{w.mayas, kims})
		if err != nil || states[kims]["listen"].Sent != 2 || states[w.mayas]["listen"].Round != 0 || len(states[w.mayas]) != 1 {
			w.Errorf("%+v, %v", states, err)
		}
	})
}

func TestTwoReleasesAtOnceMakeOneRecord(t *testing.T) {
	race(t, func(plain *world) {
		w := newObserving(plain)
		observers := []people.Viewer{w.coach, w.ann, w.boss}
		refused := make([]error, len(observers))
		together(len(observers), func(i int) { refused[i] = w.Observe(w.ctx, observers[i], w.sheet("pdp", true, "")) })
		n := 0
		for i, err := range refused {
			if err != nil {
				n++
				w.wantConflict("the third", "assessment.observation.two", err)
			} else {
				observers[i-n] = observers[i]
			}
		}
		if n != 1 || w.reads(w.boss).Rounds[0].Sent() != 2 {
			w.Fatalf("%d were refused, %d sheets", n, w.reads(w.boss).Rounds[0].Sent())
		}
		together(8, func(i int) {
			level, reason := assessment.Practised, ""
			if i%2 == 1 {
				level, reason = assessment.NotYet, "Not without help"
			}
			var conflict *fault.ConflictError
			if err := w.release(observers[i%2], level, reason, false); err != nil && !errors.As(err, &conflict) {
				w.Error(err)
			}
		})
		if w.count("practical_records") != 1 || w.reads(w.maya).Rounds[0].Release == nil {
			w.Errorf("%d records", w.count("practical_records"))
		}
	})
}

func TestNotesAreErasedThirtyDaysAfterTheRelease(t *testing.T) {
	each(t, func(plain *world) {
		w := newObserving(plain)
		n := w.sheet("ppp", true, "")
		n.Seen[0].Note = "Waited for the answer."
		if err := w.Observe(w.ctx, w.coach, n); err != nil {
			w.Fatal(err)
		}
		if err := w.release(w.coach, assessment.Demonstrated, "Strong from start to end", false); err != nil {
			w.Fatal(err)
		}
		for _, step := range []struct{ days, want int }{{29, 0}, {2, 2}, {1, 0}} {
			w.today = w.today.AddDate(0, 0, step.days)
			if erased, err := w.EraseNotes(w.ctx); err != nil || erased != step.want {
				w.Errorf("%d days on: %d, %v, want %d", step.days, erased, err, step.want)
			}
		}
		released, there := w.reads(w.maya).Released()
		if !there {
			w.Fatalf("%+v", w.reads(w.maya))
		}
		if released.Sheets[0].Seen["one"].Note != "" || released.Counts("one") != assessment.Practised || released.Release.Note != "" {
			w.Errorf("%+v", released)
		}
	})
}
