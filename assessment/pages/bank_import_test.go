package pages_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/assessment/pages"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// sendsFile sends a form with a file, as a page does.
func (h *house) sendsFile(as, path, file string, fields map[string]string) answer {
	h.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	fields["_csrf"] = h.token(as)
	for name, value := range fields {
		h.must(form.WriteField(name, value))
	}
	part, err := form.CreateFormFile("file", "q.<b>txt")
	h.must(err)
	_, err = io.WriteString(part, file)
	h.must(err)
	h.must(form.Close())
	request := httptest.NewRequest("POST", "http://localhost:8080"+path, &body)
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Cookie", "academy="+as)
	response, err := h.app.Test(request)
	h.must(err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	h.must(err)
	return answer{response, string(data)}
}

var undoLink = regexp.MustCompile(`action="(/courses/PUT/questions/imports/[^"]+/removal)"`)

func TestAFileIsLookedAtBeforeItIsTakenInAndUndone(t *testing.T) {
	each(t, func(h *house) {
		h.joins("ana", people.Outreach, people.Author)
		h.joins("ben", people.Outreach, people.Author)
		h.joins("pia", people.LawEnforcement, people.Author)
		const imports = "/courses/PUT/questions/imports"
		h.wants("nothing yet", h.ask("ana", "GET", imports, nil), 200, "Nothing yet.", "See what would happen")
		h.wants("no file", h.sendsFile("ana", imports, "", map[string]string{}), 422, "Choose a file that is not empty.")
		h.wants("no such module", h.sendsFile("ana", imports, "x", map[string]string{"in": "t20"}), 422, "This course has no such module.")
		for who, status := range map[string]int{"ruth": 404, "maya": 404} {
			h.wants(who+" sends", h.sendsFile(who, imports, "Who?{~You =They}\n", map[string]string{}), status)
			h.wants(who+" looks", h.ask(who, "GET", imports, nil), status)
		}
		h.wants("nobody looks", h.ask("nobody", "GET", imports, nil), 303)
		sent := h.sendsFile("ana", imports, "Who?{~You =They}\n\nOpen {\n", map[string]string{"in": "t07"})
		if sent.StatusCode != 303 {
			h.Fatalf("%d %s", sent.StatusCode, sent.body)
		}
		upload := sent.Header.Get("Location")
		h.wants("looked at", h.ask("ana", "GET", upload, nil), 200, "New: 1", "Left out: 1", "Line 3", "not closed", "read as GIFT", "!<b>txt")
		h.wants("nothing is stored", h.ask("ana", "GET", "/courses/PUT/questions", nil), 200, "No questions yet")
		for who, status := range map[string]int{"ben": 404, "pia": 404, "maya": 404, "ruth": 404} {
			h.wants(who+" looks at ana's", h.ask(who, "GET", upload, nil), status)
			h.wants(who+" takes ana's in", h.ask(who, "POST", upload, url.Values{}), status)
		}
		if a := h.ask("ana", "POST", upload, url.Values{}); a.StatusCode != 303 {
			h.Errorf("%d %s", a.StatusCode, a.body)
		}
		h.wants("taken in once", h.ask("ana", "POST", upload, url.Values{}), 404)
		list := h.ask("ana", "GET", imports, nil)
		h.wants("told", list, 200, "New: 1 · Changed: 0 · Known: 0 · Left out: 1", "ana L.", "1 new questions go")
		undo := undoLink.FindStringSubmatch(list.body)[1]
		for who, status := range map[string]int{"pia": 404, "maya": 404, "ruth": 404} {
			h.wants(who+" undoes", h.ask(who, "POST", undo, url.Values{}), status)
		}
		if a := h.ask("ben", "POST", undo, url.Values{}); a.StatusCode != 303 {
			h.Errorf("undone: %d", a.StatusCode)
		}
		h.wants("undone", h.ask("ana", "GET", imports, nil), 200, "Undone", "!Yes, undo it")
		again := h.sendsFile("ana", imports, "Who?{~You =They}\n", map[string]string{}).Header.Get("Location")
		h.at = h.at.AddDate(0, 0, 2)
		h.wants("after a day", h.ask("ana", "GET", again, nil), 404)
		h.must(h.ForgetUploads(h.Context()))
		var left int
		h.must(h.db.NewRaw(`SELECT COUNT(*) FROM bank_uploads`).Scan(h.Context(), &left))
		if left != 0 {
			h.Errorf("%d files are kept", left)
		}
	})
}

func TestALongFileShowsHowFarItIsAndWhatWasStored(t *testing.T) {
	each(t, func(h *house) {
		h.joins("ana", people.Outreach, people.Author)
		h.joins("ben", people.Outreach, people.Author)
		const imports = "/courses/PUT/questions/imports"
		var file strings.Builder
		for n := range 250 {
			fmt.Fprintf(&file, "[plain]Who speaks in <script>circle %d?{~You =They}\n\n", n)
		}
		upload := h.sendsFile("ana", imports, file.String(), map[string]string{}).Header.Get("Location")
		first := h.ask("ana", "GET", upload, nil)
		h.wants("the first page", first, 200, "New: 250", "circle 49?", "!circle 50?", "in &lt;script&gt;circle", "!<script>circle", "goes on by itself", "?from=50")
		h.wants("the last page", h.ask("ana", "GET", upload+"?from=200", nil), 200, "New: 250", "circle 200?", "circle 249?", "!?from=250")
		h.wants("behind it", h.ask("ana", "GET", upload+"?from=99999", nil), 200, "New: 250", "!circle 2")
		h.wants("ben takes ana's in", h.ask("ben", "POST", upload, url.Values{}), 404)
		if a := h.ask("ana", "POST", upload, url.Values{}); a.StatusCode != 303 {
			h.Fatalf("%d %s", a.StatusCode, a.body)
		}
		h.wants("taken in once", h.ask("ana", "POST", upload, url.Values{}), 404)
		h.wants("no longer looked at", h.ask("ana", "GET", upload, nil), 404)
		going := h.ask("ben", "GET", imports, nil)
		h.wants("on its way", going, 200, "<progress", "0 of 250 questions looked at.", "You can leave this page", "!Undo", "!Stop and undo")
		if going.Header.Get("Refresh") != "3" {
			h.Errorf("comes back after %q", going.Header.Get("Refresh"))
		}
		h.at = h.at.AddDate(0, 0, 2)
		h.must(h.ForgetUploads(h.Context()))
		slow := h.ask("ben", "GET", imports, nil)
		h.wants("it takes long", slow, 200, "Stop and undo", "longer than it should")
		if slow.Header.Get("Refresh") != "60" {
			h.Errorf("comes back after %q", slow.Header.Get("Refresh"))
		}
		h.must(h.takesIn())
		whole := h.ask("ana", "GET", imports, nil)
		h.wants("whole", whole, 200, "New: 250 · Changed: 0", "250 new questions go", "!<progress")
		if whole.Header.Get("Refresh") != "" {
			h.Error("a page comes back that has nothing to wait for")
		}
		h.wants("undone", h.ask("ben", "POST", undoLink.FindStringSubmatch(whole.body)[1], url.Values{}), 303)
		h.wants("nothing is left", h.ask("ana", "GET", "/courses/PUT/questions", nil), 200, "No questions yet")
	})
}

// takesIn does the work that waits for long files, as the outbox does.
func (h *house) takesIn() error {
	var payload string
	if err := h.db.NewRaw(`SELECT payload FROM outbox WHERE kind = ?`, assessment.TakeInWork).Scan(h.Context(), &payload); err != nil {
		return err
	}
	for _, job := range pages.Jobs(h.Store) {
		if job.Kind == assessment.TakeInWork {
			return job.Run(h.Context(), []byte(payload))
		}
	}
	return errors.New("nobody takes long files in")
}
