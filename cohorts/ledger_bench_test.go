package cohorts_test

import (
	"context"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// aYear fills an Academy with 50 cohorts of 30 people who have been to 36 sessions: a mark
// and a line for each, 54,000 of them; every tenth session was missed.
var aYear = []string{
	`INSERT INTO courses (code) VALUES ('OUT')`,
	`INSERT INTO editions (id, course_code, sector, name, in_force_on, minutes, hour, breaks_count, grace, rule, knowledge_pass, wording,
			valid_months, weeks, weekly_sessions, unconfirmed, title_en, title_es, competencies, practicals, capstone, path, source)
		VALUES ('out', 'OUT', 'outreach', '2026', '2026-01-01', 8640, 60, TRUE, 10, 'full', 70, 'completed', 0, 18, 2, FALSE, 'Course', 'Curso', '[]', '[]', FALSE, '', '')`,
	numbers + `INSERT INTO edition_sessions (id, edition_id, position, week, title_en, title_es, minutes, breaks, joint) SELECT 's' || i, 'out', i, 1, '', '', 240, 0, FALSE FROM n WHERE i <= 36`,
	numbers + `INSERT INTO cohorts (id, edition_id, course_code, sector, number, time_zone, starts_on, ends_on, state, made_at)
		SELECT 'c' || i, 'out', 'OUT', 'outreach', i, 'America/Chicago', '2026-01-01', '2026-12-01', 'open', CURRENT_TIMESTAMP FROM n WHERE i <= 50`,
	numbers + `INSERT INTO persons (id, sector, given_name, family_name, sort_key, created_at) SELECT 'p' || i, 'outreach', 'Given', 'Family', 'p' || i, CURRENT_TIMESTAMP FROM n`,
	numbers + `INSERT INTO enrolments (id, cohort_id, person_id, sector, state, enrolled_at) SELECT 'e' || i, 'c' || (1 + i % 50), 'p' || i, 'outreach', 'active', CURRENT_TIMESTAMP FROM n`,
	`INSERT INTO sessions (id, cohort_id, edition_session_id, sector, position, week, minutes, starts_at, ends_at, mode, state, closed_at)
		SELECT c.id || s.id, c.id, s.id, 'outreach', s.position, 1, 240, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 'room', 'closed', CURRENT_TIMESTAMP FROM cohorts AS c, edition_sessions AS s`,
	`INSERT INTO marks (id, session_id, enrolment_id, seq, status, minutes_late, minutes_early, reason, line, made_at, received_at)
		SELECT e.id || t.id, t.id, e.id, 1, CASE WHEN t.position % 10 = 0 THEN 'absent' ELSE 'present' END, 0, 0, 'roll', e.id || t.id, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
		FROM enrolments AS e JOIN sessions AS t ON t.cohort_id = e.cohort_id`,
	`INSERT INTO ledger_lines (id, enrolment_id, session_id, kind, minutes, cause, at)
		SELECT 'l' || id, enrolment_id, session_id, 'session', 240, 'mark:' || id, CURRENT_TIMESTAMP FROM marks WHERE status = 'present'`,
}

const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) `

// BenchmarkTheLedgerOfAYear recomputes every sum of 1,500 places and 36 sessions from the
// lines, and says of each what is to be told: the daily forecast. What it wrote the first
// time it finds again.
func BenchmarkTheLedgerOfAYear(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			ctx, now := context.Background(), clock.At(time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC))
			db := dbtest.Open(b, engine, people.Migrations, content.Migrations, courses.Migrations, cohorts.Migrations)
			for _, statement := range aYear {
				if _, err := db.NewRaw(statement).Exec(ctx); err != nil {
					b.Fatal(err)
				}
			}
			store := cohorts.NewStore(db, now, people.NewStore(db, now), content.NewStore(db, now))
			raised, err := store.RaiseWarnings(ctx, people.System(people.Outreach))
			if err != nil || raised != 4500 { // 720 minutes are 8 percent: five and eight are told, and that the total is out of reach
				b.Fatalf("%d warnings: %v", raised, err)
			}
			for b.Loop() {
				if _, err := store.RaiseWarnings(ctx, people.System(people.Outreach)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
