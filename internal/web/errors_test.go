package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func TestEveryErrorSaysWhatHappenedAndWhatToDo(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	var cause error
	app.Public("GET", "/cause", func(*fiber.Ctx) error { return cause })
	for _, c := range []struct {
		name    string
		cause   error
		status  int
		english string
		spanish string
	}{
		{"not there", fmt.Errorf("cohort 21: %w", fault.NotFound), 404, "We can’t find that page", "No encontramos esa página"},
		{"not yours to do", fault.Forbidden, 403, "This is not yours to do", "Esto no le toca a usted"},
		{"a clash, in its own words", fault.Conflict("web.error.away.text"), 409, "can’t reach its records just now", "no puede llegar a sus registros"},
		{"not filled in", fault.Invalid("name", "web.error.large.text"), 422, "bigger than this page can take", "más grande de lo que"},
		{"too slow", fmt.Errorf("look: %w", context.DeadlineExceeded), 503, "We will be right back", "Volvemos enseguida"},
		{"the database is away", &pgconn.PgError{Code: "57P01"}, 503, "Nothing was lost that was shown as saved", "No se perdió nada de lo que aparecía como guardado"},
		{"the disk is full", &pgconn.PgError{Code: "53100"}, 503, "disk of the Academy is full", "disco de la Academia está lleno"},
		{"the disk of the files is full", fmt.Errorf("store a file: %w", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}), 503, "disk of the Academy is full", "disco de la Academia está lleno"},
		{"our fault", errors.New("boom"), 500, "Something broke on our side", "Algo falló de nuestro lado"},
		{"a status of the library's own", fiber.ErrMethodNotAllowed, 404, "We can’t find that page", "No encontramos esa página"},
		{"too big", fiber.ErrRequestEntityTooLarge, 413, "That is too big", "Eso es demasiado grande"},
	} {
		cause = c.cause
		for language, want := range map[string]string{"en": c.english, "es": c.spanish} {
			a := ask(t, app, "GET", "/cause", nil, header{"Accept-Language": language})
			if a.StatusCode != c.status || !strings.Contains(a.body, want) {
				t.Errorf("%s, %s: %d, want %d and %q:\n%s", c.name, language, a.StatusCode, c.status, want, a.body)
			}
			if strings.Contains(a.body, "web.error.") {
				t.Errorf("%s, %s: a key is shown", c.name, language)
			}
			if a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: kept %q", c.name, a.Header.Get("Cache-Control"))
			}
		}
	}
}

// What is not there, what is not yours and what no route has are the same bytes.
func TestNotThereAndNotYoursAreTheSameBytes(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	app.SignedIn("GET", "/cohorts/:cohort", func(c *fiber.Ctx) error {
		return fmt.Errorf("cohort %q: %w", web.Param(c, "cohort"), fault.NotFound)
	})
	one := ask(t, app, "GET", "/cohorts/of-the-other-sector", nil, asTasha)
	for _, other := range []answer{
		ask(t, app, "GET", "/cohorts/never-existed?tab=roll", nil, asTasha), ask(t, app, "GET", "/nowhere/at/all", nil, asTasha),
		ask(t, app, "DELETE", "/cohorts/of-the-other-sector", nil, asTasha),
	} {
		if one.StatusCode != 404 || other.StatusCode != 404 || one.body != other.body {
			t.Errorf("%d and %d, same bytes: %v", one.StatusCode, other.StatusCode, one.body == other.body)
		}
		for name := range one.Header {
			// The date is the clock's; a second may pass between the two.
			if name != "Date" && one.Header.Get(name) != other.Header.Get(name) {
				t.Errorf("%s: %q and %q", name, one.Header.Get(name), other.Header.Get(name))
			}
		}
		if allow := other.Header.Get("Allow"); allow != "" {
			t.Errorf("Allow tells what is there: %q", allow)
		}
	}
}

func TestADatabaseThatIsAwayIsNotASignOut(t *testing.T) {
	t.Parallel()
	app := newApp(t, func(o *web.Options) {
		o.Presence = func(context.Context, string) (people.Presence, error) {
			return people.Presence{}, &pgconn.PgError{Code: "57P01"}
		}
	})
	app.SignedIn("GET", "/course", page("Course"))
	a := ask(t, app, "GET", "/course", nil, asTasha)
	if _, dropped := a.cookie("academy"); a.StatusCode != 503 || dropped || a.Header.Get("Retry-After") == "" {
		t.Errorf("%d, cookie dropped: %v, Retry-After %q", a.StatusCode, dropped, a.Header.Get("Retry-After"))
	}
}

func TestTheAPIAnswersProblems(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	a := ask(t, app, "GET", "/api/v1/nothing", nil, header{"Accept-Language": "es"})
	var problem struct {
		Status        int
		Title, Detail string
	}
	if err := json.Unmarshal([]byte(a.body), &problem); err != nil {
		t.Fatal(err)
	}
	if a.StatusCode != 404 || problem.Status != 404 || problem.Title != "No encontramos esa página" || a.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s %s", a.StatusCode, a.Header.Get("Content-Type"), a.body)
	}
}

func TestAFormComesBackFilledInWithASentenceBesideEachField(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	app.SignedIn("GET", "/specimen", specimenPage)
	app.SignedIn("POST", "/specimen", specimenPage)
	token := ask(t, app, "GET", "/specimen", nil, asTasha).token(t)
	a := ask(t, app, "POST", "/specimen?failed=1", map[string][]string{
		"_csrf": {token}, "name": {`Tasha "T" <script>alert(1)</script>`}, "note": {"</textarea><b>x"}, "course": {"OUT"}, "phone": {"shared"},
	}, asTasha)
	if a.StatusCode != 422 {
		t.Fatalf("%d", a.StatusCode)
	}
	for _, want := range []string{
		`value="Tasha &#34;T&#34; &lt;script&gt;alert(1)&lt;/script&gt;"`, `&lt;/textarea&gt;&lt;b&gt;x</textarea>`,
		`<option value="OUT" selected>`, `<option value="PUT">`, `value="shared" checked`,
		`aria-describedby="f-name-hint f-name-wrong"`, `aria-invalid="true"`, `id="f-name-wrong"`, `href="#f-name"`, `role="alert"`,
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the form lacks %s", want)
		}
	}
	for _, unwanted := range []string{"<script>alert", `value="own" checked`, "<b>x"} {
		if strings.Contains(a.body, unwanted) {
			t.Errorf("the form has %s", unwanted)
		}
	}
}
