// Package e2e walks the whole Academy through its door: every link of every account,
// and every route against the wall.
package e2e

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

const host = "http://127.0.0.1:8080"

// onBoth runs a body against a demo on SQLite and, where it was asked for, PostgreSQL.
func onBoth(t *testing.T, body func(t *testing.T, a *app.Academy)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			a := demoOn(t, engine, slog.New(slog.NewTextHandler(io.Discard, nil)))
			body(t, a)
		})
	}
}

// demoOn opens a demo on an engine; on PostgreSQL only where it was asked for.
func demoOn(t *testing.T, engine string, log *slog.Logger) *app.Academy {
	t.Helper()
	if engine == "postgres" && os.Getenv("ACADEMY_TEST_POSTGRES") == "" {
		t.Skip("set ACADEMY_TEST_POSTGRES=auto to run this on PostgreSQL too; it needs PostgreSQL's programs on the machine")
	}
	c := app.Defaults()
	c.Demo, c.Database = true, dbtest.Empty(t, engine)
	c.Data = filepath.Join(t.TempDir(), "demo")
	a, err := app.OpenDemo(context.Background(), c, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// visitor is one signed-in account at the door.
type visitor struct {
	t     *testing.T
	a     *app.Academy
	name  string
	token string
}

func signIn(t *testing.T, a *app.Academy, name string) *visitor {
	t.Helper()
	token, err := a.People.SignIn(context.Background(), people.Attempt{Name: name + "@demo.test", Secret: app.DemoPassword, Address: "127.0.0.1"})
	if err != nil {
		t.Fatalf("%s can't sign in: %v", name, err)
	}
	return &visitor{t, a, name, token}
}

// answer is what came back.
type answer struct {
	status   int
	kind     string
	location string
	body     string
}

func (v *visitor) send(method, path string, form url.Values) answer {
	v.t.Helper()
	request := httptest.NewRequest(method, host+path, strings.NewReader(form.Encode()))
	if strings.HasPrefix(path, "/api/") {
		request.Header.Set("Authorization", "Bearer demo-"+v.name)
	} else {
		request.AddCookie(&http.Cookie{Name: "academy", Value: v.token})
	}
	if method != http.MethodGet {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", host)
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	response, err := v.a.Web.Test(request)
	if err != nil {
		v.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header.Get("Content-Type"), response.Header.Get("Location"), string(body)}
}

func (v *visitor) get(path string) answer { return v.send(http.MethodGet, path, nil) }

var (
	link      = regexp.MustCompile(`href="(/[^"#]*)`)
	formToken = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)
)

// crawl follows every link from Today, up to a number of pages, and hands each to look.
func (v *visitor) crawl(most int, look func(path string, a answer)) int {
	v.t.Helper()
	seen, todo := map[string]bool{}, []string{"/"}
	for len(todo) > 0 && len(seen) < most {
		path := todo[0]
		todo = todo[1:]
		if seen[path] || strings.HasPrefix(path, "/static/") {
			continue
		}
		seen[path] = true
		answer := v.get(path)
		look(path, answer)
		if strings.Contains(answer.kind, "html") {
			for _, m := range link.FindAllStringSubmatch(answer.body, -1) {
				todo = append(todo, html.UnescapeString(m[1]))
			}
		}
	}
	return len(seen)
}

// csrf is the token that the visitor's forms carry.
func (v *visitor) csrf() string {
	v.t.Helper()
	m := formToken.FindStringSubmatch(v.get("/me").body)
	if m == nil {
		v.t.Fatalf("%s: no form on /me carries a token", v.name)
	}
	return m[1]
}

// rollLink is the address of a roll call in a page.
var rollLink = regexp.MustCompile(`/sessions/[0-9a-f-]+/roll`)
