package e2e

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// identifiersOf are queries for one identifier of a sector, by the table or the kind of
// name; those of tables that are not here are looked up by their key alone.
var identifiersOf = map[string]string{
	personName: `SELECT given_name FROM persons WHERE sector = ? AND id NOT IN (` + bridging + `) AND closed_at IS NULL ORDER BY id DESC LIMIT 1`,
	"persons":  `SELECT id FROM persons WHERE sector = ? AND id NOT IN (` + bridging + `) AND closed_at IS NULL ORDER BY id DESC LIMIT 1`,
	"sign_in_names": `SELECT n.name FROM sign_in_names AS n WHERE n.sector = ? AND n.kind = 'email' AND n.person_id NOT IN (` + bridging + `)
		AND NOT EXISTS (SELECT 1 FROM sign_in_names AS o WHERE o.name = n.name AND o.sector <> n.sector) ORDER BY n.name DESC LIMIT 1`,
	courseCode: `SELECT course_code FROM editions AS e WHERE sector = ? AND NOT EXISTS (SELECT 1 FROM editions AS o WHERE o.course_code = e.course_code
		AND o.sector <> e.sector) ORDER BY course_code LIMIT 1`,
	certNumber: `SELECT number FROM certificates WHERE sector = ? ORDER BY id LIMIT 1`,
	"rooms":    `SELECT room_id FROM room_sectors AS r WHERE sector = ? AND NOT EXISTS (SELECT 1 FROM room_sectors AS o WHERE o.room_id = r.room_id AND o.sector <> r.sector) ORDER BY room_id LIMIT 1`,
	"editions": `SELECT id FROM editions WHERE sector = ? ORDER BY id DESC LIMIT 1`,
}

// identifiers gives one identifier of each kind that a sector has.
func (w *wall) identifiers(sector people.Sector) map[string]string {
	w.Helper()
	ids := map[string]string{}
	find := func(kind, query string) {
		var found []string
		if err := w.a.DB.NewRaw(query, sector).Scan(context.Background(), &found); err != nil {
			w.Fatalf("%s: %v", kind, err)
		}
		if len(found) > 0 {
			ids[kind] = found[0]
		}
	}
	for table, query := range keysOf {
		find(table, `SELECT MIN(one.id) FROM (`+query+`) AS one WHERE one.sector = ? HAVING COUNT(*) > 0`)
	}
	for kind, query := range identifiersOf {
		find(kind, query)
	}
	ids[lineOfForm], ids[nameThere] = lineOf(sector), ids[signInName]
	if known, err := number.Parse(ids[certNumber]); err == nil {
		ids[wrongShare] = string(known) + "-00000000"
	}
	return ids
}

// idFor is an identifier of the other side's that a field takes.
func (w *wall) idFor(v *visitor, takes string, other people.Sector) string {
	if takes == gradeColumn {
		return "quiz." + w.hidden(v, other, moduleID)
	}
	if takes == checkInCode {
		return w.checkInCode(other, "")
	}
	if takes == moduleID || takes == courseCode || takes == protocolID {
		return w.hidden(v, other, takes)
	}
	return w.ids[other][takes]
}

// checkInCode is what stands on the wall of the side's class that is on, of a person's own
// where they learn in one.
func (w *wall) checkInCode(sector people.Sector, person people.PersonID) string {
	w.Helper()
	v := people.System(sector)
	var on []cohorts.SessionID
	err := w.a.DB.NewRaw(`SELECT t.id FROM sessions AS t WHERE t.sector = ? AND t.state = 'planned' AND t.starts_at < ? AND t.ends_at > ?
		ORDER BY CASE WHEN EXISTS (SELECT 1 FROM enrolments AS e WHERE e.cohort_id = t.cohort_id AND e.person_id = ?) THEN 0 ELSE 1 END, t.id LIMIT 1`,
		sector, w.a.Now(), w.a.Now(), person).Scan(context.Background(), &on)
	if err != nil || len(on) == 0 {
		w.Fatalf("no class of %s is on: %v", sector, err)
	}
	_, code, err := w.a.Cohorts.CheckInCode(context.Background(), v, on[0])
	if err != nil {
		w.Fatal(err)
	}
	return code.Text
}

// hidden is the id of a module, or the code of a course, that the other side has and the
// visitor's own has not.
func (w *wall) hidden(v *visitor, other people.Sector, kind string) string {
	if kind == courseCode {
		return w.ids[other][courseCode]
	}
	for _, word := range sortedKeys(w.canaries.words) {
		for _, c := range w.canaries.words[word] {
			if kind == protocolID && c.kind == "protocol's id" && c.allowed(other) && !c.allowed(v.sector) {
				return strings.TrimPrefix(c.text, "protocols/")
			}
			if kind == moduleID && c.kind == "module's id" && c.text == strings.ToLower(c.text) && c.allowed(other) && !c.allowed(v.sector) {
				return c.text
			}
		}
	}
	return ""
}

// isHidden says whether a module is the other side's alone.
func (w *wall) isHidden(v *visitor, module string) bool {
	for _, c := range w.canaries.words[module] {
		if c.kind == "module's id" && !c.allowed(v.sector) {
			return true
		}
	}
	return false
}

// never is an identifier that nobody ever had, of the same kind and length, and beside
// the one that is given wherever such are put in order.
func (w *wall) never(id string) string {
	switch {
	case isKey(id):
		for digit := 1; ; digit++ {
			last := (strings.IndexByte("0123456789abcdef", id[35]) + digit) % 16
			other := id[:35] + fmt.Sprintf("%x", last)
			if _, known := w.canaries.keys[other]; !known {
				return other
			}
		}
	case strings.HasPrefix(id, "quiz."): // a column of a gradebook
		return "quiz.t98"
	case strings.HasPrefix(id, "MPA-"):
		made, err := number.New(rand.Reader)
		if err != nil {
			w.Fatal(err)
		}
		return string(made) + strings.TrimPrefix(id, id[:len(made)])
	case strings.Contains(id, "@"):
		return "x" + id[1:]
	case strings.Contains(id, "-"): // a protocol
		return id[:len(id)-1] + "9"
	case len(id) == 3: // a module or a course
		return id[:1] + "9" + "8"
	}
	if last := id[len(id)-1:]; last == "9" {
		return id[:len(id)-1] + "7"
	}
	return id[:len(id)-1] + "9"
}
