package people

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
)

// Kinds of outbox work that this package asks for.
const (
	LetterWork    = "people.letter"
	ForgottenWork = "people.forgotten"
)

// LetterOrder asks for a link to be sent. The link itself is made when the letter
// is written, so that no token waits in a table. ID is the letter's own, the same
// however often it is sent.
type LetterOrder struct {
	ID       string
	Sector   Sector
	PersonID PersonID
	Kind     LinkKind
}

// ForgottenOrder asks for reset links to the accounts behind an e-mail address.
type ForgottenOrder struct {
	ID    string
	Email string
}

// Letter is a link on its way to its owner.
type Letter struct {
	ID       string
	Email    string
	Name     string
	Language string
	Kind     LinkKind
	Token    string
}

// SendLink asks for an invitation or a reset link to be sent to a person's e-mail
// address. Who may is as in MakeLink; fails with fault.Invalid when there is no address.
func (s Store) SendLink(ctx context.Context, v Viewer, kind LinkKind, person PersonID) error {
	if kind != Invitation && kind != Reset {
		return fault.NotFound
	}
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		s := s.In(tx)
		var row struct{ Reachable bool }
		err := tx.NewRaw(`SELECT EXISTS (SELECT 1 FROM sign_in_names WHERE sign_in_names.person_id = persons.id AND sign_in_names.kind = 'email') AS reachable
			FROM persons WHERE `+withinPower, powerArgs(v, person, s.Today())...).Scan(ctx, &row)
		if err := database.One(err); err != nil {
			return err
		}
		if !row.Reachable {
			return fault.Invalid("", "people.letter.no_address")
		}
		if err := s.Note(ctx, v, "sent_"+string(kind), person, ""); err != nil {
			return err
		}
		return outbox.Enqueue(ctx, tx, LetterWork, LetterOrder{rand.Text(), v.Sector(), person, kind}, s.now())
	})
}

// AskForReset asks for a reset link to whatever accounts an e-mail address opens. It
// looks at nothing, so that it tells nothing.
func (s Store) AskForReset(ctx context.Context, typed string) error {
	email, ok := NormalEmail(typed)
	if !ok {
		return fault.Invalid("name", "people.email.odd")
	}
	return outbox.Enqueue(ctx, s.db, ForgottenWork, ForgottenOrder{rand.Text(), email}, s.now())
}

// WriteLetter makes the link of an order, for the job that sends it in its sector. Fails
// with fault.NotFound when the person has no open account there with an e-mail address
// any more.
func (s Store) WriteLetter(ctx context.Context, v Viewer, order LetterOrder) (Letter, error) {
	var row struct {
		Person
		Email string
	}
	err := s.db.NewRaw(`SELECT p.id, p.sector, p.given_name, p.family_name, p.chosen_name, p.language, n.name AS email
		FROM persons AS p JOIN sign_in_names AS n ON n.person_id = p.id AND n.kind = 'email'
		WHERE p.id = ? AND p.sector = ? AND p.closed_at IS NULL ORDER BY n.created_at, n.name LIMIT 1`, order.PersonID, v.Sector()).Scan(ctx, &row)
	if err := database.One(err); err != nil {
		return Letter{}, fmt.Errorf("letter: %w", err)
	}
	token, err := s.MakeLink(ctx, v, order.Kind, order.PersonID)
	return Letter{order.ID, row.Email, row.Name(), row.Language, order.Kind, token}, err
}

// WriteForgotten makes a reset link for the account that an address opens in each
// sector; none when it opens none.
func (s Store) WriteForgotten(ctx context.Context, order ForgottenOrder) ([]Letter, error) {
	var found []LetterOrder
	err := s.db.NewRaw(`SELECT sector, person_id, ? AS kind FROM sign_in_names WHERE name = ? AND kind = 'email' ORDER BY sector`, Reset, strings.ToLower(order.Email)).Scan(ctx, &found)
	if err != nil {
		return nil, err
	}
	var letters []Letter
	for _, one := range found {
		one.ID = order.ID + "." + string(one.Sector)
		letter, err := s.WriteLetter(ctx, System(one.Sector), one)
		if errors.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		letters = append(letters, letter)
	}
	return letters, nil
}
