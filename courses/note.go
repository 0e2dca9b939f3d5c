package courses

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// NoteID is the key of a note.
type NoteID string

// Limits of a note, in letters, and of how many a reader keeps.
const (
	LongestNote  = 2000
	LongestQuote = 600
	mostNotes    = 2000
)

// Note is a reader's own: words of a module's text that they marked, words that they
// wrote to a section of it, or both. Nobody else learns that it is there.
type Note struct {
	bun.BaseModel `bun:"table:notes,alias:n"`

	ID         NoteID `bun:",pk"`
	PersonID   people.PersonID
	Sector     people.Sector
	ModuleID   content.ModuleID
	Hash       content.Hash // the version that they had before them
	Section    int          // 0 is what stands before the first
	Anchor     string       // of the section's heading; "" for what stands before the first
	Quote      string       // the marked words, with single spaces; "" for a note to the whole section
	Occurrence int          // which of the same words in the section, from 0
	Text       string       // "" for marked words alone
	QuoteKey   string       // the words folded, for search
	TextKey    string
	MadeAt     time.Time
	ChangedAt  time.Time
}

// NewNote is what a reader writes or marks.
type NewNote struct {
	Section    int
	Quote      string
	Occurrence int
	Text       string
}

// PlacedNote is a note beside a text: the one on which it was made, or one that came after.
type PlacedNote struct {
	Note
	Title        string       // of the module, in the language in which the note was made
	Lang         content.Lang // of the text in which the words were marked
	SectionTitle string       // "" for what stands before the first
	Changed      bool         // the marked words are no longer there: the text has changed since
	Elsewhere    bool         // the words were marked in the text's other language
}

// Shown says whether the marked words stand in the text that the note is placed beside.
func (n PlacedNote) Shown() bool { return n.Quote != "" && !n.Changed && !n.Elsewhere }

// of makes a note on a module as its reader has it before them. Words that are not in
// the section are refused: the page is older than the text.
func (n NewNote) of(m content.Module) (Note, error) {
	var problems fault.InvalidError
	n.Quote = content.SingleSpaces(n.Quote)
	note := Note{ModuleID: m.ID, Hash: m.Hash, Section: n.Section, Quote: n.Quote, Occurrence: n.Occurrence}
	if n.Section < 0 || n.Section > len(m.Sections) {
		problems.Add("section", "courses.reading.no_place")
	} else if n.Section > 0 {
		note.Anchor = m.Sections[n.Section-1].Anchor
	}
	if letters := utf8.RuneCountInString(n.Quote); letters > LongestQuote {
		problems.Add("quote", "courses.note.quote_long", "Most", LongestQuote, "Letters", letters)
	} else if len(problems.Problems) == 0 && n.Quote != "" && !holds(sayings(m), n.Section, n.Quote, n.Occurrence) {
		problems.Add("quote", "courses.note.quote_gone")
	}
	var err error
	if note.Text, err = wordsOfNote(n.Text, n.Quote != ""); err != nil {
		problems.Take(err)
	}
	return note, problems.OrNil()
}

// wordsOfNote checks what is written. Only marked words may stand without any.
func wordsOfNote(text string, marked bool) (string, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if letters := utf8.RuneCountInString(text); letters > LongestNote {
		return "", fault.Invalid("text", "courses.note.long", "Most", LongestNote, "Letters", letters)
	}
	if text == "" && !marked {
		return "", fault.Invalid("text", "courses.note.empty")
	}
	return text, nil
}

// sayings are the plain words of each part of a text, by the number of the section.
func sayings(m content.Module) []string {
	parts, _ := m.Parts()
	said := make([]string, len(parts))
	for i, part := range parts {
		said[i] = content.Plain(part)
	}
	return said
}

// holds says whether a section has words so many times and once more.
func holds(said []string, section int, quote string, occurrence int) bool {
	return section < len(said) && occurrence >= 0 && occurrence < len(said[section]) && strings.Count(said[section], quote) > occurrence
}

// beside places a note beside a text: in the section of the same heading, or else of the
// same number, which a translation shares.
func (n Note) beside(m content.Module, said []string) PlacedNote {
	at := min(n.Section, len(m.Sections))
	for i, section := range m.Sections {
		if n.Anchor != "" && section.Anchor == n.Anchor {
			at = i + 1
		}
	}
	n.Section = at
	placed := PlacedNote{Note: n, Title: m.Title, Lang: m.Lang}
	if at > 0 {
		placed.SectionTitle = m.Sections[at-1].Title
	}
	// Counted without overlaps, as a script that looks for the words counts them.
	placed.Changed = n.Quote != "" && n.Hash != m.Hash && !holds(said, at, n.Quote, n.Occurrence)
	return placed
}
