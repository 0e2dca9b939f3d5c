package main_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// lint runs the linter where no Academy can be: the data folder is a file.
func lint(t *testing.T, args ...string) said {
	t.Helper()
	none := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(none, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return academy(t, append([]string{"--data", none, "lint", "curriculum"}, args...)...)
}

func TestTheLinterTellsWhatAnImportWouldRefuse(t *testing.T) {
	t.Parallel()
	folder := lay(t, broken())
	s := lint(t, folder)
	s.out = strings.Join(slices.DeleteFunc(strings.SplitAfter(s.out, "\n"), func(line string) bool { return strings.Contains(line, ": warning: ") }), "")
	tellsFaults(t, folder, s)
	if s.code != 1 || !strings.Contains(s.out, "errors: 7 · warnings: ") || s.err != "" {
		t.Errorf("exit status %d\n%s%s", s.code, s.out, s.err)
	}
}

// An archive is told of as its folder is; one with an unsafe entry is not read at all.
func TestTheLinterReadsAnArchive(t *testing.T) {
	t.Parallel()
	good := pack(t, "good.zip", broken())
	s := lint(t, good)
	want := lint(t, lay(t, broken()))
	lines := func(said string) (list []string) {
		for _, line := range strings.Split(said, "\n") {
			list = append(list, filepath.Base(line[:strings.Index(line+":", ":")])+line[strings.Index(line+":", ":"):])
		}
		return list
	}
	if s.code != 1 || !slices.Equal(lines(s.out), lines(want.out)) || !strings.Contains(s.out, good+"/t91") {
		t.Errorf("exit status %d\n%s%s\nand of the folder\n%s", s.code, s.out, s.err, want.out)
	}
	unsafe := lesson()
	unsafe["../t93-out.md"] = "out"
	for lang, sentence := range map[string]string{"en": "is not a safe path inside a folder", "es": "no es una ruta segura dentro de una carpeta"} {
		if s := lint(t, pack(t, "bad.zip", unsafe), "--lang", lang); s.code != 2 || !strings.Contains(s.err, sentence) || s.out != "" {
			t.Errorf("exit status %d\n%s%s", s.code, s.out, s.err)
		}
	}
}

func TestTheLinterAdvisesAndFailsOnAdviceOnlyWhenItIsStrict(t *testing.T) {
	t.Parallel()
	files := lesson()
	files["t91-listening.md"] = module("T91", "Listening", "## One\n\n"+strings.Repeat("A calm text. ", 400))
	files["t91-listening.quiz.md"], _, _ = strings.Cut(files["t91-listening.quiz.md"], "## t91-q8")
	folder := lay(t, files)
	at := func(line string) string { return filepath.Join(folder, line) + "\n" }
	english := at("t91-listening.quiz.md:1: warning: The check has 7 questions. 8 to 20 say something about a person and fit into a break.") +
		at("t92-waiting.md:1: warning: The text has 4 words. A module has 900 to 1600.") +
		at("t92-waiting.md:8: warning: There is no guide to version 1 of this module. Without one nobody knows whether its minutes are enough.")
	for _, row := range []struct {
		args []string
		code int
		want string
	}{
		{nil, 0, english + "Texts: 3 · quizzes: 1 · courses: 1 · errors: 0 · warnings: 3\n"},
		{[]string{"--strict"}, 1, english + "Texts: 3 · quizzes: 1 · courses: 1 · errors: 0 · warnings: 3\n"},
		{[]string{"--lang", "es"}, 0, "Textos: 3 · pruebas: 1 · cursos: 1 · errores: 0 · avisos: 3\n"},
		{[]string{"--figures"}, 0, "\n   1201    0.0  t91-listening.md\n"},
	} {
		s := lint(t, append(row.args, folder)...)
		if s.code != row.code || !strings.Contains(s.out, row.want) {
			t.Errorf("%v: exit status %d, no\n%sin\n%s%s", row.args, s.code, row.want, s.out, s.err)
		}
	}
}

func TestTheLinterFindsNothingInTheAcademysOwnCurriculum(t *testing.T) {
	t.Parallel()
	folder, err := filepath.Abs("../../content/curriculum")
	if err != nil {
		t.Fatal(err)
	}
	s := lint(t, folder)
	t.Log(s.out)
	if s.code != 0 || !strings.Contains(s.out, " · errors: 0 · ") {
		t.Errorf("exit status %d", s.code)
	}
}

func TestTheLinterSaysThatAFolderCanNotBeRead(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	for args, want := range map[string]string{
		filepath.Join(empty, "none"): "none is not a folder that can be read",
		empty:                        "holds no module, quiz or course",
		empty + " --lang fr":         "--lang \"fr\": use en or es",
	} {
		if s := lint(t, strings.Fields(args)...); s.code != 2 || !strings.Contains(s.err, want) {
			t.Errorf("%s: %d %s", args, s.code, s.err)
		}
	}
}
