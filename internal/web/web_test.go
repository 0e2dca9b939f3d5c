package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// tasha is a trainee signed in on her own phone.
var tasha = people.Presence{
	Viewer:   people.Seen("p-tasha", people.Outreach, []people.Role{people.Trainee}, nil),
	Name:     "Tasha Reyes",
	Language: "en",
	Home:     people.Outreach, Standings: []people.Sector{people.Outreach},
}

// newApp is an App as it runs, with Tasha holding the token "tasha".
func newApp(t testing.TB, change ...func(*web.Options)) *web.App {
	t.Helper()
	o := web.Options{
		BaseURL: "http://localhost:8080",
		Key:     []byte("0123456789abcdef0123456789abcdef"),
		Logger:  slog.New(slog.NewTextHandler(io.Discard, nil)),
		Presence: func(_ context.Context, token string) (people.Presence, error) {
			if token == "tasha" {
				return tasha, nil
			}
			return people.Presence{}, fault.NotFound
		},
		ByAPIToken: func(_ context.Context, token string) (people.Presence, []string, error) {
			switch token {
			case "tasha-api":
				return tasha, []string{"read"}, nil
			case "watch":
				return tasha, []string{"metrics"}, nil
			}
			return people.Presence{}, nil, fault.NotFound
		},
	}
	for _, c := range change {
		c(&o)
	}
	app, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

type answer struct {
	*http.Response
	body string
}

type header map[string]string

// ask sends one request to the App and reads the whole answer.
func ask(t *testing.T, app *web.App, method, path string, form url.Values, headers ...header) answer {
	t.Helper()
	if form != nil {
		headers = append([]header{{"Content-Type": "application/x-www-form-urlencoded"}}, headers...)
	}
	return askRaw(t, app, method, path, form.Encode(), headers...)
}

func askRaw(t *testing.T, app *web.App, method, path, body string, headers ...header) answer {
	t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Host = "localhost:8080"
	for _, h := range headers {
		for name, value := range h {
			if name == "Host" {
				request.Host = value
			}
			request.Header.Set(name, value)
		}
	}
	response, err := app.Test(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response, string(data)}
}

var asTasha = header{"Cookie": "academy=tasha"}

var tokenPattern = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// token is the form token of a page.
func (a answer) token(t *testing.T) string {
	t.Helper()
	found := tokenPattern.FindStringSubmatch(a.body)
	if found == nil {
		t.Fatalf("no form token in %s", a.body)
	}
	return found[1]
}

// cookie is the value that the answer gives a cookie, and whether it names it at all.
func (a answer) cookie(name string) (string, bool) {
	for _, c := range a.Cookies() {
		if c.Name == name {
			return c.Value, true
		}
	}
	return "", false
}

func page(title string) fiber.Handler {
	return func(c *fiber.Ctx) error { return web.Render(c, http.StatusOK, web.Layout(web.Page{Title: title})) }
}

func TestPagesAreForWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	app.SignedIn("GET", "/course", page("Course"))
	app.Public("GET", "/verify", page("Check"))
	app.SignedIn("POST", "/course", page("Course"))

	if a := ask(t, app, "GET", "/course", nil, asTasha); a.StatusCode != 200 || !strings.Contains(a.body, "Tasha Reyes") {
		t.Errorf("Tasha's course: %d %s", a.StatusCode, a.body)
	}
	if a := ask(t, app, "GET", "/course?week=3", nil); a.StatusCode != 303 || a.Header.Get("Location") != "/sign-in?next=%2Fcourse%3Fweek%3D3" {
		t.Errorf("nobody's course: %d, to %q", a.StatusCode, a.Header.Get("Location"))
	}
	if a := ask(t, app, "POST", "/course", url.Values{}); a.StatusCode != 403 {
		t.Errorf("nobody's change: %d, want 403", a.StatusCode)
	}
	if a := ask(t, app, "GET", "/verify", nil); a.StatusCode != 200 {
		t.Errorf("a public page: %d", a.StatusCode)
	}
	if a := ask(t, app, "GET", "/course", nil, header{"Cookie": "academy=stale"}); a.StatusCode != 303 {
		t.Errorf("a session that has ended: %d, want to be sent to sign in", a.StatusCode)
	} else if value, named := a.cookie("academy"); !named || value != "" {
		t.Errorf("a dead session's cookie stays: %q %v", value, named)
	}
}
