package people_test

import (
	"context"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// A machine whose clock ran a day ahead and was then set right locks nobody out, and
// its limits go on counting.
func TestAClockSetBackLocksNobodyOut(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		h := newHand()
		s := h.store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}, right)
		h.pass(24 * time.Hour)
		for range 4 {
			if err := signIn(s, "maya@example.org", "wrong", "10.0.0.1"); !wrong(err) {
				t.Fatal(err)
			}
		}
		if err := signIn(s, "maya@example.org", right, "10.0.0.1"); err != nil {
			t.Fatal(err)
		}
		for range 5 { // and from elsewhere into the longest waits
			_ = signIn(s, "maya@example.org", "wrong", "10.0.0.2")
		}
		h.pass(-24 * time.Hour)
		for _, address := range []string{"10.0.0.1", "10.0.0.2"} {
			if err := signIn(s, "maya@example.org", right, address); err != nil {
				t.Errorf("from %s, a day earlier by the clock: %v", address, err)
			}
		}
		for range 5 {
			_ = signIn(s, "maya@example.org", "wrong", "10.0.0.1")
		}
		if err := signIn(s, "maya@example.org", right, "10.0.0.1"); !tooMany(err) {
			t.Errorf("after five wrong tries: %v, want to wait", err)
		}
	})
}

// The flood of an address and the strange tries of an account end with their time,
// whatever the clock did meanwhile.
func TestAFloodBeforeTheClockWasSetBackIsOver(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		h := newHand()
		s := h.store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}, right)
		h.pass(time.Hour)
		for i := range 101 {
			_ = signIn(s, string(rune('a'+i%26))+string(rune('a'+i/26))+"@example.org", "wrong", "10.0.0.9")
		}
		if err := signIn(s, "maya@example.org", right, "10.0.0.9"); !tooMany(err) {
			t.Fatalf("in the flood: %v, want to wait", err)
		}
		h.pass(-time.Hour)
		if err := signIn(s, "maya@example.org", right, "10.0.0.9"); err != nil {
			t.Errorf("after the clock was set back: %v", err)
		}
	})
}

func TestASharedPhoneSignsItselfOutThoughTheClockWasSetBack(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		h := newHand()
		s := h.store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "maya@example.org"}, right)
		h.pass(6 * time.Hour)
		token, err := s.SignIn(context.Background(), people.Attempt{Name: "maya@example.org", Secret: right, Address: "10.0.0.1", Shared: true})
		if err != nil {
			t.Fatal(err)
		}
		h.pass(-6 * time.Hour)
		if _, err := s.Presence(context.Background(), token); err != nil {
			t.Fatalf("still in her hand: %v", err)
		}
		h.pass(16 * time.Minute)
		if _, err := s.Presence(context.Background(), token); err == nil {
			t.Error("sixteen minutes after it was last used it is still signed in")
		}
	})
}
