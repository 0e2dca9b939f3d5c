package credential

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"
)

// StatusListSize is the smallest list that Bitstring Status List 1.0 allows:
// fewer bits would tell one holder from another by the list's own size.
const StatusListSize = 131072

// StatusListLife is how long a signed list may be relied on. It is signed anew every hour.
const StatusListLife = 24 * time.Hour

const maxListBytes = 1 << 20 // 8 million certificates in one list

// Bits is a status list in the clear. Bit 0 is the most significant of byte 0.
type Bits []byte

// NewBits makes a list in which nothing is revoked. size is rounded up to whole
// bytes and to StatusListSize.
func NewBits(size int) Bits { return make(Bits, (max(size, StatusListSize)+7)/8) }

// Set marks an index as revoked or superseded.
func (b Bits) Set(index int) error {
	if index < 0 || index >= len(b)*8 {
		return fmt.Errorf("status index %d is outside the list", index)
	}
	b[index/8] |= 0x80 >> (index % 8)
	return nil
}

// Get tells whether an index is set; ok is false when it is outside the list.
func (b Bits) Get(index int) (set, ok bool) {
	if index < 0 || index >= len(b)*8 {
		return false, false
	}
	return b[index/8]&(0x80>>(index%8)) != 0, true
}

// NewIndex draws a place in a list of the given size. Places are random so that
// neighbours in a list don't tell who graduated together.
func NewIndex(random io.Reader, size int) (int, error) {
	n, err := rand.Int(random, big.NewInt(int64(size)))
	if err != nil {
		return 0, fmt.Errorf("status index: %w", err)
	}
	return int(n.Int64()), nil
}

func (b Bits) encoded() (string, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return "u" + base64.RawURLEncoding.EncodeToString(out.Bytes()), nil
}

func decodeBits(s string) (Bits, error) {
	packed, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(s, "u"))
	if err != nil || !strings.HasPrefix(s, "u") {
		return nil, errors.New("status list is not multibase u")
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("status list: %w", err)
	}
	bits, err := io.ReadAll(io.LimitReader(r, maxListBytes+1))
	if err != nil {
		return nil, fmt.Errorf("status list: %w", err)
	}
	if len(bits)*8 < StatusListSize || len(bits) > maxListBytes {
		return nil, fmt.Errorf("status list of %d bytes", len(bits))
	}
	return bits, nil
}

type wireList struct {
	Context           []string        `json:"@context"`
	ID                string          `json:"id"`
	Type              []string        `json:"type"`
	Issuer            string          `json:"issuer"`
	ValidFrom         string          `json:"validFrom"`
	ValidUntil        string          `json:"validUntil"`
	CredentialSubject wireListSubject `json:"credentialSubject"`
	Proof             *proof          `json:"proof,omitempty"`
}

type wireListSubject struct {
	ID            string `json:"id"`
	Type          string `json:"type"`
	StatusPurpose string `json:"statusPurpose"`
	EncodedList   string `json:"encodedList"`
}

// IssueStatusList signs the list at address (/status/revocation/N) as of a time.
func IssueStatusList(address, did string, bits Bits, asOf time.Time, key Key) ([]byte, error) {
	list, err := bits.encoded()
	if err != nil {
		return nil, err
	}
	w := wireList{
		Context: []string{contextCredentials}, ID: address,
		Type:   []string{"VerifiableCredential", "BitstringStatusListCredential"},
		Issuer: did, ValidFrom: instant(asOf), ValidUntil: instant(asOf.Add(StatusListLife)),
		CredentialSubject: wireListSubject{
			ID: address + "#list", Type: "BitstringStatusList", StatusPurpose: statusPurpose, EncodedList: list,
		},
	}
	p, err := embedded.issue(w, newProof(methodOf(did, key), asOf), key)
	if err != nil {
		return nil, fmt.Errorf("status list %s: %w", address, err)
	}
	w.Proof = &p
	return encode(w)
}

// statusList is a signed list that was read and checked.
type statusList struct {
	address     string
	bits        Bits
	asOf, until time.Time
}

func (is issuer) readStatusList(raw []byte) (statusList, error) {
	var w wireList
	if len(raw) > 2*maxListBytes {
		return statusList{}, errors.New("status list is too large")
	}
	if err := unambiguous(raw); err != nil {
		return statusList{}, err
	}
	var doc map[string]any
	if err := errors.Join(json.Unmarshal(raw, &w), json.Unmarshal(raw, &doc)); err != nil {
		return statusList{}, err
	}
	if w.Proof == nil || !same(w, doc) {
		return statusList{}, errors.New("not a status list of this kind")
	}
	public, known := is.keys[w.Proof.VerificationMethod]
	if w.Issuer != is.did || !known || !is.asserting[w.Proof.VerificationMethod] ||
		w.CredentialSubject.StatusPurpose != statusPurpose || len(w.Context) != 1 || w.Context[0] != contextCredentials {
		return statusList{}, errors.New("status list is not the issuer's")
	}
	delete(doc, "proof")
	if err := embedded.check(doc, *w.Proof, public); err != nil {
		return statusList{}, fmt.Errorf("status list: %w", err)
	}
	bits, err := decodeBits(w.CredentialSubject.EncodedList)
	if err != nil {
		return statusList{}, err
	}
	from, err1 := time.Parse(time.RFC3339, w.ValidFrom)
	until, err2 := time.Parse(time.RFC3339, w.ValidUntil)
	return statusList{address: w.ID, bits: bits, asOf: from, until: until}, errors.Join(err1, err2)
}
