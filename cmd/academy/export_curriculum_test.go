package main_test

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// contents are the files of a folder by their names in it.
func contents(t testing.TB, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		source, err := os.ReadFile(filepath.Join(folder, name))
		files[name] = string(source)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// same compares two folders byte by byte.
func same(t testing.TB, got, want map[string]string) {
	t.Helper()
	for name, source := range want {
		if other, there := got[name]; !there {
			t.Errorf("%s is not there", name)
		} else if other != source {
			t.Errorf("%s is not as it came in", name)
		}
	}
	for name := range got {
		if _, known := want[name]; !known {
			t.Errorf("%s was never there", name)
		}
	}
}

// ours is the Academy's own curriculum: every file but its licence and the program's.
func ours(t testing.TB) (folder string, files map[string]string) {
	t.Helper()
	folder, err := filepath.Abs("../../content/curriculum")
	if err != nil {
		t.Fatal(err)
	}
	files = contents(t, folder)
	for name := range files {
		if name == "LICENSE.md" || strings.HasSuffix(name, ".go") {
			delete(files, name)
		}
	}
	return folder, files
}

func TestTheAcademysCurriculumComesBackByteForByte(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, to []string) {
		folder, want := ours(t)
		academy(t, append(to, "import", "curriculum", folder)...).ok(t)
		out := filepath.Join(t.TempDir(), "new", "folder")
		academy(t, append(to, "export", "curriculum", out)...).ok(t)
		same(t, contents(t, out), want)
		academy(t, append(to, "import", "curriculum", out)...).ok(t)
		again := t.TempDir()
		academy(t, append(to, "export", "curriculum", again)...).ok(t)
		same(t, contents(t, again), want)
	})
}

// Two years of a curriculum: what is in force has the plain names, and all of it can be
// read by an Academy that has nothing.
func TestOlderVersionsComeOutBesideTheNewest(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, to []string) {
		files := lesson()
		academy(t, append(to, "import", "curriculum", lay(t, files))...).ok(t)
		newer := lesson()
		for name, source := range newer {
			if strings.HasSuffix(name, ".md") {
				newer[name] = strings.Replace(source, "version: 1", "version: 2", 1) + "\n"
			}
		}
		newer["courses/try.yaml"] = strings.NewReplacer(`edition: "2026"`, `edition: "2027"`, "2026-01-01", "2027-01-01").Replace(newer["courses/try.yaml"])
		academy(t, append(to, "import", "curriculum", lay(t, newer))...).ok(t)
		want := map[string]string{}
		for name, source := range newer {
			want[name] = source
			stem, end, _ := strings.Cut(name, ".")
			want[stem+".v1."+end] = files[name]
		}
		delete(want, "courses/try.v1.yaml")
		want["courses/try-2026-outreach.yaml"] = files["courses/try.yaml"]
		out := t.TempDir()
		academy(t, append(to, "export", "curriculum", out)...).ok(t)
		same(t, contents(t, out), want)
		elsewhere := []string{"--data", t.TempDir()}
		academy(t, append(elsewhere, "import", "curriculum", out)...).ok(t)
		again := t.TempDir()
		academy(t, append(elsewhere, "export", "curriculum", again)...).ok(t)
		same(t, contents(t, again), want)
	})
}

func TestAnExportWritesOverNothingUnlessItIsToldTo(t *testing.T) {
	t.Parallel()
	to := []string{"--data", t.TempDir()}
	files := lesson()
	academy(t, append(to, "import", "curriculum", lay(t, files))...).ok(t)
	draft := map[string]string{"t91-listening.md": "Mine.\n", "t99-draft.md": "A draft.\n", "README.md": "Read me.\n", "notes/a.txt": "A note.\n"}
	out := lay(t, draft)
	if s := academy(t, append(to, "export", "curriculum", out)...); s.code != 1 || !strings.Contains(s.err, out+" is not empty; name an empty or new folder, or use --replace") {
		t.Errorf("exit status %d: %s", s.code, s.err)
	}
	same(t, contents(t, out), draft)
	s := academy(t, append(to, "export", "curriculum", "--replace", out)...).ok(t)
	if s.out != filepath.Join(out, "t99-draft.md")+": the Academy does not hold this file; it was left as it is.\n5 files written to "+out+".\n" {
		t.Errorf("said %s", s.out)
	}
	for name, source := range draft {
		if _, written := files[name]; !written {
			files[name] = source
		}
	}
	same(t, contents(t, out), files)
}

func TestAnExportThatFailsLeavesNoHalfFile(t *testing.T) {
	t.Parallel()
	to := []string{"--data", t.TempDir()}
	academy(t, append(to, "import", "curriculum", lay(t, lesson()))...).ok(t)
	out := lay(t, map[string]string{"t92-waiting.md/in the way.txt": "A folder of that name.\n"})
	if s := academy(t, append(to, "export", "curriculum", "--replace", out)...); s.code != 1 || !strings.Contains(s.err, "t92-waiting.md can't be written") {
		t.Errorf("exit status %d: %s", s.code, s.err)
	}
	want := lesson()
	for name, source := range contents(t, out) {
		if source != want[name] && name != "t92-waiting.md/in the way.txt" {
			t.Errorf("%s holds %q", name, source)
		}
	}
	for where, said := range map[string]string{
		filepath.Join(out, "t92-waiting.md", "in the way.txt"): "is not a folder that can be read",
		"/proc/none": "can't be made",
	} {
		if s := academy(t, append(to, "export", "curriculum", where)...); s.code != 1 || !strings.Contains(s.err, said) {
			t.Errorf("%s: %d %s", where, s.code, s.err)
		}
	}
	if s := academy(t, "--data", filepath.Join(t.TempDir(), "none"), "export", "curriculum", t.TempDir()); s.code != 1 || !strings.Contains(s.err, "there is no Academy at") {
		t.Errorf("no Academy: %d %s", s.code, s.err)
	}
}

// The plug is pulled at some moment of an export: what has its name is whole, and the next
// export finds the folder as good as new.
func TestAnExportThatIsKilledLeavesNoHalfFile(t *testing.T) {
	t.Parallel()
	to := []string{"--data", t.TempDir()}
	folder, want := ours(t)
	academy(t, append(to, "import", "curriculum", folder)...).ok(t)
	begun := time.Now()
	academy(t, append(to, "export", "curriculum", t.TempDir())...).ok(t)
	whole := time.Since(begun)
	for range 3 {
		out := t.TempDir()
		c := command(t, nil, append(to, "export", "curriculum", out)...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.Int64N(int64(whole))))
		_ = c.Process.Signal(syscall.SIGKILL) // it may have ended
		_ = c.Wait()
		for name, source := range contents(t, out) {
			if !strings.HasPrefix(name, ".academy-export-") && source != want[name] {
				t.Errorf("%s is half written", name)
			}
		}
		academy(t, append(to, "export", "curriculum", "--replace", out)...).ok(t)
		same(t, contents(t, out), want)
	}
}
