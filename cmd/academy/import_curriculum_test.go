package main_test

import (
	"archive/zip"
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// broken is a curriculum with one of each fault that an author makes.
func broken() map[string]string {
	files := lesson()
	files["t93-broken.md"] = "---\nid: T93\ntitle: [\n---\n\nText.\n"
	files["t94-twice.md"] = module("T94", "Twice", "## One\n\nText.\n")
	files["t94-again.md"] = module("T94", "Twice, in other words", "## One\n\nOther text.\n")
	files["t95-picture.md"] = module("T95", "Pictures", "## One\n\n![A circle of chairs](circle.png)\n")
	files["t96-script.md"] = module("T96", "Scripts", "## One\n\nText.\n\n<script>alert(1)</script>\n")
	files["t97-quiz.md"] = module("T97", "A bad quiz", "## One\n\nText.\n")
	files["t97-quiz.quiz.md"] = front("module: T97", "title: Check", "lang: en", "version: 1") +
		"\n## t97-q1\ntype: single\nobjective: 1\n\nWhich?\n\n- [ ] This\n  > No.\n- [ ] That\n  > No.\n"
	files["t98-bytes.md"] = "---\nid: T98\n---\n\xff\xfe\n"
	files["courses/sum.yaml"] = strings.Replace(strings.Replace(files["courses/try.yaml"], "code: TRY", "code: SUM", 1), "minutes: 120}", "minutes: 90}", 1)
	return files
}

var faults = []string{
	"t93-broken.md:3: This can’t be read: ",
	"t94-twice.md:2: t94-again.md is version 1 of T94 in this language too.",
	"t95-picture.md:17: The picture circle.png is not in the folder.",
	"t96-script.md:19: HTML is not allowed. Write it in Markdown.",
	"t97-quiz.quiz.md:8: t97-q1 has 0 right answers.",
	"t98-bytes.md:4: This line is not in UTF-8. Save the file as UTF-8.",
	"courses/sum.yaml:24: The parts sum to 90 minutes",
}

func tellsFaults(t *testing.T, folder string, s said) {
	t.Helper()
	lines := strings.Split(s.out, "\n")
	for _, want := range faults {
		found := false
		for _, line := range lines {
			found = found || strings.HasPrefix(line, filepath.Join(folder, want[:strings.Index(want, ":")])+want[strings.Index(want, ":"):])
		}
		if !found {
			t.Errorf("not told: %s\n%s", want, s.out)
		}
	}
	if n := strings.Count(s.out, folder+"/"); n != len(faults) {
		t.Errorf("%d problems told, want %d:\n%s", n, len(faults), s.out)
	}
}

func TestEveryFaultOfACurriculumIsToldWithFileAndLine(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, to []string) {
		folder := lay(t, broken())
		s := academy(t, append(to, "import", "curriculum", folder)...)
		tellsFaults(t, folder, s)
		if s.code != 1 || !strings.Contains(s.err, "nothing was stored") {
			t.Errorf("exit status %d, %q", s.code, s.err)
		}
		// Nothing of it is there: the good files come in as if they were new.
		if s := academy(t, append(to, "import", "curriculum", "--dry-run", folder)...); s.code != 1 {
			t.Errorf("a dry run of a bad folder: exit status %d", s.code)
		}
		good := lay(t, lesson())
		for range 2 {
			if s := academy(t, append(to, "import", "curriculum", good)...).ok(t); s.out != "2 modules, 1 guides, 1 quizzes, 1 editions; 0 problems\nStored.\n" {
				t.Errorf("the good folder: %s", s.out)
			}
		}
	})
}

func TestADryRunStoresNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, to []string) {
		folder := lay(t, lesson())
		s := academy(t, append(to, "import", "curriculum", folder, "--dry-run")...).ok(t)
		if s.out != "2 modules, 1 guides, 1 quizzes, 1 editions; 0 problems\nDry run: nothing was stored.\n" {
			t.Errorf("said %s", s.out)
		}
		changed := lesson()
		changed["t91-listening.md"] += "\nMore.\n"
		academy(t, append(to, "import", "curriculum", lay(t, changed))...).ok(t) // it would clash with what was stored
	})
}

// What stands under the same version with other bytes is told like every other fault,
// in a dry run too, and does not keep the rest out.
func TestOtherBytesUnderTheSameVersionAreToldWithTheirFile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, to []string) {
		academy(t, append(to, "import", "curriculum", lay(t, lesson()))...).ok(t)
		changed := lesson()
		changed["t91-listening.md"] += "\nMore.\n"
		changed["t91-listening.quiz.md"] = strings.Replace(changed["t91-listening.quiz.md"], "Waiting", "To wait", 1)
		changed["courses/try.yaml"] += "# other\n"
		changed["t99-new.md"] = module("T99", "New", "## One\n\nText.\n")
		folder := lay(t, changed)
		for _, how := range []string{"--dry-run", "--skip-bad"} {
			s := academy(t, append(to, "import", "curriculum", folder, how)...)
			for _, want := range []string{
				"t91-listening.md:1: Version 1 of t91-listening.md is stored with another text.",
				"t91-listening.quiz.md:1: Version 1 of the quiz for T91 is stored with other text.",
				"courses/try.yaml:1: Edition 2026 of TRY is stored with another file",
				"; 3 problems",
			} {
				if !strings.Contains(s.out, want) {
					t.Errorf("%s, not told: %s\n%s", how, want, s.out)
				}
			}
			if how == "--dry-run" && s.code != 1 || how == "--skip-bad" && s.code != 0 {
				t.Errorf("%s: exit status %d %s", how, s.code, s.err)
			}
		}
	})
}

// The rest is stored; a module whose quiz is bad can be read, and offers no check that
// isn't there, until its quiz is mended.
func TestTheRestIsStoredWhenBadFilesAreSkipped(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *school) {
		files := broken()
		files["t97-quiz.md"] = module("T97", "A bad quiz", "## One\n\nText.\n")
		files["courses/two.yaml"] = strings.NewReplacer("code: TRY", "code: TWO", "T91", "T97").Replace(files["courses/try.yaml"])
		folder := lay(t, files)
		out := academy(t, append(s.to(), "import", "curriculum", folder, "--skip-bad")...).ok(t)
		tellsFaults(t, folder, out)
		if !strings.Contains(out.out, "4 modules, 1 guides, 1 quizzes, 2 editions; 7 problems\nStored, without the files named above.\n") {
			t.Errorf("said %s", out.out)
		}
		s.enrollIn("TWO", s.trainees[0])
		r := s.serve()
		b := r.browser()
		b.signIn(s.trainees[0])
		if a := b.get("/modules/t97"); a.status != 200 || strings.Contains(a.body, "/modules/t97/check") {
			t.Errorf("the module without its quiz: %d, leads to a check: %v", a.status, strings.Contains(a.body, "/modules/t97/check"))
		}
		for path, want := range map[string]int{"/modules/t95": 404, "/modules/t96": 404, "/modules/t97/check": 404} {
			if a := b.get(path); a.status != want {
				t.Errorf("%s: %d, want %d", path, a.status, want)
			}
		}
		files = lesson()
		files["t97-quiz.md"] = module("T97", "A bad quiz", "## One\n\nText.\n")
		files["t97-quiz.quiz.md"] = front("module: T97", "title: Check", "lang: en", "version: 1") +
			"\n## t97-q1\ntype: single\nobjective: 1\n\nWhich?\n\n- [x] This\n  > Yes.\n- [ ] That\n  > No.\n"
		academy(t, append(s.to(), "import", "curriculum", lay(t, files))...).ok(t)
		if a := b.get("/modules/t97"); !strings.Contains(a.body, "/modules/t97/check") {
			t.Error("the mended quiz is not offered")
		}
	})
}

func TestAFolderThatIsNoneIsToldSo(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	for name, row := range map[string]struct{ dir, want string }{
		"missing": {filepath.Join(empty, "none"), "none is not a folder that can be read"},
		"empty":   {empty, "holds no module, quiz or course"},
	} {
		if s := academy(t, "import", "curriculum", row.dir); s.code != 1 || !strings.Contains(s.err, row.want) {
			t.Errorf("%s: %d %s", name, s.code, s.err)
		}
	}
}

// pack lays files into a ZIP file.
func pack(t *testing.T, name string, files map[string]string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for entry, text := range files {
		f, err := w.Create(entry)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// An archive comes in as its folder does; of one with a single unsafe entry nothing comes.
func TestACurriculumComesInFromAnArchive(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, to []string) {
		other := lesson()
		other["../t93-out.md"] = "out"
		other["t91-listening.md"] += "\nOther.\n" // would clash with the good one if it were stored
		s := academy(t, append(to, "import", "curriculum", pack(t, "bad.zip", other), "--skip-bad")...)
		if s.code != 1 || !strings.Contains(s.err, "bad.zip was not read: ../t93-out.md is not a safe path inside a folder.") {
			t.Errorf("%d %s", s.code, s.err)
		}
		for range 2 {
			good := academy(t, append(to, "import", "curriculum", pack(t, "good.zip", lesson()))...).ok(t)
			if good.out != "2 modules, 1 guides, 1 quizzes, 1 editions; 0 problems\nStored.\n" {
				t.Error(good.out)
			}
		}
	})
}

// Ctrl-C at some moment of an import: all of it is stored, or nothing, and the program
// says which.
func TestAnImportThatIsStoppedStoresNothing(t *testing.T) {
	t.Parallel()
	folder, want := ours(t)
	program(t) // built before anything is timed
	begun := time.Now()
	academy(t, "--data", t.TempDir(), "import", "curriculum", folder).ok(t)
	whole := time.Since(begun)
	stopped := 0
	for range 2 {
		data := t.TempDir()
		var said, erred bytes.Buffer
		c := command(t, nil, "--data", data, "import", "curriculum", folder)
		c.Stdout, c.Stderr = &said, &erred
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(whole/4 + time.Duration(rand.Int64N(int64(whole))))
		_ = c.Process.Signal(os.Interrupt) // it may have ended
		err := c.Wait()
		out := t.TempDir()
		s := academy(t, "--data", data, "export", "curriculum", out)
		if strings.Contains(said.String(), "Stored.") != (err == nil) || (err == nil) != (s.code == 0) {
			t.Errorf("%v, said %q %q; the export: %d %s", err, said.String(), erred.String(), s.code, s.err)
		}
		if err == nil {
			same(t, contents(t, out), want)
			continue
		}
		stopped++
		if !strings.Contains(erred.String(), "stopped; nothing was stored") && erred.Len() > 0 {
			t.Errorf("said %q", erred.String())
		}
	}
	t.Logf("%d of 2 were stopped in time", stopped)
}
