package credential

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"strings"
	"testing"
)

// w3c is the published vector's shelf: its examples context holds one line.
func w3c() shelf {
	s := maps.Clone(embedded)
	s["https://www.w3.org/ns/credentials/examples/v2"] = []byte(`{"@context":{"@vocab":"https://www.w3.org/ns/credentials/examples#"}}`)
	return s
}

func TestPublishedVectorOfEddsaRdfc2022(t *testing.T) {
	raw, err := os.ReadFile("testdata/vc-di-eddsa-b1.json")
	if err != nil {
		t.Fatal(err)
	}
	var signed struct{ Proof proof }
	var doc map[string]any
	if err := json.Unmarshal(raw, &signed); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	delete(doc, "proof")
	data, err := w3c().hashData(doc, signed.Proof, false)
	if err != nil {
		t.Fatal(err)
	}
	const want = "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0" +
		"517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
	if got := hex.EncodeToString(data); got != want {
		t.Errorf("hash data %s, want %s", got, want)
	}
	secret, err := fromBase58btc("z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq")
	if err != nil {
		t.Fatal(err)
	}
	key := keyFrom(secret[2:])
	if key.ID() != "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2" {
		t.Fatalf("public key %s", key.ID())
	}
	if got := base58btc(ed25519.Sign(key.private, data)); got != signed.Proof.ProofValue {
		t.Errorf("proof value %s, want %s", got, signed.Proof.ProofValue)
	}
}

func TestOnlyEmbeddedContextsAreRead(t *testing.T) {
	_, err := embedded.canonical(map[string]any{"@context": "https://example.org/context", "name": "x"}, false)
	if err == nil || !strings.Contains(err.Error(), "not embedded") {
		t.Fatalf("%v", err)
	}
}

func TestCanonicalSeesWhatNoContextDefines(t *testing.T) {
	base := func() map[string]any {
		return map[string]any{
			"@context": []any{contextCredentials, contextOpenBadges, contextExtensions},
			"id":       "urn:uuid:0b8f1f0e-0c55-4f3c-9d0e-3a1d1c3b5a77", "type": []any{"VerifiableCredential"},
			"issuer": "did:web:academy.example", "name": "x",
		}
	}
	for name, row := range map[string]struct {
		change func(map[string]any)
		want   error
	}{
		"as it is":         {func(map[string]any) {}, nil},
		"undefined term":   {func(d map[string]any) { d["honours"] = "cum laude" }, ErrUndefinedTerm},
		"undefined type":   {func(d map[string]any) { d["type"] = []any{"VerifiableCredential", "Diploma"} }, ErrUndefinedTerm},
		"relative address": {func(d map[string]any) { d["evidence"] = map[string]any{"id": "x", "name": "y"} }, ErrUndefinedTerm},
	} {
		doc := base()
		row.change(doc)
		if _, err := embedded.canonical(doc, true); !errors.Is(err, row.want) || (err == nil) != (row.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
		if _, err := embedded.canonical(doc, false); err != nil {
			t.Errorf("%s, once: %v", name, err)
		}
	}
}

func TestBase58ReadsBackWhatItWrites(t *testing.T) {
	for _, b := range [][]byte{{0}, {0, 0, 1}, {255}, []byte("metropolitan"), make([]byte, 32)} {
		got, err := fromBase58btc(base58btc(b))
		if err != nil || string(got) != string(b) {
			t.Errorf("%x came back as %x, %v", b, got, err)
		}
	}
	for _, s := range []string{"", "z", "u123", "z0", "zO", "z" + strings.Repeat("1", 200)} {
		if b, err := fromBase58btc(s); err == nil {
			t.Errorf("%q gave %x", s, b)
		}
	}
}
