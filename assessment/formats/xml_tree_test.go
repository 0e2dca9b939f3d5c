package formats_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
)

// problemOf is the key and line of what a reader says of a whole file; "" where it read it.
func problemOf(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var p content.Problem
	if !errors.As(err, &p) {
		t.Fatalf("%v is no sentence for a reader", err)
	}
	if p.Path != "a.xml" {
		t.Errorf("the file is called %q", p.Path)
	}
	return fmt.Sprintf("%d %s", p.Line, strings.TrimPrefix(p.Key, "assessment."))
}

func TestUnsafeOrBrokenXMLGetsOneSentence(t *testing.T) {
	t.Parallel()
	laughs := "<!DOCTYPE quiz [\n<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>\n<quiz>&b;</quiz>"
	many := "<quiz>" + strings.Repeat("<a/>", 1_000_001) + "</quiz>"
	for _, c := range []struct{ name, file, want string }{
		{"empty", "", "1 xml.none"},
		{"no XML", "What is it? {=this}", "1 xml.outside"},
		{"another root", "<questestinterop/>", "1 moodle.other"},
		{"crossed", "<quiz>\n<a></b></quiz>", "2 xml.crossed"},
		{"cut off", "<quiz>\n<question type=\"essay\">\n<name>", "3 xml.cut"},
		{"two roots", "<quiz/>\n<quiz/>", "2 xml.outside"},
		{"text after it", "<quiz/>\nmore", "1 xml.outside"},
		{"an attribute twice", "<quiz>\n<question type='a' type='b'/></quiz>", "2 xml.broken"},
		{"an unquoted sign", "<quiz>\n a < b</quiz>", "2 xml.broken"},
		{"a broken declaration", "<?xml version=\"1.0\" encoding=\"UTF-8?>\n<quiz/>", "1 xml.broken"},
		{"a name of HTML", "<quiz>\n<name>a&nbsp;b</name></quiz>", "2 xml.entity"},
		{"a billion laughs", laughs, "1 xml.doctype"},
		{"an entity from outside", "<!DOCTYPE quiz [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<quiz>&x;</quiz>", "1 xml.doctype"},
		{"a parameter entity", "\n<!DOCTYPE quiz SYSTEM \"http://127.0.0.1/x.dtd\" [%x;]>\n<quiz/>", "2 xml.doctype"},
		{"an outside DTD alone", "<!DOCTYPE quiz SYSTEM \"http://127.0.0.1/x.dtd\">\n<quiz/>", ""},
		{"too deep", "<quiz>" + strings.Repeat("<a>", 300), "1 xml.depth"},
		{"too many", many, "1 xml.elements"},
		{"unknown letters", "<?xml version='1.0' encoding='klingon'?>\n<quiz/>", "1 xml.charset"},
		{"not UTF-8", "<quiz>\n\xe9</quiz>", "2 xml.broken"},
		{"all is well", "<?xml version=\"1.0\"?>\n<!-- a -->\n<quiz/>\n", ""},
	} {
		_, err := formats.ReadMoodleXML("a.xml", []byte(c.file))
		if got := problemOf(t, err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestXMLIsReadInTheLettersItNames(t *testing.T) {
	t.Parallel()
	body := func(label string) string {
		return "<?xml version=\"1.0\" encoding=\"" + label + "\"?>\n<quiz><question type=\"essay\"><name><text>ma\u00f1ana</text></name></question></quiz>"
	}
	wide := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(body("UTF-16"))) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for name, file := range map[string][]byte{
		"UTF-8 with a mark": []byte("\ufeff" + body("utf-8")),
		"Latin 1":           []byte(strings.ReplaceAll(body("ISO-8859-1"), "\u00f1", "\xf1")),
		"UTF-16":            wide,
	} {
		got, err := formats.ReadMoodleXML("a.xml", file)
		if err != nil || len(got.Items) != 1 || got.Items[0].Title != "mañana" {
			t.Errorf("%s: %v %v", name, got.Items, err)
		}
	}
}
