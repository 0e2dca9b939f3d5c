//go:build corpora

package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
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
