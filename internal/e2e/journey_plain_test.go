package e2e

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// reader is one person with a browser that runs no scripts: it follows the links and sends
// the forms that the pages hold, and has nothing else to go by.
type reader struct {
	t       *testing.T
	a       *app.Academy
	cookies map[string]string
	path    string
	page    *html.Node
	file    []byte // what was downloaded last
}

func newReader(t *testing.T, a *app.Academy) *reader {
	return &reader{t: t, a: a, cookies: map[string]string{"language": "en"}}
}

// open goes to an address of the Academy.
func (r *reader) open(path string) {
	r.t.Helper()
	r.ask(httptest.NewRequest(http.MethodGet, host+path, nil), http.StatusOK)
}

// ask sends a request as a browser does, and goes where it is sent on to.
func (r *reader) ask(request *http.Request, status int) {
	r.t.Helper()
	for range 5 {
		request.Header.Set("X-Forwarded-For", elsewhere())
		for name, value := range r.cookies {
			request.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		response, err := r.a.Web.Test(request)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, cookie := range response.Cookies() {
			r.cookies[cookie.Name] = cookie.Value
		}
		var body bytes.Buffer
		_, err = body.ReadFrom(response.Body)
		if err == nil {
			err = response.Body.Close()
		}
		if err != nil {
			r.t.Fatal(err)
		}
		if response.StatusCode == http.StatusSeeOther {
			request = httptest.NewRequest(http.MethodGet, host+strings.TrimPrefix(response.Header.Get("Location"), host), nil)
			continue
		}
		if response.StatusCode != status {
			r.t.Fatalf("%s %s, from %s, answers %d:\n%s", request.Method, request.URL.Path, r.path, response.StatusCode, plain(body.String()))
		}
		if !strings.Contains(response.Header.Get("Content-Type"), "html") {
			r.file = body.Bytes()
			return
		}
		// Without scripts a browser shows what stands inside noscript.
		page, err := html.ParseWithOptions(&body, html.ParseOptionEnableScripting(false))
		if err != nil {
			r.t.Fatal(err)
		}
		r.path, r.page = request.URL.Path, page
		return
	}
	r.t.Fatalf("%s leads round in circles", r.path)
}

// says ends the test unless the page says all of the words.
func (r *reader) says(words ...string) {
	r.t.Helper()
	text := readOf(find(r.page, func(n *html.Node) bool { return n.Data == "body" }))
	for _, w := range words {
		if !strings.Contains(text, w) {
			r.t.Fatalf("%s does not say %q; it says:\n%s", r.path, w, text)
		}
	}
}

// follow opens the first link of the page that begins with words, or that carries them as
// its name.
func (r *reader) follow(words string) {
	r.t.Helper()
	link := find(r.page, func(n *html.Node) bool {
		return n.Data == "a" && (strings.HasPrefix(readOf(n), words) || strings.HasPrefix(attribute(n, "aria-label"), words))
	})
	if link == nil {
		r.t.Fatalf("no link %q at %s:\n%s", words, r.path, readOf(r.page))
	}
	r.open(strings.TrimPrefix(attribute(link, "href"), host))
}

// followTo opens the first link of the page's own part whose address begins so.
func (r *reader) followTo(path string) {
	r.t.Helper()
	main := find(r.page, func(n *html.Node) bool { return n.Data == "main" })
	link := find(main, func(n *html.Node) bool {
		return n.Data == "a" && strings.HasPrefix(strings.TrimPrefix(attribute(n, "href"), host), path)
	})
	if link == nil {
		r.t.Fatalf("no link to %s at %s:\n%s", path, r.path, readOf(main))
	}
	r.open(strings.TrimPrefix(attribute(link, "href"), host))
}

// press fills in the form of the first button that begins with words and has a place for
// each field, and presses it. A field is named with what goes into it; a list or box takes
// only what it offers.
func (r *reader) press(words string, fields ...string) { r.t.Helper(); r.send(words, nil, fields...) }

// send is press with a file for the form's file field.
func (r *reader) send(words string, file []byte, fields ...string) {
	r.t.Helper()
	button, form := r.button(words, file != nil, fields)
	values := r.filled(form, fields)
	if name := attribute(button, "name"); name != "" {
		values.Set(name, attribute(button, "value"))
	}
	action := attribute(form, "action")
	if own := attribute(button, "formaction"); own != "" {
		action = own
	}
	body, kind := bytes.NewBufferString(values.Encode()), "application/x-www-form-urlencoded"
	if attribute(form, "enctype") == "multipart/form-data" {
		body.Reset()
		out := multipart.NewWriter(body)
		for name, list := range values {
			for _, value := range list {
				_ = out.WriteField(name, value) // a buffer takes all
			}
		}
		if input := find(form, func(n *html.Node) bool { return attribute(n, "type") == "file" }); input != nil && file != nil {
			part, err := out.CreateFormFile(attribute(input, "name"), "file")
			if err == nil {
				_, err = part.Write(file)
			}
			if err != nil {
				r.t.Fatal(err)
			}
		}
		_ = out.Close()
		kind = out.FormDataContentType()
	}
	request := httptest.NewRequest(strings.ToUpper(attribute(form, "method")), host+action, body)
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Origin", host)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	r.ask(request, http.StatusOK)
}

// button is the one to press, with its form.
func (r *reader) button(words string, upload bool, fields []string) (button, form *html.Node) {
	r.t.Helper()
	for button := range r.page.Descendants() {
		if button.Data != "button" || attribute(button, "type") == "button" || !strings.HasPrefix(readOf(button), words) {
			continue
		}
		form := button.Parent
		for form != nil && form.Data != "form" {
			form = form.Parent
		}
		fits := form != nil
		for i := 0; fits && i < len(fields); i += 2 {
			fits = find(form, func(n *html.Node) bool { return attribute(n, "name") == fields[i] }) != nil
		}
		if fits && (!upload || find(form, func(n *html.Node) bool { return attribute(n, "type") == "file" }) != nil) {
			return button, form
		}
	}
	r.t.Fatalf("no button %q with a form that takes %q at %s:\n%s", words, fields, r.path, readOf(r.page))
	return nil, nil
}

// filled is what a form sends: what it holds, changed by what was typed and ticked.
func (r *reader) filled(form *html.Node, fields []string) url.Values {
	r.t.Helper()
	values, offered := url.Values{}, map[string][]string{} // of boxes and lists
	typed := map[string]bool{}
	for n := range form.Descendants() {
		name, value := attribute(n, "name"), attribute(n, "value")
		switch {
		case name == "" || attribute(n, "type") == "file":
		case n.Data == "select":
			for o := range n.Descendants() {
				if o.Data == "option" {
					offered[name] = append(offered[name], attribute(o, "value"))
					if len(offered[name]) == 1 || hasAttribute(o, "selected") {
						values.Set(name, attribute(o, "value"))
					}
				}
			}
		case n.Data == "input" && (attribute(n, "type") == "radio" || attribute(n, "type") == "checkbox"):
			offered[name] = append(offered[name], value)
			if hasAttribute(n, "checked") {
				values.Add(name, value)
			}
		case n.Data == "input":
			values.Add(name, value)
			typed[name] = true
		case n.Data == "textarea":
			values.Add(name, textOf(n))
			typed[name] = true
		}
	}
	given := map[string]bool{}
	for i := 0; i+1 < len(fields); i += 2 {
		name, value := fields[i], fields[i+1]
		if !typed[name] && !slices.Contains(offered[name], value) {
			r.t.Fatalf("%s at %s takes no %q; it offers %q", name, r.path, value, offered[name])
		}
		if !given[name] {
			values.Del(name)
		}
		given[name] = true
		values.Add(name, value)
	}
	return values
}

// option is the value of a list's first option that begins with words.
func (r *reader) option(name, words string) string {
	r.t.Helper()
	list := find(r.page, func(n *html.Node) bool { return n.Data == "select" && attribute(n, "name") == name })
	option := find(list, func(n *html.Node) bool { return n.Data == "option" && strings.HasPrefix(readOf(n), words) })
	if option == nil {
		r.t.Fatalf("%s at %s offers no %q", name, r.path, words)
	}
	return attribute(option, "value")
}

// signsIn goes by the front door.
func (r *reader) signsIn(account string) {
	r.t.Helper()
	r.open("/")
	r.follow("Sign in")
	r.press("Sign in", "name", account+"@demo.test", "password", app.DemoPassword)
	if r.path != "/" {
		r.t.Fatalf("%s is led to %s:\n%s", account, r.path, readOf(r.page))
	}
}

func find(root *html.Node, is func(*html.Node) bool) *html.Node {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && is(n) {
			return n
		}
	}
	return nil
}

// readOf is what a node says, with single spaces.
func readOf(n *html.Node) string {
	var words []string
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.Data != "script" && d.Parent.Data != "style" {
			words = append(words, strings.Fields(d.Data)...)
		}
	}
	return strings.Join(words, " ")
}

// The whole way of a trainee, what a partner's HR checks and how a coordinator begins a
// cohort, for someone whose browser runs no scripts.
func TestEveryoneGetsThereWithoutScripts(t *testing.T) {
	onBoth(t, func(t *testing.T, a *app.Academy) {
		t.Run("trainee", func(t *testing.T) { traineeWithoutScripts(t, a) })
		code, file := graduateWithoutScripts(t, a)
		t.Run("HR", func(t *testing.T) { hrWithoutScripts(t, a, code, file) })
		t.Run("coordinator", func(t *testing.T) { coordinatorWithoutScripts(t, a) })
	})
}

func traineeWithoutScripts(t *testing.T, a *app.Academy) {
	r := newReader(t, a)
	r.signsIn("trainee")
	r.says("Tasha", "Next session", "Your way to the certificate")
	r.follow("Course")
	r.says("Read next")
	r.followTo("/modules/")
	r.says("After this you can", "You have come to the end")
	module := r.path
	r.press("Keep my place and pause", "section", "2")
	r.says("Your place is kept")
	r.follow("Go on reading")
	r.says("You stopped at")
	r.press("Mark as done")
	r.open(module)
	r.says("You have done this module")
	r.follow("Check what you know")
	r.press("Start")
	s, v := staff{t, a, people.Outreach}, people.Seen(signIn(t, a, "trainee").person, people.Outreach, []people.Role{people.Trainee}, nil)
	keys := s.keys(v, assessment.AttemptID(strings.TrimPrefix(r.path, "/attempts/")))
	var answers, one, two []string
	for _, question := range sortedKeys(keys) {
		fields := inForm(question, keys[question])
		switch {
		case len(fields) == 2 && one == nil:
			one = fields
		case len(fields) == 2 && two == nil:
			two = append(slices.Clone(one), fields...)
		}
		answers = append(answers, fields...)
	}
	r.press("Save and stay here", one...)
	r.says("Your answers are saved.", fmt.Sprintf("1 of %d answered", len(keys)))
	r.press("Hand in", two...)
	r.says("Go back")
	r.follow("Go back")
	r.press("Hand in", answers...)
	r.says(fmt.Sprintf("%d of %d right", len(keys), len(keys)), "You passed this check", "Receipt")
	r.open("/")
	r.followTo("/enrolments/")
	r.says("My hours", "Course 144 h", "Line by line")
	r.open("/")
	r.follow("All that the course asks")
	r.says("My way to the certificate")
}

// inForm is an answer as the fields of an attempt's form hold it.
func inForm(question string, answer assessment.Answer) (fields []string) {
	for _, choice := range answer.Choices {
		fields = append(fields, "a."+question, fmt.Sprint(choice))
	}
	for _, text := range answer.Texts {
		fields = append(fields, "t."+question, text)
	}
	for _, pair := range answer.Pairs {
		fields = append(fields, "p."+question, fmt.Sprintf("%d-%d", pair[0], pair[1]))
	}
	return fields
}

// graduateWithoutScripts makes a copy and keeps its PDF; it gives what an employer is given.
func graduateWithoutScripts(t *testing.T, a *app.Academy) (code string, file []byte) {
	r := newReader(t, a)
	r.signsIn("graduate")
	r.follow("Open it and make a copy")
	page := r.path
	r.press("Make the copy", "label", "The county", "language", "both")
	if err := a.Jobs.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.open(page)
	card := find(r.page, func(n *html.Node) bool {
		return n.Data == "section" && strings.HasPrefix(readOf(n), "The county")
	})
	if card == nil {
		t.Fatalf("no copy for the county:\n%s", readOf(r.page))
	}
	link := find(card, func(n *html.Node) bool { return n.Data == "a" && strings.Contains(attribute(n, "href"), "/c/") })
	_, code, _ = strings.Cut(attribute(link, "href"), "/c/")
	r.follow("Download the PDF: The county")
	if !bytes.HasPrefix(r.file, []byte("%PDF-1.7")) {
		t.Fatalf("the PDF begins with %q", r.file[:min(8, len(r.file))])
	}
	return code, r.file
}

func hrWithoutScripts(t *testing.T, a *app.Academy, code string, file []byte) {
	r := newReader(t, a)
	r.open("/")
	r.follow("Check a certificate")
	cut := strings.LastIndex(code, "-")
	r.press("Check", "number", strings.ToLower(code[:cut]), "share", code[cut+1:])
	r.says("Valid", "Andre Whitfield", "Professional Understanding Training")
	r.press("Save a receipt")
	r.says("Andre Whitfield")
	r.open("/verify")
	r.send("Check", file)
	r.says("Valid", "Andre Whitfield")
	r.signsIn("hr")
	r.followTo("/staff")
	r.says("Andre Whitfield", "Certificate valid")
	r.follow("Download this list")
	if !bytes.Contains(r.file, []byte("Andre Whitfield")) {
		t.Fatalf("the list lacks who is on its page:\n%s", r.file)
	}
}

func coordinatorWithoutScripts(t *testing.T, a *app.Academy) {
	r := newReader(t, a)
	r.signsIn("coordinator")
	r.follow("Cohorts")
	r.follow("Make a cohort")
	r.press("See the sessions first", "edition", r.option("edition", "PUT"),
		"first_day", a.Now().AddDate(0, 0, 21).Format(time.DateOnly), "start", "18:00", "days", "tue", "days", "thu")
	r.says("7 sessions", "Nothing is saved yet")
	r.press("Make the cohort")
	r.says("The cohort is made")
	r.followTo(strings.TrimSuffix(r.path, "/sessions") + "/roster")
	r.follow("People from a file")
	r.send("Read it first", []byte(badFile))
	r.says("2 lines can’t be read. Nothing is saved")
	r.follow("Choose another file")
	r.send("Read it first", []byte(goodFile))
	r.says("3 people get a place")
	r.press("Save 3 places")
	r.says("The people of the file have their places", "María José P.")
}
