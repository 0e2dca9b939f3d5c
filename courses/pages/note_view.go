package pages

import (
	"context"
	"strconv"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// notesOnPage are a reader's notes on one module, and the form for one more.
type notesOnPage struct {
	moduleView
	Notes   []courses.PlacedNote
	Section int // that the form stands on
	Failed  *web.Errors
}

// Sections are the sections that have notes, in order.
func (p notesOnPage) Sections() (groups [][]courses.PlacedNote) {
	for i, n := range p.Notes {
		if i == 0 || n.Section != p.Notes[i-1].Section {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], n)
	}
	return groups
}

// Choices are the sections to write to.
func (p notesOnPage) Choices(top string) []web.Option {
	options := p.Places(top)
	for i := range options {
		options[i].Chosen = i == p.Section
	}
	return options
}

// notesPage is the list of a reader's notes.
type notesPage struct {
	Notes  []courses.PlacedNote
	Typed  string // what was looked for; "" for all
	Before bool   // this is not the first page
	Next   courses.NoteID
}

// enoughToSearch is how many notes a reader looks through no more.
const enoughToSearch = 8

// Long says whether there is something to look through.
func (p notesPage) Long() bool {
	return p.Typed != "" || p.Before || p.Next != "" || len(p.Notes) >= enoughToSearch
}

// Modules are the notes by module, in the order of the list.
func (p notesPage) Modules() (groups [][]courses.PlacedNote) {
	for i, n := range p.Notes {
		if i == 0 || n.ModuleID != p.Notes[i-1].ModuleID {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], n)
	}
	return groups
}

// At is the module's address in the language in which its text is read, at a section: the
// sections have the same numbers in both.
func (m moduleView) At(ctx context.Context, section int) string {
	return m.Address + m.asked(ctx) + "#part-" + strconv.Itoa(section)
}

// NotesAt begins the address of the reader's notes on the module, beside the same text.
func (m moduleView) NotesAt(ctx context.Context) string {
	if asked := m.asked(ctx); asked != "" {
		return m.Address + "/notes" + asked + "&"
	}
	return m.Address + "/notes?"
}

// asked is what an address carries where the text is asked for in another language than
// the page's.
func (m moduleView) asked(ctx context.Context) string {
	if m.Asked == language(ctx) {
		return ""
	}
	return "?lang=" + string(m.Asked)
}

// NoteAt is the address of the form for a note to a section.
func (m moduleView) NoteAt(ctx context.Context, section int) string {
	return m.NotesAt(ctx) + "section=" + strconv.Itoa(section)
}

// words: courses.module.read_in.*

// Other is the language in which the text is not shown now.
func (m moduleView) Other() content.Lang {
	if m.Module.Lang == content.Spanish {
		return content.English
	}
	return content.Spanish
}

// InOther is the address of the text in its other language, where the reader stopped. The
// rest of the page stays in theirs.
func (m moduleView) InOther(ctx context.Context) string {
	m.Asked = m.Other()
	return m.At(ctx, min(m.Reading.Furthest, len(m.Module.Sections)))
}

// SectionTitle is the title of a section by its number; top for what stands before the first.
func (m moduleView) SectionTitle(number int, top string) string {
	if number < 1 || number > len(m.Module.Sections) {
		return top
	}
	return m.Module.Sections[number-1].Title
}

// beginning is how a note begins, to tell it from others.
func beginning(n courses.PlacedNote) string {
	said := n.Text
	if said == "" {
		said = n.Quote
	}
	const most = 60
	if letters := []rune(content.SingleSpaces(said)); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return content.SingleSpaces(said)
}
