package assessment_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/content/curriculum"
)

// mostBytes is what one open attempt may hold in the database.
const mostBytes = 64 << 10

// held is how many bytes the rows of an attempt hold in the columns that grow.
func (w *world) held(id assessment.AttemptID) (bytes int) {
	w.Helper()
	for table, columns := range map[string]string{
		"attempts WHERE id = ?":                "id, enrolment_id, person_id, sector, quiz_hash, module_id, receipt, review, CAST(drawn AS TEXT)",
		"answers WHERE attempt_id = ?":         "id, attempt_id, question_id, device, CAST(value AS TEXT)",
		"current_answers WHERE attempt_id = ?": "attempt_id, question_id, device, CAST(value AS TEXT)",
	} {
		lengths := "0"
		for _, column := range strings.Split(columns, ", ") {
			lengths += " + LENGTH(" + column + ")"
		}
		var sum int
		if err := w.db.NewRaw(`SELECT COALESCE(SUM(`+lengths+`), 0) FROM `+table, id).Scan(w.ctx, &sum); err != nil {
			w.Fatal(err)
		}
		bytes += sum
	}
	return bytes
}

func TestAnOpenAttemptIsSmall(t *testing.T) {
	folder, problems := content.Parse(curriculum.Files, ".")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	largest := slices.MaxFunc(folder.Quizzes, func(a, b content.QuizFile) int {
		if a.Lang != content.English || b.Lang != content.English {
			return strings.Compare(string(b.Lang), string(a.Lang)) // en before es
		}
		return strings.Count(string(a.Source), "\n## ") - strings.Count(string(b.Source), "\n## ")
	})
	largest.ModuleID = "T07"
	each(t, func(w *world) {
		source := "---\nmodule: T07" + string(largest.Source[strings.Index(string(largest.Source), "\ntitle:"):])
		for n, text := range []string{strings.Replace(source, "\nversion: ", "\nversion: 2", 1), strings.Replace(longQuiz, "\nversion: ", "\nversion: 9", 1)} {
			name := []string{"the largest quiz", "an essay"}[n]
			quizzes, problems := assessment.ReadQuizzes([]content.QuizFile{file(content.English, text)})
			if len(problems) > 0 {
				w.Fatal(name, problems)
			}
			must(w)(w.Import(w.ctx, quizzes))
			trainee := w.trainee(n)
			w.reads(trainee, "T07")
			id := w.start(trainee, "T07")
			device := strings.Repeat("d", 32)
			for n := range 50 {
				w.today = w.today.Add(time.Second)
				essay := strings.Repeat("quiet ", 199) + fmt.Sprint("word", n)
				answers := []assessment.Answer{{Choices: []int{n % 2}}, {Texts: []string{essay}}, {Pairs: [][2]int{{0, 0}, {1, 1}, {2, 2}}},
					{Texts: []string{fmt.Sprint("word", n), "0", "0", "word"}}}
				for _, q := range quizzes[0].Questions {
					fits := slices.IndexFunc(answers, q.Fits)
					if !q.Asks() {
						continue
					}
					if fits < 0 {
						w.Fatalf("%s: no answer fits %s", name, q.ID)
					}
					value := answers[fits]
					if q.Type != assessment.Essay && n > 2 {
						continue // a mind changed twice
					}
					if _, err := w.SaveAnswer(w.ctx, trainee, assessment.Save{Attempt: id, Question: q.ID, Version: n, Device: device, Value: value}); err != nil {
						w.Fatal(name, q.ID, err)
					}
				}
			}
			switch bytes := w.held(id); {
			case bytes < 500:
				w.Errorf("%s: %d bytes, which can't be all of it", name, bytes)
			case bytes > mostBytes:
				w.Errorf("%s: an open attempt holds %d bytes, more than %d", name, bytes, mostBytes)
			default:
				w.Logf("%s holds %d bytes", name, bytes)
			}
		}
	})
}
