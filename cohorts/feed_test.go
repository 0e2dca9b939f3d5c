package cohorts_test

import (
	"testing"

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
		if _, has, err := a.store.MyFeed(a.Context(), v); err != nil || !has {
			t.Errorf("has no feed: %v", err)
		}
		a.ok(a.store.EndFeed(a.Context(), v))
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
