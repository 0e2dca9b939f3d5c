package pages

import (
	"context"
	"fmt"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/calendar"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// errNothingNew says that what was changed is as its person knows it again.
var errNothingNew = fmt.Errorf("nothing has changed: %w", fault.NotFound)

// invitation puts one class into its receiver's calendar, changes it there, or takes it out.
type invitation struct{ writer }

func (w invitation) Write(ctx context.Context, tx messages.Tx, l messages.Letter) (messages.Text, error) {
	class, known, feed, err := w.store.In(tx).TakeInvitation(ctx, l.Viewer(), cohorts.SessionID(l.About))
	if err != nil {
		return messages.Text{}, err
	}
	ctx = w.say(ctx, l)
	feed.Language = l.Language
	event := class.Event(feed, web.T(ctx, "cohorts.letter.event"))
	event.Organizer, event.OrganizerName = w.sender()
	event.Attendee = l.Email
	method := calendar.Request
	if event.Cancelled {
		method = calendar.Cancel
	}
	text := messages.Text{Title: web.T(ctx, "cohorts.letter.change_title"), Method: string(method),
		Calendar: calendar.Calendar{Method: method, Events: []calendar.Event{event}}.Bytes()}
	if text.Body = newsOf(ctx, known); text.Body == "" {
		text.Title = web.T(ctx, "cohorts.letter.invitation_title")
		text.Body = web.T(ctx, "cohorts.letter.invitation", "When", fromTo(ctx, class.StartsAt, class.EndsAt, class.Zone()))
	}
	return text, nil
}

// withdrawal takes a class out of its receiver's calendar, who wants no invitations any
// more or has left it.
type withdrawal struct{ writer }

func (w withdrawal) Write(ctx context.Context, tx messages.Tx, l messages.Letter) (messages.Text, error) {
	class, feed, err := w.store.In(tx).TakeWithdrawal(ctx, l.Viewer(), cohorts.SessionID(l.About))
	if err != nil {
		return messages.Text{}, err
	}
	ctx = w.say(ctx, l)
	feed.Language = l.Language
	event := class.Event(feed, web.T(ctx, "cohorts.letter.event"))
	event.Organizer, event.OrganizerName = w.sender()
	event.Attendee = l.Email
	return messages.Text{Title: web.T(ctx, "cohorts.letter.withdrawal_title"),
		Body:   web.T(ctx, "cohorts.letter.withdrawal", "When", web.DateTime(ctx, class.StartsAt, class.Zone())),
		Method: string(calendar.Cancel), Calendar: calendar.Calendar{Method: calendar.Cancel, Events: []calendar.Event{event}}.Bytes()}, nil
}

// Still is true: who has left a class is just who this goes to.
func (w withdrawal) Still(context.Context, messages.Letter) (bool, error) { return true, nil }

// newsOf says what became of a class; "" for nothing new.
func newsOf(ctx context.Context, t cohorts.Telling) string {
	zone := t.Zone()
	switch t.News() {
	case cohorts.NewsOff:
		return web.T(ctx, "cohorts.letter.called_off", "When", web.DateTime(ctx, t.ToldStartsAt, zone))
	case cohorts.NewsAdded:
		return web.T(ctx, "cohorts.letter.added", "When", fromTo(ctx, t.StartsAt, t.EndsAt, zone))
	case cohorts.NewsMoved:
		return web.T(ctx, "cohorts.letter.moved", "Was", web.DateTime(ctx, t.ToldStartsAt, zone), "When", fromTo(ctx, t.StartsAt, t.EndsAt, zone))
	case cohorts.NewsPlace:
		return web.T(ctx, "cohorts.letter.elsewhere", "When", web.DateTime(ctx, t.StartsAt, zone))
	}
	return ""
}

// fromTo reads "Tue 24 Nov, 9:00 am – 1:00 pm".
func fromTo(ctx context.Context, from, to time.Time, zone *time.Location) string {
	return web.DateTime(ctx, from, zone) + " – " + web.Clock(ctx, to, zone)
}
