//go:build corpora

package formats_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
)

func corpus(t *testing.T, under string) string {
	t.Helper()
	folder := os.Getenv("ACADEMY_CORPORA")
	if folder == "" {
		t.Skip("set ACADEMY_CORPORA to the folder of the corpora")
	}
	return filepath.Join(folder, "questions", under)
}

// eachFile reads every file of a corpus that the name asks for.
func eachFile(t *testing.T, root, pattern string, do func(content.File)) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if fits, err := filepath.Match(pattern, entry.Name()); err != nil || !fits {
			return err
		}
		source, err := os.ReadFile(path)
		seen++
		do(content.File{Path: path, Bytes: source})
		return err
	})
	if err != nil || seen == 0 {
		t.Fatalf("%d files under %s: %v", seen, root, err)
	}
}

// expected is an item as the grammar's author reads it.
type expected struct {
	ID         *string
	Tags       []string
	Type       string
	Title      *string
	Stem       theirText
	General    *theirText `json:"globalFeedback"`
	IsTrue     bool
	True       *theirText `json:"trueFeedback"`
	False      *theirText `json:"falseFeedback"`
	Choices    json.RawMessage
	MatchPairs []struct {
		Subquestion theirText
		Subanswer   string
	}
}

type theirText struct{ Format, Text string }

type theirNumber struct {
	Type                  string
	Number, Range         float64
	NumberLow, NumberHigh float64
}

type theirChoice struct {
	IsCorrect bool
	Weight    *float64
	Text      json.RawMessage
	Feedback  *theirText
}

func (x *theirText) ours() formats.Text {
	if x == nil {
		return formats.Text{}
	}
	return formats.Text{Markup: formats.Markup(x.Format), Words: x.Text}
}

// TestEveryFileOfTheGrammarReadsAsItsAuthorReadsIt holds our reading of GIFT beside that
// of the author of its grammar: type, name, texts with their markup, weights, feedback,
// pairs, numbers, identifier and tags.
func TestEveryFileOfTheGrammarReadsAsItsAuthorReadsIt(t *testing.T) {
	read := 0
	eachFile(t, corpus(t, "gift-pegjs"), "*.gift", func(file content.File) {
		source, err := os.ReadFile(strings.TrimSuffix(file.Path, ".gift") + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var all, want []expected
		if err := json.Unmarshal(source, &all); err != nil {
			t.Fatal(err)
		}
		for _, w := range all {
			if w.Type != "Category" {
				want = append(want, w)
			}
		}
		name := filepath.Base(file.Path)
		reading, err := formats.Read(formats.GIFT, file)
		if err != nil || len(reading.Warnings) > 0 || len(reading.Items) != len(want) {
			t.Errorf("%s: %d items of %d, %v, %v", name, len(reading.Items), len(want), reading.Warnings, err)
			return
		}
		for i, w := range want {
			w.compare(t, name, reading.Items[i])
			read++
		}
	})
	if read < 60 {
		t.Errorf("only %d items were held beside theirs", read)
	}
}

func (w expected) compare(t *testing.T, name string, got formats.Item) {
	t.Helper()
	check := func(what string, got, want any) {
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s is %#v, not %#v", name, what, got, want)
		}
	}
	deref := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	// A text without words has no markup that anyone could see.
	text := func(what string, got formats.Text, want formats.Text) {
		if got.Words == "" && want.Words == "" {
			return
		}
		if got != want {
			t.Errorf("%s: line of %q: %s is %q, not %q", name, w.Stem.Text, what, got, want)
		}
	}
	check("type", string(got.Type), w.Type)
	check("title", got.Title, deref(w.Title))
	check("id", got.Name, deref(w.ID))
	check("tags", got.Tags, w.Tags)
	text("stem", got.Stem, w.Stem.ours())
	text("general feedback", got.General, w.General.ours())
	if got.Type == formats.TrueFalse {
		check("truth", got.Answers[0].Fraction == 100, w.IsTrue)
		text("feedback to true", got.Answers[0].Feedback, w.True.ours())
		text("feedback to false", got.Answers[1].Feedback, w.False.ours())
	}
	check("pairs", len(got.Pairs), len(w.MatchPairs))
	for i, pair := range w.MatchPairs {
		text("left", got.Pairs[i].Left, pair.Subquestion.ours())
		check("right", got.Pairs[i].Right.Words, pair.Subanswer)
	}
	var choices []theirChoice
	if len(w.Choices) > 0 && w.Choices[0] == '{' {
		choices = []theirChoice{{IsCorrect: true, Text: w.Choices}}
	} else if len(w.Choices) > 0 {
		if err := json.Unmarshal(w.Choices, &choices); err != nil {
			t.Fatal(err)
		}
	}
	if got.Type == formats.TrueFalse {
		return
	}
	check("number of answers", len(got.Answers), len(choices))
	for i, c := range choices {
		fraction := 0.0
		if c.IsCorrect {
			fraction = 100
		}
		if c.Weight != nil {
			fraction = *c.Weight
		}
		check("fraction", got.Answers[i].Fraction, fraction)
		text("feedback", got.Answers[i].Feedback, c.Feedback.ours())
		if got.Type != formats.Numerical {
			var words theirText
			if err := json.Unmarshal(c.Text, &words); err != nil {
				t.Fatal(err)
			}
			text("answer", got.Answers[i].Text, words.ours())
			continue
		}
		var n theirNumber
		if err := json.Unmarshal(c.Text, &n); err != nil {
			t.Fatal(err)
		}
		low, high := n.Number-n.Range, n.Number+n.Range
		if n.Type == "high-low" {
			low, high = n.NumberLow, n.NumberHigh
		}
		near := func(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }
		if r := got.Answers[i].Number; r == nil || !near(r.Low, low) || !near(r.High, high) {
			t.Errorf("%s: %q accepts %v, not %v to %v", name, w.Stem.Text, r, low, high)
		}
	}
}

// Moodle's own examples: every item is read, in the number that stands there.
func TestMoodlesExamplesAreReadWhole(t *testing.T) {
	root := corpus(t, "moodle/question/format")
	for path, want := range map[string]struct {
		items, lost int
		kind        formats.Type
	}{
		"gift/examples.txt": {43, 0, ""},
		"gift/tests/fixtures/questions_in_category.gift.txt":   {4, 0, ""},
		"aiken/tests/fixtures/questions.aiken.txt":             {2, 0, formats.Choice},
		"missingword/tests/fixtures/question.missingword1.txt": {1, 0, formats.Choice},
		"missingword/tests/fixtures/question.missingword2.txt": {1, 0, ""},
		"missingword/tests/fixtures/question.missingword3.txt": {1, 0, formats.Choice},
		"multianswer/tests/fixtures/questions.multianswer.txt": {1, 0, formats.Cloze},
		"multianswer/tests/fixtures/broken_multianswer_1.txt":  {0, 1, ""},
	} {
		source, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		file := content.File{Path: path, Bytes: source}
		format, kind := formats.Detect(file)
		reading, err := formats.Read(format, file)
		if err != nil || len(reading.Items) != want.items || lost(reading) != want.lost {
			t.Errorf("%s is %q %s: %d items, %v, %v", path, format, kind, len(reading.Items), reading.Warnings, err)
		}
		for _, item := range reading.Items {
			if want.kind != "" && item.Type != want.kind {
				t.Errorf("%s: %q is read as %s", path, item.Stem.Words, item.Type)
			}
		}
	}
}

// Files in other formats get one sentence each, whatever they are read as.
func TestAFileInAnotherFormatSaysSo(t *testing.T) {
	for _, under := range []string{"vosslab", "instructure-qti", "moodle/question/format/xml", "moodle/question/type"} {
		eachFile(t, corpus(t, under), "*.*ml", func(file content.File) {
			for _, as := range []formats.Format{formats.GIFT, formats.Aiken, formats.CSV} {
				reading, err := formats.Read(as, file)
				if _, told := err.(content.Problem); !told || len(reading.Items) > 0 {
					t.Errorf("%s read as %s gives %d items, %v", file.Path, as, len(reading.Items), err)
				}
			}
		})
	}
}
