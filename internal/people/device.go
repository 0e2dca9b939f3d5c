package people

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"
)

// How long a device stays signed in.
const (
	OwnPhoneFor     = 30 * 24 * time.Hour // from the moment of signing in
	SharedPhoneIdle = 15 * time.Minute    // from the last thing done
	SharedPhoneMost = 12 * time.Hour      // whatever is done
	seenEvery       = time.Minute         // last seen is written no more often
)

// Attempt is what somebody at the door brings.
type Attempt struct {
	Name     string // an e-mail address, phone or card number, as typed
	Secret   string // password or PIN, as typed
	Address  string // where from; only an HMAC of it is kept
	Shared   bool   // on a shared phone
	Device   string // what it is, for the owner's list: "Chrome, Android"
	Previous string // the session token that the browser still had; it ends
}

// Device is one place where a person is signed in.
type Device struct {
	ID        string
	Name      string `bun:"device"`
	Shared    bool
	StartedAt time.Time
	SeenAt    time.Time
}

// newToken makes a random token of 32 bytes and the hash that is kept of it.
func newToken() (token, hash string) {
	raw := make([]byte, 32)
	rand.Read(raw)
	token = base64.RawURLEncoding.EncodeToString(raw)
	return token, hashToken(token)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// endOf is when a device that signed in at start and was used at seen signs itself out.
func endOf(shared bool, start, seen time.Time) time.Time {
	if !shared {
		return start.Add(OwnPhoneFor)
	}
	if end := seen.Add(SharedPhoneIdle); end.Before(start.Add(SharedPhoneMost)) {
		return end
	}
	return start.Add(SharedPhoneMost)
}
