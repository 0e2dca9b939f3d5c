package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

// provenElsewhere names where a promise to the outside is held that needs more than an
// answer at the door.
var provenElsewhere = map[string]string{
	"commands, flags, exit codes":                 "cmd/academy: TestEveryPromisedCommandIsThereOrSaidToBeMissing, TestEachCommandHelps, TestEverythingAskedWronglyIsToldAtOnce",
	"a flag beats the environment":                "cmd/academy: TestAFlagBeatsTheEnvironment",
	"SIGTERM finishes and exits 0":                "cmd/academy: TestServeMakesAnAcademyOfAnEmptyFolder; internal/web: TestARequestInFlightIsAnsweredBeforeTheEnd",
	"same seed and day, same people":              "internal/app and cmd/academy: TestTheDemo",
	"verify's exit codes and trust":               "cmd/academy: network_linux_test.go",
	"people from CSV and their places":            "cmd/academy: import_people_test.go; cohorts: import_test.go",
	"a curriculum's format":                       "cmd/academy: TestEveryFaultOfACurriculumIsToldWithFileAndLine",
	"certificates, copies, verdicts, did, status": "certificates/pages: TestTheAPIAnswersAsTheContractSays, TestMachinesGetWhatTheyNeed",
	"a map that sums":                             "courses/pages: TestTheAPITellsAMapThatSums",
	"the ledger's sums":                           "cohorts/pages: TestAPIAnswersAsTheContractSays",
	"calendars":                                   "internal/desk/pages: TestACalendarFeedSaysWhenAndNothingElse",
	"scopes, problems":                            "internal/web: TestTheAPITakesATokenAndNeverTheCookie",
	"health, readiness, metrics":                  "internal/web: TestReadyFollowsTheDatabaseAndHealthDoesNot, TestMetricsAreForThisMachineOrAToken",
	"a demo is a sample, for this machine alone":  "internal/web: TestADemoAnswersToThisMachineAlone; certificates/pages: TestADemoMarksEverythingAsASample",
}

// shape is what a document of the API has, each with the kind of its value: text, number,
// yes (true or false), list, or a kind with a ? where it may be null.
type shape map[string]string

// promised are the documents of the API, as whom they are asked for.
var promised = []struct {
	as, path string
	each     shape // of the document, or of each in a list
	within   map[string]shape
}{
	{"trainee", "/courses", shape{"code": "text", "edition": "text", "minutes": "number", "sessions": "list"}, map[string]shape{"sessions": {"position": "number", "week": "number", "minutes": "number", "modules": "list"}}},
	{"officer", "/courses/PUT", shape{"code": "text", "edition": "text", "minutes": "number", "sessions": "list"}, map[string]shape{"sessions": {"position": "number", "week": "number", "minutes": "number", "modules": "list"}}},
	{"trainee", "/modules/T01", shape{"id": "text", "title": "text"}, nil},
	{"director", "/search?q=outreach", shape{"kind": "text", "id": "text", "title": "text"}, nil},
	{"instructor", "/cohorts", shape{"id": "text", "number": "number", "course": "text", "sector": "text"}, nil},
	{"instructor", "/cohorts/{cohort}", shape{"id": "text", "number": "number", "course": "text", "sector": "text"}, nil},
	{"instructor", "/cohorts/{cohort}/sessions", shape{"id": "text"}, nil},
	{"instructor", "/cohorts/{cohort}/ledger", shape{"required": "number", "attended": "number", "madeUp": "number", "missing": "number", "reachable": "yes", "trainee": "document"}, map[string]shape{"trainee": {"id": "text", "name": "text"}}},
	{"graduate", "/certificates", shape{"number": "text", "course": "text", "standing": "text", "issued": "text", "validUntil": "text?", "copies": "list"}, map[string]shape{"copies": {"share": "text", "label": "text", "ends": "text?", "pdf": "text"}}},
	{"", "/verify/{code}", shape{"verdict": "text", "checkedAt": "text", "checks": "list", "credential": "document?"}, map[string]shape{"checks": {"step": "text", "ok": "yes?", "detail": "text"}}},
}

func TestWhatTheOutsideReliesOn(t *testing.T) {
	for promise, where := range provenElsewhere {
		if where == "" {
			t.Errorf("nobody proves: %s", promise)
		}
	}
	onBoth(t, func(t *testing.T, a *app.Academy) {
		nobody := &visitor{t: t, a: a}
		t.Run("documents", func(t *testing.T) { documentsHold(t, a) })
		t.Run("refusals", func(t *testing.T) { refusalsHold(t, a) })
		t.Run("search", func(t *testing.T) { searchHolds(t, a) })
		t.Run("description", func(t *testing.T) { descriptionHolds(t, nobody) })
		t.Run("addresses", func(t *testing.T) { addressesHold(t, nobody) })
		t.Run("accounts", func(t *testing.T) { accountsHold(t, a) })
		t.Run("sign-in", func(t *testing.T) { signInHolds(t, nobody) })
		t.Run("public pages", func(t *testing.T) { publicHolds(t, a, nobody) })
	})
}

func documentsHold(t *testing.T, a *app.Academy) {
	fill := map[string]string{"{cohort}": first(t, a, "instructor", "/cohorts", "id"), "{code}": checkingCode(t, a)}
	for _, p := range promised {
		path := p.path
		for name, value := range fill {
			path = strings.ReplaceAll(path, name, value)
		}
		answer := (&visitor{t: t, a: a, bearer: tokenOf(p.as)}).get("/api/v1" + path)
		if answer.status != http.StatusOK || answer.kind != "application/json" || answer.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s as %q: %d, %s, kept as %q: %s", path, p.as, answer.status, answer.kind, answer.header.Get("Cache-Control"), answer.body)
			continue
		}
		for _, document := range documentsOf(t, answer.body) {
			holds(t, path, document, p.each)
			for field, inner := range p.within {
				list, isList := document[field].([]any)
				if !isList {
					list = []any{document[field]}
				}
				for _, one := range list {
					document, _ := one.(map[string]any)
					holds(t, path+" "+field, document, inner)
				}
			}
		}
	}
}

// documentsOf reads an answer: one document, or a list that isn't empty.
func documentsOf(t *testing.T, body string) (all []map[string]any) {
	t.Helper()
	if strings.HasPrefix(body, "[") {
		if err := json.Unmarshal([]byte(body), &all); err != nil || len(all) == 0 {
			t.Errorf("a list of %d, %v: %s", len(all), err, body)
		}
		return all
	}
	one := map[string]any{}
	if err := json.Unmarshal([]byte(body), &one); err != nil {
		t.Errorf("%v: %s", err, body)
	}
	return []map[string]any{one}
}

// holds says what a document lacks of its fields.
func holds(t *testing.T, where string, document map[string]any, want shape) {
	t.Helper()
	for field, kind := range want {
		value, there := document[field]
		got := "nothing"
		switch value.(type) {
		case nil:
			if there && strings.HasSuffix(kind, "?") {
				continue
			}
		case string:
			got = "text"
		case float64:
			got = "number"
		case bool:
			got = "yes"
		case []any:
			got = "list"
		case map[string]any:
			got = "document"
		}
		if got != strings.TrimSuffix(kind, "?") {
			t.Errorf("%s: %s is %s, want %s", where, field, got, kind)
		}
	}
}

func tokenOf(account string) string {
	if account == "" {
		return ""
	}
	return "demo-" + account
}

// first is a field of the first document of a list.
func first(t *testing.T, a *app.Academy, as, path, field string) string {
	t.Helper()
	all := documentsOf(t, (&visitor{t: t, a: a, bearer: tokenOf(as)}).get("/api/v1"+path).body)
	if len(all) == 0 {
		t.Fatalf("%s as %s: nothing", path, as)
	}
	return fmt.Sprint(all[0][field])
}

// checkingCode is a certificate's number with the share code of a copy.
func checkingCode(t *testing.T, a *app.Academy) string {
	t.Helper()
	held := documentsOf(t, (&visitor{t: t, a: a, bearer: "demo-graduate"}).get("/api/v1/certificates").body)[0]
	return fmt.Sprintf("%s-%s", held["number"], held["copies"].([]any)[0].(map[string]any)["share"])
}

// Every error is a problem of RFC 9457: its status, a title and what to do.
func refusalsHold(t *testing.T, a *app.Academy) {
	cohort := first(t, a, "instructor", "/cohorts", "id")
	for _, row := range []struct {
		as, method, path string
		status           int
	}{
		{"", "GET", "/courses", 401}, {"", "GET", "/certificates", 401}, {"nobody-such", "GET", "/courses", 401},
		{"officer", "GET", "/cohorts/" + cohort, 404}, {"officer", "GET", "/cohorts/" + cohort + "/ledger", 404}, {"director", "GET", "/cohorts/none", 404},
		{"trainee", "GET", "/modules/T20", 404}, {"officer", "GET", "/modules/T08", 404}, {"trainee", "GET", "/modules/T99", 404}, {"trainee", "GET", "/courses/NONE", 404},
		{"", "GET", "/verify/hello", 422}, {"trainee", "GET", "/nothing", 404},
	} {
		answer := (&visitor{t: t, a: a, bearer: tokenOf(row.as)}).send(row.method, "/api/v1"+row.path, nil)
		if answer.status != row.status || answer.kind != "application/problem+json" {
			t.Errorf("%s as %q: %d %s, want %d", row.path, row.as, answer.status, answer.kind, row.status)
			continue
		}
		problem := documentsOf(t, answer.body)[0]
		holds(t, row.path, problem, shape{"status": "number", "title": "text", "detail": "text"})
		if problem["status"] != float64(row.status) {
			t.Errorf("%s: the problem says %v", row.path, problem["status"])
		}
		if (row.status == 401) != (answer.header.Get("WWW-Authenticate") == "Bearer") {
			t.Errorf("%s: WWW-Authenticate %q", row.path, answer.header.Get("WWW-Authenticate"))
		}
	}
}

// Search knows five kinds, and each only for who may see one.
func searchHolds(t *testing.T, a *app.Academy) {
	certificate := first(t, a, "graduate", "/certificates", "number")
	for _, row := range []struct {
		as, text, kind string
		found          bool
	}{
		{"trainee", "nonviolence", "module", true}, {"trainee", "outreach", "course", true}, {"instructor", "outreach", "cohort", true},
		{"director", "a", "person", true}, {"director", certificate, "certificate", true}, {"graduate", certificate, "certificate", true},
		{"trainee", "a", "person", false}, {"instructor", "a", "person", false}, {"auditor", "a", "person", false}, {"hr", "a", "person", false},
		{"trainee", certificate, "certificate", false}, {"officer", certificate, "certificate", false}, {"coordinator.police", certificate, "certificate", false},
	} {
		answer := (&visitor{t: t, a: a, bearer: tokenOf(row.as)}).get("/api/v1/search?q=" + url.QueryEscape(row.text))
		var found []struct{ Kind, ID, Title string }
		if err := json.Unmarshal([]byte(answer.body), &found); err != nil {
			t.Errorf("%s for %q: %v: %s", row.as, row.text, err, answer.body)
		}
		kinds := map[string]bool{}
		for _, f := range found {
			kinds[f.Kind] = true
		}
		if kinds[row.kind] != row.found {
			t.Errorf("%s for %q: kinds %v, want %s: %v", row.as, row.text, slices.Sorted(maps.Keys(kinds)), row.kind, row.found)
		}
		for kind := range kinds {
			if !slices.Contains([]string{"module", "course", "cohort", "person", "certificate"}, kind) {
				t.Errorf("a kind that nobody knows: %s", kind)
			}
		}
	}
}

// unbuilt are the promised operations that the program does not have yet.
var unbuilt = []string{}

func descriptionHolds(t *testing.T, nobody *visitor) {
	var described struct {
		OpenAPI string
		Paths   map[string]map[string]json.RawMessage
	}
	answer := nobody.get("/api/openapi.json")
	if err := json.Unmarshal([]byte(answer.body), &described); err != nil || !strings.HasPrefix(described.OpenAPI, "3.") {
		t.Fatalf("OpenAPI %q, %v", described.OpenAPI, err)
	}
	for _, operation := range []string{"GET /courses", "GET /courses/{course}", "GET /modules/{module}", "GET /search", "GET /cohorts", "GET /cohorts/{cohort}", "GET /cohorts/{cohort}/sessions",
		"GET /cohorts/{cohort}/ledger", "GET /certificates", "GET /verify/{code}", "POST /verify", "POST /questions/import"} {
		method, path, _ := strings.Cut(operation, " ")
		_, there := described.Paths[path][strings.ToLower(method)]
		if missing := slices.Contains(unbuilt, operation); there == missing {
			t.Errorf("%s: described %v, said to be missing %v", operation, there, missing)
		}
	}
	if page := nobody.get("/api"); page.status != 200 || !strings.Contains(page.kind, "text/html") || !strings.Contains(page.body, "/cohorts/{cohort}/ledger") {
		t.Errorf("/api: %d %s", page.status, page.kind)
	}
}

func addressesHold(t *testing.T, nobody *visitor) {
	code := checkingCode(t, nobody.a)
	for path, want := range map[string]string{
		"/": "200 text/html", "/sign-in": "200 text/html", "/verify": "200 text/html", "/verify/list": "200 text/html", "/trust": "200 text/html",
		"/c/" + code: "200 text/html", "/c/" + strings.ToLower(code): "200 text/html", strings.ToUpper("/c/" + code): "200 text/html",
		"/achievements/OUT/2026": "200 text/html", "/status/revocation/1": "200 application/vc", "/.well-known/did.json": "200 application/did",
		"/healthz": "200 text/plain", "/readyz": "200 text/plain", "/api": "200 text/html", "/api/openapi.json": "200 application/openapi+json",
		"/credentials/00000000-0000-4000-8000-000000000000": "404 text/html", "/calendar/none.ics": "404 text/html", "/status/revocation/99": "404 text/html", "/achievements/NONE/2026": "404 text/html",
		"/metrics": "404 text/html",
	} {
		answer := nobody.get(path)
		if got := fmt.Sprint(answer.status, " ", answer.kind); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	// A program with a token reads the numbers from afar.
	request := httptest.NewRequest(http.MethodGet, host+"/metrics", nil)
	request.Header.Set("X-Forwarded-For", elsewhere())
	request.Header.Set("Authorization", "Bearer demo-director")
	if answer := nobody.answered(request); answer.status != http.StatusOK || !strings.HasPrefix(answer.kind, "text/plain; version=0.0.4") {
		t.Errorf("/metrics with a token: %d %s", answer.status, answer.kind)
	}
}

// Each account of a demo has a token by its name, and stands in its sector.
func accountsHold(t *testing.T, a *app.Academy) {
	for _, account := range accounts {
		signIn(t, a, account)
		if answer := (&visitor{t: t, a: a, bearer: "demo-" + account}).get("/api/v1/courses"); answer.status != http.StatusOK {
			t.Errorf("demo-%s: %d", account, answer.status)
		}
	}
	for account, want := range map[string]string{"instructor": "outreach", "instructor.police": "law_enforcement", "coordinator": "outreach", "coordinator.police": "law_enforcement", "director": "outreach"} {
		if sector := first(t, a, account, "/cohorts", "sector"); sector != want {
			t.Errorf("%s stands in %s, want %s", account, sector, want)
		}
	}
}

var hidden = regexp.MustCompile(`<input[^>]+name="(name|password|_csrf)"`)

func signInHolds(t *testing.T, nobody *visitor) {
	names := map[string]bool{}
	for _, m := range hidden.FindAllStringSubmatch(nobody.get("/sign-in").body, -1) {
		names[m[1]] = true
	}
	if len(names) != 3 {
		t.Errorf("the form has %v", names)
	}
	form := url.Values{"name": {"trainee@demo.test"}, "password": {app.DemoPassword}, "_csrf": {nobody.csrf()}}
	answer := nobody.send(http.MethodPost, "/sign-in", form)
	if answer.status != http.StatusSeeOther || len(answer.header.Values("Set-Cookie")) == 0 {
		t.Errorf("signing in: %d", answer.status)
	}
	form.Set("password", "not this one")
	if answer := nobody.send(http.MethodPost, "/sign-in", form); answer.status != http.StatusUnprocessableEntity {
		t.Errorf("with a wrong password: %d", answer.status)
	}
}
