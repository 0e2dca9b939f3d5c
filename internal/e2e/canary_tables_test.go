package e2e

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
)

// bookkeeping are the tables that a request may touch whatever it asks for, each with
// the reason.
var bookkeeping = map[string]string{
	"sign_ins":       "when a device was last seen, once a minute",
	"check_in_tries": "how often an account tried a code",
	"tries":          "how often a name or an address was tried",
	"canary_changes": "this test's own",
}

// tablesOf lists every table of the database, by name.
func tablesOf(t *testing.T, db *bun.DB) []string {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_words%' ORDER BY name`
	if db.Dialect().Name() == dialect.PG {
		query = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`
	}
	var tables []string
	if err := db.NewRaw(query).Scan(context.Background(), &tables); err != nil {
		t.Fatal(err)
	}
	return tables
}

// watchTables lets the database itself note every row that is written, changed or
// taken out, in whatever table, once it is committed.
func watchTables(t *testing.T, db *bun.DB) *watched {
	t.Helper()
	postgres := db.Dialect().Name() == dialect.PG
	statements := []string{`CREATE TABLE canary_changes (n INTEGER PRIMARY KEY, tab TEXT NOT NULL, act TEXT NOT NULL)`}
	if postgres {
		statements = []string{`CREATE TABLE canary_changes (n BIGSERIAL PRIMARY KEY, tab TEXT NOT NULL, act TEXT NOT NULL)`,
			`CREATE FUNCTION canary_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
				INSERT INTO canary_changes (tab, act) VALUES (TG_TABLE_NAME, lower(TG_OP)); RETURN NULL; END $$`}
	}
	for _, table := range tablesOf(t, db) {
		for _, act := range []string{"insert", "update", "delete"} {
			do := `BEGIN INSERT INTO canary_changes (tab, act) VALUES ('` + table + `', '` + act + `'); END`
			if postgres {
				do = `FOR EACH ROW EXECUTE FUNCTION canary_note()`
			}
			statements = append(statements, `CREATE TRIGGER canary_`+table+`_`+act+` AFTER `+strings.ToUpper(act)+` ON `+table+` `+do)
		}
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(context.Background(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	return &watched{t: t, db: db}
}

// watched is a database that notes its changes.
type watched struct {
	t    *testing.T
	db   *bun.DB
	last int64
}

// changes tells what was written since the last time somebody asked, each kind of
// change once, bookkeeping left out.
func (w *watched) changes() []string {
	w.t.Helper()
	var rows []struct {
		N   int64
		Tab string
		Act string
	}
	if err := w.db.NewRaw(`SELECT n, tab, act FROM canary_changes WHERE n > ? ORDER BY n`, w.last).Scan(context.Background(), &rows); err != nil {
		w.t.Fatal(err)
	}
	var changes []string
	for _, row := range rows {
		w.last = row.N
		change := row.Act + " " + row.Tab
		if _, fine := bookkeeping[row.Tab]; !fine && !slices.Contains(changes, change) {
			changes = append(changes, change)
		}
	}
	slices.Sort(changes)
	return changes
}

// fingerprint is a sum over every row of every table, whatever its columns: two are the
// same as long as not one value of one row has changed.
func fingerprint(t *testing.T, db *bun.DB) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for _, table := range tablesOf(t, db) {
		if _, fine := bookkeeping[table]; !fine {
			sums[table] = sumOf(t, db, table)
		}
	}
	return sums
}

// sumOf adds up the hashes of a table's rows, in whatever order they come.
func sumOf(t *testing.T, db *bun.DB, table string) string {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), `SELECT * FROM `+table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	var sum [sha256.Size]byte
	count := 0
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		hash := sha256.New()
		for _, value := range values {
			fmt.Fprintf(hash, "%t %d:", value == nil, len(value))
			hash.Write(value)
		}
		carry := 0
		for i, b := range hash.Sum(nil) {
			carry += int(sum[i]) + int(b)
			sum[i] = byte(carry)
			carry >>= 8
		}
		count++
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d rows %x", count, sum[:8])
}

// differ names the tables whose fingerprints differ.
func differ(before, after map[string]string) []string {
	var tables []string
	for table, sum := range after {
		if before[table] != sum {
			tables = append(tables, table+": "+before[table]+", then "+sum)
		}
	}
	slices.Sort(tables)
	return tables
}
