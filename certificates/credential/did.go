package credential

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// KeyState says what a key of the issuer document may still vouch for.
type KeyState string

const (
	Active      KeyState = "active"      // signs today
	Retired     KeyState = "retired"     // signs no more; what it signed stands for ever
	Compromised KeyState = "compromised" // counts only where the issuance log has the hash
)

// IssuerKey is one public key of the issuer with its state.
type IssuerKey struct {
	Public ed25519.PublicKey
	State  KeyState
}

// DID is the issuer's identifier: did:web of the public address (a port is
// written %3A), or did:key of the first key when no public address is set.
func DID(baseURL string, first ed25519.PublicKey) (string, error) {
	if baseURL == "" {
		return "did:key:" + multikey(first), nil
	}
	u, err := url.Parse(baseURL)
	if err != nil || u.Hostname() == "" || strings.Contains(u.Hostname(), ":") {
		return "", fmt.Errorf("base address %q has no host name for did:web", baseURL)
	}
	did := "did:web:" + strings.ToLower(u.Hostname())
	if p := u.Port(); p != "" {
		did += "%3A" + p
	}
	for part := range strings.SplitSeq(strings.Trim(u.EscapedPath(), "/"), "/") {
		if part != "" {
			did += ":" + part
		}
	}
	return did, nil
}

type didDocument struct {
	Context            []string             `json:"@context"`
	ID                 string               `json:"id"`
	VerificationMethod []verificationMethod `json:"verificationMethod"`
	AssertionMethod    []string             `json:"assertionMethod"`
}

type verificationMethod struct {
	ID                 string `json:"id"`
	Type               string `json:"type"`
	Controller         string `json:"controller"`
	PublicKeyMultibase string `json:"publicKeyMultibase"`
}

// Document is /.well-known/did.json. Every key stays a verification method for
// ever; a compromised one leaves assertionMethod, which is an array of strings
// because some verifiers read nothing else.
func Document(did string, keys []IssuerKey) ([]byte, error) {
	doc := didDocument{
		Context:         []string{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"},
		ID:              did,
		AssertionMethod: []string{},
	}
	for _, k := range keys {
		id := methodID(did, k.Public)
		doc.VerificationMethod = append(doc.VerificationMethod, verificationMethod{
			ID: id, Type: "Multikey", Controller: did, PublicKeyMultibase: multikey(k.Public),
		})
		if k.State != Compromised {
			doc.AssertionMethod = append(doc.AssertionMethod, id)
		}
	}
	return encode(doc)
}

func methodID(did string, public ed25519.PublicKey) string { return did + "#" + multikey(public) }

// issuer is a did.json that was read.
type issuer struct {
	did       string
	keys      map[string]ed25519.PublicKey
	asserting map[string]bool
}

func readDocument(raw []byte) (issuer, error) {
	var doc didDocument
	if len(raw) > maxJSON {
		return issuer{}, errors.New("issuer document is too large")
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return issuer{}, fmt.Errorf("issuer document: %w", err)
	}
	if !strings.HasPrefix(doc.ID, "did:") || len(doc.VerificationMethod) == 0 {
		return issuer{}, errors.New("issuer document names no key")
	}
	is := issuer{did: doc.ID, keys: map[string]ed25519.PublicKey{}, asserting: map[string]bool{}}
	for _, m := range doc.VerificationMethod {
		public, err := fromMultikey(m.PublicKeyMultibase)
		if err != nil || m.Controller != doc.ID || !strings.HasPrefix(m.ID, doc.ID+"#") {
			return issuer{}, fmt.Errorf("issuer document: key %q can't be read", m.ID)
		}
		is.keys[m.ID] = public
	}
	for _, id := range doc.AssertionMethod {
		is.asserting[id] = true
	}
	return is, nil
}
