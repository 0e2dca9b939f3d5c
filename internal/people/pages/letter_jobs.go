package pages

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/mail"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// Jobs are the letters with one-time links, and the sweep of what has run out.
func Jobs(app *web.App, store people.Store, post mail.Post) []outbox.Job {
	sender := sender{app, store, post}
	return []outbox.Job{
		{Kind: people.LetterWork, Run: sender.letter},
		{Kind: people.ForgottenWork, Run: sender.forgotten},
		{Kind: "people.sweep", Every: time.Hour, Run: func(ctx context.Context, _ []byte) error { return store.Sweep(ctx) }},
	}
}

type sender struct {
	app   *web.App
	store people.Store
	post  mail.Post
}

// letter sends one link. Whose account has closed meanwhile gets none.
func (s sender) letter(ctx context.Context, payload []byte) error {
	var order people.LetterOrder
	if err := json.Unmarshal(payload, &order); err != nil {
		return err
	}
	letter, err := s.store.WriteLetter(ctx, people.System(order.Sector), order)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.send(ctx, letter)
}

func (s sender) forgotten(ctx context.Context, payload []byte) error {
	var order people.ForgottenOrder
	if err := json.Unmarshal(payload, &order); err != nil {
		return err
	}
	letters, err := s.store.WriteForgotten(ctx, order)
	if err != nil {
		return err
	}
	for _, letter := range letters {
		if err := s.send(ctx, letter); err != nil {
			return err
		}
	}
	return nil
}

// words: people.letter.*

func (s sender) send(ctx context.Context, letter people.Letter) error {
	words := web.WithWords(ctx, s.app.Words(), letter.Language)
	text := web.T(words, "people.letter."+string(letter.Kind), "Name", letter.Name, "Link", s.app.BaseURL()+letter.Kind.Path(letter.Token))
	return s.post.Send(ctx, mail.Letter{ID: letter.ID, To: letter.Email, Language: letter.Language, Text: text})
}
