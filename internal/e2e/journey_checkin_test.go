package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/app"
)

// classOn lets the next class of the demo's trainee have begun ten minutes ago.
func classOn(t *testing.T, a *app.Academy) cohorts.SessionID {
	t.Helper()
	id := readText(t, a, `SELECT t.id FROM sessions AS t JOIN enrolments AS e ON e.cohort_id = t.cohort_id AND e.state = 'active'
		JOIN sign_in_names AS n ON n.person_id = e.person_id AND n.name = 'trainee@demo.test'
		JOIN cohort_instructors AS i ON i.cohort_id = t.cohort_id AND i.ended_at IS NULL
		JOIN sign_in_names AS m ON m.person_id = i.person_id AND m.name = 'instructor@demo.test'
		WHERE t.state = 'planned' AND NOT EXISTS (SELECT 1 FROM joint_sides AS side WHERE side.session_id = t.id) ORDER BY t.starts_at DESC LIMIT 1`)
	now := a.Now()
	if _, err := a.DB.NewRaw(`UPDATE sessions SET starts_at = ?, ends_at = ? WHERE id = ?`, now.Add(-10*time.Minute), now.Add(3*time.Hour), id).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	return cohorts.SessionID(id)
}

// A class checks itself in by the wall, by a card, by paper and by name, each page looked
// at on the screen where it is used.
func TestAClassChecksItselfIn(t *testing.T) {
	a := openAcademy(t)
	session := classOn(t, a)
	roll := "/sessions/" + string(session)
	teacher, trainee := openTab(t, a.Config.BaseURL, desktop), openTab(t, a.Config.BaseURL, phone)
	teacher.signIn("instructor@demo.test")
	trainee.signIn("trainee@demo.test")

	// The wall loads itself again with each code: it is looked at as one begins.
	time.Sleep(time.Until(time.Now().Truncate(cohorts.CheckInStep).Add(cohorts.CheckInStep + 200*time.Millisecond)))
	teacher.open(roll + "/check-in")
	teacher.says("Check in", "A new code comes every 20 seconds")
	teacher.saysNot("Denise", "Outreach", "Cohort")

	trainee.open("/")
	trainee.press(`main a[href="/check-in"]`)
	_, code, err := a.Cohorts.CheckInCode(t.Context(), viewer(t, a, "instructor"), session)
	if err != nil {
		t.Fatal(err)
	}
	trainee.fill("code", strings.ToLower(code.Text))
	trainee.pressWords("I am here")
	trainee.says("You are checked in.")
	trainee.open("/me")
	trainee.press(`main a[href="/me/card"]`)
	trainee.pressWords("Make my card")
	trainee.says("Your card is made")
	card, err := a.Cohorts.MyCard(t.Context(), viewer(t, a, "trainee"))
	if err != nil {
		t.Fatal(err)
	}

	teacher.open(roll + "/roll")
	teacher.says("Show the check-in code")
	teacher.pressWords("Scan a card")
	teacher.fill("letters", string(card.ID))
	teacher.pressWords("Find")
	teacher.says("Card of Tasha R.", "Now: Present")
	teacher.open(roll + "/sheet")
	teacher.says("Paper sheet", "Tasha R.")
	teacher.open(roll + "/walk-ins")
	teacher.fill("name", "Rosa M")
	teacher.pressWords("Note that they came")
	teacher.says("Rosa M", "Waits for a coordinator")
	teacher.open(roll + "/roll?paper=1")
	teacher.says("You are entering a paper sheet", "One person is not on the list")
}
