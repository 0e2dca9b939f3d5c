package pages_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/certtest"
	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/certificates/pages"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// house is an Academy with a door. Each of its people holds their first name as a session
// token and as an API token: tasha, who holds a certificate; luz, who waits for the
// decision and reads Spanish; ines, who teaches both; cora and dora, who coordinate and
// direct outreach; don, who directs the other side.
type house struct {
	*certtest.Academy
	app     *web.App
	seen    map[string]people.Presence
	visitor []*http.Cookie // of who is not signed in

	class certtest.Class // of tasha and luz
	made  certificates.Certificate
	copy  certificates.Copy
}

func each(t *testing.T, body func(h *house)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) { body(newHouse(t, db)) }, certtest.Migrations...)
}

func newHouse(t *testing.T, db *bun.DB, options ...func(*certificates.Issuer)) *house {
	t.Helper()
	h := &house{Academy: certtest.New(t, db, options...), seen: map[string]people.Presence{}}
	h.meet("tasha", "en", h.Person(people.Outreach, "Tasha Reyes", people.Trainee))
	h.meet("luz", "es", h.Person(people.Outreach, "Luz Marín", people.Trainee))
	h.meet("cora", "en", h.Person(people.Outreach, "Cora Hill", people.Coordinator))
	h.meet("dora", "en", h.Person(people.Outreach, "Dora Lake", people.Director))
	h.meet("don", "en", h.Person(people.LawEnforcement, "Don Park", people.Director))
	h.class = h.Class(people.Outreach, h.viewer("tasha"), h.viewer("luz"))
	h.meet("ines", "en", h.class.Instructor)
	h.made = h.Graduate(h.class.Enrolments[0], people.Outreach)
	copies, err := h.Certificates.Copies(t.Context(), h.viewer("tasha"), h.made.ID)
	h.Ok(err)
	h.copy = copies[0]
	h.openDoor(certtest.BaseURL)
	return h
}

// openDoor mounts the room at an address.
func (h *house) openDoor(base string) {
	h.Helper()
	var err error
	h.app, err = web.New(web.Options{
		BaseURL: base, Key: []byte("0123456789abcdef0123456789abcdef"), Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Presence: h.presence,
		ByAPIToken: func(ctx context.Context, token string) (people.Presence, []string, error) {
			p, err := h.presence(ctx, token)
			return p, []string{"read", "certificates"}, err
		},
		Words: []fs.FS{certificates.Words, cohorts.Words},
	})
	h.Ok(err)
	pages.Routes(h.app, h.Certificates, h.Cohorts)
	pages.API(h.app.API(), h.Certificates)
}

func (h *house) presence(_ context.Context, token string) (people.Presence, error) {
	if p, ok := h.seen[token]; ok {
		return p, nil
	}
	return people.Presence{}, fault.NotFound
}

func (h *house) meet(token, language string, v people.Viewer) {
	h.seen[token] = people.Presence{Viewer: v, Name: token, Language: language, Home: v.Sector(), Standings: []people.Sector{v.Sector()}}
}

func (h *house) viewer(token string) people.Viewer { return h.seen[token].Viewer }

// page is an answer as a reader gets it.
type page struct {
	status int
	header http.Header
	body   string
}

func (p page) has(h *house, what string, texts ...string) {
	h.Helper()
	for _, text := range texts {
		if !strings.Contains(p.body, text) {
			h.Errorf("%s (%d) lacks %q:\n%s", what, p.status, text, words(p.body))
		}
	}
	if key := regexp.MustCompile(`certificates\.[a-z_]+\.[a-z_.]+`).FindString(p.body); key != "" {
		h.Errorf("%s shows the key %s", what, key)
	}
}

func (p page) lacks(h *house, what string, texts ...string) {
	h.Helper()
	for _, text := range texts {
		if strings.Contains(p.body, text) {
			h.Errorf("%s holds %q", what, text)
		}
	}
}

var tags = regexp.MustCompile(`(?s)<head>.*?</head>|<[^>]*>|\s+`)

func words(body string) string { return tags.ReplaceAllString(body, " ") }

// send asks for an address as somebody ("" for nobody), with a form where there is one.
func (h *house) send(who, method, path string, form url.Values, more ...string) page {
	h.Helper()
	var body io.Reader
	kind := ""
	if form != nil {
		form.Set("_csrf", h.csrf(who))
		body, kind = strings.NewReader(form.Encode()), "application/x-www-form-urlencoded"
	}
	return h.request(who, method, path, body, kind, more...)
}

func (h *house) get(who, path string, more ...string) page {
	h.Helper()
	return h.send(who, http.MethodGet, path, nil, more...)
}

func (h *house) post(who, path string, pairs ...string) page {
	h.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return h.send(who, http.MethodPost, path, form)
}

func (h *house) request(who, method, path string, body io.Reader, kind string, more ...string) page {
	h.Helper()
	r := httptest.NewRequest(method, certtest.BaseURL+path, body)
	r.Header.Set("Accept", "text/html")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if who != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-academy", Value: who})
	}
	for _, c := range h.visitor {
		r.AddCookie(c)
	}
	for i := 0; i < len(more); i += 2 {
		r.Header.Set(more[i], more[i+1])
	}
	answer, err := h.app.Test(r)
	h.Ok(err)
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	h.Ok(err)
	return page{answer.StatusCode, answer.Header, string(raw)}
}

var tokenPattern = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// csrf is the form token of a session, or of a visitor with the cookie that goes with it.
func (h *house) csrf(who string) string {
	h.Helper()
	r := httptest.NewRequest(http.MethodGet, certtest.BaseURL+"/trust", nil)
	if who != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-academy", Value: who})
	}
	for _, c := range h.visitor {
		r.AddCookie(c)
	}
	answer, err := h.app.Test(r)
	h.Ok(err)
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	h.Ok(err)
	if set := answer.Cookies(); who == "" && len(set) > 0 {
		h.visitor = set
	}
	found := tokenPattern.FindSubmatch(raw)
	if found == nil {
		h.Fatalf("no form token for %q", who)
	}
	return string(found[1])
}

// upload sends a file as nobody.
func (h *house) upload(path string, file []byte, more ...string) page {
	h.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	h.Ok(w.WriteField("_csrf", h.csrf("")))
	part, err := w.CreateFormFile("file", "a name.pdf")
	h.Ok(err)
	_, err = part.Write(file)
	h.Ok(err)
	h.Ok(w.Close())
	return h.request("", http.MethodPost, path, &body, w.FormDataContentType(), more...)
}

func (h *house) status(what string, p page, want int) {
	h.Helper()
	if p.status != want {
		h.Errorf("%s: %d, want %d: %s", what, p.status, want, words(p.body))
	}
}

func TestEveryPageIsForItsPeopleAlone(t *testing.T) {
	each(t, func(h *house) {
		own, luz := "/certificates/"+string(h.made.ID), string(h.class.Enrolments[1])
		for _, row := range []struct {
			path  string
			right []string
			wrong []string
		}{
			{"/certificates", []string{"tasha", "luz", "dora"}, nil},
			{own, []string{"tasha"}, []string{"luz", "dora", "don"}},
			{"/copies/" + string(h.copy.ID) + "/certificate.pdf", []string{"tasha"}, []string{"luz", "dora", "don"}},
			{"/enrolments/" + luz + "/checklist", []string{"luz", "ines", "cora", "dora"}, []string{"tasha", "don"}},
			{"/cohorts/" + string(h.class.Cohort) + "/graduation", []string{"ines", "cora", "dora"}, []string{"luz", "don"}},
			{"/register", []string{"cora", "dora", "don"}, []string{"tasha", "ines"}},
			{"/register/" + string(h.made.ID), []string{"cora", "dora"}, []string{"tasha", "ines", "don"}},
		} {
			for _, who := range row.right {
				p := h.get(who, row.path)
				h.status(who+" "+row.path, p, 200)
				p.has(h, row.path)
			}
			for _, who := range row.wrong {
				p := h.get(who, row.path)
				h.status(who+" "+row.path, p, 404)
				never := h.get(who, strings.NewReplacer(string(h.made.ID), "never", string(h.copy.ID), "never", luz, "never", string(h.class.Cohort), "never").Replace(row.path))
				if never.status != p.status || csrfless(never.body) != csrfless(p.body) {
					h.Errorf("%s %s is told from what never was", who, row.path)
				}
			}
			if p := h.get("", row.path); p.status != 303 || !strings.HasPrefix(p.header.Get("Location"), "/sign-in") {
				h.Errorf("nobody at %s: %d to %s", row.path, p.status, p.header.Get("Location"))
			}
		}
	})
}

var changing = regexp.MustCompile(`name="_csrf" value="[^"]+"|name="next" value="[^"]*"`)

func csrfless(body string) string { return changing.ReplaceAllString(body, "") }

func TestADirectorDecidesOnAChecklist(t *testing.T) {
	each(t, func(h *house) {
		luz, cohort := string(h.class.Enrolments[1]), string(h.class.Cohort)
		h.get("luz", "/enrolments/"+luz+"/checklist").has(h, "her own", "Mi camino al certificado", "1 de 1 módulos requeridos hechos", "Ahora decide la dirección")
		h.get("dora", "/enrolments/"+luz+"/checklist").has(h, "the director's", "Luz", "2\u00a0h of 2\u00a0h confirmed", "Graduate and issue")
		h.get("cora", "/enrolments/"+luz+"/checklist").lacks(h, "the coordinator's", "Graduate and issue")
		h.get("dora", "/cohorts/"+cohort+"/graduation").has(h, "the cohort", "1 of 2 is ready", "Graduate and issue", "Issued")
		for who, want := range map[string]int{"cora": 403, "ines": 403, "luz": 403, "tasha": 404, "don": 404} {
			h.status(who+" decides", h.post(who, "/enrolments/"+luz+"/decision"), want)
		}
		p := h.post("dora", "/enrolments/"+luz+"/decision")
		if p.status != 303 || !strings.HasPrefix(p.header.Get("Location"), "/register/") {
			h.Fatalf("%d to %s", p.status, p.header.Get("Location"))
		}
		h.get("dora", p.header.Get("Location")).has(h, "the register", "Luz Marín", "Done. This is how it stands now.", "Dora Lake")
		h.Exec(`DELETE FROM practical_records WHERE enrolment_id = ?`, luz)
		h.get("cora", "/enrolments/"+luz+"/checklist").has(h, "the frozen picture", "As it stood when it was decided", "1 of 1 practical skills shown", "the certificate is issued")
		h.get("dora", "/cohorts/"+cohort+"/graduation").has(h, "all decided", "0 of 2 are ready.", "2 have the certificate.")
		h.status("again", h.post("dora", "/enrolments/"+luz+"/decision"), 409)
		h.get("luz", "/certificates").has(h, "her certificates", "Comprensión profesional", "1 copia compartida")
	})
}

func TestAnOpenLineIsToldInWords(t *testing.T) {
	each(t, func(h *house) {
		luz := string(h.class.Enrolments[1])
		h.Exec(`UPDATE sessions SET state = 'closed' WHERE cohort_id = ?`, h.class.Cohort)
		h.Exec(`DELETE FROM practical_records WHERE enrolment_id = ?`, luz)
		h.Exec(`UPDATE readings SET done_at = NULL WHERE person_id = ?`, h.viewer("luz").Person())
		p := h.get("ines", "/enrolments/"+luz+"/checklist")
		p.has(h, "ways to mend it", `href="/enrolments/`+luz+`"`, `href="/enrolments/`+luz+`/practicals"`)
		p.has(h, "checklist", "wait for a second person", "0 of 1 practical skills shown", "Still open: Keeping a circle.", "Still open: De-escalation.", "Knowledge checks at 100%, 70% needed")
		h.get("dora", "/cohorts/"+string(h.class.Cohort)+"/graduation").has(h, "cohort", "2\u00a0h · 1 module · 1 practical")
		p = h.post("dora", "/enrolments/"+luz+"/decision")
		h.status("deciding", p, 422)
		p.has(h, "deciding", "Something on the checklist is still open")
	})
}

func TestHolderMakesAndEndsACopy(t *testing.T) {
	each(t, func(h *house) {
		own := "/certificates/" + string(h.made.ID)
		p := h.post("tasha", own+"/copies", "label", "", "name", "legal", "language", "en", "line", "x")
		h.status("without a label", p, 422)
		p.has(h, "without a label", "Say who this copy is for", `value="x"`)
		p = h.post("tasha", own+"/copies", "label", "<script>alert(1)</script>", "name", "chosen", "language", "both", "ends_on", "2027-01-31", "line", "y")
		h.status("made", p, 303)
		p = h.get("tasha", p.header.Get("Location"))
		p.has(h, "made", "&lt;script&gt;alert(1)", "This copy is being drawn", "31 Jan 2027", "English and Spanish")
		p.lacks(h, "made", "<script>alert")
		if p.header.Get("Refresh") != "3; url="+own {
			h.Error("the page does not look again")
		}
		h.Work()
		p = h.get("tasha", own)
		if p.header.Get("Refresh") != "" {
			h.Error("the page looks again for ever")
		}
		copies, err := h.Certificates.Copies(h.Context(), h.viewer("tasha"), h.made.ID)
		h.Ok(err)
		p.has(h, "drawn", "/copies/"+string(copies[0].ID)+"/certificate.pdf", "/c/"+string(h.made.Number)+"-"+string(copies[0].Share))
		file := h.get("tasha", "/copies/"+string(copies[0].ID)+"/certificate.pdf")
		if file.header.Get("Content-Disposition") != `attachment; filename="certificate.pdf"` || !strings.HasPrefix(file.body, "%PDF-") {
			h.Errorf("%v", file.header)
		}
		h.status("another ends it", h.post("luz", "/copies/"+string(copies[0].ID)+"/ending"), 404)
		h.status("nobody ends it", h.post("", "/copies/"+string(copies[0].ID)+"/ending"), 403)
		h.status("ended", h.post("tasha", "/copies/"+string(copies[0].ID)+"/ending"), 303)
		h.get("tasha", own).has(h, "ended", "1 ended copy", "Ended 1 Dec 2026")
		h.status("ended again", h.post("tasha", "/copies/"+string(copies[0].ID)+"/ending"), 409)
	})
}

func TestACheckByNumberIsSeenByTheHolder(t *testing.T) {
	each(t, func(h *house) {
		p := h.post("", "/verify", "number", strings.ToLower(string(h.made.Number)), "share", string(h.copy.Share))
		h.status("check", p, 200)
		p.has(h, "check", "Valid", "Tasha Reyes", "Professional Understanding", "3 Nov 2026", "1 Dec 2028", "12:00\u00a0pm, Chicago time", "Calm under pressure",
			"If their ID shows another", "practical skills observed by an instructor", "Not revoked, not replaced", "<title>Check a certificate · Peace Academy</title>")
		for header, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"} {
			if got := p.header.Get(header); got != want {
				h.Errorf("%s: %q", header, got)
			}
		}
		for _, code := range []string{h.copyCode(), strings.ToLower(h.copyCode())} {
			h.get("", "/c/"+code).has(h, "by QR", "Valid", "Tasha Reyes")
		}
		h.get("tasha", "/certificates/"+string(h.made.ID)).has(h, "her page", "By number", "By QR code")
		receipt := regexp.MustCompile(`name="receipt" value="([^"]+)"`).FindStringSubmatch(p.body)
		if receipt == nil {
			h.Fatal("no receipt")
		}
		h.post("", "/verify/receipts", "receipt", receipt[1], "as", "page").has(h, "receipt", "Receipt of a check", "Tasha Reyes", "R-")
		data := h.post("", "/verify/receipts", "receipt", receipt[1], "as", "json")
		var filed certificates.Receipt
		h.Ok(json.Unmarshal([]byte(data.body), &filed))
		if filed.Verdict != "valid" || filed.Certificate != string(h.made.Number) || filed.Seal == "" {
			h.Errorf("%+v", filed)
		}
		filed.Name = "Someone Else"
		forged, err := filed.Token()
		h.Ok(err)
		h.status("a forged receipt", h.post("", "/verify/receipts", "receipt", forged, "as", "page"), 404)
	})
}

func (h *house) copyCode() string { return string(h.made.Number) + "-" + string(h.copy.Share) }

func TestWhatIsTypedWronglyIsToldBesideItsField(t *testing.T) {
	each(t, func(h *house) {
		n := string(h.made.Number)
		slip := n[:len(n)-1] + map[bool]string{true: "8", false: "7"}[strings.HasSuffix(n, "7")]
		p := h.post("", "/verify", "number", slip, "share", "<script>")
		h.status("slip", p, 422)
		p.has(h, "slip", "A digit of this number is wrong", "A share code has eight letters", "&lt;script&gt;", slip)
		h.status("slip in the QR", h.get("", "/c/"+slip+"-"+string(h.copy.Share)), 422)
		h.status("nothing", h.get("", "/c/hello"), 422)
		h.status("in capitals, as the QR code carries it", h.get("", "/C/HELLO"), 422)
		p = h.upload("/verify", nil)
		h.status("no file", p, 422)
		p.has(h, "no file", "Choose the file that you received")
		h.status("too big", h.upload("/verify", bytes.Repeat([]byte("x"), 6<<20)), 413)
	})
}

func TestWhatAnswersNothingIsOnePage(t *testing.T) {
	each(t, func(h *house) {
		other := string(h.made.Number) + "-00000000"
		wrong := h.get("", "/c/"+other)
		wrong.has(h, "a wrong code", "Can", "Ask the holder.")
		h.Ok(h.Certificates.EndCopy(h.Context(), h.viewer("tasha"), h.copy.ID))
		ended := h.get("", "/c/"+h.copyCode())
		normal := func(s string) string {
			s = regexp.MustCompile(`name="receipt" value="[^"]+"`).ReplaceAllString(csrfless(s), "")
			return strings.NewReplacer(other, "", h.copyCode(), "").Replace(s)
		}
		if ended.status != wrong.status || normal(ended.body) != normal(wrong.body) {
			h.Error("an ended copy is told from a wrong code")
		}
	})
}

func TestEveryVerdictHasItsPageInBothLanguages(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.Context()
		file := h.File(h.viewer("tasha"), h.copy.ID)
		signed, err := h.Certificates.Credential(ctx, h.viewer("tasha"), h.copy.ID, "")
		h.Ok(err)
		elsewhere := certtest.New(h.T, dbtest.Open(h.T, "sqlite", certtest.Migrations...))
		v, _, other := elsewhere.Graduates(people.Outreach, "Tasha Reyes")
		for _, row := range []struct {
			verdict credential.Verdict
			do      func()
			file    []byte
			en, es  string
			named   bool
		}{
			{credential.Valid, nil, file, "genuine and current", "auténtico y está vigente", true},
			{credential.ValidFileAltered, nil, append(bytes.Clone(file), '\n'), "The page around it is not the one", "La página que los rodea no es", true},
			{credential.Tampered, nil, bytes.Replace(signed, []byte("Reyes"), []byte("Rey"), 1), "not what we signed", "no es lo que firmamos", false},
			{credential.NotOurs, nil, elsewhere.File(v, other.ID), "did not sign it", "no la firmó", false},
			{credential.NoCredential, nil, []byte(`{"a":1}`), "a scan or a print", "un escaneo o una impresión", false},
			{credential.Unreadable, nil, []byte("hello"), "not a PDF or JSON file", "no es un PDF o JSON", false},
			{credential.NotYetValid, func() { h.Turn("2026-12-01 11:00") }, file, "It begins on 1 Dec 2026", "Comienza el 1 dic 2026", true},
			{credential.Expired, func() { h.Turn("2028-12-02 09:00") }, file, "valid until 1 Dec 2028", "hasta el 1 dic 2028", true},
			{credential.OnHold, func() {
				h.Turn("2026-12-02 09:00")
				h.status("hold", h.post("dora", "/certificates/"+string(h.made.ID)+"/hold", "reason", "under_review"), 303)
			},
				file, "since 2 Dec 2026", "desde el 2 dic 2026", true},
			{credential.NotShared, func() {
				h.status("release", h.post("dora", "/certificates/"+string(h.made.ID)+"/release", "reason", "settled"), 303)
				h.Ok(h.Certificates.EndCopy(ctx, h.viewer("tasha"), h.copy.ID))
			}, file, "has ended this copy; ask for a new one", "terminó esta copia", false},
			{credential.Superseded, func() { h.Exec(`UPDATE certificates SET standing = 'superseded'`) }, file, "took the place of this one", "tomó el lugar de este", true},
			{credential.Revoked, func() {
				h.Exec(`UPDATE certificates SET standing = 'valid'`)
				h.status("revoke", h.post("dora", "/certificates/"+string(h.made.ID)+"/revocation", "reason", "misuse"), 303)
			}, file, "took this certificate back on 2 Dec 2026", "retiró este certificado el 2 dic 2026", true},
			{credential.Unknown, func() { h.Exec(`UPDATE certificates SET number = 'gone'`) }, file, "We can’t confirm this", "No podemos confirmar esto", false},
		} {
			if row.do != nil {
				row.do()
			}
			for language, sentence := range map[string]string{"en": row.en, "es": row.es} {
				p := h.upload("/verify", row.file, "Accept-Language", language)
				h.status(string(row.verdict), p, 200)
				p.has(h, string(row.verdict)+" in "+language, sentence)
				if strings.Contains(p.body, "Tasha Reyes") != row.named {
					h.Errorf("%s: named %v", row.verdict, !row.named)
				}
				p.lacks(h, string(row.verdict), "misused", "under_review", "looked into")
			}
		}
	})
}

func TestOnlyADirectorChangesAStanding(t *testing.T) {
	each(t, func(h *house) {
		at := "/certificates/" + string(h.made.ID)
		for _, act := range []string{"/revocation", "/hold", "/release"} {
			for who, want := range map[string]int{"tasha": 403, "cora": 403, "luz": 404, "don": 404, "ines": 404, "": 403} {
				h.status(who+act, h.post(who, at+act, "reason", "holder_asked"), want)
			}
		}
		p := h.post("dora", at+"/revocation")
		h.status("no reason", p, 422)
		p.has(h, "no reason", "Choose a reason")
		h.status("revoked", h.post("dora", at+"/revocation", "reason", "name_not_theirs"), 303)
		h.get("cora", "/register/"+string(h.made.ID)).has(h, "lines", "The name is not theirs", "Dora Lake", "Revoked")
		h.get("dora", "/register/"+string(h.made.ID)).lacks(h, "nothing more to do", "/revocation")
		h.get("tasha", "/certificates").has(h, "hers", "Revoked")
		h.get("dora", "/cohorts/"+string(h.class.Cohort)+"/graduation").has(h, "the class", "Revoked")
		h.get("ines", "/enrolments/"+string(h.class.Enrolments[0])+"/checklist").has(h, "the checklist", "It stands now: Revoked", "As it stood when it was decided")
	})
}

func TestTheRegisterFindsByNumberAlone(t *testing.T) {
	each(t, func(h *house) {
		p := h.get("dora", "/register?number="+url.QueryEscape(strings.ToLower(string(h.made.Number))))
		if p.header.Get("Location") != "/register/"+string(h.made.ID) {
			h.Errorf("%d to %s", p.status, p.header.Get("Location"))
		}
		h.get("dora", "/register?number=Tasha").has(h, "by name", "No certificate in your sector has this number")
		h.get("don", "/register?number="+string(h.made.Number)).has(h, "another side's", "No certificate in your sector has this number")
		h.get("don", "/register").has(h, "another side's", "No certificate was issued yet")
	})
}

func TestMachinesGetWhatTheyNeed(t *testing.T) {
	each(t, func(h *house) {
		id := string(h.copy.ID)
		for path, want := range map[string]int{
			"/credentials/" + id: 404, "/credentials/" + id + "?share=" + string(h.copy.Share): 200, "/credentials/" + id + "?share=00000000": 404,
			"/credentials/never": 404, "/status/revocation/1": 200, "/status/revocation/2": 404, "/status/revocation/x": 404,
			"/achievements/PUT/2026": 200, "/achievements/PUT/1999": 404, "/.well-known/did.json": 200, "/trust": 200, "/trust/authority.pem": 404, "/verify": 200,
		} {
			h.status(path, h.get("", path), want)
		}
		h.status("the holder", h.get("tasha", "/credentials/"+id), 200)
		h.status("a director", h.get("dora", "/credentials/"+id), 404)
		var achievement struct {
			ID   string   `json:"id"`
			Kind string   `json:"achievementType"`
			Tag  []string `json:"tag"`
		}
		p := h.get("", "/achievements/PUT/2026", "Accept", "application/ld+json")
		h.Ok(json.Unmarshal([]byte(p.body), &achievement))
		if achievement.ID != certtest.BaseURL+"/achievements/PUT/2026" || achievement.Kind != "CertificateOfCompletion" || len(achievement.Tag) != 2 || p.header.Get("Access-Control-Allow-Origin") != "*" {
			h.Errorf("%+v", achievement)
		}
		p.lacks(h, "achievement", "T07", "De-escalation", "outreach")
		h.get("", "/achievements/PUT/2026").lacks(h, "achievement", "T07", "De-escalation", "utreach")
	})
}

func TestTheAPIAnswersAsTheContractSays(t *testing.T) {
	each(t, func(h *house) {
		var mine []struct {
			Number, Course, Standing, Issued string
			ValidUntil                       *string
			Copies                           []struct {
				Share, Label, PDF string
				Ends              *string
			}
		}
		p := h.get("", "/api/v1/certificates", "Authorization", "Bearer tasha")
		h.Ok(json.Unmarshal([]byte(p.body), &mine))
		if len(mine) != 1 || mine[0].Number != string(h.made.Number) || mine[0].Course != "PUT" || mine[0].Standing != "valid" || mine[0].Issued != "2026-12-01" ||
			*mine[0].ValidUntil != "2028-12-01" || len(mine[0].Copies) != 1 || mine[0].Copies[0].Share != string(h.copy.Share) || mine[0].Copies[0].Ends != nil {
			h.Fatalf("%s", p.body)
		}
		file := h.get("", strings.TrimPrefix(mine[0].Copies[0].PDF, certtest.BaseURL), "Authorization", "Bearer tasha")
		if file.status != 200 || file.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(file.body, "%PDF-") {
			h.Errorf("%d %v", file.status, file.header)
		}
		h.status("another's file", h.get("", strings.TrimPrefix(mine[0].Copies[0].PDF, certtest.BaseURL), "Authorization", "Bearer dora"), 404)
		h.status("without a token", h.get("", "/api/v1/certificates"), 401)
		if other := h.get("", "/api/v1/certificates", "Authorization", "Bearer luz"); strings.TrimSpace(other.body) != "[]" {
			h.Errorf("%s", other.body)
		}

		type verdict struct {
			Verdict    string
			CheckedAt  string
			Checks     []struct{ Step, Detail string }
			Credential json.RawMessage
		}
		read := func(p page) (v verdict) {
			h.Helper()
			h.status("verify", p, 200)
			h.Ok(json.Unmarshal([]byte(p.body), &v))
			return v
		}
		if v := read(h.get("", "/api/v1/verify/"+h.copyCode())); v.Verdict != "valid" || len(v.Checks) != 11 || !bytes.Contains(v.Credential, []byte("Tasha Reyes")) {
			h.Errorf("%+v", v)
		}
		if v := read(h.get("", "/api/v1/verify/"+string(h.made.Number)+"-00000000")); v.Verdict != "unknown" || string(v.Credential) != "null" {
			h.Errorf("%+v", v)
		}
		h.status("a slip", h.get("", "/api/v1/verify/hello"), 422)
		pdf := h.File(h.viewer("tasha"), h.copy.ID)
		if v := read(h.upload("/api/v1/verify", pdf)); v.Verdict != "valid" {
			h.Errorf("%+v", v)
		}
		signed, err := h.Certificates.Credential(h.Context(), h.viewer("tasha"), h.copy.ID, "")
		h.Ok(err)
		if v := read(h.upload("/api/v1/verify", bytes.Replace(signed, []byte("Tasha"), []byte("Sasha"), 1))); v.Verdict != "tampered" || string(v.Credential) != "null" {
			h.Errorf("%+v", v)
		}
	})
}

func TestAListIsCheckedAndItsFileIsNoFormula(t *testing.T) {
	each(t, func(h *house) {
		list := "number,share\n" + string(h.made.Number) + "," + string(h.copy.Share) + "\n" + strings.ToLower(string(h.made.Number)) + ";00000000\n=cmd|' /C calc'!A0\n\n"
		p := h.post("", "/verify/list", "list", list)
		h.status("list", p, 200)
		p.has(h, "list", "3 lines.", "Tasha Reyes", "Not a number with its code", "Can")
		p = h.post("", "/verify/list", "list", list, "as", "csv")
		p.has(h, "file", "Tasha Reyes", "'=cmd|")
		h.status("nothing", h.post("", "/verify/list", "list", "hello"), 422)
		h.status("too long", h.post("", "/verify/list", "list", strings.Repeat("MPA 1\n", 5001)), 422)
		h.upload("/verify/list", []byte("\ufeff"+list)).has(h, "uploaded", "3 lines.", "Tasha Reyes")
	})
}

func TestADemoMarksEverythingAsASample(t *testing.T) {
	h := newHouse(t, dbtest.Open(t, "sqlite", certtest.Migrations...), func(i *certificates.Issuer) { i.Sample, i.SignPages = true, true })
	h.get("", "/c/"+h.copyCode()).has(h, "check", "SAMPLE")
	h.get("", "/verify").has(h, "verify", "SAMPLE")
	h.get("", "/trust").has(h, "trust", "SHA-256")
	if p := h.get("", "/trust/authority.pem"); !strings.HasPrefix(p.body, "-----BEGIN CERTIFICATE-----") {
		t.Errorf("%s", p.body)
	}
}

func TestChecksFromOneAddressAreLimited(t *testing.T) {
	h := newHouse(t, dbtest.Open(t, "sqlite", certtest.Migrations...))
	last := 0
	for range 200 {
		if last = h.get("", "/c/"+h.copyCode()).status; last != 200 {
			break
		}
	}
	if last != 429 {
		t.Errorf("%d", last)
	}
}
