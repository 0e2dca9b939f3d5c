package dbtest

import (
	"context"
	"net/url"
	"os"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// Variable names the environment variable that leads to PostgreSQL: "auto" starts a
// private server from the programs on this machine; otherwise it is the address of a
// database in which schemas may be made.
const Variable = "ACADEMY_TEST_POSTGRES"

// postgresSchema makes an empty schema and gives the address that leads to it.
func postgresSchema(t *testing.T) string {
	t.Helper()
	server := os.Getenv(Variable)
	switch server {
	case "":
		t.Skipf("not run on PostgreSQL: set %s=auto, or to the address of a server", Variable)
	case "auto":
		var err error
		if server, err = startServer(); err != nil {
			t.Fatalf("%s=auto: %v", Variable, err)
		}
	}
	address, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s can't be read as an address", Variable)
	}
	schema := "test_" + database.NewID()
	execute(t, server, `CREATE SCHEMA "`+schema+`"`)
	t.Cleanup(func() { execute(t, server, `DROP SCHEMA "`+schema+`" CASCADE`) })
	query := address.Query()
	query.Set("search_path", `"`+schema+`"`)
	address.RawQuery = query.Encode()
	return address.String()
}

func execute(t *testing.T, address, statement string) {
	t.Helper()
	ctx := context.Background()
	db, err := database.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(ctx, statement); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
