package main_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

// BenchmarkImport takes in a thousand modules of a thousand words, each with callouts, a
// scene, a table and footnotes, and its guide.
func BenchmarkImport(b *testing.B) {
	folder := b.TempDir()
	for i := range 1000 {
		id := fmt.Sprintf("X%03d", i)
		for name, source := range map[string]string{
			".md":       thousand(id),
			".guide.md": strings.NewReplacer("%ID", id).Replace("---\nid: %ID\ntitle: A guide\nlang: en\nversion: 1\nminutes: 60\n---\n\n## Begin {minutes=60}\n\nSit in a circle.\n"),
		} {
			if err := os.WriteFile(filepath.Join(folder, strings.ToLower(id)+name), []byte(source), 0o600); err != nil {
				b.Fatal(err)
			}
		}
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				c := app.Defaults()
				c.Data = b.TempDir()
				if engine == "postgres" {
					c.Database = dbtest.Own(b).Address()
				}
				b.StartTimer()
				if err := app.ImportCurriculum(b.Context(), c, folder, app.ImportOptions{}, io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// thousand is a module of about a thousand words.
func thousand(id string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "---\nid: %s\ntitle: Module %s\nlang: en\nversion: 1\nsensitivity: [O]\ncare: 1\nminutes: 60\nobjectives:\n  - Listen.\nsources:\n  - \"A source, 2026\"\nreviewed_by: The office\nreviewed_on: 2026-11-01\n---\n", id, id)
	for section := range 6 {
		fmt.Fprintf(&text, "\n## Part %d of %s\n\n", section+1, id)
		for line := range 12 {
			fmt.Fprintf(&text, "He sat down by door %d and she told **%s** what happened on the %dth night. ", line, id, section*12+line)
		}
		text.WriteString("A fact.[^a]\n\n::: note\nWalk with them. Say little.\n:::\n\n| When | What |\n| --- | --- |\n| First | Listen |\n| Then | Ask |\n")
	}
	text.WriteString("\n::: scenario\nThis is invented. A man waits.\n\n## Go to him\nHe talks.\n\n## Wait\nHe leaves.\n:::\n\n[^a]: A source, 2026\n")
	return text.String()
}
