package e2e

import (
	"errors"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

// unkept are the things for which no field exists (product rule 12), as words of a
// column's name.
var unkept = regexp.MustCompile(`(?i)(^|_)(arrests?|arrested|convict\w*|record_of_arrest|gangs?|group|groups|clique|faction|incidents?|informants?|source_person|` +
	`block|blocks|corner|turf|birth\w*|born|dob|age|home\w*|street|postcode|zip\w*|ssn|social_security|social|immigration|visa|citizen\w*|nationality|` +
	`photos?|portrait|selfie|face|fingerprints?|biometric\w*|location|lat|lng|latitude|longitude|geo\w*|gps|address|race|ethnic\w*|religion|gender|sex|health|diagnosis|disability)(_|$)`)

// keptFor are the columns that have such a word and mean something else.
var keptFor = map[string]string{
	"rooms.address": "of a training room", "grants.home": "the sector of who holds the grant",
}

// TestNoFieldExistsForWhatIsNeverKept walks every column of the schema: what a leak could
// hurt somebody with is not kept at all.
func TestNoFieldExistsForWhatIsNeverKept(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			columns := columnsOf(t, emptyAcademy(t, engine).DB)
			if len(columns) < 200 {
				t.Errorf("only %d columns: the walk is broken", len(columns))
			}
			for _, name := range columns {
				if unkept.MatchString(name[strings.Index(name, ".")+1:]) && keptFor[name] == "" {
					t.Errorf("%s: no such thing is kept (product rule 12); say in keptFor what else it means", name)
				}
			}
			for name := range keptFor {
				if !slices.Contains(columns, name) {
					t.Errorf("%s is named in keptFor and is not there", name)
				}
			}
		})
	}
}

// columnsOf lists the columns of every table, the schema's own aside.
func columnsOf(t *testing.T, db *bun.DB) []string {
	t.Helper()
	var columns []string
	for _, table := range tablesOf(t, db) {
		if strings.HasPrefix(table, "bun_") {
			continue
		}
		rows, err := db.QueryContext(t.Context(), `SELECT * FROM `+table+` LIMIT 0`)
		if err != nil {
			t.Fatal(err)
		}
		names, err := rows.Columns()
		if err := errors.Join(err, rows.Close()); err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			columns = append(columns, table+"."+name)
		}
	}
	return columns
}

// emptyAcademy opens an Academy on its first day.
func emptyAcademy(t *testing.T, engine string) *app.Academy {
	t.Helper()
	if engine == "postgres" && os.Getenv("ACADEMY_TEST_POSTGRES") == "" {
		t.Skip("set ACADEMY_TEST_POSTGRES=auto to run this on PostgreSQL too; it needs PostgreSQL's programs on the machine")
	}
	c := app.Defaults()
	c.Data, c.Database = t.TempDir(), dbtest.Empty(t, engine)
	a, err := app.Open(t.Context(), c, slog.New(&journal{}), clock.System)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}
