package number

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
)

func TestParseForgivesWhatPeopleType(t *testing.T) {
	check := string(checkSymbol("01012345678"))
	whole := "MPA-0101-2345-678" + check
	for typed, fault := range map[string]error{
		whole:                                    nil,
		strings.ToLower(whole):                   nil,
		"mpa oiol 2345 678" + check:              nil,
		"O1O1–2345—678" + check:                  nil,
		" MPA\u00a00101.2345/678" + check + "\n": nil,
		"01012345678" + check:                    nil,
		"":                                       ErrForm,
		"MPA":                                    ErrForm,
		"MPA-0101-2345-67":                       ErrForm,
		whole + "0":                              ErrForm,
		"MPU-0101-2345-678" + check:              ErrForm,
		"XPA-0101-2345-678" + check:              ErrForm,
		"MPA-0101-2345-67é" + check:              ErrForm,
		strings.Repeat("-", 200) + whole:         ErrForm,
		"MPA-0101-2345-679" + check:              ErrCheck,
		"MPA-1001-2345-678" + check:              ErrCheck,
	} {
		got, err := Parse(typed)
		if !errors.Is(err, fault) || (fault == nil) != (err == nil) {
			t.Errorf("Parse(%q): %v, want %v", typed, err, fault)
		}
		if fault == nil && got != Certificate(whole) {
			t.Errorf("Parse(%q) = %q, want %q", typed, got, whole)
		}
	}
}

func TestOneWrongSymbolIsAlwaysFound(t *testing.T) {
	for range 50 {
		n, err := New(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		s := strings.ReplaceAll(strings.TrimPrefix(string(n), "MPA-"), "-", "")
		for i := range s {
			for _, c := range alphabet {
				if byte(c) == s[i] {
					continue
				}
				if _, err := Parse(s[:i] + string(c) + s[i+1:]); !errors.Is(err, ErrCheck) {
					t.Fatalf("%s with %c at %d: %v", s, c, i, err)
				}
			}
		}
	}
}

func TestCopyIsReadBackAsWritten(t *testing.T) {
	n, _ := New(rand.Reader)
	s, _ := NewShare(rand.Reader)
	whole := Copy{n, s}
	if whole.String() != strings.ToUpper(whole.String()) || len(whole.String()) != 27 {
		t.Fatalf("%q", whole)
	}
	for _, typed := range []string{whole.String(), strings.ToLower(whole.String()), string(n) + " / " + string(s[:4]) + "-" + string(s[4:])} {
		got, err := ParseCopy(typed)
		if err != nil || got != whole {
			t.Errorf("ParseCopy(%q) = %v, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", string(n), string(s), string(n) + "-" + string(s[:7]), string(n) + string(s) + "0"} {
		if got, err := ParseCopy(typed); err == nil {
			t.Errorf("ParseCopy(%q) = %v", typed, got)
		}
	}
	if !s.Equal(s) || s.Equal("") {
		t.Error("share codes compare wrongly")
	}
}

func TestNewSpendsFiftyFiveAndFortyBits(t *testing.T) {
	if _, err := New(strings.NewReader("short")); err == nil {
		t.Error("a source that ends gave a number")
	}
	seen := map[Certificate]bool{}
	for range 2000 {
		n, err := New(rand.Reader)
		if err != nil || seen[n] || len(n) != 18 {
			t.Fatalf("%q %v", n, err)
		}
		seen[n] = true
	}
}

func FuzzParse(f *testing.F) {
	f.Add("MPA-0101-2345-6789-ABCDEFGH")
	f.Add("oil\u2013")
	f.Fuzz(func(t *testing.T, typed string) {
		if n, err := Parse(typed); err == nil {
			if again, err := Parse(string(n)); err != nil || again != n {
				t.Fatalf("%q does not read back: %q %v", n, again, err)
			}
		}
		if c, err := ParseCopy(typed); err == nil {
			if again, err := ParseCopy(c.String()); err != nil || again != c {
				t.Fatalf("%q does not read back", c)
			}
		}
		_, _ = ParseShare(typed)
	})
}
