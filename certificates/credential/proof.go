package credential

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"time"
)

const (
	proofType   = "DataIntegrityProof"
	cryptosuite = "eddsa-rdfc-2022"
	purpose     = "assertionMethod"
)

// ErrSignature says that a proof is not one of its key over its document.
var ErrSignature = errors.New("the signature does not fit the document")

// proof is a DataIntegrityProof (W3C VC Data Integrity 1.0, EdDSA cryptosuites).
type proof struct {
	Type               string `json:"type"`
	Cryptosuite        string `json:"cryptosuite"`
	Created            string `json:"created"`
	VerificationMethod string `json:"verificationMethod"`
	ProofPurpose       string `json:"proofPurpose"`
	ProofValue         string `json:"proofValue"`
}

func newProof(method string, created time.Time) proof {
	return proof{
		Type: proofType, Cryptosuite: cryptosuite, Created: instant(created),
		VerificationMethod: method, ProofPurpose: purpose,
	}
}

// hashData is what is signed: SHA-256 of the canonical proof options, then
// SHA-256 of the canonical document (vc-di-eddsa, 3.2.4). doc must carry no proof.
func (s shelf) hashData(doc map[string]any, p proof, every bool) ([]byte, error) {
	options := map[string]any{
		"@context": doc["@context"], "type": p.Type, "cryptosuite": p.Cryptosuite, "created": p.Created,
		"verificationMethod": p.VerificationMethod, "proofPurpose": p.ProofPurpose,
	}
	canonicalOptions, err := s.canonical(options, every)
	if err != nil {
		return nil, err
	}
	canonicalDoc, err := s.canonical(doc, every)
	if err != nil {
		return nil, err
	}
	a, b := sha256.Sum256([]byte(canonicalOptions)), sha256.Sum256([]byte(canonicalDoc))
	return append(a[:], b[:]...), nil
}

func (s shelf) prove(doc map[string]any, p proof, key ed25519.PrivateKey) (proof, error) {
	data, err := s.hashData(doc, p, true)
	if err != nil {
		return proof{}, err
	}
	p.ProofValue = base58btc(ed25519.Sign(key, data))
	return p, nil
}

// check fails with ErrUndefinedTerm when a term is not signed, with ErrSignature
// when the signature is not the key's.
func (s shelf) check(doc map[string]any, p proof, key ed25519.PublicKey) error {
	data, err := s.hashData(doc, p, true)
	if err != nil {
		return err
	}
	signature, err := fromBase58btc(p.ProofValue)
	if err != nil || p.Type != proofType || p.Cryptosuite != cryptosuite || p.ProofPurpose != purpose ||
		!ed25519.Verify(key, data, signature) {
		return ErrSignature
	}
	return nil
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
