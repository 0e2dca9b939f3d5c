// Package number holds the two codes that name a certificate and one copy of
// it: the certificate number and the share code.
package number

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrForm says that what was typed is no number or code at all; ErrCheck that it
// has the form of a certificate number but its check symbol is wrong, so a
// symbol was misread. Both are arithmetic: neither tells what exists.
var (
	ErrForm  = errors.New("not of this form")
	ErrCheck = errors.New("check symbol does not fit")
)

const (
	prefix       = "MPA"
	numberLength = 12 // 11 random symbols (55 bits) and one check symbol
	shareLength  = 8  // 40 random bits
)

// Certificate is a certificate number in its one written form,
// MPA-XXXX-XXXX-XXXX. It names the decision, not a copy.
type Certificate string

// Share is the code of one copy: eight symbols, no separators.
type Share string

// Copy names one copy of one certificate, as the QR code and the address
// /c/NUMBER-SHARE carry it.
type Copy struct {
	Number Certificate
	Share  Share
}

// New draws a certificate number from 55 bits of the given source
// (crypto/rand.Reader everywhere but in a seeded demo).
func New(random io.Reader) (Certificate, error) {
	b := make([]byte, numberLength-1)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("certificate number: %w", err)
	}
	s := draw(b)
	return written(s + string(checkSymbol(s))), nil
}

// NewShare draws a share code from 40 bits of the given source.
func NewShare(random io.Reader) (Share, error) {
	b := make([]byte, shareLength)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("share code: %w", err)
	}
	return Share(draw(b)), nil
}

// Parse reads a certificate number as a person types it: case and separators
// are ignored, O is 0, I and L are 1, and MPA may be left out. It fails with
// ErrForm or ErrCheck.
func Parse(typed string) (Certificate, error) {
	s, err := symbols(typed)
	if err != nil {
		return "", err
	}
	if len(s) == len(prefix)+numberLength {
		s = strings.TrimPrefix(s, prefix)
	}
	if len(s) != numberLength {
		return "", ErrForm
	}
	if checkSymbol(s[:numberLength-1]) != s[numberLength-1] {
		return "", ErrCheck
	}
	return written(s), nil
}

// ParseShare reads a share code as a person types it. It fails with ErrForm.
func ParseShare(typed string) (Share, error) {
	s, err := symbols(typed)
	if err != nil {
		return "", err
	}
	if len(s) != shareLength {
		return "", ErrForm
	}
	return Share(s), nil
}

// ParseCopy reads a number and a share code written together. It fails with
// ErrForm or ErrCheck.
func ParseCopy(typed string) (Copy, error) {
	s, err := symbols(typed)
	if err != nil {
		return Copy{}, err
	}
	if len(s) < numberLength+shareLength {
		return Copy{}, ErrForm
	}
	cut := len(s) - shareLength
	n, err := Parse(s[:cut])
	if err != nil {
		return Copy{}, err
	}
	return Copy{Number: n, Share: Share(s[cut:])}, nil
}

// String writes the copy as the QR code carries it, in upper case only.
func (c Copy) String() string { return string(c.Number) + "-" + string(c.Share) }

// Equal compares two share codes in constant time.
func (s Share) Equal(other Share) bool {
	return subtle.ConstantTimeCompare([]byte(s), []byte(other)) == 1
}

func written(s string) Certificate {
	return Certificate(prefix + "-" + s[:4] + "-" + s[4:8] + "-" + s[8:])
}
