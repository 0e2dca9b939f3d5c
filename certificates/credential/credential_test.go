package credential

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var issuedAt = time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)

const (
	did      = "did:web:academy.example"
	listAddr = "https://academy.example/status/revocation/1"
)

// bench is one issuer with a key, and the copies it signs.
type bench struct {
	key  Key
	bits Bits
}

func newBench(t *testing.T) *bench {
	t.Helper()
	key, err := NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &bench{key: key, bits: NewBits(0)}
}

func (b *bench) trust(t *testing.T, states ...KeyState) Trust {
	t.Helper()
	state := Active
	if len(states) > 0 {
		state = states[0]
	}
	other, _ := NewKey(rand.Reader)
	doc, err := Document(did, []IssuerKey{{b.key.Public, state}, {other.Public, Active}})
	if err != nil {
		t.Fatal(err)
	}
	list, err := IssueStatusList(listAddr, did, b.bits, issuedAt, other)
	if err != nil {
		t.Fatal(err)
	}
	trust, err := NewTrust(doc, list)
	if err != nil {
		t.Fatal(err)
	}
	return trust
}

func someClaims() Claims {
	return Claims{
		ID: "urn:uuid:0b8f1f0e-0c55-4f3c-9d0e-3a1d1c3b5a77", Name: "María José Peña <& Co>", Number: "MPA-0101-2345-678X",
		CourseCode: "OUT", CourseTitle: "Street Outreach", Edition: "2026", Hours: 144.5, Wording: Completed,
		Language: "en", Narrative: "All required minutes, modules and practicals.", Areas: []string{"De-escalation", "Mediation"},
		Achievement:  "https://academy.example/achievements/OUT/2026",
		FirstSession: time.Date(2026, 7, 20, 0, 0, 0, 0, time.UTC), LastSession: time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC),
		Completed: time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC), Issued: issuedAt, ValidUntil: issuedAt.AddDate(2, 0, 0),
		Issuer: did, IssuerName: "Metropolitan Peace Academy", IssuerAbout: "Metropolitan Peace Initiatives",
		Signatory: "Vaughn Bryant", SignatoryTitle: "Director", StatusList: listAddr, StatusIndex: 70001,
		Evidence: Commit([]byte("k"), []byte("m")),
	}
}

func (b *bench) issue(t *testing.T, change func(*Claims)) ([]byte, Claims) {
	t.Helper()
	c := someClaims()
	if change != nil {
		change(&c)
	}
	raw, err := Issue(c, b.key, issuedAt)
	if err != nil {
		t.Fatal(err)
	}
	return raw, c
}

func known(file []byte) Lookup {
	return func(Claims, [32]byte) (Facts, error) {
		return Facts{Known: true, Shared: true, Standing: StandingValid, FileSHA256: sha256.Sum256(file)}, nil
	}
}

func but(l Lookup, change func(*Facts)) Lookup {
	return func(c Claims, sum [32]byte) (Facts, error) {
		f, err := l(c, sum)
		change(&f)
		return f, err
	}
}

func TestClaimsComeBackAsTheyWereSigned(t *testing.T) {
	b := newBench(t)
	for _, change := range []func(*Claims){nil,
		func(c *Claims) { c.Sample, c.Areas = true, nil },
		func(c *Claims) { c.Wording, c.ValidUntil, c.Hours = TookPart, time.Time{}, 3 },
		func(c *Claims) { c.IssuerAbout = "" },
		func(c *Claims) { c.Name = "Nguyễn Thị Ánh \U0001F54A" },
	} {
		raw, want := b.issue(t, change)
		up := Upload{File: raw, Credential: raw}
		got, err := Verify(up, b.trust(t), nil, issuedAt)
		if err != nil || got.Verdict != Valid || got.Claims == nil {
			t.Fatalf("%v %v", got, err)
		}
		if fmt.Sprint(*got.Claims) != fmt.Sprint(want) {
			t.Errorf("got  %v\nwant %v", *got.Claims, want)
		}
		if bytes.Contains(raw, []byte(`\u00`)) {
			t.Error("HTML escapes in signed bytes")
		}
	}
}

func TestVerdicts(t *testing.T) {
	b := newBench(t)
	raw, _ := b.issue(t, nil)
	stranger := newBench(t)
	foreign, _ := stranger.issue(t, func(c *Claims) { c.Issuer = "did:web:elsewhere.example" })
	forged, _ := stranger.issue(t, nil)
	page := []byte("%PDF the page")
	swap := func(old, with string) []byte {
		out := bytes.Replace(raw, []byte(old), []byte(with), 1)
		if bytes.Equal(out, raw) {
			t.Fatalf("%q is not there", old)
		}
		return out
	}
	listed := &bench{key: b.key, bits: NewBits(0)}
	if err := listed.bits.Set(70001); err != nil {
		t.Fatal(err)
	}
	pdf := Upload{File: page, Credential: raw, PDF: true}
	of := func(raw []byte) Upload { return Upload{File: raw, Credential: raw} }
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		up    Upload
		trust Trust
		look  Lookup
		at    time.Time
		want  Verdict
		step  Step // that failed
	}{
		"as issued":               {up: pdf, look: known(page), want: Valid},
		"page altered":            {up: pdf, look: known(raw), want: ValidFileAltered, step: StepFile},
		"offline":                 {up: pdf, want: Valid},
		"offline, bit set":        {up: pdf, trust: listed.trust(t), want: Revoked, step: StepStanding},
		"revoked":                 {up: pdf, look: but(known(page), func(f *Facts) { f.Standing = StandingRevoked }), want: Revoked, step: StepStanding},
		"revoked, copy ended":     {up: pdf, look: but(known(page), func(f *Facts) { f.Standing, f.Shared = StandingRevoked, false }), want: Revoked, step: StepStanding},
		"superseded":              {up: pdf, look: but(known(page), func(f *Facts) { f.Standing, f.Shared = StandingSuperseded, false }), want: Superseded, step: StepStanding},
		"on hold":                 {up: pdf, look: but(known(page), func(f *Facts) { f.Standing = StandingOnHold }), want: OnHold, step: StepStanding},
		"copy ended":              {up: pdf, look: but(known(page), func(f *Facts) { f.Shared = false }), want: NotShared, step: StepStanding},
		"copy ended, on hold":     {up: pdf, look: but(known(page), func(f *Facts) { f.Standing, f.Shared = StandingOnHold, false }), want: NotShared, step: StepStanding},
		"not in the database":     {up: pdf, look: func(Claims, [32]byte) (Facts, error) { return Facts{}, nil }, want: Unknown, step: StepKnown},
		"expired":                 {up: pdf, look: known(page), at: issuedAt.AddDate(2, 0, 1), want: Expired, step: StepDates},
		"last second":             {up: pdf, look: known(page), at: issuedAt.AddDate(2, 0, 0), want: Valid},
		"too early":               {up: pdf, look: known(page), at: issuedAt.Add(-time.Second), want: NotYetValid, step: StepDates},
		"name changed":            {up: of(swap("Peña", "Pena")), want: Tampered, step: StepSignature},
		"hours changed":           {up: of(swap("144.5", "244.5")), want: Tampered, step: StepSignature},
		"term added":              {up: of(swap(`"name":"Street`, `"honours":"cum laude","name":"Street`)), want: Tampered, step: StepTerms},
		"subject term added":      {up: of(swap(`"creditsEarned"`, `"role":"Director","creditsEarned"`)), want: Tampered, step: StepTerms},
		"term in other case":      {up: of(swap(`"creditsEarned"`, `"Name":"X","creditsEarned"`)), want: Tampered, step: StepTerms},
		"null added":              {up: of(swap(`"creditsEarned"`, `"role":null,"creditsEarned"`)), want: Tampered, step: StepTerms},
		"relative address added":  {up: of(swap(`"evidence":[`, `"evidence":[{"id":"x","type":["Evidence"],"name":"n","genre":"g","narrative":"n"},`)), want: Tampered, step: StepTerms},
		"type added":              {up: of(swap(`"OpenBadgeCredential"]`, `"OpenBadgeCredential","Diploma"]`)), want: Tampered, step: StepTerms},
		"context added":           {up: of(swap(`extensions.json"]`, `extensions.json","https://example.org/x"]`)), want: Tampered, step: StepTerms},
		"signature changed":       {up: of(swap(`"proofValue":"z`, `"proofValue":"z2`)), want: Tampered, step: StepSignature},
		"proof time changed":      {up: of(swap(`"created":"2026`, `"created":"2025`)), want: Tampered, step: StepSignature},
		"proof purpose changed":   {up: of(swap(`"proofPurpose":"assertionMethod"`, `"proofPurpose":"authentication"`)), want: Tampered, step: StepSignature},
		"index changed":           {up: of(bytes.ReplaceAll(raw, []byte("70001"), []byte("70002"))), want: Tampered, step: StepSignature},
		"key given twice":         {up: of(swap(`"creditsEarned"`, `"creditsEarned":900,"creditsEarned"`)), want: Unreadable, step: StepWellFormed},
		"cut off":                 {up: of(raw[:len(raw)-2]), want: Unreadable, step: StepWellFormed},
		"more after the end":      {up: of(append(bytes.Clone(raw), "{}"...)), want: Unreadable, step: StepWellFormed},
		"other JSON":              {up: of([]byte(`{"a":1}`)), want: NoCredential, step: StepWellFormed},
		"deep JSON":               {up: of([]byte(strings.Repeat(`{"a":`, 500) + "1" + strings.Repeat("}", 500))), want: Unreadable, step: StepWellFormed},
		"foreign":                 {up: of(foreign), want: NotOurs, step: StepOurs},
		"our name, their key":     {up: of(forged), want: NotOurs, step: StepKey},
		"empty file":              {up: Upload{Fault: FaultUnreadable}, want: Unreadable, step: StepReceived},
		"too big":                 {up: Upload{Fault: FaultTooBig}, want: Unreadable, step: StepReceived},
		"no credential":           {up: Upload{Fault: FaultMissing, PDF: true}, want: NoCredential, step: StepFound},
		"two credentials":         {up: Upload{Fault: FaultSeveral, PDF: true}, want: Unreadable, step: StepFound},
		"retired key":             {up: pdf, trust: b.trust(t, Retired), look: known(page), want: Valid},
		"compromised key":         {up: pdf, trust: b.trust(t, Compromised), look: known(page), want: NotOurs, step: StepKey},
		"compromised key, logged": {up: pdf, trust: b.trust(t, Compromised), look: but(known(page), func(f *Facts) { f.Logged = true }), want: Valid},
		"compromised, offline":    {up: pdf, trust: b.trust(t, Compromised), want: NotOurs, step: StepKey},
		"old snapshot":            {up: pdf, at: issuedAt.Add(8 * day), want: Valid},
	} {
		t.Run(name, func(t *testing.T) {
			if c.trust.DID() == "" {
				c.trust = b.trust(t)
			}
			if c.at.IsZero() {
				c.at = issuedAt.Add(day)
			}
			got, err := Verify(c.up, c.trust, c.look, c.at)
			if err != nil || got.Verdict != c.want {
				t.Fatalf("%s, %v; want %s", got.Verdict, err, c.want)
			}
			if len(got.Checks) != len(Steps) {
				t.Fatalf("%d lines", len(got.Checks))
			}
			for i, check := range got.Checks {
				if failed := check.OK != nil && !*check.OK; check.Step != Steps[i] || failed != (check.Step == c.step) {
					t.Errorf("%d: %s failed %v, want %s to fail", i, check.Step, failed, c.step)
				}
				if c.look == nil && check.OK != nil && (check.Step == StepKnown || check.Step == StepFile) {
					t.Errorf("%s was decided without the database", check.Step)
				}
			}
			if shown := got.Claims != nil; shown && (c.want == Tampered || c.want == NotOurs || c.want == NotShared || c.want == Unknown) {
				t.Error("shows data it must not show")
			} else if !shown && (c.want == Valid || c.want == Expired || c.want == Revoked) {
				t.Error("shows nothing")
			}
			if got.Stale != (name == "old snapshot") {
				t.Errorf("stale %v", got.Stale)
			}
		})
	}
}

func TestDatabaseFaultIsNoVerdict(t *testing.T) {
	b := newBench(t)
	raw, _ := b.issue(t, nil)
	down := errors.New("down")
	_, err := Verify(Upload{File: raw, Credential: raw}, b.trust(t), func(Claims, [32]byte) (Facts, error) { return Facts{}, down }, issuedAt)
	if !errors.Is(err, down) {
		t.Fatal(err)
	}
}

// Every flipped bit is noticed: no verdict but those of a broken file.
func TestNoFlippedBitIsValid(t *testing.T) {
	b := newBench(t)
	raw, _ := b.issue(t, nil)
	trust := b.trust(t)
	for i := 0; i < len(raw); i += 7 {
		bad := bytes.Clone(raw)
		bad[i] ^= 1 << (i % 8)
		got, err := Verify(Upload{File: bad, Credential: bad}, trust, nil, issuedAt)
		if err != nil {
			t.Fatal(err)
		}
		if got.Claims != nil {
			t.Errorf("byte %d, %q for %q: %s", i, bad[i], raw[i], got.Verdict)
		}
	}
}

func TestTwoOfOneCohortShareNothingMore(t *testing.T) {
	b := newBench(t)
	manifest, _ := Manifest{Edition: "e", Modules: []string{"m"}}.Bytes()
	make := func(id, name, number string, index int) map[string]bool {
		k, _ := NewEvidenceKey(rand.Reader)
		raw, _ := b.issue(t, func(c *Claims) {
			c.ID, c.Name, c.Number, c.StatusIndex, c.Evidence = "urn:uuid:"+id, name, number, index, Commit(k, manifest)
		})
		var doc any
		if err := json.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		return leaves(doc)
	}
	one := make("11111111-1111-4111-8111-111111111111", "Ana", "MPA-1111-1111-1111", 5)
	two := make("22222222-2222-4222-8222-222222222222", "Ben", "MPA-2222-2222-2222", 9)
	// What the design lets them share: course, edition, dates, hours, signatory, issuer, contexts,
	// the words of the format, and the one list for all.
	c := someClaims()
	allowed := leaves([]any{
		contextCredentials, contextOpenBadges, contextExtensions, c.CourseCode, c.CourseTitle, c.Edition, c.Hours, c.Language,
		c.Narrative, c.Areas[0], c.Areas[1], c.Achievement, c.Achievement + "#signatory", "2026-07-20", "2026-11-19",
		"2026-11-19T00:00:00Z", "2026-11-20T15:00:00Z", "2028-11-20T15:00:00Z", c.Issuer, c.IssuerName, c.IssuerAbout,
		c.Signatory, c.SignatoryTitle, c.StatusList, schemaAddress, schemaType, methodID(did, b.key.Public), false,
		"VerifiableCredential", "OpenBadgeCredential", "Profile", "AchievementSubject", "IdentityObject", identityName, identityNumber,
		"Achievement", "CertificateOfCompletion", "Evidence", evidenceName, evidenceGenre, "BitstringStatusListEntry", statusPurpose,
		proofType, cryptosuite, purpose,
	})
	for v := range one {
		if two[v] && !allowed[v] {
			t.Errorf("both carry %s", v)
		}
	}
}

func leaves(v any) map[string]bool {
	out := map[string]bool{}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, e := range v {
				walk(e)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		default:
			out[fmt.Sprint(v)] = true
		}
	}
	walk(v)
	return out
}

func TestIssueRefusesWhatCannotBeReadBack(t *testing.T) {
	b := newBench(t)
	for name, change := range map[string]func(*Claims){
		"no name":         func(c *Claims) { c.Name = "" },
		"control":         func(c *Claims) { c.Name = "A\tB" },
		"not NFC":         func(c *Claims) { c.Name = "Pen\u0303a" },
		"no uuid":         func(c *Claims) { c.ID = "urn:x" },
		"wording":         func(c *Claims) { c.Wording = "certified" },
		"relative link":   func(c *Claims) { c.Achievement = "achievements/OUT" },
		"hours":           func(c *Claims) { c.Hours = math.NaN() },
		"sample as area":  func(c *Claims) { c.Areas = []string{"SAMPLE"} },
		"negative index":  func(c *Claims) { c.StatusIndex = -1 },
		"relative issuer": func(c *Claims) { c.Issuer = "academy" },
	} {
		c := someClaims()
		change(&c)
		if raw, err := Issue(c, b.key, issuedAt); err == nil {
			t.Errorf("%s: %s", name, raw)
		}
	}
}

func TestTrustFolderReadsBackAndKeepsItsDate(t *testing.T) {
	b := newBench(t)
	trust := b.trust(t)
	dir := filepath.Join(t.TempDir(), "trust")
	if err := trust.Write(dir); err != nil {
		t.Fatal(err)
	}
	got, err := ReadTrust(dir)
	if err != nil || got.DID() != did || !got.Date().Equal(issuedAt) {
		t.Fatalf("%v %v", got.Date(), err)
	}
	name := filepath.Join(dir, "status-revocation-1.json")
	raw, _ := os.ReadFile(name)
	for what, changed := range map[string][]byte{
		"date":  bytes.Replace(raw, []byte(`"validFrom":"2026`), []byte(`"validFrom":"2027`), 1),
		"bits":  bytes.Replace(raw, []byte(`"encodedList":"uH4s`), []byte(`"encodedList":"uH5s`), 1),
		"whose": bytes.Replace(raw, []byte(did), []byte("did:web:else"), 1),
		"more":  bytes.Replace(raw, []byte(`"issuer"`), []byte(`"x":1,"issuer"`), 1),
	} {
		if bytes.Equal(raw, changed) {
			t.Fatal(what)
		}
		if err := os.WriteFile(name, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadTrust(dir); err == nil {
			t.Errorf("a list with another %s is trusted", what)
		}
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadTrust(dir); err == nil {
		t.Error("a folder without a list is trusted")
	}
}

func TestStatusBitZeroIsTheMostSignificant(t *testing.T) {
	b := NewBits(10)
	if len(b)*8 != StatusListSize {
		t.Fatalf("%d bits", len(b)*8)
	}
	for _, i := range []int{0, 9, 131071} {
		if err := b.Set(i); err != nil {
			t.Fatal(err)
		}
	}
	if b[0] != 0x80 || b[1] != 0x40 || b[16383] != 1 {
		t.Errorf("%x %x %x", b[0], b[1], b[16383])
	}
	for i, want := range map[int]bool{0: true, 1: false, 9: true, 131071: true, 131070: false} {
		if set, ok := b.Get(i); set != want || !ok {
			t.Errorf("bit %d: %v %v", i, set, ok)
		}
	}
	for _, i := range []int{-1, 131072} {
		if _, ok := b.Get(i); ok || b.Set(i) == nil {
			t.Errorf("index %d is taken", i)
		}
	}
	s, err := b.encoded()
	if err != nil || s[0] != 'u' {
		t.Fatal(s[:1], err)
	}
	if back, err := decodeBits(s); err != nil || !bytes.Equal(back, b) {
		t.Errorf("list doesn't read back: %v", err)
	}
	if _, err := decodeBits("u" + s[5:]); err == nil {
		t.Error("a broken list is read")
	}
}

func TestDIDOfAddresses(t *testing.T) {
	key := newBench(t).key
	for base, want := range map[string]string{
		"https://academy.example":       "did:web:academy.example",
		"https://Academy.Example:8443/": "did:web:academy.example%3A8443",
		"https://x.example/mpa/one":     "did:web:x.example:mpa:one",
		"":                              "did:key:" + key.ID(),
		"not an address":                "",
		"http://[::1]:8080":             "",
	} {
		if got, err := DID(base, key.Public); got != want || (err != nil) != (want == "") {
			t.Errorf("DID(%q) = %q, %v", base, got, err)
		}
	}
}

func TestSealedKeyOpensUnderItsOwnNameOnly(t *testing.T) {
	outer, other := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	key := newBench(t).key
	sealed, err := key.Seal(outer)
	if err != nil {
		t.Fatal(err)
	}
	again, err := OpenKey(outer, key.ID(), sealed)
	if err != nil || !again.Public.Equal(key.Public) {
		t.Fatal(err)
	}
	flipped := bytes.Clone(sealed)
	flipped[20] ^= 1
	for name, open := range map[string]func() (Key, error){
		"other outer key": func() (Key, error) { return OpenKey(other, key.ID(), sealed) },
		"other name":      func() (Key, error) { return OpenKey(outer, "z6Mk", sealed) },
		"flipped":         func() (Key, error) { return OpenKey(outer, key.ID(), flipped) },
		"cut":             func() (Key, error) { return OpenKey(outer, key.ID(), sealed[:5]) },
	} {
		if _, err := open(); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Seal([]byte("short"), "x", nil); err == nil {
		t.Error("a short outer key seals")
	}
}

func FuzzVerify(f *testing.F) {
	key, _ := NewKey(rand.Reader)
	raw, err := Issue(someClaims(), key, issuedAt)
	if err != nil {
		f.Fatal(err)
	}
	doc, _ := Document(did, []IssuerKey{{key.Public, Active}})
	trust, err := NewTrust(doc)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"type":["VerifiableCredential"],"issuer":"` + did + `","proof":{}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, err := Verify(Upload{File: raw, Credential: raw}, trust, nil, issuedAt); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkIssue(b *testing.B) {
	key, _ := NewKey(rand.Reader)
	for b.Loop() {
		if _, err := Issue(someClaims(), key, issuedAt); err != nil {
			b.Fatal(err)
		}
	}
}

// What a file was once found to be is said of those bytes and that key alone.
func TestAFileFoundWholeVouchesForNoOther(t *testing.T) {
	b := newBench(t)
	raw, _ := b.issue(t, nil)
	check := func(file []byte, trust Trust, look Lookup) Result {
		got, err := Verify(Upload{File: file, Credential: file}, trust, look, issuedAt)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first := check(raw, b.trust(t), known(raw))
	if again := check(raw, b.trust(t), known(raw)); first.Verdict != Valid || again.Verdict != Valid || again.Claims == nil || again.Claims.ID != first.Claims.ID {
		t.Errorf("at first %s, again %s", first.Verdict, again.Verdict)
	}
	for i := range raw {
		bad := bytes.Clone(raw)
		bad[i] ^= 1
		if seen.has(fitOf(bad, b.key.Public)) {
			t.Fatalf("byte %d", i)
		}
	}
	if seen.has(fitOf(raw, newBench(t).key.Public)) || !seen.has(fitOf(raw, b.key.Public)) {
		t.Error("another key's")
	}
	ended := check(raw, b.trust(t), but(known(raw), func(f *Facts) { f.Known = false }))
	if listed := b.trust(t, Compromised); ended.Verdict != Unknown || check(raw, listed, nil).Verdict != NotOurs {
		t.Errorf("no longer known: %s", ended.Verdict)
	}
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	var s fits
	at := func(n int) fit { return fitOf([]byte{byte(n), byte(n >> 8)}, nil) }
	for n := range 5 * mostSeen {
		s.add(at(n))
		if !s.has(at(0)) {
			t.Fatalf("what is asked for is forgotten after %d", n)
		}
	}
	if len(s.newer) > mostSeen || len(s.old) > mostSeen || s.has(at(1)) {
		t.Errorf("%d and %d", len(s.newer), len(s.old))
	}
}
