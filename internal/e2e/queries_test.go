package e2e

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"html"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// A page costs so many queries at most, the sign-in look-up counted; one that gathers
// from many rooms costs more.
const (
	mostQueries  = 4
	mostGathered = 8
	mostRows     = 51 // of a list on one page, and the row that leads to the next
)

// gatherers are the pages that gather.
var gatherers = map[string]string{
	"/cohorts/:cohort/seats":                          "how it is filled, who waits, and whom partners ask for",
	"/":                                               "Today, and in it the coordinator's view",
	"/cohorts/:cohort":                                "a cohort's home",
	"/cohorts/:cohort/audit":                          "the whole record of a cohort under pseudonyms, from its plan to its changes",
	"/cohorts/:cohort/audit/file":                     "the whole record of a cohort under pseudonyms",
	"/cohorts/:cohort/audit/workbook":                 "the whole record of a cohort under pseudonyms",
	"/cohorts/:cohort/record":                         "the whole record of a police cohort",
	"/cohorts/:cohort/record/file":                    "the whole record of a police cohort",
	"/cohorts/:cohort/record/workbook":                "the whole record of a police cohort",
	"/cohorts/:cohort/changes":                        "what a move did to a cohort's course and to its sessions",
	"/cohorts/:cohort/schedule":                       "a cohort's schedule with its map, what was changed of it, and the rooms to choose from",
	"/cohorts/:cohort/results":                        "how the checks of a cohort went",
	"/cohorts/:cohort/gradebook":                      "the gradebook",
	"/cohorts/:cohort/gradebook/file":                 "the whole gradebook",
	"/cohorts/:cohort/gradebook/workbook":             "the whole gradebook",
	"/enrolments/:enrolment":                          "one person's minutes, what is missing of them, and the classes elsewhere that would cure it",
	"/enrolments/:enrolment/grades":                   "one person's lines of the gradebook",
	"/enrolments/:enrolment/grades/:column":           "one cell of the gradebook with its history",
	"/cohorts/:cohort/graduation":                     "what a decision on each of a cohort rests on, from every room",
	"/courses/:course/questions/:question":            "a question with its versions and the checks that hold it",
	"/courses/:course/questions/:question/correction": "a question with its versions and the checks that hold it",
	"/modules/:module/check/corrections":              "what corrected questions would do: two versions, the tries, their answers and points, and what was decided",
	"/courses/:course":                                "a course with its map, its modules and whether its questions are open",
	"/cohorts/:cohort/grading/:module":                "a text with its class, its draft, its marks and the grader's comments",
	"/drafts/:draft":                                  "where a draft stands, with its texts, its reviews and its history",
	"/enrolments/:enrolment/checklist":                "what a decision on one person rests on, from every room",
	"/cohorts/:cohort/practicals":                     "everyone's skills, the sheets of their observers, and their final projects",
	"/enrolments/:enrolment/practicals":               "one person's skills and records, their sheets, their final project, and who may advise it",
}

// whole are the pages that show all there is of something small.
var whole = map[string]string{
	"/cohorts/:cohort/gradebook/file":     "the whole gradebook of one cohort",
	"/cohorts/:cohort/gradebook/workbook": "the whole gradebook of one cohort",
	"/cohorts/:cohort/audit":              "the whole record of one cohort",
	"/cohorts/:cohort/audit/file":         "the whole record of one cohort",
	"/cohorts/:cohort/audit/workbook":     "the whole record of one cohort",
	"/cohorts/:cohort/record":             "the whole record of one cohort",
	"/cohorts/:cohort/record/file":        "the whole record of one cohort",
	"/cohorts/:cohort/record/workbook":    "the whole record of one cohort",
	"/reports/funder":                     "the courses of one year",
	"/reports/funder/file":                "the courses of one year",
	"/reports/funder/workbook":            "the courses of one year",
	"/reports/partners":                   "partners by course, of which the Academy has some dozens",
	"/reports/partners/file":              "partners by course",
	"/reports/partners/workbook":          "partners by course",
	"/":                                   "the courses in force, of which the Academy has about ten",
	"/courses":                            "the courses in force",
	"/api/v1/courses":                     "the courses in force",
	"/cohorts/:cohort/schedule":           "one cohort's sessions, and the rooms to choose from",
	"/sessions/:session/schedule":         "the rooms to choose from",
	"/cohorts/new":                        "the courses and rooms to choose from",
	"/rooms":                              "the rooms of a sector",
	"/course":                             "the map of one's own course",
	"/calendar":                           "the classes of three months",
	"/sessions/:session/walk-ins":         "one room: who came without a place is one of all who have one",
	"/sessions/:session/sheet":            "one room: nobody in it may be left out",
	"/sessions/:session/roll":             "one room's circle: nobody in it may be left unmarked",
	"/people/:person":                     "what one person holds",
	"/me/sharing":                         "one's own places",
	"/me/notes/file":                      "all of one's own notes",
	"/me/readings/file":                   "all that one has read",
	"/welcome":                            "one's own places",
}

// lastLine is the newest line of the request log.
type lastLine struct {
	status, queries int
	ms              float64
}

func (*lastLine) Enabled(context.Context, slog.Level) bool { return true }
func (l *lastLine) WithAttrs([]slog.Attr) slog.Handler     { return l }
func (l *lastLine) WithGroup(string) slog.Handler          { return l }

func (l *lastLine) Handle(_ context.Context, record slog.Record) error {
	if record.Message != "request" {
		return nil
	}
	record.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "status":
			l.status = int(a.Value.Int64())
		case "queries":
			l.queries = int(a.Value.Int64())
		case "ms":
			l.ms = a.Value.Float64()
		}
		return true
	})
	return nil
}

// cost is what one page asked of the database for one account.
type cost struct {
	pattern, account string
	long             bool // the page names the long cohort, and may show all of its map
	queries, rows    int
	ms               float64
}

func TestAPageCostsTheSameQueriesWhateverItsRows(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			line := &lastLine{}
			a := demoOn(t, engine, slog.New(line))
			some, many := crowd{rows: few, mark: "1"}, crowd{rows: 1000, mark: "2"}
			some.gather(t, a)
			atTen := some.walk(t, a, line)
			many.gather(t, a)
			atThousand := many.walk(t, a, line)
			for i, large := range atThousand {
				small := atTen[i]
				t.Logf("%-12s %-40s %2d queries %5d rows %7.1f ms", large.account, large.pattern, large.queries, large.rows, large.ms)
				if small.pattern != large.pattern || small.account != large.account {
					t.Fatalf("%s opens %s at %d rows, and not at %d", large.account, large.pattern, many.rows, some.rows)
				}
				if small.queries != large.queries {
					t.Errorf("%s for %s: %d queries at %d rows, %d at %d", large.pattern, large.account, small.queries, some.rows, large.queries, many.rows)
				}
				large.keepsItsBudget(t)
			}
			many.leafs(t, a)
		})
	}
}

func (c cost) keepsItsBudget(t *testing.T) {
	t.Helper()
	most := mostQueries
	if gatherers[c.pattern] != "" {
		most = mostGathered
	}
	if c.queries > most {
		t.Errorf("%s for %s: %d queries, at most %d", c.pattern, c.account, c.queries, most)
	}
	if c.rows > mostRows && !c.long && whole[c.pattern] == "" {
		t.Errorf("%s for %s: shows %d rows, at most %d: page it by key", c.pattern, c.account, c.rows, mostRows)
	}
}

var nextPage = regexp.MustCompile(`href="([^"]+)" rel="next"`)

// leafs goes from page to page of each long list and finds everyone.
func (c crowd) leafs(t *testing.T, a *app.Academy) {
	t.Helper()
	v := signIn(t, a, "coordinator")
	cohort := "/cohorts/" + c.key(wide)
	for _, path := range []string{cohort, cohort + "/roster", cohort + "/seats", cohort + "/ledger", cohort + "/protocols", cohort + "/results", cohort + "/gradebook", cohort + "/practicals", cohort + "/graduation",
		"/people", "/register", "/cohorts"} {
		found, pages, next := map[string]int{}, 0, path
		for next != "" && pages < 50 {
			body := v.get(next).body
			pages++
			for row := range rowsIn(body) {
				found[row]++
			}
			next = ""
			if m := nextPage.FindStringSubmatch(body); m != nil {
				next = html.UnescapeString(m[1])
			}
		}
		for i := 1; i <= c.rows; i++ {
			if n := found[strconv.Itoa(100000 + i)[1:]]; n == 0 {
				t.Errorf("%s: number %d is on none of its %d pages", path, i, pages)
				break
			}
		}
		t.Logf("%s: %d pages", strings.TrimPrefix(path, cohort), pages)
	}
}

// walk asks every page of the router as everyone who may see it, with the identifiers of
// the crowd, and gives what each cost.
func (c crowd) walk(t *testing.T, a *app.Academy, line *lastLine) []cost {
	t.Helper()
	var costs []cost
	seen := map[string]bool{}
	common := c.identifiers(t, a)
	for _, name := range []string{"", "trainee", "graduate", "instructor", "coordinator", "director", "hr", "author", "auditor"} {
		v := &visitor{t: t, a: a}
		if name != "" {
			v = signIn(t, a, name)
		}
		came := time.Now()
		for _, route := range a.Web.Routes() {
			if route.Method != http.MethodGet || name == "" && !route.Public {
				continue
			}
			for _, path := range c.addresses(t, common, route) {
				answer := v.get(path)
				// Once a minute the look-up writes when an account was last seen.
				if line.queries > mostQueries || time.Since(came) > 50*time.Second {
					answer = v.get(path)
				}
				if answer.status == http.StatusOK {
					seen[route.Pattern] = true
					costs = append(costs, cost{route.Pattern, name, strings.Contains(path, c.key(long)), line.queries, len(rowsIn(answer.body)), line.ms})
				}
			}
		}
	}
	for _, route := range a.Web.Routes() {
		if route.Method == http.MethodGet && !seen[route.Pattern] && !slices.Contains(unseen, route.Pattern) {
			t.Errorf("nobody could open %s: give it a real identifier", route.Pattern)
		}
	}
	return costs
}

// unseen are the addresses that answer no account of the walk.
var unseen = []string{
	"/metrics", // to a token or this machine alone
	// Of police cohorts alone: what they cost is counted in TestReportsCostTheSameForTwoAsForMany.
	"/cohorts/:cohort/record", "/cohorts/:cohort/record/file", "/cohorts/:cohort/record/workbook",
}

// addresses puts the crowd's identifiers into a route's pattern: those of the wide cohort
// and those of the long one, where it names either.
func (c crowd) addresses(t *testing.T, ids map[string]string, route web.Route) []string {
	t.Helper()
	if whole, special := ids[route.Pattern]; special {
		return []string{whole}
	}
	var paths []string
	for _, cohort := range []string{"wide", "long"} {
		path := route.Pattern
		for _, m := range parameter.FindAllStringSubmatch(path, -1) {
			id, known := ids[cohort+" "+m[1]]
			if !known {
				id, known = ids[m[1]]
			}
			if !known {
				t.Fatalf("%s: say in identifiers what %q names", route.Pattern, m[1])
			}
			path = strings.Replace(path, m[0], id, 1)
		}
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// identifiers are real ones, by parameter, by cohort and parameter, and whole addresses by
// pattern where a parameter is not enough.
func (c crowd) identifiers(t *testing.T, a *app.Academy) map[string]string {
	t.Helper()
	ctx := context.Background()
	graduate := viewer(t, a, "graduate")
	copies, err := a.Certificates.MyCopies(ctx, graduate)
	if err != nil {
		t.Fatal(err)
	}
	held, err := a.Certificates.Own(ctx, graduate, copies[0].CertificateID)
	if err != nil {
		t.Fatal(err)
	}
	feed, err := a.Cohorts.MakeFeed(ctx, viewer(t, a, "trainee"))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Cohorts.MakeCard(ctx, viewer(t, a, "trainee")); err != nil {
		t.Fatal(err)
	}
	card, err := a.Cohorts.MyCard(ctx, viewer(t, a, "trainee"))
	if err != nil {
		t.Fatal(err)
	}
	invitation, err := a.People.MakeLink(ctx, viewer(t, a, "director"), people.Invitation, people.PersonID(c.key(2)))
	if err != nil {
		t.Fatal(err)
	}
	place := cohorts.EnrolmentID(readText(t, a, `SELECT e.id FROM enrolments AS e JOIN cohorts AS c ON c.id = e.cohort_id
		JOIN edition_modules AS em ON em.edition_id = c.edition_id AND em.module_id = 'T01'
		WHERE e.state = 'active' AND e.sector = 'outreach' ORDER BY e.enrolled_at, e.id LIMIT 1`))
	cohort := cohorts.CohortID(readText(t, a, `SELECT cohort_id FROM enrolments WHERE id = '`+string(place)+`'`))
	heard, err := a.Assessment.Hear(ctx, viewer(t, a, "coordinator"), cohort, place, "T01")
	if err != nil {
		t.Fatal(err)
	}
	draft := readText(t, a, `SELECT id FROM drafts WHERE state = 'waiting'`)
	if _, err := a.DB.NewRaw(`INSERT INTO draft_pictures (draft_id, name, hash, media_type, bytes, added_by, added_at)
		SELECT id, 'p.png', '', 'image/png', ?, opened_by, opened_at FROM drafts WHERE id = ? ON CONFLICT DO NOTHING`, []byte("x"), draft).Exec(ctx); err != nil {
		t.Fatal(err)
	}
	waits, err := assessment.ReadQuestionFile("", content.File{Path: "q.txt", Bytes: []byte("Who?{~You =They}\n")}, content.English)
	if err != nil {
		t.Fatal(err)
	}
	upload, err := a.Assessment.KeepUpload(ctx, viewer(t, a, "author"), assessment.BankUpload{Course: "OUT", FileName: "q.txt", Lang: content.English, Bytes: []byte("Who?{~You =They}\n")}, waits)
	if err != nil {
		t.Fatal(err)
	}
	stop := sha256.Sum256([]byte("STOP"))
	if _, err := a.DB.NewRaw(`INSERT INTO messages (id, person_id, sector, kind, about, cause, state, made_at, expires_at, mail_name, stop_hash)
		VALUES ('stop', ?, 'outreach', 'reminders', '', 'stop', 'sent', ?, ?, '', ?) ON CONFLICT DO NOTHING`, graduate.Person(), a.Now(), a.Now(), hex.EncodeToString(stop[:])).Exec(ctx); err != nil {
		t.Fatal(err)
	}
	question := "/courses/OUT/questions/" + readText(t, a, `SELECT id FROM bank_questions WHERE course = 'OUT' ORDER BY id LIMIT 1`)
	sheet := "/enrolments/" + readText(t, a, `SELECT enrolment_id FROM observations GROUP BY enrolment_id HAVING COUNT(CASE WHEN kind = 'released' THEN 1 END) = 0`) + "/practicals/1"
	grading := "/cohorts/" + readText(t, a, `SELECT e.cohort_id FROM attempts AS attempt JOIN enrolments AS e ON e.id = attempt.enrolment_id
		WHERE attempt.waits > 0 AND e.sector = 'outreach' AND attempt.module_id = 'T14' LIMIT 1`) + "/grading/t14"
	return map[string]string{
		"/cohorts/:cohort/grading/:module":             grading + "?by=person",
		"/enrolments/:enrolment/practicals/:practical": sheet, "/enrolments/:enrolment/practicals/:practical/release": sheet + "/release",
		"draft": draft, "text": "en", "revision": readText(t, a, `SELECT head FROM draft_texts WHERE part = 'en' AND draft_id = '`+draft+`'`),
		"wide cohort": c.key(wide), "wide session": "w" + c.key(1), "wide enrolment": c.key(1),
		"long cohort": c.key(long), "long session": c.key(1), "long enrolment": "t" + c.key(long),
		"person": c.key(1), "module": strings.ToLower(c.module(1)), "column": "quiz." + strings.ToLower(c.module(1)), "protocol": "mediation", "note": c.key(1), "attempt": "t" + c.key(long), "picture": "p.png",
		"certificate": string(held.ID), "copy": string(copies[0].ID), "credential": string(copies[0].ID),
		"code":  number.Copy{Number: held.Number, Share: copies[0].Share}.String(),
		"shown": "ACDEFH", "card": string(card.ID),
		"course": "Y" + c.mark + "00001", "edition": "2026", "list": "1", "stop": "STOP", "token": feed, "token.ics": feed + ".ics", "joint": c.key(2),
		"invitation": invitation, "reset": invitation,
		"/courses/:course/questions/file":            "/courses/OUT/questions/file?which=found",
		"/courses/:course/questions/uploads/:upload": "/courses/OUT/questions/uploads/" + string(upload),
		"/courses/:course/questions/:question":       question, "/courses/:course/questions/:question/correction": question + "/correction",
		"/static/*":                 web.Asset("academy.css"),
		"/attempts/:attempt/result": "/attempts/t" + c.key(1) + "/result",
		"/attempts/:attempt/aloud":  "/attempts/" + string(heard) + "/aloud", "/attempts/:attempt/aloud/summary": "/attempts/" + string(heard) + "/aloud/summary",
		"/joint/new":     "/joint/new?session=" + c.key(c.rows),
		"/api/v1/search": "/api/v1/search?q=module",
	}
}

// readText reads one text of the Academy's records.
func readText(t *testing.T, a *app.Academy, query string) string {
	t.Helper()
	var found []string
	if err := a.DB.NewRaw(query).Scan(context.Background(), &found); err != nil || len(found) == 0 {
		t.Fatalf("%s finds nothing: %v", query, err)
	}
	return found[0]
}

// rowOf is where an answer shows a row of the crowd, by its key or a name with its number.
var rowOf = regexp.MustCompile(`(?:-8000-0000000|Given|Session |Module |Course |Room |[YZ][12])([0-9]{5})`)

// rowsIn are the numbers of the crowd's rows that an answer shows.
func rowsIn(body string) map[string]bool {
	rows := map[string]bool{}
	for _, m := range rowOf.FindAllStringSubmatch(body, -1) {
		rows[m[1]] = true
	}
	return rows
}
