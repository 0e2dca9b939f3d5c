package app_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// openDemo builds a demo of a day on an engine.
func openDemo(t *testing.T, engine, today string) *app.Academy {
	t.Helper()
	c := app.Defaults()
	c.Demo, c.Today, c.Database, c.Data = true, today, dbtest.Empty(t, engine), filepath.Join(t.TempDir(), "demo")
	a, err := app.OpenDemo(context.Background(), c, slog.New(slog.NewTextHandler(io.Discard, nil)))
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

// place names an enrolment (alias e) by its person and cohort.
const place = ` JOIN enrolments AS e ON e.id = x.enrolment_id JOIN persons AS p ON p.id = e.person_id JOIN cohorts AS c ON c.id = e.cohort_id `
const who = `p.given_name || ' ' || p.family_name || ' ' || c.course_code || c.number || ' ' || `

// records say what the demo holds, without random keys and codes and without the time at
// which this process ran.
var records = []string{
	`SELECT sector || given_name || family_name || chosen_name || language || created_at FROM persons`,
	`SELECT p.family_name || g.role || g.sector || g.starts_on || COALESCE(g.ends_on, '') FROM grants AS g JOIN persons AS p ON p.id = g.person_id`,
	`SELECT p.family_name || p.given_name || o.code || x.starts_on FROM employments AS x JOIN persons AS p ON p.id = x.person_id JOIN organisations AS o ON o.id = x.organisation_id`,
	`SELECT course_code || sector || number || starts_on || ends_on FROM cohorts`,
	`SELECT c.course_code || c.sector || c.number || ' ' || s.position || s.starts_at || s.state FROM sessions AS s JOIN cohorts AS c ON c.id = s.cohort_id`,
	`SELECT ` + who + `e.state FROM enrolments AS x` + strings.Replace(place, "x.enrolment_id", "x.id", 1),
	`SELECT ` + who + `s.position || ' ' || x.seq || x.status || x.minutes_late || ' ' || x.minutes_early || x.excuse || x.made_at FROM marks AS x JOIN sessions AS s ON s.id = x.session_id` + place,
	`SELECT ` + who + `s.position || x.kind || x.minutes || x.at FROM ledger_lines AS x JOIN sessions AS s ON s.id = x.session_id` + place,
	`SELECT ` + who + `s.position || x.kind || x.minutes || x.done_on FROM make_ups AS x JOIN sessions AS s ON s.id = x.session_id` + place,
	`SELECT ` + who + `o.code || CASE WHEN x.shares THEN 'yes' ELSE 'no' END FROM consents AS x JOIN organisations AS o ON o.id = x.organisation_id` + place,
	`SELECT p.given_name || p.family_name || x.module_id || x.opened_at || x.furthest || CASE WHEN x.done_at IS NULL THEN '' ELSE 'done' END FROM readings AS x JOIN persons AS p ON p.id = x.person_id`,
	`SELECT ` + who + `x.module_id || x.number || ' ' || x.percent || x.finished_at FROM attempts AS x` + place,
	`SELECT ` + who + `x.practical_id || x.seq || x.level || x.at FROM practical_records AS x` + place,
	`SELECT ` + who + `x.practical_id || x.round || ' ' || x.seq || x.kind || x.criterion || x.level || x.note || x.received_at FROM observations AS x` + place,
	`SELECT ` + who + `x.edition || x.standing || x.issued_at || x.completed_on || COALESCE(CAST(x.valid_until AS TEXT), '') FROM certificates AS x` + place,
	`SELECT label || language || made_at || COALESCE(CAST(ended_at AS TEXT), '') FROM copies`,
	`SELECT how || verdict || at FROM checks`,
	`SELECT place || agenda || starts_at || state FROM joint_sessions`,
}

func fingerprints(t *testing.T, a *app.Academy) []string {
	t.Helper()
	prints := make([]string, len(records))
	for i, query := range records {
		var rows []string
		if err := a.DB.NewRaw(query+" ORDER BY 1").Scan(context.Background(), &rows); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		if len(rows) == 0 {
			t.Errorf("the demo holds nothing that answers %s", query)
		}
		prints[i] = fmt.Sprintf("%d rows, %x", len(rows), sha256.Sum256([]byte(strings.Join(rows, "\n"))))
	}
	return prints
}

func TestTheSameSeedAndDayGiveTheSamePeopleAndRecords(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			if engine == "postgres" && os.Getenv("ACADEMY_TEST_POSTGRES") == "" {
				t.Skip("set ACADEMY_TEST_POSTGRES=auto to run this on PostgreSQL too; it needs PostgreSQL's programs on the machine")
			}
			one, other := fingerprints(t, openDemo(t, engine, "2026-11-24")), fingerprints(t, openDemo(t, engine, "2026-11-24"))
			for i := range one {
				if one[i] != other[i] {
					t.Errorf("%s:\n%s\n%s", records[i], one[i], other[i])
				}
			}
		})
	}
}

// as is the viewer of a demo account, in the sector where it stands first.
func as(t *testing.T, a *app.Academy, account string) people.Viewer {
	t.Helper()
	presence, _, err := a.People.ByToken(context.Background(), "demo-"+account)
	if err != nil {
		t.Fatalf("%s: %v", account, err)
	}
	return presence.Viewer
}

// Days off, a leap day and a change of the clock: everyone has something true to see.
func TestTheDemoStandsOnAnyDay(t *testing.T) {
	for _, day := range []struct{ today, why string }{
		{"2026-11-26", "a day off"}, {"2028-02-29", "a leap day"}, {"2027-03-14", "a Sunday on which the clock changes"},
	} {
		t.Run(day.why, func(t *testing.T) {
			t.Parallel()
			a, ctx := openDemo(t, "sqlite", day.today), context.Background()
			need := func(what string, found int, err error) {
				t.Helper()
				if err != nil || found == 0 {
					t.Errorf("%s: %d, %v", what, found, err)
				}
			}
			need("rolls that the instructor can take now", rollsNow(t, a, "instructor"), nil)
			need("rolls that the police instructor can take now", rollsNow(t, a, "instructor.police"), nil)
			confirm, err := a.Cohorts.ToConfirm(ctx, as(t, a, "coordinator"))
			need("sessions to confirm", len(confirm), err)
			slipping, _, err := a.Cohorts.Forecast(ctx, as(t, a, "coordinator"))
			need("people who need a make-up", len(slipping), err)
			asked, err := a.Cohorts.JointsToAnswer(ctx, as(t, a, "coordinator.police"))
			need("joint sessions to answer", len(asked), err)
			ahead, err := a.Cohorts.Joints(ctx, as(t, a, "officer"))
			need("joint sessions ahead of the officer", len(ahead), err)
			_, complete, err := a.Cohorts.Forecast(ctx, as(t, a, "director"))
			need("people whose hours are complete", len(complete), err)
			need("people to decide on", ready(t, a, complete), nil)
			staff, _, err := a.Cohorts.StaffOf(ctx, as(t, a, "hr"), "")
			need("staff who said yes", len(staff), err)
			standings(t, a)
		})
	}
}

// rollsNow counts the sessions of an instructor whose roll is open and can be taken.
func rollsNow(t *testing.T, a *app.Academy, account string) (open int) {
	t.Helper()
	v, now := as(t, a, account), a.Now()
	classes, err := a.Cohorts.Classes(context.Background(), v, now.AddDate(0, 0, -14), now.AddDate(0, 0, 1), 50)
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range classes {
		if class.Teaches && class.State == cohorts.Planned && class.StartsAt.Before(now.Add(time.Hour)) {
			open++
		}
	}
	return open
}

func ready(t *testing.T, a *app.Academy, ways []cohorts.Way) (count int) {
	t.Helper()
	for _, way := range ways {
		candidate, err := a.Certificates.Candidate(context.Background(), as(t, a, "director"), way.EnrolmentID)
		if err != nil {
			t.Fatal(err)
		}
		if candidate.Ready() && candidate.Fair {
			count++
		}
	}
	return count
}

// standings holds that one certificate has expired, one is revoked, one on hold, and that
// the graduate's own is valid with a copy that was checked.
func standings(t *testing.T, a *app.Academy) {
	t.Helper()
	list, _, err := a.Certificates.Register(context.Background(), as(t, a, "director"), "")
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, c := range list {
		kind := string(c.Standing)
		if c.Standing == credential.StandingValid && c.Expired(a.Now()) {
			kind = "expired"
		}
		count[kind]++
	}
	if count["expired"] != 1 || count["revoked"] != 1 || count["on_hold"] != 1 || count["valid"] < 5 {
		t.Errorf("standings %v", count)
	}
	graduate := as(t, a, "graduate")
	mine, err := a.Certificates.Mine(context.Background(), graduate)
	if err != nil || len(mine) != 1 {
		t.Fatalf("the graduate holds %d, %v", len(mine), err)
	}
	checks, _, err := a.Certificates.Checks(context.Background(), graduate, mine[0].ID, "")
	if err != nil || len(checks) != 5 {
		t.Fatalf("%d checks, %v", len(checks), err)
	}
	for _, check := range checks {
		if check.Verdict != string(credential.Valid) {
			t.Errorf("a check said %s", check.Verdict)
		}
	}
}
