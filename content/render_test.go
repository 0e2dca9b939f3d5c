package content_test

import (
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/content/curriculum"
)

func drawn(t *testing.T, body string) content.Module {
	t.Helper()
	folder, problems := parse(map[string]string{"t07-de-escalation.md": head() + body})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return folder.Modules[0]
}

func TestMarkdownIsDrawnAsPagesNeedIt(t *testing.T) {
	for name, row := range map[string]struct {
		body string
		want []string
	}{
		"a fence": {"::: note\nMind this.\n\n- a\n- b\n:::\n",
			[]string{`<div class="callout callout-note" role="note"><p class="callout-label">Note</p>`, "<p>Mind this.</p>", "<li>b</li>"}},
		"a scenario": {"::: scenario\nA street.\n\n## Wait *here*\nHe goes.\n\n## Walk up\nHe stays.\n:::\n",
			[]string{"<p>A street.</p>\n<details class=\"scenario-choice\"><summary>Wait here</summary>\n<p>He goes.</p>\n</details>", "<summary>Walk up</summary>"}},
		"a heading": {"## Señales del *calor*\n\n## Señales del calor\n",
			[]string{`<h2 id="s-senales-del-calor">Señales del <em>calor</em></h2>`, `<h2 id="s-senales-del-calor-2">`}},
		"a link within": {"See [below](#The-way).\n\n## The way\n\n## Words {#talk}\n\n[Up](#talk)\n",
			[]string{`<a href="#s-the-way">below</a>`, `<h2 id="s-talk">Words</h2>`, `<a href="#s-talk">Up</a>`}},
		"a term": {"Old [hurt]{term=trauma} and more [hurt]{term=trauma}.\n",
			[]string{`<a class="term" id="m-ref-trauma" href="#m-term-trauma">hurt</a>`, `more <a class="term" href="#m-term-trauma">`, `<dt id="m-term-trauma">trauma</dt>`, "A lasting hurt."}},
		"a table": {"| a | b |\n| --- | --- |\n| 1 | 2 |\n",
			[]string{`<div class="table-scroll" role="region" tabindex="0" aria-label="Table 1"><table>`, `<th scope="col">a</th>`}},
		"a table with named rows": {"| | a |\n| --- | --- |\n| 1 | 2 |\n", []string{"<td></td>\n<th scope=\"col\">a</th>", "<th scope=\"row\">1</th>\n<td>2</td>"}},
		"a link out":              {"See <https://example.org/a>.\n", []string{`<a href="https://example.org/a" rel="noreferrer">`}},
		"something to hear": {"[The first \"call\"](https://example.org/a?b=1&c=2){media=audio minutes=4 size=3.5MB} and on.\n",
			[]string{`<a class="media media-audio" rel="noreferrer" href="https://example.org/a?b=1&amp;c=2">The first &#34;call&#34; <span class="media-facts">(audio, 4 min, 3.5 MB)</span></a> and on.`}},
		"a footnote":  {"A fact.[^s1]\n\n[^s1]: The source.\n", []string{`<sup id="m-fnref:1"><a href="#m-fn:1"`, `<li id="m-fn:1">`, `<span class="unseen">Back to the text</span><span aria-hidden="true">↩</span>`}},
		"typed marks": {"5 < 6 & \"so\"\n", []string{"5 &lt; 6 &amp; &#34;so&#34;"}},
	} {
		t.Run(name, func(t *testing.T) {
			html := drawn(t, row.body).HTML
			for _, want := range row.want {
				if !strings.Contains(html, want) {
					t.Errorf("no %q in\n%s", want, html)
				}
			}
		})
	}
}

func TestAnotherWayStandsApart(t *testing.T) {
	m := drawn(t, "Main.[^s1]\n\n## One\n\n::: alternative\nThe [other]{term=trauma} way.[^s2]\n\n### How\n:::\n\n[^s1]: First.\n[^s2]: Second.\n")
	if strings.Contains(m.HTML, "way") || strings.Contains(m.HTML, "Second") || strings.Contains(m.HTML, "lasting hurt") {
		t.Errorf("the main text holds the other way:\n%s", m.HTML)
	}
	for _, want := range []string{"The <a", "Second", "lasting hurt", `<h3 id="s-how">`} {
		if !strings.Contains(m.AlternativeHTML, want) {
			t.Errorf("no %q in\n%s", want, m.AlternativeHTML)
		}
	}
	if strings.Contains(m.AlternativeHTML, "First.") || !m.HasAnotherWay() {
		t.Errorf("the other way holds a source of the main text:\n%s", m.AlternativeHTML)
	}
}

func TestTheContentNoteIsKeptApartInPlainText(t *testing.T) {
	m := drawn(t, "Text.\n\n::: care\nWe speak of *loss* and [hurt]{term=trauma}.\n\nYou may pass.\n:::\n\n::: care\nMore.\n:::\n")
	if m.CareNote != "We speak of loss and hurt. You may pass." {
		t.Errorf("%q", m.CareNote)
	}
}

func TestSectionsAreTheHeadingsOutsideOfFences(t *testing.T) {
	m := drawn(t, "## One\n\n::: scenario\nText.\n\n## A\n\n## B\n:::\n\n### Small\n\n## Two\n")
	if len(m.Sections) != 2 || m.Sections[0] != (content.Section{Anchor: "s-one", Title: "One"}) || m.Sections[1].Title != "Two" {
		t.Errorf("sections %v", m.Sections)
	}
}

// Whatever an author types, no element, attribute or address that could run reaches a page.
func TestNothingThatRunsReachesAPage(t *testing.T) {
	for _, body := range []string{
		"## <script>x</script>\n", "`<script>x</script>`\n", "    <script>x</script>\n",
		"::: scenario\nText.\n\n## `<script>x</script>`\n\n## b\n:::\n",
		"[a](https://example.org/\"onclick=\"x)\n", "[\"><script>x</script>]{term=trauma}\n", "![<script>](x.png)\n",
		"## A {#x\"onclick=\"y\"}\n", "[x](JaVaScRiPt:alert(1))\n", "[x](data:text/html,hi)\n", "<https://a\"onmouseover=x>\n",
	} {
		folder, _ := parse(map[string]string{"t07-de-escalation.md": head() + body})
		for _, m := range folder.Modules {
			if low := strings.ToLower(m.HTML); strings.Contains(low, "<script") || strings.Contains(low, "\" onclick") || strings.Contains(low, "href=\"javascript") || strings.Contains(low, "href=\"data") {
				t.Errorf("%q is drawn as %s", body, m.HTML)
			}
		}
	}
}

func TestTheSecondWallTakesNothingFromTheAcademysTexts(t *testing.T) {
	folder, _ := content.Parse(curriculum.Files, ".")
	for _, m := range folder.Modules {
		for kind, mark := range map[string]string{"scenario": "<details class=\"scenario-choice\">", "care": "callout-care"} {
			if strings.Contains(m.Source, "::: "+kind) && !strings.Contains(m.HTML, mark) {
				t.Errorf("%s: no %s", m.Path, mark)
			}
		}
		if strings.Count(m.HTML, `rel="noreferrer"`) < 1 && strings.Contains(m.Source, "[^") {
			t.Errorf("%s: a link out tells where it comes from", m.Path)
		}
	}
}
