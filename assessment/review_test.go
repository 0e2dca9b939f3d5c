package assessment

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/courses"
)

func TestWhatAResultReveals(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		rule                  courses.Review
		running, over, passed bool
		gate                  Gate
		want                  Reveal
	}{
		"not passed, a try left":           {courses.AfterPass, false, false, false, Ready, Notes},
		"passed":                           {courses.AfterPass, false, false, true, Ready, Key},
		"no try left for now":              {courses.AfterPass, false, false, false, ReadAgain, Key},
		"a talk is due":                    {courses.AfterPass, false, false, false, Talk, Key},
		"passed, and another try is open":  {courses.AfterPass, true, false, true, Ready, OwnAnswers},
		"after each":                       {courses.AfterEach, false, false, false, Ready, Key},
		"a try left, the course is over":   {courses.AfterPass, false, true, false, Ready, Notes},
		"after each, another try is open":  {courses.AfterEach, true, false, false, Ready, OwnAnswers},
		"after the course":                 {courses.AfterClose, false, false, true, Talk, OwnAnswers},
		"after the course, which is over":  {courses.AfterClose, false, true, false, Ended, Key},
		"over, and another try still open": {courses.AfterClose, true, true, true, Ended, OwnAnswers},
	} {
		if got := reveals(row.rule, row.running, row.over, row.passed, row.gate); got != row.want {
			t.Errorf("%s: %d, want %d", name, got, row.want)
		}
	}
}
