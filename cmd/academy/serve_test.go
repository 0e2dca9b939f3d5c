package main_test

import (
	"context"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

var invitation = regexp.MustCompile(`http\S+(/invitation/\S+)`)

// oneLink is the first director's link in what a start said; "" where it said none.
func (r *running) oneLink() string {
	if m := invitation.FindStringSubmatch(r.out.String()); m != nil {
		return m[1]
	}
	return ""
}

// A new folder becomes an Academy with its courses. Its first director comes in by a link
// that works once, and until then every start gives one.
func TestServeMakesAnAcademyOfAnEmptyFolder(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, to []string) {
		to[1] = filepath.Join(to[1], "new", "academy") // a folder in a folder that isn't there
		start := func() *running {
			return begin(t, command(t, nil, append([]string{"serve", "--log", "error", "--addr", freeAddress(t)}, to...)...))
		}
		r := start()
		if out := r.out.String(); !strings.Contains(out, "A new key was made in") || r.oneLink() == "" {
			t.Fatalf("said %s", out)
		}
		r.end()
		r = start()
		link := r.oneLink()
		if link == "" {
			t.Fatal("a start before anybody came in gives no link")
		}
		b := r.browser()
		for range 2 { // looking changes nothing
			if a := b.open(link); a.status != 200 {
				t.Fatalf("the link: %d", a.status)
			}
		}
		welcome := url.Values{"language": {"en"}, "chosen_name": {"Dora"}, "secret": {secret}, "phone": {"own"}}
		if a := b.post(link, url.Values{"language": {"en"}, "secret": {"short"}}); a.status != 422 {
			t.Errorf("a password too short: %d", a.status)
		}
		if a := b.post(link, welcome); a.status != 303 {
			t.Fatalf("coming in: %d\n%s", a.status, a.body)
		}
		if a := b.open("/cohorts/new"); a.status != 200 || !strings.Contains(a.body, "Professional Understanding") || !strings.Contains(a.body, "Outreach") {
			t.Errorf("the courses are not there: %d\n%s", a.status, a.body)
		}
		if a := b.post("/me/names", url.Values{"old": {secret}, "name": {"dora@example.org"}}); a.status != 303 {
			t.Errorf("an e-mail address of her own: %d\n%s", a.status, a.body)
		}
		other := r.browser()
		other.open("/sign-in")
		for _, a := range []answer{other.get(link), other.post(link, welcome)} {
			if a.status != 404 || !strings.Contains(a.body, "This link does not work any more") {
				t.Errorf("the link a second time: %d", a.status)
			}
		}
		r.end()
		if r = start(); r.oneLink() != "" || strings.Contains(r.out.String(), "new key") {
			t.Errorf("a start with a director said %s", r.out)
		}
		r.browser().signInWith("dora@example.org", secret)
		r.end()
	})
}

func TestASecondServeOfAFileIsRefused(t *testing.T) {
	t.Parallel()
	s := found(t, dbtest.Empty(t, "sqlite"))
	r := s.serve()
	second := academy(t, "serve", "--data", t.TempDir(), "--database", s.config.Database, "--addr", freeAddress(t))
	if second.code != 1 || !strings.Contains(second.err, "another academy serves this database file: stop that one first, or name another --data") {
		t.Errorf("exit status %d\n%s", second.code, second.err)
	}
	academy(t, append(s.to(), "migrate")...).ok(t) // other commands stand beside it
	b := r.browser()
	b.signIn(s.trainees[0])
	r.end()
	taken := s.serve() // and its place is free again
	port := academy(t, "serve", "--data", t.TempDir(), "--addr", s.addr)
	if port.code != 1 || !strings.Contains(port.err, "can't listen on "+s.addr) {
		t.Errorf("an address that is taken: exit status %d\n%s", port.code, port.err)
	}
	taken.end()
}

// Any number of processes serve one PostgreSQL, from the first moment on; what one of them
// does the others know. One with other keys opens nothing, and says why.
func TestTwoServeOnePostgres(t *testing.T) {
	t.Parallel()
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		keys, database := t.TempDir(), dbtest.Empty(t, "postgres")
		blobs := "dir:" + t.TempDir()
		start := func() *running {
			return begin(t, command(t, nil, "serve", "--log", "error", "--addr", freeAddress(t), "--data", t.TempDir(),
				"--keys", keys, "--blobs", blobs, "--database", database))
		}
		both := make([]*running, 2)
		var all sync.WaitGroup
		for i := range both {
			all.Go(func() { both[i] = start() })
		}
		all.Wait()
		if both[0] == nil || both[1] == nil {
			t.Fatal("one of two did not start")
		}
		here := both[0].browser()
		link := both[0].oneLink() + both[1].oneLink()
		link = link[strings.LastIndex(link, "/invitation/"):]
		here.open(link)
		if a := here.post(link, url.Values{"language": {"en"}, "secret": {secret}, "phone": {"own"}}); a.status != 303 {
			t.Fatalf("coming in: %d", a.status)
		}
		here.base = both[1].base
		if a := here.get("/me"); a.status != 200 {
			t.Errorf("at the other process: %d", a.status)
		}
		strange := academy(t, "serve", "--data", t.TempDir(), "--database", database, "--addr", freeAddress(t))
		if strange.code != 1 || !strings.Contains(strange.err, "signing key doesn't open with the outer.key in") {
			t.Errorf("with other keys: %d %s", strange.code, strange.err)
		}
		both[0].end()
		both[1].end()
		config := app.Defaults()
		config.Data, config.Keys, config.Database = t.TempDir(), keys, database
		s := &school{t: t, config: config}
		s.inside(func(ctx context.Context, a *app.Academy) {
			var persons, editions, apart int
			s.ok(a.DB.NewRaw(`SELECT (SELECT count(*) FROM persons), (SELECT count(*) FROM editions),
				(SELECT count(*) FROM (SELECT DISTINCT course_code, sector, name FROM editions) AS e)`).Scan(ctx, &persons, &editions, &apart))
			if persons != 1 || editions == 0 || editions != apart {
				t.Errorf("%d persons, %d editions, %d of them apart", persons, editions, apart)
			}
		})
	})
}

func TestMigrateSaysWhatItDid(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, to []string) {
		first := academy(t, append(to, "migrate")...).ok(t)
		for _, want := range []string{"applied 20261122010000_people\n", "applied 20261122070000_certificates\n"} {
			if !strings.Contains(first.out, want) {
				t.Errorf("not told: %s\n%s", want, first.out)
			}
		}
		if second := academy(t, append(to, "migrate")...).ok(t); second.out != "The database is up to date.\n" {
			t.Errorf("the second time it said %s", second.out)
		}
	})
}

// An old program must not touch what a newer one has made of the database, whatever it is
// asked for.
func TestAnOldProgramLeavesANewerDatabaseAlone(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, to []string) {
		academy(t, append(to, "migrate")...).ok(t)
		config := app.Defaults()
		config.Data, config.Database = to[1], to[3]
		s := &school{t: t, config: config}
		exec := func(query string) {
			s.inside(func(ctx context.Context, a *app.Academy) {
				_, err := a.DB.ExecContext(ctx, query)
				s.ok(err)
			})
		}
		exec(`INSERT INTO bun_migrations (name, group_id) VALUES ('29991231000000', 99)`)
		folder := lay(t, lesson())
		for _, args := range [][]string{
			{"serve", "--addr", freeAddress(t)}, {"migrate"}, {"import", "curriculum", folder}, {"trust", t.TempDir()}, {"verify", filepath.Join(folder, "courses/try.yaml")},
			{"import", "people", filepath.Join(folder, "courses/try.yaml"), "--sector", "outreach"}, {"token", "--person", "a@example.org", "--sector", "outreach", "--scope", "read"},
		} {
			a := academy(t, append(args, to...)...)
			if a.code == 0 || !strings.Contains(a.err, "the database is newer than this program, which leaves it alone: use the newer program (it has migration 29991231000000)") {
				t.Errorf("%s: exit status %d\n%s%s", args[0], a.code, a.out, a.err)
			}
		}
	})
}

// Where the folder or the server isn't there, the sentence says which.
func TestADatabaseThatIsNotThereIsTold(t *testing.T) {
	t.Parallel()
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	for database, want := range map[string]string{
		"sqlite:" + nowhere + "/academy.db":          "the folder " + nowhere + " is not there",
		"postgres://ana:hunter2@127.0.0.1:1/academy": "PostgreSQL, database academy as ana: 127.0.0.1:1",
	} {
		for _, what := range []string{"serve", "migrate"} {
			s := academy(t, what, "--data", t.TempDir(), "--database", database, "--addr", freeAddress(t))
			if s.code != 1 || !strings.Contains(s.err, want) || strings.Contains(s.err, "hunter2") || strings.Count(s.err, "\n") != 1 {
				t.Errorf("%s: exit status %d, %s", what, s.code, s.err)
			}
		}
	}
	for _, args := range [][]string{{"trust", "x"}, {"verify", "x"}, {"token", "--person", "a@example.org", "--sector", "outreach", "--scope", "read"}} {
		c := command(t, nil, args...)
		if s := ended(t, c); s.code == 0 || !strings.Contains(s.err, "there is no Academy at academy-data/academy.db") {
			t.Errorf("%s where no Academy is: exit status %d, %s", args[0], s.code, s.err)
		}
		if left, err := filepath.Glob(filepath.Join(c.Dir, "*")); err != nil || len(left) > 0 {
			t.Errorf("%s made %v", args[0], left)
		}
	}
}

func TestAStartThatIsStoppedAtOnceGoesInOrder(t *testing.T) {
	t.Parallel()
	s := found(t, dbtest.Empty(t, "sqlite"))
	r := s.serve()
	r.signal(syscall.SIGTERM)
	if code := r.status(); code != 0 {
		t.Errorf("exit status %d\n%s", code, r.err)
	}
}
