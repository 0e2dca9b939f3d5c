package assessment

import (
	"slices"

	"github.com/metropolitan-peace-academy/academy/content"
)

// How many questions make a check that says something and can still be finished in a break.
const (
	fewestQuestions = 8
	mostQuestions   = 20
)

// LintQuizzes reads the quiz files of a folder as ReadQuizzes does and tells, beside the
// problems, what their authors should look at. modules are those of the folder, whose
// objectives the questions ask for.
func LintQuizzes(files []content.QuizFile, modules []content.Module) ([]Quiz, []content.Finding) {
	quizzes, problems := ReadQuizzes(files)
	var findings []content.Finding
	for _, problem := range problems {
		findings = append(findings, content.Finding{Problem: problem})
	}
	newest := map[string]int{}
	for _, q := range quizzes {
		newest[q.ModuleID] = max(newest[q.ModuleID], q.Version)
	}
	for _, q := range quizzes {
		if q.Version < newest[q.ModuleID] {
			continue // it can't be changed any more
		}
		told := content.Problems{Path: q.PathEN}
		q.advise(&told, objectives(modules, q.ModuleID))
		for _, warning := range told.Warnings {
			findings = append(findings, content.Finding{Problem: warning, Warning: true})
		}
	}
	content.SortFindings(findings)
	return quizzes, findings
}

func (q Quiz) advise(told *content.Problems, objectives int) {
	if q.Count < fewestQuestions || q.Count > mostQuestions {
		told.Warn(0, "assessment.warning.questions", "Count", q.Count, "Fewest", fewestQuestions, "Most", mostQuestions)
	}
	for i, question := range q.Questions {
		if question.Picked() && slices.Contains(question.Body.Texts["en"].Feedback, "") {
			told.Warn(q.lines[i], "assessment.warning.feedback", "Question", question.ID)
		}
		if question.Objective > objectives && objectives > 0 {
			told.Warn(q.lines[i], "assessment.warning.objective", "Question", question.ID, "Objective", question.Objective, "Have", objectives)
		}
	}
}

// objectives counts those of the newest version of a module; 0 where there is none.
func objectives(modules []content.Module, id string) (count int) {
	version := 0
	for _, m := range modules {
		if string(m.ID) == id && m.Version > version {
			version, count = m.Version, len(m.Objectives)
		}
	}
	return count
}
