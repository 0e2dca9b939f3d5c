package courses

import (
	"context"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Store reads and keeps courses and readings.
type Store struct {
	db      bun.IDB
	now     clock.Clock
	content content.Store
	known   *sync.Map // inSector to Edition: editions never change, so what was read once stays true
}

// inSector names an edition where it may be seen. A viewer of another sector misses
// what is known here and asks the database, as for an edition that never was.
type inSector struct {
	sector people.Sector
	id     EditionID
}

// NewStore makes a store on a pool or inside a transaction.
func NewStore(db bun.IDB, now clock.Clock, content content.Store) Store {
	return Store{db, now, content, &sync.Map{}}
}

// In is the same store inside a transaction. It remembers nothing of what it reads
// there, for a transaction may be undone.
func (s Store) In(tx bun.IDB) Store {
	return Store{tx, s.now, s.content.In(tx), nil}
}

// Empty says whether nothing is taught here yet: there is neither a course nor a module.
func (s Store) Empty(ctx context.Context) (bool, error) {
	var there bool
	err := s.db.NewRaw(`SELECT EXISTS (SELECT 1 FROM editions) OR EXISTS (SELECT 1 FROM module_versions)`).Scan(ctx, &there)
	return !there, err
}

// academyZone is where the Academy's calendar days begin; time/tzdata is embedded.
const academyZone = "America/Chicago"

// Zone is where the Academy's days begin and end.
func (s Store) Zone() *time.Location {
	zone, err := time.LoadLocation(academyZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Today is the calendar day at the Academy, as EditionInForce takes it.
func (s Store) Today() string {
	return s.now().In(s.Zone()).Format(time.DateOnly)
}
