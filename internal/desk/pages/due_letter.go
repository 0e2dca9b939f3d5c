package pages

import (
	"context"
	"fmt"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/desk"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// DueWriter writes the letters about what waits in a course: how many things, and not what.
func DueWriter(words *web.Words, d desk.Desk) messages.Writer { return dueWriter{words, d} }

type dueWriter struct {
	words *web.Words
	desk  desk.Desk
}

func (w dueWriter) Write(ctx context.Context, tx messages.Tx, l messages.Letter) (messages.Text, error) {
	count, err := w.desk.In(tx).Due(ctx, l.Viewer(), content.Lang(l.Language))
	if err == nil && count == 0 {
		err = fmt.Errorf("nothing waits: %w", fault.NotFound)
	}
	if err != nil {
		return messages.Text{}, err
	}
	ctx = web.WithWords(ctx, w.words, l.Language)
	return messages.Text{Title: web.T(ctx, "desk.due_letter.title"), Body: web.T(ctx, "desk.due_letter.text", "Count", count)}, nil
}

// Still says whether the receiver still has a place that runs.
func (w dueWriter) Still(ctx context.Context, l messages.Letter) (bool, error) {
	return w.desk.Learns(ctx, l.Viewer())
}
