package web_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// waiting is what a page is given to keep unsent lines.
type waiting struct {
	Owner, Token string
	Keys         []struct{ Label, Key string }
}

// keyed is an App on a day with Tasha, who may cross to law enforcement (as the token
// "across"), and Bo.
func keyed(t *testing.T, now time.Time, key string) *web.App {
	t.Helper()
	return newApp(t, func(o *web.Options) {
		o.Now = func() time.Time { return now }
		if key != "" {
			o.Key = []byte(key)
		}
		o.Presence = func(_ context.Context, token string) (people.Presence, error) {
			p := tasha
			switch token {
			case "tasha", "tasha-again":
			case "across":
				p.Viewer = people.Seen("p-tasha", people.LawEnforcement, nil, nil)
			case "bo":
				p.Viewer = people.Seen("p-bo", people.Outreach, nil, nil)
			default:
				return people.Presence{}, fault.NotFound
			}
			return p, nil
		}
	})
}

func waitingFor(t *testing.T, app *web.App, token string) waiting {
	t.Helper()
	a := ask(t, app, "GET", "/unsent", nil, header{"Cookie": "academy=" + token})
	if a.StatusCode != http.StatusOK || a.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%s: %d, %q", token, a.StatusCode, a.Header.Get("Cache-Control"))
	}
	var w waiting
	if err := json.Unmarshal([]byte(a.body), &w); err != nil {
		t.Fatal(err)
	}
	return w
}

var aTuesday = time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)

func TestUnsentLinesHaveAKeyForOnePersonInOneSector(t *testing.T) {
	t.Parallel()
	app := keyed(t, aTuesday, "")
	mine := waitingFor(t, app, "tasha")
	if len(mine.Keys) != 3 || len(mine.Owner) != 32 || mine.Token == "" {
		t.Fatalf("%+v", mine)
	}
	for i, k := range mine.Keys {
		if raw, err := base64.StdEncoding.DecodeString(k.Key); err != nil || len(raw) != 32 || len(k.Label) != 32 {
			t.Errorf("key %d: %d bytes, %v; label %q", i, len(raw), err, k.Label)
		}
		for j, other := range mine.Keys[:i] {
			if other.Key == k.Key || other.Label == k.Label {
				t.Errorf("keys %d and %d are one", i, j)
			}
		}
	}
	again := waitingFor(t, app, "tasha-again")
	if again.Owner != mine.Owner || !slices.Equal(again.Keys, mine.Keys) {
		t.Error("signed in again, she has other keys")
	}
	if again.Token == mine.Token {
		t.Error("two sessions share a form token")
	}
	for what, other := range map[string]waiting{
		"Bo": waitingFor(t, app, "bo"), "herself on the other side": waitingFor(t, app, "across"),
		"another Academy": waitingFor(t, keyed(t, aTuesday, "another key of another academy!!"), "tasha"),
	} {
		if other.Owner == mine.Owner {
			t.Errorf("%s: one owner", what)
		}
		for i, k := range other.Keys {
			if slices.Contains(mine.Keys, k) || k.Key == mine.Keys[i].Key || k.Label == mine.Keys[i].Label {
				t.Errorf("%s: one key", what)
			}
		}
	}
}

func TestAKeyIsGivenOutOnItsDayAndTheTwoAfter(t *testing.T) {
	t.Parallel()
	mine := waitingFor(t, keyed(t, aTuesday, ""), "tasha").Keys[0]
	for days, given := range map[int]bool{-1: false, 0: true, 1: true, 2: true, 3: false, 4: false} {
		later := waitingFor(t, keyed(t, aTuesday.AddDate(0, 0, days), ""), "tasha")
		if slices.Contains(later.Keys, mine) != given {
			t.Errorf("%d days later: given %v, want %v", days, !given, given)
		}
	}
}

func TestOnlyWhoIsSignedInGetsAKeyAndOnlyPagesThatNeedIt(t *testing.T) {
	t.Parallel()
	app := keyed(t, aTuesday, "")
	show := func(p web.Page) fiber.Handler {
		return func(c *fiber.Ctx) error { return web.Render(c, http.StatusOK, web.Layout(p)) }
	}
	app.SignedIn("GET", "/roll", show(web.Page{Title: "Class", Unsent: true}))
	app.SignedIn("GET", "/course", show(web.Page{Title: "Course"}))
	app.Public("GET", "/verify", show(web.Page{Title: "Check", Unsent: true}))
	if a := ask(t, app, "GET", "/unsent", nil); a.StatusCode != http.StatusSeeOther {
		t.Errorf("nobody: %d, want to be sent to sign in", a.StatusCode)
	}
	given := regexp.MustCompile(`data-unsent-keys="([^"]*)"`)
	roll := ask(t, app, "GET", "/roll", nil, asTasha)
	found := given.FindStringSubmatch(roll.body)
	if found == nil {
		t.Fatalf("no keys in %s", roll.body)
	}
	var w waiting
	if err := json.Unmarshal([]byte(html.UnescapeString(found[1])), &w); err != nil {
		t.Fatal(err)
	}
	if want := waitingFor(t, app, "tasha"); w.Owner != want.Owner || !slices.Equal(w.Keys, want.Keys) || w.Token != roll.token(t) {
		t.Errorf("the page has %+v", w)
	}
	if !strings.Contains(roll.body, web.Asset("queue.js")) {
		t.Error("the page loads no queue")
	}
	for path, as := range map[string]header{"/course": asTasha, "/verify": {}} {
		if a := ask(t, app, "GET", path, nil, as); given.MatchString(a.body) {
			t.Errorf("%s holds keys", path)
		}
	}
}
