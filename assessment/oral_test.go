package assessment_test

import (
	"errors"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// hear begins to ask a trainee of the outreach cohort aloud.
func (w *world) hear(who people.Viewer, place cohorts.EnrolmentID, module string) assessment.AttemptID {
	w.Helper()
	id, err := w.Hear(w.ctx, who, w.cohort, place, module)
	if err != nil {
		w.Fatal(err)
	}
	return id
}

func (w *world) enters(who people.Viewer, save assessment.Save) {
	w.Helper()
	if _, err := w.Enter(w.ctx, who, save); err != nil {
		w.Fatal(err)
	}
}

func TestSpokenAnswersCountAsWrittenOnes(t *testing.T) {
	each(t, func(w *world) {
		w.rule(timed)
		id := w.hear(w.coach, w.mayas, "T07")
		if again := w.hear(w.boss, w.mayas, "T07"); again != id {
			w.Error("a second instructor began a second attempt")
		}
		w.pass(60) // no clock runs
		for question, choices := range right {
			w.enters(w.coach, save(id, question, 0, "tablet", choices...))
		}
		heard, err := w.Heard(w.ctx, w.coach, id)
		if err != nil || heard.Timed() || heard.Answered() != 3 || heard.Name() != "Maya O." || heard.Speaks != "en" || heard.Seed == 0 {
			w.Errorf("%+v, %v", heard.Attempt, err)
		}
		for _, q := range heard.Questions {
			for _, isRight := range q.Body.Right {
				if isRight {
					w.Errorf("%s: the key is shown before the hand-in", q.ID)
				}
			}
		}
		if err := w.HandInHeard(w.ctx, w.boss, id); err != nil {
			w.Fatal(err)
		}
		if err := w.HandInHeard(w.ctx, w.coach, id); err != nil {
			w.Error(err)
		}
		result, err := w.Result(w.ctx, w.maya, id)
		if err != nil || result.Percent != 100 || !result.Passed(70) || !result.Spoken() || result.Asker != "Lena" || result.Receipt == "" || result.Number != 1 {
			w.Errorf("%+v, %q, %v", result.Attempt, result.Asker, err)
		}
		if k, err := w.KnowledgeOf(w.ctx, w.maya, w.mayas); err != nil || k.Modules[0].Best != 100 || k.Modules[0].Tries != 1 {
			w.Errorf("%+v, %v", k, err)
		}
		var entered []people.PersonID
		if err := w.db.NewRaw(`SELECT DISTINCT entered_by FROM answers WHERE attempt_id = ?`, id).Scan(w.ctx, &entered); err != nil || len(entered) != 1 || entered[0] != w.coach.Person() {
			w.Errorf("entered by %v, %v", entered, err)
		}
		_, err = w.Enter(w.ctx, w.coach, save(id, "q1", 1, "tablet", 0))
		var stale assessment.Stale
		if !errors.As(err, &stale) || !stale.Finished {
			w.Errorf("entered after the hand-in: %v", err)
		}
	})
}

func TestOnlyWhoRunsTheCohortAsksAloudAndNobodyThemselves(t *testing.T) {
	each(t, func(w *world) {
		other := w.person(people.Outreach, "Noa Reed", people.Instructor)
		studies := w.person(people.Outreach, "Dee Park", people.Instructor) // teaches here, learns the same elsewhere
		w.appoint(w.cohort, studies)
		w.enrol(w.makeCohort(people.Outreach), studies)
		id := w.hear(w.coach, w.mayas, "T07")
		for name, v := range map[string]people.Viewer{"the trainee": w.maya, "another trainee": w.omar, "another instructor": other, "who learns it": studies, "the other sector": w.officer, "nobody": people.Nobody} {
			_, err := w.Hear(w.ctx, v, w.cohort, w.omars, "T07")
			w.wantNotFound(name+" begins", err)
			_, _, err = w.Hearings(w.ctx, v, w.cohort, "T07", "")
			w.wantNotFound(name+" looks who", err)
			_, err = w.Heard(w.ctx, v, id)
			w.wantNotFound(name+" reads", err)
			_, err = w.Enter(w.ctx, v, save(id, "q1", 0, "tablet", 1))
			w.wantNotFound(name+" enters", err)
			_, err = w.EnterAll(w.ctx, v, id, []assessment.Save{save(id, "q1", 0, "tablet", 1)})
			w.wantNotFound(name+" enters all", err)
			w.wantNotFound(name+" hands in", w.HandInHeard(w.ctx, v, id))
		}
		_, err := w.Hear(w.ctx, w.coach, w.police, w.mayas, "T07")
		w.wantNotFound("under another cohort", err)
		_, err = w.Hear(w.ctx, w.coach, w.cohort, w.mayas, "T20")
		w.wantNotFound("a check of the other side", err)
		alone := w.start(w.omar, "T07")
		_, err = w.Enter(w.ctx, w.coach, save(alone, "q1", 0, "tablet", 1))
		w.wantNotFound("what somebody answers alone", err)
	})
}

// Rule 17: who coordinates the sector holds power over an instructor who learns in it.
func TestNobodyAsksAloudWhoHoldsPowerOverThem(t *testing.T) {
	each(t, func(w *world) {
		lead := w.person(people.Outreach, "Bea Long", people.Instructor)
		learns := w.makeCohort(people.Outreach)
		own := w.enrolRaw(learns, w.coach) // without the keys being closed to them
		w.appoint(learns, lead)
		place := w.enrol(w.cohort, lead)
		if _, err := w.Hear(w.ctx, w.coach, w.cohort, place, "T07"); !errors.Is(err, fault.Forbidden) {
			w.Errorf("%v, want forbidden", err)
		}
		list, _, err := w.Hearings(w.ctx, w.coach, w.cohort, "T07", "")
		if err != nil || len(list) != 2 {
			w.Errorf("%+v, %v", list, err)
		}
		// What another asks them is not there for who may not act on them either.
		id := w.hear(w.boss, place, "T07")
		_, err = w.Heard(w.ctx, w.coach, id)
		w.wantNotFound("reading", err)
		_, err = w.Enter(w.ctx, w.coach, save(id, "q1", 0, "tablet", 1))
		w.wantNotFound("entering", err)
		w.wantNotFound("handing in", w.HandInHeard(w.ctx, w.coach, id))
		_ = own
	})
}

func TestWhatATraineeBeganAloneIsTakenOverWithItsAnswers(t *testing.T) {
	each(t, func(w *world) {
		w.importLong()
		w.rule(timed)
		id := w.start(w.maya, "T07")
		w.answers(w.maya, id, map[string][]int{"pick": {0}})
		if err := w.types(w.maya, id, "think", 0, "phone", "It is mine."); err != nil {
			w.Fatal(err)
		}
		if err := w.Pause(w.ctx, w.maya, id); err != nil {
			w.Fatal(err)
		}
		if taken := w.hear(w.coach, w.mayas, "T07"); taken != id {
			w.Fatal("a second attempt began")
		}
		w.pass(24 * 60)
		heard, err := w.Heard(w.ctx, w.coach, id)
		if err != nil || heard.Timed() || heard.Paused() || !heard.Answers["pick"].Value.Has(0) {
			w.Errorf("%+v, %v", heard, err)
		}
		if _, there := heard.Answers["think"]; there || len(heard.Aloud()) != 2 || len(heard.Silent()) != 1 {
			w.Error("a reflection is shown")
		}
		_, err = w.Enter(w.ctx, w.coach, assessment.Save{Attempt: id, Question: "think", Version: 1, Device: "tablet"})
		w.wantNotFound("entering a reflection", err)

		// The trainee sees no question of it now; what their phone still sends is kept beside.
		if paper := w.attempt(w.maya, id); len(paper.Questions) > 0 || len(paper.Answers) > 0 || paper.Asker != "Ruth" {
			w.Errorf("%+v", paper)
		}
		_, err = w.SaveAnswer(w.ctx, w.maya, save(id, "pick", 1, "phone", 1))
		var stale assessment.Stale
		if !errors.As(err, &stale) || !stale.Shut || stale.Finished || !stale.Current.Value.Has(0) {
			w.Errorf("the trainee's phone: %+v", err)
		}
		w.wantConflict("handing in", "assessment.aloud.yours", w.Submit(w.ctx, w.maya, id, true))
		w.wantConflict("pausing", "assessment.aloud.yours", w.Pause(w.ctx, w.maya, id))
		if again := w.start(w.maya, "T07"); again != id {
			w.Error("a second attempt began beside")
		}

		// Two who ask at once are two devices. An essay waits for its points as any other.
		w.enters(w.coach, save(id, "pick", 1, "tablet", 0))
		if _, err := w.Enter(w.ctx, w.boss, save(id, "pick", 1, "laptop", 1)); !errors.As(err, &stale) || stale.Shut {
			w.Errorf("two at once: %v", err)
		}
		w.enters(w.coach, assessment.Save{Attempt: id, Question: "essay", Device: "tablet", Value: assessment.Answer{Texts: []string{"They sat down."}}})
		if err := w.HandInHeard(w.ctx, w.coach, id); err != nil {
			w.Fatal(err)
		}
		result, err := w.Result(w.ctx, w.maya, id)
		if err != nil || !result.Waiting() || result.Waits != 1 || result.Answers["think"].Value.Text(0) != "It is mine." {
			w.Errorf("%+v, %v", result, err)
		}
	})
}

func TestTheGatesOfTheNextTryStandBeforeSpokenOnesToo(t *testing.T) {
	each(t, func(w *world) {
		for range 2 {
			id := w.hear(w.coach, w.mayas, "T07")
			if err := w.HandInHeard(w.ctx, w.coach, id); err != nil {
				w.Fatal(err)
			}
		}
		_, err := w.Hear(w.ctx, w.coach, w.cohort, w.mayas, "T07")
		w.wantConflict("a third", "assessment.aloud.gate.read_again", err)
		_, err = w.Start(w.ctx, w.maya, "T07")
		w.wantConflict("a third alone", "assessment.gate.read_again", err)

		w.rule(timed)
		id := w.start(w.omar, "T07")
		w.pass(35)
		_, err = w.Hear(w.ctx, w.coach, w.cohort, w.omars, "T07")
		w.wantConflict("time that is up", "assessment.aloud.over", err)
		w.pass(10)
		if next := w.hear(w.coach, w.omars, "T07"); next == id || !w.attempt(w.omar, id).TimedOut {
			w.Error("what its clock had closed was taken over")
		}
	})
}
