package courses_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/content/curriculum"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// text is a module as a viewer has it before them.
func (a academy) text(v people.Viewer, id content.ModuleID, lang content.Lang) content.Module {
	a.Helper()
	m, err := a.content.Module(a.ctx, v, id, lang)
	if err != nil {
		a.Fatal(err)
	}
	return m
}

// marked are some words of a section, as a reader marks them.
func marked(t *testing.T, m content.Module, section int) string {
	t.Helper()
	parts, _ := m.Parts()
	words := strings.Fields(content.Plain(parts[section]))
	return strings.Join(words[10:18], " ")
}

func (a academy) keep(v people.Viewer, m content.Module, n courses.NewNote) courses.NoteID {
	a.Helper()
	id, err := a.courses.KeepNote(a.ctx, v, m, n)
	if err != nil {
		a.Fatal(err)
	}
	return id
}

func TestANoteIsItsReadersAloneWhateverTheRoleOfWhoAsks(t *testing.T) {
	each(t, func(a academy) {
		maya := a.person("Maya", people.Outreach)
		m := a.text(maya, "T07", content.English)
		id := a.keep(maya, m, courses.NewNote{Section: 1, Text: "Breathe first"})
		for _, role := range []people.Role{people.Trainee, people.Instructor, people.Coordinator, people.Director, people.Author, people.Auditor, people.PartnerHR} {
			other := a.person("Other", people.Outreach, role)
			if on, err := a.courses.NotesOn(a.ctx, other, m); err != nil || len(on) != 0 {
				t.Errorf("%s is shown %v on the module, %v", role, on, err)
			}
			if list, next, err := a.courses.Notes(a.ctx, other, "", ""); err != nil || len(list) != 0 || next != "" {
				t.Errorf("%s is shown %v, %v", role, list, err)
			}
			if list, _, err := a.courses.Notes(a.ctx, other, "breathe", id); err != nil || len(list) != 0 {
				t.Errorf("%s finds %v, %v", role, list, err)
			}
			if all, err := a.courses.AllNotes(a.ctx, other); err != nil || len(all) != 0 {
				t.Errorf("%s carries away %v, %v", role, all, err)
			}
			for act, err := range map[string]error{
				"open":   second(a.courses.Note(a.ctx, other, id)),
				"change": a.courses.ChangeNote(a.ctx, other, id, "Mine"),
				"delete": a.courses.DropNote(a.ctx, other, id),
			} {
				if !errors.Is(err, fault.NotFound) {
					t.Errorf("%s may %s: %v", role, act, err)
				}
			}
			if err := a.courses.DropNotes(a.ctx, other); err != nil {
				t.Error(err)
			}
		}
		// Nor she herself where she stands in another sector.
		across := people.Seen(maya.Person(), people.LawEnforcement, nil, nil)
		if list, _, err := a.courses.Notes(a.ctx, across, "", ""); err != nil || len(list) != 0 {
			t.Errorf("across a bridge: %v, %v", list, err)
		}
		if n, err := a.courses.Note(a.ctx, maya, id); err != nil || n.Text != "Breathe first" || n.Title != m.Title {
			t.Errorf("her own: %+v, %v", n, err)
		}
		if _, err := a.courses.KeepNote(a.ctx, people.Nobody, m, courses.NewNote{Text: "?"}); !errors.Is(err, fault.NotFound) {
			t.Errorf("nobody keeps a note: %v", err)
		}
	})
}

func TestWhatANoteMayHold(t *testing.T) {
	each(t, func(a academy) {
		maya := a.person("Maya", people.Outreach)
		m := a.text(maya, "T07", content.English)
		quote := marked(t, m, 2)
		for name, row := range map[string]struct {
			note  courses.NewNote
			field string // "" for what is kept
		}{
			"written":                    {courses.NewNote{Section: 2, Text: "é" + strings.Repeat("x", courses.LongestNote-1)}, ""},
			"written too long":           {courses.NewNote{Section: 2, Text: strings.Repeat("é", courses.LongestNote+1)}, "text"},
			"marked":                     {courses.NewNote{Section: 2, Quote: quote}, ""},
			"marked over a line's end":   {courses.NewNote{Section: 2, Quote: strings.ReplaceAll(quote, " ", "\n ")}, ""},
			"marked in another section":  {courses.NewNote{Section: 3, Quote: quote}, "quote"},
			"marked once more":           {courses.NewNote{Section: 2, Quote: quote, Occurrence: 1}, "quote"},
			"marked before the first":    {courses.NewNote{Section: 2, Quote: quote, Occurrence: -1}, "quote"},
			"marked and never there":     {courses.NewNote{Section: 2, Quote: "a man on a corner"}, "quote"},
			"marked too long":            {courses.NewNote{Section: 2, Quote: strings.Repeat("word ", courses.LongestQuote/4)}, "quote"},
			"neither marked nor written": {courses.NewNote{Section: 2}, "text"},
			"no such section":            {courses.NewNote{Section: len(m.Sections) + 1, Text: "x"}, "section"},
			"before any section":         {courses.NewNote{Section: -1, Text: "x"}, "section"},
		} {
			_, err := a.courses.KeepNote(a.ctx, maya, m, row.note)
			if _, wrong := fault.In(err, row.field); row.field == "" && err != nil || row.field != "" && !wrong {
				t.Errorf("%s: %v", name, err)
			}
		}
		id := a.keep(maya, m, courses.NewNote{Section: 1, Text: "written"})
		if err := a.courses.ChangeNote(a.ctx, maya, id, ""); err == nil {
			t.Error("a note without words or marks is kept")
		}
		if n, err := a.courses.Note(a.ctx, maya, id); err != nil || n.Text != "written" {
			t.Errorf("refused, and yet it is %q, %v", n.Text, err)
		}
		if err := a.courses.ChangeNote(a.ctx, maya, id, "other\r\nwords"); err != nil {
			t.Error(err)
		}
		if n, err := a.courses.Note(a.ctx, maya, id); err != nil || n.Text != "other\nwords" {
			t.Errorf("changed to %q, %v", n.Text, err)
		}
	})
}

func TestNotesAreListedFoundPagedAndTrulyDeleted(t *testing.T) {
	each(t, func(a academy) {
		maya := a.person("Maya", people.Outreach)
		other := a.person("Luz", people.Outreach)
		t07, t01 := a.text(maya, "T07", content.English), a.text(maya, "T01", content.English)
		hers := a.keep(other, t07, courses.NewNote{Section: 1, Text: "hers"})
		for i := range courses.NotePage {
			a.keep(maya, t07, courses.NewNote{Section: 1 + i%3, Text: fmt.Sprintf("number %d", i)})
		}
		a.keep(maya, t01, courses.NewNote{Text: "100%_sure: Café"})
		first, next, err := a.courses.Notes(a.ctx, maya, "", "")
		if err != nil || len(first) != courses.NotePage || next == "" || first[0].ModuleID != "T01" || first[1].Section > first[49].Section {
			t.Fatalf("the first page: %d notes, then %q, %v", len(first), next, err)
		}
		rest, end, err := a.courses.Notes(a.ctx, maya, "", next)
		if err != nil || len(rest) != 1 || end != "" {
			t.Errorf("the second page: %v, then %q, %v", rest, end, err)
		}
		for typed, want := range map[string]int{"cafe": 1, "CAFÉ sure": 1, "0%_s": 1, "0%s": 0, "number 1": 1 + 10 + 3, "nowhere": 0} {
			if found, _, err := a.courses.Notes(a.ctx, maya, typed, ""); err != nil || len(found) != want {
				t.Errorf("%q finds %d, want %d (%v)", typed, len(found), want, err)
			}
		}
		if all, err := a.courses.AllNotes(a.ctx, maya); err != nil || len(all) != courses.NotePage+1 {
			t.Errorf("all: %d, %v", len(all), err)
		}
		if err := a.courses.DropNote(a.ctx, maya, first[0].ID); err != nil {
			t.Error(err)
		}
		if err := a.courses.DropNote(a.ctx, maya, first[0].ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("deleted twice: %v", err)
		}
		if err := a.courses.DropNotes(a.ctx, maya); err != nil {
			t.Error(err)
		}
		var left []courses.NoteID
		if err := a.db.NewRaw(`SELECT id FROM notes`).Scan(a.ctx, &left); err != nil || len(left) != 1 || left[0] != hers {
			t.Errorf("left are %v, %v", left, err)
		}
	})
}

// A newer version keeps what still stands in it, wherever it stands now, and tells what
// it lacks; the other language says that it is another.
func TestNotesSurviveANewVersionAndTheOtherLanguage(t *testing.T) {
	each(t, func(a academy) {
		maya := a.person("Maya", people.Outreach)
		old := a.text(maya, "T07", content.English)
		stays, goes := marked(t, old, 2), marked(t, old, 3)
		a.keep(maya, old, courses.NewNote{Section: 2, Quote: stays})
		a.keep(maya, old, courses.NewNote{Section: 3, Quote: goes, Text: "Ask about this"})
		if list, _, err := a.courses.Notes(a.ctx, maya, "", ""); err != nil || len(list) != 2 || !list[0].Shown() || !list[1].Shown() {
			t.Fatalf("at first: %+v, %v", list, err)
		}
		es, err := a.courses.NotesOn(a.ctx, maya, a.text(maya, "T07", content.Spanish))
		if err != nil || len(es) != 2 || !es[0].Elsewhere || es[0].Changed || es[0].Section != 2 {
			t.Errorf("beside the Spanish text: %+v, %v", es, err)
		}

		file, err := curriculum.Files.ReadFile("t07-de-escalation.md")
		if err != nil {
			t.Fatal(err)
		}
		source := strings.Replace(strings.Replace(string(file), "version: 1\n", "version: 2\n", 1), "\n## ", "\n## A section that is new\n\nIt comes first.\n\n## ", 1)
		word := strings.Fields(goes)[0]
		at := strings.Index(source, "## "+old.Sections[2].Title)
		source = source[:at] + strings.ReplaceAll(source[at:], word, "Otherwise")
		glossary, err := curriculum.Files.ReadFile("glossary.yaml")
		if err != nil {
			t.Fatal(err)
		}
		guide := strings.Replace(a.file("t07-de-escalation.guide.md"), "version: 1\n", "version: 2\n", 1)
		folder, problems := content.Parse(fstest.MapFS{"t07-de-escalation.md": {Data: []byte(source)}, "glossary.yaml": {Data: glossary},
			"t07-de-escalation.guide.md": {Data: []byte(guide)}}, ".")
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if _, err := a.content.Import(a.ctx, folder); err != nil {
			t.Fatal(err)
		}
		now, err := a.courses.Open(a.ctx, maya, "T07", content.English)
		if err != nil || now.Module.Version != 2 {
			t.Fatalf("version %d, %v", now.Module.Version, err)
		}
		on, err := a.courses.NotesOn(a.ctx, maya, now.Module)
		if err != nil || len(on) != 2 || !on[0].Shown() || on[0].Section != 3 || on[1].Shown() || !on[1].Changed || on[1].Section != 4 {
			t.Errorf("beside version 2: %+v, %v", on, err)
		}
		list, _, err := a.courses.Notes(a.ctx, maya, "", "")
		if err != nil || len(list) != 2 || list[0].Changed || !list[1].Changed || list[1].Text != "Ask about this" {
			t.Errorf("in the list: %+v, %v", list, err)
		}
	})
}

// A module that is closed again takes its notes out of sight, and they can still be deleted.
func TestNotesOnWhatMayNotBeSeenAreNotShownAndCanBeDeleted(t *testing.T) {
	each(t, func(a academy) {
		maya := a.person("Maya", people.Outreach)
		id := a.keep(maya, a.text(maya, "T07", content.English), courses.NewNote{Section: 1, Text: "x"})
		if _, err := a.db.NewRaw(`DELETE FROM module_sectors WHERE sector = 'outreach'`).Exec(a.ctx); err != nil {
			t.Fatal(err)
		}
		if list, _, err := a.courses.Notes(a.ctx, maya, "", ""); err != nil || len(list) != 0 {
			t.Errorf("listed: %v, %v", list, err)
		}
		if _, err := a.courses.Note(a.ctx, maya, id); !errors.Is(err, fault.NotFound) {
			t.Errorf("opened: %v", err)
		}
		if err := a.courses.DropNotes(a.ctx, maya); err != nil {
			t.Error(err)
		}
		if n, err := a.db.NewSelect().Table("notes").Count(a.ctx); err != nil || n != 0 {
			t.Errorf("%d are left, %v", n, err)
		}
	})
}

func (a academy) file(name string) string {
	a.Helper()
	text, err := curriculum.Files.ReadFile(name)
	if err != nil {
		a.Fatal(err)
	}
	return string(text)
}
