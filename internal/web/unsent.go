package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"
)

// What a page could not send (a mark, an answer) waits on the device for up to a day,
// sealed under a key that only the Academy can make again, for that person standing in
// that sector. The page holds it in memory alone. So whoever finds the phone, or signs
// in on it after the owner, has bytes without a name, a number or a key; and since a
// key is given out for its own day and the two after it, not even the owner's password
// opens what was left behind for longer.
//
// The other half is static/queue.js, which says how the lines lie on the device.

// unsentDays is how many days' keys a page is given: a line that was sealed a second
// before the owner's page was a day old, and waits a day, falls on the third.
const unsentDays = 3

// unsentKey seals the lines of one UTC day.
type unsentKey struct {
	Label string `json:"label"` // under which they lie on the device; it tells nothing
	Key   []byte `json:"key"`   // for AES-256-GCM
}

// unsent is what the owner's page needs to keep lines and to send them.
type unsent struct {
	Owner string      `json:"owner"` // the same for one person and sector, never kept on the device
	Token string      `json:"token"` // the form token of the session
	Keys  []unsentKey `json:"keys"`  // today's first
	Words unsentWords `json:"words"`
}

type unsentWords struct {
	Sent    string `json:"sent"`
	Refused string `json:"refused"`
	Look    string `json:"look"`
	Title   string `json:"title"`
	Text    string `json:"text"`
	Again   string `json:"again"`
	Leave   string `json:"leave"`
	Stay    string `json:"stay"`
}

// unsentOf gathers it for who is signed in.
func unsentOf(ctx context.Context) unsent {
	v := visitOf(ctx)
	u := unsent{Token: v.formToken(), Owner: hexOf(v.unsentSecret("owner")[:16]), Words: unsentWords{
		Sent: T(ctx, "web.unsent.sent"), Refused: T(ctx, "web.unsent.refused"), Look: T(ctx, "web.unsent.look"),
		Title: T(ctx, "web.unsent.title"), Text: T(ctx, "web.unsent.text"),
		Again: T(ctx, "web.unsent.again"), Leave: T(ctx, "web.unsent.leave"), Stay: T(ctx, "web.unsent.stay"),
	}}
	today := v.app.options.Now().UTC()
	for ago := range unsentDays {
		secret := v.unsentSecret(today.AddDate(0, 0, -ago).Format(time.DateOnly))
		u.Keys = append(u.Keys, unsentKey{Label: hexOf(secret[32:48]), Key: secret[:32]})
	}
	return u
}

// unsentKeys is unsentOf as a page carries it.
func (v *visit) unsentKeys() string {
	if v.printing {
		return blankOf(blankUnsent)
	}
	keys, err := json.Marshal(unsentOf(context.WithValue(context.Background(), visitKey{}, v)))
	if err != nil {
		return "" // of texts and bytes: it can't be
	}
	return string(keys)
}

// unsentSecret derives 64 bytes for a person in the sector where they stand: who crosses
// a bridge finds the lines of the other side when they are back there.
func (v *visit) unsentSecret(use string) []byte {
	mac := hmac.New(sha512.New, v.app.unsentKey)
	fmt.Fprintf(mac, "%s\n%s\n%s", v.presence.Viewer.Person(), v.presence.Viewer.Sector(), use)
	return mac.Sum(nil)
}

// unsent answers a page that has unsent lines to send, or that asks whether its owner
// is still signed in.
func (a *App) unsent(c *fiber.Ctx) error { return c.JSON(unsentOf(c.UserContext())) }
