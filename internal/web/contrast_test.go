package web_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	tokenLine = regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`)
	pairLine  = regexp.MustCompile(`(?m)^pair: ([a-z-]+) on ([a-z, -]+)$`)
	useOf     = regexp.MustCompile(`(?:^|[\s;{])(color|fill|background(?:-color)?|stroke): ([^;]+);`)
	ruleOf    = regexp.MustCompile(`([^{}]+)\{([^{}]*)\}`)
	bare      = regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(`)
)

// schemes reads the colours of tokens.css, light and dark; dark keeps what it does not name anew.
func schemes(t *testing.T) (light, dark map[string]string, pairs map[string][]string) {
	t.Helper()
	data, err := os.ReadFile("static/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	before, after, found := strings.Cut(string(data), "prefers-color-scheme: dark")
	if !found {
		t.Fatal("no dark scheme")
	}
	light, dark, pairs = map[string]string{}, map[string]string{}, map[string][]string{}
	for _, m := range tokenLine.FindAllStringSubmatch(before, -1) {
		light[m[1]], dark[m[1]] = m[2], m[2]
	}
	for _, m := range tokenLine.FindAllStringSubmatch(after, -1) {
		dark[m[1]] = m[2]
	}
	for _, m := range pairLine.FindAllStringSubmatch(string(data), -1) {
		for ground := range strings.SplitSeq(m[2], ",") {
			pairs[m[1]] = append(pairs[m[1]], strings.TrimSpace(ground))
		}
	}
	return light, dark, pairs
}

// luminance as WCAG 2.2 defines it.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatalf("%s: %v", hex, err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func TestContrastIsComputedRight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#ffffff", "#ffffff", 1}, {"#777777", "#ffffff", 4.48}, {"#0000ff", "#ffffff", 8.59}} {
		if got := contrast(t, c.a, c.b); math.Abs(got-c.want) > 0.01 {
			t.Errorf("%s on %s: %.2f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

func TestEveryTextIsReadableInBothSchemes(t *testing.T) {
	t.Parallel()
	light, dark, pairs := schemes(t)
	lowest := 21.0
	for name, scheme := range map[string]map[string]string{"light": light, "dark": dark} {
		for text, grounds := range pairs {
			for _, ground := range grounds {
				if scheme[text] == "" || scheme[ground] == "" {
					t.Errorf("%s on %s names a colour that is no token", text, ground)
					continue
				}
				ratio := contrast(t, scheme[text], scheme[ground])
				lowest = min(lowest, ratio)
				if ratio < 4.5 {
					t.Errorf("%s: %s on %s is %.2f, under 4.5", name, text, ground, ratio)
				}
			}
		}
		for _, edge := range []string{"edge", "lake", "clay", "sky"} { // borders of fields, choices and focus
			for _, ground := range []string{"paper", "card"} {
				if ratio := contrast(t, scheme[edge], scheme[ground]); ratio < 3 {
					t.Errorf("%s: a border of %s on %s is %.2f, under 3", name, edge, ground, ratio)
				}
			}
		}
	}
	t.Logf("lowest: %.2f", lowest)
}

// Every colour of a text and every ground that a rule names stands in a pair; a rule
// that names both names a pair; and no rule has a colour of its own.
func TestRulesUseOnlyColoursWhosePairsAreComputed(t *testing.T) {
	t.Parallel()
	_, _, pairs := schemes(t)
	grounds := map[string]bool{}
	for _, list := range pairs {
		for _, ground := range list {
			grounds[ground] = true
		}
	}
	ornament := map[string]bool{"track": true, "white": true, "edge": true, "line": true, "leaf-fill": true, "gold-fill": true, "sky-fill": true, "clay-fill": true, "lake-fill": true}
	files, err := filepath.Glob("static/[cs]*s*/*.css")
	if err != nil || len(files) < 5 {
		t.Fatalf("%v %v", files, err)
	}
	for _, file := range files {
		if filepath.Base(file) == "tokens.css" || filepath.Base(file) == "paper.css" {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := bare.FindString(string(data)); found != "" {
			t.Errorf("%s has the colour %s, which is no token", file, found)
		}
		for _, rule := range ruleOf.FindAllStringSubmatch(string(data), -1) {
			text, ground := "", ""
			for _, use := range useOf.FindAllStringSubmatch(rule[2], -1) {
				token := strings.TrimSuffix(strings.TrimPrefix(use[2], "var(--"), ")")
				if token == use[2] { // none, inherit, currentcolor
					continue
				}
				switch {
				case use[1] == "color":
					text = token
				case strings.HasPrefix(use[1], "background"):
					ground = token
				case use[1] == "fill" && pairs[token] == nil && !grounds[token] && !ornament[token]:
					t.Errorf("%s: %s is filled with %s, which no pair names", file, strings.TrimSpace(rule[1]), token)
				}
			}
			if err := paired(pairs, grounds, ornament, text, ground); err != nil {
				t.Errorf("%s: %s: %v", file, strings.TrimSpace(rule[1]), err)
			}
		}
	}
}

func paired(pairs map[string][]string, grounds, ornament map[string]bool, text, ground string) error {
	if text != "" && pairs[text] == nil {
		return fmt.Errorf("text of the colour %s stands in no pair", text)
	}
	if ground != "" && !grounds[ground] && !ornament[ground] && pairs[ground] == nil {
		return fmt.Errorf("the ground %s stands in no pair", ground)
	}
	if text == "" || ground == "" {
		return nil
	}
	for _, known := range pairs[text] {
		if known == ground {
			return nil
		}
	}
	return fmt.Errorf("%s on %s is not among the pairs", text, ground)
}
