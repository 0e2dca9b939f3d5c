package pages_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses/coursestest"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// observed is a house whose first practical has a rubric, and whose class has a
// second instructor, ann. It gives the address of maya's first practical and its rubric.
func (h *house) observed() (address string, rubric assessment.Rubric) {
	h.Helper()
	_, editions := coursestest.Curriculum(h, coursestest.Pair)
	source := "practical: " + h.firstSkill() + "\ncourses: [PUT]\nsector: outreach\nversion: 1\nminutes: 8\nsetup: {en: A talk at a door., es: Una plática en una puerta.}\ncriteria:\n"
	for _, c := range []string{"Calm", "Distance", "Choices", "Ending"} {
		source += fmt.Sprintf("  - {id: %s, en: %s, es: %s, levels: {not_yet: {en: %s was missing, es: a}, practised: {en: %s was there, es: b}, demonstrated: {en: %s held under heat, es: c}}}\n",
			strings.ToLower(c), c, c, c, c, c)
	}
	rubrics, problems := assessment.ReadRubrics(fstest.MapFS{"rubrics/one.yaml": &fstest.MapFile{Data: []byte(source)}}, ".", editions)
	if len(problems) > 0 {
		h.Fatal(problems)
	}
	_, err := h.ImportRubrics(h.Context(), rubrics)
	h.must(err)
	id, err := h.people.AddPerson(h.Context(), people.System(people.Outreach), people.NewPerson{GivenName: "ann", FamilyName: "Lake",
		Email: "ann@example.org", Language: "en", Roles: []people.Role{people.Instructor}})
	h.must(err)
	h.seen["ann"] = people.Presence{Viewer: people.Seen(id, people.Outreach, []people.Role{people.Instructor}, nil), Name: "ann", Language: "en",
		Home: people.Outreach, Standings: []people.Sector{people.Outreach}}
	h.must(h.classes.Appoint(h.Context(), people.System(people.Outreach), h.cohort, id, cohorts.Second))
	o, err := h.Observation(h.Context(), h.viewer("ruth"), h.enrolments["maya"], 1)
	h.must(err)
	return "/enrolments/" + string(h.enrolments["maya"]) + "/practicals/1", o.Round().Rubric
}

// filled is a whole sheet with one level for all, but the first criterion.
func filled(rubric assessment.Rubric, first, rest assessment.Level) url.Values {
	form := url.Values{"round": {"1"}, "send": {"yes"}}
	for i, c := range rubric.Criteria {
		form.Set("level."+c.ID, string(rest))
		if i == 0 {
			form.Set("level."+c.ID, string(first))
			form.Set("note."+c.ID, "<script>let him finish")
		}
	}
	return form
}

func TestDoorOfSheets(t *testing.T) {
	each(t, func(h *house) {
		at, rubric := h.observed()
		never := strings.Replace(at, string(h.enrolments["maya"]), "never", 1)
		first := rubric.Criteria[0].ID
		for _, row := range []struct {
			method, path string
			form         url.Values
			may          string
			status       int
		}{
			{"GET", "", nil, "ruth", 200},
			{"POST", "", filled(rubric, assessment.NotYet, assessment.Practised), "ruth", 303},
			{"POST", "", filled(rubric, assessment.Practised, assessment.Practised), "ann", 303},
			{"GET", "/release", nil, "ruth", 200},
			{"POST", "/settlements", url.Values{"round": {"1"}, "criterion": {first}, "level": {"practised"}}, "ann", 303},
			{"POST", "/release", url.Values{"round": {"1"}, "level": {"practised"}}, "ruth", 303},
		} {
			for _, name := range []string{"omar", "luz"} {
				got, never := h.ask(name, row.method, at+row.path, row.form), h.ask(name, row.method, never+row.path, row.form)
				if got.StatusCode != 404 || got.body != never.body {
					h.Errorf("%s %s as %s: %d, one that never was: %d, the same bytes: %v", row.method, row.path, name, got.StatusCode, never.StatusCode, got.body == never.body)
				}
			}
			response, err := h.app.Test(httptest.NewRequest(row.method, "http://localhost:8080"+at+row.path, nil))
			h.must(err)
			if want := map[string]int{"GET": 303, "POST": 403}[row.method]; response.StatusCode != want {
				h.Errorf("%s %s as nobody: %d", row.method, row.path, response.StatusCode)
			}
			h.wants(row.method+" "+row.path, h.ask(row.may, row.method, at+row.path, row.form), row.status)
		}
	})
}

func TestTwoSheetsThroughTheDoor(t *testing.T) {
	each(t, func(h *house) {
		at, rubric := h.observed()
		first := rubric.Criteria[0]
		h.wants("the person's page", h.ask("ruth", "GET", strings.TrimSuffix(at, "/1"), nil), 200, `href="`+at+`"`, "Open the sheet", "Seen outside of a role play")
		h.wants("an empty sheet", h.ask("ruth", "GET", at, nil), 200, first.EN, first.Describes(assessment.NotYet, "en"), "0 of ", "No names, blocks or incidents", "!checked")
		h.wants("hers before", h.ask("maya", "GET", at, nil), 200, "What observers look for", "Nothing was observed by sheet yet", `!name="level`)
		h.wants("not her own", h.ask("maya", "POST", at, filled(rubric, assessment.Demonstrated, assessment.Demonstrated)), 403)
		h.wants("nor its release", h.ask("maya", "GET", at+"/release", nil), 404)

		half := url.Values{"round": {"1"}, "send": {"yes"}, "level." + first.ID: {"practised"}, "note." + rubric.Criteria[1].ID: {"Kept <b>quiet"}}
		h.wants("half a sheet", h.ask("ruth", "POST", at, half), 422, "Choose what you saw here.", "checked", "Kept &lt;b&gt;quiet", "!<b>quiet")
		h.wants("what was chosen is kept", h.ask("ruth", "GET", at, nil), 200, "1 of ", "checked", "Kept &lt;b&gt;quiet")
		h.wants("her class", h.ask("ruth", "GET", "/cohorts/"+string(h.cohort)+"/practicals?skill="+h.firstSkill(), nil), 200, "1 sheet begun, 0 sent")
		h.wants("being observed", h.ask("maya", "GET", at, nil), 200, "Being observed", "!Kept")
		h.wants("and on her list", h.ask("maya", "GET", strings.TrimSuffix(at, "/1"), nil), 200, "Being observed")
		h.wants("a long note", h.ask("ruth", "POST", at, url.Values{"round": {"1"}, "note." + first.ID: {strings.Repeat("a", 201)}}), 422, "At most 200 letters.")

		h.ask("ruth", "POST", at, filled(rubric, assessment.NotYet, assessment.Practised))
		h.wants("ann sees nothing of it", h.ask("ann", "GET", at, nil), 200, "ruth observes too and has sent a sheet", "!let him finish", "!checked")
		h.wants("and cannot compare", h.ask("ann", "GET", at+"/release", nil), 303)
		h.ask("ann", "POST", at, filled(rubric, assessment.Practised, assessment.Practised))
		h.wants("both", h.ask("ann", "GET", at+"/release", nil), 200, "Differs", "1 part to settle", "Same", "&lt;script&gt;let him finish", "!<script>let", "!Release to the trainee")
		h.wants("not before it is settled", h.ask("ann", "POST", at+"/release", url.Values{"round": {"1"}, "level": {"practised"}}), 409, "Settle each difference first.")
		h.ask("ann", "POST", at+"/settlements", url.Values{"round": {"1"}, "criterion": {first.ID}, "level": {"practised"}, "line": {"x"}})
		h.wants("settled", h.ask("ruth", "GET", at+"/release", nil), 200, "Settled by ann: Practiced", "The parts come to: Practiced.", "Release to the trainee")
		h.wants("another level without a reason", h.ask("ruth", "POST", at+"/release", url.Values{"round": {"1"}, "level": {"demonstrated"}}), 422, "Say in a few words")
		h.wants("released", h.ask("ruth", "POST", at+"/release", url.Values{"round": {"1"}, "level": {"practised"}}), 303)
		h.wants("to her", h.ask("maya", "GET", at, nil), 200, "Released by ruth", first.Describes(assessment.Practised, "en"), "let him finish", "!<script>let", "!Settled by", "!"+first.Describes(assessment.NotYet, "en"))
		h.wants("to her class", h.ask("ann", "GET", at, nil), 200, "Settled by ann", "Observe again", first.Describes(assessment.NotYet, "en"))
		h.wants("again", h.ask("ann", "GET", at+"?again=1", nil), 200, `name="round" value="2"`, "!checked")
		h.wants("on the list", h.ask("maya", "GET", strings.TrimSuffix(at, "/1"), nil), 200, "What was seen", "Practiced", "1 record")

		late := url.Values{"round": {"1"}, "level." + first.ID: {"demonstrated"}}
		h.wants("a late line", h.ask("ruth", "POST", at, late), 303)
		h.wants("is told", h.ask("ruth", "GET", at, nil), 200, "1 line of yours came after")
		for _, path := range []string{"/99", "/0", "/x"} {
			h.wants("no such practical", h.ask("ruth", "GET", strings.TrimSuffix(at, "/1")+path, nil), 404)
		}
		h.wants("a round of nobody's", h.ask("ruth", "POST", at, url.Values{"round": {"7"}}), 404)
	})
}

// firstSkill is the name of the first practical of the class.
func (h *house) firstSkill() string {
	h.Helper()
	practice, err := h.PracticalsOf(h.Context(), h.viewer("ruth"), h.enrolments["maya"])
	h.must(err)
	return practice.Skills[0].ID
}

// arrives waits for a page that says something, while the browser goes from one to another.
func (h *house) arrives(ctx context.Context, want string) {
	h.Helper()
	said := ""
	for range 160 {
		if text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("main")?.textContent ?? ""`)); err == nil {
			if said = text; strings.Contains(said, want) {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	h.Fatalf("the page says %q, want %q", said, want)
}

// Two phones in one room: ann's loses the network in the middle of the role play.
func TestAPracticalObservedByTwo(t *testing.T) {
	ctx, h, address := browsing(t)
	at, rubric := h.observed()
	sees := func(n int, level assessment.Level) chromedp.Action[chromedp.Void] {
		return js(fmt.Sprintf(`document.querySelector('[name="level.%s"][value="%s"]').click()`, rubric.Criteria[n].ID, level))
	}
	send := js(`setTimeout(() => document.querySelector('[name="send"]').click());`)
	last := len(rubric.Criteria) - 1

	h.run(ctx, chromedp.Navigate(address+"/enter/ruth"), chromedp.Navigate(address+at))
	second, end := chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
	defer end()
	h.run(second, chromedp.Navigate(address+"/enter/ann"), chromedp.Navigate(address+at))
	h.run(second, sees(0, assessment.Practised))
	h.until(second, "[data-sheet]", "Saved")
	h.until(second, "[data-count]", "1 of ")
	h.run(second, js(netDies))
	for n := range rubric.Criteria {
		h.run(ctx, sees(n, assessment.Practised))
		if n > 0 {
			h.run(second, sees(n, assessment.Practised))
		}
	}
	h.run(second, sees(last, assessment.Demonstrated), js(fmt.Sprintf(`const note = document.querySelector('[name="note.%s"]');
		note.value = "Waited for the answer"; note.dispatchEvent(new Event("change", { bubbles: true }));`, rubric.Criteria[0].ID)), send)
	h.until(second, "[data-sheet]", "kept on this device, locked")
	h.until(ctx, "[data-sheet]", "Saved")
	h.run(ctx, send)
	h.arrives(ctx, "Your sheet is sent.")
	h.until(ctx, "main", "ann observes too and has not sent a sheet yet.")

	h.run(second, js(netLives))
	h.arrives(second, "Your sheet is sent.")
	h.waiting(second, 0)
	h.run(second, chromedp.Navigate(address+at+"/release"))
	h.until(second, "main .notice", "1 part to settle")
	h.until(second, "main section.card", rubric.Criteria[last].EN)
	h.run(second, js(`setTimeout(() => document.querySelector('form.levels button[value="demonstrated"]').click());`))
	h.arrives(second, "Settled by ann: Demonstrated")
	h.run(ctx, chromedp.Navigate(address+at+"/release"), js(`setTimeout(() => [...document.querySelectorAll("main button")].at(-1).click());`))
	h.arrives(ctx, "Released by ruth")
	o, err := h.Observation(h.Context(), h.viewer("maya"), h.enrolments["maya"], 1)
	h.must(err)
	released, _ := o.Released()
	anns, _ := released.Sheet(h.viewer("ann").Person())
	if released.Counts(rubric.Criteria[last].ID) != assessment.Demonstrated || anns.Seen[rubric.Criteria[0].ID].Note != "Waited for the answer" || len(released.Late) != 0 {
		h.Errorf("%+v", released)
	}
}
