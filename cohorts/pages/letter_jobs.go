package pages

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// Jobs note what has become of the classes to come and order the letters about them, once
// a minute, each sector for itself. Where no mail can be sent nothing is ordered, and
// nothing is told later.
func Jobs(store cohorts.Store, letters messages.Store, mail bool) []outbox.Job {
	return []outbox.Job{{Kind: "cohorts.letters", Every: time.Minute, Run: func(ctx context.Context, _ []byte) error {
		var failed []error
		for _, sector := range people.Sectors {
			failed = append(failed, order(ctx, people.System(sector), store, letters, mail))
		}
		return errors.Join(failed...)
	}}}
}

func order(ctx context.Context, v people.Viewer, store cohorts.Store, letters messages.Store, mail bool) error {
	if err := store.NoteClasses(ctx, v, mail); err != nil || !mail {
		return err
	}
	orders, err := store.LettersOwed(ctx, v, letters.Zone())
	if err != nil {
		return err
	}
	if err := letters.Queue(ctx, v, orders...); err != nil {
		return err
	}
	return store.Reminded(ctx, v, orders)
}

// Sender tells from which address and under which name letters come.
type Sender func() (address, name string)

// Writers write the letters about classes. What they say is neutral (rule 14): that there
// is a class and when, and nothing of what it is about or where.
func Writers(words *web.Words, store cohorts.Store, sender Sender) map[messages.Kind]messages.Writer {
	w := writer{words, store, sender}
	return map[messages.Kind]messages.Writer{
		messages.Reminder: reminder{w}, messages.Change: change{w}, messages.Invitation: invitation{w}, messages.Withdrawal: withdrawal{w},
		messages.Absence: absence{w}, messages.Warning: warning{w},
	}
}

type writer struct {
	words  *web.Words
	store  cohorts.Store
	sender Sender
}

func (w writer) say(ctx context.Context, l messages.Letter) context.Context {
	return web.WithWords(ctx, w.words, l.Language)
}

// Still says whether the receiver still comes to the class that the letter is about.
func (w writer) Still(ctx context.Context, l messages.Letter) (bool, error) {
	return w.store.Comes(ctx, l.Viewer(), cohorts.SessionID(l.About))
}

type reminder struct{ writer }

func (w reminder) Write(ctx context.Context, tx messages.Tx, l messages.Letter) (messages.Text, error) {
	session, care, err := w.store.In(tx).Coming(ctx, l.Viewer(), cohorts.SessionID(l.About))
	if err != nil {
		return messages.Text{}, err
	}
	ctx = w.say(ctx, l)
	body := web.T(ctx, "cohorts.letter.reminder", "When", fromTo(ctx, session.StartsAt, session.EndsAt, session.Zone()))
	if care >= cohorts.Care {
		body += "\n\n" + web.T(ctx, "cohorts.letter.care")
	}
	return messages.Text{Title: web.T(ctx, "cohorts.letter.reminder_title"), Body: body}, nil
}

type absence struct{ writer }

func (w absence) Write(ctx context.Context, tx messages.Tx, l messages.Letter) (messages.Text, error) {
	session, err := w.store.In(tx).Missed(ctx, l.Viewer(), cohorts.SessionID(l.About))
	if err != nil {
		return messages.Text{}, err
	}
	ctx = w.say(ctx, l)
	return messages.Text{Title: web.T(ctx, "cohorts.letter.absence_title"),
		Body: web.T(ctx, "cohorts.letter.absence", "Day", web.LongDate(ctx, session.StartsAt, session.Zone()))}, nil
}

// warning says how much was missed, in the words of the person's own page: nothing here
// threatens, and what would help is read signed in.
type warning struct{ writer }

func (w warning) Write(ctx context.Context, tx messages.Tx, l messages.Letter) (messages.Text, error) {
	totals, err := w.store.In(tx).TakeWarnings(ctx, l.Viewer(), cohorts.EnrolmentID(l.About))
	if err != nil {
		return messages.Text{}, err
	}
	ctx = w.say(ctx, l)
	var lines []string
	if totals.Warned() > 0 {
		lines = append(lines, web.T(ctx, "cohorts.letter.warning_missed", "Percent", web.Percent(ctx, totals.MissedPercent()), "Time", web.Minutes(ctx, totals.Missed())))
	}
	if !totals.Reachable() {
		lines = append(lines, web.T(ctx, "cohorts.letter.warning_ahead", "Time", web.Minutes(ctx, totals.ToMakeUp())))
	}
	lines = append(lines, web.T(ctx, "cohorts.letter.warning_help"))
	return messages.Text{Title: web.T(ctx, "cohorts.letter.warning_title"), Body: strings.Join(lines, "\n\n")}, nil
}

// Still says whether the place that the letter is about still runs.
func (w warning) Still(ctx context.Context, l messages.Letter) (bool, error) {
	totals, err := w.store.Standing(ctx, l.Viewer(), cohorts.EnrolmentID(l.About))
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	return totals.State == cohorts.Active, err
}

type change struct{ writer }

// most is how many changes one letter names; the rest are told on the schedule.
const most = 12

func (w change) Write(ctx context.Context, tx messages.Tx, l messages.Letter) (messages.Text, error) {
	rows, err := w.store.In(tx).TakeChanges(ctx, l.Viewer())
	if err != nil {
		return messages.Text{}, err
	}
	ctx = w.say(ctx, l)
	var lines []string
	for _, row := range rows {
		if line := newsOf(ctx, row); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return messages.Text{}, errNothingNew
	}
	if more := len(lines) - most; more > 0 {
		lines = append(lines[:most], web.T(ctx, "cohorts.letter.more", "Count", more))
	}
	return messages.Text{Title: web.T(ctx, "cohorts.letter.change_title"), Body: strings.Join(lines, "\n\n")}, nil
}
