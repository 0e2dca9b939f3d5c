package pages

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/mail"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// Jobs are the sending of letters, each written by the room whose kind it is, and the
// sweep of those that have been of no use for long.
func Jobs(app *web.App, store messages.Store, post mail.Post, writers map[messages.Kind]messages.Writer) []outbox.Job {
	p := postman{app, store, post, writers}
	return []outbox.Job{
		{Kind: messages.SendWork, Run: p.send},
		{Kind: "messages.sweep", Every: 24 * time.Hour, Run: func(ctx context.Context, _ []byte) error { return store.Sweep(ctx) }},
	}
}

type postman struct {
	app     *web.App
	store   messages.Store
	post    mail.Post
	writers map[messages.Kind]messages.Writer
}

// send sends one letter. A refusal is an error, so that the outbox tries again after a
// growing pause; a letter whose fate is unknown stays marked as being sent, and goes once
// more under the same name.
func (p postman) send(ctx context.Context, payload []byte) error {
	var order messages.SendOrder
	if err := json.Unmarshal(payload, &order); err != nil {
		return err
	}
	v := people.System(order.Sector)
	if !p.post.On() {
		return nil
	}
	letter, text, err := p.store.Take(ctx, v, order.ID, p.writers)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := p.post.Send(ctx, p.drawn(ctx, letter, text)); err != nil {
		if mail.Unsure(err) {
			return err
		}
		return errors.Join(err, p.store.Refused(context.WithoutCancel(ctx), v, letter))
	}
	return p.store.Done(context.WithoutCancel(ctx), v, letter)
}

// drawn puts a letter's text between greeting and the ways to choose.
func (p postman) drawn(ctx context.Context, letter messages.Letter, text messages.Text) mail.Letter {
	words := web.WithWords(ctx, p.app.Words(), letter.Language)
	base := p.app.BaseURL()
	stop := base + "/messages/stop/" + text.Stop
	body := web.T(words, "messages.letter", "Name", letter.Name, "Text", text.Body, "Link", base+"/", "Choose", base+"/me/messages", "Stop", stop)
	return mail.Letter{To: letter.Email, Language: letter.Language, Title: text.Title, Text: body, ID: letter.MailName, Stop: stop, Calendar: text.Calendar, Method: text.Method}
}
