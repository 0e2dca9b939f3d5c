package certificates

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/blob"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Issuer is what is kept outside the database and goes into every certificate.
type Issuer struct {
	Outer   []byte // 32 bytes: the outer key that seals keys and share codes
	BaseURL string // the public address, in did:web and in every checking address
	Sample  bool   // demo: SAMPLE across the page, in the credential and on the check
	// SignPages puts a PAdES signature under the Academy's own certificate on each PDF.
	SignPages bool
	Random    io.Reader // crypto/rand.Reader but in a seeded demo
	TimeZone  string    // in which a check is dated; America/Chicago unless said
}

// Rooms are the stores to the right that a checklist is gathered from.
type Rooms struct {
	People     people.Store
	Courses    courses.Store
	Cohorts    cohorts.Store
	Assessment assessment.Store
}

// Store keeps decisions, certificates, copies, their standing and the checks.
type Store struct {
	db     bun.IDB
	now    clock.Clock
	files  blob.Store
	issuer Issuer
	rooms  Rooms
}

// NewStore makes the room's store.
func NewStore(db bun.IDB, now clock.Clock, files blob.Store, issuer Issuer, rooms Rooms) Store {
	if issuer.Random == nil {
		issuer.Random = rand.Reader
	}
	if issuer.TimeZone == "" {
		issuer.TimeZone = "America/Chicago"
	}
	return Store{db: db, now: now, files: files, issuer: issuer, rooms: rooms}
}

// In is the same store inside a transaction.
func (s Store) In(tx bun.IDB) Store {
	s.db = tx
	s.rooms = Rooms{People: s.rooms.People.In(tx), Courses: s.rooms.Courses.In(tx), Cohorts: s.rooms.Cohorts.In(tx), Assessment: s.rooms.Assessment.In(tx)}
	return s
}

func (s Store) inTx(ctx context.Context, work func(ctx context.Context, s Store) error) error {
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error { return work(ctx, s.In(tx)) })
}

// Zone is the time zone in which checks and days are told where no certificate says its own.
func (s Store) Zone() *time.Location { return zone(s.issuer.TimeZone) }

// Today is the Academy's day, YYYY-MM-DD.
func (s Store) Today() string { return s.rooms.People.Today() }

// Address is where a checker of a copy is led: what its QR code carries.
func (s Store) Address(c number.Copy) string { return s.issuer.BaseURL + "/c/" + c.String() }

// Sample says whether this Academy is a demo, whose certificates are worth nothing.
func (s Store) Sample() bool { return s.issuer.Sample }

// shareMAC is the key by which a copy is looked up: it tells nothing without the outer
// key, and one look-up costs the same whether or not it finds anything.
func (s Store) shareMAC(c number.Copy) string {
	mac := hmac.New(sha256.New, s.issuer.Outer)
	mac.Write([]byte("share " + c.String()))
	return hex.EncodeToString(mac.Sum(nil))
}

// Now is the Academy's clock.
func (s Store) Now() time.Time { return s.now() }

// BaseURL is the public address of the Academy.
func (s Store) BaseURL() string { return s.issuer.BaseURL }
