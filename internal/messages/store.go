package messages

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Tx is the transaction in which a letter is written.
type Tx = bun.IDB

// Store keeps wishes and the letters on their way.
type Store struct {
	db   bun.IDB
	now  clock.Clock
	zone *time.Location
}

// NewStore makes a store whose quiet hours are those of a zone's clock.
func NewStore(db bun.IDB, now clock.Clock, zone *time.Location) Store { return Store{db, now, zone} }

// In is the same store inside a transaction.
func (s Store) In(tx bun.IDB) Store {
	s.db = tx
	return s
}

// inTx runs work with the store inside one transaction.
func (s Store) inTx(ctx context.Context, work func(ctx context.Context, s Store) error) error {
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error { return work(ctx, s.In(tx)) })
}

// Now is the time by the store's clock; Zone is where its quiet hours are told.
func (s Store) Now() time.Time { return s.now() }

// Zone is where the store's quiet hours are told.
func (s Store) Zone() *time.Location { return s.zone }

// Wished are the columns of a person's wishes, joined by LEFT JOIN as wish: those of who
// has said nothing are Careful.
const Wished = `COALESCE(wish.reminders, TRUE) AS reminders, COALESCE(wish.changes, TRUE) AS changes, COALESCE(wish.invitations, FALSE) AS invitations,
	COALESCE(wish.absences, FALSE) AS absences, COALESCE(wish.due, FALSE) AS due, COALESCE(wish.ahead, 24) AS ahead,
	COALESCE(wish.quiet_from, 1260) AS quiet_from, COALESCE(wish.quiet_to, 480) AS quiet_to, COALESCE(wish.language, '') AS language`

// Wanted is the condition that a person joined as wish by LEFT JOIN message_wishes wants
// letters of a kind.
func Wanted(kind Kind) string {
	if Careful.Wants(kind) {
		return "COALESCE(wish." + string(kind.wish()) + ", TRUE)"
	}
	return "COALESCE(wish." + string(kind.wish()) + ", FALSE)"
}

// WantsAny is the condition that such a person has not stopped all letters.
func WantsAny() string {
	var any []string
	for _, kind := range Kinds {
		any = append(any, Wanted(kind))
	}
	return "(" + strings.Join(any, " OR ") + ")"
}

// Reached is the condition that there is an open account with an e-mail address, of a
// person by the column that holds their key.
func Reached(column string) string {
	return `EXISTS (SELECT 1 FROM sign_in_names AS reached JOIN persons AS open ON open.id = reached.person_id AND open.closed_at IS NULL
		WHERE reached.person_id = ` + column + ` AND reached.kind = 'email')`
}

// address is where a person joined as person is written to: the first address that they
// have had.
const address = `COALESCE((SELECT name FROM sign_in_names WHERE person_id = person.id AND kind = 'email' ORDER BY created_at, name LIMIT 1), '')`

// Own are a person's wishes as they see them, and where letters to them go.
type Own struct {
	Wishes
	Email   string `bun:"email"`   // "" for nowhere
	Account string `bun:"account"` // language of the account
}

// Wishes are the viewer's own.
func (s Store) Wishes(ctx context.Context, v people.Viewer) (Own, error) {
	var own Own
	err := s.db.NewRaw(`SELECT `+Wished+`, person.language AS account, `+address+` AS email
		FROM persons AS person LEFT JOIN message_wishes AS wish ON wish.person_id = person.id WHERE person.id = ?`, v.Person()).Scan(ctx, &own)
	return own, database.One(err)
}

// Wish says what the viewer wants to be written of.
func (s Store) Wish(ctx context.Context, v people.Viewer, w Wishes) error {
	if !v.SignedIn() {
		return fault.Forbidden
	}
	if err := w.Validate(); err != nil {
		return err
	}
	return s.wish(ctx, v.Person(), w)
}

func (s Store) wish(ctx context.Context, person people.PersonID, w Wishes) error {
	_, err := s.db.NewRaw(`INSERT INTO message_wishes (person_id, reminders, changes, invitations, absences, due, ahead, quiet_from, quiet_to, language, changed_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (person_id) DO UPDATE SET reminders = excluded.reminders, changes = excluded.changes, invitations = excluded.invitations,
			absences = excluded.absences, due = excluded.due, ahead = excluded.ahead, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
			language = excluded.language, changed_at = excluded.changed_at`,
		person, w.Reminders, w.Changes, w.Invitations, w.Absences, w.Due, w.Ahead, w.QuietFrom, w.QuietTo, w.Language, s.now()).Exec(ctx)
	return err
}

// StopOf gives the language of who a letter went to, by the token that stands in it;
// fault.NotFound where none has it.
func (s Store) StopOf(ctx context.Context, token string) (string, error) {
	var language string
	err := s.db.NewRaw(`SELECT person.language FROM messages AS message JOIN persons AS person ON person.id = message.person_id
		WHERE message.stop_hash = ?`, hashed(token)).Scan(ctx, &language)
	return language, database.One(err)
}

// Stop ends all letters to who got the one with the token.
func (s Store) Stop(ctx context.Context, token string) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		var row struct {
			PersonID people.PersonID `bun:"person_id"`
			Wishes
		}
		err := s.db.NewRaw(`SELECT message.person_id, `+Wished+` FROM messages AS message
			LEFT JOIN message_wishes AS wish ON wish.person_id = message.person_id WHERE message.stop_hash = ?`, hashed(token)).Scan(ctx, &row)
		if err != nil {
			return database.One(err)
		}
		return s.wish(ctx, row.PersonID, Wishes{Ahead: row.Ahead, QuietFrom: row.QuietFrom, QuietTo: row.QuietTo, Language: row.Language})
	})
}

func newToken() string { return rand.Text() }

func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
