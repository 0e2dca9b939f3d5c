package people

import (
	"crypto/rand"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
)

// Store keeps persons, organisations, grants and what opens the door. The same
// store works on the pool and, through In, inside a transaction.
type Store struct {
	db     bun.IDB
	now    clock.Clock
	zone   *time.Location
	key    []byte
	hasher *hasher
}

// NewStore makes a store whose days begin at midnight in Chicago and whose limits
// are kept under a key of this process alone; see InZone and Keyed.
func NewStore(db bun.IDB, now clock.Clock) Store {
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		zone = time.UTC
	}
	key := make([]byte, 32)
	rand.Read(key)
	return Store{db: db, now: now, zone: zone, key: key, hasher: newHasher()}
}

// In is the same store inside a transaction.
func (s Store) In(tx bun.IDB) Store {
	s.db = tx
	return s
}

// InZone is the same store with its days counted in another time zone: grants,
// employments and partnerships begin and end at midnight there.
func (s Store) InZone(zone *time.Location) Store {
	s.zone = zone
	return s
}

// Keyed is the same store with the key under which names and addresses are hidden
// in the table of tries; every process of one Academy must be given the same.
func (s Store) Keyed(key []byte) Store {
	s.key = key
	return s
}

// Zone is where the store's days begin at midnight.
func (s Store) Zone() *time.Location { return s.zone }

// Now is the time by the store's clock.
func (s Store) Now() time.Time { return s.now() }

// Today is the calendar day as the database keeps it.
func (s Store) Today() string { return s.now().In(s.zone).Format(time.DateOnly) }

// VisibleTo narrows a query on the table persons (under that name) to those whom
// the viewer may know of at all: the people of the sector where the viewer stands.
// Nobody sees none.
func VisibleTo(v Viewer) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("persons.sector = ?", v.Sector())
	}
}
