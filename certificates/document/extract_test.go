package document

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
)

func deflate(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func object(n int, dict string, data []byte) string {
	return fmt.Sprintf("%d 0 obj\n<<%s /Length %d>>\nstream\n%s\nendstream\nendobj\n", n, dict, len(data), data)
}

func TestExtractFindsOneCredentialWithinItsLimits(t *testing.T) {
	c := someCopy(t, nil)
	pdf := drawn(t, c, nil)
	vc := c.Credential
	flate := "/Type /EmbeddedFile /Filter /FlateDecode"
	head := "%PDF-1.4\n"
	small := []byte(`{"@context":["x"],"type":["VerifiableCredential"],"a":1}`)
	for name, row := range map[string]struct {
		file []byte
		want error
	}{
		"as drawn":              {pdf, nil},
		"uncompressed":          {[]byte(head + object(1, "", vc)), nil},
		"wrong length":          {[]byte(head + strings.Replace(object(1, "", vc), "/Length ", "/Length 9", 1)), nil},
		"length by reference":   {[]byte(head + strings.Replace(object(1, flate, deflate(vc)), "/Length ", "/Length 9 0 R /X ", 1)), nil},
		"escaped filter name":   {[]byte(head + object(1, "/Filter /Flate#44ecode", deflate(vc))), nil},
		"carriage returns":      {[]byte(head + strings.ReplaceAll(object(1, "", vc), "\n", "\r\n")), nil},
		"with a foreign one":    {[]byte(string(pdf) + object(900, flate, deflate(small))), ErrSeveral},
		"the same one twice":    {[]byte(string(pdf) + object(900, flate, deflate(vc))), ErrSeveral},
		"other JSON beside it":  {[]byte(string(pdf) + object(900, flate, deflate([]byte(`{"a":1}`)))), nil},
		"nothing embedded":      {[]byte(head + object(1, flate, deflate([]byte("BT ET")))), ErrNone},
		"empty PDF":             {[]byte(head), ErrNone},
		"encrypted":             {[]byte(head + "trailer <</Encrypt 3 0 R>>"), ErrUnreadable},
		"no PDF":                {[]byte("PK\x03\x04"), ErrUnreadable},
		"empty":                 {nil, ErrUnreadable},
		"over five MiB":         {append([]byte(head), make([]byte, MaxFile)...), ErrTooBig},
		"a large stream":        {[]byte(head + object(1, flate, deflate([]byte("{"+strings.Repeat(" ", maxStream))))), ErrTooBig},
		"a bomb of JSON":        {[]byte(head + object(1, flate, deflate([]byte("{"+strings.Repeat(" ", 32<<20))))), ErrTooBig},
		"a bomb of something":   {[]byte(head + object(1, flate, deflate(make([]byte, 32<<20)))), ErrNone},
		"401 streams":           {[]byte(head + strings.Repeat(object(1, "", []byte("x")), 401)), ErrTooBig},
		"400 streams":           {[]byte(head + strings.Repeat(object(1, "", []byte("x")), 400)), ErrNone},
		"eight MiB in all":      {[]byte(head + strings.Repeat(object(1, flate, deflate([]byte("{"+strings.Repeat(" ", maxStream-10)))), 33)), ErrTooBig},
		"broken off":            {[]byte(head + object(1, flate, deflate(vc))[:900]), ErrNone},
		"filters in a row":      {[]byte(head + object(1, "/Filter [/ASCIIHexDecode /FlateDecode]", vc)), ErrNone},
		"only words":            {[]byte(head + strings.Repeat("stream\nendstream ", 1000)), ErrNone},
		"many words of a dict":  {[]byte(head + strings.Repeat(">>stream\n", 1000)), ErrNone},
		"lower case type":       {[]byte(head + object(1, "", []byte(`{"@context":[],"type":["verifiablecredential"]}`))), ErrNone},
		"a type that is a word": {[]byte(head + object(1, "", []byte(`{"@context":[],"type":"VerifiableCredential"}`))), ErrNone},
	} {
		got, err := Extract(row.file)
		if !errors.Is(err, row.want) || (err == nil) != (row.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
		if err == nil && !bytes.Equal(got.Credential, vc) {
			t.Errorf("%s: other bytes", name)
		}
	}
}

func TestSignatureMustCoverTheWholeFile(t *testing.T) {
	signer := ownCA(t)
	c := someCopy(t, nil)
	signed := drawn(t, c, signer)
	for name, row := range map[string]struct {
		file []byte
		want Coverage
	}{
		"signed":          {signed, Whole},
		"unsigned":        {drawn(t, c, nil), Unsigned},
		"update appended": {append(bytes.Clone(signed), "1 0 obj\n<<>>\nendobj\n"...), Part},
		"newline added":   {append(bytes.Clone(signed), '\n'), Part},
	} {
		got, err := Extract(row.file)
		if err != nil || got.Signature != row.want {
			t.Errorf("%s: %s, %v", name, got.Signature, err)
		}
	}
}

// From the page to the verdict, as a stranger's upload goes.
func TestPageComesBackWithItsVerdict(t *testing.T) {
	key, err := credential.NewKey(bytes.NewReader(bytes.Repeat([]byte{7}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	c := someCopy(t, nil)
	if c.Credential, err = credential.Issue(c.Claims, key, issuedAt); err != nil {
		t.Fatal(err)
	}
	other := c
	other.Claims.ID, other.Name = "urn:uuid:11111111-1111-4111-8111-111111111111", "Somebody Else"
	if other.Credential, err = credential.Issue(other.Claims, key, issuedAt); err != nil {
		t.Fatal(err)
	}
	doc, err := credential.Document(c.Issuer, []credential.IssuerKey{{Public: key.Public, State: credential.Active}})
	if err != nil {
		t.Fatal(err)
	}
	trust, err := credential.NewTrust(doc)
	if err != nil {
		t.Fatal(err)
	}
	pdf := drawn(t, c, ownCA(t))
	look := func(credential.Claims, [32]byte) (credential.Facts, error) {
		return credential.Facts{Known: true, Shared: true, Standing: credential.StandingValid, FileSHA256: sha256.Sum256(pdf)}, nil
	}
	flip := func(at int) []byte {
		out := bytes.Clone(pdf)
		out[at] ^= 1
		return out
	}
	inPage := bytes.Index(pdf, []byte("/Type /Page\n"))
	inVC := bytes.Index(pdf, []byte("/EmbeddedFile")) + 400
	swapped := other
	swapped.Claims = c.Claims // the page of one, the credential of another
	forged := bytes.Replace(c.Credential, []byte("Tasha"), []byte("Trish"), 1)
	tampered := c
	tampered.Credential = forged
	for name, row := range map[string]struct {
		file []byte
		want credential.Verdict
	}{
		"as issued":          {pdf, credential.Valid},
		"text of the page":   {flip(inPage + 30), credential.ValidFileAltered},
		"appended update":    {append(bytes.Clone(pdf), "\n%%EOF\n"...), credential.ValidFileAltered},
		"attachment swapped": {drawn(t, swapped, nil), credential.ValidFileAltered},
		"forged attachment":  {drawn(t, tampered, nil), credential.Tampered},
		"bare JSON":          {c.Credential, credential.Valid},
		"forged JSON":        {forged, credential.Tampered},
		"broken attachment":  {flip(inVC), credential.NoCredential},
		"a picture":          {[]byte("\x89PNG"), credential.Unreadable},
		"nothing":            {nil, credential.Unreadable},
	} {
		got, err := credential.Verify(Read(row.file), trust, look, issuedAt.Add(time.Hour))
		if err != nil || got.Verdict != row.want {
			t.Errorf("%s: %s, %v; want %s", name, got.Verdict, err, row.want)
		}
		if name == "attachment swapped" && got.Claims.Name != "Somebody Else" {
			t.Errorf("the page's name is shown, not the signed one: %s", got.Claims.Name)
		}
	}
}

func FuzzExtract(f *testing.F) {
	c := someCopy(f, nil)
	f.Add(drawn(f, c, nil))
	f.Add([]byte("%PDF-1.7\n" + object(1, "/Filter /FlateDecode", deflate(c.Credential))))
	f.Add([]byte("%PDF-1.7\n>>stream\n/ByteRange [0 1 2 3]"))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := Extract(file)
		if (err == nil) == (got.Credential == nil) {
			t.Fatal("neither found nor failed")
		}
		_ = Read(file)
	})
}

func BenchmarkBomb(b *testing.B) {
	file := []byte("%PDF-1.4\n" + strings.Repeat(object(1, "/Filter /FlateDecode", deflate(make([]byte, 4<<20))), 150))
	b.ReportMetric(float64(len(file)), "bytes")
	for b.Loop() {
		_, _ = Extract(file)
	}
}
