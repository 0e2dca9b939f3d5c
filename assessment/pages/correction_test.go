package pages_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

var quizField = regexp.MustCompile(`name="quiz" value="([0-9a-f]+)"`)

func TestACorrectedCheckAsksItsAuthorWhatBecomesOfResults(t *testing.T) {
	each(t, func(h *house) {
		h.joins("ana", people.Outreach, people.Author)
		h.joins("dee", people.Outreach, people.Director)
		h.joins("pia", people.LawEnforcement, people.Author)
		attempt := h.start("maya", "t07")
		h.ask("maya", "POST", attempt+"/submission", url.Values{"device": {"tab"}, "sure": {"yes"}})
		const page = "/modules/t07/check/corrections"
		h.wants("before", h.ask("ana", "GET", page, nil), 200, "Nothing to decide")

		files, version, err := h.NewestFiles(h.Context(), "T07")
		h.must(err)
		if version != 1 {
			h.Fatalf("version %d", version)
		}
		for i := range files {
			source := strings.Replace(string(files[i].Source), "version: 1", "version: 2", 1)
			head, rest, _ := strings.Cut(source, "- [x]")
			files[i].Source = []byte(strings.Replace(head, "- [ ]", "- [x]", 1) + "- [ ]" + rest)
			files[i].Path = strings.Replace(files[i].Path, ".quiz", ".v2.quiz", 1)
		}
		quizzes, problems := assessment.ReadQuizzes([]content.QuizFile(files))
		if len(problems) > 0 {
			h.Fatal(problems)
		}
		_, err = h.Import(h.Context(), quizzes)
		h.must(err)

		shown := h.ask("ana", "GET", page, nil)
		h.wants("after", shown, 200, "1 corrected question", "Before, in version 1", "1 try was handed in before the correction", "Regrade, or leave as it is?", "Points that a person gave are never replaced.", "!maya")
		waits := func(who string, want bool) {
			h.Helper()
			if got, err := h.CorrectionWaits(h.Context(), h.viewer(who), "T07"); err != nil || got != want {
				h.Errorf("a correction waits for %s: %v, %v", who, got, err)
			}
		}
		for who, want := range map[string]bool{"ana": true, "ruth": false, "maya": false, "pia": false} {
			waits(who, want)
		}
		hash := quizField.FindStringSubmatch(shown.body)[1]
		form := func(decision string) url.Values {
			return url.Values{"quiz": {hash}, "decision": {decision}, "reason": {"Key <script> was wrong"}}
		}
		h.wants("nothing chosen", h.ask("ana", "POST", page, url.Values{"quiz": {hash}}), 422, "Choose what should happen.", "Say in one sentence why.")
		h.wants("an older page", h.ask("ana", "POST", page, url.Values{"quiz": {"00"}, "decision": {"leave"}, "reason": {"Why"}}), 409, "Another version of this check")
		for who, status := range map[string]int{"ruth": 404, "maya": 404, "omar": 404, "nobody": 303, "dee": 200, "pia": 200} {
			h.wants(who, h.ask(who, "GET", page, nil), status)
		}
		h.wants("police see nobody of outreach", h.ask("pia", "GET", page, nil), 200, "Nothing to decide")
		for who, status := range map[string]int{"ruth": 404, "maya": 404} {
			h.wants(who+" decides", h.ask(who, "POST", page, form("regrade")), status)
		}
		h.wants("nobody decides", h.ask("nobody", "POST", page, nil), 403)
		if a := h.ask("ana", "POST", page, form("regrade")); a.StatusCode != 303 {
			h.Errorf("%d %s", a.StatusCode, a.body)
		}
		h.wants("decided", h.ask("ana", "GET", page, nil), 200, "ana L. had the tries scored again: 0 results changed.", "Key &lt;script&gt; was wrong")
		waits("ana", false)
	})
}
