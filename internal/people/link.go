package people

import (
	"crypto/rand"
	"encoding/base32"
	"slices"
	"strings"
	"time"
)

// LinkKind is what a one-time link is for. All three lead to the same page, on
// which a person chooses their secret.
type LinkKind string

// The kinds of one-time link.
const (
	Invitation LinkKind = "invitation" // sent or printed; 7 days
	Reset      LinkKind = "reset"      // for who forgot; 1 hour
	HandOver   LinkKind = "hand_over"  // a short code, given from hand to hand; 15 minutes
)

// For is how long a link of the kind can be used.
func (k LinkKind) For() time.Duration {
	switch k {
	case Invitation:
		return 7 * 24 * time.Hour
	case Reset:
		return time.Hour
	}
	return 15 * time.Minute
}

// Path is where a link of the kind leads inside the Academy.
func (k LinkKind) Path(token string) string {
	if k == Reset {
		return "/reset/" + token
	}
	return "/invitation/" + token
}

// Known says whether it is one of the kinds.
func (k LinkKind) Known() bool { return k == Invitation || k == Reset || k == HandOver }

// Link is an open one-time link as its holder sees it.
type Link struct {
	Kind       LinkKind
	PersonID   PersonID
	Sector     Sector
	GivenName  string
	FamilyName string
	ChosenName string
	Language   string
	EndsAt     time.Time
	First      bool         // the account has no secret yet
	Names      []SignInName `bun:"-"`
}

// PINAllowed says whether a PIN is enough: for who signs in with a phone or a card.
func (l Link) PINAllowed() bool { return pinAllowed(l.Names) }

func pinAllowed(names []SignInName) bool {
	return slices.ContainsFunc(names, func(n SignInName) bool { return n.Kind != Email })
}

// Acceptance is what a person chooses on the page of a link.
type Acceptance struct {
	Language   string
	ChosenName string
	Secret     string
	Shared     bool
	Address    string
	Device     string
	Previous   string
}

// crockford is base 32 without letters that look like digits.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

const codeLength = 8

// newCode makes a code of eight characters, forty random bits, to be read aloud or typed.
func newCode() string {
	raw := make([]byte, 5)
	rand.Read(raw)
	return crockford.EncodeToString(raw)
}

// NormalCode reads a code as it is typed: any case, spaces and dashes, O for 0, I
// and L for 1. A longer text is the token of a link, and comes back as it is.
func NormalCode(text string) string {
	text = strings.TrimSpace(text)
	code := strings.NewReplacer(" ", "", "-", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(text))
	if len(code) == codeLength {
		return code
	}
	return text
}

// ShownCode is a code as it is printed, in two groups.
func ShownCode(code string) string {
	if len(code) != codeLength {
		return code
	}
	return code[:4] + "-" + code[4:]
}
