package pages

import (
	"context"
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// minutesLeft is what is left of a paused attempt's time, each minute that has begun
// counted whole.
func (p paperPage) minutesLeft() int {
	left := p.Deadline.Sub(*p.PausedAt)
	return int((left + time.Minute - 1) / time.Minute)
}

// pause saves what the form still holds and stops the clock.
func (h handler) pause(c *fiber.Ctx) error {
	if refused, err := h.saveForm(c, h.assessment.SaveAll); err != nil || len(refused) > 0 {
		if err != nil {
			return err
		}
		return h.late(c, refused)
	}
	if err := h.assessment.Pause(c.UserContext(), web.Viewer(c), attemptOf(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "/attempts/%s", attemptOf(c))
}

func (h handler) resume(c *fiber.Ctx) error {
	if err := h.assessment.Resume(c.UserContext(), web.Viewer(c), attemptOf(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "/attempts/%s", attemptOf(c))
}

// Jobs does what was decided and takes long, closes forgotten attempts once their time and grace are up, and takes out texts
// and observers' notes 30 days after they were graded or released.
func Jobs(store assessment.Store) []outbox.Job {
	return []outbox.Job{
		{Kind: "assessment.close", Every: time.Minute, Run: func(ctx context.Context, _ []byte) error {
			_, err := store.CloseOverdue(ctx)
			return err
		}},
		{Kind: assessment.RegradeWork, Run: func(ctx context.Context, payload []byte) error {
			var id assessment.CorrectionID
			if err := json.Unmarshal(payload, &id); err != nil {
				return err
			}
			return store.GoOnRegrading(ctx, id)
		}},
		{Kind: assessment.TakeInWork, Run: func(ctx context.Context, payload []byte) error {
			var id assessment.ImportID
			if err := json.Unmarshal(payload, &id); err != nil {
				return err
			}
			return store.GoOnTakingIn(ctx, id)
		}},
		{Kind: "assessment.uploads", Every: time.Hour, Run: func(ctx context.Context, _ []byte) error { return store.ForgetUploads(ctx) }},
		{Kind: "assessment.texts", Every: 24 * time.Hour, Run: func(ctx context.Context, _ []byte) error {
			_, err := store.EraseTexts(ctx)
			return err
		}},
		{Kind: "assessment.notes", Every: 24 * time.Hour, Run: func(ctx context.Context, _ []byte) error {
			_, err := store.EraseNotes(ctx)
			return err
		}},
	}
}
