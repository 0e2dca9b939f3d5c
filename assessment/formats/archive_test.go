package formats_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
)

func TestAPackageOfQTIGivesTheSameItemsBack(t *testing.T) {
	t.Parallel()
	file, warnings, err := formats.WriteQTI(everyType())
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, w := range warnings {
		told = append(told, w.Item+" "+strings.TrimPrefix(w.Problem.Key, "assessment.qti."))
	}
	if got := strings.Join(told, ", "); got != "How far units, q-think reflection" {
		t.Errorf("told on the way out: %s", got)
	}
	got, err := formats.ReadArchive("bank.zip", file)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Warnings) > 0 {
		t.Errorf("told on the way back: %v", got.Warnings)
	}
	want := everyType()
	for i := range want {
		want[i].Units = nil
	}
	sameItems(t, want, got.Items)
}

// packed is a ZIP file with these entries; a name that ends in @ is a link.
func packed(t *testing.T, entries ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(entries); i += 2 {
		name, link := strings.CutSuffix(entries[i], "@")
		header := &zip.FileHeader{Name: name, Method: zip.Deflate}
		header.SetMode(0o644)
		if link {
			header.SetMode(fs.ModeSymlink | 0o777)
		}
		f, err := z.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(entries[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const oneEssay = "<quiz><question type=\"essay\"><name><text>One</text></name></question></quiz>"

func TestAnUnsafeOrDamagedPackageGivesNothing(t *testing.T) {
	t.Parallel()
	whole := packed(t, "a.xml", oneEssay, "b.xml", strings.Repeat("<!-- a word or two -->", 40)+oneEssay)
	damaged := bytes.Clone(whole)
	damaged[60] ^= 0xFF
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"no archive", []byte(oneEssay), "0 content.archive.unread"},
		{"cut off", whole[:len(whole)-30], "0 content.archive.unread"},
		{"damaged", damaged, "0 content.archive.broken"},
		{"a climbing path", packed(t, "a.xml", oneEssay, "../b.xml", oneEssay), "0 content.archive.path"},
		{"a path from the root", packed(t, "/etc/b.xml", oneEssay), "0 content.archive.path"},
		{"a path of Windows", packed(t, `C:\b.xml`, oneEssay), "0 content.archive.path"},
		{"a link", packed(t, "a.xml", oneEssay, "b.xml@", "/etc/passwd"), "0 content.archive.link"},
		{"twice", packed(t, "a.xml", oneEssay, "a.xml", oneEssay), "0 content.archive.twice"},
		{"a bomb", packed(t, "a.xml", oneEssay, "b.xml", strings.Repeat(" ", 20<<20)), "0 content.archive.bomb"},
		{"a bomb inside the manifest", packed(t, "imsmanifest.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><manifest>&b;</manifest>", "a.xml", oneEssay), "1 xml.doctype"},
		{"a backup", packed(t, "moodle_backup.xml", "<moodle_backup/>"), "0 package.backup"},
		{"nothing of ours", packed(t, "readme.txt", "Hello"), "0 package.none"},
	} {
		got, err := formats.ReadArchive("a.zip", c.file)
		var p content.Problem
		if !errors.As(err, &p) || len(got.Items)+len(got.Warnings) > 0 {
			t.Errorf("%s: %v %v", c.name, got, err)
			continue
		}
		if told := fmt.Sprintf("%d %s", p.Line, strings.TrimPrefix(p.Key, "assessment.")); told != c.want {
			t.Errorf("%s: %q, want %q", c.name, told, c.want)
		}
	}
}

func TestAPackageIsReadInTheOrderOfItsManifest(t *testing.T) {
	t.Parallel()
	item := func(title string) string {
		return "<assessmentItem title=\"" + title + "\"><itemBody><p>Read.</p></itemBody></assessmentItem>"
	}
	manifest := "<manifest xmlns=\"http://www.imsglobal.org/xsd/imscp_v1p1\"><resources><resource href=\"z.xml\"><metadata><lom><general><keyword><langstring>calm</langstring></keyword></general></lom></metadata></resource><resource href=\"b/a.xml\"/></resources></manifest>"
	got, err := formats.ReadArchive("a.zip", packed(t, "p/imsmanifest.xml", manifest, "p/b/a.xml", item("second"), "p/z.xml", item("first"), "p/c.xml", item("third"),
		"p/broken.xml", "<assessmentItem>\n<b>", "p/meta.xml", "<quiz xmlns=\"http://canvas.instructure.com/xsd/cccv1p0\"/>", "p/._z.xml", "no XML", "p/m.xml", oneEssay))
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, i := range got.Items {
		titles = append(titles, i.Title+strings.Join(i.Tags, ""))
	}
	if told := strings.Join(titles, " "); told != "firstcalm second third One" {
		t.Errorf("%s", told)
	}
	if len(got.Warnings) != 1 || !got.Warnings[0].Lost || got.Warnings[0].Problem.Path != "a.zip/p/broken.xml" || got.Warnings[0].Problem.Line != 2 {
		t.Errorf("%+v", got.Warnings)
	}
}

func TestACartridgeThatHoldsAQuizTwiceIsReadOnce(t *testing.T) {
	t.Parallel()
	quiz := func(title string) string {
		return "<questestinterop><assessment><item title=\"" + title + "\"><presentation><material><mattext>Read.</mattext></material></presentation></item></assessment></questestinterop>"
	}
	got, err := formats.ReadArchive("a.zip", packed(t, "q1/assessment_qti.xml", quiz("short"), "non_cc_assessments/q1.xml.qti", quiz("full"), "q2/assessment_qti.xml", quiz("alone")))
	if err != nil || len(got.Items) != 2 || got.Items[0].Title != "full" || got.Items[1].Title != "alone" {
		t.Errorf("%v %v", got.Items, err)
	}
	if len(got.Warnings) != 1 || got.Warnings[0].Lost || got.Warnings[0].Problem.Key != "assessment.package.again" {
		t.Errorf("%+v", got.Warnings)
	}
}

// FuzzArchive holds that no bytes make the reader of packages fall.
func FuzzArchive(f *testing.F) {
	file, _, err := formats.WriteQTI(everyType()[:2])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := formats.ReadArchive("a.zip", data)
		var p content.Problem
		if err != nil && !errors.As(err, &p) {
			t.Fatalf("%v is no sentence for a reader", err)
		}
	})
}
