package people

import (
	"crypto/rand"
	"math/big"
	"strings"
)

// NameKind is what kind of thing a person types at the door.
type NameKind string

// The kinds of sign-in name. With a phone or a card a PIN is enough.
const (
	Email NameKind = "email"
	Phone NameKind = "phone"
	Card  NameKind = "card"
)

// SignInName opens an account, together with its secret.
type SignInName struct {
	Kind NameKind
	Name string
}

// Shown is the name as a person reads it: the digits of a card number, and of a phone
// number of the United States, in groups.
func (n SignInName) Shown() string {
	if n.Kind == Phone && len(n.Name) == 12 && strings.HasPrefix(n.Name, "+1") {
		return "+1 " + n.Name[2:5] + " " + n.Name[5:8] + " " + n.Name[8:]
	}
	if n.Kind == Card && len(n.Name) == cardDigits {
		return n.Name[:3] + " " + n.Name[3:6] + " " + n.Name[6:]
	}
	return n.Name
}

const cardDigits = 9

// NewCardNumber makes a random number of nine digits, the last a check digit
// (Luhn), so that a slip of the finger is not another person's card.
func NewCardNumber() string {
	n, err := rand.Int(rand.Reader, big.NewInt(90_000_000))
	if err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	digits := big.NewInt(10_000_000).Add(n, big.NewInt(10_000_000)).String()
	return digits + string(rune('0'+luhn(digits)))
}

// luhn is the digit that makes the sum of digits, every second one doubled, a
// multiple of ten.
func luhn(digits string) int {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return (10 - sum%10) % 10
}

// NormalCard is nine digits with the right check digit, however they are spaced.
func NormalCard(text string) (string, bool) {
	text = strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(strings.TrimSpace(text))
	if len(text) != cardDigits || strings.Trim(text, "0123456789") != "" {
		return "", false
	}
	return text, int(text[cardDigits-1]-'0') == luhn(text[:cardDigits-1])
}

// NormalName tells what was typed at the door. What is none of the three comes
// back false, and is looked for all the same, so that it takes the same time.
func NormalName(text string) (SignInName, bool) {
	if strings.Contains(text, "@") {
		name, ok := NormalEmail(text)
		return SignInName{Email, name}, ok
	}
	if name, ok := NormalCard(text); ok {
		return SignInName{Card, name}, true
	}
	name, ok := NormalPhone(text)
	return SignInName{Phone, name}, ok
}
