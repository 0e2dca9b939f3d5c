package content_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/content/curriculum"
)

// head is a module's front matter, with lines changed or added by "key: value".
func head(changes ...string) string {
	lines := []string{
		"id: T07", "title: De-escalation", "lang: en", "version: 1", "sensitivity: [O]", "care: 1", "minutes: 60",
		"objectives: [Read your own signs.]", "reviewed_by: Curriculum office", "reviewed_on: 2026-11-16",
	}
	for _, change := range changes {
		key, value, _ := strings.Cut(change, ":")
		found := false
		for i, line := range lines {
			if strings.HasPrefix(line, key+":") {
				lines[i], found = change, true
			}
		}
		if !found {
			lines = append(lines, change)
		} else if value == "" {
			lines = strings.Split(strings.ReplaceAll(strings.Join(lines, "\n"), change+"\n", ""), "\n")
		}
	}
	return "---\n" + strings.Join(lines, "\n") + "\n---\n"
}

const glossary = `terms:
  - id: trauma
    en: {term: trauma, meaning: A lasting hurt.}
    es: {term: trauma, meaning: Un daño que queda.}
`

func parse(files map[string]string) (content.Folder, []content.Problem) {
	fsys := fstest.MapFS{"glossary.yaml": {Data: []byte(glossary)}}
	for name, source := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(source)}
	}
	return content.Parse(fsys, ".")
}

func TestEveryProblemIsToldWithItsFileAndLine(t *testing.T) {
	// The front matter of head() takes lines 1 to 12; the body starts on line 13.
	body := func(text string) string { return head() + text }
	care := func(text string) string { return head("care: 2") + text }
	for name, row := range map[string]struct {
		source string
		want   string // "line key", "" for none
	}{
		"a plain module":              {body("Text.\n"), ""},
		"no front matter":             {"Text.\n", "1 content.problem.front_matter"},
		"front matter never closed":   {"---\nid: T07\n", "1 content.problem.front_matter"},
		"broken YAML":                 {"---\nid: T07\ntitle: [\n---\n", "3 content.problem.yaml"},
		"an unknown key":              {head("color: blue"), "12 content.problem.key_unknown"},
		"a key said twice":            {"---\nid: T07\nid: T08\n---\n", "3 content.problem.key_twice"},
		"a word for a number":         {head("minutes: many"), "8 content.problem.value_kind"},
		"no title":                    {head("title: ''"), "3 content.problem.key_missing"},
		"an id of no form":            {head("id: seven"), "2 content.problem.id_form"},
		"an id unlike the file's":     {head("id: T08"), "2 content.problem.id_file"},
		"an unknown language":         {head("lang: fr"), "4 content.problem.lang"},
		"a language unlike the file":  {head("lang: es", "translates: x"), "4 content.problem.lang_file"},
		"version nought":              {head("version: 0"), "5 content.problem.version"},
		"an unknown sensitivity":      {head("sensitivity: [O, X]"), "6 content.problem.sensitivity"},
		"joint alone":                 {head("sensitivity: [J]"), "6 content.problem.sensitivity_nobody"},
		"both sides and no one else":  {head("sensitivity: [C, P]"), "6 content.problem.sensitivity_both"},
		"care out of range":           {head("care: 4"), "7 content.problem.care"},
		"minutes below one":           {head("minutes: 0"), "8 content.problem.minutes"},
		"a date that is none":         {head("reviewed_on: soon"), "11 content.problem.date"},
		"English that translates":     {head("translates: abc"), "12 content.problem.translates_english"},
		"a script":                    {body("Hello\n\n<script>alert(1)</script>\n"), "15 content.problem.html"},
		"HTML in a line":              {body("Hello <b>you</b>\n"), "13 content.problem.html"},
		"audio without its cost":      {body("[Listen](https://example.org/call.mp3?a=1)\n"), "13 content.problem.media_bare"},
		"a bare address of a film":    {body("<https://example.org/a.MP4>\n"), "13 content.problem.media_bare"},
		"audio with its cost":         {body("[Listen](https://example.org/call.mp3){media=audio minutes=4 size=3MB}\n"), ""},
		"audio without its size":      {body("[Listen](https://example.org/call){media=audio minutes=4}\n"), "13 content.problem.media_form"},
		"a medium that is none":       {body("[Play](https://example.org/call){media=game minutes=4 size=3MB}\n"), "13 content.problem.media_form"},
		"a link that runs":            {body("[here](javascript:alert(1))\n"), "13 content.problem.link"},
		"a link to a heading":         {body("See [below](#the-first-minute) and [there](#talk).\n\n## The first minute\n\n## Words {#talk}\n"), ""},
		"a link to no heading":        {body("## One\n\nSee [below](#two).\n"), "15 content.problem.anchor_missing"},
		"a link to a choice":          {body("::: scenario\nText.\n\n## One\na\n\n## Two\nb\n:::\n\n[Here](#one)\n"), "23 content.problem.anchor_missing"},
		"a place named twice":         {body("## One {#a}\n\n## Two {#a}\n"), "15 content.problem.anchor_twice"},
		"a link to another module":    {body("[here](/modules/t20)\n"), "13 content.problem.link"},
		"a missing picture":           {body("Look:\n\n![A circle](circle.png)\n"), "15 content.problem.picture_missing"},
		"a picture from elsewhere":    {body("![A circle](https://example.org/c.png)\n"), "13 content.problem.picture_name"},
		"a heading of the first kind": {body("# Title\n"), "13 content.problem.heading_one"},
		"a heading that jumps":        {body("## One\n\n#### Two\n"), "15 content.problem.heading_jump"},
		"an attribute on a heading":   {body("## One {onclick=\"x\"}\n"), "13 content.problem.attribute"},
		"an unknown fence":            {body("Text.\n\n::: warning\nText.\n:::\n"), "15 content.problem.fence_unknown"},
		"a fence never closed":        {body("::: note\nText.\n"), "13 content.problem.fence_unclosed"},
		"a fence in a fence":          {body("::: note\n::: law\nText.\n:::\n"), "14 content.problem.fence_nested"},
		"a fence closed twice":        {body("::: note\nText.\n:::\n:::\n"), "16 content.problem.fence_form"},
		"an indented fence":           {body("- a\n  ::: note\n"), "14 content.problem.fence_form"},
		"a fence shown as code":       {body("```\n::: anything\n```\n"), ""},
		"one choice":                  {body("::: scenario\nText.\n\n## One\nText.\n:::\n"), "13 content.problem.scenario_choices"},
		"an unknown term":             {body("A [word]{term=nowhere}.\n"), "13 content.problem.term_unknown"},
		"a term that is not closed":   {body("A [word]{term=trauma.\n"), "13 content.problem.term_form"},
		"a footnote without a text":   {body("A fact.[^s1]\n"), "13 content.problem.footnote_unknown"},
		"hard content unannounced":    {care("Text.\n\n::: alternative\nText.\n:::\n"), "13 content.problem.care_missing"},
		"hard content, no other way":  {care("::: care\nText.\n:::\n"), "13 content.problem.alternative_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			folder, problems := parse(map[string]string{"t07-de-escalation.md": row.source})
			if got := told(problems); got != row.want {
				t.Errorf("told %q, want %q", got, row.want)
			}
			if kept := len(folder.Modules) == 1; kept != (row.want == "") {
				t.Errorf("kept %v beside problems %q", kept, row.want)
			}
			for _, p := range problems {
				if p.Path != "t07-de-escalation.md" {
					t.Errorf("told of %q", p.Path)
				}
			}
		})
	}
}

// told is "line key" of every problem, joined by "; ".
func told(problems []content.Problem) string {
	var said []string
	for _, p := range problems {
		said = append(said, fmt.Sprintf("%d %s", p.Line, p.Key))
	}
	return strings.Join(said, "; ")
}

func TestProblemsBetweenFiles(t *testing.T) {
	english := head() + "Text.\n\n## One\n"
	spanish := func(changes ...string) string {
		return head(append([]string{"lang: es", "translates: " + string(content.HashOf([]byte(english)))}, changes...)...) + "Texto.\n\n## Uno\n"
	}
	guide := func(minutes int, body string) string {
		return fmt.Sprintf("---\nid: T07\ntitle: Guide\nlang: en\nversion: 1\nminutes: %d\n---\n%s", minutes, body)
	}
	for name, row := range map[string]struct {
		files map[string]string
		want  string
	}{
		"a translation that fits":    {map[string]string{"t07-a.es.md": spanish()}, ""},
		"a translation gone stale":   {map[string]string{"t07-a.es.md": spanish("translates: " + strings.Repeat("0", 64))}, "12 content.problem.translates_stale"},
		"a translation that differs": {map[string]string{"t07-a.es.md": spanish("care: 3") + "\n::: care\na\n:::\n\n::: alternative\na\n:::\n"}, "7 content.problem.translation_differs"},
		"another outline":            {map[string]string{"t07-a.es.md": spanish() + "\n## Dos\n"}, "12 content.problem.translation_sections"},
		"no original":                {map[string]string{"t07-a.es.md": spanish("version: 2")}, "12 content.problem.original_missing"},
		"the same version twice":     {map[string]string{"t07-b.md": english}, "2 content.problem.version_twice"},
		"a guide that fits":          {map[string]string{"t07-a.guide.md": guide(60, "## A {minutes=20}\n\n## B {minutes=40}\n")}, ""},
		"a guide that does not sum":  {map[string]string{"t07-a.guide.md": guide(60, "## A {minutes=20}\n")}, "6 content.problem.guide_sum"},
		"a guide of other minutes":   {map[string]string{"t07-a.guide.md": guide(20, "## A {minutes=20}\n")}, "6 content.problem.guide_minutes"},
		"a guide of nothing":         {map[string]string{"t08-a.guide.md": strings.Replace(guide(20, "## A {minutes=20}\n"), "T07", "T08", 1)}, "2 content.problem.module_missing"},
		"a quiz of nothing":          {map[string]string{"t08-a.quiz.md": "anything"}, "0 content.problem.module_missing"},
		"a file of no name":          {map[string]string{"notes.md": "anything"}, "0 content.problem.file_name"},
		"bytes that are no text":     {map[string]string{"t08-a.md": "\xff\xfe"}, "1 content.problem.not_text"},
		"a README":                   {map[string]string{"README.md": "anything"}, ""},
		"an older version":           {map[string]string{"t07-a.v2.md": strings.Replace(english, "version: 1", "version: 2", 1)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			row.files["t07-a.md"] = english
			if _, problems := parse(row.files); told(problems) != row.want {
				t.Errorf("told %q, want %q", told(problems), row.want)
			}
		})
	}
}

func TestGlossaryProblemsAreTold(t *testing.T) {
	for source, want := range map[string]string{
		"terms:\n  - id: a\n    en: {term: a, meaning: b}\n":                                        "2 content.problem.term_empty",
		glossary + "  - id: trauma\n    en: {term: a, meaning: b}\n    es: {term: a, meaning: b}\n": "5 content.problem.term_twice",
		"words: []\n": "1 content.problem.key_unknown",
	} {
		if _, problems := parse(map[string]string{"glossary.yaml": source}); told(problems) != want {
			t.Errorf("%s\ntold %q, want %q", source, told(problems), want)
		}
	}
}

func TestTheAcademysCurriculumHasNoProblem(t *testing.T) {
	folder, problems := content.Parse(curriculum.Files, ".")
	for _, p := range problems {
		t.Error(p)
	}
	if len(folder.Modules) == 0 || len(folder.Guides) == 0 || len(folder.Quizzes) == 0 {
		t.Fatalf("%d modules, %d guides, %d quizzes", len(folder.Modules), len(folder.Guides), len(folder.Quizzes))
	}
	for _, m := range folder.Modules {
		if m.Words < 900 || m.Words > 1750 || m.Grade > 8 {
			t.Errorf("%s: %d words at grade %.1f; 900 to 1,600 (Spanish a little more) at most at grade 8 are wanted", m.Path, m.Words, m.Grade)
		}
	}
}
