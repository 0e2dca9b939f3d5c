package e2e

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// everybody is who asks the wall: every account where it is at home, who bridges in
// each standing, each with a token of the API for it, and nobody.
func everybody(t *testing.T, a *app.Academy) []*visitor {
	t.Helper()
	var all []*visitor
	for _, name := range accounts {
		v := signIn(t, a, name)
		all = append(all, v)
		for _, grant := range pairs(t, a.DB, `SELECT person_id, sector FROM grants WHERE bridge`) {
			if grant.Text == string(v.person) {
				all = append(all, crossed(t, a, name, grant.Sector))
			}
		}
	}
	if n := len(all); n < len(accounts)+2 {
		t.Errorf("only %d standings: no bridge was crossed", n)
	}
	return append(all, &visitor{t: t, a: a, name: "nobody"})
}

// crossed signs an account in and crosses its bridge by the form in the bar.
func crossed(t *testing.T, a *app.Academy, name string, to people.Sector) *visitor {
	t.Helper()
	v := signIn(t, a, name)
	home := v.sector
	if got := v.send(http.MethodPost, "/standing", url.Values{"_csrf": {v.csrf()}, "sector": {string(to)}}); got.status != http.StatusSeeOther {
		t.Fatalf("%s can't stand in %s: %d", name, to, got.status)
	}
	v.home, v.name, v.sector, v.bearer = home, name+" in "+string(to), to, "canary-"+name+"-"+string(to)
	err := a.People.KeepToken(context.Background(), people.System(home), v.person, to, people.Scopes, v.bearer)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// others are the sectors whose records a visitor must not find.
func (v *visitor) others() []people.Sector {
	return slices.DeleteFunc([]people.Sector{people.Outreach, people.LawEnforcement}, func(s people.Sector) bool { return s == v.sector })
}
