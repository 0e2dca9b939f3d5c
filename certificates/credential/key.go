package credential

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
)

// OuterKeySize is the length in bytes of the key that is kept outside the
// database (AES-256).
const OuterKeySize = 32

// ErrSealed says that sealed bytes do not open: another outer key, another
// purpose, or changed bytes.
var ErrSealed = errors.New("sealed bytes do not open under this key")

// Key is an Ed25519 signing key of the Academy.
type Key struct {
	Public  ed25519.PublicKey
	private ed25519.PrivateKey
}

// NewKey makes a signing key from 32 random bytes (crypto/rand.Reader).
func NewKey(random io.Reader) (Key, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return Key{}, fmt.Errorf("signing key: %w", err)
	}
	return keyFrom(seed), nil
}

func keyFrom(seed []byte) Key {
	private := ed25519.NewKeyFromSeed(seed)
	return Key{Public: private.Public().(ed25519.PublicKey), private: private}
}

// ID is the public key in Multikey form. It is the fragment of the key's
// verification method, so a key's name can never mean another key.
func (k Key) ID() string { return multikey(k.Public) }

// Seal is the private key as it may stand in the database.
func (k Key) Seal(outer []byte) ([]byte, error) {
	return Seal(outer, "signing key "+k.ID(), k.private.Seed())
}

// OpenKey opens a sealed private key; id is what ID said. It fails with ErrSealed.
func OpenKey(outer []byte, id string, sealed []byte) (Key, error) {
	seed, err := Open(outer, "signing key "+id, sealed)
	if err != nil {
		return Key{}, err
	}
	if len(seed) != ed25519.SeedSize {
		return Key{}, ErrSealed
	}
	return keyFrom(seed), nil
}

// Seal encrypts with AES-256-GCM under the outer key. The purpose is bound in
// and must be the same at Open, so that one sealed value can't stand in for another.
func Seal(outer []byte, purpose string, plain []byte) ([]byte, error) {
	aead, err := sealer(outer)
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nil, plain, []byte(purpose)), nil
}

// Open is the way back from Seal. It fails with ErrSealed.
func Open(outer []byte, purpose string, sealed []byte) ([]byte, error) {
	aead, err := sealer(outer)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, nil, sealed, []byte(purpose))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

func sealer(outer []byte) (cipher.AEAD, error) {
	if len(outer) != OuterKeySize {
		return nil, fmt.Errorf("outer key has %d bytes, want %d", len(outer), OuterKeySize)
	}
	block, err := aes.NewCipher(outer)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
