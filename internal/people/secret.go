package people

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// The shortest secrets, and the longest that is read at all.
const (
	ShortestPassword = 10
	ShortestPIN      = 6
	LongestSecret    = 200
)

type secretKind string

const (
	password secretKind = "password"
	pin      secretKind = "pin"
)

// checkSecret tells whether a new secret will do for a person with these names: a
// password of ten characters or more that is none of the names, or, for who signs
// in with a phone or a card, a PIN of six digits or more that nobody guesses first.
func checkSecret(secret string, pinAllowed bool, names ...string) (secretKind, error) {
	letters := []rune(norm.NFC.String(secret))
	digitsOnly := secret != "" && strings.Trim(secret, "0123456789") == ""
	switch {
	case len(letters) > LongestSecret:
		return "", fault.Invalid("secret", "people.secret.long", "Most", LongestSecret)
	case digitsOnly && pinAllowed:
		if len(secret) < ShortestPIN {
			return "", fault.Invalid("secret", "people.pin.short", "Least", ShortestPIN)
		}
		if guessable(secret, names) {
			return "", fault.Invalid("secret", "people.pin.guessable")
		}
		return pin, nil
	case len(letters) < ShortestPassword && pinAllowed:
		return "", fault.Invalid("secret", "people.secret.short", "Password", ShortestPassword, "PIN", ShortestPIN)
	case len(letters) < ShortestPassword:
		return "", fault.Invalid("secret", "people.password.short", "Least", ShortestPassword)
	case isName(secret, names):
		return "", fault.Invalid("secret", "people.password.name")
	case guessable(secret, names):
		return "", fault.Invalid("secret", "people.password.guessable")
	}
	return password, nil
}

// guessable is what is tried first: one thing again and again, a run up or down the
// digits or the alphabet, or a part of one's own phone or card number.
func guessable(secret string, names []string) bool {
	for period := 1; period <= len(secret)/2; period++ {
		if strings.Repeat(secret[:period], len(secret)/period+1)[:len(secret)] == secret {
			return true
		}
	}
	up, down := true, true
	for i := 1; i < len(secret); i++ {
		step := int(secret[i]) - int(secret[i-1])
		up = up && (step == 1 || secret[i-1] == '9' && secret[i] == '0')
		down = down && (step == -1 || secret[i-1] == '0' && secret[i] == '9')
	}
	if up || down {
		return true
	}
	for _, name := range names {
		if strings.Contains(name, secret) {
			return true
		}
	}
	return false
}

// isName says whether a password is one of the person's names or addresses,
// however written, or one of them with a few characters about it.
func isName(secret string, names []string) bool {
	plain := strings.ReplaceAll(fold(secret), " ", "")
	for _, name := range names {
		local, _, _ := strings.Cut(name, "@")
		for _, n := range []string{name, local} {
			n = strings.ReplaceAll(fold(n), " ", "")
			if len(n) >= 4 && strings.Contains(plain, n) && len(plain)-len(n) < ShortestPassword-4 {
				return true
			}
		}
	}
	return false
}

// hasher hashes secrets, at most one at a time on each core: a hundred people at
// the door wait for one another instead of for memory.
type hasher struct {
	places  chan struct{}
	passes  uint32
	memory  uint32 // KiB
	counted atomic.Int64
}

// newHasher works as OWASP's password storage sheet says: argon2id, two passes, 19 MiB.
func newHasher() *hasher {
	return &hasher{places: make(chan struct{}, runtime.NumCPU()), passes: 2, memory: 19 * 1024}
}

const hashLength, saltLength = 32, 16

func (h *hasher) derive(ctx context.Context, secret string, salt []byte, passes, memory uint32, length int) ([]byte, error) {
	select {
	case h.places <- struct{}{}:
		defer func() { <-h.places }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	h.counted.Add(1)
	return argon2.IDKey([]byte(norm.NFC.String(secret)), salt, passes, memory, 1, uint32(length)), nil
}

// hash gives a secret's hash in the usual written form, with its settings and salt.
func (h *hasher) hash(ctx context.Context, secret string) (string, error) {
	salt := make([]byte, saltLength)
	rand.Read(salt)
	sum, err := h.derive(ctx, secret, salt, h.passes, h.memory, hashLength)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, h.memory, h.passes, b64(salt), b64(sum)), nil
}

// fits says whether a secret has the hash, and whether the hash was made with
// other settings than today's. An empty hash fits nothing and costs the same.
func (h *hasher) fits(ctx context.Context, secret, hash string) (fits, outdated bool, err error) {
	var version int
	passes, memory := h.passes, h.memory
	salt, want := make([]byte, saltLength), make([]byte, hashLength)
	parts := strings.Split(hash, "$")
	read := len(parts) == 6 && parts[1] == "argon2id"
	if read {
		_, errV := fmt.Sscanf(parts[2], "v=%d", &version)
		_, errP := fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &memory, &passes)
		var errS, errH error
		salt, errS = base64.RawStdEncoding.DecodeString(parts[4])
		want, errH = base64.RawStdEncoding.DecodeString(parts[5])
		if errV != nil || errP != nil || errS != nil || errH != nil || len(want) == 0 {
			return false, false, fmt.Errorf("a stored hash can't be read")
		}
	} else if hash != "" {
		return false, false, fmt.Errorf("a stored hash can't be read")
	}
	sum, err := h.derive(ctx, secret, salt, passes, memory, len(want))
	if err != nil {
		return false, false, err
	}
	fits = subtle.ConstantTimeCompare(sum, want) == 1 && read
	return fits, passes != h.passes || memory != h.memory || version != argon2.Version, nil
}
