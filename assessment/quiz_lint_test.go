package assessment_test

import (
	"fmt"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
)

func TestAnAuthorIsAdvisedOnTheNewestQuizAlone(t *testing.T) {
	quiz := func(version, questions, objective int) content.QuizFile {
		source := fmt.Sprintf("---\nmodule: T07\ntitle: Check\nlang: en\nversion: %d\n---\n", version)
		for i := range questions {
			source += fmt.Sprintf("\n## q%d\ntype: truefalse\nobjective: %d\n\nSo?\n\n- [x] Yes\n  > Yes.\n- [ ] No\n  > No.\n", i, objective)
		}
		return content.QuizFile{ModuleID: "T07", Lang: content.English, Path: fmt.Sprintf("t07.v%d.quiz.md", version), Source: []byte(source)}
	}
	essay := quiz(1, 8, 2)
	essay.Source = append(essay.Source, "\n## e\ntype: essay\npoints: 10\n\nWhat did you see?\n"...)
	modules := []content.Module{{ID: "T07", Version: 2, Objectives: []string{"a", "b"}}, {ID: "T07", Version: 1, Objectives: []string{"a", "b", "c"}}}
	for name, row := range map[string]struct {
		files []content.QuizFile
		want  string
	}{
		"eight":                  {[]content.QuizFile{quiz(1, 8, 2)}, ""},
		"twenty":                 {[]content.QuizFile{quiz(1, 20, 2)}, ""},
		"seven":                  {[]content.QuizFile{quiz(1, 7, 2)}, "true 0 assessment.warning.questions;"},
		"twenty-one":             {[]content.QuizFile{quiz(1, 21, 2)}, "true 0 assessment.warning.questions;"},
		"seven, and then eight":  {[]content.QuizFile{quiz(1, 7, 2), quiz(2, 8, 2)}, ""},
		"an essay":               {[]content.QuizFile{essay}, ""},
		"an objective too many":  {[]content.QuizFile{quiz(1, 8, 3)}, "true 8 assessment.warning.objective;"},
		"no question, a problem": {[]content.QuizFile{quiz(1, 0, 3)}, "false 0 assessment.problem.no_questions;"},
	} {
		_, findings := assessment.LintQuizzes(row.files, modules)
		got := ""
		for i, f := range findings {
			if i == 0 {
				got += fmt.Sprint(f.Warning, " ", f.Line, " ", f.Key, ";")
			}
		}
		if got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}
