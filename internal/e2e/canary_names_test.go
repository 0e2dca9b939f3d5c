package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

// parameters are the names that stand in routes, each with the table whose keys it
// takes. A route with another name fails the canary test.
var parameters = map[string]string{
	"cohort": "cohorts", "session": "sessions", "enrolment": "enrolments", "person": "persons", "certificate": "certificates",
	"copy": "copies", "credential": "copies", "attempt": "attempts", "grant": "grants", "device": "sign_ins",
	"module": moduleID, "code": wrongShare, "course": courseCode, "protocol": protocolID, "note": "notes",
	"column": gradeColumn, "shown": checkInCode, "card": "cards", "guest": "walk_ins", "draft": "drafts", "revision": "draft_revisions", "question": "bank_questions", "import": "bank_imports", "upload": "bank_uploads",
}

// Kinds of names that are no key of a table.
const (
	moduleID    = "module"               // of a module that the other side alone may see
	protocolID  = "protocol"             // of a protocol that the other side alone may see
	wrongShare  = "code"                 // the number of the other side's certificate with a share code that it hasn't
	courseCode  = "course"               // of a course that the other side alone takes
	lineOfForm  = "line"                 // a form's own key, by which it counts once
	signInName  = "sign_in_names"        // an e-mail address or phone number
	personName  = "names"                // a first name
	nameThere   = "a name that is there" // one's own, to be taken away
	certNumber  = "number"               // of a certificate
	checkInCode = "shown"                // the code that checks in to the other side's class that is on
	gradeColumn = "column"               // of a gradebook: the check of a module that the other side alone may see
)

// exceptions are the parameters that cross the wall, or that name nothing of a side's,
// each with the reason. They are all that there are.
var exceptions = map[string]string{
	"token":        "the holder's own calendar: whoever has its address reads it",
	"token.ics":    "the holder's own calendar: whoever has its address reads it",
	"invitation":   "an invitation's token: whoever has it is who was invited",
	"reset":        "a reset link's token: whoever has it is who asked",
	"stop":         "a letter's token: whoever has the letter ends them",
	"joint":        "a joint session stands on both sides; TestAJointSessionShowsEachSideItsOwn",
	"picture":      "a picture's name is read beside its module's or its draft's",
	"text":         "one of a draft's texts, read beside its draft",
	"practical":    "a practical's number in an edition, read beside its enrolment",
	"organisation": "employers are public knowledge",
	"edition":      "an edition's name is told in public words",
	"list":         "one status list for all sides",
	"*":            "the Academy's own files",
}

// parameter finds the names in a pattern of either router.
var parameter = regexp.MustCompile(`[:{]([a-z]+(?:\.ics)?)\}?|\*`)

// named gives the names in a pattern, in order.
func named(t *testing.T, pattern string) []string {
	t.Helper()
	var names []string
	for _, m := range parameter.FindAllStringSubmatch(pattern, -1) {
		name := m[1]
		if m[0] == "*" {
			name = "*"
		}
		_, known := parameters[name]
		_, excepted := exceptions[name]
		if !known && !excepted {
			t.Errorf("%s: the canary knows no parameter %q; say in parameters what it names, or in exceptions why it crosses the wall", pattern, name)
		}
		names = append(names, name)
	}
	return names
}

// takes is what a field of a form, or a name after "?" in an address, takes.
type takes struct {
	what string // a table, or a kind of name; "" for nothing of a sector's
	on   bool   // says only where to go on; what is written is one's own, whatever stands in it
	none bool   // left empty: it goes with another choice
	fill string // what a person would write, where the page leaves it empty
}

// fields are the names of all fields of all forms and of what stands after "?" in an
// address; where one name takes different things, the route stands before it. A page
// with another name fails the canary test.
var fields = map[string]takes{
	"person": {what: "persons"}, "enrolment": {what: "enrolments"}, "session": {what: "sessions"}, "cohort": {what: "cohorts"},
	"room": {what: "rooms"}, "edition": {what: "editions"}, "make_up": {what: "make_ups"}, "at": {what: "sessions"}, "cancel": {what: "sessions"}, "move": {what: "edition_moves"}, "seat": {what: "enrolments"}, "after": {what: "enrolments"},
	"wait": {what: "waits"}, "/cohorts/:cohort/seats after": {what: "waits"}, "/cohorts/:cohort/seats seats": {fill: "30"}, "award": {fill: "CVI-2026"}, "schedule_change": {what: "schedule_changes"}, "topic": {what: "edition_sessions"}, "accept": {}, "instructor": {what: "persons"}, "lead": {what: "persons"}, "/cohorts cohort": {what: "cohorts", on: true}, "/cohorts/previews cohort": {what: "cohorts", on: true}, "per_day": {}, "pause": {}, "days_off": {}, "time_zone": {}, "starts": {},
	"nomination": {what: "nominations"}, "qualification": {what: "instructor_qualifications"}, "until": {fill: "2030-01-01"}, "/cohorts/:cohort/qualifications code": {}, "/nominations after": {what: "nominations"}, "/nominations phone": {none: true}, "asks_until": {fill: "2030-01-01"},
	"outside_line": {what: "outside_lines"}, "/people/:person/outside after": {what: "outside_lines"}, "/me/outside after": {what: "outside_lines"}, "/people/:person/outside/reversal reason": {}, "category": {}, "provider": {fill: "Canary Training Works"}, "seen_on": {fill: today(0)},
	"asked": {what: "enrolments"}, "shares": {fill: "yes"}, "module": {what: moduleID}, "course": {what: courseCode},
	"line": {what: lineOfForm}, "email": {what: signInName, fill: "newcomer@canary.test"}, "file": {what: signInName, fill: sheet}, "text": {what: signInName, fill: sheet},
	"/verify file": {what: certNumber, fill: "no certificate"}, "/verify/list file": {what: certNumber, fill: "MPA-0000-0000-0000,00000000\n"},
	"list": {what: certNumber, fill: "MPA-0000-0000-0000 00000000"}, "q": {what: personName, fill: "newcomer"},

	"/people after": {what: "persons"}, "/people/search after": {what: "persons"}, "/cohorts after": {what: "cohorts"}, "/reports after": {what: "cohorts"}, "/api/v1/cohorts after": {what: "cohorts"}, "/register after": {what: "certificates"},
	"/staff after": {what: "enrolments"}, "/enrolments/:enrolment/practicals after": {what: "enrolments", on: true}, "/sessions/:session/roll after": {what: "enrolments"}, "/certificates/:certificate after": {what: "checks"},
	"/me/notes after": {what: "notes"}, "/me/readings after": {what: moduleID}, "/modules/:module/notes text": {fill: "Breathe first"}, "/me/notes/:note text": {fill: "Breathe first"},
	"/me/record before": {what: "audit_lines"}, "/register number": {what: certNumber, fill: "MPA-0000-0000-0000"},
	"/verify number": {what: certNumber, fill: "MPA-0000-0000-0000"}, "/sign-in name": {what: signInName, fill: "newcomer@canary.test"},
	"/reset name": {what: signInName, fill: "newcomer@canary.test"}, "/me/names name": {what: signInName, fill: "newcomer@canary.test"},
	"/cohorts/:cohort/grading/:module after": {}, "answer": {}, "step": {}, "points": {fill: "1"}, "by": {}, "given": {}, "released": {}, "markers": {}, "/cohorts/:cohort/grading/comments in": {}, "/cohorts/:cohort/grading/comments/removal in": {},
	"phrase": {what: "grading_comments", on: true}, "/cohorts/:cohort/grading/comments phrase": {fill: "Well said."},
	"/me/names/removal name": {what: nameThere}, "/people/:person/names name": {what: signInName, fill: "newcomer@canary.test"},
	"/people/:person/names/removal name": {what: nameThere}, "/people/search name": {what: personName, fill: "newcomer"},
	"/sessions/:session/walk-ins name": {fill: "Newcomer"}, "/cohorts/:cohort/roster/search name": {what: personName, fill: "newcomer"}, "/cohorts/:cohort/instructors/search name": {what: personName, fill: "newcomer"},
	"/people phone": {what: signInName},

	// Typed, picked or made; nothing of a sector's.
	"/people/:person/grants organisation": {none: true}, "/rooms name": {fill: "Corner room"}, "/organisations name": {fill: "Canary Street Works"}, "/certificates/:certificate/copies name": {}, "/cohorts number": {}, "/cohorts/previews number": {},
	"/enrolments/:enrolment/decision cohort": {},
	"letters":                                {what: "cards"},
	"/check-in code":                         {what: checkInCode, fill: "AAAAAA"},
	"/invitation code":                       {fill: "AAAA-AAAA"}, "/enrolments/:enrolment/withdrawal code": {},
	"phone": {fill: "own"}, "share": {fill: "00000000"}, "organisation": {}, "next": {}, "language": {fill: "en"}, "sector": {}, "with": {}, "welcome": {}, "from": {},
	"to": {}, "done": {}, "saved": {}, "talked": {}, "recorded": {}, "as": {}, "receipt": {}, "skip_bad": {}, "change": {}, "lang": {},
	"password": {fill: "not-the-password"}, "old": {fill: app.DemoPassword}, "secret": {fill: app.DemoPassword},
	"given_name": {fill: "Newcomer"}, "family_name": {fill: "Canary"}, "chosen_name": {}, "legal_name": {fill: "Legal Canary"}, "kind": {}, "role": {}, "day": {fill: "2026-11-24"}, "held": {},
	"starts_on": {fill: today(0)}, "ends_on": {fill: today(30)}, "done_on": {fill: today(0)}, "reason": {fill: "Runs both halves of the pair"},
	"first_day": {fill: today(40)}, "days": {fill: "mon"}, "start": {fill: "09:00"}, "mode": {}, "link": {fill: "https://meet.example.org/room"},
	"address": {fill: "1 Canary Street"}, "capacity": {fill: "20"}, "place": {fill: "Large room"}, "agenda": {fill: "Welcome"}, "ground_rules": {fill: "Everyone may pass."},
	"door_name": {fill: "Canary"}, "show": {fill: "place"}, "want": {fill: "changes"}, "ahead": {fill: "24"}, "quiet_from": {fill: "21:00"}, "quiet_to": {fill: "08:00"}, "practical": {}, "skill": {}, "round": {}, "criterion": {}, "again": {}, "send": {}, "level": {}, "device": {fill: "canary"}, "sure": {}, "seen": {}, "a": {}, "t": {}, "p": {}, "question": {}, "one": {}, "quietly": {}, "section": {},
	"mark": {}, "late": {}, "early": {}, "chip": {}, "minutes": {fill: "1"}, "minutes_late": {}, "minutes_early": {}, "excuse": {}, "label": {fill: "An employer"},
	"allowance": {what: "allowances"}, "/cohorts/:cohort/allowances before": {what: "allowances"}, "amount": {fill: "5"}, "/attempts/:attempt asked": {},
	"made_at": {}, "made": {}, "paper": {}, "saw": {}, "page": {}, "version": {}, "quote": {}, "size": {fill: "3"}, "occurrence": {fill: "0"},
	"revision": {what: "draft_revisions"}, "submission": {what: "draft_submissions"}, "before": {what: "draft_revisions", on: true},
	"/curriculum after": {what: moduleID, on: true}, "/curriculum/protocols after": {what: protocolID, on: true}, "protocol": {what: protocolID}, "/curriculum q": {fill: "calm"}, "/drafts/:draft/pictures picture": {fill: "\x89PNG\r\n\x1a\n"}, "picture": {},
	"source": {fill: "Text."}, "beside": {}, "part": {}, "title": {fill: "Walking together"}, "audience": {}, "note": {fill: "Says it more plainly."},
	"/courses/:course/questions after": {what: "bank_questions", on: true}, "/courses/:course/questions q": {fill: "calm"}, "/courses/:course/questions/file q": {fill: "calm"}, "in": {what: moduleID}, "pick": {what: "bank_questions"},
	"/modules/:module/check/corrections after": {what: "attempts", on: true}, "quiz": {}, "decision": {fill: "leave"}, "lower": {},
	"/courses/:course/questions/imports after": {what: "bank_imports", on: true}, "/courses/:course/questions/imports file": {fill: "Who speaks first?{~You =They}\n"},
	"tag": {}, "objective": {}, "type": {}, "spanish": {}, "which": {}, "source_en": {fill: "## a\ntype: essay\n\nWhat helped?\n"}, "source_es": {fill: "## t28-q1\ntype: reflection\ntags: calm\n\n¿Qué ayudó?\n"},
	"percent": {fill: "80"}, "words": {fill: "Said it in the room"}, "hash": {}, "/cohorts/:cohort/gradebook/search name": {what: personName, fill: "newcomer"},
	"/cohorts/:cohort/gradebook/import file": {what: "enrolments", fill: grades}, "/cohorts/:cohort/gradebook/intake text": {what: "enrolments"}, "/cohorts/:cohort/gradebook/intake reason": {fill: "other"}, "/enrolments/:enrolment/grades/:column reason": {fill: "other"},
	"discipline": {fill: "law"}, "dry_run": {}, "year": {}, "format": {fill: "gift"}, "verdict": {}, "comment": {fill: "Say it more plainly."},
}

// today is so many days from the Academy's day.
func today(days int) string {
	zone, err := time.LoadLocation(app.Defaults().TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return time.Now().In(zone).AddDate(0, 0, days).Format(time.DateOnly)
}

// fieldOf finds what a field takes on a route: by the route and the name, else by the
// name without what it is about ("shares.<key>" is "shares").
func fieldOf(pattern, name string) (takes, bool) {
	plain, _, _ := strings.Cut(name, ".")
	if f, known := fields[pattern+" "+plain]; known {
		return f, true
	}
	f, known := fields[plain]
	return f, known
}

// handlerReads is where a handler reads a field, or a name after "?".
var handlerReads = regexp.MustCompile(`(?:web\.(?:Text|Texts|Secret|Query)\(c, |c\.(?:FormValue|FormFile|Query)\(|(?:query|form):)"([a-z_]+)`)

// TestTheCanaryKnowsEveryFieldThatAHandlerReads walks the handlers: what a request may
// carry and no page shows must be tried against the wall too.
func TestTheCanaryKnowsEveryFieldThatAHandlerReads(t *testing.T) {
	known := map[string]bool{}
	for name := range fields {
		known[name[strings.LastIndex(name, " ")+1:]] = true
	}
	seen := 0
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || !strings.Contains(path, "pages") && !strings.Contains(path, "internal/web") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range handlerReads.FindAllStringSubmatch(string(source), -1) {
			seen++
			if !known[m[1]] {
				t.Errorf("%s reads %q, which the canary doesn't know: say in fields what it takes", path, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 60 {
		t.Errorf("only %d fields were found: the walk is broken", seen)
	}
}
