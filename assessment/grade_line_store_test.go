package assessment_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// longQuiz asks for a pick, an essay and a reflection.
const longQuiz = `---
module: T07
title: "Check"
lang: en
version: 5
---

## pick
type: truefalse

Calm spreads.

- [x] True
- [ ] False

## essay
type: essay
points: 8
words: 200

Describe it.

## think
type: reflection

What did you feel?
`

func (w *world) importLong() {
	w.Helper()
	quizzes, problems := assessment.ReadQuizzes([]content.QuizFile{file(content.English, longQuiz)})
	if len(problems) > 0 {
		w.Fatal(problems)
	}
	must(w)(w.Import(w.ctx, quizzes))
}

func (w *world) types(who people.Viewer, id assessment.AttemptID, question string, version int, device, text string) error {
	_, err := w.SaveAnswer(w.ctx, who, assessment.Save{Attempt: id, Question: question, Version: version, Device: device, Value: assessment.Answer{Texts: []string{text}}})
	return err
}

// handsIn makes an attempt at the long quiz.
func (w *world) handsIn(who people.Viewer, essay, reflection string) assessment.AttemptID {
	w.Helper()
	id := w.start(who, "T07")
	w.answers(who, id, map[string][]int{"pick": {0}})
	for question, text := range map[string]string{"essay": essay, "think": reflection} {
		if err := w.types(who, id, question, 0, "phone", text); err != nil {
			w.Fatal(err)
		}
	}
	w.today = w.today.Add(time.Minute)
	if err := w.Submit(w.ctx, who, id, true); err != nil {
		w.Fatal(err)
	}
	return id
}

func (w *world) grades(who people.Viewer, g assessment.Grade) error { return w.Grade(w.ctx, who, g) }

func (w *world) result(who people.Viewer, id assessment.AttemptID) assessment.Paper {
	w.Helper()
	paper, err := w.Result(w.ctx, who, id)
	if err != nil {
		w.Fatal(err)
	}
	return paper
}

func TestAnAttemptWithAnEssayCountsOnceItIsGradedAndReleased(t *testing.T) {
	each(t, func(w *world) {
		w.importLong()
		w.reads(w.maya, "T07")
		id := w.handsIn(w.maya, "I stepped back.", "Warm.")
		paper := w.result(w.maya, id)
		if !paper.Waiting() || paper.Waits != 1 || paper.Percent != 0 || paper.Earned != 0 || paper.Total != 2 || len(paper.Grades) != 0 {
			w.Errorf("handed in: %+v", paper.Attempt)
		}
		if check, err := w.Check(w.ctx, w.maya, "T07"); err != nil || check.Gate() != assessment.Waits {
			w.Errorf("the next try: %s, %v", check.Gate(), err)
		}
		_, err := w.Start(w.ctx, w.maya, "T07")
		w.wantConflict("starting again", "assessment.gate.waits", err)
		if due, err := w.MyDue(w.ctx, w.maya); err != nil || len(due) != 0 {
			w.Errorf("due while it waits: %v, %v", due, err)
		}
		if n, err := w.Release(w.ctx, w.coach, w.cohort, "T07"); err != nil || n != 0 {
			w.Errorf("released without points: %d, %v", n, err)
		}
		grade := assessment.Grade{Attempt: id, Question: "essay", Points: 75, Source: assessment.Graded, Comment: "Clear."}
		if err := w.grades(w.coach, grade); err != nil {
			w.Fatal(err)
		}
		w.wantConflict("two graders at once", "assessment.grade.meanwhile", w.grades(w.boss, grade))
		if paper := w.result(w.maya, id); paper.Waits != 0 || !paper.Waiting() || paper.Percent != 0 || len(paper.Grades) != 0 {
			w.Errorf("graded and not released: %+v, %v", paper.Attempt, paper.Grades)
		}
		if k, err := w.KnowledgeOf(w.ctx, w.maya, w.mayas); err != nil || k.Modules[0].Best != 0 || !k.Modules[0].Waiting {
			w.Errorf("what it counts: %+v, %v", k, err)
		}
		if n, err := w.Release(w.ctx, w.coach, w.cohort, "T07"); err != nil || n != 1 {
			w.Errorf("released: %d, %v", n, err)
		}
		if paper := w.result(w.maya, id); paper.Waiting() || paper.Percent != 87 || paper.Correct != 1 || paper.Earned != 175 || paper.Grades["essay"].Comment != "Clear." {
			w.Errorf("released: %+v, %v", paper.Attempt, paper.Grades)
		}
		if k, err := w.KnowledgeOf(w.ctx, w.maya, w.mayas); err != nil || k.Modules[0].Best != 87 || k.Modules[0].Waiting {
			w.Errorf("what it counts: %+v, %v", k, err)
		}
		if err := w.grades(w.coach, assessment.Grade{Attempt: id, Question: "pick", Points: 0, Source: assessment.Override, Seen: 1, Reason: "Said by another."}); err != nil {
			w.Fatal(err)
		}
		lines, err := w.GradeLines(w.ctx, w.coach, id)
		sum := map[string]int{}
		for _, line := range lines {
			sum[line.QuestionID] = line.Points
		}
		if paper := w.result(w.maya, id); err != nil || len(lines) != 3 || paper.Percent != (sum["pick"]+sum["essay"])/2 || paper.Percent != 37 {
			w.Errorf("%d percent of lines %+v, %v", paper.Percent, lines, err)
		}
	})
}

func TestAnAttemptFromBeforeGradeLinesGetsThemWhenItIsFirstChanged(t *testing.T) {
	each(t, func(w *world) {
		id := w.tries(w.maya, "T07", right).ID
		if _, err := w.db.NewRaw(`DELETE FROM grade_lines`).Exec(w.ctx); err != nil {
			w.Fatal(err)
		}
		if err := w.grades(w.coach, assessment.Grade{Attempt: id, Question: "q1", Points: 0, Source: assessment.Override, Seen: 1, Reason: "A slip."}); err != nil {
			w.Fatal(err)
		}
		if paper := w.result(w.maya, id); paper.Percent != 66 || paper.Correct != 2 {
			w.Errorf("%+v", paper.Attempt)
		}
	})
}

func TestWhoMayGrade(t *testing.T) {
	each(t, func(w *world) {
		w.importLong()
		id := w.handsIn(w.maya, "Text.", "")
		open := w.start(w.omar, "T07")
		other := w.person(people.Outreach, "Ann West", people.Instructor)
		grade := assessment.Grade{Attempt: id, Question: "essay", Points: 50, Source: assessment.Graded}
		for name, row := range map[string]struct {
			v    people.Viewer
			edit func(*assessment.Grade)
		}{
			"an instructor of no cohort":    {other, nil},
			"oneself":                       {w.maya, nil},
			"an officer":                    {w.officer, nil},
			"nobody":                        {people.Nobody, nil},
			"a question that is not there":  {w.coach, func(g *assessment.Grade) { g.Question = "none" }},
			"a reflection":                  {w.coach, func(g *assessment.Grade) { g.Question = "think" }},
			"an attempt that is still open": {w.coach, func(g *assessment.Grade) { g.Attempt = open }},
		} {
			g := grade
			if row.edit != nil {
				row.edit(&g)
			}
			w.wantNotFound(name, w.grades(row.v, g))
		}
		if _, err := w.GradeLines(w.ctx, other, id); !errors.Is(err, fault.NotFound) {
			w.Errorf("another instructor reads the lines: %v", err)
		}
		for name, g := range map[string]assessment.Grade{
			"more than all":              {Points: 101, Source: assessment.Graded},
			"less than none":             {Points: -1, Source: assessment.Graded},
			"an override without reason": {Points: 5, Source: assessment.Override},
			"a line of the program's":    {Points: 5, Source: assessment.Computed},
			"a comment that is too long": {Points: 5, Source: assessment.Graded, Comment: strings.Repeat("x", 1001)},
		} {
			g.Attempt, g.Question = id, "essay"
			var invalid *fault.InvalidError
			if err := w.grades(w.coach, g); !errors.As(err, &invalid) {
				w.Errorf("%s: %v", name, err)
			}
		}
		// Rule 17: the coordinator learns in a cohort of the edition, taught by the one whose
		// text is to be graded.
		second := w.makeCohort(people.Outreach)
		w.enrol(second, w.boss)
		w.appoint(second, other)
		w.enrolRaw(w.cohort, other)
		theirs := w.handsIn(other, "Text.", "")
		if err := w.grades(w.boss, assessment.Grade{Attempt: theirs, Question: "essay", Points: 100, Source: assessment.Graded}); !errors.Is(err, fault.Forbidden) {
			w.Errorf("over who holds power over oneself: %v, want forbidden", err)
		}
		if n, err := w.Release(w.ctx, other, w.cohort, "T07"); err != nil || n != 0 {
			w.Errorf("another instructor releases: %d, %v", n, err)
		}
	})
}

// holds says whether a text is anywhere in what the Academy holds of attempts.
func (w *world) holds(text string) bool {
	w.Helper()
	for _, column := range []string{"answers.value", "current_answers.value", "grade_lines.comment"} {
		table, name, _ := strings.Cut(column, ".")
		var n int
		if err := w.db.NewRaw(fmt.Sprintf(`SELECT COUNT(*) FROM %s WHERE CAST(%s AS TEXT) LIKE ?`, table, name), "%"+text+"%").Scan(w.ctx, &n); err != nil {
			w.Fatal(err)
		}
		if n > 0 {
			return true
		}
	}
	return false
}

func TestTextsAreDeletedThirtyDaysAfterGrading(t *testing.T) {
	each(t, func(w *world) {
		w.importLong()
		id := w.handsIn(w.maya, "Doorwayword.", "Mine alone.")
		_ = w.types(w.maya, id, "essay", 0, "other", "Doorwayword, too late.")
		ungraded := w.handsIn(w.omar, "Waitingword.", "")
		if err := w.grades(w.coach, assessment.Grade{Attempt: id, Question: "essay", Points: 75, Source: assessment.Graded, Comment: "Doorwayword indeed."}); err != nil {
			w.Fatal(err)
		}
		must(w)(w.Release(w.ctx, w.coach, w.cohort, "T07"))
		w.today = w.today.Add(assessment.TextsKept)
		if n, err := w.EraseTexts(w.ctx); err != nil || n != 0 || !w.holds("Doorwayword") {
			w.Errorf("on the thirtieth day: %d, %v", n, err)
		}
		w.today = w.today.Add(time.Second)
		for _, want := range []int{1, 0} {
			if n, err := w.EraseTexts(w.ctx); err != nil || n != want {
				w.Errorf("after it: %d, %v, want %d", n, err, want)
			}
		}
		if w.holds("Doorwayword") || !w.holds("Waitingword") || !w.holds("Mine alone") {
			w.Error("other texts than the graded one were deleted, or not all of it")
		}
		paper := w.result(w.maya, id)
		if paper.Percent != 87 || paper.Answers["essay"].ErasedAt == nil || paper.Answered() != 3 || paper.Grades["essay"].Points != 75 {
			w.Errorf("what stays: %+v, %+v", paper.Attempt, paper.Answers["essay"])
		}
		if paper := w.result(w.omar, ungraded); paper.Answers["essay"].ErasedAt != nil {
			w.Error("a text that waits was deleted")
		}
	})
}

func TestAReflectionIsItsWritersAlone(t *testing.T) {
	each(t, func(w *world) {
		w.importLong()
		id := w.start(w.maya, "T07")
		for n, text := range []string{"Warmword.", "Warmword and more.", ""} {
			if err := w.types(w.maya, id, "think", n, "phone", text); err != nil {
				w.Fatal(err)
			}
		}
		if w.holds("Warmword") {
			w.Error("what was cleared is still held")
		}
		if err := w.types(w.maya, id, "think", 3, "phone", "Coldword."); err != nil {
			w.Fatal(err)
		}
		w.wantNotFound("sent before the hand-in", w.SendReflection(w.ctx, w.maya, id, "think"))
		if err := w.Submit(w.ctx, w.maya, id, true); err != nil {
			w.Fatal(err)
		}
		reads := func(who people.Viewer, want int) {
			w.Helper()
			if sent, err := w.ReflectionsSent(w.ctx, who, w.cohort, "T07"); err != nil || len(sent) != want || want > 0 && (sent[0].Name() != "Maya O." || sent[0].Value.Text(0) != "Coldword.") {
				w.Errorf("%+v, %v; want %d", sent, err, want)
			}
		}
		reads(w.coach, 0)
		w.wantNotFound("sent by another", w.SendReflection(w.ctx, w.omar, id, "think"))
		w.wantNotFound("an essay", w.SendReflection(w.ctx, w.maya, id, "essay"))
		for range 2 {
			if err := w.SendReflection(w.ctx, w.maya, id, "think"); err != nil {
				w.Fatal(err)
			}
		}
		reads(w.coach, 1)
		reads(w.omar, 0)
		reads(w.officer, 0)
		w.wantNotFound("deleted by who reads it", w.DeleteReflection(w.ctx, w.coach, id, "think"))
		if err := w.DeleteReflection(w.ctx, w.maya, id, "think"); err != nil {
			w.Fatal(err)
		}
		reads(w.coach, 0)
		if w.holds("Coldword") {
			w.Error("what was deleted is still held")
		}
		w.wantNotFound("sent once it is deleted", w.SendReflection(w.ctx, w.maya, id, "think"))
	})
}

// An open attempt holds no more than 64 KB, whoever types on whatever.
func TestAnAttemptOfLongTextsStaysSmall(t *testing.T) {
	each(t, func(w *world) {
		w.importLong()
		id := w.start(w.maya, "T07")
		text := strings.Repeat("é", 2490)
		for _, question := range []string{"essay", "think"} {
			for n := range 40 {
				if err := w.types(w.maya, id, question, n, "phone", fmt.Sprint(text, n)); err != nil {
					w.Fatal(err)
				}
			}
			for n := range 20 {
				var stale assessment.Stale
				if err := w.types(w.maya, id, question, 0, fmt.Sprint("tab", n%5), fmt.Sprint(text, "late", n)); !errors.As(err, &stale) {
					w.Fatal(err)
				}
			}
		}
		var bytes, lines int
		if err := w.db.NewRaw(`SELECT (SELECT SUM(OCTET_LENGTH(CAST(value AS TEXT))) FROM answers) + (SELECT SUM(OCTET_LENGTH(CAST(value AS TEXT))) FROM current_answers), (SELECT COUNT(*) FROM answers)`).Scan(w.ctx, &bytes, &lines); err != nil {
			w.Fatal(err)
		}
		if lines != 6 || bytes*3/2 > 64<<10 { // a quiz asks for three long texts, this one for two
			w.Errorf("%d lines with %d bytes", lines, bytes)
		}
		if paper, err := w.Attempt(w.ctx, w.maya, id); err != nil || paper.Answers["essay"].Version != 40 || len(paper.RefusedFor("essay")) != 2 {
			w.Errorf("version %d, %d refused, %v", paper.Answers["essay"].Version, len(paper.RefusedFor("essay")), err)
		}
	})
}
