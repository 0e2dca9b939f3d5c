package credential

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"math/big"
	"strings"
)

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

var errMultibase = errors.New("not base58btc multibase")

// ed25519Public is the multicodec prefix of an Ed25519 public key (Multikey).
var ed25519Public = []byte{0xed, 0x01}

func base58btc(b []byte) string {
	n, mod, radix := new(big.Int).SetBytes(b), new(big.Int), big.NewInt(58)
	var out []byte
	for n.Sign() > 0 {
		n.DivMod(n, radix, mod)
		out = append(out, base58[mod.Int64()])
	}
	for _, c := range b {
		if c != 0 {
			break
		}
		out = append(out, base58[0])
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return "z" + string(out)
}

// fromBase58btc reads at most 128 symbols: a signature has 88.
func fromBase58btc(s string) ([]byte, error) {
	if len(s) < 2 || len(s) > 129 || s[0] != 'z' {
		return nil, errMultibase
	}
	n, radix := new(big.Int), big.NewInt(58)
	zeros := 0
	for i, c := range s[1:] {
		v := strings.IndexRune(base58, c)
		if v < 0 {
			return nil, errMultibase
		}
		if v == 0 && i == zeros {
			zeros++
		}
		n.Add(n.Mul(n, radix), big.NewInt(int64(v)))
	}
	return append(make([]byte, zeros), n.Bytes()...), nil
}

// multikey writes a public key as publicKeyMultibase.
func multikey(public ed25519.PublicKey) string {
	return base58btc(append(bytes.Clone(ed25519Public), public...))
}

func fromMultikey(s string) (ed25519.PublicKey, error) {
	b, err := fromBase58btc(s)
	if err != nil || len(b) != 2+ed25519.PublicKeySize || !bytes.HasPrefix(b, ed25519Public) {
		return nil, errors.New("not an Ed25519 Multikey")
	}
	return ed25519.PublicKey(b[2:]), nil
}
