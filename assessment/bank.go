package assessment

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// BankID is the key of a question of a bank; ImportID that of a file taken in.
type (
	BankID   string
	ImportID string
)

// BankCourse is a course whose bank the viewer may open.
type BankCourse struct {
	Code    string `bun:"course_code"`
	TitleEN string `bun:"title_en"`
	TitleES string `bun:"title_es"`
	Writes  bool   `bun:"-"` // they may take questions in, too
}

// Title is the course's title in the language asked for.
func (c BankCourse) Title(language string) string { return inLanguage(language, c.TitleEN, c.TitleES) }

// BankQuestion is a question of a course's bank, as its newest version has it.
type BankQuestion struct {
	ID        BankID        `bun:"id,pk"`
	Sector    people.Sector `bun:"sector"`
	Course    string        `bun:"course"`
	Name      string        `bun:"name"` // as an id in a quiz file
	Title     string        `bun:"title"`
	Type      QuestionType  `bun:"type"`
	ModuleID  string        `bun:"module_id"` // "" where it belongs to the course alone
	Objective int           `bun:"objective"`
	Shown     string        `bun:"shown"` // how it begins, in plain words
	Words     string        `bun:"words"` // folded, to be found by
	Tags      []string      `bun:"tags,type:jsonb"`
	Spanish   bool          `bun:"spanish"`
	Version   int           `bun:"version"`
	Hash      string        `bun:"hash"`
}

// BankVersion is a question as it was at one time: immutable.
type BankVersion struct {
	QuestionID BankID    `bun:"question_id,pk"`
	Number     int       `bun:"number,pk"`
	Hash       string    `bun:"hash"`
	Title      string    `bun:"title"`
	ModuleID   string    `bun:"module_id"`
	SourceEN   string    `bun:"source_en"`
	SourceES   string    `bun:"source_es"`
	Reason     string    `bun:"reason"`
	ImportID   ImportID  `bun:"import_id,nullzero"`
	ByPerson   any       `bun:"by_person"`
	At         time.Time `bun:"at"`
}

// BankImport is one file that was taken in.
type BankImport struct {
	ID       ImportID       `bun:"id,pk"`
	Sector   people.Sector  `bun:"sector"`
	Course   string         `bun:"course"`
	FileName string         `bun:"file_name"`
	Format   formats.Format `bun:"format"`
	Lang     content.Lang   `bun:"lang"`
	Added    int            `bun:"added"`
	Changed  int            `bun:"changed"`
	Known    int            `bun:"known"`
	LeftOut  int            `bun:"left_out"`
	ByPerson any            `bun:"by_person"`
	At       time.Time      `bun:"at"`
	UndoneBy any            `bun:"undone_by"`
	UndoneAt *time.Time     `bun:"undone_at"`
	Total    int            `bun:"total"` // of a long one: how many questions its file has
	Step     int            `bun:"step"`  // and how many of them are done
	DoneAt   *time.Time     `bun:"done_at"`
}

// Label is what the question is called where a list names it: how it begins.
func (q BankQuestion) Label() string { return firstRunes(q.Shown, 80) }

// contentHash knows a question again by its English words and its key, whatever it is
// called and in whichever form its numbers stand.
func contentHash(w Written) string {
	w.ID = "q"
	if w.Type == Numeric {
		w.Answers = slices.Clone(w.Answers)
		for i, a := range w.Answers {
			if r, ok := rangeOf(a.Text); ok {
				w.Answers[i].Text = strconv.FormatFloat(r.Low, 'g', 12, 64) + ".." + strconv.FormatFloat(r.High, 'g', 12, 64)
			}
		}
	}
	return digest(w.Markdown())
}

func digest(parts ...string) string {
	sum := sha256.New()
	for _, part := range parts {
		sum.Write([]byte(part))
		sum.Write([]byte{0})
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Written reads a version's words in a language: English where there is no Spanish.
func (v BankVersion) Written(lang content.Lang) Written {
	source := v.SourceEN
	if lang == content.Spanish && v.SourceES != "" {
		source = v.SourceES
	}
	all := ReadWritten(strings.Split(source, "\n"), 1, &content.Problems{})
	if len(all) == 0 {
		return Written{}
	}
	return all[0]
}

// Question draws a version as a trainee would meet it.
func (v BankVersion) Question() Question {
	told := &content.Problems{}
	english := v.Written(content.English)
	var spanish *Written
	if v.SourceES != "" {
		s := v.Written(content.Spanish)
		spanish = &s
	}
	q := english.Question(told, spanish, told)
	q.Position = 1
	return q
}

// describe puts what a list shows and finds by on the question.
func (q *BankQuestion) describe(w Written, title string) {
	q.Title, q.Type, q.Objective, q.Tags = title, w.Type, w.Objective, w.Tags
	if q.Tags == nil {
		q.Tags = []string{}
	}
	stem := w.Stem
	if w.Type == Cloze {
		stem = gapPlaces.ReplaceAllString(w.Item("").Stem.Words, "_____")
	}
	q.Shown = firstRunes(inWords(markdownText(stem)), 160)
	words := []string{w.ID, title, q.Shown, stem}
	for _, a := range w.Answers {
		words = append(words, a.Text, a.Side)
	}
	q.Words = firstRunes(oneLine(database.Fold(strings.Join(append(words, q.Tags...), " "))), 2000)
	q.Hash = contentHash(w)
}

func firstRunes(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// freeName is a name that none of the taken ones is.
func freeName(name string, taken func(string) bool) string {
	for n, free := 2, name; ; n++ {
		if !taken(free) {
			return free
		}
		free = name + "-" + strconv.Itoa(n)
	}
}
