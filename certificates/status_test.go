package certificates_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/certtest"
	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// A machine ran a day ahead and was set right: what is revoked now must not wait a day
// for the list that every check without a network relies on.
func TestARevocationReachesTheListThoughTheClockWasSetBack(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		director := a.Person(people.Outreach, "Dora Lake", people.Director)
		v, made, copy := a.Graduates(people.Outreach, "Tasha Reyes")
		file := a.File(v, copy.ID)
		a.Turn("2026-12-02 12:00")
		a.Ok(a.Certificates.SignStatus(ctx))
		a.Turn("2026-12-01 13:00")
		a.Ok(a.Certificates.Revoke(ctx, director, made.ID, "misuse"))
		a.Work()
		trust, err := a.Certificates.Snapshot(ctx)
		a.Ok(err)
		result, err := certificates.CheckOffline(file, trust, a.Now())
		a.Ok(err)
		if result.Verdict != credential.Revoked {
			a.Errorf("%s, want %s", result.Verdict, credential.Revoked)
		}
	})
}

// An Academy that moves signs its list in its new name at once; until then a command
// beside it finds the old one.
func TestTheListNamesTheAddressThatServes(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		moved := certificates.NewStore(a.DB, a.Now, a.Files, certificates.Issuer{Outer: a.Outer, BaseURL: "https://new.example.org"},
			certificates.Rooms{People: a.People, Courses: a.Courses, Cohorts: a.Cohorts, Assessment: a.Assessment})
		for _, want := range []string{certtest.BaseURL, "https://new.example.org"} {
			if address, err := moved.PublicAddress(ctx); err != nil || address != want {
				a.Errorf("%q, %v; want %q", address, err, want)
			}
			a.Ok(moved.EnsureKeys(ctx))
		}
	})
}
