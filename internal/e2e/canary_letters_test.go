package e2e

import (
	"context"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// writes lets a letter of every kind go to the trainee of each side, who lets their
// calendar say all that it can: the letters are read at the end, with the others.
func (w *wall) writes() {
	w.Helper()
	for _, s := range w.stages {
		for _, v := range []people.Viewer{s.trainee, s.teacher} {
			s.must(w.a.Messages.Wish(s.ctx, v, messages.Wishes{Reminders: true, Changes: true, Absences: true, Due: true, Ahead: 24}))
		}
		s.must(w.a.Cohorts.NoteClasses(s.ctx, people.System(s.sector), true))
	}
	w.runs()
	for _, s := range w.stages {
		mine := `cohort_id IN (SELECT cohort_id FROM enrolments WHERE person_id = ? AND state = 'active')`
		now, person := w.a.Now(), s.trainee.Person()
		ahead := s.one(`SELECT id FROM sessions WHERE `+mine+` AND state = 'planned' AND starts_at > ? ORDER BY starts_at DESC, id LIMIT 1`, person, now)
		s.do(`UPDATE sessions SET starts_at = ?, ends_at = ? WHERE id = ?`, now.Add(5*time.Hour), now.Add(6*time.Hour), ahead)
		held := s.one(`SELECT id FROM sessions WHERE `+mine+` AND state IN ('closed', 'confirmed')
			AND id IN (SELECT m.session_id FROM marks AS m JOIN enrolments AS e ON e.id = m.enrolment_id WHERE e.person_id = ?) ORDER BY id LIMIT 1`, person, person)
		s.do(`UPDATE sessions SET closed_at = ? WHERE id = ?`, now.Add(-2*time.Hour), held)
		s.do(`UPDATE marks SET status = 'absent' WHERE session_id = ? AND enrolment_id IN (SELECT id FROM enrolments WHERE person_id = ?)`, held, person)
		s.do(`UPDATE ledger_lines SET minutes = 0 WHERE enrolment_id IN (SELECT id FROM enrolments WHERE person_id = ?)`, person)
		s.do(`DELETE FROM minute_warnings WHERE enrolment_id IN (SELECT id FROM enrolments WHERE person_id = ?)`, person)
		_, err := w.a.Cohorts.RaiseWarnings(s.ctx, people.System(s.sector))
		s.must(err)
		s.must(w.a.Messages.Queue(s.ctx, people.System(s.sector), messages.Order{Person: person, Kind: messages.Due, Cause: "canary", Until: now.Add(time.Hour)}))
	}
	w.runs()
	for _, s := range w.stages { // and once more as invitations
		s.must(w.a.Messages.Wish(s.ctx, s.trainee, messages.Wishes{Invitations: true, Ahead: 24}))
	}
	w.runs()
	for _, s := range w.stages { // which are taken back
		s.must(w.a.Messages.Wish(s.ctx, s.trainee, messages.Wishes{Due: true, Ahead: 24}))
	}
	w.runs()
	for _, s := range w.stages {
		var kinds []string
		s.must(w.a.DB.NewRaw(`SELECT DISTINCT kind FROM messages WHERE person_id = ? AND state = 'sent' ORDER BY kind`, s.trainee.Person()).Scan(s.ctx, &kinds))
		if got := strings.Join(kinds, " "); got != "absences changes due invitations reminders warnings withdrawals" {
			w.Errorf("letters of %s went about %s", s.sector, got)
		}
		s.must(w.a.Messages.Wish(s.ctx, s.trainee, messages.Wishes{Ahead: 24}))
	}
}

// runs lets the work run that comes round by the clock, as if a while had passed.
func (w *wall) runs() {
	w.Helper()
	if _, err := w.a.DB.NewRaw(`UPDATE outbox SET due_at = ? WHERE kind = 'cohorts.letters'`, w.a.Now().Add(-time.Second)).Exec(context.Background()); err != nil {
		w.Fatal(err)
	}
	if err := w.a.Jobs.RunDue(context.Background()); err != nil {
		w.Fatal(err)
	}
}
