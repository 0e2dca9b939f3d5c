//go:build corpora

package main_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestARosterOfFiveHundredComesInByTheCommand(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("ACADEMY_CORPORA")
	if folder == "" {
		t.Skip("set ACADEMY_CORPORA to the folder of the corpora")
	}
	onBoth(t, func(t *testing.T, to []string) {
		path := filepath.Join(folder, "rosters", "roster-500.csv")
		for _, want := range []string{"500 added, 0 changed, 0 the same, 0 with a problem\n", "0 added, 0 changed, 500 the same, 0 with a problem\n"} {
			if s := academy(t, append(to, "import", "people", path, "--sector", "outreach")...).ok(t); !strings.Contains(s.out, want) {
				t.Errorf("not said: %s\n%s", want, s.out)
			}
		}
		if n := len(names(t, to)); n != 500 {
			t.Errorf("%d people", n)
		}
	})
}

// The roster names twelve cohorts by their numbers alone, of which the school has seven.
func TestARosterOfFiveHundredGetsItsPlaces(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("ACADEMY_CORPORA")
	if folder == "" {
		t.Skip("set ACADEMY_CORPORA to the folder of the corpora")
	}
	each(t, func(t *testing.T, s *school) {
		s.inside(func(ctx context.Context, a *app.Academy) {
			system := people.System(outreach)
			edition, err := a.Courses.EditionInForce(ctx, system, "TRY", time.Now().Format(time.DateOnly))
			s.ok(err)
			for range 6 {
				_, err := a.Cohorts.Make(ctx, system, cohorts.Plan{EditionID: edition.ID, FirstDay: time.Now().Format(time.DateOnly),
					Days: []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, Start: "09:00", Mode: cohorts.InRoom})
				s.ok(err)
			}
		})
		path := filepath.Join(folder, "rosters", "roster-500.csv")
		for _, want := range []string{"294 enrolled, 0 with a place already, 206 whose cohort is not known\n", "0 enrolled, 294 with a place already, 206 whose cohort is not known\n"} {
			said := academy(t, append(s.to(), "import", "people", path, "--sector", "outreach")...).ok(t)
			if !strings.Contains(said.out, want) || strings.Count(said.out, "is called Cohort 8,") != 42 {
				t.Errorf("not said: %s\n%s", want, said.out)
			}
		}
		if n := len(s.places(s.cohort)); n != 42 {
			t.Errorf("%d people of the roster in Cohort 1", n)
		}
	})
}
