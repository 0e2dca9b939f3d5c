package assessment

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Store keeps quizzes, attempts with their answers, and practical records.
type Store struct {
	db      bun.IDB
	now     clock.Clock
	people  people.Store
	cohorts cohorts.Store
	saves   *database.Batcher[string, *saving] // nil inside a transaction
	asked   *recalled
}

// NewStore makes the room's store; people says which day it is, cohorts who runs what.
func NewStore(db bun.IDB, now clock.Clock, people people.Store, cohorts cohorts.Store) Store {
	s := Store{db: db, now: now, people: people, cohorts: cohorts, asked: new(recalled)}
	if pool, ok := db.(*bun.DB); ok {
		s.saves = database.NewBatcher[string](pool, func(ctx context.Context, tx bun.Tx, saves []*saving) error {
			return s.In(tx).saveEach(ctx, saves)
		})
	}
	return s
}

// In is the same store inside a transaction.
func (s Store) In(tx bun.IDB) Store {
	s.db, s.people, s.cohorts, s.saves = tx, s.people.In(tx), s.cohorts.In(tx), nil
	return s
}

// inTx runs work with the store inside one transaction.
func (s Store) inTx(ctx context.Context, work func(ctx context.Context, s Store) error) error {
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error { return work(ctx, s.In(tx)) })
}

// nullPerson is who acts, or NULL where the system does.
func nullPerson(v people.Viewer) any {
	if v.SignedIn() {
		return v.Person()
	}
	return nil
}

// newestQuiz joins the newest quiz of a module (alias quiz), whose id the column holds.
const newestQuiz = `quizzes AS quiz ON quiz.module_id = em.module_id
	AND quiz.version = (SELECT MAX(newer.version) FROM quizzes AS newer WHERE newer.module_id = em.module_id)`

// names are the parts of a person's name, as a row of a class list has them.
type names struct {
	ChosenName string `bun:"chosen_name"`
	GivenName  string `bun:"given_name"`
	FamilyName string `bun:"family_name"`
}

// short is the name on a class list: the first name and the initial of the family name.
func (n names) short() string {
	name := people.ShownName(n.ChosenName, n.GivenName, "")
	if name == "" {
		return n.FamilyName
	}
	if initial, size := utf8.DecodeRuneInString(strings.TrimSpace(n.FamilyName)); size > 0 {
		name += " " + string(initial) + "."
	}
	return name
}
