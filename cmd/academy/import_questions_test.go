package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestQuestionsGoInAndComeOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(dir, "q.gift")
	curriculum, err := filepath.Abs("../../content/curriculum")
	if err != nil {
		t.Fatal(err)
	}
	if said := academy(t, "import", "curriculum", curriculum, "--data", data); said.code != 0 {
		t.Fatal(said.out, said.err)
	}
	if err := os.WriteFile(file, []byte("Who speaks?{~You =They}\n\nOpen{\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	step := func(code int, wants string, args ...string) {
		t.Helper()
		if said := academy(t, append(args, "--data", data)...); said.code != code || !strings.Contains(said.out+said.err, wants) {
			t.Errorf("academy %s: %d\n%s%s", strings.Join(args, " "), said.code, said.out, said.err)
		}
	}
	step(1, "q.gift:3: Open: The answers open with {", "import", "questions", file, "--course", "OUT")
	step(0, "2 questions: 1 new, 0 changed, 0 there already, 1 stay out\nDry run", "import", "questions", file, "--course", "OUT", "--dry-run", "--skip-bad")
	step(0, "Stored.", "import", "questions", file, "--course", "OUT", "--skip-bad")
	step(0, "0 new, 0 changed, 1 there already", "import", "questions", file, "--course", "OUT", "--skip-bad", "--dry-run")
	step(2, "more than one sector teaches it", "import", "questions", file, "--course", "PUT")
	step(2, `--format "word"`, "import", "questions", file, "--course", "OUT", "--format", "word")
	step(0, "1 questions written as Aiken", "export", "questions", filepath.Join(dir, "out.txt"), "--course", "OUT", "--format", "aiken")
	if out, err := os.ReadFile(filepath.Join(dir, "out.txt")); err != nil || string(out) != "Who speaks?\nA) You\nB) They\nANSWER: B\n\n" {
		t.Errorf("%s %v", out, err)
	}
}
