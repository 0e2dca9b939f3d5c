package pages_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/xuri/excelize/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
)

var (
	hashOf = regexp.MustCompile(`name="hash" value="([0-9a-f]+)"`)
	textOf = regexp.MustCompile(`(?s)<textarea name="text" hidden>(.*?)</textarea>`)
)

func TestAnInstructorSetsAGradeBesideTheComputedOne(t *testing.T) {
	each(t, func(h *house) {
		class, place := "/cohorts/"+string(h.cohort), "/enrolments/"+string(h.enrolments["maya"])
		cell := place + "/grades/quiz.t07"
		h.ask("maya", "POST", h.start("maya", "t07")+"/submission", url.Values{"sure": {"yes"}})
		h.wants("the gradebook", h.ask("ruth", "GET", class+"/gradebook", nil), 200, "maya L.", "luz L.", "!<script>al", "&lt;script&gt;al", `href="`+cell+`"`, `id="g-checks"`, `id="g-practicals"`, "!<title>maya")
		h.wants("by the start of a name", h.ask("ruth", "POST", class+"/gradebook/search", url.Values{"name": {"LU"}}), 200, "luz L.", "!maya L.")
		h.wants("a reason is missing", h.ask("ruth", "POST", cell, url.Values{"kind": {"override"}, "percent": {"101"}, "seen": {"0"}}), 422, "Write a whole number from 0 to 100.", "Choose a reason.", `value="101"`)
		set := url.Values{"kind": {"override"}, "percent": {"85"}, "reason": {"shown_otherwise"}, "words": {"<script>in the room"}, "seen": {"0"}}
		h.wants("set", h.ask("ruth", "POST", cell, set), 303)
		h.wants("its page", h.ask("ruth", "GET", cell+"?done=1", nil), 200, "Saved.", "Best try", "0%", "85%", "Shown in another way", "&lt;script&gt;in the room", "!<script>in", "Try 1", "Use invented people")
		h.wants("another was quicker", h.ask("ruth", "POST", cell, url.Values{"kind": {"excuse"}, "reason": {"other"}, "seen": {"0"}}), 409, "Somebody else changed this")
		h.wants("in the gradebook", h.ask("ruth", "GET", class+"/gradebook", nil), 200, ", set by hand to ", "<strong>85%</strong>")
		h.wants("her lines", h.ask("ruth", "GET", place+"/grades", nil), 200, "<strong>85%</strong>", "Knowledge average: ")
		h.wants("taken back", h.ask("ruth", "POST", cell, url.Values{"kind": {"cleared"}, "reason": {"put_right"}, "seen": {"1"}}), 303)
		h.wants("its lines stay", h.ask("ruth", "GET", cell, nil), 200, "taken back", "85%", "!Set by hand, and counts")
		h.wants("a practical has levels", h.ask("ruth", "GET", place+"/grades/practical.scene-introduction", nil), 200, "practised", "!name=\"percent\"")
		h.wants("no such column", h.ask("ruth", "GET", place+"/grades/quiz.t20", nil), 404)
		h.wants("results say what counts", h.ask("ruth", "GET", class+"/results", nil), 200)
	})
}

// sends uploads a file of grades.
func (h *house) sends(name, path, text string) answer {
	h.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	h.must(form.WriteField("_csrf", h.token(name)))
	file, err := form.CreateFormFile("file", "list.csv")
	h.must(err)
	_, err = file.Write([]byte(text))
	h.must(err)
	h.must(form.Close())
	request := httptest.NewRequest("POST", "http://localhost:8080"+path, &body)
	request.Header.Set("Cookie", "academy="+name)
	request.Header.Set("Content-Type", form.FormDataContentType())
	response, err := h.app.Test(request)
	h.must(err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	h.must(err)
	return answer{response, string(data)}
}

func TestAFileOfGradesIsShownBeforeItIsTakenIn(t *testing.T) {
	each(t, func(h *house) {
		class := "/cohorts/" + string(h.cohort) + "/gradebook"
		file := h.ask("ruth", "GET", class+"/file", nil)
		if got := file.Header.Get("Content-Disposition"); file.StatusCode != 200 || got != `attachment; filename="list.csv"` {
			h.Fatalf("%d %s", file.StatusCode, got)
		}
		h.wants("as it went out", h.sends("ruth", class+"/import", file.body), 200, "Nothing in this file is new.", "!Take in")
		h.wants("another table", h.sends("ruth", class+"/import", "a,b\n1,2\n"), 422, "no file of grades")
		maya := string(h.enrolments["maya"])
		line := regexp.MustCompile(`(?m)^` + maya + `,([^\n]*quiz\.t07[^\n]*),(\r?)$`)
		changed := line.ReplaceAllString(file.body, maya+",$1,90$2")
		if changed == file.body {
			h.Fatalf("no line of hers in %q", file.body)
		}
		preview := h.sends("ruth", class+"/import", changed)
		h.wants("preview", preview, 200, "1 value will change", "Take in 1 value", "maya L.", "<strong>90%</strong>")
		hash, text := hashOf.FindStringSubmatch(preview.body), textOf.FindStringSubmatch(preview.body)
		if hash == nil || text == nil {
			h.Fatal("the preview carries nothing on")
		}
		form := url.Values{"text": {strings.ReplaceAll(text[1], "&#34;", `"`)}, "hash": {hash[1]}}
		h.wants("without a reason", h.ask("ruth", "POST", class+"/intake", form), 422, "Choose a reason.", "Take in 1 value")
		form.Set("reason", "earlier")
		other := url.Values{"text": {strings.Replace(form.Get("text"), ",90", ",91", 1)}, "hash": form["hash"], "reason": form["reason"]}
		h.wants("not what was shown", h.ask("ruth", "POST", class+"/intake", other), 409, "Nothing was taken in")
		h.wants("taken in", h.ask("ruth", "POST", class+"/intake", form), 303)
		h.wants("it stands", h.ask("ruth", "GET", class+"?done=1", nil), 200, "The file was taken in.", "<strong>90%</strong>")
		h.wants("the same file again", h.sends("ruth", class+"/import", changed), 200, "Nothing in this file is new.")
		h.wants("a file from before", h.sends("ruth", class+"/import", strings.Replace(changed, ",90\r", ",95\r", 1)), 200, "changed meanwhile", "It has changed since the file was made.", "!Take in")
	})
}

func TestTheWorkbookOpensAgain(t *testing.T) {
	each(t, func(h *house) {
		h.must(h.SetCell(h.Context(), h.viewer("ruth"), assessment.NewLine{Enrolment: h.enrolments["maya"], Column: assessment.ColumnRef{Kind: assessment.QuizColumn, ID: "T07"}, Kind: assessment.Set, Percent: 85, Code: "other"}))
		answer := h.ask("ruth", "GET", "/cohorts/"+string(h.cohort)+"/gradebook/workbook", nil)
		if got := answer.Header.Get("Content-Disposition"); got != `attachment; filename="list.xlsx"` {
			h.Errorf("%s", got)
		}
		book, err := excelize.OpenReader(strings.NewReader(answer.body))
		h.must(err)
		defer book.Close()
		rows, err := book.GetRows("What counts")
		h.must(err)
		computed, err := book.GetRows("Computed")
		h.must(err)
		if len(rows) != 4 || rows[0][0] != "Name" || !strings.Contains(strings.Join(rows[2], "|")+strings.Join(rows[3], "|")+strings.Join(rows[1], "|"), "85") || strings.Contains(strings.Join(computed[3], "|"), "85") {
			h.Errorf("%q, %q", rows, computed)
		}
	})
}

func TestAWideGradebookIsALightPage(t *testing.T) {
	each(t, func(h *house) {
		h.fillWide(50, 60)
		answer := h.ask("ruth", "GET", "/cohorts/"+string(h.cohort)+"/gradebook", nil)
		if n := strings.Count(answer.body, `<td class="book-cell`); answer.StatusCode != http.StatusOK || n < 50*58 {
			h.Fatalf("%d with %d cells", answer.StatusCode, n)
		}
		var packed bytes.Buffer
		w := brotli.NewWriterLevel(&packed, brotli.BestSpeed)
		_, err := w.Write([]byte(answer.body))
		h.must(err)
		h.must(w.Close())
		h.Logf("%d bytes, %d compressed", len(answer.body), packed.Len())
		if packed.Len() > 60<<10 {
			h.Errorf("the page has %d bytes compressed", packed.Len())
		}
	})
}

// fillWide gives the cohort so many people more, and its edition so many checks.
func (h *house) fillWide(persons, checks int) {
	h.Helper()
	do := func(statement string, args ...any) {
		h.Helper()
		_, err := h.db.NewRaw(statement, args...).Exec(h.Context())
		h.must(err)
	}
	numbers := `(WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < ?) SELECT n FROM up) AS num`
	do(`INSERT INTO edition_modules (edition_id, module_id, required, version) SELECT c.edition_id, 'W' || n, TRUE, 1 FROM cohorts AS c, `+numbers+` WHERE c.id = ?`, checks, h.cohort)
	do(`INSERT INTO quizzes (hash, module_id, version, title_en, pass, questions, path_en, source_en, stored_at)
		SELECT 'w' || n, 'W' || n, 1, 'Check ' || n, 70, 3, '', '', ? FROM `+numbers, h.at, checks)
	do(`INSERT INTO persons (id, sector, given_name, family_name, chosen_name, language, external_id, sort_key, created_at)
		SELECT 'wide-' || n, 'outreach', 'Given' || n, 'Family', '', 'en', 'wide-' || n, 'wide' || n, ? FROM `+numbers, h.at, persons)
	do(`INSERT INTO enrolments (id, cohort_id, person_id, sector, state, enrolled_at) SELECT '01940000-0000-7000-8000-' || (100000000000 + n * 7919), ?, 'wide-' || n, 'outreach', 'active', ? FROM `+numbers, h.cohort, h.at, persons)
	do(`INSERT INTO attempts (id, enrolment_id, person_id, sector, quiz_hash, module_id, number, seed, started_at, finished_at, released_at, percent)
		SELECT e.id || q.hash, e.id, e.person_id, 'outreach', q.hash, q.module_id, 1, 1, ?, ?, ?, (LENGTH(q.title_en) * 37 + q.questions * 11 + LENGTH(e.person_id) * 53) % 101 FROM enrolments AS e, quizzes AS q
		WHERE e.cohort_id = ? AND q.module_id LIKE 'W%'`, h.at, h.at, h.at, h.cohort)
}
