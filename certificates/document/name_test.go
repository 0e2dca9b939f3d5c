package document

import (
	"errors"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
)

func TestNamesThatThePageCanCarry(t *testing.T) {
	for name, want := range map[string]error{
		"María José Peña":           nil,
		"Nguyễn Thị Ánh":            nil,
		"Ιωάννα Παπαδοπούλου":       nil,
		"Олена Шевченко":            nil,
		"Łukasz Żółć":               nil,
		"D’Angelo O'Neal-St. Clair": nil,
		longName:                    nil,
		"  Ana\t\u202eBea\u200b ":   nil,
		"":                          ErrNoName,
		" \u200b\u202e\n":           ErrNoName,
		strings.Repeat("a", 161):    ErrLongName,
		"محمد":                      GlyphError{'م'},
		"Ana 🕊":                     GlyphError{'🕊'},
		"王芳":                        GlyphError{'王'},
	} {
		if err := CanDraw(name); !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("CanDraw(%q) = %v, want %v", name, err, want)
		}
	}
}

func TestCleanNames(t *testing.T) {
	for typed, want := range map[string]string{
		"Pen\u0303a":             "Peña",
		" Ana \t Bea\u00a0Cruz":  "Ana Bea Cruz",
		"A\u202eB\u2066C\u200dD": "ABCD",
		"A\x00\x1bB\ufeff":       "AB",
		"A\xffB":                 "AB",
	} {
		if got := Clean(typed); got != want || Clean(got) != got {
			t.Errorf("Clean(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestDrawRefusesWhatHasNoGlyph(t *testing.T) {
	for name, change := range map[string]func(*Copy){
		"name":      func(c *Copy) { c.Name = "王芳" },
		"course":    func(c *Copy) { c.CourseTitle = "Peace 🕊" },
		"signatory": func(c *Copy) { c.Signatory = "محمد" },
	} {
		var glyph GlyphError
		if _, err := Draw(someCopy(t, change), nil); !errors.As(err, &glyph) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, change := range map[string]func(*Copy){
		"paper":    func(c *Copy) { c.Paper = "A3" },
		"wording":  func(c *Copy) { c.Wording = "certified"; c.Credential = []byte("{}") },
		"too long": func(c *Copy) { c.Name = strings.Repeat("W", 161) },
	} {
		if _, err := Draw(someCopy(t, change), nil); err == nil {
			t.Errorf("%s is drawn", name)
		}
	}
}

// Every name that CanDraw lets through must be drawn without a panic.
func FuzzDraw(f *testing.F) {
	c := someCopy(f, nil)
	for _, s := range []string{"Ana", longName, "\U0001F54A", "\u202e", "(\\)\r", strings.Repeat("W", 160)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		c := c
		c.Name = name
		pdf, err := Draw(c, nil)
		if (err == nil) != (CanDraw(name) == nil) {
			t.Fatalf("CanDraw and Draw differ on %q: %v", name, err)
		}
		if err != nil {
			return
		}
		if got, err := Extract(pdf); err != nil || string(got.Credential) != string(c.Credential) {
			t.Fatal(err)
		}
	})
}

func TestPageNeverSaysCertifiedOrLicensed(t *testing.T) {
	for w, p := range verbs {
		for _, s := range []string{p.en, p.es, titles[w].en, titles[w].es} {
			for _, bad := range []string{"certified", "certifica ", "licensed", "licenciad"} {
				if strings.Contains(strings.ToLower(s)+" ", bad) {
					t.Errorf("%q", s)
				}
			}
		}
	}
	if titles[credential.TookPart] == titles[credential.Completed] {
		t.Error("both wordings have one title")
	}
}
