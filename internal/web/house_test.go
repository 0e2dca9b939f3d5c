package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func TestReadyFollowsTheDatabaseAndHealthDoesNot(t *testing.T) {
	t.Parallel()
	var down error
	app := newApp(t, func(o *web.Options) { o.Ready = func(context.Context) error { return down } })
	if a := ask(t, app, "GET", "/readyz", nil); a.StatusCode != 200 {
		t.Errorf("ready: %d", a.StatusCode)
	}
	down = errors.New("connection refused")
	if a := ask(t, app, "GET", "/readyz", nil); a.StatusCode != 503 || strings.Contains(a.body, "refused") {
		t.Errorf("not ready: %d %s", a.StatusCode, a.body)
	}
	if a := ask(t, app, "GET", "/healthz", nil); a.StatusCode != 200 {
		t.Errorf("healthy: %d", a.StatusCode)
	}
	if a := ask(t, app, "HEAD", "/healthz", nil); a.StatusCode != 200 || a.body != "" {
		t.Errorf("HEAD: %d %q", a.StatusCode, a.body)
	}
}

func TestMetricsAreForThisMachineOrAToken(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	app.Public("GET", "/c/:copy", page("Check"))
	addr := served(t, app)
	get := func(path string, headers header) (int, string) {
		request, _ := http.NewRequest("GET", "http://"+addr+path, nil)
		for name, value := range headers {
			request.Header.Set(name, value)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return response.StatusCode, string(body)
	}
	get("/c/MPA-7K3D-SECRET", nil)
	status, body := get("/metrics", nil)
	if status != 200 || !strings.Contains(body, `academy_requests_total{method="GET",route="/c/:copy",status="200"} 1`) {
		t.Errorf("this machine: %d %s", status, body)
	}
	if strings.Contains(body, "SECRET") {
		t.Error("a label holds what was asked for")
	}
	if status, _ := get("/metrics", header{"X-Forwarded-For": "127.0.0.1"}); status != 404 {
		t.Errorf("through a proxy: %d, want 404", status)
	}
	if status, _ := get("/metrics", header{"X-Forwarded-For": "10.0.0.9", "Authorization": "Bearer watch"}); status != 200 {
		t.Errorf("with a token: %d", status)
	}
	if status, _ := get("/metrics", header{"X-Forwarded-For": "10.0.0.9", "Authorization": "Bearer tasha-api"}); status != 404 {
		t.Errorf("with a token of another scope: %d, want 404", status)
	}
}

func TestALogLineNamesTheRouteAndNothingOfTheReader(t *testing.T) {
	t.Parallel()
	var lines bytes.Buffer
	app := newApp(t, func(o *web.Options) { o.Logger = slog.New(slog.NewJSONHandler(&lines, nil)) })
	app.SignedIn("GET", "/cohorts/:cohort", page("Class"))
	app.Public("GET", "/broken", func(*fiber.Ctx) error { return errors.New("column missing") })
	ask(t, app, "GET", "/cohorts/cohort-of-secrets?q=whoever", nil, asTasha, header{"X-Forwarded-For": "203.0.113.7"})
	ask(t, app, "GET", "/no/such/place", nil)
	ask(t, app, "GET", "/broken", nil)
	log := lines.String()
	for _, want := range []string{`"route":"/cohorts/:cohort","status":200`, `"route":"none","status":404`, `"queries":0`, `"level":"ERROR"`, "column missing"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}
	for _, unwanted := range []string{"secrets", "whoever", "203.0.113", "tasha", "Tasha", "such"} {
		if strings.Contains(log, unwanted) {
			t.Errorf("the log has %q:\n%s", unwanted, log)
		}
	}
}

func TestABigPageIsPackedForWhoTakesIt(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	app.SignedIn("GET", "/specimen", specimenPage)
	packed := ask(t, app, "GET", "/specimen", nil, asTasha, header{"Accept-Encoding": "gzip"})
	plain := ask(t, app, "GET", "/specimen", nil, asTasha)
	if packed.Header.Get("Content-Encoding") != "gzip" || plain.Header.Get("Content-Encoding") != "" || len(packed.body)*3 > len(plain.body) {
		t.Errorf("%q %d, %q %d", packed.Header.Get("Content-Encoding"), len(packed.body), plain.Header.Get("Content-Encoding"), len(plain.body))
	}
	t.Logf("%d bytes packed to %d", len(plain.body), len(packed.body))
}
