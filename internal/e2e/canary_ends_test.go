package e2e

import (
	"bufio"
	"context"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func unescapeHTML(text string) string { return html.UnescapeString(text) }

// turnedDown are the forms that nobody can send as they are filled in here, each with the reason.
var turnedDown = map[string]string{
	"/sign-in":    "with the right password it would open the account",
	"/invitation": "a code is made for one person and shown once",
}

// firstly are the forms that must be sent before others have changed what they rest on.
var firstly = []string{"/enrolments/:enrolment/make-ups", "/enrolments/:enrolment/decision", "/me/names/removal", "/people/:person/names/removal"}

// lastly are the forms after which who sent them can send no more, in their order.
var lastly = []string{"/standing", "/me/devices/:device/removal", "/me/secret", "/me/devices/removal", "/sign-out", "/people/:person/grants/:grant/ending", "/people/:person/closure"}

// rightly sends one form of each route as who was shown it: what was tried against the
// wall was filled in as it should be.
func (w *wall) rightly(which func(pattern string) bool) {
	w.Helper()
	patterns := map[string][]form{}
	for _, sector := range append([]people.Sector{""}, people.Sectors...) {
		for _, shape := range sortedKeys(w.forms[sector]) {
			f := w.forms[sector][shape]
			if route, _ := w.route(f.method, f.action); f.method != http.MethodGet {
				patterns[route.Pattern] = append(patterns[route.Pattern], f)
			}
		}
	}
	order := slices.DeleteFunc(sortedKeys(patterns), func(pattern string) bool { return slices.Contains(lastly, pattern) })
	for i, pattern := range append(order, lastly...) {
		if formless[pattern] != "" || turnedDown[pattern] != "" || !which(pattern) {
			continue
		}
		if slices.Contains(lastly, pattern) {
			w.signInAgain(patterns[pattern])
		}
		if got := w.sendsOne(patterns[pattern], fmt.Sprint("newcomer", i)); got != "" {
			w.Errorf("nobody could send the form of %s: its fields are not filled in as they should be: %s", pattern, got)
		}
	}
}

// isFirst says whether a form is sent before the others.
func isFirst(pattern string) bool { return slices.Contains(firstly, pattern) }

// signInAgain gives who sends a form a session that no form before has ended.
func (w *wall) signInAgain(forms []form) {
	w.Helper()
	for i, f := range forms[:min(1, len(forms))] {
		if name, _, _ := strings.Cut(f.as.name, " in "); f.as.token != "" && name == f.as.name {
			forms[i].as = signInBy(w.T, w.a, name, w.nameLeft(f.as.person))
		}
	}
}

// nameLeft is a way to sign in that no form before has taken away.
func (w *wall) nameLeft(person people.PersonID) string {
	w.Helper()
	var names []string
	if err := w.a.DB.NewRaw(`SELECT name FROM sign_in_names WHERE person_id = ? ORDER BY name`, person).Scan(context.Background(), &names); err != nil || len(names) == 0 {
		w.Fatalf("%s has no name left: %v", person, err)
	}
	return names[0]
}

// lookUp fills in what is looked up in the moment of sending: the code on the wall of one's
// own class, and the letters of a card that one may read.
func (w *wall) lookUp(f form) {
	w.Helper()
	route, _ := w.route(f.method, f.action)
	for name := range f.fields {
		switch field, _ := fieldOf(route.Pattern, name); field.what {
		case checkInCode:
			f.fields.Set(name, w.checkInCode(f.as.sector, f.as.person))
		case "cards":
			var cards []string
			err := w.a.DB.NewRaw(`SELECT id FROM cards WHERE sector = ? AND ended_at IS NULL`, f.as.sector).Scan(context.Background(), &cards)
			if err != nil || len(cards) == 0 {
				w.Fatalf("no card of %s is there: %v", f.as.sector, err)
			}
			f.fields.Set(name, cards[0])
		}
	}
}

// sendsOne sends forms until one is taken, and tells what came of them where none is.
func (w *wall) sendsOne(forms []form, newcomer string) (told string) {
	w.Helper()
	for _, f := range forms {
		w.lookUp(f)
		kind, body := f.body(f.as.csrf(), func(text string) string { return strings.ReplaceAll(text, "newcomer@", newcomer+"@") })
		got := f.as.sendBody(f.method, f.action, kind, strings.NewReader(string(body)))
		if got.status < 400 || got.status == http.StatusConflict {
			return ""
		}
		told += fmt.Sprintf("%s at %s got %d %v; ", f.as.name, f.action, got.status, wrongWords.FindAllString(got.body, 3))
	}
	return told
}

var wrongWords = regexp.MustCompile(`href="#f-[^<]*`)

// listen reads what leaves by other ways: the log, the labels of metrics, and mail.
// None of the first two tells anything of anybody; a letter tells only its receiver's side.
func (w *wall) listen(post *box) {
	w.Helper()
	log, queries := logOf(w.a).read()
	if queries == 0 {
		w.Error("no log line tells how many queries a request asked: they were not compared")
	}
	if !strings.Contains(log, "route=/cohorts/:cohort") {
		w.Error("the log has no line of a request: it was not listened to")
	}
	metrics := (&visitor{t: w.T, a: w.a, bearer: "demo-director"}).metrics()
	if !strings.Contains(metrics, `route="/cohorts/:cohort"`) {
		w.Errorf("the metrics have no label of a route: they were not listened to: %.300s", metrics)
	}
	for where, text := range map[string]string{"log": log, "metrics": metrics} {
		told := map[string]bool{}
		w.canaries.find(text, func(c canary) {
			if !told[c.kind] {
				told[c.kind] = true
				w.Errorf("the %s tells %s", where, c)
			}
		})
	}
	if err := w.a.Jobs.RunDue(context.Background()); err != nil {
		w.Error(err)
	}
	w.readLetters(post)
}

func (w *wall) readLetters(post *box) {
	w.Helper()
	letters := post.taken()
	if len(letters) == 0 {
		w.Error("no letter was sent: none was read")
	}
	for _, letter := range letters {
		var side people.Sector
		w.canaries.find(letter.to, func(c canary) { side = c.seen[0] })
		w.canaries.find(letter.text, func(c canary) {
			if !c.allowed(side) {
				w.Errorf("a letter to %s tells %s", letter.to, c)
			}
		})
	}
}

// everyCanarySang fails where a kind of canary was never read by its own side: a net
// that catches nothing would let the test pass.
func (w *wall) everyCanarySang() {
	w.Helper()
	for _, sector := range []people.Sector{people.Outreach, people.LawEnforcement} {
		kinds := map[string]bool{"key": true, "html": true, "json": true, "pdf": true, "csv": sector == people.Outreach}
		for _, word := range w.canaries.words {
			for _, c := range word {
				if slices.Contains(c.seen, sector) {
					kinds[c.kind] = true
				}
			}
		}
		for _, kind := range sortedKeys(kinds) {
			if kinds[kind] && !w.sung[sector][kind] {
				w.Errorf("no page shows a %s of %s to its own side: the canary is deaf to it", kind, sector)
			}
		}
	}
}

// box is a mail server that keeps what it is given.
type box struct {
	address string
	mu      sync.Mutex
	letters []letter
}

type letter struct{ to, text string }

func (b *box) taken() []letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.letters)
}

// openBox starts a mail server on this machine.
func openBox(t *testing.T) *box {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	b := &box{address: "smtp://" + listener.Addr().String() + "?from=academy@example.org"}
	go func() {
		for {
			line, err := listener.Accept()
			if err != nil {
				return
			}
			go b.serve(line)
		}
	}()
	return b
}

func (b *box) serve(line net.Conn) {
	defer func() { _ = line.Close() }()
	in, out := textproto.NewReader(bufio.NewReader(line)), textproto.NewWriter(bufio.NewWriter(line))
	say := func(text string) { _ = out.PrintfLine("%s", text) }
	say("220 a mail server")
	var one letter
	for {
		command, err := in.ReadLine()
		if err != nil {
			return
		}
		switch verb, _, _ := strings.Cut(strings.ToUpper(command), " "); {
		case strings.HasPrefix(strings.ToUpper(command), "RCPT TO:"):
			one.to = strings.Trim(command[len("RCPT TO:"):], "<> ")
			say("250 good")
		case verb == "DATA":
			say("354 go on")
			lines, err := in.ReadDotLines()
			if err != nil {
				return
			}
			one.text = strings.Join(lines, "\n")
			b.mu.Lock()
			b.letters = append(b.letters, one)
			b.mu.Unlock()
			say("250 taken")
		case verb == "QUIT":
			say("221 goodbye")
			return
		default:
			say("250 good")
		}
	}
}

// metrics are what a program that watches the Academy reads.
func (v *visitor) metrics() string {
	v.t.Helper()
	request := httptest.NewRequest(http.MethodGet, host+"/metrics", nil)
	request.Header.Set("Authorization", "Bearer "+v.bearer)
	return v.answered(request).body
}
