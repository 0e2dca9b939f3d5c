package content_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/content/curriculum"
)

// long is a text of a thousand plain words.
var long = strings.Repeat("He sat down. She saw him. They spoke for a while. ", 91)

// found is "line key" of every finding, warnings after a "?", joined by "; ".
func found(findings []content.Finding) string {
	var said []string
	for _, f := range findings {
		mark := ""
		if f.Warning {
			mark = "?"
		}
		said = append(said, fmt.Sprintf("%s%d %s", mark, f.Line, strings.TrimPrefix(f.Key, "content.")))
	}
	return strings.Join(said, "; ")
}

func TestOneTextIsLintedByWhatStandsAroundIt(t *testing.T) {
	english := head() + long + "\n"
	hash := "translates: " + string(content.HashOf([]byte(english)))
	folder, _ := parse(map[string]string{"t07-a.md": english})
	known := content.Known{
		Terms:     []content.Term{{ID: "trauma", Lang: content.English, Term: "trauma", Meaning: "A lasting hurt."}},
		Protocols: []content.Protocol{{ID: "mediation", Version: 1, Sensitivity: content.Sensitivity{content.Outreach}}},
		Modules:   folder.Modules,
		Picture: func(name string) ([]byte, error) {
			if name != "dot.png" {
				return nil, errors.New("there is none")
			}
			return []byte(dotPNG), nil
		},
	}
	for name, row := range map[string]struct{ file, source, want string }{
		"a good module":            {"t08-b.md", head("id: T08") + long + "\n", ""},
		"a term, a picture":        {"t08-b.md", head("id: T08") + long + "[a]{term=trauma} ![A dot](dot.png)\n", ""},
		"what is not there":        {"t08-b.md", head("id: T08") + "[a]{term=b}\n\n![A dot](gone.png)\n\n" + long, "?1 warning.words"},
		"a protocol closed to one": {"t08-b.md", head("id: T08") + long + "[a](protocol:mediation)\n", "13 problem.protocol_hidden"},
		"a short one":              {"t08-b.md", head("id: T08") + "He sat down.\n", "?1 warning.words"},
		"a hard one": {"t08-b.md", head("id: T08") + strings.Repeat("Institutional accountability necessitates organizational transparency. ", 200),
			"?1 warning.grade"},
		"a footnote for nothing": {"t08-b.md", head("id: T08") + long + "[^a]\n\n[^a]: One.\n[^b]: Two.\n", "?16 warning.footnote_unused"},
		"a translation":          {"t07-a.es.md", head("lang: es", hash) + long + "\n", ""},
		"a translation behind":   {"t07-a.es.md", head("lang: es", "translates: abc") + long + "\n", "12 problem.translates_stale"},
		"a guide":                {"t07-a.guide.md", "---\nid: T07\ntitle: Guide\nlang: en\nversion: 1\nminutes: 50\n---\n## A {minutes=50}\n", "6 problem.guide_minutes"},
		"a guide of nothing":     {"t09-a.guide.md", "---\nid: T09\ntitle: Guide\nlang: en\nversion: 1\nminutes: 50\n---\n## A {minutes=50}\n", "2 problem.module_missing"},
		"a protocol":             {"protocols/circles.md", protocol("id: circles"), ""},
		"a bad protocol":         {"protocols/circles.md", protocol("id: circles", "owner: ''"), "7 problem.key_missing"},
		"no name of ours":        {"notes.md", "Text.", "0 problem.file_name"},
		"no text":                {"t08-b.md", "\xff", "1 problem.not_text"},
		"nothing":                {"t08-b.md", "", "1 problem.front_matter"},
	} {
		proof := content.Lint(row.file, []byte(row.source), known)
		want := row.want
		if name == "what is not there" {
			want = "13 problem.term_unknown; 15 problem.picture_missing"
		}
		if got := found(proof.Findings); got != want {
			t.Errorf("%s: found %q, want %q", name, got, want)
		}
	}
	bad := content.Lint("t08-b.md", []byte(head("id: T08")+"He sat down.\n\n<b>HTML</b>\n"), content.Known{})
	if bad.Words != 4 || bad.Grade == 0 && bad.HTML == "" || !strings.Contains(bad.HTML, "<p>He sat down.</p>") || len(bad.Findings) != 2 {
		t.Errorf("a text with a problem is not drawn and measured: %+v", bad)
	}
}

func TestAFolderIsLintedWhole(t *testing.T) {
	old, newer := head()+long+"\n", head("version: 2")+long+"More.\n"
	short := head("id: T08") + "Short.\n"
	fsys := fstest.MapFS{"unused.png": {Data: []byte("x")}, "bad.md": {Data: []byte("x")}}
	for name, source := range map[string]string{
		"t07-a.md": newer, "t07-a.v1.md": old, "t07-a.es.md": head("lang: es", "translates: "+string(content.HashOf([]byte(old)))) + long + "\n",
		"t08-a.v1.md": short, "t08-a.md": head("id: T08", "version: 2") + long + "\n",
	} {
		fsys[name] = &fstest.MapFile{Data: []byte(source)}
	}
	folder, proofs, findings := content.LintFolder(fsys, ".")
	want := "0 problem.file_name; ?5 warning.translation_behind; ?8 warning.guide_missing; ?8 warning.guide_missing; ?0 warning.picture_unused" // and none of the short old version
	if got := found(findings); got != want {
		t.Errorf("found %q, want %q", got, want)
	}
	if len(folder.Modules) != 5 || len(proofs) != 5 || proofs[0].Path != "t07-a.es.md" || proofs[1].Words < 1000 {
		t.Errorf("%d modules, %d proofs", len(folder.Modules), len(proofs))
	}
}

func TestTheLinterFindsNothingInTheAcademysCurriculum(t *testing.T) {
	_, proofs, findings := content.LintFolder(curriculum.Files, ".")
	if len(proofs) < 100 {
		t.Fatalf("%d texts", len(proofs))
	}
	for _, f := range findings {
		t.Error(f)
	}
}
