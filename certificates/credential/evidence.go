package credential

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
)

// Manifest is what earned a certificate: SHA-256 values of the edition, the
// module versions read, the sessions attended and the rubrics met. It stays in
// the database.
type Manifest struct {
	Edition  string   `json:"edition"`
	Modules  []string `json:"modules"`
	Sessions []string `json:"sessions"`
	Rubrics  []string `json:"rubrics"`
}

// Bytes is the manifest as it is stored and committed to.
func (m Manifest) Bytes() ([]byte, error) { return encode(m) }

// NewEvidenceKey makes the random key of one copy. A key per copy keeps the
// commitments of two certificates of one cohort from being equal.
func NewEvidenceKey(random io.Reader) ([]byte, error) {
	key := make([]byte, sha256.Size)
	if _, err := io.ReadFull(random, key); err != nil {
		return nil, fmt.Errorf("evidence key: %w", err)
	}
	return key, nil
}

// Commit is the HMAC-SHA-256 of a manifest's bytes, in base64url. It tells
// nothing about the manifest until its key is shown.
func Commit(key, manifest []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write(manifest)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
