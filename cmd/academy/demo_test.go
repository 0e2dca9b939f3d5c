package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
)

// lived is a running demo on a folder of its own, with what its graduate holds.
type lived struct {
	*running
	data     string
	graduate *browser
	pdf      []byte
	json     []byte
	files    string // a folder for the test's files
}

func TestTheDemo(t *testing.T) {
	t.Parallel()
	temporary := t.TempDir()
	d := &lived{files: t.TempDir()}
	d.running = begin(t, command(t, []string{"TMPDIR=" + temporary}, "demo", "--addr", freeAddress(t), "--log", "error"))
	made, err := filepath.Glob(filepath.Join(temporary, "academy-demo-*"))
	if err != nil || len(made) != 1 {
		t.Fatalf("its folder: %v, %v", made, err)
	}
	d.data = made[0]
	d.graduate = d.browser()
	d.graduate.signInWith("graduate@demo.test", app.DemoPassword)
	d.take()
	for _, part := range []struct {
		name string
		test func(t *testing.T)
	}{
		{"tells its address and accounts", d.tells},
		{"answers to this machine's name alone", d.answersHereAlone},
		{"is left alone by serve and by another demo", d.isLeftAlone},
		{"gives tokens for the sector that they name", d.givesTokens},
		{"has certificates that are checked without a network", d.isCheckedOffline},
	} {
		t.Run(part.name, part.test)
	}
	d.end()
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("what the demo made for itself stays: %v, %v", left, err)
	}
}

// take fetches the graduate's certificate, as a page and as bare data.
func (d *lived) take() {
	d.t.Helper()
	var mine []struct {
		Copies []struct{ PDF string }
	}
	request := d.graduate.request(http.MethodGet, "/api/v1/certificates", nil)
	request.Header.Set("Authorization", "Bearer demo-graduate")
	a, err := d.graduate.try(request)
	if err != nil || json.Unmarshal([]byte(a.body), &mine) != nil || len(mine) != 1 {
		d.t.Fatalf("the graduate's certificates: %v %d %s", err, a.status, a.body)
	}
	id := regexp.MustCompile(`/copies/([^/]+)/`).FindStringSubmatch(mine[0].Copies[0].PDF)[1]
	d.pdf, d.json = []byte(d.graduate.get("/copies/"+id+"/certificate.pdf").body), []byte(d.graduate.get("/credentials/"+id).body)
	if !bytes.HasPrefix(d.pdf, []byte("%PDF-")) || !json.Valid(d.json) {
		d.t.Fatalf("no certificate: %.60q, %.60q", d.pdf, d.json)
	}
}

func (d *lived) tells(t *testing.T) {
	for _, want := range []string{"The Academy is open at http://127.0.0.1:", "trainee@demo.test", "coordinator.police@demo.test", "auditor@demo.test", app.DemoPassword} {
		if !strings.Contains(d.out.String(), want) {
			t.Errorf("not told: %s\n%s", want, d.out)
		}
	}
}

func (d *lived) answersHereAlone(t *testing.T) {
	for host, want := range map[string]int{"127.0.0.1:8080": 200, "localhost": 200, "[::1]:8080": 200, "academy.example.org": 403, "127.0.0.1.example.org": 403, "10.0.0.7:8080": 403} {
		for _, path := range []string{"/", "/verify", "/sign-in"} {
			request := d.browser().request(http.MethodGet, path, nil)
			request.Host = host
			if a, err := d.browser().try(request); err != nil || a.status != want {
				t.Errorf("Host %s, %s: %d, %v; want %d", host, path, a.status, err, want)
			}
		}
	}
}

func (d *lived) isLeftAlone(t *testing.T) {
	for _, args := range [][]string{{"serve", "--data", d.data}, {"serve", "--data", d.data + "/"}} {
		if s := academy(t, append(args, "--addr", freeAddress(t))...); s.code != 1 || !strings.Contains(s.err, "holds a demo, whose passwords everyone knows; choose another --data") {
			t.Errorf("serve: exit status %d\n%s", s.code, s.err)
		}
	}
	other := filepath.Join(d.files, "elsewhere.db")
	if s := academy(t, "demo", "--data", d.data, "--database", "sqlite:"+other, "--addr", freeAddress(t)); s.code != 1 || !strings.Contains(s.err, "is not empty; a demo begins in a new folder") {
		t.Errorf("a demo on its folder: exit status %d\n%s", s.code, s.err)
	}
	if a := d.graduate.get("/certificates"); a.status != 200 {
		t.Errorf("the demo itself: %d", a.status)
	}
}

// token makes a token for a demo account and asks the API with it.
func (d *lived) token(t *testing.T, name, sector, scopes string) (said, func(path string) answer) {
	t.Helper()
	s := academy(t, "token", "--data", d.data, "--person", name, "--sector", sector, "--scope", scopes)
	return s, func(path string) answer {
		t.Helper()
		b := d.browser()
		request := b.request(http.MethodGet, "/api/v1"+path, nil)
		request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(s.out))
		a, err := b.try(request)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
}

func (d *lived) givesTokens(t *testing.T) {
	for sector, other := range map[string]string{"outreach": "law_enforcement", "law_enforcement": "outreach"} {
		s, ask := d.token(t, "Coordinator@demo.test", sector, "read")
		if s.code != 0 || strings.Count(s.out, "\n") != 1 || s.err != "" {
			t.Fatalf("exit status %d\n%s%s", s.code, s.out, s.err)
		}
		if a := ask("/cohorts"); a.status != 200 || !strings.Contains(a.body, `"sector":"`+sector+`"`) || strings.Contains(a.body, `"sector":"`+other+`"`) {
			t.Errorf("cohorts by a token of %s: %d %s", sector, a.status, a.body)
		}
		if a := ask("/certificates"); a.status != 403 || !strings.Contains(a.body, "does not have the scope certificates") {
			t.Errorf("beyond its scope: %d %s", a.status, a.body)
		}
	}
	for name, sector := range map[string]string{"nobody@demo.test": "outreach", "officer@demo.test": "outreach", "trainee@demo.test": "law_enforcement", "": "health", "not an address": "outreach"} {
		if s, _ := d.token(t, name, sector, "read,attend"); s.code != 1 || s.out != "" || !strings.Contains(s.err, "nobody who signs in as "+name+" stands in "+sector) {
			t.Errorf("%s in %s: exit status %d %s%s", name, sector, s.code, s.out, s.err)
		}
	}
}

// file writes a file of the test and gives its path.
func (d *lived) file(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(d.files, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// snapshot writes what a check relies on, as it was some days ago: of the demo's own
// database, opened beside it by a clock that is late.
func (d *lived) snapshot(t *testing.T, daysAgo int) string {
	t.Helper()
	config := app.Defaults()
	config.Data, config.Demo, config.Addr, config.BaseURL = d.data, true, freeAddress(t), d.base
	past := clock.At(time.Now().AddDate(0, 0, -daysAgo))
	a, err := app.Open(context.Background(), config, slog.New(slog.NewTextHandler(io.Discard, nil)), past)
	if err == nil {
		err = a.Certificates.SignStatus(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(d.files, "old")
	trust, err := a.Certificates.Snapshot(context.Background())
	if err == nil {
		err = trust.Write(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (d *lived) isCheckedOffline(t *testing.T) {
	fresh := filepath.Join(d.files, "trust")
	trust := func() {
		t.Helper()
		if s := academy(t, "trust", fresh, "--data", d.data).ok(t); !strings.HasPrefix(s.out, "Written to "+fresh+", as of ") {
			t.Errorf("trust said %s", s.out)
		}
	}
	trust()
	valid, bare := d.file(t, "valid.pdf", d.pdf), d.file(t, "valid.json", d.json)
	altered := d.file(t, "altered.json", bytes.Replace(d.json, []byte("Andre"), []byte("Andru"), 1))
	garbage, huge := d.file(t, "garbage.pdf", []byte("%PDF-1.7\nnothing")), d.file(t, "huge.pdf", make([]byte, 6<<20))
	check := func(code int, want []string, args ...string) {
		t.Helper()
		s := ended(t, withoutNetwork(command(t, nil, append([]string{"verify"}, args...)...)))
		if s.code != code {
			t.Errorf("verify %v: exit status %d, want %d\n%s%s", args, s.code, code, s.out, s.err)
		}
		for _, text := range want {
			if !strings.Contains(s.out+s.err, text) {
				t.Errorf("verify %v: not told: %s\n%s%s", args, text, s.out, s.err)
			}
		}
	}
	check(0, []string{valid + ": valid", "Andre Whitfield", "SAMPLE: made by a demo", bare + ": valid", "Standing as of", "whether a copy is still shared was not checked"}, "--trust", fresh, valid, bare)
	check(1, []string{valid + ": valid", altered + ": tampered", garbage + ": no_credential"}, "--trust", fresh, valid, altered, garbage)
	check(2, []string{valid + ": valid", "none.pdf: can't be read: no such file or directory", d.files + ": can't be read: is a directory", huge + ": can't be read: larger than 5 MiB"},
		"--trust", fresh, valid, filepath.Join(d.files, "none.pdf"), d.files, huge)
	check(2, []string{"no such file or directory", "academy trust"}, "--trust", filepath.Join(d.files, "nowhere"), valid)
	check(0, []string{valid + ": valid"}, "--data", d.data, valid)
	old := d.snapshot(t, 8)
	check(1, []string{valid + ": valid", "The snapshot is older than 7 days. Make a new one with academy trust DIR, or use --accept-age."}, "--trust", old, valid)
	check(0, []string{valid + ": valid"}, "--trust", old, "--accept-age", valid)

	d.revoke(t)
	check(0, []string{valid + ": valid"}, "--trust", fresh, valid) // it knows what it knew
	trust()
	check(1, []string{valid + ": revoked"}, "--trust", fresh, valid)
	if a := d.graduate.get("/certificates"); a.status != 200 {
		t.Errorf("after the commands beside it the demo answers %d", a.status)
	}
	check(1, []string{valid + ": revoked"}, "--data", d.data, valid)
}

// revoke has the director revoke the graduate's certificate.
func (d *lived) revoke(t *testing.T) {
	t.Helper()
	b := d.browser()
	b.signInWith("director@demo.test", app.DemoPassword)
	number := regexp.MustCompile(`MPA-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(string(d.json))
	link := regexp.MustCompile(`href="(/register/[0-9a-f-]+)"[^>]*>[^<]*`)
	for _, m := range link.FindAllStringSubmatch(b.get("/register").body, -1) {
		if page := b.open(m[1]); strings.Contains(page.body, number) {
			if a := b.post(strings.Replace(m[1], "/register/", "/certificates/", 1)+"/revocation", url.Values{"reason": {"issued_in_error"}}); a.status != 303 {
				t.Fatalf("revoking: %d\n%s", a.status, a.body)
			}
			return
		}
	}
	t.Fatalf("the register does not lead to %q", number)
}

// A demo's people have a password that everyone knows: they go into no database that
// somebody uses.
func TestADemoGoesIntoNoDatabaseInUse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *school) {
		data := filepath.Join(t.TempDir(), "demo")
		a := academyWith(t, []string{"ACADEMY_DATABASE=" + s.config.Database}, "demo", "--data", data, "--addr", freeAddress(t))
		if a.code != 1 || !strings.Contains(a.err, "holds an Academy that people use; a demo begins in an empty one") {
			t.Errorf("exit status %d\n%s", a.code, a.err)
		}
		if _, err := os.Stat(data); err == nil {
			t.Error("its folder was made")
		}
		s.inside(func(ctx context.Context, a *app.Academy) {
			var persons int
			s.ok(a.DB.NewRaw(`SELECT count(*) FROM persons`).Scan(ctx, &persons))
			if persons != len(s.persons) {
				t.Errorf("%d persons, want %d", persons, len(s.persons))
			}
		})
	})
}
