package certificates_test

import (
	"slices"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/certtest"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestAFrozenChecklistSaysWhatWasSetByHand(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		director := a.Person(people.Outreach, "Dora Lake", people.Director)
		class := a.Class(people.Outreach, a.Person(people.Outreach, "Tasha Reyes", people.Trainee))
		place := class.Enrolments[0]
		set := func(column assessment.ColumnRef, kind assessment.LineKind, percent int, level assessment.Level, seen int) {
			a.Ok(a.Assessment.SetCell(ctx, director, assessment.NewLine{Enrolment: place, Column: column, Kind: kind, Percent: percent, Level: level, Code: "earlier", Seen: seen}))
		}
		check, circle := assessment.ColumnRef{Kind: assessment.QuizColumn, ID: "T07"}, assessment.ColumnRef{Kind: assessment.PracticalColumn, ID: "circle"}
		set(circle, assessment.Set, 0, assessment.NotYet, 0)
		set(check, assessment.Excuse, 0, "", 0)
		list, err := a.Certificates.Checklist(ctx, director, place)
		a.Ok(err)
		knowledge, _ := list.Item(certificates.Knowledge)
		practicals, _ := list.Item(certificates.Practicals)
		if knowledge.Met || knowledge.Have != 0 || !slices.Equal(knowledge.Excused, []string{"T07"}) || practicals.Met || !slices.Equal(practicals.Set, []string{"circle"}) {
			a.Errorf("the only check excused, the practical set to not yet: %+v", list)
		}
		set(circle, assessment.Set, 0, assessment.Practised, 1)
		set(check, assessment.Set, 72, "", 1)
		_, err = a.Certificates.Graduate(ctx, director, place)
		a.Ok(err)
		decision, err := a.Certificates.Decision(ctx, director, place)
		a.Ok(err)
		knowledge, _ = decision.Checklist.Item(certificates.Knowledge)
		practicals, _ = decision.Checklist.Item(certificates.Practicals)
		if knowledge.Have != 72 || !slices.Equal(knowledge.Set, []string{"T07"}) || len(knowledge.Excused) != 0 || !practicals.Met || !slices.Equal(practicals.Set, []string{"circle"}) {
			a.Errorf("frozen: %+v", decision.Checklist)
		}
	})
}
