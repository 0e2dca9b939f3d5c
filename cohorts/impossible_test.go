package cohorts_test

import (
	"slices"
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
)

func (a *academy) impossible() (kinds []string) {
	a.Helper()
	list, err := a.store.Impossible(a.Context())
	a.ok(err)
	for _, one := range list {
		kinds = append(kinds, one.Kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// Every state that can't be is found, and what people do is none of them.
func TestImpossibleMinutesAreFound(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(2)
		a.hold(c, 0, cohorts.Present, cohorts.Absent)
		a.hold(c, 1, cohorts.Present, cohorts.Present)
		a.ok(a.store.Approve(a.Context(), c.coordinator, cohorts.NewMakeUp{Enrolment: c.enrolments[1], Session: c.sessions[0].ID,
			Kind: cohorts.OneToOne, Minutes: 240, DoneOn: "2026-11-05"}))
		if kinds := a.impossible(); len(kinds) != 0 {
			a.Fatalf("in order: %v", kinds)
		}
		first := string(c.enrolments[0])
		for _, row := range []struct {
			spoil, mend string
			want        []string
		}{
			{`UPDATE ledger_lines SET minutes = 300 WHERE enrolment_id = ?`, `UPDATE ledger_lines SET minutes = 240 WHERE enrolment_id = ?`, []string{"above"}},
			{`UPDATE ledger_lines SET minutes = -240 WHERE enrolment_id = ?`, `UPDATE ledger_lines SET minutes = 240 WHERE enrolment_id = ?`, []string{"negative"}},
			{`UPDATE ledger_lines SET reverses = (SELECT MIN(l.id) FROM ledger_lines AS l) WHERE enrolment_id = ?0 AND id = (SELECT MAX(l.id) FROM ledger_lines AS l WHERE l.enrolment_id = ?0)`,
				`UPDATE ledger_lines SET reverses = NULL WHERE enrolment_id = ?`, []string{"reversal"}},
			{`UPDATE marks SET seq = seq + 1 WHERE enrolment_id = ?`, `UPDATE marks SET seq = seq - 1 WHERE enrolment_id = ?`, []string{"marks"}},
			{`UPDATE enrolments SET sector = 'health' WHERE id = ?`, `UPDATE enrolments SET sector = 'outreach' WHERE id = ?`, []string{"sector"}},
		} {
			a.exec(row.spoil, first)
			if kinds := a.impossible(); !slices.Equal(kinds, row.want) {
				a.Errorf("%s: %v, want %v", row.spoil, kinds, row.want)
			}
			a.exec(row.mend, first)
		}
		a.exec(`UPDATE sessions SET confirmed_by = closed_by WHERE closed_by IS NOT NULL`)
		if kinds := a.impossible(); !slices.Equal(kinds, []string{"alone"}) {
			a.Errorf("confirmed alone: %v", kinds)
		}
	})
}
