package people

import (
	"context"

	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// NoteEach writes one audit line for each of some people: the viewer did act to the record
// of every one of them; see Note.
func (s Store) NoteEach(ctx context.Context, v Viewer, act string, of []PersonID, record string) error {
	if len(of) == 0 {
		return nil
	}
	rows, args := "", []any{}
	for _, person := range of {
		rows += ", (?, ?, ?, ?, ?, ?, ?)"
		args = append(args, database.NewID(), v.Sector(), s.now(), orNull(v.Person()), act, person, record)
	}
	_, err := s.db.ExecContext(ctx, `INSERT INTO audit_lines (id, sector, at, actor_id, act, person_id, record) VALUES `+rows[2:], args...)
	return err
}

// Note writes one audit line: the viewer did act to a person's record. The line
// belongs to the sector of the record, which is where the viewer stands. Record
// names the thing where it is not the person ("certificates/MPA-…"); never a text
// that somebody typed.
func (s Store) Note(ctx context.Context, v Viewer, act string, of PersonID, record string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO audit_lines (id, sector, at, actor_id, act, person_id, record)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, database.NewID(), v.Sector(), s.now(), orNull(v.Person()), act, orNull(of), record)
	return err
}
