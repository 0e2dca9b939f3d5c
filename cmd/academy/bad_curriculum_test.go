package main_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uptrace/bun/dialect"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

// rows counts the rows of every table.
func (s *school) rows() (counts string) {
	s.t.Helper()
	s.inside(func(ctx context.Context, a *app.Academy) {
		query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
		if a.DB.Dialect().Name() == dialect.PG {
			query = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`
		}
		var tables []string
		s.ok(a.DB.NewRaw(query).Scan(ctx, &tables))
		for _, table := range tables {
			var n int
			s.ok(a.DB.NewRaw(`SELECT COUNT(*) FROM `+table).Scan(ctx, &n))
			counts += fmt.Sprintf("%s %d\n", table, n)
		}
	})
	return counts
}

// bad are curricula that hold one thing each that nobody should send, beside a good lesson,
// with what is told of it in English and in Spanish.
func bad(t *testing.T) map[string]struct {
	dir    string
	file   string // with its line, where the folder can be read
	en, es string
} {
	t.Helper()
	with := func(more map[string]string) string {
		files := lesson()
		for name, text := range more {
			files[name] = text
		}
		return lay(t, files)
	}
	text := func(body string) string { return with(map[string]string{"t93-a.md": module("T93", "A", body)}) }
	after := func(code, name string) string {
		return strings.Replace(lesson()["courses/try.yaml"], "code: TRY", "code: "+code, 1) + "after: [" + name + "]\n"
	}
	climbs := lesson()
	climbs["../t93-out.md"] = "out"
	long := with(nil)
	if err := os.WriteFile(filepath.Join(long, "t93-a.md"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(long, "t93-a.md"), 50<<20); err != nil {
		t.Fatal(err)
	}
	var notes strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&notes, "See[^n%d].\n\n[^n%d]: And[^n%d].\n\n", i, i, (i+1)%10_000)
	}
	line := strings.Count(lesson()["courses/try.yaml"], "\n") + 1
	return map[string]struct {
		dir    string
		file   string
		en, es string
	}{
		"a ZIP that climbs out": {pack(t, "bad.zip", climbs), "", "bad.zip was not read: ../t93-out.md is not a safe path inside a folder.", "../t93-out.md"},
		"a file of 50 MB":       {long, "t93-a.md:", "51200 KB", "51200 KB"},
		"courses in a ring": {with(map[string]string{"courses/a.yaml": after("CM", "OUT"), "courses/b.yaml": after("OUT", "CM")}), fmt.Sprintf("courses/a.yaml:%d:", line),
			"CM → OUT → CM: these courses wait for each other", "CM → OUT → CM: estos cursos se esperan"},
		"two modules with one id": {with(map[string]string{"t93-a.md": module("T93", "A", "## One\n\nText.\n"), "t93-b.md": module("T93", "B", "## One\n\nText.\n")}), "t93-b.md:2:",
			"t93-a.md is version 1 of T93 in this language too.", "t93-a.md también es la versión 1 de T93"},
		"Latin-1":                {text("## One\n\nA caf\xe9.\n"), "t93-a.md:17:", "This line is not in UTF-8.", "UTF-8"},
		"a YAML bomb":            {with(map[string]string{"t93-a.md": "---\nid: T93\nobjectives:\n" + yamlBomb() + "---\n"}), "t93-a.md:", "", ""},
		"a megabyte of >":        {text(strings.Repeat(">", 1<<20-1000)), "t93-a.md:15:", "More than 20 quotes or lists stand inside one another here.", "Aquí hay más de 20 citas o listas"},
		"a megabyte of [":        {text(strings.Repeat("[", 1<<20-1000)), "t93-a.md:15:", "More than 400 square brackets open here", "Aquí se abren más de 400 corchetes"},
		"a megabyte of *":        {text(strings.Repeat("*", 1<<20-1000)), "t93-a.md:15:", "runs on for more than 16 KB", "sigue por más de 16 KB"},
		"lists in lists":         {text(strings.Repeat("- ", 1<<19-1000) + "a"), "t93-a.md:15:", "More than 20 quotes or lists", "más de 20 citas o listas"},
		"ten thousand footnotes": {text(notes.String()), "t93-a.md:1349:", "more than 1000 footnotes", "más de 1000 notas al pie"},
	}
}

// yamlBomb is a list whose aliases unfold to a billion entries.
func yamlBomb() string {
	out := "  - &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 9 {
		out += fmt.Sprintf("  - &a%d [%s]\n", i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
	}
	return out
}

// Each is told in a sentence with its file and line, in the author's language; and of the
// folder in which it stands not a row is stored, in any table.
func TestBadInputIsToldInBothLanguagesAndLeavesNoRow(t *testing.T) {
	t.Parallel()
	cases := bad(t)
	each(t, func(t *testing.T, s *school) {
		before := s.rows()
		for name, row := range cases {
			var said bytes.Buffer
			err := app.ImportCurriculum(t.Context(), s.config, row.dir, app.ImportOptions{}, &said)
			if err == nil {
				t.Errorf("%s is stored:\n%s", name, said.String())
			}
			told(t, name+", imported", said.String()+fmt.Sprint(err), row.file, row.en)
		}
		if after := s.rows(); after != before {
			t.Errorf("rows before:\n%s\nafter:\n%s", before, after)
		}
	})
	for name, row := range cases {
		for lang, want := range map[string]string{"en": row.en, "es": row.es} {
			var said bytes.Buffer
			code, err := app.LintCurriculum(row.dir, app.LintOptions{Lang: lang}, &said)
			if code == 0 && err == nil {
				t.Errorf("%s passes the linter", name)
			}
			told(t, name+", linted in "+lang, said.String()+fmt.Sprint(err), row.file, want)
		}
	}
}

// told wants one line about the file, with the sentence in it.
func told(t *testing.T, what, said, file, want string) {
	t.Helper()
	lines := 0
	for line := range strings.SplitSeq(said, "\n") {
		if file != "" && !strings.Contains(line, file) || !strings.Contains(line, want) {
			continue
		}
		if lines++; len(line) > 600 {
			t.Errorf("%s: a sentence of %d bytes", what, len(line))
		}
	}
	if lines == 0 {
		t.Errorf("%s: not told %q at %q:\n%.600s", what, want, file, said)
	}
}
