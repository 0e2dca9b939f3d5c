package cohorts

import (
	"context"
	"crypto/hmac"
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

	CalendarSettings
	NameKey string `bun:"name_key"`
}

// CalendarSettings are what a person lets their own calendar say of a class beside when
// it is: nothing, unless they say so (rule 14).
type CalendarSettings struct {
	Place bool `bun:"show_place"`
	Topic bool `bun:"show_topic"`
}

// NameOf is the name of a class in the person's calendar, the same for as long as it is
// that class: their own, so that two people's calendars have nothing in common.
func (f Feed) NameOf(class SessionID) string {
	mac := hmac.New(sha256.New, []byte(f.NameKey))
	mac.Write([]byte(class))
	return hex.EncodeToString(mac.Sum(nil)[:16])
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
		if err := s.keyCalendar(ctx, v.Person(), v.Sector()); err != nil {
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

// MyFeed gives the viewer's calendar as it is set; its MadeAt is zero where no feed is
// in force.
func (s Store) MyFeed(ctx context.Context, v people.Viewer) (Feed, error) {
	feed := Feed{PersonID: v.Person(), Sector: v.Sector()}
	var rows []Feed
	err := s.db.NewRaw(`SELECT COALESCE(feed.made_at, ?) AS made_at, settings.show_place, settings.show_topic
		FROM calendar_settings AS settings
		LEFT JOIN calendar_feeds AS feed ON feed.person_id = settings.person_id AND feed.sector = settings.sector AND feed.ended_at IS NULL
		WHERE settings.person_id = ? AND settings.sector = ?`, time.Time{}, v.Person(), v.Sector()).Scan(ctx, &rows)
	if err == nil && len(rows) > 0 {
		feed.MadeAt, feed.CalendarSettings = rows[0].MadeAt, rows[0].CalendarSettings
	}
	return feed, err
}

// SetCalendar says what the viewer's own calendar tells of a class.
func (s Store) SetCalendar(ctx context.Context, v people.Viewer, settings CalendarSettings) error {
	if !v.SignedIn() {
		return fault.Forbidden
	}
	_, err := s.db.NewRaw(`INSERT INTO calendar_settings (person_id, sector, name_key, show_place, show_topic) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (person_id, sector) DO UPDATE SET show_place = excluded.show_place, show_topic = excluded.show_topic`,
		v.Person(), v.Sector(), rand.Text(), settings.Place, settings.Topic).Exec(ctx)
	return err
}

// keyCalendar gives a person's calendar the key of its names, once.
func (s Store) keyCalendar(ctx context.Context, person people.PersonID, sector people.Sector) error {
	_, err := s.db.NewRaw(`INSERT INTO calendar_settings (person_id, sector, name_key) VALUES (?, ?, ?) ON CONFLICT (person_id, sector) DO NOTHING`,
		person, sector, rand.Text()).Exec(ctx)
	return err
}

// FeedOf finds the feed that a token opens; fault.NotFound where none does, and once
// the account is closed.
func (s Store) FeedOf(ctx context.Context, token string) (Feed, error) {
	var feed Feed
	err := s.db.NewRaw(`SELECT feed.person_id, feed.sector, feed.made_at, person.language, settings.name_key, settings.show_place, settings.show_topic
		FROM calendar_feeds AS feed
		JOIN calendar_settings AS settings ON settings.person_id = feed.person_id AND settings.sector = feed.sector
		JOIN persons AS person ON person.id = feed.person_id AND person.closed_at IS NULL
		WHERE feed.token_hash = ? AND feed.ended_at IS NULL`, feedHash(token)).Scan(ctx, &feed)
	return feed, database.One(err)
}

func feedHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Dated is a class of a person's calendar with what a calendar program must know of its
// changes: how many there were, and when the newest was.
type Dated struct {
	Session
	Sequence  int       `bun:"sequence,scanonly"`
	ChangedAt time.Time `bun:"changed_at,scanonly"`
}

// Dated lists the classes that the viewer attends or teaches from one time to another,
// in order, and those among them that were cancelled after their calendar had them.
func (s Store) Dated(ctx context.Context, v people.Viewer, from, to time.Time) ([]Dated, error) {
	list := []Dated{}
	if !v.SignedIn() {
		return list, nil
	}
	err := s.sessions(v).ColumnExpr("COALESCE(telling.sequence, 0) AS sequence, COALESCE(telling.changed_at, cohort.made_at) AS changed_at").
		Join("LEFT JOIN session_tellings AS telling ON telling.session_id = session.id AND telling.person_id = ?", v.Person()).
		Where("session.starts_at >= ? AND session.starts_at < ? AND (session.state <> ? OR telling.session_id IS NOT NULL)", from, to, Cancelled).
		Where(attends, v.Person(), v.Person(), Active).
		Apply(VisibleTo(v)).OrderExpr("session.starts_at, session.id").Limit(500).Scan(ctx, &list)
	return list, err
}

// attends holds for a cohort that a person teaches, or has a running place in. It takes
// the person twice, then Active.
const attends = `(EXISTS (SELECT 1 FROM cohort_instructors AS i WHERE i.cohort_id = cohort.id AND i.person_id = ? AND i.ended_at IS NULL)
	OR EXISTS (SELECT 1 FROM enrolments AS e WHERE e.cohort_id = cohort.id AND e.person_id = ? AND e.state = ?))`
