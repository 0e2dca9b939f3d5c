package people_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func enter(t *testing.T, s people.Store, a people.Attempt) string {
	t.Helper()
	token, err := s.SignIn(context.Background(), a)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestTokenIsKeptAsAHashAndChangesAtEverySignIn(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s := context.Background(), newHand().store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org", Language: "es"}, right)
		first := enter(t, s, people.Attempt{Name: "maya@example.org", Secret: right})
		second := enter(t, s, people.Attempt{Name: "maya@example.org", Secret: right, Previous: first})
		if _, err := s.Presence(ctx, first); !errors.Is(err, fault.NotFound) {
			t.Errorf("the token before: %v, want not found", err)
		}
		p, err := s.Presence(ctx, second)
		if err != nil || p.Name != "Maya" || p.Language != "es" || p.Home != people.Outreach || !p.Viewer.Is(people.Trainee) || p.Token != second || p.Bridges() {
			t.Errorf("presence %+v, %v", p, err)
		}
		var kept string
		if err := db.NewRaw(`SELECT token_hash FROM sign_ins`).Scan(ctx, &kept); err != nil || kept == second || len(kept) != 64 {
			t.Errorf("kept %q, %v", kept, err)
		}
		for _, token := range []string{"", kept, "x"} {
			if _, err := s.Presence(ctx, token); !errors.Is(err, fault.NotFound) {
				t.Errorf("token %q: %v, want not found", token, err)
			}
		}
	})
}

func TestOwnPhoneLastsThirtyDaysAndASharedOneFifteenIdleMinutes(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, h := context.Background(), newHand()
		s := h.store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}, right)
		own := enter(t, s, people.Attempt{Name: "maya@example.org", Secret: right})
		shared := enter(t, s, people.Attempt{Name: "maya@example.org", Secret: right, Shared: true})
		here := func(token string) bool {
			_, err := s.Presence(ctx, token)
			if err != nil && !errors.Is(err, fault.NotFound) {
				t.Fatal(err)
			}
			return err == nil
		}
		for range 10 {
			h.pass(14 * time.Minute)
			if !here(shared) {
				t.Fatal("a shared phone in use signed out")
			}
		}
		h.pass(15 * time.Minute)
		if here(shared) {
			t.Error("a shared phone is signed in after 15 idle minutes")
		}
		if !here(own) {
			t.Error("my phone signed out in the first hours")
		}
		h.at = noon.Add(30*24*time.Hour - time.Second)
		if !here(own) {
			t.Error("my phone signed out before 30 days")
		}
		h.pass(time.Second)
		if here(own) {
			t.Error("my phone is signed in after 30 days")
		}

		busy := enter(t, s, people.Attempt{Name: "maya@example.org", Secret: right, Shared: true})
		for range 12*6 - 1 {
			h.pass(10 * time.Minute)
			if !here(busy) {
				t.Fatal("a shared phone in use signed out")
			}
		}
		h.pass(10 * time.Minute)
		if here(busy) {
			t.Error("a shared phone is signed in after 12 hours")
		}
	})
}

func TestLastSeenIsWrittenOnceAMinute(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, h := context.Background(), newHand()
		s := h.store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}, right)
		token := enter(t, s, people.Attempt{Name: "maya@example.org", Secret: right, Device: "Firefox, Android"})
		seen := func() time.Duration {
			p, err := s.Presence(ctx, token)
			if err != nil {
				t.Fatal(err)
			}
			devices, err := s.Devices(ctx, p.Viewer)
			if err != nil || len(devices) != 1 || devices[0].ID != p.SignIn || devices[0].Name != "Firefox, Android" {
				t.Fatalf("devices %+v, %v", devices, err)
			}
			return devices[0].SeenAt.Sub(noon)
		}
		for _, step := range []struct{ after, want time.Duration }{{59 * time.Second, 0}, {time.Second, time.Minute}, {30 * time.Second, time.Minute}, {time.Hour, time.Hour + 90*time.Second}} {
			h.pass(step.after)
			if got := seen(); got != step.want {
				t.Errorf("at %s: last seen %s, want %s", h.at.Sub(noon), got, step.want)
			}
		}
	})
}

func TestSigningOutHereThereAndEverywhere(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s := context.Background(), newHand().store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}, right)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Teo", Email: "teo@example.org"}, right)
		tokens := make([]string, 4)
		for i := range tokens {
			tokens[i] = enter(t, s, people.Attempt{Name: "maya@example.org", Secret: right})
		}
		teo := enter(t, s, people.Attempt{Name: "teo@example.org", Secret: right})
		maya, err := s.Presence(ctx, tokens[0])
		if err != nil {
			t.Fatal(err)
		}
		other, err := s.Presence(ctx, teo)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.SignOutDevice(ctx, maya.Viewer, other.SignIn); !errors.Is(err, fault.NotFound) {
			t.Errorf("another's device: %v, want not found", err)
		}
		second, err := s.Presence(ctx, tokens[1])
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.SignOutDevice(ctx, maya.Viewer, second.SignIn), s.SignOut(ctx, tokens[2]), s.SignOut(ctx, tokens[2])); err != nil {
			t.Fatal(err)
		}
		if devices, err := s.Devices(ctx, maya.Viewer); err != nil || len(devices) != 2 {
			t.Errorf("devices left: %d, %v; want 2", len(devices), err)
		}
		if err := s.SignOutEverywhere(ctx, maya.Viewer); err != nil {
			t.Fatal(err)
		}
		if devices, err := s.Devices(ctx, maya.Viewer); err != nil || len(devices) != 0 {
			t.Errorf("devices left: %d, %v; want none", len(devices), err)
		}
		if _, err := s.Presence(ctx, teo); err != nil {
			t.Errorf("somebody else was signed out: %v", err)
		}
	})
}

func TestBridgeStandsInOneSectorAtATime(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, h := context.Background(), newHand()
		s := h.store(db)
		carla := member(t, s, people.Outreach, people.NewPerson{GivenName: "Carla", Email: "carla@example.org", Roles: []people.Role{people.Coordinator}}, right)
		if _, err := s.Grant(ctx, people.System(people.Outreach), people.Grant{PersonID: carla, Role: people.Director, Sector: people.LawEnforcement,
			StartsOn: "2026-11-24", EndsOn: "2026-11-25", Reason: "Starts the parallel cohort"}); err != nil {
			t.Fatal(err)
		}
		token := enter(t, s, people.Attempt{Name: "carla@example.org", Secret: right})
		look := func() people.Presence {
			t.Helper()
			p, err := s.Presence(ctx, token)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		p := look()
		if p.Viewer.Sector() != people.Outreach || !p.Viewer.Is(people.Coordinator) || p.Viewer.Is(people.Director) ||
			!slices.Equal(p.Standings, []people.Sector{people.Outreach, people.LawEnforcement}) {
			t.Errorf("at home: %+v", p)
		}
		if err := s.Stand(ctx, p, people.Health); !errors.Is(err, fault.NotFound) {
			t.Errorf("where no bridge leads: %v, want not found", err)
		}
		if err := s.Stand(ctx, p, people.LawEnforcement); err != nil {
			t.Fatal(err)
		}
		if p = look(); p.Viewer.Sector() != people.LawEnforcement || p.Viewer.Is(people.Coordinator) || !p.Viewer.Is(people.Director) || p.Home != people.Outreach {
			t.Errorf("across: %+v", p)
		}
		var sector people.Sector
		if err := db.NewRaw(`SELECT sector FROM audit_lines WHERE act = 'stood' AND actor_id = ?`, carla).Scan(ctx, &sector); err != nil || sector != people.LawEnforcement {
			t.Errorf("the switch is logged in %q, %v", sector, err)
		}
		h.pass(36 * time.Hour) // midnight in Chicago on the 26th
		if p = look(); p.Viewer.Sector() != people.Outreach || p.Bridges() {
			t.Errorf("after the bridge ended: %+v", p)
		}
		if err := s.Stand(ctx, p, people.LawEnforcement); !errors.Is(err, fault.NotFound) {
			t.Errorf("over an ended bridge: %v, want not found", err)
		}
	})
}

func TestPartnerHRNeedsPartnershipAndEmploymentOfToday(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, system := context.Background(), people.System(people.Outreach)
		for name, row := range map[string]struct {
			partnership, employment []string // first and last day
			sees                    bool
		}{
			"both":                    {[]string{"2026-01-01", ""}, []string{"2026-01-01", ""}, true},
			"both on their last day":  {[]string{"2026-01-01", "2026-11-24"}, []string{"2026-01-01", "2026-11-24"}, true},
			"no record of employment": {[]string{"2026-01-01", ""}, nil, true},
			"no partnership":          {nil, []string{"2026-01-01", ""}, false},
			"partnership over":        {[]string{"2026-01-01", "2026-11-23"}, []string{"2026-01-01", ""}, false},
			"partnership not yet":     {[]string{"2026-11-25", ""}, []string{"2026-01-01", ""}, false},
			"employment ended":        {[]string{"2026-01-01", ""}, []string{"2026-01-01", "2026-11-23"}, false},
		} {
			s := newHand().store(db)
			code := name
			if err := s.KeepOrganisations(ctx, []people.Organisation{{Code: code, Name: name, Kind: people.Partner}}); err != nil {
				t.Fatal(err)
			}
			o, err := s.OrganisationByCode(ctx, code)
			if err != nil {
				t.Fatal(err)
			}
			hr := add(t, s, people.Outreach, people.NewPerson{GivenName: "Hana"})
			if row.partnership != nil {
				err = s.Partner(ctx, system, o.ID, row.partnership[0], row.partnership[1])
			}
			if row.employment != nil {
				err = errors.Join(err, s.Employ(ctx, system, hr, o.ID, row.employment[0], row.employment[1]))
			}
			_, granted := s.Grant(ctx, system, people.Grant{PersonID: hr, Role: people.PartnerHR, OrganisationID: o.ID})
			token, made := s.NewToken(ctx, system, hr, people.Outreach, []string{"read"})
			if err := errors.Join(err, granted, made); err != nil {
				t.Fatal(err)
			}
			p, _, err := s.ByToken(ctx, token)
			if err != nil {
				t.Fatal(err)
			}
			if sees := slices.Equal(p.Viewer.Organisations(), []people.OrganisationID{o.ID}); sees != row.sees || p.Viewer.Is(people.PartnerHR) != row.sees {
				t.Errorf("%s: organisations %v, partner HR %v; want %v", name, p.Viewer.Organisations(), p.Viewer.Is(people.PartnerHR), row.sees)
			}
		}
	})
}

func TestAPITokenNamesSectorAndScopes(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, h := context.Background(), newHand()
		s := h.store(db)
		system := people.System(people.Outreach)
		carla := add(t, s, people.Outreach, people.NewPerson{GivenName: "Carla", Roles: []people.Role{people.Coordinator}})
		for _, bad := range [][]string{nil, {"read", "everything"}} {
			if _, err := s.NewToken(ctx, system, carla, people.Outreach, bad); err == nil {
				t.Errorf("scopes %v were taken", bad)
			}
		}
		if _, err := s.NewToken(ctx, people.Seen(carla, people.Outreach, []people.Role{people.Director}, nil), carla, people.Outreach, []string{"read"}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("made by a director: %v", err)
		}
		if _, err := s.NewToken(ctx, system, carla, people.LawEnforcement, []string{"read"}); !errors.Is(err, fault.NotFound) {
			t.Errorf("for a sector without a bridge: %v, want not found", err)
		}
		if _, err := s.Grant(ctx, system, people.Grant{PersonID: carla, Role: people.Coordinator, Sector: people.LawEnforcement, EndsOn: "2026-11-24", Reason: "Parallel cohort"}); err != nil {
			t.Fatal(err)
		}
		if err := s.KeepToken(ctx, system, carla, people.LawEnforcement, []string{"read", "attend", "read"}, "demo-carla"); err != nil {
			t.Fatal(err)
		}
		p, scopes, err := s.ByToken(ctx, "demo-carla")
		if err != nil || p.Viewer.Sector() != people.LawEnforcement || !p.Viewer.Is(people.Coordinator) || !slices.Equal(scopes, []string{"attend", "read"}) {
			t.Errorf("%+v, %v, %v", p, scopes, err)
		}
		h.pass(24 * time.Hour)
		if _, _, err := s.ByToken(ctx, "demo-carla"); !errors.Is(err, fault.NotFound) {
			t.Errorf("after the bridge ended: %v, want not found", err)
		}
		own, err := s.NewToken(ctx, system, carla, people.Outreach, []string{"grade"})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.EndTokens(ctx, system, carla); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.ByToken(ctx, own); !errors.Is(err, fault.NotFound) {
			t.Errorf("an ended token: %v, want not found", err)
		}
	})
}
