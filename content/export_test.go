package content_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
)

// written is the folder that an export makes.
func written(ctx context.Context, t *testing.T, s content.Store) fstest.MapFS {
	t.Helper()
	files, err := s.Files(ctx)
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{}
	for _, f := range files {
		if folder[f.Path] != nil {
			t.Errorf("%s is written twice", f.Path)
		}
		folder[f.Path] = &fstest.MapFile{Data: f.Bytes}
	}
	return folder
}

// A folder that holds older versions comes back out under the names that it had.
func TestAFolderWithOlderVersionsComesBackAsItWas(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, _ *bun.DB, s content.Store) {
		files := map[string]string{
			"glossary.yaml": strings.ReplaceAll(glossary, "\n", "\r\n") + "# kept\n",
			"t07-a.md":      head("version: 3") + "Newest.\r\n", "t07-a.v2.md": head("version: 2") + "Old.\n", "t07-other.v1.md": head() + "Oldest.\n",
			"t07-a.guide.md": "---\nid: T07\ntitle: Guide\nlang: en\nversion: 3\nminutes: 60\n---\n## A {minutes=60}\n",
		}
		keep(ctx, t, s, files)
		out := written(ctx, t, s)
		if len(out) != len(files) {
			t.Errorf("%d files, want %d", len(out), len(files))
		}
		for name, want := range files {
			if f := out[name]; f == nil || string(f.Data) != want {
				t.Errorf("%s: %v", name, f)
			}
		}
	})
}

// Three folders in turn: the glossary that comes out has what every text that comes out
// needs, in the words in force, and can be read again.
func TestTheGlossaryComesBackWithWhatTheTextsNeed(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, _ *bun.DB, s content.Store) {
		keep(ctx, t, s, map[string]string{"t07-a.md": head() + "A [hurt]{term=trauma}.\n", "glossary.yaml": glossary +
			"  - id: gone\n    en: {term: a, meaning: b}\n    es: {term: a, meaning: b}\n"})
		other := "terms:\n  - id: circle\n    en: {term: circle, meaning: A round.}\n    es: {term: círculo, meaning: Una ronda.}\n"
		keep(ctx, t, s, map[string]string{"t08-a.md": head("id: T08") + "A [ring]{term=circle}.\n", "glossary.yaml": other})
		out := written(ctx, t, s)
		folder, problems := content.Parse(out, ".")
		if len(problems) > 0 || len(folder.Modules) != 2 {
			t.Errorf("%v\n%s", problems, out["glossary.yaml"].Data)
		}
		var ids []string
		for _, term := range folder.Terms {
			ids = append(ids, term.ID+" "+term.Meaning)
		}
		if want := []string{"circle A round.", "circle Una ronda.", "trauma A lasting hurt.", "trauma Un daño que queda."}; !slices.Equal(ids, want) {
			t.Errorf("terms %q", ids)
		}
		whole := glossary + strings.TrimPrefix(other, "terms:\n") + "# all of it\n"
		keep(ctx, t, s, map[string]string{"glossary.yaml": whole})
		if out := written(ctx, t, s); string(out["glossary.yaml"].Data) != whole {
			t.Errorf("not the file that came last:\n%s", out["glossary.yaml"].Data)
		}
	})
}

func TestOnePictureOfANameInAllFolders(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, _ *bun.DB, s content.Store) {
		png := dotPNG
		keep(ctx, t, s, map[string]string{"t07-a.md": head() + "![A dot](dot.png)\n", "dot.png": png + "1"})
		keep(ctx, t, s, map[string]string{"t08-a.md": head("id: T08") + "![A dot](dot.png)\n", "dot.png": png + "1"})
		folder, _ := parse(map[string]string{"t09-a.md": head("id: T09") + "![A dot](dot.png)\n", "dot.png": png + "2"})
		if clashes, err := s.Clashes(ctx, folder); err != nil || told(clashes) != "0 content.problem.picture_changed" {
			t.Errorf("clashes %v, %v", clashes, err)
		}
		if out := written(ctx, t, s); string(out["dot.png"].Data) != png+"1" {
			t.Errorf("%q", out["dot.png"].Data)
		}
	})
}
