package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// canary is a text that belongs to one side: whoever stands elsewhere and reads it has
// read through the wall.
type canary struct {
	kind string
	text string
	seen []people.Sector // who may read it
}

// canaries are all that one demo holds: words, found by their first word, and keys.
type canaries struct {
	words map[string][]canary
	keys  map[string]people.Sector

	persons map[string]people.PersonID // by the names that are theirs alone
}

// words are the canaries that pages show, each kind as a query of text and sector; a
// text that both sides have is nobody's canary. What belongs to who bridges is theirs on
// either side, an act of theirs is told under their first name, and a director's name
// stands on what they sign: they alone are left out (bridging).
var wordsOf = map[string]string{
	"first name":         `SELECT given_name, sector FROM persons WHERE id NOT IN (` + bridging + `)`,
	"family name":        `SELECT family_name, sector FROM persons WHERE id NOT IN (` + bridging + `)`,
	"sign-in name":       `SELECT name, sector FROM sign_in_names WHERE person_id NOT IN (` + bridging + `)`,
	"name on a copy":     `SELECT copies.name, certificates.sector FROM copies JOIN certificates ON certificates.id = copies.certificate_id`,
	"certificate number": `SELECT number, sector FROM certificates`,
	"room":               `SELECT rooms.name, room_sectors.sector FROM rooms JOIN room_sectors ON room_sectors.room_id = rooms.id`,
	"room's address":     `SELECT rooms.address, room_sectors.sector FROM rooms JOIN room_sectors ON room_sectors.room_id = rooms.id`,
	"cohort": `SELECT e.title_en || ', Cohort ' || c.number, c.sector FROM cohorts AS c JOIN editions AS e ON e.id = c.edition_id
		UNION SELECT e.title_es || ', grupo ' || c.number, c.sector FROM cohorts AS c JOIN editions AS e ON e.id = c.edition_id
		UNION SELECT e.title_en || ' ' || c.number, c.sector FROM cohorts AS c JOIN editions AS e ON e.id = c.edition_id`,
	"who trained elsewhere": `SELECT provider, sector FROM outside_lines`,
	"who is asked for":      `SELECT given_name || ' ' || family_name, sector FROM nominations`,
	"name of a walk-in":     `SELECT name, sector FROM walk_ins WHERE ended_at IS NULL`,
	"reason of a grant":     `SELECT reason, home FROM grants`,
	// Of the map what no text and no public word says.
	"class of a map": `SELECT m.title, m.sector FROM (SELECT t.title_en AS title, e.sector FROM edition_sessions AS t JOIN editions AS e ON e.id = t.edition_id
		UNION SELECT t.title_es, e.sector FROM edition_sessions AS t JOIN editions AS e ON e.id = t.edition_id
		UNION SELECT p.title_en, e.sector FROM edition_parts AS p JOIN edition_sessions AS t ON t.id = p.edition_session_id JOIN editions AS e ON e.id = t.edition_id) AS m
		WHERE NOT EXISTS (SELECT 1 FROM module_versions AS v WHERE v.html LIKE '%' || m.title || '%' OR v.title LIKE '%' || m.title || '%')
		AND NOT EXISTS (SELECT 1 FROM guides AS g WHERE g.html LIKE '%' || m.title || '%')
		AND NOT EXISTS (SELECT 1 FROM editions AS e WHERE CAST(e.competencies AS TEXT) LIKE '%' || m.title || '%')`,
	// A module is its sectors', and for a while theirs to whom a joint session opens it.
	"module": `SELECT m.title, s.sector FROM module_versions AS m JOIN (` + mayRead + `) AS s ON s.module_id = m.module_id`,
	"module's id": `SELECT m.module_id, s.sector FROM module_versions AS m JOIN (` + mayRead + `) AS s ON s.module_id = m.module_id
		UNION SELECT lower(m.module_id), s.sector FROM module_versions AS m JOIN (` + mayRead + `) AS s ON s.module_id = m.module_id`,
	"protocol":          `SELECT r.title, s.sector FROM protocol_versions AS r JOIN (` + mayRule + `) AS s ON s.protocol_id = r.protocol_id`,
	"protocol's id":     `SELECT 'protocols/' || r.protocol_id, s.sector FROM protocol_versions AS r JOIN (` + mayRule + `) AS s ON s.protocol_id = r.protocol_id`,
	"change of a draft": `SELECT t.note, d.sector FROM draft_submissions AS t JOIN drafts AS d ON d.id = t.draft_id WHERE d.state <> 'published'`,
	"note of a sheet":   `SELECT o.note, e.sector FROM observations AS o JOIN enrolments AS e ON e.id = o.enrolment_id WHERE o.note LIKE 'Watched by %'`,
	"why of a change":   `SELECT t.reason, c.sector FROM schedule_changes AS t JOIN cohorts AS c ON c.id = t.cohort_id`,
	"knowledge check":   `SELECT q.title_en, s.sector FROM quizzes AS q JOIN (` + mayRead + `) AS s ON s.module_id = q.module_id`,
}

const (
	bridging = `SELECT person_id FROM grants WHERE bridge`
	mayRule  = `SELECT v.protocol_id, s.sector FROM protocol_sectors AS s JOIN protocol_versions AS v ON v.hash = s.hash`
	mayRead  = `SELECT v.module_id, s.sector FROM module_sectors AS s JOIN module_versions AS v ON v.hash = s.hash
		UNION SELECT v.module_id, o.sector FROM module_openings AS o JOIN module_versions AS v ON v.module_id = o.module_id AND v.joint
			WHERE o.opens_at <= CURRENT_TIMESTAMP AND o.closes_at > CURRENT_TIMESTAMP`
)

// keysOf are the keys of records by the table that holds them, as queries of key and sector.
var keysOf = map[string]string{
	"persons": `SELECT id, sector FROM persons`, "grants": `SELECT id, home AS sector FROM grants WHERE NOT person_id IN (` + bridging + `)`, "sign_ins": signInsOf,
	"employments":    `SELECT t.id, p.sector FROM employments AS t JOIN persons AS p ON p.id = t.person_id`,
	"one_time_links": `SELECT t.id, p.sector FROM one_time_links AS t JOIN persons AS p ON p.id = t.person_id`,
	"api_tokens":     `SELECT id, sector FROM api_tokens`, "audit_lines": `SELECT id, sector FROM audit_lines`,
	"cohorts": `SELECT id, sector FROM cohorts`, "sessions": `SELECT id, sector FROM sessions`, "enrolments": `SELECT id, sector FROM enrolments`,
	"rooms": `SELECT room_id AS id, MIN(sector) AS sector FROM room_sectors GROUP BY room_id HAVING COUNT(*) = 1`,
	"marks": ofEnrolment("marks"), "make_ups": ofEnrolment("make_ups"), "minute_warnings": ofEnrolment("minute_warnings"), "ledger_lines": ofEnrolment("ledger_lines"), "consents": ofEnrolment("consents"),
	"attempts": `SELECT id, sector FROM attempts`, "practical_records": ofEnrolment("practical_records"), "reopenings": ofEnrolment("reopenings"),
	"answers": ofAttempt("answers"), "attempt_pauses": ofAttempt("attempt_pauses"), "allowances": ofEnrolment("allowances"), "grade_lines": ofAttempt("grade_lines"), "gradebook_lines": ofEnrolment("gradebook_lines"),
	"grading_marks": ofAttempt("grading_marks"), "grading_comments": `SELECT id, sector FROM grading_comments`,
	"observations": ofEnrolment("observations"), "capstone_lines": ofEnrolment("capstone_lines"),
	"decisions": `SELECT id, sector FROM decisions`, "certificates": `SELECT id, sector FROM certificates`,
	"standings": ofCertificate("standings"), "copies": ofCertificate("copies"), "checks": ofCertificate("checks"),
	"editions": `SELECT id, sector FROM editions`, "readings": `SELECT t.id, p.sector FROM readings AS t JOIN persons AS p ON p.id = t.person_id`,
	"tallies":           `SELECT attempt_id AS id, sector FROM tallies`,
	"waits":             `SELECT id, sector FROM waits`,
	"outside_lines":     `SELECT id, sector FROM outside_lines`,
	"nominations":       `SELECT id, sector FROM nominations`,
	"bank_uploads":      `SELECT id, sector FROM bank_uploads`,
	"corrections":       `SELECT id, sector FROM corrections`,
	"notes":             `SELECT id, sector FROM notes`,
	"cards":             `SELECT id, sector FROM cards`,
	"messages":          `SELECT id, sector FROM messages`,
	"walk_ins":          `SELECT id, sector FROM walk_ins`,
	"edition_moves":     `SELECT t.id, c.sector FROM edition_moves AS t JOIN cohorts AS c ON c.id = t.cohort_id`,
	"schedule_changes":  `SELECT t.id, c.sector FROM schedule_changes AS t JOIN cohorts AS c ON c.id = t.cohort_id`,
	"protocol_readings": `SELECT t.id, p.sector FROM protocol_readings AS t JOIN persons AS p ON p.id = t.person_id`,
	"drafts":            `SELECT id, sector FROM drafts`, "draft_revisions": ofDraft("draft_revisions"), "draft_submissions": ofDraft("draft_submissions"), "draft_reviews": ofDraft("draft_reviews"),
	"instructor_qualifications": `SELECT id, sector FROM instructor_qualifications`,
	"bank_imports":              `SELECT id, sector FROM bank_imports`, "bank_questions": `SELECT id, sector FROM bank_questions`,
	"edition_sessions": `SELECT t.id, e.sector FROM edition_sessions AS t JOIN editions AS e ON e.id = t.edition_id`,
	"edition_parts": `SELECT t.id, e.sector FROM edition_parts AS t JOIN edition_sessions AS s ON s.id = t.edition_session_id
		JOIN editions AS e ON e.id = s.edition_id`,
}

const signInsOf = `SELECT t.id, p.sector FROM sign_ins AS t JOIN persons AS p ON p.id = t.person_id WHERE t.person_id NOT IN (` + bridging + `)`

func ofEnrolment(table string) string {
	return `SELECT t.id, e.sector FROM ` + table + ` AS t JOIN enrolments AS e ON e.id = t.enrolment_id`
}

func ofAttempt(table string) string {
	return `SELECT t.id, a.sector FROM ` + table + ` AS t JOIN attempts AS a ON a.id = t.attempt_id`
}

func ofDraft(table string) string {
	return `SELECT t.id, d.sector FROM ` + table + ` AS t JOIN drafts AS d ON d.id = t.draft_id`
}

func ofCertificate(table string) string {
	return `SELECT t.id, c.sector FROM ` + table + ` AS t JOIN certificates AS c ON c.id = t.certificate_id`
}

// keyless are the tables whose rows have no key of one side's own, each with the reason.
var keyless = map[string]string{
	"joint_sessions": "a joint session stands on both sides", "organisations": "public knowledge", "partnerships": "public knowledge",
	"courses": "named in public words", "module_versions": "words, not keys", "module_sectors": "words, not keys", "module_openings": "words, not keys",
	"draft_texts": "its keys are others' keys", "bank_versions": "its keys are others' keys", "bank_previews": "its keys are others' keys", "draft_pictures": "its keys are others' keys", "module_changes": "words, not keys", "protocol_changes": "words, not keys",
	"protocol_versions": "words, not keys", "protocol_sectors": "words, not keys", "module_protocols": "words, not keys",
	"guides": "words, not keys", "glossary_terms": "words, not keys", "glossary_source": "words, not keys", "pictures": "words, not keys", "quizzes": "words, not keys", "rubrics": "words, not keys", "rubric_courses": "words, not keys", "questions": "words, not keys",
	"status_lists": "one for all sides", "issuing_keys": "one for all sides", "issuance_head": "one for all sides",
	"joint_sides": "its keys are others' keys", "door_names": "its keys are others' keys", "room_sectors": "its keys are others' keys",
	"grading_claims": "its keys are others' keys", "grading_drafts": "its keys are others' keys", "grading_markers": "its keys are others' keys",
	"cohort_instructors": "its keys are others' keys", "session_instructors": "its keys are others' keys", "current_answers": "its keys are others' keys", "reflections_sent": "its keys are others' keys", "closed_answers": "its keys are others' keys",
	"edition_move_readings": "its keys are others' keys", "edition_modules": "its keys are others' keys", "edition_prerequisites": "its keys are others' keys", "secrets": "its keys are others' keys", "issuance_log": "its keys are others' keys",
	"name_keys": "its keys are others' keys", "sign_in_names": "words, not keys", "calendar_feeds": "hashes", "calendar_settings": "its keys are others' keys", "session_tellings": "its keys are others' keys", "message_wishes": "its keys are others' keys", "tries": "hashes", "outbox": "work, shown nowhere",
	"check_in_tries": "counts",
	"search_entries": "found by words", "search_vocabulary": "words, not keys", "cohort_numbers": "counts", "bun_migrations": "the schema's own", "bun_migration_locks": "the schema's own",
	"canary_changes": "this test's own",
}

// hang hangs the canaries of a demo up: it gives everybody who does not bridge names
// that nobody and nothing else has, then reads what belongs to which side.
func hang(t *testing.T, a *app.Academy) *canaries {
	t.Helper()
	c := &canaries{words: map[string][]canary{}, keys: map[string]people.Sector{}, persons: rename(t, a)}
	for _, table := range tablesOf(t, a.DB) {
		query, keyed := keysOf[table]
		if _, known := keyless[table]; !keyed && !known {
			t.Errorf("the canaries don't know the table %s: say in keysOf whose its rows are, or in keyless why they are nobody's", table)
		}
		if keyed {
			for _, row := range pairs(t, a.DB, query) {
				c.keys[row.Text] = row.Sector
			}
		}
	}
	for kind, query := range wordsOf {
		c.add(kind, pairs(t, a.DB, query))
	}
	c.add("share code", shareCodes(t, a))
	return c
}

type pair struct {
	Text   string
	Sector people.Sector
}

func pairs(t *testing.T, db bun.IDB, query string) []pair {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	var all []pair
	for rows.Next() {
		var one pair
		if err := rows.Scan(&one.Text, &one.Sector); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// rename makes every name of one side unmistakable ("Tasha" becomes "Tashaqzaaaab"), and
// tells whose they are.
func rename(t *testing.T, a *app.Academy) map[string]people.PersonID {
	t.Helper()
	ctx, persons := context.Background(), map[string]people.PersonID{}
	for i, person := range pairs(t, a.DB, `SELECT id, sector FROM persons WHERE id NOT IN (`+bridging+`) ORDER BY id`) {
		_, err := a.DB.NewRaw(`UPDATE persons SET given_name = given_name || ?, family_name = family_name || ? WHERE id = ?`,
			code(2*i), code(2*i+1), person.Text).Exec(ctx)
		if err == nil { // as they would themselves, so that lists and searches know the names
			err = a.People.GoBy(ctx, people.Seen(people.PersonID(person.Text), person.Sector, nil, nil), "", "en")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.DB.NewRaw(`UPDATE persons SET language = 'es' WHERE id IN (SELECT person_id FROM sign_in_names WHERE name = 'trainee.es@demo.test')`).Exec(ctx); err != nil {
		t.Fatal(err)
	}
	for _, names := range []string{`SELECT given_name, id FROM persons`, `SELECT family_name, id FROM persons`} {
		for _, row := range pairs(t, a.DB, names+` WHERE id NOT IN (`+bridging+`)`) {
			persons[row.Text] = people.PersonID(row.Sector)
		}
	}
	return persons
}

// code is a tail of letters that no word has.
func code(n int) string {
	tail := []byte("qzaaaaa")
	for at := len(tail) - 1; n > 0; at-- {
		tail[at] += byte(n % 26)
		n /= 26
	}
	return string(tail)
}

// shareCodes are those of every copy: a live one opens its certificate to whoever has
// it, and nobody but the holder reads it.
func shareCodes(t *testing.T, a *app.Academy) []pair {
	t.Helper()
	var codes []pair
	for _, holder := range pairs(t, a.DB, `SELECT DISTINCT person_id, sector FROM certificates`) {
		copies, err := a.Certificates.MyCopies(context.Background(), people.Seen(people.PersonID(holder.Text), holder.Sector, nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range copies {
			codes = append(codes, pair{string(one.Share), holder.Sector})
		}
	}
	return codes
}

// add keeps texts that not every side has.
func (c *canaries) add(kind string, rows []pair) {
	seen := map[string][]people.Sector{}
	for _, row := range rows {
		if text := strings.TrimSpace(row.Text); text != "" && !slices.Contains(seen[text], row.Sector) {
			seen[text] = append(seen[text], row.Sector)
		}
	}
	for text, sectors := range seen {
		for longer, others := range seen { // who may read "Trauma, part 1" may read "Trauma"
			for _, sector := range others {
				if !slices.Contains(sectors, sector) && strings.Contains(longer, text) {
					sectors = append(sectors, sector)
				}
			}
		}
		if slices.Contains(sectors, people.Outreach) && slices.Contains(sectors, people.LawEnforcement) {
			continue
		}
		first := firstWord(text)
		c.words[first] = append(c.words[first], canary{kind, text, sectors})
	}
}

func firstWord(text string) string {
	return text[:wordEnd(text, 0)]
}

// wordEnd is where the word that begins at a place ends: letters and digits.
func wordEnd(text string, from int) int {
	for i, r := range text[from:] {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return from + i
		}
	}
	return len(text)
}

// find tells every canary in a text, with its place.
func (c *canaries) find(text string, found func(canary)) {
	for at := 0; at < len(text); {
		end := wordEnd(text, at)
		if end == at {
			_, size := nextRune(text[at:])
			at += size
			continue
		}
		for _, one := range c.words[text[at:end]] {
			if after, ok := strings.CutPrefix(text[at:], one.text); ok && wordEnd(after, 0) == 0 {
				found(one)
			}
		}
		at = end
	}
	for _, key := range keysIn(text) {
		if sector, known := c.keys[key]; known {
			found(canary{"key", key, []people.Sector{sector}})
		}
	}
}

func nextRune(text string) (rune, int) {
	for i, r := range text {
		if i > 0 {
			return r, i
		}
	}
	return 0, len(text)
}

// keysIn are the UUIDs that a text holds.
func keysIn(text string) []string {
	var keys []string
	for at := 0; ; {
		dash := strings.IndexByte(text[at:], '-')
		if dash < 0 {
			return keys
		}
		start := at + dash - 8
		at += dash + 1
		if start >= 0 && start+36 <= len(text) && isKey(text[start:start+36]) {
			keys = append(keys, text[start:start+36])
			at = start + 36
		}
	}
}

func isKey(text string) bool {
	for i := range len(text) {
		b := text[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if b != '-' {
				return false
			}
		} else if (b < '0' || b > '9') && (b < 'a' || b > 'f') {
			return false
		}
	}
	return true
}

// allowed says whether who stands in a sector ("" is nobody) may read the canary.
func (c canary) allowed(sector people.Sector) bool { return slices.Contains(c.seen, sector) }

func (c canary) String() string { return fmt.Sprintf("%s %q", c.kind, c.text) }
