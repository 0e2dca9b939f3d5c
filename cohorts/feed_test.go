package cohorts_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestACalendarFeedOpensForItsTokenAloneUntilItEnds(t *testing.T) {
	t.Parallel()
	each(t, func(a *academy) {
		c := a.class(1)
		v := c.trainees[0]
		old, err := a.store.MakeFeed(a.Context(), v)
		a.ok(err)
		feed, err := a.store.FeedOf(a.Context(), old)
		a.ok(err)
		if feed.PersonID != v.Person() || feed.Viewer().Sector() != people.Outreach || feed.Language != "en" {
			t.Errorf("feed %+v", feed)
		}
		own, err := a.store.Between(a.Context(), feed.Viewer(), a.now(), a.now().AddDate(0, 1, 0))
		if err != nil || len(own) != 6 {
			t.Errorf("classes %d %v", len(own), err)
		}
		token, err := a.store.MakeFeed(a.Context(), v)
		a.ok(err)
		_, err = a.store.FeedOf(a.Context(), old)
		a.is(err, fault.NotFound)
		if mine, err := a.store.MyFeed(a.Context(), v); err != nil || mine.MadeAt.IsZero() || mine.Place || mine.Topic {
			t.Errorf("has feed %+v: %v", mine, err)
		}
		next, err := a.store.FeedOf(a.Context(), token)
		a.ok(err)
		if one := c.sessions[0].ID; feed.NameOf(one) != next.NameOf(one) || feed.NameOf(one) == feed.NameOf(c.sessions[1].ID) || len(feed.NameKey) < 20 {
			t.Error("a class is called otherwise in the new feed")
		}
		a.ok(a.store.SetCalendar(a.Context(), v, cohorts.CalendarSettings{Place: true}))
		if next, err := a.store.FeedOf(a.Context(), token); err != nil || !next.Place || next.Topic || next.NameKey != feed.NameKey {
			t.Errorf("set to %+v, %v", next, err)
		}
		a.ok(a.store.EndFeed(a.Context(), v))
		if mine, err := a.store.MyFeed(a.Context(), v); err != nil || !mine.MadeAt.IsZero() || !mine.Place {
			t.Errorf("ended, it has %+v: %v", mine, err)
		}
		a.is(a.store.SetCalendar(a.Context(), people.Nobody, cohorts.CalendarSettings{}), fault.Forbidden)
		_, err = a.store.FeedOf(a.Context(), token)
		a.is(err, fault.NotFound)
		if n := a.count(`SELECT COUNT(*) FROM calendar_feeds WHERE token_hash = ? OR token_hash = ?`, old, token); n != 0 {
			t.Error("a token is kept in clear")
		}
		_, err = a.store.MakeFeed(a.Context(), people.Nobody)
		a.is(err, fault.Forbidden)
	})
}

func TestACalendarFeedEndsWithItsAccount(t *testing.T) {
	t.Parallel()
	each(t, func(a *academy) {
		c := a.class(1)
		token, err := a.store.MakeFeed(a.Context(), c.trainees[0])
		a.ok(err)
		a.ok(a.people.Close(a.Context(), c.coordinator, c.trainees[0].Person()))
		_, err = a.store.FeedOf(a.Context(), token)
		a.is(err, fault.NotFound)
	})
}
