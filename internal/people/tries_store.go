package people

import (
	"context"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// setBack is how much later than it ever could the time of a row must end to show that
// the clock has been set back since it was written; it then holds nobody up. Below that,
// two requests of one moment may merely have read the clock one after the other.
const setBack = time.Minute

// over holds for a row whose time of waiting is over, or was set by another clock.
const over = `(tries.free_at <= ? OR tries.free_at > ?)`

// mayTry refuses early what the last word (countBad, countGood) would refuse, so
// that no hash is spent on it.
func (s Store) mayTry(ctx context.Context, keys tryKeys) error {
	var rows []struct {
		Key    string
		Bad    int
		FreeAt time.Time
		GoodAt time.Time `bun:",nullzero"`
	}
	err := s.db.NewRaw(`SELECT key, bad, free_at, good_at FROM tries WHERE key = ? OR key = ?`, keys.pair, keys.address).Scan(ctx, &rows)
	if err != nil {
		return err
	}
	now, known := s.now(), false
	var blocked time.Time
	for _, row := range rows {
		if row.Key == keys.pair {
			known = !row.GoodAt.IsZero()
			if wait := row.FreeAt.Sub(now); wait > 0 && wait <= longestWait+setBack {
				return tooMany(wait)
			}
		} else if wait := row.FreeAt.Sub(now); row.Bad >= addressTries && wait > 0 && wait <= addressWindow+setBack {
			blocked = row.FreeAt
		}
	}
	if !known && !blocked.IsZero() {
		return tooMany(blocked.Sub(now))
	}
	return nil
}

// countGood forgets the wrong tries of an account at an address and remembers that
// it was right there. It has the last word: a right guess that comes when the
// address must wait is turned down like a wrong one, so guessing many at once gains nothing.
func (s Store) countGood(ctx context.Context, keys tryKeys) error {
	now := s.now()
	result, err := s.db.ExecContext(ctx, `INSERT INTO tries (key, bad, free_at, tried_at, good_at)
		SELECT ?, 0, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM tries AS flood WHERE flood.key = ? AND flood.bad >= ? AND flood.free_at > ? AND flood.free_at <= ?)
			OR EXISTS (SELECT 1 FROM tries AS known WHERE known.key = ? AND known.good_at IS NOT NULL)
		ON CONFLICT (key) DO UPDATE SET bad = 0, tried_at = excluded.tried_at, good_at = excluded.good_at,
		free_at = CASE WHEN tries.free_at > ? THEN excluded.free_at ELSE tries.free_at END
		WHERE `+over,
		keys.pair, now, now, now, keys.address, addressTries, now, now.Add(addressWindow+setBack), keys.pair,
		now.Add(longestWait+setBack), now, now.Add(longestWait+setBack))
	return database.Changed(result, err, tooMany(waits[0]))
}

// countBad counts one wrong try, in the rows of the pair, the address and, from an
// address where the account never signed in, the account.
func (s Store) countBad(ctx context.Context, keys tryKeys) error {
	var pressed bool
	now := s.now()
	err := s.db.NewRaw(`SELECT EXISTS (SELECT 1 FROM tries WHERE key = ? AND bad >= ? AND free_at > ? AND free_at <= ?)`,
		keys.account, accountTries, now, now.Add(accountWindow+setBack)).Scan(ctx, &pressed)
	if err != nil {
		return err
	}
	first := now
	if pressed {
		first = now.Add(longestWait)
	}
	result, err := s.db.ExecContext(ctx, `INSERT INTO tries (key, bad, free_at, tried_at) VALUES (?, 1, ?, ?)
		ON CONFLICT (key) DO UPDATE SET tried_at = excluded.tried_at,
		bad = CASE WHEN tries.tried_at <= ? THEN 1 ELSE tries.bad + 1 END,
		free_at = CASE WHEN tries.good_at IS NULL AND ? THEN excluded.free_at
			WHEN tries.tried_at <= ? OR tries.bad < ? THEN excluded.tried_at
			WHEN tries.bad = ? THEN ? WHEN tries.bad = ? THEN ? WHEN tries.bad = ? THEN ? WHEN tries.bad = ? THEN ?
			WHEN tries.bad > ? THEN ? ELSE tries.free_at END
		WHERE `+over,
		keys.pair, first, now, now.Add(-forgottenAfter), pressed, now.Add(-forgottenAfter), freeTries,
		freeTries, now.Add(waits[0]), freeTries+1, now.Add(waits[1]), freeTries+2, now.Add(waits[2]),
		freeTries+3, now.Add(waits[3]), freeTries+3, now.Add(waits[4]), now, now.Add(longestWait+setBack))
	if err := database.Changed(result, err, tooMany(waits[0])); err != nil {
		return err
	}
	if err := s.countWindow(ctx, keys.address, addressWindow, ""); err != nil {
		return err
	}
	return s.countWindow(ctx, keys.account, accountWindow, keys.pair)
}

// countWindow adds one to a row that starts again when its time is over, unless
// there was a good try under the key unless.
func (s Store) countWindow(ctx context.Context, key string, window time.Duration, unless string) error {
	now := s.now()
	_, err := s.db.ExecContext(ctx, `INSERT INTO tries (key, bad, free_at, tried_at)
		SELECT ?, 1, ?, ? WHERE NOT EXISTS (SELECT 1 FROM tries AS good WHERE good.key = ? AND good.good_at IS NOT NULL)
		ON CONFLICT (key) DO UPDATE SET tried_at = excluded.tried_at,
		bad = CASE WHEN tries.free_at <= excluded.tried_at OR tries.free_at > ? THEN 1 ELSE tries.bad + 1 END,
		free_at = CASE WHEN tries.free_at <= excluded.tried_at OR tries.free_at > ? THEN excluded.free_at ELSE tries.free_at END`,
		key, now.Add(window), now, unless, now.Add(window+setBack), now.Add(window+setBack))
	return err
}

// Sweep removes what has run out: tries that nobody asks for any more, devices that
// signed themselves out, links a month after their end. Known good addresses are
// remembered for 90 days.
func (s Store) Sweep(ctx context.Context) error {
	now := s.now()
	for _, sweep := range []struct {
		statement string
		before    time.Time
	}{
		{`DELETE FROM tries WHERE tried_at < ? AND good_at IS NULL`, now.Add(-24 * time.Hour)},
		{`DELETE FROM tries WHERE tried_at < ?`, now.Add(-90 * 24 * time.Hour)},
		{`DELETE FROM sign_ins WHERE ends_at < ?`, now},
		{`DELETE FROM one_time_links WHERE ends_at < ?`, now.Add(-30 * 24 * time.Hour)},
	} {
		if _, err := s.db.ExecContext(ctx, sweep.statement, sweep.before); err != nil {
			return err
		}
	}
	return nil
}
