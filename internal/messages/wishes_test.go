package messages_test

import (
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
)

func TestALetterWaitsForTheEndOfTheQuietHoursUnlessItWouldBeTooLate(t *testing.T) {
	t.Parallel()
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", text, chicago)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	night, noon, none := messages.Careful, messages.Careful, messages.Careful
	noon.QuietFrom, noon.QuietTo = 12*60, 13*60
	none.QuietFrom, none.QuietTo = 600, 600
	for _, c := range []struct {
		wishes            messages.Wishes
		want, until, sent string
	}{
		{night, "2026-11-24 08:00", "2026-11-25 09:00", "2026-11-24 08:00"},
		{night, "2026-11-24 20:59", "2026-11-25 09:00", "2026-11-24 20:59"},
		{night, "2026-11-24 21:00", "2026-11-25 09:00", "2026-11-25 08:00"},
		{night, "2026-11-25 07:59", "2026-11-25 09:00", "2026-11-25 08:00"},
		{night, "2026-11-25 00:00", "2026-11-25 08:31", "2026-11-25 08:00"},
		{night, "2026-11-25 00:00", "2026-11-25 08:30", "2026-11-24 20:30"}, // half an hour is the least
		{night, "2026-11-24 22:00", "2026-11-25 07:00", "2026-11-24 20:30"},
		{night, "2026-11-01 00:30", "2026-11-01 12:00", "2026-11-01 08:00"}, // the clocks go back in this night
		{night, "2027-03-14 00:30", "2027-03-14 12:00", "2027-03-14 08:00"}, // and forward in this one
		{noon, "2026-11-24 12:00", "2026-11-25 09:00", "2026-11-24 13:00"},
		{noon, "2026-11-24 12:30", "2026-11-24 13:00", "2026-11-24 11:30"},
		{noon, "2026-11-24 23:00", "2026-11-25 09:00", "2026-11-24 23:00"},
		{none, "2026-11-24 10:00", "2026-11-25 09:00", "2026-11-24 10:00"},
	} {
		if got := c.wishes.At(at(c.want), at(c.until), chicago); !got.Equal(at(c.sent)) {
			t.Errorf("wanted at %s, of use until %s: sent at %v, want %s", c.want, c.until, got, c.sent)
		}
	}
}

func TestWishesThatNobodyOffersAreRefused(t *testing.T) {
	t.Parallel()
	if err := messages.Careful.Validate(); err != nil {
		t.Errorf("the careful choice is refused: %v", err)
	}
	for field, change := range map[string]func(w *messages.Wishes){
		"ahead": func(w *messages.Wishes) { w.Ahead = 3 }, "quiet_from": func(w *messages.Wishes) { w.QuietFrom = -1 },
		"quiet_to": func(w *messages.Wishes) { w.QuietTo = 24 * 60 }, "language": func(w *messages.Wishes) { w.Language = "fr" },
	} {
		w := messages.Careful
		change(&w)
		if _, found := fault.In(w.Validate(), field); !found {
			t.Errorf("an odd %s is taken", field)
		}
	}
}
