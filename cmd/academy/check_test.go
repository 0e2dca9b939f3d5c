package main_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

func TestRecordsThatCannotBeAreTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *school) {
		asked := []string{"check", "--data", s.config.Data, "--database", s.config.Database}
		if said := academy(t, asked...); said.code != 0 || said.out != "No impossible record was found.\n" {
			t.Fatalf("in order: %d\n%s%s", said.code, said.out, said.err)
		}
		s.inside(func(ctx context.Context, a *app.Academy) {
			_, err := a.DB.NewRaw(`INSERT INTO ledger_lines (id, enrolment_id, session_id, kind, minutes, cause, at) VALUES ('by-hand', ?, ?, 'session', 9999, 'by-hand', ?)`,
				s.enrolments[0], s.session, time.Now().UTC()).Exec(ctx)
			s.ok(err)
		})
		said := academy(t, asked...)
		for _, want := range []string{string(s.enrolments[0]) + ": A person holds more minutes for one class than it lasted. A repair would post a line",
			"Impossible records: 1. Nothing was changed"} {
			if !strings.Contains(said.out, want) {
				t.Errorf("not told: %s", want)
			}
		}
		if said.code != 1 || strings.Contains(said.out, "Invented") {
			t.Errorf("exit status %d\n%s%s", said.code, said.out, said.err)
		}
	})
	if said := academy(t, "check", "--data", filepath.Join(t.TempDir(), "none")); said.code != 1 || !strings.Contains(said.err, "there is no Academy at") {
		t.Errorf("no Academy: %d\n%s%s", said.code, said.out, said.err)
	}
}
