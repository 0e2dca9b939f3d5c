package document

import (
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
)

var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCertV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidECDSASHA256   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
)

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content signedData `asn1:"explicit,tag:0"`
}

// signedData is CMS SignedData (RFC 5652), detached.
type signedData struct {
	Version      int
	Digests      []pkix.AlgorithmIdentifier `asn1:"set"`
	Encapsulated struct{ Type asn1.ObjectIdentifier }
	Certificates asn1.RawValue
	Signers      []signerInfo `asn1:"set"`
}

type signerInfo struct {
	Version    int
	ID         issuerAndSerial
	Digest     pkix.AlgorithmIdentifier
	Attributes asn1.RawValue
	Algorithm  pkix.AlgorithmIdentifier
	Signature  []byte
}

type issuerAndSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

// certID is ESSCertIDv2 (RFC 5035). The hash algorithm is left out because
// SHA-256 is its default and DER forbids writing a default.
type certID struct{ Hash []byte }

type signingCertificateV2 struct{ Certs []certID }

// cms is a detached CAdES-BES signature as PAdES B-B wants it (ETSI EN 319
// 142-1): SHA-256, the signing certificate bound in, no signing time.
func (s *Signer) cms(digest []byte) ([]byte, error) {
	own := sha256.Sum256(s.chain[0].Raw)
	attributes, err := attributeSet(
		value{oidContentType, oidData},
		value{oidMessageDigest, digest},
		value{oidSigningCertV2, signingCertificateV2{Certs: []certID{{own[:]}}}},
	)
	if err != nil {
		return nil, err
	}
	// What is signed is the SET OF (tag 0x31); what is stored is [0] IMPLICIT.
	sum := sha256.Sum256(attributes)
	signature, err := s.sign(sum[:])
	if err != nil {
		return nil, err
	}
	stored := append([]byte{0xa0}, attributes[1:]...)
	var certificates []byte
	for _, c := range s.chain {
		certificates = append(certificates, c.Raw...)
	}
	sha := pkix.AlgorithmIdentifier{Algorithm: oidSHA256}
	sd := signedData{
		Version:      1,
		Digests:      []pkix.AlgorithmIdentifier{sha},
		Certificates: asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: certificates},
		Signers: []signerInfo{{
			Version:    1,
			ID:         issuerAndSerial{asn1.RawValue{FullBytes: s.chain[0].RawIssuer}, s.chain[0].SerialNumber},
			Digest:     sha,
			Attributes: asn1.RawValue{FullBytes: stored},
			Algorithm:  pkix.AlgorithmIdentifier{Algorithm: oidECDSASHA256},
			Signature:  signature,
		}},
	}
	sd.Encapsulated.Type = oidData
	return asn1.Marshal(contentInfo{Type: oidSignedData, Content: sd})
}

type value struct {
	kind asn1.ObjectIdentifier
	of   any
}

// attributeSet encodes signed attributes as a DER SET OF, in its sorted order.
func attributeSet(values ...value) ([]byte, error) {
	var all []attribute
	for _, v := range values {
		raw, err := asn1.Marshal(v.of)
		if err != nil {
			return nil, err
		}
		all = append(all, attribute{v.kind, []asn1.RawValue{{FullBytes: raw}}})
	}
	return asn1.MarshalWithParams(all, "set")
}
