package assessment_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// together runs the same work many times at once and waits for all.
func together(n int, work func(i int)) {
	var group sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		group.Go(func() {
			<-begin
			work(i)
		})
	}
	close(begin)
	group.Wait()
}

func TestSixteenTapsOnStartGiveOneAttempt(t *testing.T) {
	race(t, func(w *world) {
		ids := make([]assessment.AttemptID, 16)
		together(len(ids), func(i int) {
			id, err := w.Start(w.ctx, w.maya, "T07")
			if err != nil {
				w.Error(err)
			}
			ids[i] = id
		})
		if len(slices.Compact(ids)) != 1 {
			w.Errorf("attempts: %v", ids)
		}
	})
}

// Each writer saves, and where another was first sees what counts and saves again, as
// a page does. Every save that was acknowledged is a kept line, every other one a
// refused line, and the versions have no gap.
func TestSixteenWritersLoseNothingThatWasAcknowledged(t *testing.T) {
	each(t, func(w *world) {
		id := w.start(w.maya, "T07")
		const writers, each = 16, 10
		var mu sync.Mutex
		acknowledged, refused := map[int]string{}, 0
		together(writers, func(i int) {
			version := 0
			for n := range each {
				device := fmt.Sprintf("%d-%d", i, n)
				saved, err := w.SaveAnswer(w.ctx, w.maya, save(id, "q1", version, device, (i+n)%3))
				var stale assessment.Stale
				mu.Lock()
				switch {
				case err == nil:
					if other, taken := acknowledged[saved.Version]; taken {
						w.Errorf("version %d was given to %s and %s", saved.Version, other, device)
					}
					acknowledged[saved.Version], version = device, saved.Version
				case errors.As(err, &stale):
					version = stale.Current.Version
					refused++
				default:
					w.Error(err)
				}
				mu.Unlock()
			}
		})
		var lines []assessment.Line
		if err := w.db.NewSelect().Model(&lines).ModelTableExpr("answers AS line").Order("version", "id").Scan(w.ctx); err != nil {
			w.Fatal(err)
		}
		kept := 0
		for _, line := range lines {
			if line.Refused {
				continue
			}
			kept++
			if line.Version != kept || acknowledged[line.Version] != line.Device {
				w.Errorf("line %d of %s, acknowledged %q", line.Version, line.Device, acknowledged[line.Version])
			}
		}
		if kept != len(acknowledged) || len(lines) != kept+refused || len(lines) != writers*each {
			w.Errorf("%d kept of %d acknowledged, %d lines, %d refused", kept, len(acknowledged), len(lines), refused)
		}
		if paper, err := w.Attempt(w.ctx, w.maya, id); err != nil || paper.Answers["q1"].Version != kept || paper.Answers["q1"].Device != acknowledged[kept] {
			w.Errorf("what counts: %+v, %v; last kept is %d", paper.Answers["q1"], err, kept)
		}
	})
}

// Saves race with the hand-in: what was acknowledged before it is graded, what came
// after is refused, and nothing is in between.
func TestSavesAgainstHandIn(t *testing.T) {
	race(t, func(w *world) {
		for round := range 12 {
			v := w.trainee(round)
			id := w.start(v, "T07")
			w.answers(v, id, map[string][]int{"q2": {0, 2}, "q3": {1}})
			var saved bool
			together(2, func(i int) {
				if i == 0 {
					if err := w.Submit(w.ctx, v, id, true); err != nil {
						w.Error(err)
					}
					return
				}
				_, err := w.SaveAnswer(w.ctx, v, save(id, "q1", 0, "phone", 1))
				var stale assessment.Stale
				if err != nil && (!errors.As(err, &stale) || !stale.Finished) {
					w.Errorf("save: %v", err)
				}
				saved = err == nil
			})
			result, err := w.Result(w.ctx, v, id)
			if err != nil {
				w.Fatal(err)
			}
			if want := map[bool]int{true: 100, false: 66}[saved]; result.Percent != want {
				w.Errorf("round %d: acknowledged %v, graded %d percent", round, saved, result.Percent)
			}
		}
	})
}

func TestEightHandInsGradeOnce(t *testing.T) {
	race(t, func(w *world) {
		id := w.start(w.maya, "T07")
		w.answers(w.maya, id, right)
		together(8, func(int) {
			if err := w.Submit(w.ctx, w.maya, id, true); err != nil {
				w.Error(err)
			}
		})
		if k, err := w.KnowledgeOf(w.ctx, w.maya, w.mayas); err != nil || k.Modules[0].Tries != 1 || k.Modules[0].Best != 100 {
			w.Errorf("%+v, %v", k, err)
		}
	})
}

func TestPracticalsRecordedAtOnceAreAllKept(t *testing.T) {
	race(t, func(w *world) {
		together(12, func(i int) {
			line := fmt.Sprintf("line-%d", i/2) // each sent twice
			err := w.Record(w.ctx, w.coach, w.mayas, "listen", assessment.Levels[i/2%3], line)
			var conflict *fault.ConflictError
			if err != nil && !errors.As(err, &conflict) {
				w.Error(err)
			}
		})
		practice, err := w.PracticalsOf(w.ctx, w.coach, w.mayas)
		if err != nil || len(practice.Skills[0].Records) != 6 {
			w.Errorf("%d records, %v", len(practice.Skills[0].Records), err)
		}
	})
}

func TestOneBadAnswerSpoilsNobodyElses(t *testing.T) {
	each(t, func(w *world) {
		id := w.start(w.maya, "T07")
		errs := make([]error, 24)
		together(len(errs), func(i int) {
			switch i % 3 {
			case 0:
				_, errs[i] = w.SaveAnswer(w.ctx, w.maya, save(id, "q1", 0, "phone", 1))
			case 1:
				_, errs[i] = w.SaveAnswer(w.ctx, w.maya, save("never", "q1", 0, "phone", 1))
			case 2:
				_, errs[i] = w.SaveAnswer(w.ctx, w.officer, save(id, "q2", 0, "phone", 0))
			}
		})
		for i, err := range errs {
			if (i%3 == 0) != (err == nil) || err != nil && !errors.Is(err, fault.NotFound) {
				w.Errorf("save %d: %v", i, err)
			}
		}
		if n := w.count("answers"); n != 1 {
			w.Errorf("%d lines, want the one answer that was acknowledged", n)
		}
	})
}

// Answers of one moment share a commit, and none of them suffers from another.
func TestWhatArrivesTogetherIsToldEachItsOwn(t *testing.T) {
	each(t, func(w *world) {
		own, other := w.start(w.maya, "T07"), w.start(w.omar, "T07")
		stale := func(err error) bool { var s assessment.Stale; return errors.As(err, &s) }
		missing := func(err error) bool { return errors.Is(err, fault.NotFound) }
		odd := func(err error) bool { var i *fault.InvalidError; return errors.As(err, &i) }
		kept := func(err error) bool { return err == nil }
		cases := []struct {
			what string
			save assessment.Save
			is   func(error) bool
		}{
			{"a first answer", save(own, "q1", 0, "phone", 1), kept},
			{"an answer to another question", save(own, "q2", 0, "phone", 0, 2), kept},
			{"another's attempt", save(other, "q1", 0, "phone", 1), missing},
			{"their own", save(other, "q2", 0, "phone", 0), kept}, // which holds the attempt for them
			{"no attempt", save("none", "q1", 0, "phone", 1), missing},
			{"no question", save(own, "none", 0, "phone", 1), missing},
			{"no choice of the question", save(own, "q3", 0, "phone", 99), odd},
			{"a version that nobody gave", save(own, "q3", 4, "phone", 1), stale},
		}
		together(8*len(cases), func(i int) {
			one := cases[i%len(cases)]
			who := w.maya
			if one.what == "their own" {
				who = w.omar
			}
			if _, err := w.SaveAnswer(w.ctx, who, one.save); !one.is(err) {
				w.Errorf("%s: %v", one.what, err)
			}
		})
		paper, err := w.Attempt(w.ctx, w.maya, own)
		if err != nil || len(paper.Answers) != 2 || paper.Answers["q1"].Version != 1 || paper.Answers["q2"].Version != 1 {
			w.Errorf("what counts: %+v, %v", paper.Answers, err)
		}
		if theirs, err := w.Attempt(w.ctx, w.omar, other); err != nil || len(theirs.Answers) != 1 || theirs.Answers["q2"].Version != 1 {
			w.Errorf("another's attempt holds %+v, %v", theirs.Answers, err)
		}
		if n := w.count("answers"); n != 4 {
			w.Errorf("%d lines, want three kept and one refused", n)
		}
	})
}
