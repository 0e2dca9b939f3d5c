package e2e

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// crowd is so many rows of everything that pages list, in the outreach sector: a wide
// cohort of so many members, a long one of so many sessions and modules, and as many
// other cohorts, courses, certificates and so on. Row number i has the same key in every table.
type crowd struct {
	rows int
	mark string // one digit, which tells two crowds in one database apart
}

// wide and long are the numbers of the two cohorts, and of their editions; the wide one
// has few sessions, the long one few members.
const (
	wide = 0
	long = 99999
	few  = 10
)

// key is the key of the i-th row.
func (c crowd) key(i int) string { return c.stem() + strconv.Itoa(100000 + i)[1:] }

func (c crowd) stem() string { return "0199c0de-000" + c.mark + "-7000-8000-0000000" }

// module is the id of the i-th module of the course.
func (c crowd) module(i int) string { return "Z" + c.mark + strconv.Itoa(100000 + i)[1:] }

// gather writes the rows in one transaction, a statement for each table.
func (c crowd) gather(t *testing.T, a *app.Academy) {
	t.Helper()
	err := database.InTx(context.Background(), a.DB, func(ctx context.Context, tx bun.Tx) error {
		words, err := c.words(ctx, tx, a.Now())
		if err != nil {
			return err
		}
		for _, statement := range strings.Split(crowdRows, "\n\n") {
			if _, err := tx.ExecContext(ctx, words.Replace(statement)); err != nil {
				return fmt.Errorf("%w in %s", err, words.Replace(statement))
			}
		}
		picture := content.Picture{ModuleID: content.ModuleID(c.module(1)), Name: "p.png", Hash: content.HashOf(nil), MediaType: "image/png", Bytes: []byte("p")}
		_, err = tx.NewInsert().Model(&picture).Exec(ctx)
		return err
	})
	if err == nil {
		err = a.Courses.Warm(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// words are what stands in braces in crowdRows.
func (c crowd) words(ctx context.Context, tx bun.Tx, now time.Time) (*strings.Replacer, error) {
	moment := func(d time.Duration) string { return now.Add(d).UTC().Format("'2006-01-02 15:04:05+00:00'") }
	words := []string{
		"{n}", strconv.Itoa(c.rows), "{half}", strconv.Itoa(c.rows / 2), "{mark}", c.mark, "{stem}", "'" + c.stem() + "'",
		"{wide}", "'" + c.key(wide) + "'", "{long}", "'" + c.key(long) + "'", "{few}", strconv.Itoa(few), "{first}", "'" + c.key(1) + "'", "{last}", "'" + c.key(c.rows) + "'", "{module}", "'Z" + c.mark + "'",
		"{today}", now.Format("'2006-01-02'"), "{past}", moment(-3 * time.Hour), "{later}", moment(3 * time.Hour),
		"{past_end}", moment(-time.Hour), "{later_end}", moment(5 * time.Hour), "{year}", moment(365 * 24 * time.Hour),
	}
	for _, name := range accounts {
		var id string
		if err := tx.NewRaw("SELECT person_id FROM sign_in_names WHERE name = ?", name+"@demo.test").Scan(ctx, &id); err != nil {
			return nil, err
		}
		words = append(words, "{"+name+"}", "'"+id+"'")
	}
	var partner string
	if err := tx.NewRaw("SELECT organisation_id FROM grants WHERE role = ?", people.PartnerHR).Scan(ctx, &partner); err != nil {
		return nil, err
	}
	return strings.NewReplacer(append(words, "{partner}", "'"+partner+"'")...), nil
}

// crowdRows makes the rows. The table many holds, for each, its number, its key, the
// same number in five digits, a day of its own, and times. What belongs to the trainee
// has its key after a t, what belongs to the graduate after a g, what belongs to the wide
// cohort's few sessions or the long one's few members after a w or an l.
const crowdRows = `CREATE TEMPORARY TABLE many (i INTEGER PRIMARY KEY, id TEXT NOT NULL, five TEXT NOT NULL, day TEXT NOT NULL,
	past TIMESTAMPTZ, past_end TIMESTAMPTZ, later TIMESTAMPTZ, later_end TIMESTAMPTZ)

WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {n})
INSERT INTO many SELECT i, {stem} || SUBSTR(CAST(100000 + i AS TEXT), 2), SUBSTR(CAST(100000 + i AS TEXT), 2),
	CAST(2000 + i / 336 AS TEXT) || '-' || SUBSTR(CAST(101 + (i / 28) % 12 AS TEXT), 2) || '-' || SUBSTR(CAST(101 + i % 28 AS TEXT), 2),
	{past}, {past_end}, {later}, {later_end} FROM numbers

INSERT INTO persons (id, sector, given_name, family_name, sort_key, created_at) SELECT id, 'outreach', 'Given' || five, 'Family', id, {past} FROM many

INSERT INTO name_keys (sector, key, person_id) SELECT 'outreach', '676976656e', id FROM many

INSERT INTO sign_in_names (name, sector, kind, person_id, created_at) SELECT 'p{mark}' || five || '@demo.test', 'outreach', 'email', id, {past} FROM many

INSERT INTO sign_in_names (name, sector, kind, person_id, created_at) SELECT 'q{mark}' || five || '@demo.test', 'outreach', 'email', {first}, {past} FROM many

INSERT INTO employments (id, person_id, organisation_id, starts_on) SELECT id, id, {partner}, '2024-01-01' FROM many

INSERT INTO employments (id, person_id, organisation_id, starts_on, ends_on) SELECT 't' || id, {first}, {partner}, day, day FROM many

INSERT INTO grants (id, person_id, home, role, sector, starts_on, given_by, given_at) SELECT id, {first}, 'outreach', 'instructor', 'outreach', day, {director}, {past} FROM many

INSERT INTO one_time_links (id, token_hash, kind, person_id, made_at, ends_at) SELECT id, id, 'invitation', {first}, {past}, {later} FROM many

INSERT INTO sign_ins (id, token_hash, person_id, sector, shared, device, started_at, seen_at, ends_at)
SELECT id, id, {trainee}, 'outreach', FALSE, 'Phone', {past}, {past}, {year} FROM many

INSERT INTO audit_lines (id, sector, at, actor_id, act, person_id) SELECT id, 'outreach', {past}, {director}, 'opened', {trainee} FROM many

INSERT INTO module_versions (hash, module_id, lang, version, title, care, minutes, sensitivity, objectives, sources, reviewed_by, reviewed_on,
	path, source, html, alternative_html, sections, words, grade, joint, has_check, care_note, published_at)
SELECT many.id, {module} || many.five, 'en', 1, 'Module ' || many.five, 2, 60, mv.sensitivity, mv.objectives, mv.sources, mv.reviewed_by, mv.reviewed_on,
	many.id, '', '<p>Text</p>', '<p>Another text</p>', '[]', 900, 6, FALSE, TRUE, 'Hard', {past}
FROM many JOIN module_versions AS mv ON mv.module_id = 'T07' AND mv.lang = 'en'

INSERT INTO module_sectors (hash, sector) SELECT id, 'outreach' FROM many

INSERT INTO notes (id, person_id, sector, module_id, hash, section, anchor, quote, occurrence, text, quote_key, text_key, made_at, changed_at)
SELECT id, {trainee}, 'outreach', {module} || five, id, 0, '', '', 0, 'Note ' || five, '', 'note ' || five, {past}, {past} FROM many

INSERT INTO guides (hash, module_id, lang, version, title, minutes, path, source, html)
SELECT id, {module} || five, 'en', 1, 'Guide', 60, id, '', '<p>Guide</p>' FROM many

INSERT INTO search_entries (visibility, kind, record, lang, shown, title, body)
SELECT 'outreach', 'module', {module} || five, 'en', 'Module', 'module', 'text' FROM many

INSERT INTO quizzes (hash, module_id, version, title_en, pass, questions, path_en, source_en, stored_at)
SELECT id, {module} || five, 1, 'Check', 70, CASE WHEN i = 1 THEN {n} ELSE 1 END, id, '', {past} FROM many

INSERT INTO questions (quiz_hash, id, position, type, objective, body)
SELECT CASE WHEN many.i = 1 THEN {last} ELSE many.id END, 'q-1', 1, q.type, 1, q.body FROM many
JOIN (SELECT type, body FROM questions WHERE type = 'MC' ORDER BY quiz_hash, id LIMIT 1) AS q ON many.i > 1 AND many.i < {n}

INSERT INTO questions (quiz_hash, id, position, type, objective, body)
SELECT {first}, 'q-' || many.i, many.i, q.type, 1, q.body FROM many
JOIN (SELECT type, body FROM questions WHERE type = 'MC' ORDER BY quiz_hash, id LIMIT 1) AS q ON TRUE

INSERT INTO courses (code) SELECT 'Y{mark}' || five FROM many

INSERT INTO editions (id, course_code, sector, name, in_force_on, minutes, hour, breaks_count, grace, rule, knowledge_pass, wording, valid_months,
	weeks, weekly_sessions, unconfirmed, title_en, title_es, competencies, practicals, capstone, path, source)
SELECT CASE many.i WHEN 1 THEN {wide} WHEN 2 THEN {long} ELSE many.id END, 'Y{mark}' || many.five, 'outreach', '2026', '2026-01-01', e.minutes, e.hour, e.breaks_count, e.grace, e.rule, e.knowledge_pass, e.wording, e.valid_months,
	e.weeks, e.weekly_sessions, e.unconfirmed, 'Course ' || many.five, '', e.competencies, e.practicals, e.capstone, many.id, ''
FROM many JOIN editions AS e ON e.course_code = 'OUT'

INSERT INTO edition_sessions (id, edition_id, position, week, title_en, title_es, minutes, breaks, joint)
SELECT id, {long}, i, 1 + i / 2, 'Session ' || five, '', 240, 0, FALSE FROM many

INSERT INTO edition_sessions (id, edition_id, position, week, title_en, title_es, minutes, breaks, joint)
SELECT 'w' || id, {wide}, i, 1 + i / 2, 'Session ' || five, '', 240, 0, FALSE FROM many WHERE i <= {few}

INSERT INTO edition_sessions (id, edition_id, position, week, title_en, title_es, minutes, breaks, joint)
SELECT 't' || id, id, 1, 1, 'Session ' || five, '', 240, 0, FALSE FROM many WHERE i > 2

INSERT INTO edition_parts (id, edition_session_id, position, module_id, part, title_en, title_es, minutes)
SELECT id, id, 1, {module} || five, 1, 'Part', '', 240 FROM many

INSERT INTO edition_parts (id, edition_session_id, position, module_id, part, title_en, title_es, minutes)
SELECT 'w' || id, 'w' || id, 1, {module} || five, 1, 'Part', '', 240 FROM many WHERE i <= {few}

INSERT INTO edition_modules (edition_id, module_id, required, version) SELECT {long}, {module} || five, TRUE, 1 FROM many

INSERT INTO edition_modules (edition_id, module_id, required, version) SELECT {wide}, {module} || five, TRUE, 1 FROM many WHERE i <= {few}

INSERT INTO rooms (id, name, address, capacity) SELECT id, 'Room ' || five, '', 30 FROM many

INSERT INTO room_sectors (room_id, sector) SELECT id, 'outreach' FROM many

INSERT INTO cohorts (id, edition_id, course_code, sector, number, time_zone, starts_on, ends_on, state, made_at)
SELECT id, CASE i WHEN 1 THEN {wide} WHEN 2 THEN {long} ELSE id END, 'Y{mark}' || five, 'outreach', 1, 'America/Chicago', {today}, {today}, 'open', {past} FROM many

INSERT INTO cohorts (id, edition_id, course_code, sector, number, time_zone, starts_on, ends_on, state, made_at)
SELECT {wide}, {wide}, 'Y{mark}00001', 'outreach', 2, 'America/Chicago', {today}, {today}, 'open', {past}

INSERT INTO cohorts (id, edition_id, course_code, sector, number, time_zone, starts_on, ends_on, state, made_at)
SELECT {long}, {long}, 'Y{mark}00002', 'outreach', 2, 'America/Chicago', {today}, {today}, 'open', {past}

INSERT INTO edition_moves (id, cohort_id, from_edition, to_edition, moved_at, reason, sessions)
SELECT id, id, {wide}, id, {past}, 'Newer', '[]' FROM many WHERE i > 2

INSERT INTO edition_moves (id, cohort_id, from_edition, to_edition, moved_at, reason, sessions)
SELECT {wide}, {wide}, {long}, {wide}, {past}, 'Newer', '[]'

INSERT INTO cohort_instructors (cohort_id, person_id, role, appointed_at) SELECT id, {instructor}, 'lead', {past} FROM many

INSERT INTO cohort_instructors (cohort_id, person_id, role, appointed_at) SELECT {wide}, {instructor}, 'lead', {past}

INSERT INTO cohort_instructors (cohort_id, person_id, role, appointed_at) SELECT {long}, {instructor}, 'lead', {past}

INSERT INTO cohort_instructors (cohort_id, person_id, role, appointed_at) SELECT {last}, id, 'second', {past} FROM many

INSERT INTO enrolments (id, cohort_id, person_id, sector, state, enrolled_at) SELECT id, {wide}, id, 'outreach', 'active', {past} FROM many

INSERT INTO enrolments (id, cohort_id, person_id, sector, state, enrolled_at) SELECT 'l' || id, {long}, id, 'outreach', 'active', {past} FROM many WHERE i <= {few}

INSERT INTO enrolments (id, cohort_id, person_id, sector, state, enrolled_at) SELECT 't' || id, id, {trainee}, 'outreach', 'completed', {past} FROM many

INSERT INTO enrolments (id, cohort_id, person_id, sector, state, enrolled_at) SELECT 'g' || id, id, {graduate}, 'outreach', 'completed', {past} FROM many

INSERT INTO enrolments (id, cohort_id, person_id, sector, state, enrolled_at) SELECT 't' || {wide}, {wide}, {trainee}, 'outreach', 'active', {past}

INSERT INTO enrolments (id, cohort_id, person_id, sector, state, enrolled_at) SELECT 't' || {long}, {long}, {trainee}, 'outreach', 'active', {later}

INSERT INTO nominations (id, cohort_id, organisation_id, sector, given_name, family_name, email, phone, state, asked_by, asked_at)
SELECT id, {wide}, (SELECT MIN(id) FROM organisations), 'outreach', 'Asked', 'For', '', '', 'asked', {instructor}, {past} FROM many

INSERT INTO waits (id, cohort_id, person_id, sector, put_at) SELECT id, {wide}, id, 'outreach', {past} FROM many

INSERT INTO sessions (id, cohort_id, edition_session_id, sector, position, week, minutes, starts_at, ends_at, room_id, mode, state, closed_by, closed_at)
SELECT id, {long}, id, 'outreach', i, 1 + i / 2, 240, CASE WHEN i <= {half} THEN past ELSE later END,
	CASE WHEN i <= {half} THEN past_end ELSE later_end END, {first}, 'room',
	CASE WHEN i <= {half} THEN 'closed' ELSE 'planned' END, {instructor}, {past_end} FROM many

INSERT INTO sessions (id, cohort_id, edition_session_id, sector, position, week, minutes, starts_at, ends_at, mode, state)
SELECT 'w' || id, {wide}, 'w' || id, 'outreach', i, 1 + i / 2, 240, {past}, {past_end}, 'room', 'planned' FROM many WHERE i <= {few}

INSERT INTO sessions (id, cohort_id, edition_session_id, sector, position, week, minutes, starts_at, ends_at, mode, state)
SELECT 't' || id, id, CASE i WHEN 1 THEN 'w' || id WHEN 2 THEN {first} ELSE 't' || id END, 'outreach', 1, 1, 240, {past}, {past_end}, 'room', 'planned' FROM many

INSERT INTO marks (id, session_id, enrolment_id, seq, status, minutes_late, minutes_early, reason, line, made_by, made_at, received_at)
SELECT id, 'w' || {first}, id, 1, 'present', 0, 0, 'roll', id, {instructor}, {past}, {past} FROM many

INSERT INTO marks (id, session_id, enrolment_id, seq, status, minutes_late, minutes_early, reason, line, made_by, made_at, received_at)
SELECT 't' || id, id, 't' || {long}, 1, 'absent', 0, 0, 'roll', 't' || id, {instructor}, {past}, {past} FROM many

INSERT INTO ledger_lines (id, enrolment_id, session_id, kind, minutes, cause, by_person, at)
SELECT id, id, 'w' || {first}, 'session', 240, 'mark:' || id, {instructor}, {past} FROM many

INSERT INTO make_ups (id, enrolment_id, session_id, kind, minutes, done_on, line, approved_by, approved_at)
SELECT id, 't' || {long}, id, 'one_to_one', 60, {today}, id, {director}, {past} FROM many

INSERT INTO ledger_lines (id, enrolment_id, session_id, kind, minutes, cause, by_person, at)
SELECT 't' || id, 't' || {long}, id, 'make_up', 60, 'make_up:' || id, {director}, {past} FROM many

INSERT INTO readings (id, person_id, module_id, hash, lang, opened_at, done_at) SELECT id, {trainee}, {module} || five, id, 'en', {past}, {past} FROM many

INSERT INTO readings (id, person_id, module_id, hash, lang, opened_at, done_at) SELECT 'p' || id, id, {module} || '00001', {first}, 'en', {past}, {past} FROM many

INSERT INTO attempts (id, enrolment_id, person_id, sector, quiz_hash, module_id, number, seed, started_at, finished_at, correct, total, percent, receipt)
SELECT id, id, id, 'outreach', {first}, {module} || '00001', 1, 1, {past}, {past_end}, 1, {n}, 80, id FROM many

INSERT INTO attempts (id, enrolment_id, person_id, sector, quiz_hash, module_id, number, seed, started_at, finished_at, correct, total, percent, receipt)
SELECT 't' || id, 't' || {long}, {trainee}, 'outreach', id, {module} || five, 1, 1, {past}, {past_end}, 1, 1, 60, 't' || id FROM many

INSERT INTO attempts (id, enrolment_id, person_id, sector, quiz_hash, module_id, number, seed, started_at, total)
SELECT 't' || {long}, 't' || {long}, {trainee}, 'outreach', {first}, {module} || '00001', 2, 1, {past}, {n}

INSERT INTO current_answers (attempt_id, question_id, version, device, value, saved_at)
SELECT 't' || {long}, 'q-' || i, 1, 'd', '{"choices":[1]}', {past} FROM many

INSERT INTO current_answers (attempt_id, question_id, version, device, value, saved_at)
SELECT id, 'q-1', 1, 'd', '{"choices":[1]}', {past} FROM many

INSERT INTO answers (id, attempt_id, question_id, version, device, value, refused, received_at)
SELECT id, 't' || {long}, 'q-' || i, 1, 'd', '{"choices":[0]}', TRUE, {past} FROM many

INSERT INTO practical_records (id, enrolment_id, practical_id, seq, level, line, by_person, at)
SELECT id, id, 'de-escalation', 1, 'practised', id, {instructor}, {past} FROM many

INSERT INTO decisions (id, enrolment_id, person_id, sector, checklist, evidence, decided_by, decided_at)
SELECT id, 'g' || id, {graduate}, 'outreach', '{}', '', {director}, {past} FROM many

INSERT INTO certificates (id, number, decision_id, enrolment_id, person_id, sector, edition_id, course_code, edition, title_en, title_es, areas_en, areas_es,
	wording, minutes, hour, first_session, last_session, completed_on, time_zone, signatory, signatory_title, issued_by, issued_at, sample, standing, standing_since)
SELECT id, 'crowd{mark}' || five, id, 'g' || id, {graduate}, 'outreach', {wide}, 'OUT', '2026', 'Course', '', '[]', '[]',
	'completed', 8640, 60, {today}, {today}, {today}, 'America/Chicago', 'A', 'B', {director}, {past}, TRUE, 'valid', {past} FROM many

INSERT INTO standings (id, certificate_id, standing, reason, by_person, at)
SELECT many.id, certificate.id, 'valid', 'issued', {director}, {past} FROM many JOIN certificates AS certificate ON certificate.id = (
	SELECT c.id FROM copies JOIN certificates AS c ON c.id = copies.certificate_id WHERE c.person_id = {graduate} LIMIT 1)

INSERT INTO checks (id, certificate_id, copy_id, how, verdict, at)
SELECT many.id, copy.certificate_id, copy.id, 'number', 'valid', {past} FROM many JOIN copies AS copy ON copy.id = (
	SELECT mine.id FROM copies AS mine JOIN certificates AS c ON c.id = mine.certificate_id WHERE c.person_id = {graduate} LIMIT 1)

INSERT INTO joint_sessions (id, place, agenda, ground_rules, starts_at, ends_at, time_zone, state, made_at)
SELECT id, 'Hall', 'Welcome', 'Listen', {later}, {later_end}, 'America/Chicago', CASE WHEN i % 2 = 0 THEN 'agreed' ELSE 'proposed' END, {past} FROM many

INSERT INTO joint_sides (joint_id, sector, session_id, yes_by, yes_at, trainees, instructors)
SELECT id, 'outreach', CASE WHEN i % 2 = 0 THEN id END, CASE WHEN i % 2 = 0 THEN {coordinator} END, CASE WHEN i % 2 = 0 THEN past END, 10, 1 FROM many

INSERT INTO joint_sides (joint_id, sector, yes_by, yes_at, trainees, instructors) SELECT id, 'law_enforcement', {coordinator.police}, {past}, 10, 1 FROM many

INSERT INTO consents (id, person_id, organisation_id, enrolment_id, shares, given_at) SELECT id, id, {partner}, id, TRUE, {past} FROM many

INSERT INTO consents (id, person_id, organisation_id, enrolment_id, shares, given_at) SELECT 't' || id, {trainee}, {partner}, 't' || id, TRUE, {past} FROM many

DROP TABLE many`
