// Package arch proves the arrows of the house: who may know whom.
package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/metropolitan-peace-academy/academy/"

// The rooms from left to right: each may know all that stand to its right, none to its left.
var rooms = []string{"cmd", "internal/e2e", "internal/app", "internal/desk", "certificates", "assessment", "cohorts", "courses", "content", "internal"}

// room gives the place of a package in the order, by the longest name that fits.
func room(pkg string) int {
	place, length := -1, 0
	for i, name := range rooms {
		if (pkg == name || strings.HasPrefix(pkg, name+"/")) && len(name) > length {
			place, length = i, len(name)
		}
	}
	return place
}

type file struct {
	path, pkg string
	imports   []string
	test      bool
}

func files(t *testing.T) []file {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var all []file
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules") && path != root {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, source, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		one := file{path: filepath.ToSlash(rel), pkg: filepath.ToSlash(filepath.Dir(rel)), test: strings.HasSuffix(path, "_test.go")}
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			one.imports = append(one.imports, name)
		}
		all = append(all, one)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d Go files found: the walk is broken", len(all))
	}
	return all
}

func TestEveryArrowPointsToTheRight(t *testing.T) {
	for _, f := range files(t) {
		from := room(f.pkg)
		if from < 0 {
			t.Errorf("%s stands in no room", f.path)
			continue
		}
		if f.test {
			continue // tests that go through the door start internal/app
		}
		for _, name := range f.imports {
			pkg, ours := strings.CutPrefix(name, module)
			if !ours {
				continue
			}
			if to := room(pkg); to < from {
				t.Errorf("%s (%s) knows %s (%s), which stands to its left", f.path, rooms[from], pkg, rooms[max(to, 0)])
			}
			if strings.HasPrefix(f.pkg, "internal/") && from == len(rooms)-1 && room(pkg) < from {
				t.Errorf("%s: the plumbing knows no room, and it knows %s", f.path, pkg)
			}
			if strings.HasSuffix(pkg, "/pages") && !strings.HasSuffix(f.pkg, "/pages") && f.pkg != "internal/app" && f.pkg != "internal/desk" {
				t.Errorf("%s imports %s: no room imports pages", f.path, pkg)
			}
		}
	}
}

func TestFiberAndHumaStayAtTheDoor(t *testing.T) {
	for _, f := range files(t) {
		if f.test || f.pkg == "internal/web" || strings.HasPrefix(f.pkg, "internal/web/") || strings.HasSuffix(f.pkg, "/pages") {
			continue
		}
		for _, name := range f.imports {
			if strings.HasPrefix(name, "github.com/gofiber/") || strings.HasPrefix(name, "github.com/danielgtaylor/huma") {
				t.Errorf("%s imports %s: only pages and internal/web may", f.path, name)
			}
		}
	}
}

func TestQueriesStayInStores(t *testing.T) {
	places := []string{"internal/database", "internal/database/dbtest", "internal/app", ".ci/told"}
	for _, f := range files(t) {
		base := filepath.Base(f.path)
		if f.test || strings.HasSuffix(f.pkg, "test") || slices.Contains(places, f.pkg) || base == "store.go" || strings.HasSuffix(base, "_store.go") {
			continue
		}
		for _, name := range f.imports {
			// A noun may carry bun's tags, and so its BaseModel, and nothing else of it.
			if strings.HasPrefix(name, "github.com/uptrace/bun") && (name != "github.com/uptrace/bun" || usesMoreThanTags(t, f.path)) {
				t.Errorf("%s imports %s: queries belong in store.go or *_store.go", f.path, name)
			}
		}
	}
}

// usesMoreThanTags says whether a file uses anything of bun but its BaseModel.
func usesMoreThanTags(t *testing.T, path string) bool {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../..", path), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	more := false
	ast.Inspect(parsed, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "bun" && s.Sel.Name != "BaseModel" {
				more = true
			}
		}
		return true
	})
	return more
}
