package courses

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// NotePage is how many notes a page of their list holds.
const NotePage = 50

// KeepNote keeps a note of the viewer's on a module that was just opened for them, as
// Look gives it. Fails with fault.Invalid when it says nothing, is too long, marks words
// that are not there, or is one more than anybody keeps.
func (s Store) KeepNote(ctx context.Context, v people.Viewer, m content.Module, n NewNote) (NoteID, error) {
	if !v.SignedIn() {
		return "", fmt.Errorf("module %q: %w", m.ID, fault.NotFound)
	}
	note, err := n.of(m)
	if err != nil {
		return "", err
	}
	note.ID = NoteID(database.NewID())
	visible := s.db.NewSelect().TableExpr("module_versions AS mv").
		ColumnExpr("?, ?, ?, mv.module_id, mv.hash, ?, ?", note.ID, v.Person(), v.Sector(), note.Section, note.Anchor).
		ColumnExpr("?, ?, ?, ?, ?, ?, ?", note.Quote, note.Occurrence, note.Text, database.Fold(note.Quote), database.Fold(note.Text), s.now(), s.now()).
		Apply(content.VisibleTo(v, s.now())).Where("mv.hash = ?", m.Hash).
		Where("(SELECT COUNT(*) FROM notes AS n WHERE n.person_id = ? AND n.sector = ?) < ?", v.Person(), v.Sector(), mostNotes)
	result, err := s.db.NewRaw(`INSERT INTO notes (id, person_id, sector, module_id, hash, section, anchor, quote, occurrence, text, quote_key, text_key, made_at, changed_at) ?`,
		visible).Exec(ctx)
	return note.ID, database.Changed(result, err, fault.Invalid("text", "courses.note.too_many", "Most", mostNotes))
}

// NotesOn are the viewer's notes on a module, placed beside the text of it that they have
// before them, in the order of its sections.
func (s Store) NotesOn(ctx context.Context, v people.Viewer, m content.Module) ([]PlacedNote, error) {
	var rows []noteRow
	err := s.notes(v).Where("n.module_id = ?", m.ID).OrderExpr("n.section, n.id").Limit(mostNotes).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("notes on %q: %w", m.ID, err)
	}
	var said []string
	placed := make([]PlacedNote, len(rows))
	for i, row := range rows {
		if said == nil {
			said = sayings(m)
		}
		placed[i] = row.beside(m, said)
		placed[i].Lang = row.Lang
		if placed[i].Elsewhere = row.Quote != "" && row.Lang != m.Lang; placed[i].Elsewhere {
			placed[i].Changed = false
		}
	}
	return placed, nil
}

// Notes are the viewer's notes, by module and section, a page at a time: those that hold
// the words of typed, or all. Marked words that are gone from the version that the viewer
// last opened are told as changed.
func (s Store) Notes(ctx context.Context, v people.Viewer, typed string, after NoteID) (list []PlacedNote, next NoteID, err error) {
	q := s.notes(v).Limit(NotePage + 1)
	if words := strings.Fields(database.Fold(typed)); len(words) > 0 {
		for _, word := range words {
			held := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(word) + "%"
			q.Where("(n.text_key LIKE ? ESCAPE '!' OR n.quote_key LIKE ? ESCAPE '!')", held, held)
		}
	}
	if after != "" {
		q.Where(`(n.module_id, n.section, n.id) > (SELECT last.module_id, last.section, last.id FROM notes AS last
			WHERE last.id = ? AND last.person_id = ? AND last.sector = ?)`, after, v.Person(), v.Sector())
	}
	list, err = s.listed(ctx, q)
	if len(list) > NotePage {
		list = list[:NotePage]
		next = list[NotePage-1].ID
	}
	return list, next, err
}

// AllNotes are all of the viewer's notes, for them to carry away.
func (s Store) AllNotes(ctx context.Context, v people.Viewer) ([]PlacedNote, error) {
	return s.listed(ctx, s.notes(v).Limit(mostNotes))
}

// Note is one of the viewer's own. Fails with fault.NotFound when it is not theirs.
func (s Store) Note(ctx context.Context, v people.Viewer, id NoteID) (PlacedNote, error) {
	list, err := s.listed(ctx, s.notes(v).Where("n.id = ?", id))
	if err == nil && len(list) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return PlacedNote{}, fmt.Errorf("note %q: %w", id, err)
	}
	return list[0], nil
}

// ChangeNote writes other words to one of the viewer's notes. Fails with fault.NotFound
// when it is not theirs, with fault.Invalid as KeepNote does.
func (s Store) ChangeNote(ctx context.Context, v people.Viewer, id NoteID, text string) error {
	text, err := wordsOfNote(text, true)
	if err != nil {
		return err
	}
	// Words without a passage are not emptied: such a note would say nothing.
	var quotes []string
	err = s.db.NewRaw(`UPDATE notes SET text = CASE WHEN quote = '' AND ? = '' THEN text ELSE ? END, text_key = CASE WHEN quote = '' AND ? = '' THEN text_key ELSE ? END, changed_at = ?
		WHERE id = ? AND person_id = ? AND sector = ? RETURNING quote`,
		text, text, text, database.Fold(text), s.now(), id, v.Person(), v.Sector()).Scan(ctx, &quotes)
	switch {
	case err != nil:
		return fmt.Errorf("note %q: %w", id, err)
	case len(quotes) == 0:
		return fmt.Errorf("note %q: %w", id, fault.NotFound)
	case quotes[0] == "" && text == "":
		return fault.Invalid("text", "courses.note.empty")
	}
	return nil
}

// DropNote takes one of the viewer's notes away for good. Fails with fault.NotFound when
// it is not theirs.
func (s Store) DropNote(ctx context.Context, v people.Viewer, id NoteID) error {
	result, err := s.db.NewRaw(`DELETE FROM notes WHERE id = ? AND person_id = ? AND sector = ?`, id, v.Person(), v.Sector()).Exec(ctx)
	return database.Changed(result, err, fmt.Errorf("note %q: %w", id, fault.NotFound))
}

// DropNotes takes all of the viewer's notes away for good.
func (s Store) DropNotes(ctx context.Context, v people.Viewer) error {
	_, err := s.db.NewRaw(`DELETE FROM notes WHERE person_id = ? AND sector = ?`, v.Person(), v.Sector()).Exec(ctx)
	return err
}

// noteRow is a note with the version on which it was made, and the text that its reader
// opened since where that is another one.
type noteRow struct {
	Note
	Title    string
	Lang     content.Lang
	Sections []content.Section `bun:"type:jsonb"`

	NowHash     content.Hash
	NowSections []content.Section `bun:"type:jsonb"`
	NowHTML     string            `bun:"now_html"`
}

// notes are the viewer's own, of those modules that they may see now.
func (s Store) notes(v people.Viewer) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("notes AS n").Join("JOIN module_versions AS mv ON mv.hash = n.hash").
		ColumnExpr("n.*, mv.title, mv.lang, mv.sections").Apply(content.VisibleTo(v, s.now())).
		Where("n.person_id = ? AND n.sector = ?", v.Person(), v.Sector())
}

// listed reads notes beside the version that their reader opened last, in one query.
func (s Store) listed(ctx context.Context, q *bun.SelectQuery) ([]PlacedNote, error) {
	var rows []noteRow
	err := q.Join("LEFT JOIN readings AS r ON r.person_id = n.person_id AND r.module_id = n.module_id").
		Join("LEFT JOIN module_versions AS later ON later.hash = r.hash AND later.hash <> n.hash AND later.lang = mv.lang AND n.quote <> ''").
		ColumnExpr("later.hash AS now_hash, later.sections AS now_sections, later.html AS now_html").
		OrderExpr("n.module_id, n.section, n.id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("notes: %w", err)
	}
	placed := make([]PlacedNote, len(rows))
	for i, row := range rows {
		m, said := content.Module{Hash: row.Hash, Title: row.Title, Lang: row.Lang, Sections: row.Sections}, []string(nil)
		if row.NowHash != "" {
			m.Hash, m.Sections, m.HTML = row.NowHash, row.NowSections, row.NowHTML
			said = sayings(m)
		}
		placed[i] = row.beside(m, said)
	}
	return placed, nil
}
