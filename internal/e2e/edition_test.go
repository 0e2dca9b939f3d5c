package e2e

import (
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/courses"
)

// A cohort's move to a newer edition is looked at as its coordinator sees it first, on a
// phone and on a desk: axe finds nothing in either scheme.
func TestAMoveToANewerEditionIsLookedAt(t *testing.T) {
	a := openAcademy(t)
	v := viewer(t, a, "coordinator")
	today := a.Now().AddDate(0, 0, -1).Format(time.DateOnly)
	edition, err := a.Courses.EditionInForce(t.Context(), v, "OUT", today)
	if err != nil {
		t.Fatal(err)
	}
	cohort := readText(t, a, `SELECT id FROM cohorts WHERE edition_id = '`+string(edition.ID)+`' ORDER BY starts_on DESC LIMIT 1`)
	newer := edition
	newer.Name, newer.InForceOn, newer.Grace, newer.Source = edition.Name+"-more", today, edition.Grace+5, edition.Source+"# with more grace\n"
	if _, err := a.Courses.Import(t.Context(), []courses.Edition{newer}); err != nil {
		t.Fatal(err)
	}
	for _, s := range []screen{phone, desktop} {
		b := openTab(t, a.Config.BaseURL, s)
		b.signIn("coordinator@demo.test")
		b.open("/cohorts/" + cohort + "/edition")
		b.says(newer.Name)
	}
}
