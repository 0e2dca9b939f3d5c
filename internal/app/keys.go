package app

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// outerKeyFile is the key that seals signing keys and share codes. It stays outside the
// database, so that a copy of the database alone issues nothing and opens nothing.
// checkInKeyFile is the key of the codes by which a class checks itself in; it is apart,
// so that it can be thrown away at any time: the next code is made with the new one.
const (
	outerKeyFile   = "outer.key"
	checkInKeyFile = "check-in.key"
)

// Keys are the secrets of one Academy that its database never holds.
type Keys struct {
	Outer   []byte // 32 bytes
	CheckIn []byte // 32 bytes
	Made    bool   // the outer key was made just now: the owner is told to put it in a safe place
}

// For derives a secret for one purpose, such as form tokens.
func (k Keys) For(purpose string) ([]byte, error) {
	return hkdf.Key(sha256.New, k.Outer, nil, purpose, 32)
}

// readKeys reads the keys' folder, and makes the keys that are not there.
func readKeys(dir string) (k Keys, err error) {
	if k.Outer, k.Made, err = readKey(dir, outerKeyFile); err != nil {
		return Keys{}, err
	}
	if k.CheckIn, _, err = readKey(dir, checkInKeyFile); err != nil {
		return Keys{}, err
	}
	return k, nil
}

// readKey reads one key, and makes it where there is none. Two processes that start at
// once end with the same key: the file is linked into place only where it isn't there yet.
func readKey(dir, name string) (key []byte, made bool, err error) {
	path := filepath.Join(dir, name)
	text, err := os.ReadFile(path)
	if err == nil {
		key, err := hex.DecodeString(strings.TrimSpace(string(text)))
		if err != nil || len(key) != 32 {
			return nil, false, fmt.Errorf("%s does not hold a key of 64 hexadecimal digits; put back the right file", path)
		}
		return key, false, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, false, fmt.Errorf("the key can't be read: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, false, fmt.Errorf("the keys' folder can't be made: %w", err)
	}
	key = make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, false, err
	}
	if err := placeFile(dir, path, []byte(hex.EncodeToString(key)+"\n")); errors.Is(err, os.ErrExist) {
		return readKey(dir, name)
	} else if err != nil {
		return nil, false, fmt.Errorf("the key can't be written: %w", err)
	}
	return key, true, nil
}

// placeFile writes a file whole, on the disk, or not at all; os.ErrExist where one stands.
func placeFile(dir, path string, data []byte) (err error) {
	temp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(temp.Name())) }()
	_, err = temp.Write(data)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	return os.Link(temp.Name(), path)
}
