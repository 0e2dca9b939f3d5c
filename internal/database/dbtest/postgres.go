package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// Variable names the environment variable that leads to PostgreSQL: "auto" starts a
// private server from the programs on this machine; otherwise it is the address of a
// database in which schemas may be made.
const Variable = "ACADEMY_TEST_POSTGRES"

// server is the PostgreSQL that the tests of this process use.
type server struct {
	address string
	admin   *bun.DB // open until the process ends
	ours    bool    // whether it was started for tests, so that what is left goes with it
}

var connect = sync.OnceValues(func() (s server, err error) {
	s.address = os.Getenv(Variable)
	if s.address == "auto" {
		s.ours = true
		if s.address, err = startServer(); err != nil {
			return s, err
		}
	}
	s.admin, err = database.Open(context.Background(), s.address)
	return s, err
})

// postgres gives the server, or skips the test when none is named.
func postgres(t testing.TB) server {
	t.Helper()
	if os.Getenv(Variable) == "" {
		t.Skipf("not run on PostgreSQL: set %s=auto, or to the address of a server", Variable)
	}
	s, err := connect()
	if err != nil {
		t.Fatalf("%s: %v", Variable, err)
	}
	return s
}

// in gives the address that leads to a schema of the server.
func (s server) in(schema string) string {
	address, query, _ := strings.Cut(s.address, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		values = url.Values{}
	}
	values.Set("search_path", schema)
	return address + "?" + values.Encode()
}

// create makes an empty schema.
func (s server) create(t testing.TB) (schema string) {
	t.Helper()
	schema = newName()
	s.must(t, "CREATE SCHEMA "+schema)
	return schema
}

func (s server) drop(t testing.TB, schema string) {
	t.Helper()
	s.must(t, "DROP SCHEMA "+schema+" CASCADE")
}

// must carries out a statement, after the test's own context has ended too.
func (s server) must(t testing.TB, statement string) {
	t.Helper()
	if _, err := s.admin.ExecContext(context.Background(), statement); err != nil {
		t.Error(fmt.Errorf("%.60s: %w", statement, err))
	}
}

// emptySchema makes a schema that is dropped with the test.
func emptySchema(t testing.TB) (address string) {
	t.Helper()
	s := postgres(t)
	schema := s.create(t)
	t.Cleanup(func() { s.drop(t, schema) })
	return s.in(schema)
}
