// Package coursestest gives tests the Academy's own curriculum, or as much of it as they teach.
package coursestest

import (
	"io/fs"
	"regexp"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/content/curriculum"
	"github.com/metropolitan-peace-academy/academy/courses"
)

// Pair are the files that the two courses of a Professional Understanding pair teach.
const Pair = `^(glossary\.yaml|protocols/.*|t(01|07|19|20|27|28)-.*|courses/put-.*)$`

// Curriculum is what stands in the files of the Academy's curriculum whose paths fit a
// regular expression. It is read once for all tests of a package that ask for the same.
func Curriculum(t testing.TB, paths string) (content.Folder, []courses.Edition) {
	t.Helper()
	reading, _ := readings.LoadOrStore(paths, sync.OnceValue(func() read { return readFiles(paths) }))
	r := reading.(func() read)()
	if r.err != nil || len(r.problems) > 0 {
		t.Fatal(r.err, r.problems)
	}
	return r.folder, r.editions
}

// Store stores what Curriculum gives.
func Store(t testing.TB, texts content.Store, teach courses.Store, paths string) {
	t.Helper()
	folder, editions := Curriculum(t, paths)
	if _, err := texts.Import(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	if done, err := teach.Import(t.Context(), editions); err != nil || done.New != len(editions) {
		t.Fatal(done, err)
	}
}

var readings sync.Map // regular expression to a func() read

type read struct {
	folder   content.Folder
	editions []courses.Edition
	problems []content.Problem
	err      error
}

func readFiles(paths string) (r read) {
	wanted, files := regexp.MustCompile(paths), fstest.MapFS{}
	r.err = fs.WalkDir(curriculum.Files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !wanted.MatchString(path) {
			return err
		}
		text, err := fs.ReadFile(curriculum.Files, path)
		files[path] = &fstest.MapFile{Data: text}
		return err
	})
	var more []content.Problem
	r.folder, r.problems = content.Parse(files, ".")
	r.editions, more = courses.Parse(files, ".", r.folder)
	r.problems = append(r.problems, more...)
	return r
}
