package cohorts_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
)

func TestACohortIsMetByEveryNameThatPeopleCallIt(t *testing.T) {
	cohort := cohorts.Summary{Cohort: cohorts.Cohort{ID: "019a-key", CourseCode: "OUT", Number: 21}, TitleEN: "Outreach Training", TitleES: "Formación en trabajo de alcance"}
	for text, want := range map[string]bool{
		"Outreach Cohort 21":                        true,
		"Outreach Training, Cohort 21":              true,
		"outreach training cohort #21":              true,
		"Formación en trabajo de alcance, grupo 21": true,
		"FORMACION EN TRABAJO DE ALCANCE, GRUPO 21": true,
		"Trabajo de alcance, grupo 21":              true,
		"OUT 21":                                    true,
		"out-21":                                    true,
		"Cohort 21":                                 true,
		"Grupo 21":                                  true,
		"21":                                        true,
		" 019a-key ":                                true,
		"":                                          false,
		"Cohort":                                    false,
		"Outreach Cohort 2":                         false,
		"Outreach Cohort 121":                       false,
		"Outreach":                                  false,
		"CM 21":                                     false,
		"Case Management Cohort 21":                 false,
		"Outreach Cohort 21 evening":                false,
		"Outreach Cohort 21 or Outreach Cohort 22":   false,
		"Outreach Cohort 99999999999999999999999999": false,
	} {
		if got := cohort.Called(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
