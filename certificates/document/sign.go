package document

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// Signer signs finished pages: a P-256 key and its certificate, the issuer's after it.
type Signer struct {
	key   *ecdsa.PrivateKey
	chain []*x509.Certificate // the first is the key's own
}

// NewSigner takes a configured key and certificate chain.
func NewSigner(key *ecdsa.PrivateKey, chain []*x509.Certificate) (*Signer, error) {
	if key.Curve != elliptic.P256() {
		return nil, errors.New("document key is not on P-256")
	}
	if len(chain) == 0 || !key.PublicKey.Equal(chain[0].PublicKey) {
		return nil, errors.New("document certificate is not of this key")
	}
	return &Signer{key: key, chain: chain}, nil
}

// NewOwnCA makes an authority of the Academy's own and the one document key
// that it ever signs: the authority's key is thrown away, so it can vouch for
// nothing else. Both certificates last ten years.
func NewOwnCA(organisation string, now time.Time) (*Signer, error) {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := func(name string) *x509.Certificate {
		serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)) // rand.Reader never fails
		return &x509.Certificate{
			SerialNumber: serial.Add(serial, big.NewInt(1)),
			Subject:      pkix.Name{Organization: []string{organisation}, CommonName: name},
			NotBefore:    now.Add(-time.Hour).UTC(), NotAfter: now.AddDate(10, 0, 0).UTC(),
			BasicConstraintsValid: true,
		}
	}
	root := template(organisation + " Document Authority")
	root.IsCA, root.MaxPathLenZero = true, true
	root.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, &caKey.PublicKey, caKey)
	if err != nil {
		return nil, err
	}
	leaf := template(organisation)
	leaf.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, root, &key.PublicKey, caKey)
	if err != nil {
		return nil, err
	}
	var chain []*x509.Certificate
	for _, der := range [][]byte{leafDER, rootDER} {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		chain = append(chain, cert)
	}
	return NewSigner(key, chain)
}

// Authority is the certificate that /trust offers: the last of the chain.
func (s *Signer) Authority() *x509.Certificate { return s.chain[len(s.chain)-1] }

// Fingerprint is the SHA-256 of the authority's certificate.
func (s *Signer) Fingerprint() [32]byte { return sha256.Sum256(s.Authority().Raw) }

// PEM is key and chain as one file. It holds a secret: seal it before storing.
func (s *Signer) PEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(s.key)
	if err != nil {
		return nil, err
	}
	out := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	for _, c := range s.chain {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out, nil
}

// ReadSigner reads a key and its chain from PEM, as PEM writes it or as an
// authority delivers it (PKCS #8 or SEC 1).
func ReadSigner(raw []byte) (*Signer, error) {
	var key *ecdsa.PrivateKey
	var chain []*x509.Certificate
	for block, rest := pem.Decode(raw); block != nil; block, rest = pem.Decode(rest) {
		var err error
		switch block.Type {
		case "CERTIFICATE":
			var c *x509.Certificate
			c, err = x509.ParseCertificate(block.Bytes)
			chain = append(chain, c)
		case "EC PRIVATE KEY":
			key, err = x509.ParseECPrivateKey(block.Bytes)
		case "PRIVATE KEY":
			var k any
			if k, err = x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
				var ok bool
				if key, ok = k.(*ecdsa.PrivateKey); !ok {
					err = errors.New("not an ECDSA key")
				}
			}
		}
		if err != nil {
			return nil, fmt.Errorf("document key: %w", err)
		}
	}
	if key == nil {
		return nil, errors.New("document key: no private key in the file")
	}
	return NewSigner(key, chain)
}

const (
	rangePlaceholder    = "[0 1111111111 2222222222 3333333333]"
	contentsPlaceholder = "/Contents <"
)

// room is how many bytes the CMS may take: chain plus a kilobyte.
func (s *Signer) room() int {
	n := 1024
	for _, c := range s.chain {
		n += len(c.Raw)
	}
	return n
}

// signature adds an invisible field and its value, with certification level 1:
// a reader calls every later change a broken signature.
func (o *objects) signature(page int, at time.Time, s *Signer) (value, field int) {
	value = o.add("<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (%s)\n"+
		"/Reference [<</Type /SigRef /TransformMethod /DocMDP /TransformParams <</Type /TransformParams /P 1 /V /1.2>>>>]\n"+
		"/ByteRange %s\n%s%0*d>>>", pdfDate(at), rangePlaceholder, contentsPlaceholder, 2*s.room(), 0)
	field = o.add("<</Type /Annot /Subtype /Widget /FT /Sig /T (Signature) /F 132 /Rect [0 0 0 0] /P %d 0 R /V %d 0 R>>", page, value)
	return value, field
}

// seal signs all of the file but the place of the signature itself.
func (s *Signer) seal(pdf []byte) ([]byte, error) {
	ranged := bytes.LastIndex(pdf, []byte(rangePlaceholder))
	if ranged < 0 {
		return nil, errDrawn
	}
	open := ranged + bytes.Index(pdf[ranged:], []byte(contentsPlaceholder)) + len(contentsPlaceholder) - 1
	end := open + 2*s.room() + 2
	filled := fmt.Sprintf("[0 %d %d %d]", open, end, len(pdf)-end)
	copy(pdf[ranged:], fmt.Sprintf("%-*s", len(rangePlaceholder), filled))

	h := sha256.New()
	h.Write(pdf[:open])
	h.Write(pdf[end:])
	cms, err := s.cms(h.Sum(nil))
	if err != nil {
		return nil, fmt.Errorf("sign the page: %w", err)
	}
	if len(cms) > s.room() {
		return nil, errors.New("sign the page: the signature is larger than its room")
	}
	copy(pdf[open+1:], fmt.Sprintf("%X", cms))
	return pdf, nil
}

// sign is deterministic (RFC 6979), so that the same copy gives the same file.
func (s *Signer) sign(digest []byte) ([]byte, error) { return s.key.Sign(nil, digest, crypto.SHA256) }
