package people_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestOneSecretIsHashedAtATimeOnEachCore(t *testing.T) {
	t.Parallel()
	s := people.NewStore(nil, clock.At(noon))
	places, leave := s.Crowd()
	if places != runtime.NumCPU() {
		t.Errorf("%d places on %d cores", places, runtime.NumCPU())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Hash(ctx, "quiet lake in winter"); !errors.Is(err, context.Canceled) {
		t.Errorf("beside a full house: %v, want to have waited", err)
	}
	if n := s.Hashed(); n != 0 {
		t.Errorf("%d hashed beside a full house", n)
	}
	leave()
	if hash, err := s.Hash(t.Context(), "quiet lake in winter"); err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("%q, %v", hash, err)
	}
}

func TestNewSecrets(t *testing.T) {
	t.Parallel()
	names := []string{"Maya", "Ortiz de la Cruz", "maya.ortiz@example.org", "+13125550134"}
	for _, row := range []struct {
		secret string
		pin    bool
		want   string // the key of what is said; "" when it will do
	}{
		{"quiet lake in winter", false, ""},
		{"ten chars!", false, ""},
		{"nine char", false, "people.password.short"},
		{"ñandú ñandú", false, ""},
		{"", false, "people.password.short"},
		{"", true, "people.secret.short"},
		{strings.Repeat("long ", 41), false, "people.secret.long"},
		{"aaaaaaaaaaaa", false, "people.password.guessable"},
		{"abcdefghijkl", false, "people.password.guessable"},
		{"peacepeace", false, "people.password.guessable"},
		{"ortiz de la cruz", false, "people.password.name"},
		{"OrtizDeLaCruz1", false, "people.password.name"},
		{"maya.ortiz@example.org", false, "people.password.name"},
		{"mayaortiz1", false, "people.password.name"},
		{"maya walks slowly home", false, ""},
		{"804129", true, ""},
		{"804129", false, "people.password.short"},
		{"80412", true, "people.pin.short"},
		{"8041295533", false, ""},
		{"111111", true, "people.pin.guessable"},
		{"123456", true, "people.pin.guessable"},
		{"567890", true, "people.pin.guessable"},
		{"987654", true, "people.pin.guessable"},
		{"121212", true, "people.pin.guessable"},
		{"123123", true, "people.pin.guessable"},
		{"555013", true, "people.pin.guessable"}, // inside the phone number
		{"abc123", true, "people.secret.short"},
	} {
		err := people.CheckSecret(row.secret, row.pin, names...)
		said, _ := fault.In(err, "secret")
		if said.Key != row.want {
			t.Errorf("%q (PIN allowed %v): %q, want %q", row.secret, row.pin, said.Key, row.want)
		}
	}
}

func TestNormalNames(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]people.SignInName{
		"Maya@Example.ORG":        {Kind: people.Email, Name: "maya@example.org"},
		" p1+tag@example.org ":    {Kind: people.Email, Name: "p1+tag@example.org"},
		"312 555 0134":            {Kind: people.Phone, Name: "+13125550134"},
		"1 (312) 555-0134":        {Kind: people.Phone, Name: "+13125550134"},
		"+52 55 1234 5678":        {Kind: people.Phone, Name: "+525512345678"},
		"+1.312.555.0134":         {Kind: people.Phone, Name: "+13125550134"},
		"Maya <maya@example.org>": {},
		"maya@":                   {},
		"a@b@c":                   {},
		"12345":                   {},
		"+123":                    {},
		"123 456 789":             {}, // nine digits with a wrong check digit
		"555-HELP":                {},
		"":                        {},
	} {
		got, ok := people.NormalName(in)
		if ok != (want.Name != "") || ok && got != want {
			t.Errorf("%q: %v %v, want %v", in, got, ok, want)
		}
	}
	for range 200 {
		n := people.NewCardNumber()
		if got, ok := people.NormalName(n[:3] + " " + n[3:6] + "-" + n[6:]); !ok || got != (people.SignInName{Kind: people.Card, Name: n}) {
			t.Fatalf("card %s came back as %v, %v", n, got, ok)
		}
		for i := range n {
			slip := []byte(n)
			slip[i] = '0' + (slip[i]-'0'+1)%10
			if _, ok := people.NormalCard(string(slip)); ok {
				t.Fatalf("card %s with a slip at %d was taken", n, i)
			}
		}
	}
}

func TestCleanText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"  Ana\u00a0 María  ": "Ana María",
		"Jose\u0301":          "José",
		"Ana\u200d":           "Ana",
		"A\u200dna":           "Ana",
		"\u202eevil\u202c":    "evil",
		"نیم\u200cفاصله":      "نیم\u200cفاصله",
		"👩🏽\u200d🏫":           "👩🏽\u200d🏫",
		"a\x00b\x1bc":         "abc",
		"Tab\tNew\r\nLine":    "Tab New Line",
		"\ufeffBOM":           "BOM",
		"bad\xffbyte":         "badbyte",
		"<script>":            "<script>",
	} {
		if got := people.CleanText(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
