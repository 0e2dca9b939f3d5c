package web_test

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"

	"github.com/metropolitan-peace-academy/academy/internal/web"
)

var linked = regexp.MustCompile(`/static/[a-z0-9/._-]+`)

func TestTheFirstVisitIsSmall(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	app.Public("GET", "/verify", page("Check"))
	shown := ask(t, app, "GET", "/verify", nil, header{"Accept-Encoding": "gzip"})
	total := len(shown.body)
	seen := map[string]bool{}
	var fetch func(text string)
	fetch = func(text string) {
		for _, path := range linked.FindAllString(text, -1) {
			if seen[path] || strings.Contains(path, "-ext.") { // letters of other languages' names, on demand
				continue
			}
			seen[path] = true
			a := ask(t, app, "GET", path, nil, header{"Accept-Encoding": "br, gzip"})
			if a.StatusCode != 200 {
				t.Errorf("%s: %d", path, a.StatusCode)
			}
			if cached := a.Header.Get("Cache-Control"); cached != "public, max-age=31536000, immutable" {
				t.Errorf("%s is kept %q", path, cached)
			}
			total += len(a.body)
			if strings.HasSuffix(path, ".css") {
				plain, err := io.ReadAll(brotli.NewReader(strings.NewReader(a.body)))
				if err != nil {
					t.Fatal(err)
				}
				fetch(string(plain))
			}
		}
	}
	plain, err := gzip.NewReader(strings.NewReader(shown.body))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(plain); err != nil {
		t.Fatal(err)
	}
	fetch(b.String())
	if len(seen) != 6 {
		t.Errorf("the first visit fetches %d files: %v", len(seen), seen)
	}
	if total > 48<<10 { // of the 60 KB that interface.md allows
		t.Errorf("the first visit takes %d bytes, more than 48 KB", total)
	}
	t.Logf("first visit: %d bytes", total)
}

func TestAFileIsSentInTheFormThatTheBrowserTakes(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	for accept, want := range map[string]string{"": "", "gzip": "gzip", "gzip, br": "br", "br;q=0, gzip": "gzip", "deflate": ""} {
		a := ask(t, app, "GET", web.Asset("academy.css"), nil, header{"Accept-Encoding": accept})
		if got := a.Header.Get("Content-Encoding"); got != want || !strings.Contains(a.Header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("takes %q: sent %q, Vary %q", accept, got, a.Header.Get("Vary"))
		}
	}
	if a := ask(t, app, "GET", "/static/academy.0000000000.css", nil); a.StatusCode != 404 {
		t.Errorf("another hash: %d, want 404", a.StatusCode)
	}
	if a := ask(t, app, "GET", "/static/css/base.css", nil); a.StatusCode != 404 {
		t.Errorf("a source: %d, want 404", a.StatusCode)
	}
}

func TestEveryAssetThatASourceNamesIsThere(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`\bAsset\("([^"]+)"\)|Scripts:\s*\[\]string\{([^}]*)\}`)
	quoted := regexp.MustCompile(`"([^"]+)"`)
	root := os.DirFS("../..")
	app := newApp(t)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !(strings.HasSuffix(name, ".templ") || strings.HasSuffix(name, ".go")) || strings.HasSuffix(name, "_templ.go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		for _, found := range named.FindAllSubmatch(data, -1) {
			names := []string{string(found[1])}
			if found[1] == nil {
				names = nil
				for _, q := range quoted.FindAllSubmatch(found[2], -1) {
					names = append(names, string(q[1]))
				}
			}
			for _, file := range names {
				if a := ask(t, app, "GET", web.Asset(file), nil); a.StatusCode != 200 {
					t.Errorf("%s names the file %q, which is not under static/", name, file)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestRobotsMayReadTheDoorAndTheCheckAlone(t *testing.T) {
	t.Parallel()
	a := ask(t, newApp(t), "GET", "/robots.txt", nil)
	if a.body != "User-agent: *\nAllow: /$\nAllow: /verify\nDisallow: /\n" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("%s: %s", a.Header.Get("Content-Type"), a.body)
	}
}

// Nothing is fetched from elsewhere, and nothing stands inline.
func TestPagesHoldNothingInlineAndNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	app.SignedIn("GET", "/specimen", specimenPage)
	a := ask(t, app, "GET", "/specimen", nil, asTasha)
	for _, pattern := range []string{`\sstyle=`, `\son[a-z]+=`, `<style`, `<script>`, `<script(?:\s+type="[^"]*")?>`, `(?:src|action)="(?:https?:)?//`, `<link[^>]+href="(?:https?:)?//`, `url\((?:https?:)?//`} {
		if found := regexp.MustCompile(pattern).FindString(a.body); found != "" {
			t.Errorf("the page has %q", found)
		}
	}
	if outside := regexp.MustCompile(`href="(https?://[^"]*)"`).FindAllString(a.body, -1); len(outside) != 1 {
		t.Errorf("links that leave the Academy: %v, want the one that leaves quickly", outside)
	}
}
