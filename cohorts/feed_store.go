package cohorts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Feed is a person's own calendar feed, as a calendar program fetches it.
type Feed struct {
	PersonID people.PersonID `bun:"person_id"`
	Sector   people.Sector   `bun:"sector"`
	Language string          `bun:"language"`
	MadeAt   time.Time       `bun:"made_at"`
}

// Viewer is the person of the feed with no role: it sees what they attend or teach.
func (f Feed) Viewer() people.Viewer { return people.Seen(f.PersonID, f.Sector, nil, nil) }

// MakeFeed makes the viewer's calendar feed for the sector where they stand and gives
// its token, once: only a hash is kept. The feed before ends.
func (s Store) MakeFeed(ctx context.Context, v people.Viewer) (string, error) {
	if !v.SignedIn() {
		return "", fault.Forbidden
	}
	token := rand.Text()
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		if err := s.endFeed(ctx, v); err != nil {
			return err
		}
		_, err := s.db.NewRaw(`INSERT INTO calendar_feeds (token_hash, person_id, sector, made_at) VALUES (?, ?, ?, ?)`,
			feedHash(token), v.Person(), v.Sector(), s.now()).Exec(ctx)
		return err
	})
	if database.Unique(err) {
		return "", fault.Conflict("cohorts.feed.meanwhile")
	}
	return token, err
}

// EndFeed ends the viewer's calendar feed: its address answers no more.
func (s Store) EndFeed(ctx context.Context, v people.Viewer) error { return s.endFeed(ctx, v) }

func (s Store) endFeed(ctx context.Context, v people.Viewer) error {
	_, err := s.db.NewRaw(`UPDATE calendar_feeds SET ended_at = ? WHERE person_id = ? AND sector = ? AND ended_at IS NULL`,
		s.now(), v.Person(), v.Sector()).Exec(ctx)
	return err
}

// MyFeed tells since when the viewer has a calendar feed; false for none.
func (s Store) MyFeed(ctx context.Context, v people.Viewer) (time.Time, bool, error) {
	var rows []Feed
	err := s.db.NewRaw(`SELECT made_at FROM calendar_feeds WHERE person_id = ? AND sector = ? AND ended_at IS NULL`,
		v.Person(), v.Sector()).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return time.Time{}, false, err
	}
	return rows[0].MadeAt, true, nil
}

// FeedOf finds the feed that a token opens; fault.NotFound where none does, and once
// the account is closed.
func (s Store) FeedOf(ctx context.Context, token string) (Feed, error) {
	var feed Feed
	err := s.db.NewRaw(`SELECT feed.person_id, feed.sector, feed.made_at, person.language FROM calendar_feeds AS feed
		JOIN persons AS person ON person.id = feed.person_id AND person.closed_at IS NULL
		WHERE feed.token_hash = ? AND feed.ended_at IS NULL`, feedHash(token)).Scan(ctx, &feed)
	return feed, database.One(err)
}

func feedHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
