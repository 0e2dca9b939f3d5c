package people_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// hand is a clock that a test moves.
type hand struct{ at time.Time }

func (h *hand) now() time.Time                { return clock.Cut(h.at) }
func (h *hand) pass(d time.Duration)          { h.at = h.at.Add(d) }
func newHand() *hand                          { return &hand{at: noon} }
func (h *hand) store(db bun.IDB) people.Store { return people.NewStore(db, h.now).Quick() }

const right = "quiet lake in winter"

// member adds somebody with the secret that all of a test share.
func member(t *testing.T, s people.Store, sector people.Sector, n people.NewPerson, secret string) people.PersonID {
	t.Helper()
	id := add(t, s, sector, n)
	if err := s.GiveSecrets(context.Background(), people.System(sector), []people.PersonID{id}, secret); err != nil {
		t.Fatal(err)
	}
	return id
}

func tooMany(err error) bool {
	var e *fault.TooManyError
	return errors.As(err, &e)
}

func wrong(err error) bool {
	s, ok := fault.In(err, "")
	return ok && s.Key == "people.sign_in.wrong"
}

func signIn(s people.Store, name, secret, address string) error {
	_, err := s.SignIn(context.Background(), people.Attempt{Name: name, Secret: secret, Address: address})
	return err
}

func TestEachKindOfNameSignsIn(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s := context.Background(), newHand().store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "Maya@Example.org", Phone: "(312) 555-0134"}, right)
		carded := member(t, s, people.Outreach, people.NewPerson{GivenName: "Teo"}, "804129")
		r, err := s.Me(ctx, people.Seen(carded, people.Outreach, nil, nil))
		if err != nil || len(r.Names) != 1 || r.Names[0].Kind != people.Card {
			t.Fatalf("names %v, %v; want one card", r.Names, err)
		}
		for _, row := range []struct {
			name, secret string
			in           bool
		}{
			{"maya@example.org", right, true},
			{" MAYA@example.ORG ", right, true},
			{"312-555-0134", right, true},
			{"+1 312 555 0134", right, true},
			{r.Names[0].Shown(), "804129", true},
			{r.Names[0].Name, "804129", true},
			{r.Names[0].Name, "804128", false},
			{"maya@example.org", right + " ", false},
			{"maya@example.org", "", false},
			{"", "", false},
			{"maya@example.org", string(make([]rune, 5000)), false},
			{"nobody@example.org", right, false},
		} {
			if err := signIn(s, row.name, row.secret, "10.0.0.1"); (err == nil) != row.in || err != nil && !wrong(err) {
				t.Errorf("%q: %v, want in %v", row.name, err, row.in)
			}
		}
	})
}

func TestPINDoesNotOpenByEmail(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		s := newHand().store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Teo", Email: "teo@example.org", Phone: "3125550177"}, "804129")
		if err := signIn(s, "teo@example.org", "804129", "a"); !wrong(err) {
			t.Errorf("by e-mail: %v, want the words for a wrong secret", err)
		}
		if err := signIn(s, "3125550177", "804129", "a"); err != nil {
			t.Errorf("by phone: %v", err)
		}
	})
}

func TestOneAddressInTwoSectorsOpensTheAccountThatFits(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, h := context.Background(), newHand()
		s := h.store(db)
		first := member(t, s, people.Outreach, people.NewPerson{GivenName: "Ana", Email: "ana@example.org"}, "first secret words")
		h.pass(time.Hour)
		second := member(t, s, people.Health, people.NewPerson{GivenName: "Ana", Email: "ana@example.org"}, "second secret words")
		for secret, want := range map[string]people.PersonID{"first secret words": first, "second secret words": second} {
			token, err := s.SignIn(ctx, people.Attempt{Name: "ana@example.org", Secret: secret})
			if err != nil {
				t.Fatal(err)
			}
			if p, err := s.Presence(ctx, token); err != nil || p.Viewer.Person() != want {
				t.Errorf("%q opened %v, %v", secret, p.Viewer, err)
			}
		}
	})
}

func TestKnownAndUnknownNamesGetTheSameWordsAndWork(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		s := newHand().store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}, right)
		member(t, s, people.LawEnforcement, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}, "another good secret")
		closed := member(t, s, people.Outreach, people.NewPerson{GivenName: "Gone", Email: "gone@example.org"}, right)
		if err := s.Close(context.Background(), people.System(people.Outreach), closed); err != nil {
			t.Fatal(err)
		}
		add(t, s, people.Outreach, people.NewPerson{GivenName: "Invited", Email: "invited@example.org"})
		for i, name := range []string{"maya@example.org", "gone@example.org", "invited@example.org", "nobody@example.org", "not a name", "000 000 000"} {
			before := s.Hashed()
			err := signIn(s, name, "a wrong secret", fmt.Sprint("10.0.1.", i))
			if !wrong(err) {
				t.Errorf("%q: %v", name, err)
			}
			if n := s.Hashed() - before; n != int64(len(people.Sectors)) {
				t.Errorf("%q cost %d hashes, want %d", name, n, len(people.Sectors))
			}
		}
		before := s.Hashed()
		if err := signIn(s, "maya@example.org", right, "10.0.1.0"); err != nil {
			t.Fatal(err)
		}
		if n := s.Hashed() - before; n != int64(len(people.Sectors)) {
			t.Errorf("a good try cost %d hashes", n)
		}
	})
}

func TestFortyGoodSignInsFromOneAddressPass(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		s := newHand().store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}, right)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Teo", Email: "teo@example.org"}, right)
		var all sync.WaitGroup
		errs := make(chan error, 80)
		for i := range 80 {
			all.Go(func() { errs <- signIn(s, []string{"maya@example.org", "teo@example.org"}[i%2], right, "10.0.0.1") })
		}
		all.Wait()
		close(errs)
		for err := range errs {
			if err != nil {
				t.Error(err)
			}
		}
	})
}

func TestWrongTriesWaitLongerAndLonger(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		for _, name := range []string{"maya@example.org", "nobody@example.org"} {
			h := newHand()
			s := h.store(db)
			if name == "maya@example.org" {
				member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: name}, right)
			}
			for i := range 5 {
				if err := signIn(s, name, "wrong", "a"); !wrong(err) {
					t.Fatalf("%s, try %d: %v", name, i+1, err)
				}
			}
			for _, wait := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
				h.pass(wait - time.Second)
				before := s.Hashed()
				if err := signIn(s, name, right, "a"); !tooMany(err) {
					t.Errorf("%s, a second before %s are over: %v", name, wait, err)
				}
				if s.Hashed() != before {
					t.Errorf("%s: a refused try was hashed", name)
				}
				h.pass(time.Second)
				if err := signIn(s, name, "wrong", "a"); !wrong(err) {
					t.Errorf("%s, after %s: %v", name, wait, err)
				}
			}
			h.pass(time.Hour)
			for i := range 4 {
				if err := signIn(s, name, "wrong", "a"); !wrong(err) {
					t.Errorf("%s, an hour later, try %d: %v", name, i+1, err)
				}
			}
		}
	})
}

func TestWrongTriesElsewhereNeverStopTheOwner(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		h := newHand()
		s := h.store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}, right)
		for range 60 {
			if err := signIn(s, "maya@example.org", "wrong", "attacker"); !wrong(err) && !tooMany(err) {
				t.Fatal(err)
			}
			h.pass(time.Minute)
			if err := signIn(s, "maya@example.org", right, "home"); err != nil {
				t.Fatalf("the owner at another address: %v", err)
			}
		}
		for i := range 60 {
			if err := signIn(s, "maya@example.org", "wrong", fmt.Sprint("attacker ", i)); !wrong(err) {
				t.Fatal(err)
			}
		}
		if err := signIn(s, "maya@example.org", "wrong", "another attacker"); !wrong(err) {
			t.Error(err)
		}
		if err := signIn(s, "maya@example.org", right, "another attacker"); !tooMany(err) {
			t.Errorf("under attack, the second try of a strange address: %v, want to wait", err)
		}
		for i := range 3 {
			if err := signIn(s, "maya@example.org", "wrong", "home"); !wrong(err) {
				t.Errorf("under attack, slip %d at home: %v", i+1, err)
			}
		}
		if err := signIn(s, "maya@example.org", right, "home"); err != nil {
			t.Errorf("under attack, at home: %v", err)
		}
		if err := signIn(s, "maya@example.org", right, "a new phone"); err != nil {
			t.Errorf("under attack, the first try of a new phone: %v", err)
		}
	})
}

func TestAddressThatWalksThroughNamesMustWait(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		h := newHand()
		s := h.store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}, right)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Teo", Email: "teo@example.org"}, right)
		if err := signIn(s, "maya@example.org", right, "church"); err != nil {
			t.Fatal(err)
		}
		for i := range 100 {
			if err := signIn(s, fmt.Sprintf("name%d@example.org", i), "wrong", "church"); !wrong(err) {
				t.Fatalf("try %d: %v", i+1, err)
			}
		}
		if err := signIn(s, "teo@example.org", right, "church"); !tooMany(err) {
			t.Errorf("after a hundred wrong tries: %v, want to wait", err)
		}
		if err := signIn(s, "maya@example.org", right, "church"); err != nil {
			t.Errorf("who has signed in there before: %v", err)
		}
		if err := signIn(s, "teo@example.org", right, "elsewhere"); err != nil {
			t.Errorf("elsewhere: %v", err)
		}
		h.pass(10 * time.Minute)
		if err := signIn(s, "teo@example.org", right, "church"); err != nil {
			t.Errorf("ten minutes later: %v", err)
		}
	})
}

func TestGuessingManyAtOnceGainsNothing(t *testing.T) {
	t.Parallel()
	dbtest.Postgres(t, func(t *testing.T, db *bun.DB) {
		s := newHand().store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}, right)
		var all sync.WaitGroup
		for range 60 {
			all.Go(func() {
				if err := signIn(s, "maya@example.org", "wrong", "a"); !wrong(err) && !tooMany(err) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if err := signIn(s, "maya@example.org", right, "a"); !tooMany(err) {
			t.Errorf("the right guess after them: %v, want to wait", err)
		}
		var bad int
		if err := db.NewRaw(`SELECT MAX(bad) FROM tries`).Scan(context.Background(), &bad); err != nil || bad != 5 {
			t.Errorf("%d guesses counted, %v; want exactly 5", bad, err)
		}
	}, people.Migrations)
}

func TestHashOfOldSettingsIsRenewedAtSignIn(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, quick := context.Background(), newHand().store(db)
		id := member(t, quick, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}, right)
		s := people.NewStore(db, clock.At(noon))
		for range 2 {
			if err := signIn(s, "maya@example.org", right, "a"); err != nil {
				t.Fatal(err)
			}
		}
		var hash string
		if err := db.NewRaw(`SELECT hash FROM secrets WHERE person_id = ?`, id).Scan(ctx, &hash); err != nil {
			t.Fatal(err)
		}
		if want := "$argon2id$v=19$m=19456,t=2,p=1$"; len(hash) < len(want) || hash[:len(want)] != want {
			t.Errorf("hash %s, want %s…", hash, want)
		}
	})
}
