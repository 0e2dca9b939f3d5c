// Package e2e walks the whole Academy through its door: every link of every account,
// and every route against the wall.
package e2e

import (
	"bytes"
	"context"
	"fmt"
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
	"sync"
	"sync/atomic"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

const host = "http://127.0.0.1:8080"

// quiet is the log of an Academy of which only the answers matter.
var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// onBoth runs a body against a demo on SQLite and, where it was asked for, PostgreSQL,
// side by side, each with a journal. Settings may be changed before the demo opens.
func onBoth(t *testing.T, body func(t *testing.T, a *app.Academy), settings ...func(*app.Config)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			a := demoOn(t, engine, slog.New(&journal{}), settings...)
			body(t, a)
		})
	}
}

// demoOn opens a demo on an engine; on PostgreSQL only where it was asked for. One with
// settings of its own is built for it alone.
func demoOn(t *testing.T, engine string, log *slog.Logger, settings ...func(*app.Config)) *app.Academy {
	t.Helper()
	if engine == "postgres" && os.Getenv("ACADEMY_TEST_POSTGRES") == "" {
		t.Skip("set ACADEMY_TEST_POSTGRES=auto to run this on PostgreSQL too; it needs PostgreSQL's programs on the machine")
	}
	c := app.Defaults()
	c.TrustedProxies = []string{"0.0.0.0"} // where requests in memory come from
	var a *app.Academy
	var err error
	if len(settings) == 0 {
		a, err = app.Open(context.Background(), demoCopy(t, engine, c), log, clock.System)
	} else {
		c.Database, c.Data = dbtest.Empty(t, engine), filepath.Join(t.TempDir(), "demo")
		for _, set := range settings {
			set(&c)
		}
		a, err = app.OpenDemo(context.Background(), c, log)
	}
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

// journal keeps an Academy's log: every line as text, and how many queries the newest
// request asked.
type journal struct {
	mu      sync.Mutex
	text    bytes.Buffer
	queries int64
}

func (j *journal) Enabled(context.Context, slog.Level) bool { return true }
func (j *journal) WithAttrs([]slog.Attr) slog.Handler       { return j }
func (j *journal) WithGroup(string) slog.Handler            { return j }

func (j *journal) Handle(ctx context.Context, line slog.Record) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	line.Attrs(func(attribute slog.Attr) bool {
		if attribute.Key == "queries" {
			j.queries = attribute.Value.Int64()
		}
		return true
	})
	return slog.NewTextHandler(&j.text, nil).Handle(ctx, line)
}

// read gives all lines so far, and the queries of the newest request.
func (j *journal) read() (text string, queries int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String(), j.queries
}

// logOf is the journal of an Academy; an empty one where it keeps none.
func logOf(a *app.Academy) *journal {
	if kept, is := a.Logger.Handler().(*journal); is {
		return kept
	}
	return &journal{}
}

// visitor is one who stands at the door: an account in one sector, or nobody.
type visitor struct {
	t      *testing.T
	a      *app.Academy
	name   string
	person people.PersonID // "" for nobody
	sector people.Sector   // where they stand; "" for nobody
	home   people.Sector   // whose side they come from, where they have crossed a bridge; else ""
	token  string          // of their session; "" for nobody
	bearer string          // of the API; "" for none
	secret string          // of their forms
}

func signIn(t *testing.T, a *app.Academy, name string) *visitor {
	t.Helper()
	return signInBy(t, a, name, name+"@demo.test")
}

// signInBy opens the door for an account by one of its names.
func signInBy(t *testing.T, a *app.Academy, name, by string) *visitor {
	t.Helper()
	token, err := a.People.SignIn(context.Background(), people.Attempt{Name: by, Secret: app.DemoPassword, Address: "127.0.0.1"})
	if err != nil {
		t.Fatalf("%s can't sign in: %v", name, err)
	}
	p, err := a.People.Presence(context.Background(), token)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, a: a, name: name, person: p.Viewer.Person(), sector: p.Viewer.Sector(), token: token, bearer: "demo-" + name}
}

// answer is what came back.
type answer struct {
	status   int
	kind     string
	location string
	header   http.Header
	body     string
	queries  int64
}

func (v *visitor) send(method, path string, form url.Values) answer {
	v.t.Helper()
	return v.sendBody(method, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func (v *visitor) sendBody(method, path, kind string, body io.Reader) answer {
	v.t.Helper()
	request := httptest.NewRequest(method, host+path, body)
	request.Header.Set("X-Forwarded-For", elsewhere())
	switch {
	case strings.HasPrefix(path, "/api/") && v.bearer != "":
		request.Header.Set("Authorization", "Bearer "+v.bearer)
	case v.token != "":
		request.AddCookie(&http.Cookie{Name: "academy", Value: v.token})
	default:
		request.AddCookie(&http.Cookie{Name: "visitor", Value: "a-browser"})
	}
	if method != http.MethodGet && method != http.MethodHead {
		request.Header.Set("Content-Type", kind)
		request.Header.Set("Origin", host)
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return v.answered(request)
}

var places atomic.Uint32

// elsewhere is an address that nobody has come from before, so that nobody waits for
// somebody else.
func elsewhere() string {
	n := places.Add(1)
	return fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255)
}

// answered hands a request in at the door.
func (v *visitor) answered(request *http.Request) answer {
	v.t.Helper()
	response, err := v.a.Web.Test(request)
	if err != nil {
		v.t.Fatalf("%s %s: %v", request.Method, request.URL.Path, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	_, queries := logOf(v.a).read()
	return answer{response.StatusCode, response.Header.Get("Content-Type"), response.Header.Get("Location"), response.Header, string(text), queries}
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
	if v.secret == "" {
		page := "/me"
		if v.token == "" {
			page = "/sign-in"
		}
		m := formToken.FindStringSubmatch(v.get(page).body)
		if m == nil {
			v.t.Fatalf("%s: no form on %s carries a token", v.name, page)
		}
		v.secret = m[1]
	}
	return v.secret
}

// rollLink is the address of a roll call in a page.
var rollLink = regexp.MustCompile(`/sessions/[0-9a-f-]+/roll`)
