package dbtest

import (
	"context"
	"net/url"
	"os"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// Variable names the environment variable that leads to PostgreSQL: "auto", or the
// address of a database in which schemas may be made.
const Variable = "ACADEMY_TEST_POSTGRES"

// postgresSchema makes an empty schema and gives the address that leads to it.
func postgresSchema(t *testing.T) string {
	t.Helper()
	server := os.Getenv(Variable)
	if server == "" {
		t.Skipf("not run on PostgreSQL: set %s=auto, or to the address of a server", Variable)
	}
	address, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s can't be read", Variable)
	}
	schema := "test_" + database.NewID()
	admin, err := database.Open(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.ExecContext(t.Context(), `CREATE SCHEMA "`+schema+`"`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.ExecContext(context.Background(), `DROP SCHEMA "`+schema+`" CASCADE`); err != nil {
			t.Error(err)
		}
		_ = admin.Close()
	})
	query := address.Query()
	query.Set("search_path", schema)
	address.RawQuery = query.Encode()
	return address.String()
}
