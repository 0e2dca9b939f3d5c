package formats_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
)

func TestMoodleXMLGivesTheSameItemsBack(t *testing.T) {
	t.Parallel()
	file, warnings := formats.WriteMoodleXML(everyType())
	if len(warnings) != 1 || warnings[0].Problem.Key != "assessment.moodle.reflection" || warnings[0].Lost {
		t.Errorf("told on the way out: %v", warnings)
	}
	got, err := formats.ReadMoodleXML("bank.xml", file)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Warnings) > 0 {
		t.Errorf("told on the way back: %v", got.Warnings)
	}
	sameItems(t, everyType(), got.Items)
}

// oneQuestion is a file with one question in a category.
func oneQuestion(kind, inside string) []byte {
	return []byte("<quiz>\n<question type=\"category\"><category><text>$course$/top/A/B</text></category></question>\n" +
		"<question type=\"" + kind + "\">\n<name><text>One</text></name>\n<questiontext format=\"html\"><text>Which [[1]] is [[2]]?</text></questiontext>\n" + inside + "\n</question>\n</quiz>")
}

func TestMoodleQuestionsAreKeptOrNamed(t *testing.T) {
	t.Parallel()
	answer := func(fraction, words string) string {
		return "<answer fraction=\"" + fraction + "\"><text>" + words + "</text></answer>"
	}
	cloze := func(words string) string { return "<questiontext><text>" + words + "</text></questiontext>" }
	for _, c := range []struct{ name, kind, inside, want string }{
		{"a picture to drop on", "ddmarker", "", "lost 3 format.type"},
		{"a formula", "calculatedsimple", "", "lost 3 format.type"},
		{"without a type", "", "", "lost 3 format.type"},
		{"a choice", "multichoice", answer("100", "a") + answer("0", "b"), "MC"},
		{"a share that is none", "multichoice", answer("all", "a") + answer("0", "b"), "lost 6 format.fraction"},
		{"a share beyond all", "multichoice", answer("200", "a"), "lost 6 format.fraction"},
		{"no answers", "multichoice", "", "lost 3 format.no_answers"},
		{"neither true nor false", "truefalse", answer("100", "true") + answer("0", "perhaps"), "lost 3 format.true_false"},
		{"a comma", "numerical", answer("100", "3,5"), "Numerical [3.5]"},
		{"a tolerance", "numerical", "<answer fraction=\"100\"><text>0.3</text><tolerance>0.1</tolerance></answer>" + answer("0", "*"), "Numerical [0.3:0.1]"},
		{"no number", "numerical", answer("100", "about three"), "lost 6 format.number"},
		{"a number to fill the memory", "numerical", answer("100", "1e999999999"), "lost 6 format.number"},
		{"a hidden one with hints", "shortanswer", answer("100", "a") + "<hidden>1</hidden>\n<hint><text>Look up</text></hint>", "Short; 6 moodle.hidden; 7 moodle.hint"},
		{"words by result", "shortanswer", answer("100", "a") + "<correctfeedback><text>&lt;p&gt;Your answer is correct.&lt;/p&gt;</text></correctfeedback>\n<incorrectfeedback><text>Try T07</text></incorrectfeedback>", "Short; 7 moodle.by_result"},
		{"a row without a right side", "matching", "<subquestion><text>a</text><answer><text>b</text></answer></subquestion>\n<subquestion><text>a</text></subquestion>", "lost 7 qti.pair"},
		{"rows left empty", "matching", "<subquestion><text></text><answer><text></text></answer></subquestion>", "lost 3 format.no_answers"},
		{"a file", "essay", "<file name=\"map.png\" encoding=\"base64\">aGk=</file>", "Essay; 6 format.file"},
		{"an essay with files", "essay", "<attachments>2</attachments>", "Essay; 6 moodle.attachments"},
		{"an essay that counts nothing", "essay", "<defaultgrade>0.0000000</defaultgrade>", "Reflection"},
		{"pieces", "ddwtos", "<dragbox><text>a</text><group>1</group></dragbox><dragbox><text>b</text><group>2</group></dragbox><dragbox><text>c</text><group>1</group></dragbox>", "Cloze Which {{1}} is {{2}}? 2 1"},
		{"a missing piece", "gapselect", "<selectoption><text>a</text><group>1</group></selectoption>", "lost 3 moodle.piece"},
		{"no gap", "cloze", "", "lost 5 moodle.cloze_none"},
		{"an open gap", "multianswer", cloze("{1:SA:=a") + "", "lost 5 moodle.cloze_none"},
	} {
		got, err := formats.ReadMoodleXML("a.xml", oneQuestion(c.kind, c.inside))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if told := outcome(got); told != c.want {
			t.Errorf("%s: %q, want %q", c.name, told, c.want)
		}
		for _, item := range got.Items {
			if item.Category != "A/B" || item.Line != 3 || item.Title != "One" {
				t.Errorf("%s: %+v", c.name, item)
			}
		}
	}
}

// outcome is what became of the items of a small file, in a line.
func outcome(r formats.Reading) string {
	var parts []string
	for _, item := range r.Items {
		words := string(item.Type)
		if n := numbers(item); len(n) > 0 {
			words += fmt.Sprintf(" %v", n)
		}
		if len(item.Gaps) > 0 {
			words += " " + item.Stem.Words
			for _, g := range item.Gaps {
				words += fmt.Sprintf(" %d", len(g.Answers))
			}
		}
		parts = append(parts, words)
	}
	for _, w := range r.Warnings {
		words := fmt.Sprintf("%d %s", w.Problem.Line, strings.TrimPrefix(w.Problem.Key, "assessment."))
		if w.Lost {
			words = "lost " + words
		}
		parts = append(parts, words)
	}
	return strings.Join(parts, "; ")
}

func TestClozeGapsAreReadAsMoodleReadsThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ words, want string }{
		{"{1:MULTICHOICE:=a~b}", "Cloze {{1}} 2"},
		{"{:MC:a#why~%100%b} {2:SA:=x}", "Cloze {{1}} {{2}} 2 1; 1 moodle.uneven"},
		{"{1:SHORTANSWER_C:=a\\}b~%50%c\\#d#no}", "Cloze {{1}} 2"},
		{"{1:NUMERICAL:=23.8:0.1~%50%23.8:2}", "Cloze [23.7..23.9 23.8:2] {{1}} 2"},
		{"{1:NM:=many}", "lost 1 moodle.cloze_gap"},
		{"{1:MULTICHOICE:=alone#yes}", "lost 1 moodle.cloze_gap"},
		{"{1:MULTIRESPONSE:=a~=b~c}", "lost 1 moodle.cloze_several"},
		{"{1:SA:=a", "lost 1 moodle.cloze_open"},
		{"{1:UNKNOWN:=a}", "lost 1 moodle.cloze_none"},
		{"{{7}} {1:SA:=a}", "Cloze &#123;{7}} {{1}} 1"},
	} {
		file := "<quiz><question type=\"cloze\"><questiontext format=\"html\"><text><![CDATA[" + c.words + "]]></text></questiontext></question></quiz>"
		got, err := formats.ReadMoodleXML("a.xml", []byte(file))
		if told := outcome(got); err != nil || told != c.want {
			t.Errorf("%s: %q %v, want %q", c.words, told, err, c.want)
		}
	}
}

// FuzzMoodleXML holds that nothing makes the reader fall, that each question of a file is
// kept or named, and that what was kept goes out and comes back as it was, also by way of QTI.
func FuzzMoodleXML(f *testing.F) {
	f.Add(oneQuestion("multichoice", "<answer fraction=\"100\"><text>a</text></answer><tags><tag><text>t</text></tag></tags>"))
	f.Add([]byte("<quiz><question type='cloze'><questiontext><text>{1:MC:=a#b~%50%c\\}~&#39;} {2:NM:=1:0.1}</text></questiontext></question></quiz>"))
	f.Add(oneQuestion("gapselect", "<selectoption><text>a</text></selectoption><selectoption><text>b</text></selectoption>"))
	f.Fuzz(keptAndSame)
}

// FuzzMoodleTexts is FuzzMoodleXML where the file is always well formed and its texts are not.
func FuzzMoodleTexts(f *testing.F) {
	kinds := []string{"multichoice", "truefalse", "shortanswer", "numerical", "matching", "ordering", "essay", "description", "cloze", "gapselect", "ddwtos", "calculated"}
	f.Add(byte(0), "html", "<p>Stem</p>", "a\\*b", "why", "33.33333", "Ärger//Z/\rzwei")
	f.Add(byte(3), "plain_text", "Stem", "3.5", "0.1", "100", "")
	f.Add(byte(8), "html", "{1:SHORTANSWER:=a\\}b~%50%c#d&#39;e} and {2:NUMERICAL:=1.5:0.1~*#no} {{3}}", "", "", "0", "top")
	f.Add(byte(8), "markdown", "{1:MULTICHOICE_S:=a & b~%-5%=c < d#<i>e</i>~%0%} and {:MW:=\\\\}", "", "", "0", "top")
	f.Add(byte(9), "html", "[[1]] {{1}} [[2]]", "<b>x</b>", "y", "0", "top/top")
	f.Fuzz(func(t *testing.T, kind byte, format, stem, words, other, fraction, category string) {
		said := func(words string) string {
			var b strings.Builder
			_ = xml.EscapeText(&b, []byte(strings.ToValidUTF8(words, "?")))
			return "<text>" + b.String() + "</text>"
		}
		attr := func(words string) string {
			return strings.TrimSuffix(strings.TrimPrefix(said(words), "<text>"), "</text>")
		}
		answer := "<answer fraction=\"" + attr(fraction) + "\" format=\"" + attr(format) + "\">" + said(words) + "<feedback>" + said(other) + "</feedback><tolerance>" + attr(other) + "</tolerance></answer>"
		keptAndSame(t, []byte("<quiz><question type=\"category\"><category>"+said(category)+"</category></question><question type=\""+kinds[int(kind)%len(kinds)]+"\"><name>"+said(other)+"</name><questiontext format=\""+attr(format)+"\">"+said(stem)+"</questiontext>"+
			answer+"<answer fraction=\"0\"><text>false</text></answer><subquestion>"+said(other)+"<answer>"+said(words)+"</answer></subquestion>"+
			"<selectoption>"+said(words)+"</selectoption><selectoption>"+said(other)+"</selectoption><dragbox>"+said(other)+"</dragbox>"+
			"<units><unit><multiplier>"+attr(fraction)+"</multiplier><unit_name>"+attr(words)+"</unit_name></unit></units>"+
			"<tags><tag>"+said(words)+"</tag></tags></question></quiz>"))
	})
}

func keptAndSame(t *testing.T, data []byte) {
	got, err := formats.ReadMoodleXML("a.xml", data)
	if err != nil {
		problemOf(t, err)
		return
	}
	if want := countMoodle(data); want >= 0 && len(got.Items)+lostOf(got) != want {
		t.Fatalf("%d kept and %d named of %d", len(got.Items), lostOf(got), want)
	}
	again, warnings := formats.WriteMoodleXML(got.Items)
	if lost := lostOf(formats.Reading{Warnings: warnings}); lost > 0 {
		t.Fatalf("%d lost on the way out: %v", lost, warnings)
	}
	back, err := formats.ReadMoodleXML("a.xml", again)
	if err != nil {
		t.Fatalf("%v\n%s", err, again)
	}
	sameItems(t, got.Items, back.Items)
	first := throughQTI(t, got.Items)
	sameItems(t, first, throughQTI(t, first))
}

func lostOf(r formats.Reading) (lost int) {
	for _, w := range r.Warnings {
		if w.Lost {
			lost++
		}
	}
	return lost
}

// countMoodle counts the questions of a file by its tokens alone.
func countMoodle(data []byte) (count int) {
	d := xml.NewDecoder(bytes.NewReader(data))
	depth := 0
	for {
		token, err := d.RawToken()
		if err != nil {
			return count
		}
		switch token := token.(type) {
		case xml.StartElement:
			depth++
			if depth != 2 || token.Name.Local != "question" {
				continue
			}
			count++
			for _, a := range token.Attr {
				if a.Name.Local == "type" && strings.TrimSpace(a.Value) == "category" {
					count--
				}
			}
		case xml.EndElement:
			depth--
		case xml.ProcInst:
			if token.Target == "xml" && !bytes.Contains(bytes.ToLower(token.Inst), []byte("utf-8")) {
				return -1 // in other letters, which this count does not read
			}
		}
	}
}

func BenchmarkReadMoodleXML(b *testing.B) {
	var items []formats.Item
	for len(items) < 5000 {
		items = append(items, everyType()...)
	}
	file, _ := formats.WriteMoodleXML(items[:5000])
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		got, err := formats.ReadMoodleXML("a.xml", file)
		if err != nil || len(got.Items) != 5000 {
			b.Fatal(len(got.Items), err)
		}
	}
}
