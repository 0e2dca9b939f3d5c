package messages

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// SendWork is the outbox's work of sending one letter.
const SendWork = "messages.send"

// SendOrder is the letter that the work is about.
type SendOrder struct {
	ID     string
	Sector people.Sector
}

// kept is how long a letter stands here after it is of no use, without its text: so long
// it is known that its cause was told, and its end-of-letters page opens.
const kept = 90 * 24 * time.Hour

// Queue asks for letters to people of the viewer's sector, whom the caller found through
// its wall. Who has no open account with an address gets none, and of one cause each gets
// one letter, however often it is asked for.
func (s Store) Queue(ctx context.Context, v people.Viewer, orders ...Order) error {
	for _, o := range orders {
		err := s.inTx(ctx, func(ctx context.Context, s Store) error {
			id := database.NewID()
			result, err := s.db.NewRaw(`INSERT INTO messages (id, person_id, sector, kind, about, cause, state, made_at, expires_at, mail_name)
				SELECT ?, person.id, ?, ?, ?, ?, ?, ?, ?, ? FROM persons AS person WHERE person.id = ? AND `+Reached("person.id")+`
				ON CONFLICT (person_id, cause) DO NOTHING`,
				id, v.Sector(), o.Kind, o.About, o.Cause, Waiting, s.now(), o.Until, newToken(), o.Person).Exec(ctx)
			if err != nil {
				return err
			}
			if n, err := result.RowsAffected(); err != nil || n == 0 {
				return err
			}
			return outbox.Enqueue(ctx, s.db, SendWork, SendOrder{id, v.Sector()}, s.now())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Take marks a letter as being sent, writes it if it was not yet, and gives it with its
// text. It fails with fault.NotFound where nothing is to be sent: not any more, or not now.
func (s Store) Take(ctx context.Context, v people.Viewer, id string, writers map[Kind]Writer) (letter Letter, text Text, err error) {
	if letter, err = s.letter(ctx, v, id); err != nil {
		return letter, text, err
	}
	writer, known := writers[letter.Kind]
	switch {
	case !known:
		return letter, text, fmt.Errorf("nobody writes letters of kind %q", letter.Kind)
	case letter.Email == "" || !letter.Wishes.Wants(letter.Kind) || !s.now().Before(letter.Until):
		return letter, text, s.drop(ctx, letter, Dropped)
	case letter.State == Sending && letter.Again:
		return letter, text, s.drop(ctx, letter, Lost)
	}
	if at := letter.Wishes.At(s.now(), letter.Until, s.zone); at.After(s.now()) {
		return letter, text, s.later(ctx, letter, at)
	}
	if letter.Wishes.Quiet(s.now(), s.zone) && !slices.Contains(urgent, letter.Kind) {
		return letter, text, s.drop(ctx, letter, Dropped)
	}
	if letter.Written == "" {
		return s.write(ctx, letter, writer)
	}
	still, err := writer.Still(ctx, letter)
	if err != nil {
		return letter, text, err
	}
	if !still {
		return letter, text, s.drop(ctx, letter, Dropped)
	}
	again := letter.Again || letter.State == Sending
	if err := s.move(ctx, letter, letter.State, "state = ?, again = ?", Sending, again); err != nil {
		return letter, text, err
	}
	letter.Again = again
	return letter, text, json.Unmarshal([]byte(letter.Written), &text)
}

// letter finds one that is not at its end, with its receiver; who has closed their
// account has no address any more.
func (s Store) letter(ctx context.Context, v people.Viewer, id string) (Letter, error) {
	var row struct {
		Letter
		Wishes
	}
	err := s.db.NewRaw(`SELECT message.id, message.person_id, message.sector, message.kind, message.about, message.cause, message.state, message.expires_at,
			message.mail_name, message.again, message.written,
			COALESCE(NULLIF(person.chosen_name, ''), NULLIF(person.given_name, ''), person.family_name) AS name, person.language AS account_language,
			CASE WHEN person.closed_at IS NULL THEN `+address+` ELSE '' END AS email, `+Wished+`
		FROM messages AS message JOIN persons AS person ON person.id = message.person_id
		LEFT JOIN message_wishes AS wish ON wish.person_id = message.person_id
		WHERE message.id = ? AND message.sector = ? AND message.state IN (?, ?)`, id, v.Sector(), Waiting, Sending).Scan(ctx, &row)
	letter := row.Letter
	letter.Wishes = row.Wishes
	if row.Wishes.Language != "" {
		letter.Language = row.Wishes.Language
	}
	return letter, database.One(err)
}

// write lets the letter be written and marked as being sent in one transaction.
func (s Store) write(ctx context.Context, letter Letter, writer Writer) (Letter, Text, error) {
	var text Text
	err := s.inTx(ctx, func(ctx context.Context, s Store) (err error) {
		if err := s.move(ctx, letter, letter.State, "state = ?", Sending); err != nil {
			return err
		}
		if text, err = writer.Write(ctx, s.db, letter); err != nil {
			return err
		}
		text.Stop = newToken()
		written, err := json.Marshal(text)
		if err != nil {
			return err
		}
		return s.move(ctx, letter, Sending, "written = ?, stop_hash = ?", string(written), hashed(text.Stop))
	})
	if errors.Is(err, fault.NotFound) {
		return letter, text, s.drop(ctx, letter, Dropped)
	}
	return letter, text, err
}

// later asks for the letter again at another time, and gives fault.NotFound.
func (s Store) later(ctx context.Context, letter Letter, at time.Time) error {
	if err := outbox.Enqueue(ctx, s.db, SendWork, SendOrder{letter.ID, letter.Sector}, at); err != nil {
		return err
	}
	return fmt.Errorf("letter %q is for later: %w", letter.ID, fault.NotFound)
}

// drop ends a letter that is not sent, and gives fault.NotFound.
func (s Store) drop(ctx context.Context, letter Letter, end State) error {
	if err := s.move(ctx, letter, letter.State, "state = ?, written = '', ended_at = ?", end, s.now()); err != nil {
		return err
	}
	return fmt.Errorf("letter %q: %w", letter.ID, fault.NotFound)
}

// Done notes that the mail server has taken the letter: its text is not kept.
func (s Store) Done(ctx context.Context, v people.Viewer, letter Letter) error {
	return s.moveAs(ctx, v, letter, Sending, "state = ?, written = '', ended_at = ?", Sent, s.now())
}

// Refused notes that the mail server has certainly not taken the letter: it waits.
func (s Store) Refused(ctx context.Context, v people.Viewer, letter Letter) error {
	return s.moveAs(ctx, v, letter, Sending, "state = ?", Waiting)
}

func (s Store) move(ctx context.Context, letter Letter, from State, set string, values ...any) error {
	return s.moveAs(ctx, people.System(letter.Sector), letter, from, set, values...)
}

func (s Store) moveAs(ctx context.Context, v people.Viewer, letter Letter, from State, set string, values ...any) error {
	result, err := s.db.NewRaw(`UPDATE messages SET `+set+` WHERE id = ? AND sector = ? AND state = ? AND again = ?`,
		append(values, letter.ID, v.Sector(), from, letter.Again)...).Exec(ctx)
	return database.Changed(result, err, fmt.Errorf("letter %q was taken by another process: %w", letter.ID, fault.NotFound))
}

// Sweep takes out letters that have been of no use for long.
func (s Store) Sweep(ctx context.Context) error {
	_, err := s.db.NewRaw(`DELETE FROM messages WHERE expires_at < ?`, s.now().Add(-kept)).Exec(ctx)
	return err
}
