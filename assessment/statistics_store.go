package assessment

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// tallyUp keeps what a first try showed, for an attempt that is held; doing it again after
// a grade has changed writes it anew.
func (s Store) tallyUp(ctx context.Context, attempt Attempt, questions []Question, answers map[string]Saved) error {
	if attempt.Number != 1 {
		return nil
	}
	var lines []Line
	err := s.db.NewSelect().Model(&lines).ModelTableExpr(linesTable).Column("question_id", "received_at").
		Where("attempt_id = ? AND NOT refused", attempt.ID).Order("id").Scan(ctx)
	if err != nil {
		return fmt.Errorf("times of attempt %q: %w", attempt.ID, err)
	}
	_, err = s.db.NewRaw(`INSERT INTO tallies (attempt_id, sector, module_id, quiz_hash, marks) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (attempt_id) DO UPDATE SET marks = EXCLUDED.marks`,
		attempt.ID, attempt.Sector, attempt.ModuleID, attempt.QuizHash, tallyOf(attempt, questions, answers, lines).String()).Exec(ctx)
	return err
}

// Figures gives what first tries say about a module's newest quiz, over all cohorts of
// the sector where the viewer stands, question by question; a question that stands
// unchanged in several versions of the quiz is one. It names nobody, and it holds the
// answer key: fault.NotFound for who neither teaches nor writes, and for who takes a
// course with this module (rule 17).
func (s Store) Figures(ctx context.Context, v people.Viewer, moduleID string) (QuizFigures, error) {
	if !content.TeachesOrWrites(v) {
		return QuizFigures{}, fmt.Errorf("figures of %q: %w", moduleID, fault.NotFound)
	}
	seen := s.db.NewSelect().TableExpr("module_versions AS mv").ColumnExpr("1").Where("mv.module_id = quiz.module_id").Apply(content.VisibleTo(v, s.now()))
	var versions []Quiz
	err := s.db.NewSelect().Model(&versions).ExcludeColumn("source_en", "source_es").
		Where("quiz.module_id = ? AND EXISTS (?)", moduleID, seen).Apply(content.AnswersOpenTo(v, "quiz.module_id")).
		Order("quiz.version DESC").Scan(ctx)
	if err == nil && len(versions) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return QuizFigures{}, fmt.Errorf("figures of %q: %w", moduleID, err)
	}
	var questions []Question
	err = s.db.NewSelect().Model(&questions).Where("quiz_hash IN (SELECT hash FROM quizzes WHERE module_id = ?)", moduleID).Order("position").Scan(ctx)
	if err != nil {
		return QuizFigures{}, fmt.Errorf("questions of %q: %w", moduleID, err)
	}
	count := newCounting(versions[0], questions)
	if err := s.eachTally(ctx, v, moduleID, count.add); err != nil {
		return QuizFigures{}, fmt.Errorf("tries at %q: %w", moduleID, err)
	}
	return count.figures(), nil
}

// eachTally hands the tallies of a module in the viewer's sector over one by one: they
// may be tens of thousands.
func (s Store) eachTally(ctx context.Context, v people.Viewer, moduleID string, each func(QuizHash, string) error) error {
	rows, err := s.db.NewSelect().TableExpr("tallies").Column("quiz_hash", "marks").
		Where("sector = ? AND module_id = ?", v.Sector(), moduleID).Rows(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var hash QuizHash
		var marks string
		if err := rows.Scan(&hash, &marks); err != nil {
			return err
		}
		if err := each(hash, marks); err != nil {
			return err
		}
	}
	return rows.Err()
}

// counting gathers the columns of which figures are made.
type counting struct {
	newest  Quiz
	numbers map[QuizHash][]int // for each question of a version of the quiz, its number in the newest; −1 where it is not there so
	columns []column           // of the newest quiz's questions
	whole   [][]float64        // points, of tries at the newest version alone
}

// column is what the tries say about one question.
type column struct {
	points, rest []float64 // of the question, and of the rest of its check, in percent
	right        int
	seconds      []float64
	picked       []int
	restOf       []float64 // sum of rest for who picked a choice
}

func newCounting(newest Quiz, questions []Question) *counting {
	c := &counting{newest: newest, numbers: map[QuizHash][]int{}}
	known := map[[32]byte]int{}
	for _, q := range questions {
		if q.QuizHash == newest.Hash {
			known[q.version()] = len(c.newest.Questions)
			c.newest.Questions = append(c.newest.Questions, q)
			c.columns = append(c.columns, column{picked: make([]int, len(q.Body.Right)), restOf: make([]float64, len(q.Body.Right))})
		}
	}
	for _, q := range questions {
		number, same := known[q.version()]
		if !same {
			number = -1
		}
		c.numbers[q.QuizHash] = append(c.numbers[q.QuizHash], number)
	}
	c.whole = make([][]float64, len(c.columns))
	return c
}

// version is what makes two questions the same: every word, and the key.
func (q Question) version() [32]byte {
	body, _ := json.Marshal(q.Body) // of texts and truth values, which can't fail
	return sha256.Sum256(append([]byte(q.ID+"\n"+string(q.Type)+"\n"), body...))
}

// add counts one try.
func (c *counting) add(hash QuizHash, marks string) error {
	t, err := readTally(marks)
	if err != nil {
		return err
	}
	numbers, sum, counted := c.numbers[hash], 0, 0
	for _, one := range t {
		if one.points >= 0 {
			sum, counted = sum+one.points, counted+1
		}
	}
	for i, one := range t {
		if i >= len(numbers) || one.points < 0 {
			continue
		}
		if hash == c.newest.Hash {
			c.whole[i] = append(c.whole[i], float64(one.points))
		}
		if numbers[i] >= 0 {
			c.columns[numbers[i]].add(one, float64(sum-one.points)/float64(max(1, counted-1)))
		}
	}
	return nil
}

func (c *column) add(one tallied, rest float64) {
	c.points, c.rest = append(c.points, float64(one.points)), append(c.rest, rest)
	if one.points == Points {
		c.right++
	}
	if one.seconds > 0 {
		c.seconds = append(c.seconds, float64(one.seconds))
	}
	for _, choice := range one.choices {
		if choice < len(c.picked) {
			c.picked[choice]++
			c.restOf[choice] += rest
		}
	}
}

// figures are what was counted, with what there are too few tries for left out.
func (c *counting) figures() QuizFigures {
	f := QuizFigures{Quiz: c.newest, Questions: make([]QuestionFigures, len(c.columns))}
	var counted [][]float64
	for _, points := range c.whole {
		if len(points) > 0 {
			f.Tries = len(points)
			counted = append(counted, points)
		}
	}
	if !f.Withheld() {
		f.Alpha = alpha(counted)
	}
	for i, q := range c.newest.Questions {
		f.Questions[i] = c.columns[i].figures(q)
	}
	return f
}

func (c *column) figures(q Question) QuestionFigures {
	f := QuestionFigures{Question: q, Tries: len(c.points)}
	if f.Withheld() {
		return f
	}
	f.Difficulty, f.Discrimination, f.Seconds = proportion(c.right, len(c.points)), correlation(c.points, c.rest), median(c.seconds)
	for choice, picked := range c.picked {
		one := ChoiceFigures{Picked: picked, Rest: -1}
		if picked > 0 {
			one.Rest = int(c.restOf[choice] / float64(picked))
		}
		f.Choices = append(f.Choices, one)
	}
	return f
}
