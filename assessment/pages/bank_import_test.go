package pages_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"

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
