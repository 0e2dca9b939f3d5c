package assessment_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestFiguresAreWithheldUnderTenFirstTries(t *testing.T) {
	each(t, func(w *world) {
		for n := range 9 {
			w.tries(w.trainee(n), "T07", map[string][]int{"q1": {n % 3}, "q2": {0, 2}, "q3": {n % 2}})
		}
		w.tries(w.officer, "T07", right) // another sector's try counts nothing here
		f, err := w.Figures(w.ctx, w.coach, "T07")
		if err != nil || f.Tries != 9 || !f.Withheld() || f.Alpha.Known || f.Questions[0].Difficulty.Known || f.Questions[0].Choices != nil {
			w.Fatalf("nine tries: %+v, %v", f, err)
		}
		ten := w.trainee(9)
		w.tries(ten, "T07", map[string][]int{"q1": {1}, "q2": {0, 2}, "q3": {1}})
		w.tries(ten, "T07", map[string][]int{"q1": {0}}) // a second try counts nothing
		ctx, count := database.CountQueries(w.ctx)
		f, err = w.Figures(ctx, w.coach, "T07")
		if err != nil || f.Tries != 10 || f.Withheld() || count.Queries() != 3 {
			w.Fatalf("ten tries: %+v, %v in %d queries", f, err, count.Queries())
		}
		q1, q2 := f.Questions[0], f.Questions[1]
		if q1.Difficulty.Value != 0.4 || !q1.Discrimination.Known || q1.Choices[0].Picked != 3 || q1.Choices[1].Picked != 4 || q1.Choices[2].Picked != 3 {
			w.Errorf("q1: %+v", q1)
		}
		if q2.Difficulty.Value != 1 || q2.Discrimination.Known {
			w.Errorf("all were right on q2: %+v", q2)
		}
		if q1.Choices[1].Rest != 87 { // q2 was right for all, q3 for three of these four
			w.Errorf("who was right on q1 reached %d in the rest", q1.Choices[1].Rest)
		}
	})
}

func TestAQuestionThatStandsUnchangedIsPooledOverVersions(t *testing.T) {
	each(t, func(w *world) {
		for n := range 6 {
			w.tries(w.trainee(n), "T07", right)
		}
		fsys := files()
		name := "t07-topic.quiz.md"
		fsys[name].Data = []byte(strings.NewReplacer("version: 1", "version: 2", "What do you do first?", "What comes first?").Replace(string(fsys[name].Data)))
		folder, _ := content.Parse(fsys, ".")
		quizzes, problems := assessment.ReadQuizzes(folder.Quizzes)
		if len(problems) > 0 {
			w.Fatal(problems)
		}
		must(w)(w.Import(w.ctx, quizzes))
		for n := range 5 {
			w.tries(w.trainee(6+n), "T07", map[string][]int{"q1": {1}, "q2": {n % 2}, "q3": {n % 2}})
		}
		f, err := w.Figures(w.ctx, w.coach, "T07")
		if err != nil || f.Version != 2 || f.Tries != 5 || f.Alpha.Known {
			w.Fatalf("%+v, %v", f, err)
		}
		if f.Questions[0].Tries != 5 || f.Questions[1].Tries != 11 || f.Questions[2].Tries != 11 || !f.Questions[1].Discrimination.Known {
			w.Errorf("tries: %d, %d, %d", f.Questions[0].Tries, f.Questions[1].Tries, f.Questions[2].Tries)
		}
	})
}

func TestFiguresAreForWhoTeachesOrWritesAndTakesNoSuchCourse(t *testing.T) {
	each(t, func(w *world) {
		author := w.person(people.Outreach, "Nia Brown", people.Author)
		for name, v := range map[string]people.Viewer{"an instructor": w.coach, "a coordinator": w.boss, "an author": author} {
			if _, err := w.Figures(w.ctx, v, "T07"); err != nil {
				w.Errorf("%s: %v", name, err)
			}
		}
		learner := w.person(people.Outreach, "Cleo Fox", people.Instructor, people.Trainee)
		w.enrol(w.cohort, learner)
		for name, v := range map[string]people.Viewer{"a trainee": w.maya, "an instructor who takes the course": learner,
			"an officer": w.officer, "nobody": people.Nobody} {
			_, err := w.Figures(w.ctx, v, "T07")
			w.wantNotFound(name, err)
		}
		police := w.person(people.LawEnforcement, "Tom Reed", people.Instructor)
		_, err := w.Figures(w.ctx, police, "T19")
		w.wantNotFound("a module of outreach alone", err)
		_, err = w.Figures(w.ctx, w.coach, "T99")
		w.wantNotFound("a module that never was", err)
	})
}

func BenchmarkFiguresOfFiftyThousandTries(b *testing.B) {
	bench(b, func(b *testing.B, w *world) {
		hash := w.longQuiz()
		const tries, numbers = 50_000, `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 50000) `
		for _, fill := range []string{
			`INSERT INTO attempts (id, enrolment_id, person_id, sector, quiz_hash, module_id, number, seed, started_at, finished_at) ` + numbers +
				`SELECT 'many-' || n, ?0, ?1, 'outreach', ?2, 'T07', n, n, ?3, ?3 FROM numbers`,
			`INSERT INTO tallies (attempt_id, sector, module_id, quiz_hash, marks) ` + numbers +
				`SELECT 'many-' || n, 'outreach', 'T07', ?2, ` + marksOfTwelve() + ` FROM numbers`,
		} {
			if _, err := w.db.NewRaw(fill, w.mayas, w.maya.Person(), hash, w.today).Exec(w.ctx); err != nil {
				b.Fatal(err)
			}
		}
		b.ResetTimer()
		for range b.N {
			f, err := w.Figures(w.ctx, w.coach, "T07")
			if err != nil || f.Tries != tries {
				b.Fatalf("%d tries, %v", f.Tries, err)
			}
		}
	})
}

// longQuiz is a newer quiz of T07, of twelve questions.
func (w *world) longQuiz() assessment.QuizHash {
	w.Helper()
	fsys := files()
	file := fsys["t07-topic.quiz.md"]
	head, question, _ := strings.Cut(string(file.Data), "## q1\n")
	question, _, _ = strings.Cut(question, "## q2\n")
	head = strings.Replace(head, "version: 1", "version: 2", 1)
	for n := range 12 {
		head += fmt.Sprintf("## q%d\n%s", n+1, question)
	}
	file.Data = []byte(head)
	folder, _ := content.Parse(fsys, ".")
	quizzes, problems := assessment.ReadQuizzes(folder.Quizzes)
	if len(problems) > 0 {
		w.Fatal(problems)
	}
	must(w)(w.Import(w.ctx, quizzes))
	for _, quiz := range quizzes {
		if quiz.ModuleID == "T07" {
			return quiz.Hash
		}
	}
	w.Fatal("no quiz of T07")
	return ""
}

// marksOfTwelve is the SQL of a tally of twelve questions, another for each n.
func marksOfTwelve() string {
	marks := make([]string, 12)
	for i := range marks {
		marks[i] = fmt.Sprintf("((n * %d + n / 7) %% 3 / 2 * 100) || ':' || ((n + %d) %% 3) || ':' || (n * %d %% 90 + 1)", 2*i+1, i, i+1)
	}
	return strings.Join(marks, " || ' ' || ")
}
