package assessment_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
)

func TestWhatTheLevelsOfCriteriaComeTo(t *testing.T) {
	t.Parallel()
	const not, practised, shown = assessment.NotYet, assessment.Practised, assessment.Demonstrated
	for name, row := range map[string]struct {
		levels []assessment.Level
		want   assessment.Level
	}{
		"nothing":                    {nil, not},
		"all demonstrated":           {[]assessment.Level{shown, shown, shown}, shown},
		"more than half":             {[]assessment.Level{shown, shown, practised}, shown},
		"exactly half":               {[]assessment.Level{shown, shown, practised, practised}, practised},
		"one more than half of five": {[]assessment.Level{shown, practised, shown, practised, shown}, shown},
		"all practised":              {[]assessment.Level{practised, practised, practised}, practised},
		"one not yet":                {[]assessment.Level{shown, shown, shown, not}, not},
		"one without a level":        {[]assessment.Level{shown, "", shown}, not},
	} {
		if got := assessment.Overall(row.levels); got != row.want {
			t.Errorf("%s: %s, want %s", name, got, row.want)
		}
	}
}
