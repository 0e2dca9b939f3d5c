package e2e

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// viewerless are the methods of stores that ask nobody's name, each with the reason.
var viewerless = map[string]string{
	"People.SignIn": "finds out who looks", "People.Presence": "finds out who looks", "People.ByToken": "finds out who looks",
	"People.SignOut": "ends the session whose token is given", "People.Link": "opened by its token alone", "People.Accept": "opened by its token alone",
	"People.AskForReset": "looks at nothing", "People.WriteForgotten": "an address may have an account in each sector, and each gets its own letter",
	"People.Sweep": "the clock's own work: takes away what has run out", "People.Empty": "tells the first day from any other",
	"People.KeepOrganisations": publicly, "People.Organisations": publicly, "People.OrganisationByCode": publicly,

	"Cohorts.Impossible":          "a command on the machine itself, which looks for faults in all sectors",
	"Assessment.ClashesOfRubrics": "rubrics of all sectors, read by a command",
	"Assessment.ImportRubrics":    "a command or the first start takes in the rubrics of all sectors",
	"Assessment.RubricFiles":      "the stored files, for a command's export",
	"Assessment.NewestFiles":      "the stored files of one module's check, which content hands to who may write it",
	"Assessment.EraseTexts":       "the clock's own work, in all sectors: it takes out what was kept long enough",
	"Assessment.EraseNotes":       "the clock's own work, in all sectors: it takes out what was kept long enough",
	"Content.CheckBehind":         "says of a module's check only whether it stands behind the newest, to who may write it",
	"Content.Thin":                "the clock's own work, in all sectors: it takes out old texts of drafts",
	"Assessment.GoOnRegrading":    "does what somebody has decided, as them: the decision was made through the wall, and keeps their name",
	"Assessment.GoOnTakingIn":     "does what somebody has decided, as them: the decision was made through the wall, and keeps their name",
	"Assessment.ForgetUploads":    "the clock's own work, in all sectors: it takes out files that nobody took in",
	"Assessment.Impossible":       "a command on the machine itself, which looks for faults in all sectors",
	"Assessment.CloseOverdue":     "the clock's own work: closes attempts whose time has run out",

	"Content.Import": byCommand, "Content.Files": byCommand, "Content.Clashes": byCommand, "Courses.Import": byCommand, "Courses.Files": byCommand,
	"Courses.Clashes": byCommand, "Courses.Empty": byCommand, "Assessment.Import": byCommand, "Assessment.Files": byCommand, "Assessment.Clashes": byCommand,
	"Assessment.ModulesWithQuiz": byCommand, "Courses.Warm": "reads every edition into the sector that it is of",
	"Content.OpenModules":   "cohorts says which sector a joint session opens modules to, having found it through its wall",
	"Content.CloseOpening":  "undoes what one joint session has opened",
	"Content.CloseAnswers":  "cohorts says whose place closes them, having given the place through its wall",
	"Content.CloseAll":      "cohorts says whose place closes them, having given the place through its wall",
	"Content.ReopenAnswers": "undoes what one place has closed",

	"Courses.Areas": publicly, "Courses.Public": publicly, "Certificates.Achievement": publicly, "Certificates.PublicAddress": publicly,
	"Messages.StopOf": "opened by its token alone", "Messages.Stop": "opened by its token alone",
	"Messages.Sweep":           "the clock's own work, in all sectors: it takes out what was of no use for long",
	"Cohorts.FeedOf":           "opened by its token alone",
	"Certificates.CheckNumber": "anyone may check who has a number and its live share code", "Certificates.CheckFile": "anyone may check a file that they hold",
	"Certificates.CheckLog": "one log for all sectors, of hashes", "Certificates.EnsureKeys": "one key for all sectors",
	"Certificates.IssuerDocument": "one key for all sectors", "Certificates.PageAuthority": "one key for all sectors", "Certificates.Trust": "one key for all sectors",
	"Certificates.Snapshot": "one key for all sectors", "Certificates.SignStatus": "one list for all sectors: a list of its own would tell a sector",
	"Certificates.StatusList": "one list for all sectors: a list of its own would tell a sector",
}

const (
	publicly  = "public knowledge, in public words"
	byCommand = "the curriculum, by a command on the machine itself, which sees all sectors"
)

// TestEveryStoreMethodTakesWhoLooks walks the methods of every room's store: what reads
// or writes people, cohorts or their records takes a Viewer, by which it narrows its
// queries; what doesn't is named with its reason.
func TestEveryStoreMethodTakesWhoLooks(t *testing.T) {
	asks := []reflect.Type{reflect.TypeFor[people.Viewer](), reflect.TypeFor[people.Presence]()}
	rooms, seen, there := reflect.TypeFor[app.Rooms](), 0, map[string]bool{}
	for i := range rooms.NumField() {
		room := rooms.Field(i)
		for n := range room.Type.NumMethod() {
			method := room.Type.Method(n)
			name := room.Name + "." + method.Name
			there[name] = true
			if method.Type.NumIn() < 2 || method.Type.In(1) != reflect.TypeFor[context.Context]() {
				continue // asks the database nothing
			}
			seen++
			takes := slices.ContainsFunc(asks, func(who reflect.Type) bool {
				return method.Type.NumIn() > 2 && method.Type.In(2) == who
			})
			if reason := viewerless[name]; !takes && reason == "" {
				t.Errorf("%s takes no viewer: narrow its queries by one, or say in viewerless why it asks for nobody", name)
			} else if takes && reason != "" {
				t.Errorf("%s takes a viewer now: take it out of viewerless", name)
			}
		}
	}
	for name := range viewerless {
		if !there[name] {
			t.Errorf("%s is named in viewerless and is not there", name)
		}
	}
	if seen < 100 {
		t.Errorf("only %d methods were looked at: the walk is broken", seen)
	}
}
