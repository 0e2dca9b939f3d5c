package assessment_test

import (
	"errors"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// timed are rules with a limit of half an hour.
var timed = courses.QuizRules{Minutes: 30, Grace: 10, Tries: 2, Pause: true, Review: courses.AfterPass}

// rule gives every edition other rules for its checks.
func (w *world) rule(r courses.QuizRules) {
	w.Helper()
	_, err := w.db.NewRaw(`UPDATE editions SET quiz_minutes = ?, quiz_grace = ?, quiz_tries = ?, quiz_pause = ?, quiz_review = ?`,
		r.Minutes, r.Grace, r.Tries, r.Pause, r.Review).Exec(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
}

// pass lets time go by.
func (w *world) pass(minutes int) { w.today = w.today.Add(time.Duration(minutes) * time.Minute) }

// saveMade saves an answer that was made so many minutes after a time, and tells whether
// it counts.
func (w *world) saveMade(v people.Viewer, s assessment.Save, made time.Time) (assessment.Saved, bool) {
	w.Helper()
	s.Made = made
	saved, err := w.SaveAnswer(w.ctx, v, s)
	var stale assessment.Stale
	if err != nil && !errors.As(err, &stale) {
		w.Fatal(err)
	}
	return saved, err == nil
}

func (w *world) attempt(v people.Viewer, id assessment.AttemptID) assessment.Paper {
	w.Helper()
	paper, err := w.Attempt(w.ctx, v, id)
	if err != nil {
		w.Fatal(err)
	}
	return paper
}

func TestWithoutALimitNothingEnds(t *testing.T) {
	each(t, func(w *world) {
		id := w.start(w.maya, "T07")
		w.pass(60 * 24 * 30)
		w.answers(w.maya, id, right)
		if n, err := w.CloseOverdue(w.ctx); err != nil || n != 0 {
			w.Errorf("%d closed, %v", n, err)
		}
		if paper := w.attempt(w.maya, id); !paper.Open() || paper.Timed() || len(paper.Questions) != 3 {
			w.Errorf("%+v", paper.Attempt)
		}
	})
}

func TestDeadlineIsPinnedAtTheStart(t *testing.T) {
	each(t, func(w *world) {
		w.rule(timed)
		began := w.today
		id := w.start(w.maya, "T07")
		w.rule(courses.QuizRules{Minutes: 5, Tries: 2, Review: courses.AfterEach})
		w.pass(10)
		paper := w.attempt(w.maya, id)
		if !paper.Deadline.Equal(began.Add(30*time.Minute)) || !paper.ClosesAt.Equal(began.Add(40*time.Minute)) || !paper.Pausable || paper.Review != courses.AfterPass || paper.Minutes != 30 {
			w.Errorf("%+v", paper.Attempt)
		}
		if again := w.start(w.maya, "T07"); again != id || !w.attempt(w.maya, again).Deadline.Equal(*paper.Deadline) {
			w.Error("a second tap on Start moved the deadline")
		}
	})
}

// What counts after half an hour with ten minutes of grace, by when it is received and
// when its device says that it was made.
func TestAnswersAroundTheDeadline(t *testing.T) {
	each(t, func(w *world) {
		w.rule(timed)
		const nobody = -1000
		for i, row := range []struct {
			name           string
			received, made int // minutes after the start
			counts, late   bool
		}{
			{"in time", 29, nobody, true, false},
			{"at the last moment", 30, nobody, true, false},
			{"in time, by a clock that is ahead", 20, 500, true, false},
			{"in time, by a clock that is behind", 20, -500, true, false},
			{"after the end, nobody says when made", 31, nobody, false, false},
			{"after the end, made before", 31, 29, true, true},
			{"after the end, made at the end", 35, 30, true, true},
			{"after the end, made after", 35, 31, false, false},
			{"after the end, made before the start", 35, -1, false, false},
			{"after the end, made in times to come", 35, 36, false, false},
			{"at the end of the grace, made before", 40, 5, true, true},
			{"after the grace, made before", 41, 5, false, false},
		} {
			v := w.trainee(i)
			began := w.today
			id := w.start(v, "T07")
			w.pass(row.received)
			var made time.Time
			if row.made != nobody {
				made = began.Add(time.Duration(row.made) * time.Minute)
			}
			saved, counts := w.saveMade(v, save(id, "q1", 0, "phone", 1), made)
			if counts != row.counts || saved.Late != row.late {
				w.Errorf("%s: counts %v, late %v", row.name, counts, saved.Late)
			}
			var lines []assessment.Line
			if err := w.db.NewSelect().Model(&lines).ModelTableExpr("answers AS line").Where("attempt_id = ?", id).Scan(w.ctx); err != nil {
				w.Fatal(err)
			}
			if len(lines) != 1 || lines[0].Refused == row.counts || lines[0].Late != row.late || !lines[0].MadeAt.Equal(made) {
				w.Errorf("%s: lines %+v", row.name, lines)
			}
			w.pass(60)
			paper := w.attempt(v, id)
			want := map[bool]int{true: 33, false: 0}[row.counts]
			if paper.Open() || !paper.TimedOut || paper.Percent != want || paper.LateAnswers() != map[bool]int{true: 1, false: 0}[row.late] || len(paper.Receipt) != 11 {
				w.Errorf("%s, an hour later: %+v, %d late", row.name, paper.Attempt, paper.LateAnswers())
			}
			w.today = began
		}
	})
}

// The server knows when the answer that is replaced was saved: what replaces it was not
// made before, whatever its device says.
func TestAnAnswerIsNotMadeBeforeTheOneItReplaces(t *testing.T) {
	each(t, func(w *world) {
		w.rule(timed)
		began := w.today
		id := w.start(w.maya, "T07")
		w.pass(29)
		w.answers(w.maya, id, map[string][]int{"q1": {0}})
		w.pass(6)
		if _, counts := w.saveMade(w.maya, save(id, "q1", 1, "phone", 1), began.Add(20*time.Minute)); counts {
			w.Error("it counts, made nine minutes before the answer that it replaces")
		}
		if saved, counts := w.saveMade(w.maya, save(id, "q1", 1, "phone", 1), began.Add(29*time.Minute+30*time.Second)); !counts || !saved.Late || saved.Version != 2 {
			w.Errorf("made after it and before the end: %v, %+v", counts, saved)
		}
	})
}

func TestForgottenAttemptIsClosedOnceWithWhatWasReceived(t *testing.T) {
	each(t, func(w *world) {
		w.rule(timed)
		began := w.today
		id, other := w.start(w.maya, "T07"), w.start(w.omar, "T07")
		w.answers(w.maya, id, map[string][]int{"q1": {1}, "q3": {1}})
		w.pass(40)
		if n, err := w.CloseOverdue(w.ctx); err != nil || n != 0 {
			w.Errorf("within the grace: %d closed, %v", n, err)
		}
		w.today = w.today.Add(time.Second)
		for _, want := range []int{2, 0} {
			if n, err := w.CloseOverdue(w.ctx); err != nil || n != want {
				w.Errorf("%d closed, want %d, %v", n, want, err)
			}
		}
		paper := w.attempt(w.maya, id)
		if paper.Percent != 66 || !paper.TimedOut || !paper.FinishedAt.Equal(began.Add(30*time.Minute)) || paper.Correct != 2 {
			w.Errorf("%+v", paper.Attempt)
		}
		if empty := w.attempt(w.omar, other); empty.Percent != 0 || empty.Total != 3 || !empty.TimedOut {
			w.Errorf("%+v", empty.Attempt)
		}
	})
}

func TestTheFirstTouchClosesWhatIsOverdue(t *testing.T) {
	for name, touch := range map[string]func(w *world, id assessment.AttemptID){
		"the page": func(w *world, id assessment.AttemptID) { w.attempt(w.maya, id) },
		"the check": func(w *world, _ assessment.AttemptID) {
			if check, err := w.Check(w.ctx, w.maya, "T07"); err != nil || check.Left() != 1 {
				w.Errorf("%+v, %v", check, err)
			}
		},
		"a new start": func(w *world, id assessment.AttemptID) {
			if next := w.start(w.maya, "T07"); next == id {
				w.Error("it runs on")
			}
		},
		"a hand-in": func(w *world, id assessment.AttemptID) {
			if err := w.Submit(w.ctx, w.maya, id, true); err != nil {
				w.Error(err)
			}
		},
		"a save": func(w *world, id assessment.AttemptID) {
			if _, counts := w.saveMade(w.maya, save(id, "q2", 0, "phone", 0), time.Time{}); counts {
				w.Error("it counts")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(w *world) {
				w.rule(timed)
				id := w.start(w.maya, "T07")
				w.answers(w.maya, id, map[string][]int{"q1": {1}})
				w.pass(41)
				touch(w, id)
				var stored assessment.Attempt
				if err := w.db.NewSelect().Model(&stored).Where("id = ?", id).Scan(w.ctx); err != nil || stored.Open() || !stored.TimedOut || stored.Percent != 33 {
					w.Errorf("%+v, %v", stored, err)
				}
			})
		})
	}
}

func TestEightWhoCloseTheSameAttemptGradeItOnce(t *testing.T) {
	race(t, func(w *world) {
		w.rule(timed)
		id := w.start(w.maya, "T07")
		w.answers(w.maya, id, right)
		w.pass(41)
		receipts := make([]string, 8)
		together(len(receipts), func(i int) {
			var err error
			switch i % 3 {
			case 0:
				_, err = w.CloseOverdue(w.ctx)
			case 1:
				err = w.Submit(w.ctx, w.maya, id, true)
			}
			if err != nil {
				w.Error(err)
			}
			paper, err := w.Attempt(w.ctx, w.maya, id)
			if err != nil {
				w.Error(err)
			}
			receipts[i] = paper.Receipt
		})
		for _, receipt := range receipts {
			if receipt != receipts[0] || receipt == "" {
				w.Errorf("receipts %q", receipts)
			}
		}
	})
}

func TestHandInAfterTheTimeAsksNothing(t *testing.T) {
	each(t, func(w *world) {
		w.rule(timed)
		id := w.start(w.maya, "T07")
		w.pass(32)
		if paper := w.attempt(w.maya, id); !paper.Over(w.today) || len(paper.Questions) != 0 {
			w.Errorf("within the grace: %+v, %d questions", paper.Attempt, len(paper.Questions))
		}
		if err := w.Submit(w.ctx, w.maya, id, false); err != nil {
			w.Fatal(err)
		}
		if paper := w.attempt(w.maya, id); paper.Open() || paper.TimedOut || !paper.FinishedAt.Equal(w.today) {
			w.Errorf("%+v", paper.Attempt)
		}
	})
}

func TestPauseStopsTheClockAndHidesTheQuestions(t *testing.T) {
	each(t, func(w *world) {
		w.rule(timed)
		began := w.today
		id := w.start(w.maya, "T07")
		w.pass(10)
		for range 2 { // two taps
			if err := w.Pause(w.ctx, w.maya, id); err != nil {
				w.Fatal(err)
			}
			w.pass(1)
		}
		w.pass(60 * 24)
		if n, err := w.CloseOverdue(w.ctx); err != nil || n != 0 {
			w.Errorf("a paused attempt: %d closed, %v", n, err)
		}
		paper := w.attempt(w.maya, id)
		if !paper.Paused() || len(paper.Questions) != 0 || paper.Over(w.today) {
			w.Errorf("%+v, %d questions", paper.Attempt, len(paper.Questions))
		}
		if _, counts := w.saveMade(w.maya, save(id, "q1", 0, "phone", 1), time.Time{}); counts {
			w.Error("an answer while paused counts")
		}
		if _, counts := w.saveMade(w.maya, save(id, "q1", 0, "phone", 1), began.Add(11*time.Minute)); counts {
			w.Error("an answer made while paused counts")
		}
		if saved, counts := w.saveMade(w.maya, save(id, "q1", 0, "phone", 1), began.Add(9*time.Minute)); !counts || saved.Late {
			w.Errorf("an answer made before the pause: %v, %+v", counts, saved)
		}
		w.wantConflict("a hand-in while paused", "assessment.pause.first", w.Submit(w.ctx, w.maya, id, true))
		for range 2 {
			if err := w.Resume(w.ctx, w.maya, id); err != nil {
				w.Fatal(err)
			}
			w.pass(1)
		}
		paper = w.attempt(w.maya, id)
		if want := began.Add((30 + 2 + 60*24) * time.Minute); !paper.Deadline.Equal(want) || !paper.ClosesAt.Equal(want.Add(10*time.Minute)) || len(paper.Questions) != 3 {
			w.Errorf("deadline %v, want %v", paper.Deadline, want)
		}
		if n := w.count("attempt_pauses"); n != 2 {
			w.Errorf("%d lines of the pause", n)
		}
		for name, v := range map[string]people.Viewer{"another trainee": w.omar, "her instructor": w.coach, "an officer": w.officer} {
			w.wantNotFound(name+" pauses", w.Pause(w.ctx, v, id))
			w.wantNotFound(name+" resumes", w.Resume(w.ctx, v, id))
		}
	})
}

func TestPauseWhereItMayNotBe(t *testing.T) {
	each(t, func(w *world) {
		w.rule(courses.QuizRules{Minutes: 30, Grace: 10, Tries: 2, Review: courses.AfterPass})
		id := w.start(w.maya, "T07")
		w.wantConflict("not in this edition", "assessment.pause.not_here", w.Pause(w.ctx, w.maya, id))
		w.rule(timed)
		late := w.start(w.omar, "T07")
		w.pass(35)
		w.wantConflict("after the time", "assessment.pause.over", w.Pause(w.ctx, w.omar, late))
		if err := w.Submit(w.ctx, w.omar, late, true); err != nil {
			w.Fatal(err)
		}
		w.wantConflict("after the hand-in", "assessment.pause.over", w.Pause(w.ctx, w.omar, late))
		w.wantConflict("going on after the hand-in", "assessment.pause.over", w.Resume(w.ctx, w.omar, late))
		if n := w.count("attempt_pauses"); n != 0 {
			w.Errorf("%d lines", n)
		}
	})
}
