package people

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Bad tries are counted for an account and an address together, so that nobody's
// tries stop the owner elsewhere; for an address, so that it can't walk through all
// names; and for an account from addresses where it never signed in, which costs
// such an address all its tries but the first. Good ones count nowhere.
const (
	freeTries      = 4                // wrong tries for one account at one address before it must wait
	forgottenAfter = time.Hour        // without a try, the wrong ones are forgotten
	addressTries   = 100              // wrong tries from one address, over all names,
	addressWindow  = 10 * time.Minute // in this time
	accountTries   = 30               // wrong tries for one account from strange addresses
	accountWindow  = time.Hour        // in this time, and each strange address has one left
	longestWait    = 15 * time.Minute
)

// waits are how long one must wait after the fifth wrong try and each one after it.
var waits = []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, longestWait}

// tryKeys are the rows of tries that one attempt looks at.
type tryKeys struct{ pair, address, account string }

func (s Store) tryKeys(name, address string) tryKeys {
	return tryKeys{s.hide("pair", name, address), s.hide("address", address), s.hide("account", name)}
}

// hide gives the HMAC under which names and addresses are kept.
func (s Store) hide(parts ...string) string {
	mac := hmac.New(sha256.New, s.key)
	for _, part := range parts {
		mac.Write([]byte(part))
		mac.Write([]byte{0})
	}
	return hex.EncodeToString(mac.Sum(nil))
}

func tooMany(wait time.Duration) error {
	minutes := int((wait + time.Minute - 1) / time.Minute)
	return fault.TooMany(wait, "people.sign_in.too_many", "Count", max(minutes, 1))
}
