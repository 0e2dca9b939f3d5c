package assessment

import (
	"encoding/json"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Previewed is how many questions of a file one page shows before it is taken in.
const Previewed = 50

// PreviewedQuestion is one question of a file that waits, with its fate when the file came.
type PreviewedQuestion struct {
	Label  string
	Line   int
	Fate   Fate
	Shown  string           // how it begins, in plain words
	Reason fault.Sentence   // why it stays out
	Notes  []fault.Sentence // what it is kept without
}

// bankPreview is a page of a file's questions as it is kept: JSON in plain text, as
// PostgreSQL's own JSON refuses some letters that a file may hold.
type bankPreview struct {
	UploadID  UploadID `bun:"upload_id,pk"`
	Number    int      `bun:"number,pk"` // from 0
	Questions string   `bun:"questions"`
}

// previews cuts a plan into pages.
func (p ImportPlan) previews(id UploadID) (pages []bankPreview, err error) {
	for first := 0; first < len(p.Questions); first += Previewed {
		var list []PreviewedQuestion
		for _, q := range p.Questions[first:min(first+Previewed, len(p.Questions))] {
			list = append(list, PreviewedQuestion{q.Label, q.Line, q.Fate, q.Shown, q.Reason, q.Notes})
		}
		text, err := json.Marshal(list)
		if err != nil {
			return nil, err
		}
		pages = append(pages, bankPreview{id, first / Previewed, string(text)})
	}
	return pages, nil
}

func (p bankPreview) read() (list []PreviewedQuestion, err error) {
	err = json.Unmarshal([]byte(p.Questions), &list)
	for _, q := range list {
		wholeNumbers(q.Reason)
		for _, note := range q.Notes {
			wholeNumbers(note)
		}
	}
	return list, err
}

// wholeNumbers makes the numbers of a sentence what they were before they became JSON.
func wholeNumbers(s fault.Sentence) {
	for name, value := range s.Args {
		if number, is := value.(float64); is && number == float64(int(number)) {
			s.Args[name] = int(number)
		}
	}
}
