//go:build corpora

package people_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestRosterOfFiveHundredComesInWhole(t *testing.T) {
	folder := os.Getenv("ACADEMY_CORPORA")
	if folder == "" {
		t.Skip("set ACADEMY_CORPORA to the folder of the corpora")
	}
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s, v := context.Background(), newHand().store(db), people.System(people.Outreach)
		f, err := os.Open(filepath.Join(folder, "rosters", "roster-500.csv"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, problems, notes := people.ReadCSV(f)
		if len(rows) != 500 || len(problems) != 0 {
			t.Fatalf("%d rows, problems %v", len(rows), told(problems))
		}
		for _, want := range []string{"359 given_name people.csv.picture", "410 given_name people.csv.tidied", "427 given_name people.csv.tidied"} {
			if !contains(told(notes), want) {
				t.Errorf("notes %q lack %q", told(notes), want)
			}
		}
		for _, want := range []people.Outcome{people.Added, people.Same} {
			report, err := s.ImportPeople(ctx, v, rows, people.ImportRules{})
			if err != nil || !report.Stored || report.Count(want) != 500 {
				t.Errorf("%d %s, problems %v, %v; want 500", report.Count(want), want, told(report.Problems), err)
			}
		}
	})
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}
