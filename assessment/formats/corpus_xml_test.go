//go:build corpora

package formats_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
)

var (
	xmlRemarks  = regexp.MustCompile(`(?s)<!--.*?-->`)
	xmlSections = regexp.MustCompile(`(?s)<!\[CDATA\[.*?\]\]>`)
	// What is a question in a file of each format, told by its tags alone.
	questionTags = regexp.MustCompile(`<(?:\w+:)?(?:item|bankentry_item|assessmentItem)[\s>/]|<question\s+type="(?:[^c"]|c[^a"]|ca[^t"])[^"]*"`)
)

// countTags counts the questions of a file without reading its structure.
func countTags(data []byte) int {
	return len(questionTags.FindAll(xmlSections.ReplaceAll(xmlRemarks.ReplaceAll(data, nil), nil), -1))
}

// Files that others wrote: each question is kept, or lost with its item, line and reason,
// and the count is right by another way of counting. The table says how many of each file.
func TestOthersQuestionsAreKeptOrNamed(t *testing.T) {
	folder := os.Getenv("ACADEMY_CORPORA")
	if folder == "" {
		t.Skip("set ACADEMY_CORPORA to the folder of the corpora")
	}
	root := filepath.Join(folder, "questions")
	var lines []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if entry.Name() == "imsmanifest.xml" {
			line, err := folderAsPackage(t, filepath.Dir(path), filepath.ToSlash(filepath.Dir(name)))
			if err != nil {
				return err
			}
			lines = append(lines, line)
			return nil
		}
		read, known := map[string]func(string, []byte) (formats.Reading, error){
			".xml": formats.ReadQTI, ".qti": formats.ReadQTI, ".dat": formats.ReadQTI, ".zip": formats.ReadArchive,
		}[filepath.Ext(path)]
		if !known {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if bytes.Contains(data, []byte("<quiz>")) {
			read = formats.ReadMoodleXML
		}
		want := -1
		if filepath.Ext(path) != ".zip" {
			want = countTags(data)
		}
		got, err := read(name, data)
		lines = append(lines, became(t, name, got, err, want))
		t.Run(name, func(t *testing.T) { outAndBack(t, got.Items) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile("testdata/corpus.txt")
	if err != nil {
		t.Error(err)
	}
	want := strings.Split(strings.TrimSpace(string(table)), "\n")
	for _, line := range lines {
		if !slices.Contains(want, line) {
			t.Errorf("the table lacks: %s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(lines, line) {
			t.Errorf("only the table has: %s", line)
		}
	}
}

// outAndBack holds that others' questions are the same after they went out as Moodle XML
// and came back; and as QTI, once their HTML was mended on its first way out.
func outAndBack(t *testing.T, items []formats.Item) {
	file, _ := formats.WriteMoodleXML(items)
	back, err := formats.ReadMoodleXML("a.xml", file)
	if err != nil {
		t.Fatal(err)
	}
	sameItems(t, items, back.Items)
	first := throughQTI(t, items)
	sameItems(t, first, throughQTI(t, first))
}

// became is a line of the table: kept and lost, or the line and reason of the refusal.
func became(t *testing.T, name string, got formats.Reading, err error, want int) string {
	t.Helper()
	if err != nil {
		var p content.Problem
		if !errors.As(err, &p) || p.Key == "" || p.Path == "" {
			t.Errorf("%s: %v is no sentence for a reader", name, err)
		}
		return fmt.Sprintf("%s: line %d %s", name, p.Line, p.Key)
	}
	for _, w := range got.Warnings {
		if w.Lost && (w.Item == "" || w.Problem.Line == 0 || w.Problem.Key == "") {
			t.Errorf("%s: lost without item, line or reason: %+v", name, w)
		}
	}
	if want >= 0 && len(got.Items)+lostOf(got) != want {
		t.Errorf("%s: %d kept and %d lost, and by its tags it has %d", name, len(got.Items), lostOf(got), want)
	}
	return fmt.Sprintf("%s: %d kept, %d lost", name, len(got.Items), lostOf(got))
}

// folderAsPackage packs a folder with a manifest and reads it. Of a quiz that stands in it
// twice the shorter form is left out of the count too.
func folderAsPackage(t *testing.T, dir, name string) (string, error) {
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	if err := z.AddFS(os.DirFS(dir)); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	got, err := formats.ReadArchive(name+"/", packed.Bytes())
	if err != nil {
		return became(t, name+"/", got, err, -1), nil
	}
	want := 0
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == "imsmanifest.xml" || !slices.Contains([]string{".xml", ".qti", ".dat"}, filepath.Ext(path)) {
			return err
		}
		if entry.Name() == "assessment_qti.xml" {
			if _, err := os.Stat(filepath.Join(dir, "non_cc_assessments", filepath.Base(filepath.Dir(path))+".xml.qti")); err == nil {
				return nil
			}
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		want += countTags(data)
		return nil
	})
	return became(t, name+"/", got, nil, want), err
}
