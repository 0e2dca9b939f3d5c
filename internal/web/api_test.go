package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

type cohortInput struct {
	Cohort string `path:"cohort"`
}

type cohortOutput struct {
	Body struct {
		Viewer string `json:"viewer"`
		Cohort string `json:"cohort"`
	}
}

type markInput struct {
	Body struct {
		Minutes int `json:"minutes" minimum:"0"`
	}
}

func apiApp(t *testing.T) *web.App {
	app := newApp(t)
	show := func(ctx context.Context, in *cohortInput) (*cohortOutput, error) {
		switch in.Cohort {
		case "lost":
			return nil, fmt.Errorf("cohort: %w", fault.NotFound)
		case "late":
			return nil, fault.Conflict("web.error.conflict.text")
		case "odd":
			return nil, fault.Invalid("number", "web.error.invalid.text")
		case "away":
			return nil, &pgconn.PgError{Code: "57P03"}
		case "broken":
			return nil, errors.New("secret detail")
		}
		out := &cohortOutput{}
		out.Body.Viewer, out.Body.Cohort = string(web.ViewerOf(ctx).Person()), in.Cohort
		return out, nil
	}
	huma.Get(app.API(), "/cohorts/{cohort}", show)
	huma.Get(app.API(), "/verify/{cohort}", show, web.Unauthenticated, web.Allow(web.PerAddress(2, time.Minute)))
	huma.Post(app.API(), "/marks", func(_ context.Context, in *markInput) (*struct{}, error) { return nil, nil }, web.Scope("attend"))
	huma.Post(app.API(), "/notes", func(_ context.Context, in *markInput) (*struct{}, error) { return nil, nil }, web.Allow(web.Limit(100)))
	return app
}

var byToken = header{"Authorization": "Bearer tasha-api"}

func TestTheAPITakesATokenAndNeverTheCookie(t *testing.T) {
	t.Parallel()
	app := apiApp(t)
	for _, c := range []struct {
		name, path string
		headers    header
		status     int
		want       string
	}{
		{"with a token", "/cohorts/21", byToken, 200, `"viewer":"p-tasha"`},
		{"with none", "/cohorts/21", nil, 401, "Send a token"},
		{"with a token that nobody holds", "/cohorts/21", header{"Authorization": "Bearer nobody"}, 401, "Send a token"},
		{"with the cookie alone", "/cohorts/21", asTasha, 401, "Send a token"},
		{"a password is no token", "/cohorts/21", header{"Authorization": "Basic tasha-api"}, 401, "Send a token"},
		{"without the scope", "/cohorts/21", header{"Authorization": "Bearer watch"}, 403, "scope read"},
		{"not there", "/cohorts/lost", byToken, 404, "can’t find"},
		{"a clash", "/cohorts/late", byToken, 409, "Someone else was first"},
		{"not right", "/cohorts/odd", byToken, 422, `"location":"number"`},
		{"broken", "/cohorts/broken", byToken, 500, "Something broke on our side"},
		{"public, without a token", "/verify/1", nil, 200, `"viewer":""`},
		{"public, with one", "/verify/1", byToken, 200, `"viewer":"p-tasha"`},
		{"public, too often", "/verify/1", nil, 429, "a lot at once"},
	} {
		a := ask(t, app, "GET", "/api/v1"+c.path, nil, c.headers)
		if a.StatusCode != c.status || !strings.Contains(a.body, c.want) || strings.Contains(a.body, "secret detail") {
			t.Errorf("%s: %d %s, want %d with %q", c.name, a.StatusCode, a.body, c.status, c.want)
		}
		if c.status >= 400 && a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: an error of the kind %q", c.name, a.Header.Get("Content-Type"))
		}
		if c.status == 401 && a.Header.Get("Www-Authenticate") != "Bearer" {
			t.Errorf("%s: does not say what to send: %q", c.name, a.Header.Get("Www-Authenticate"))
		}
	}
}

func TestAChangeByTheAPINeedsItsScopeAndFitsItsLimit(t *testing.T) {
	t.Parallel()
	app := apiApp(t)
	send := func(path, body string, headers header) answer {
		request := map[string]string{"Content-Type": "application/json"}
		for k, v := range headers {
			request[k] = v
		}
		return askRaw(t, app, "POST", "/api/v1"+path, body, request)
	}
	if a := send("/marks", `{"minutes": 10}`, byToken); a.StatusCode != 403 || !strings.Contains(a.body, "scope attend") {
		t.Errorf("without the scope: %d %s", a.StatusCode, a.body)
	}
	if a := send("/notes", `{"minutes": 10}`, byToken); a.StatusCode != 204 {
		t.Errorf("a change: %d %s", a.StatusCode, a.body)
	}
	if a := send("/notes", `{"minutes": -1}`, byToken); a.StatusCode != 422 || !strings.Contains(a.body, "body.minutes") {
		t.Errorf("a value that can't be: %d %s", a.StatusCode, a.body)
	}
	if a := send("/notes", `{"minutes": `+strings.Repeat(" ", 200)+`10}`, byToken); a.StatusCode != 413 {
		t.Errorf("over the limit: %d %s", a.StatusCode, a.body)
	}
	if a := ask(t, app, "POST", "/api/v1/notes", url.Values{}, asTasha); a.StatusCode != 401 {
		t.Errorf("a form of another site with the cookie: %d", a.StatusCode)
	}
}

func TestOpenAPIDescribesWhatIsRouted(t *testing.T) {
	t.Parallel()
	app := apiApp(t)
	a := ask(t, app, "GET", "/api/openapi.json", nil)
	var document struct {
		OpenAPI string
		Servers []struct{ URL string }
		Paths   map[string]map[string]any
	}
	if err := json.Unmarshal([]byte(a.body), &document); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(document.OpenAPI, "3.1") || len(document.Servers) != 1 || document.Servers[0].URL != "/api/v1" {
		t.Errorf("%s, servers %v", document.OpenAPI, document.Servers)
	}
	routed := 0
	for _, route := range app.Routes() {
		if !route.API {
			continue
		}
		routed++
		path := strings.TrimPrefix(route.Pattern, "/api/v1")
		path = strings.ReplaceAll(path, ":cohort", "{cohort}")
		if document.Paths[path][strings.ToLower(route.Method)] == nil {
			t.Errorf("%s %s is routed and not described", route.Method, path)
		}
	}
	described := 0
	for _, methods := range document.Paths {
		described += len(methods)
	}
	if routed == 0 || routed != described {
		t.Errorf("%d routed, %d described", routed, described)
	}
	if shown := ask(t, app, "GET", "/api", nil); shown.StatusCode != 200 || !strings.Contains(shown.body, "/cohorts/{cohort}") {
		t.Errorf("/api: %d", shown.StatusCode)
	}
}

func TestTheAPISaysWhenToTryAgain(t *testing.T) {
	t.Parallel()
	a := ask(t, apiApp(t), "GET", "/api/v1/cohorts/away", nil, byToken)
	if a.StatusCode != 503 || a.Header.Get("Retry-After") != "30" || !strings.Contains(a.body, "can’t reach its records") {
		t.Errorf("%d, Retry-After %q: %s", a.StatusCode, a.Header.Get("Retry-After"), a.body)
	}
}
