package app

import (
	"slices"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
)

func TestTheWeekIsSharedOutWhateverDayItIs(t *testing.T) {
	for today := time.Sunday; today <= time.Saturday; today++ {
		live, pair, long := rhythms(today)
		if !slices.Contains(live, today) {
			t.Errorf("%s: the live class meets on %v", today, live)
		}
		for name, days := range map[string][]time.Weekday{"live": live, "pair": pair, "long": long} {
			if len(days) != 2 || days[0] == days[1] {
				t.Errorf("%s: %s meets on %v", today, name, days)
			}
		}
		for _, day := range append(slices.Clone(pair), long...) {
			if slices.Contains(live, day) || day == time.Saturday || day == time.Sunday {
				t.Errorf("%s: live %v, pair %v, long %v", today, live, pair, long)
			}
		}
	}
}

// A cohort begins so that it has held exactly as many sessions as it should, with the days
// off that lie between: month ends, leap days and both changes of the clock included.
func TestACohortBeginsEarlyEnough(t *testing.T) {
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	for day := time.Date(2026, 1, 1, 12, 0, 0, 0, zone); day.Year() < 2029; day = day.AddDate(0, 0, 1) {
		_, _, long := rhythms(day.Weekday())
		rhythm, err := cohorts.ParseRhythm(short(long), "09:00")
		if err != nil {
			t.Fatal(err)
		}
		laid, _ := cohorts.LayOut(make([]cohorts.Topic, 36), firstDay(long, 31, day), rhythm, zone, cohorts.Holiday)
		midnight, held := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone), 0
		for _, session := range laid {
			if session.Starts.Before(midnight) {
				held++
			}
		}
		if held != 31 {
			t.Fatalf("on %s %d sessions are over, not 31", day.Format(time.DateOnly), held)
		}
	}
}

func TestNoTwoPeopleOfTheDemoLookAlikeInARoll(t *testing.T) {
	s := seederOf(1, t)
	seen := map[string]bool{}
	for _, name := range s.names {
		roll := name.given + " " + string([]rune(name.family)[0])
		if seen[roll] {
			t.Errorf("%s. is there twice", roll)
		}
		seen[roll] = true
	}
	if other := seederOf(2, t); slices.Equal(s.names, other.names) {
		t.Error("another seed gives the same people")
	}
	if again := seederOf(1, t); !slices.Equal(s.names, again.names) {
		t.Error("the same seed gives other people")
	}
}

func seederOf(seed int64, t *testing.T) *seeder {
	c := Defaults()
	c.Seed = seed
	a := Academy{Config: c, Now: func() time.Time { return time.Date(2026, 11, 24, 16, 0, 0, 0, time.UTC) }}
	s, err := a.newSeeder()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
