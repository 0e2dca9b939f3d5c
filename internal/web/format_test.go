package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func TestDatesAndTimesReadAsPeopleSayThem(t *testing.T) {
	t.Parallel()
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	en, es := web.WithWords(context.Background(), nil, "en"), web.WithWords(context.Background(), nil, "es")
	morning := time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC) // 9:00 in Chicago
	night := time.Date(2026, 11, 25, 5, 30, 0, 0, time.UTC)   // 23:30 of the day before
	for _, c := range []struct{ got, want string }{
		{web.Date(en, morning, chicago), "Tue 24 Nov"},
		{web.Date(es, morning, chicago), "mar 24 nov"},
		{web.Date(en, night, chicago), "Tue 24 Nov"},
		{web.Date(en, night, nil), "Wed 25 Nov"},
		{web.DateTime(en, morning, chicago), "Tue 24 Nov, 9:00 am"},
		{web.DateTime(es, morning, chicago), "mar 24 nov, 9:00 a. m."},
		{web.Clock(en, night, chicago), "11:30 pm"},
		{web.Clock(es, night, chicago), "11:30 p. m."},
		{web.Clock(en, time.Date(2026, 7, 1, 17, 5, 0, 0, time.UTC), chicago), "12:05 pm"},
		{web.LongDate(en, morning, chicago), "Tuesday 24 November"},
		{web.LongDate(es, morning, chicago), "martes 24 de noviembre"},
		{web.DateYear(en, morning, chicago), "24 Nov 2026"},
		{web.Day(es, "2026-11-24"), "mar 24 nov"},
		{web.Day(en, "soon"), "soon"},
		{web.Minutes(en, 750), "12 h 30 min"},
		{web.Minutes(en, 240), "4 h"},
		{web.Minutes(en, 45), "45 min"},
		{web.Minutes(en, 0), "0 min"},
		{web.Minutes(en, -90), "−1 h 30 min"},
		{web.Number(8640), "8,640"},
		{web.Number(999), "999"},
		{web.Number(1234567), "1,234,567"},
		{web.Number(-1500), "−1,500"},
	} {
		if got := strings.ReplaceAll(c.got, "\u00a0", " "); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
