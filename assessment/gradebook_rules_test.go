package assessment

import (
	"slices"
	"testing"
)

func TestTheAverageDropsTheLowestAndLeavesOutWhatIsExcused(t *testing.T) {
	// A number is a best result, "-" a check not taken, "x" one excused; a set percent stands behind "=".
	at := func(best, tries int, set ...int) ModuleResult {
		m := ModuleResult{Best: best, Tries: tries}
		if len(set) > 0 {
			m.Set = &set[0]
		}
		return m
	}
	excused := ModuleResult{Best: 100, Tries: 1, Excused: true}
	for name, row := range map[string]struct {
		drop    int
		results []ModuleResult
		percent int
		missing int
		dropped []int
	}{
		"nothing":                            {0, nil, 0, 0, nil},
		"a plain average, rounded down":      {0, []ModuleResult{at(100, 1), at(66, 1), at(0, 0)}, 55, 1, nil},
		"the lowest falls out":               {1, []ModuleResult{at(100, 1), at(40, 1), at(60, 1)}, 80, 0, []int{1}},
		"one not taken is the lowest":        {1, []ModuleResult{at(80, 1), at(0, 0), at(60, 1)}, 70, 1, []int{1}},
		"two fall out":                       {2, []ModuleResult{at(100, 1), at(40, 1), at(60, 1)}, 100, 0, []int{1, 2}},
		"one always counts":                  {5, []ModuleResult{at(30, 1), at(20, 1)}, 30, 0, []int{1}},
		"one alone is never dropped":         {1, []ModuleResult{at(30, 1)}, 30, 0, nil},
		"an override counts instead":         {0, []ModuleResult{at(20, 1, 90), at(70, 1)}, 80, 0, nil},
		"an override counts without a try":   {0, []ModuleResult{at(0, 0, 90), at(70, 1)}, 80, 0, nil},
		"an override is never dropped":       {1, []ModuleResult{at(20, 1, 10), at(70, 1), at(90, 1)}, 50, 0, []int{1}},
		"a computed one is, beside it":       {3, []ModuleResult{at(20, 1, 10), at(70, 1)}, 10, 0, []int{1}},
		"an excuse leaves the average":       {0, []ModuleResult{at(60, 1), excused}, 60, 0, nil},
		"an excuse is not what is dropped":   {1, []ModuleResult{at(60, 1), excused, at(50, 1)}, 60, 0, []int{2}},
		"the last beside an excuse stays":    {1, []ModuleResult{at(60, 1), excused}, 60, 0, nil},
		"all excused shows nothing":          {0, []ModuleResult{excused, excused}, 0, 0, nil},
		"an override of nothing is a result": {0, []ModuleResult{at(100, 1, 0), at(50, 1)}, 25, 0, nil},
	} {
		k := knowledgeOf("e", row.drop, row.results)
		var dropped []int
		for i, m := range k.Modules {
			if m.Dropped {
				dropped = append(dropped, i)
			}
		}
		if k.Percent != row.percent || len(k.Missing) != row.missing || !slices.Equal(dropped, row.dropped) {
			t.Errorf("%s: %d, %d missing, dropped %v; want %d, %d, %v", name, k.Percent, len(k.Missing), dropped, row.percent, row.missing, row.dropped)
		}
	}
}
