package dbtest

import (
	"context"
	"io/fs"
	"sync"
	"testing"

	"github.com/uptrace/bun"
)

// schemas holds the migrated schemas that no test of this process uses now, for each
// set of migrations: emptying one takes a tenth of the time that migrating does.
var schemas struct {
	sync.Mutex
	free map[string][]pooled
}

type pooled struct{ name, shape, sequences string }

// pooledSchema gives the address of a schema that has the migrations and no more rows
// than they made.
func pooledSchema(t testing.TB, migrations []fs.FS) (address string) {
	t.Helper()
	s, key := postgres(t), sum(t, migrations)
	schema, found := takeFree(key)
	if !found {
		schema.name = s.create(t)
		migrate(t, s.in(schema.name), migrations, func(db *bun.DB) error {
			_, err := db.ExecContext(t.Context(), remember(schema.name))
			if err == nil {
				schema.shape, err = shape(t.Context(), db, schema.name)
			}
			if err == nil {
				err = db.NewRaw(sequences, schema.name).Scan(t.Context(), &schema.sequences)
			}
			return err
		})
	}
	t.Cleanup(func() {
		// Someone else's server keeps nothing; a schema that the test has rebuilt, or that
		// can't be emptied, is of no more use.
		ctx := context.Background()
		now, err := shape(ctx, s.admin, schema.name)
		if err == nil && s.ours && now == schema.shape {
			if _, err = s.admin.ExecContext(ctx, empty(schema)); err == nil {
				giveBack(key, schema)
				return
			}
		}
		s.must(t, "DROP SCHEMA IF EXISTS "+schema.name+"_rows CASCADE")
		s.drop(t, schema.name)
	})
	return s.in(schema.name)
}

func takeFree(key string) (pooled, bool) {
	schemas.Lock()
	defer schemas.Unlock()
	free := schemas.free[key]
	if len(free) == 0 {
		return pooled{}, false
	}
	schemas.free[key] = free[:len(free)-1]
	return free[len(free)-1], true
}

func giveBack(key string, schema pooled) {
	schemas.Lock()
	defer schemas.Unlock()
	if schemas.free == nil {
		schemas.free = map[string][]pooled{}
	}
	schemas.free[key] = append(schemas.free[key], schema)
}

// shape is the same as long as nobody makes, changes or drops anything in the schema.
func shape(ctx context.Context, db *bun.DB, schema string) (shape string, err error) {
	err = db.NewRaw(`SELECT
		(SELECT md5(string_agg(concat_ws(' ', oid, relname, relkind, relnatts, relchecks, relhastriggers), ',' ORDER BY oid))
			FROM pg_class WHERE relnamespace = n.oid) ||
		(SELECT count(*) FROM pg_proc WHERE pronamespace = n.oid) || ' ' ||
		(SELECT count(*) FROM pg_constraint WHERE connamespace = n.oid) || ' ' ||
		(SELECT count(*) FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE c.relnamespace = n.oid)
		FROM pg_namespace n WHERE nspname = ?`, schema).Scan(ctx, &shape)
	return shape, err
}

// remember copies the rows that the migrations made to a schema beside.
func remember(schema string) string {
	return `DO $$ DECLARE t TEXT; filled BOOLEAN; BEGIN
		CREATE SCHEMA ` + schema + `_rows;
		FOR t IN ` + tables(schema) + ` LOOP
			EXECUTE format('SELECT EXISTS (SELECT 1 FROM ` + schema + `.%I)', t) INTO filled;
			IF filled THEN
				EXECUTE format('CREATE TABLE ` + schema + `_rows.%I AS TABLE ` + schema + `.%I', t, t);
			END IF;
		END LOOP;
	END $$`
}

// sequences gives the statements that set the sequences back to where they are now.
const sequences = `SELECT coalesce(string_agg(format('PERFORM setval(''%s.%I'', %s, %L);',
	schemaname, sequencename, coalesce(last_value, start_value), last_value IS NOT NULL), ' '), '')
	FROM pg_sequences WHERE schemaname = ?`

// empty takes out all rows but those that the migrations made, past every foreign key
// and trigger.
func empty(schema pooled) string {
	return `DO $$ DECLARE t TEXT; BEGIN
		SET LOCAL session_replication_role = replica;
		FOR t IN ` + tables(schema.name) + ` LOOP
			EXECUTE format('DELETE FROM ` + schema.name + `.%I', t);
		END LOOP;
		FOR t IN ` + tables(schema.name+"_rows") + ` LOOP
			EXECUTE format('INSERT INTO ` + schema.name + `.%I SELECT * FROM ` + schema.name + `_rows.%I', t, t);
		END LOOP;
		` + schema.sequences + `
	END $$`
}

func tables(schema string) string {
	return `SELECT tablename FROM pg_tables WHERE schemaname = '` + schema + `'`
}
