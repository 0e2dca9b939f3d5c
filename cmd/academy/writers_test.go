//go:build unix

package main_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// handIn is the subject of a line that hands an attempt in.
const handIn = "hand in"

// line is one answer or mark on its way: sent twice, it is kept once.
type line struct {
	subject string // question or enrolment
	version int    // the one that an answer has last seen
	value   string // choice or status
	id      string // of a mark
}

// writer is one person at work, who notes what the Academy acknowledged.
type writer struct {
	*browser
	attempt string // of a trainee
	quiz    string // what its questions' ids begin with
	handsIn int    // after how many answers; 0 for never
	handed  bool   // acknowledged
	session string // of an instructor
	acked   []line
	pending *line          // sent, and no answer came
	seen    map[string]int // versions by question
}

// crew are all who work at once.
type crew struct {
	t       testing.TB
	s       *school
	writers []*writer
	acked   atomic.Int64
}

// muster signs everybody in and has every trainee begin the check.
func (s *school) muster(r *running) *crew {
	s.t.Helper()
	c := &crew{t: s.t, s: s}
	for _, name := range s.trainees {
		w := &writer{browser: r.browser(), quiz: "t91", seen: map[string]int{}}
		w.signIn(name)
		a := w.post("/modules/t91/check", nil)
		w.attempt = strings.TrimPrefix(a.header.Get("Location"), "/attempts/")
		if a.status != http.StatusSeeOther || w.attempt == "" {
			s.t.Fatalf("%s can't begin the check: %d\n%s", name, a.status, a.body)
		}
		c.writers = append(c.writers, w)
	}
	for _, name := range s.teachers {
		w := &writer{browser: r.browser(), session: string(s.session)}
		w.signIn(name)
		c.writers = append(c.writers, w)
	}
	return c
}

// work lets everybody write until the program no longer answers; once so many lines have
// been acknowledged the end comes, in the middle of all that is under way.
func (c *crew) work(after int64, end func()) {
	c.t.Helper()
	c.acked.Store(0)
	var all sync.WaitGroup
	var once sync.Once
	stop := make(chan struct{})
	for i, w := range c.writers {
		all.Go(func() {
			for n := 0; w.write(c, i, n); n++ {
				if c.acked.Load() >= after {
					once.Do(func() { close(stop) })
				}
			}
		})
	}
	<-stop
	end()
	all.Wait()
}

// write sends the next line, or again the one to which no answer came. It says false when
// none came now.
func (w *writer) write(c *crew, who, n int) bool {
	if w.handed {
		return false
	}
	if w.pending == nil {
		next := w.next(c.s, who, n)
		w.pending = &next
	}
	told, err := w.send(*w.pending)
	if err != nil {
		return false
	}
	if told != "" {
		c.t.Errorf("writer %d: line %+v was refused: %s", who, *w.pending, told)
		return false
	}
	if w.pending.subject == handIn {
		w.handed = true
	} else {
		w.acked = append(w.acked, *w.pending)
	}
	w.pending = nil
	c.acked.Add(1)
	return true
}

func (w *writer) next(s *school, who, n int) line {
	if w.handsIn > 0 && len(w.acked) >= w.handsIn {
		return line{subject: handIn}
	}
	if w.attempt != "" {
		question := fmt.Sprintf("%s-q%d", w.quiz, n%questions+1)
		return line{subject: question, version: w.seen[question], value: strconv.Itoa((n/questions + who + w.seen[question]) % 3)}
	}
	status := []string{"present", "late", "absent", "excused"}[(n+n/4)%4]
	return line{subject: string(s.enrolments[n%len(s.enrolments)]), value: status, id: database.NewID()}
}

// send sends one line as our pages do and gives what the Academy said against it; the
// error is that it said nothing.
func (w *writer) send(l line) (refused string, err error) {
	if w.session != "" {
		a, err := w.try(w.form("/sessions/"+w.session+"/marks", url.Values{
			"enrolment": {l.subject}, "mark": {l.value}, "line": {l.id}, "minutes": {"30"}, "excuse": {"illness"}}))
		return a.unless(http.StatusSeeOther), orAway(a, err)
	}
	if l.subject == handIn {
		a, err := w.try(w.form("/attempts/"+w.attempt+"/submission", url.Values{"sure": {"yes"}}))
		return a.unless(http.StatusSeeOther), orAway(a, err)
	}
	a, err := w.try(w.form("/attempts/"+w.attempt+"/answers", url.Values{
		"one": {l.subject}, "device": {"phone-" + w.attempt}, "seen." + l.subject: {strconv.Itoa(l.version)}, "a." + l.subject: {l.value}}))
	if err := orAway(a, err); err != nil || a.status != http.StatusOK {
		return a.unless(http.StatusOK), err
	}
	var told struct{ Version int }
	if err := json.Unmarshal([]byte(a.body), &told); err != nil || told.Version != l.version+1 {
		return a.body, nil
	}
	w.seen[l.subject] = told.Version
	return "", nil
}

// unless is what came instead of a status; "" where that came.
func (a answer) unless(status int) string {
	if a.status == status {
		return ""
	}
	return fmt.Sprint(a.status, " ", a.body)
}

// orAway takes a 503 for no answer: nothing is acknowledged, and nothing is refused.
func orAway(a answer, err error) error {
	if err == nil && a.status == http.StatusServiceUnavailable {
		return errAway
	}
	return err
}

var errAway = errors.New("the Academy says that it is away")

// count compares what was acknowledged with what is there, in a database that no program
// serves now: every line once, nothing more, and what follows from them as they say.
func (c *crew) count() {
	c.t.Helper()
	c.s.inside(func(ctx context.Context, a *app.Academy) {
		for i, w := range c.writers {
			if w.attempt != "" {
				c.countAnswers(ctx, a, i, w)
			}
		}
		c.countMarks(ctx, a)
	})
}

func (c *crew) countAnswers(ctx context.Context, a *app.Academy, who int, w *writer) {
	c.t.Helper()
	var stored []struct {
		QuestionID string
		Version    int
		Value      string
	}
	c.s.ok(a.DB.NewRaw(`SELECT question_id, version, value FROM answers WHERE attempt_id = ? AND NOT refused ORDER BY question_id, version`, w.attempt).Scan(ctx, &stored))
	var kept, acked []string
	for _, s := range stored {
		kept = append(kept, fmt.Sprint(s.QuestionID, " ", s.Version, " ", strings.ReplaceAll(s.Value, " ", "")))
	}
	for _, l := range w.acked {
		acked = append(acked, fmt.Sprint(l.subject, " ", l.version+1, ` {"choices":[`+l.value+`]}`))
	}
	slices.Sort(kept)
	slices.Sort(acked)
	if !slices.Equal(kept, acked) {
		c.t.Errorf("writer %d: %d answers are kept, %d were acknowledged\n%v\n%v", who, len(kept), len(acked), kept, acked)
	}
	var wrong int
	c.s.ok(a.DB.NewRaw(`SELECT (SELECT count(*) FROM answers WHERE attempt_id = ? AND refused) + (SELECT count(*) FROM current_answers AS c WHERE c.attempt_id = ? AND NOT EXISTS (
		SELECT 1 FROM answers AS l WHERE l.attempt_id = c.attempt_id AND l.question_id = c.question_id AND l.version = c.version AND NOT l.refused
			AND l.version = (SELECT MAX(m.version) FROM answers AS m WHERE m.attempt_id = c.attempt_id AND m.question_id = c.question_id)))`, w.attempt, w.attempt).Scan(ctx, &wrong))
	if wrong != 0 {
		c.t.Errorf("writer %d: %d answers count that are not the newest, or were refused", who, wrong)
	}
}

func (c *crew) countMarks(ctx context.Context, a *app.Academy) {
	c.t.Helper()
	var stored []struct {
		Line, EnrolmentID, Status string
		Seq, MinutesLate          int
	}
	c.s.ok(a.DB.NewRaw(`SELECT line, enrolment_id, status, seq, minutes_late FROM marks ORDER BY enrolment_id, seq`).Scan(ctx, &stored))
	kept, newest, seq := map[string]string{}, map[string]int{}, map[string]int{}
	for _, s := range stored {
		status, minutes := s.Status, 0
		if status == "present" {
			minutes = 120 - s.MinutesLate
		}
		if s.MinutesLate > 0 {
			status = "late"
		}
		_, line, _ := strings.Cut(s.Line, ":") // kept under its session
		kept[line] = s.EnrolmentID + " " + status
		if newest[s.EnrolmentID] = minutes; s.Seq != seq[s.EnrolmentID]+1 {
			c.t.Errorf("marks of %s go from %d to %d", s.EnrolmentID, seq[s.EnrolmentID], s.Seq)
		}
		seq[s.EnrolmentID] = s.Seq
	}
	acked := 0
	for _, w := range c.writers {
		for _, l := range w.acked {
			if l.id == "" {
				continue
			}
			if acked++; kept[l.id] != l.subject+" "+l.value {
				c.t.Errorf("mark %+v was acknowledged; kept is %q", l, kept[l.id])
			}
		}
	}
	if len(kept) != acked || len(stored) != acked {
		c.t.Errorf("%d marks are kept, %d were acknowledged", len(stored), acked)
	}
	var sums []struct {
		EnrolmentID string
		Minutes     int
	}
	c.s.ok(a.DB.NewRaw(`SELECT enrolment_id, sum(minutes) AS minutes FROM ledger_lines GROUP BY enrolment_id`).Scan(ctx, &sums))
	for _, sum := range sums {
		if sum.Minutes != newest[sum.EnrolmentID] {
			c.t.Errorf("the ledger gives %s %d minutes; the newest mark earns %d", sum.EnrolmentID, sum.Minutes, newest[sum.EnrolmentID])
		}
		delete(newest, sum.EnrolmentID)
	}
	for enrolment, minutes := range newest {
		if minutes != 0 {
			c.t.Errorf("the ledger has nothing of %s, who earned %d minutes", enrolment, minutes)
		}
	}
}
