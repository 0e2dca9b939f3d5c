package document

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func ownCA(t testing.TB) *Signer {
	t.Helper()
	s, err := NewOwnCA("Metropolitan Peace Academy", issuedAt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tool runs an outside program, or skips with the package that brings it.
func tool(t *testing.T, pack, name string, args ...string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not on this machine: apt-get install %s", name, pack)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	return string(out), err
}

func written(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestQpdfFindsNothingWrong(t *testing.T) {
	for _, c := range []Copy{someCopy(t, nil), someCopy(t, func(c *Copy) { c.Sample, c.Language, c.Paper, c.Name = true, Both, Letter, longName })} {
		for _, s := range []*Signer{nil, ownCA(t)} {
			path := written(t, "a.pdf", drawn(t, c, s))
			if out, err := tool(t, "qpdf", "qpdf", "--check", path); err != nil || strings.Contains(out, "WARNING") {
				t.Errorf("%v: %s", err, out)
			}
		}
	}
}

func TestPdfsigAcceptsThePage(t *testing.T) {
	pdf := drawn(t, someCopy(t, nil), ownCA(t))
	out, err := tool(t, "poppler-utils", "pdfsig", written(t, "a.pdf", pdf))
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{"Signature is Valid", "Total document signed", "ETSI.CAdES.detached", "SHA-256"} {
		if !strings.Contains(out, want) {
			t.Errorf("pdfsig does not say %q: %s", want, out)
		}
	}
	at := bytes.Index(pdf, []byte("stream\n")) + 40
	pdf[at] ^= 1
	if out, _ := tool(t, "poppler-utils", "pdfsig", written(t, "b.pdf", pdf)); strings.Contains(out, "Signature is Valid") {
		t.Error("a flipped bit is accepted")
	}
}

func TestOpensslAcceptsTheSignature(t *testing.T) {
	s := ownCA(t)
	pdf := drawn(t, someCopy(t, nil), s)
	m := regexp.MustCompile(`/ByteRange \[0 (\d+) (\d+) (\d+)\]`).FindSubmatch(pdf)
	if m == nil {
		t.Fatal("no byte range")
	}
	open, _ := strconv.Atoi(string(m[1]))
	end, _ := strconv.Atoi(string(m[2]))
	cms := make([]byte, (end-open-2)/2)
	for i := range cms {
		v, err := strconv.ParseUint(string(pdf[open+1+2*i:open+3+2*i]), 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		cms[i] = byte(v)
	}
	content := append(bytes.Clone(pdf[:open]), pdf[end:]...)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Authority().Raw})
	args := func(content []byte) []string {
		return []string{"cms", "-verify", "-inform", "DER", "-binary", "-cades", "-purpose", "any", "-attime", "1795300000",
			"-in", written(t, "a.der", cms), "-content", written(t, "a.bin", content), "-CAfile", written(t, "ca.pem", ca), "-out", os.DevNull}
	}
	if out, err := tool(t, "openssl", "openssl", args(content)...); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	content[len(content)/2] ^= 1
	if out, err := tool(t, "openssl", "openssl", args(content)...); err == nil {
		t.Errorf("a flipped bit is accepted: %s", out)
	}
}

func TestSameCopyGivesTheSameBytes(t *testing.T) {
	c, s := someCopy(t, nil), ownCA(t)
	for _, signer := range []*Signer{nil, s} {
		if !bytes.Equal(drawn(t, c, signer), drawn(t, c, signer)) {
			t.Error("two drawings differ")
		}
	}
}

func TestPagesAreDrawnAtOnceOnManyHands(t *testing.T) {
	c, s := someCopy(t, nil), ownCA(t)
	want := drawn(t, c, s)
	for range 4 {
		t.Run("hand", func(t *testing.T) {
			t.Parallel()
			if got := drawn(t, c, s); !bytes.Equal(got, want) {
				t.Error("drawings disturb each other")
			}
		})
	}
}

func TestSignerReadsBackFromPEM(t *testing.T) {
	s := ownCA(t)
	raw, err := s.PEM()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ReadSigner(raw)
	if err != nil || again.Fingerprint() != s.Fingerprint() {
		t.Fatal(err)
	}
	other := ownCA(t)
	otherRaw, _ := other.PEM()
	key, _ := pem.Decode(raw)
	_, otherChain := pem.Decode(otherRaw)
	for name, raw := range map[string][]byte{
		"nothing":         nil,
		"no key":          otherChain,
		"no certificate":  pem.EncodeToMemory(key),
		"another's chain": append(pem.EncodeToMemory(key), otherChain...),
		"a broken key":    []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
	} {
		if _, err := ReadSigner(raw); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	p384, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if _, err := NewSigner(p384, nil); err == nil {
		t.Error("P-384 is taken")
	}
	if err := s.chain[0].CheckSignatureFrom(s.Authority()); err != nil {
		t.Error(err)
	}
}

func BenchmarkDraw(b *testing.B) {
	c, s := someCopy(b, nil), ownCA(b)
	for b.Loop() {
		if _, err := Draw(c, s); err != nil {
			b.Fatal(err)
		}
	}
}
