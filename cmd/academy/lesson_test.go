package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lesson is a small curriculum without a fault: two modules, one of them with a guide and
// a quiz of eight questions, and a course of one session. A test changes what it needs.
func lesson() map[string]string {
	quiz := front("module: T91", "title: 'Check: listening'", "lang: en", "version: 1")
	for i := range questions {
		quiz += fmt.Sprintf("\n## t91-q%d\ntype: single\nobjective: 1\n\nWhich of these is listening, part %d?\n\n"+
			"- [x] Waiting\n  > Yes.\n- [ ] Talking\n  > Not yet.\n- [ ] Leaving\n  > Not yet.\n\n> Listening is waiting.\n", i+1, i+1)
	}
	return map[string]string{
		"t91-listening.md":       module("T91", "Listening", "## One\n\nA calm text.\n"),
		"t91-listening.guide.md": front("id: T91", "title: Listening", "lang: en", "version: 1", "minutes: 60") + "\n## Round {minutes=60}\n\nGo around.\n",
		"t91-listening.quiz.md":  quiz,
		"t92-waiting.md":         module("T92", "Waiting", "## One\n\nAnother calm text.\n"),
		"courses/try.yaml": `code: TRY
edition: "2026"
sector: outreach
in_force: 2026-01-01
title: {en: A try, es: Una prueba}
serves: [intervention]
minutes: 120
hours: 2
hour: 60
breaks: counted
grace: 10
weeks: 1
sessions_a_week: 1
competencies:
  - {en: Listening, es: Escuchar}
rules:
  graduation: full
  knowledge: 70
  wording: completed
required: [T91]
sessions:
  - week: 1
    title: {en: First, es: Primera}
    minutes: 120
    parts:
      - {module: T91, title: {en: Listening, es: Escuchar}, minutes: 120}
`,
	}
}

const questions = 8

func module(id, title, body string) string {
	return front("id: "+id, "title: "+title, "lang: en", "version: 1", "sensitivity: [O]", "care: 1", "minutes: 60",
		"objectives: [Listen.]", "sources: [A book]", "reviewed_by: Curriculum office", "reviewed_on: 2026-11-16") + "\n" + body
}

func front(lines ...string) string { return "---\n" + strings.Join(lines, "\n") + "\n---\n" }

// lay writes a curriculum into a folder of the test's own.
func lay(t testing.TB, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
