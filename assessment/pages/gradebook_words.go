package pages

import (
	"context"
	"strconv"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// words: assessment.gradebook.set_reason.*
// words: assessment.gradebook.state.*

// valueWord is a value of the gradebook in words: "80%", "practised", "excused".
func valueWord(ctx context.Context, value string) string {
	if n, err := strconv.Atoi(value); err == nil {
		return web.Percent(ctx, n)
	}
	switch value {
	case "":
		return "–"
	case assessment.Excused:
		return web.T(ctx, "assessment.gradebook.excused")
	case assessment.TakenBack:
		return web.T(ctx, "assessment.gradebook.taken_back")
	}
	if assessment.Level(value).Validate() == nil {
		return levelWord(ctx, assessment.Level(value))
	}
	return value
}

func setReasons(ctx context.Context) (options []web.Option) {
	for _, code := range assessment.SetReasons {
		options = append(options, web.Option{Value: code, Label: web.T(ctx, "assessment.gradebook.set_reason."+code)})
	}
	return options
}

func levelOptions(ctx context.Context, chosen string) (options []web.Option) {
	for _, level := range assessment.Levels {
		options = append(options, web.Option{Value: string(level), Label: levelWord(ctx, level), Chosen: string(level) == chosen})
	}
	return options
}

func cellAt(place cohorts.EnrolmentID, column assessment.ColumnRef) string {
	return "/enrolments/" + string(place) + "/grades/" + column.String()
}

func bookAt(cohort cohorts.CohortID, rest string) string {
	return "/cohorts/" + string(cohort) + "/gradebook" + rest
}

// shortTitle is a column's heading: a module's id, a practical's title.
func shortTitle(ctx context.Context, c assessment.Column) string {
	if c.Kind == assessment.QuizColumn {
		return c.ID
	}
	return c.Title(web.Language(ctx))
}

// group is a run of columns that one can jump to.
type group struct{ id, key string }

// groups are those that a gradebook has, in their order.
func groups(book assessment.Gradebook) (list []group) {
	checks := book.Checks()
	if checks > 0 {
		list = append(list, group{"checks", "assessment.gradebook.checks"})
	}
	if practicals := book.Columns[checks:]; len(practicals) > 0 {
		if !practicals[0].Capstone() {
			list = append(list, group{"practicals", "assessment.gradebook.practicals"})
		}
		if practicals[len(practicals)-1].Capstone() {
			list = append(list, group{"capstone", "assessment.gradebook.capstone"})
		}
	}
	return list
}

// firstOf is the id of the group that begins with a column; "" inside one.
func firstOf(book assessment.Gradebook, column int) string {
	switch c := book.Columns[column]; {
	case c.Capstone():
		return "capstone"
	case column == book.Checks():
		return "practicals"
	case column == 0:
		return "checks"
	}
	return ""
}

// leftOf counts the columns in which something is still to be shown.
func leftOf(row assessment.GradebookRow) (n int) {
	for _, cell := range row.Cells {
		if !cell.Enough && cell.Set != assessment.Excused {
			n++
		}
	}
	return n
}

// mostShown is how many lines of a file a page tells one by one.
const mostShown = 500

func (p intakePage) shown() []assessment.GradeChange {
	list := p.HindrancesFirst()
	return list[:min(len(list), mostShown)]
}
