package pages_test

import (
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/desk/pages"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestWhatWaitsIsToldOnMondaysAsANumber(t *testing.T) {
	each(t, func(h *house) {
		h.live(0)
		system := people.System(people.Outreach)
		letters := messages.NewStore(h.db, h.clock, h.desk.Zone)
		for _, name := range []string{"Tasha", "Mo"} {
			h.ok(h.desk.People.AddName(h.ctx, system, h.in[name].Viewer.Person(), strings.ToLower(name)+"@example.org"))
		}
		wishes := messages.Careful
		wishes.Due, wishes.Language = true, "es"
		h.ok(letters.Wish(h.ctx, h.in["Tasha"].Viewer, wishes))
		due := func(day time.Time) (orders []messages.Order) {
			h.at(day)
			owed, err := h.desk.Cohorts.LettersOwed(h.ctx, system, h.desk.Zone)
			h.ok(err)
			for _, o := range owed {
				if o.Kind == messages.Due {
					orders = append(orders, o)
				}
			}
			return orders
		}
		if orders := due(morning); len(orders) != 0 {
			t.Errorf("on a Tuesday %v", orders)
		}
		orders := due(morning.AddDate(0, 0, 6))
		if len(orders) != 1 || orders[0].Person != h.in["Tasha"].Viewer.Person() {
			t.Fatalf("on a Monday %v", orders)
		}
		h.ok(letters.Queue(h.ctx, system, orders...))
		if again := due(morning.AddDate(0, 0, 6)); len(again) != 0 {
			t.Errorf("again %v", again)
		}
		var id string
		h.ok(h.db.NewRaw(`SELECT id FROM messages WHERE kind = 'due'`).Scan(h.ctx, &id))
		writers := map[messages.Kind]messages.Writer{messages.Due: pages.DueWriter(h.app.Words(), h.desk)}
		letter, text, err := letters.Take(h.ctx, system, id, writers)
		h.ok(err)
		count, err := h.desk.Due(h.ctx, h.in["Tasha"].Viewer, "es")
		h.ok(err)
		if count < 2 || text.Title != "Un mensaje para usted" || !strings.Contains(text.Body, "cosas le esperan en su curso") || letter.Email != "tasha@example.org" {
			t.Errorf("%d things: %+v to %s", count, text, letter.Email)
		}
		if n, err := h.desk.Due(h.ctx, h.in["Cora"].Viewer, "en"); err != nil || n != 0 {
			t.Errorf("who learns nothing has %d things waiting, %v", n, err)
		}
	})
}
