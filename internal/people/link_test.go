package people_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func link(t *testing.T, s people.Store, kind people.LinkKind, person people.PersonID) string {
	t.Helper()
	token, err := s.MakeLink(context.Background(), people.System(people.Outreach), kind, person)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestLinkChangesNothingUntilItIsAcceptedAndThenWorksOnce(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s := context.Background(), newHand().store(db)
		maya := member(t, s, people.Outreach, people.NewPerson{GivenName: "María", FamilyName: "Ortiz", Email: "maya@example.org"}, right)
		old := enter(t, s, people.Attempt{Name: "maya@example.org", Secret: right})
		token, other := link(t, s, people.Reset, maya), link(t, s, people.Invitation, maya)
		for range 3 {
			l, err := s.Link(ctx, token, "a")
			if err != nil || l.Kind != people.Reset || l.PINAllowed() {
				t.Fatalf("%+v, %v", l, err)
			}
		}
		if _, err := s.Presence(ctx, old); err != nil {
			t.Errorf("looking at a link signed her out: %v", err)
		}
		_, err := s.Accept(ctx, token, people.Acceptance{Language: "fr", ChosenName: strings.Repeat("x", 201), Secret: "short"})
		for _, field := range []string{"language", "chosen_name", "secret"} {
			if _, ok := fault.In(err, field); !ok {
				t.Errorf("nothing is said of %s: %v", field, err)
			}
		}
		session, err := s.Accept(ctx, token, people.Acceptance{Language: "es", ChosenName: "Maya", Secret: "new words for her", Previous: old})
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Presence(ctx, session)
		if err != nil || p.Name != "Maya" || p.Language != "es" || p.Viewer.Person() != maya {
			t.Errorf("%+v, %v", p, err)
		}
		for what, err := range map[string]error{
			"the session before":     second(s.Presence(ctx, old)),
			"the link again":         second(s.Accept(ctx, token, people.Acceptance{Language: "es", Secret: "third words for her"})),
			"the other open link":    second(s.Link(ctx, other, "a")),
			"a link made of nothing": second(s.Link(ctx, "", "a")),
		} {
			if !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v, want not found", what, err)
			}
		}
		if err := signIn(s, "maya@example.org", "new words for her", "a"); err != nil {
			t.Error(err)
		}
		if err := signIn(s, "maya@example.org", right, "a"); !wrong(err) {
			t.Errorf("the old secret: %v", err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestLinksRunOut(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx := context.Background()
		for kind, lasts := range map[people.LinkKind]time.Duration{people.Invitation: 7 * 24 * time.Hour, people.Reset: time.Hour, people.HandOver: 15 * time.Minute} {
			h := newHand()
			s := h.store(db)
			token := link(t, s, kind, add(t, s, people.Outreach, people.NewPerson{GivenName: "Maya"}))
			h.pass(lasts - time.Second)
			if _, err := s.Link(ctx, token, "a"); err != nil {
				t.Errorf("%s, a second before its end: %v", kind, err)
			}
			h.pass(time.Second)
			if _, err := s.Accept(ctx, token, people.Acceptance{Language: "en", Secret: "804129"}); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s, at its end: %v, want not found", kind, err)
			}
		}
	})
}

func TestHandOverCodeIsShortAndForgivingAndHardToGuess(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s := context.Background(), newHand().store(db)
		teo := add(t, s, people.Outreach, people.NewPerson{GivenName: "Teo"})
		code := link(t, s, people.HandOver, teo)
		if len(code) != 8 {
			t.Fatalf("code %q", code)
		}
		l, err := s.Link(ctx, " "+strings.ToLower(people.ShownCode(code))+" ", "phone")
		if err != nil || l.PersonID != teo || !l.PINAllowed() {
			t.Errorf("typed by hand: %+v, %v", l, err)
		}
		for i := range 100 {
			if _, err := s.Link(ctx, fmt.Sprintf("AAAA%04d", i), "attacker"); !errors.Is(err, fault.NotFound) {
				t.Fatalf("guess %d: %v", i+1, err)
			}
		}
		if _, err := s.Link(ctx, code, "attacker"); !tooMany(err) {
			t.Errorf("after a hundred guesses: %v, want to wait", err)
		}
		if _, err := s.Accept(ctx, code, people.Acceptance{Language: "es", Secret: "804129", Address: "phone"}); err != nil {
			t.Error(err)
		}
	})
}

func TestNobodyOpensAnAccountAboveTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s := context.Background(), newHand().store(db)
		trainee := add(t, s, people.Outreach, people.NewPerson{GivenName: "Tia"})
		coordinator := add(t, s, people.Outreach, people.NewPerson{GivenName: "Cor", Roles: []people.Role{people.Coordinator}})
		director := add(t, s, people.Outreach, people.NewPerson{GivenName: "Dir", Roles: []people.Role{people.Director}})
		officer := add(t, s, people.LawEnforcement, people.NewPerson{GivenName: "Off"})
		as := func(id people.PersonID, role people.Role) people.Viewer {
			return people.Seen(id, people.Outreach, []people.Role{role}, nil)
		}
		for name, row := range map[string]struct {
			v    people.Viewer
			of   people.PersonID
			want error
		}{
			"coordinator, trainee":      {as(coordinator, people.Coordinator), trainee, nil},
			"director, coordinator":     {as(director, people.Director), coordinator, nil},
			"coordinator, director":     {as(coordinator, people.Coordinator), director, fault.NotFound},
			"another coordinator":       {as("x", people.Coordinator), coordinator, fault.NotFound},
			"coordinator, herself":      {as(coordinator, people.Coordinator), coordinator, fault.NotFound},
			"director, himself":         {as(director, people.Director), director, fault.NotFound},
			"coordinator, officer":      {as(coordinator, people.Coordinator), officer, fault.NotFound},
			"coordinator, nobody there": {as(coordinator, people.Coordinator), "no such person", fault.NotFound},
			"instructor, trainee":       {as("x", people.Instructor), trainee, fault.NotFound},
			"nobody, trainee":           {people.Nobody, trainee, fault.NotFound},
		} {
			for _, kind := range []people.LinkKind{people.Invitation, people.Reset, people.HandOver} {
				if _, err := s.MakeLink(ctx, row.v, kind, row.of); !errors.Is(err, row.want) {
					t.Errorf("%s, %s: %v, want %v", name, kind, err, row.want)
				}
			}
			if row.want != nil {
				if err := s.Close(ctx, row.v, row.of); !errors.Is(err, row.want) {
					t.Errorf("%s, closing: %v, want %v", name, err, row.want)
				}
			}
		}
	})
}

func TestInvitationAcceptedTwiceAtOnceWorksOnce(t *testing.T) {
	t.Parallel()
	dbtest.Postgres(t, func(t *testing.T, db *bun.DB) {
		ctx, s := context.Background(), newHand().store(db)
		token := link(t, s, people.Invitation, add(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}))
		var all sync.WaitGroup
		var in atomic.Int32
		for i := range 12 {
			all.Go(func() {
				_, err := s.Accept(ctx, token, people.Acceptance{Language: "en", Secret: fmt.Sprintf("secret of device %d", i)})
				switch {
				case err == nil:
					in.Add(1)
				case !errors.Is(err, fault.NotFound):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if in.Load() != 1 {
			t.Errorf("%d got in, want 1", in.Load())
		}
		if n, err := db.NewSelect().TableExpr("sign_ins").Count(ctx); err != nil || n != 1 {
			t.Errorf("%d signed in, %v; want 1", n, err)
		}
	}, people.Migrations)
}

func TestChangedSecretSignsOtherDevicesOut(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s := context.Background(), newHand().store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}, right)
		here, there := enter(t, s, people.Attempt{Name: "maya@example.org", Secret: right}), enter(t, s, people.Attempt{Name: "maya@example.org", Secret: right})
		p, err := s.Presence(ctx, here)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if _, ok := fault.In(s.ChangeSecret(ctx, p, "a", "wrong", "new words for her"), "old"); !ok {
				t.Fatal("a wrong old secret was taken")
			}
		}
		if err := s.ChangeSecret(ctx, p, "a", right, "new words for her"); !tooMany(err) {
			t.Errorf("after five wrong tries: %v, want to wait", err)
		}
		if _, ok := fault.In(s.ChangeSecret(ctx, p, "b", right, "maya@example.org"), "secret"); !ok {
			t.Error("her address was taken as a secret")
		}
		if err := s.ChangeSecret(ctx, p, "b", right, "new words for her"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Presence(ctx, here); err != nil {
			t.Errorf("here: %v", err)
		}
		if _, err := s.Presence(ctx, there); !errors.Is(err, fault.NotFound) {
			t.Errorf("there: %v, want not found", err)
		}
		if err := signIn(s, "maya@example.org", "new words for her", "c"); err != nil {
			t.Error(err)
		}
	})
}

func TestClosedAccountFreesItsAddressAndKeepsItsPerson(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s, v := context.Background(), newHand().store(db), people.System(people.Outreach)
		maya := member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org", ExternalID: "M-1"}, right)
		session, open := enter(t, s, people.Attempt{Name: "maya@example.org", Secret: right}), link(t, s, people.Invitation, maya)
		token, err := s.NewToken(ctx, v, maya, people.Outreach, []string{"read"})
		if err := errors.Join(err, s.Close(ctx, v, maya)); err != nil {
			t.Fatal(err)
		}
		_, _, byToken := s.ByToken(ctx, token)
		for what, err := range map[string]error{
			"session": second(s.Presence(ctx, session)), "link": second(s.Link(ctx, open, "a")), "token": byToken,
			"closing again": s.Close(ctx, v, maya),
			"a grant":       second(s.Grant(ctx, v, people.Grant{PersonID: maya, Role: people.Instructor})),
			"a new link":    second(s.MakeLink(ctx, v, people.Reset, maya)),
		} {
			if !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v, want not found", what, err)
			}
		}
		if r, err := s.Open(ctx, v, maya); err != nil || !r.Closed() || r.Name() != "Maya" {
			t.Errorf("the record: %+v, %v", r, err)
		}
		add(t, s, people.Outreach, people.NewPerson{GivenName: "Another", Email: "maya@example.org", ExternalID: "M-1"})
	})
}

func TestTwoWhoDropTheLastTwoNamesAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	dbtest.Postgres(t, func(t *testing.T, db *bun.DB) {
		ctx, s := context.Background(), newHand().store(db)
		for i := range 10 {
			email, phone := fmt.Sprintf("maya%d@example.org", i), fmt.Sprintf("+1312555%04d", i)
			maya := add(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: email, Phone: phone})
			var all sync.WaitGroup
			for _, name := range []string{email, phone} {
				all.Go(func() {
					if err := s.DropName(ctx, people.System(people.Outreach), maya, name); err != nil && !errors.Is(err, fault.NotFound) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if r, err := s.Me(ctx, people.Seen(maya, people.Outreach, nil, nil)); err != nil || len(r.Names) != 1 {
				t.Errorf("%d names left, %v; want 1", len(r.Names), err)
			}
		}
	}, people.Migrations)
}
