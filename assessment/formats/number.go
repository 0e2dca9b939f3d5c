package formats

import (
	"math"
	"strconv"
	"strings"
)

// ParseRange reads what a numerical answer accepts: 42, 3.14:0.01 (give or take) or 1..5.
func ParseRange(s string) (Range, bool) {
	s = strings.ReplaceAll(strings.TrimSpace(s), "−", "-")
	if low, high, both := strings.Cut(s, ".."); both {
		l, okLow := parseNumber(low)
		h, okHigh := parseNumber(high)
		return Range{l, h}, okLow && okHigh && l <= h
	}
	middle, give, gives := strings.Cut(s, ":")
	m, ok := parseNumber(middle)
	if !ok || !gives {
		return Range{m, m}, ok
	}
	g, ok := parseNumber(give)
	g = math.Abs(g)
	r := Range{rounded(m - g), rounded(m + g)}
	return r, ok && !math.IsInf(r.Low, 0) && !math.IsInf(r.High, 0)
}

// parseNumber reads a finite number, with a point before its decimals.
func parseNumber(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if strings.ContainsAny(s, "xXpP_nN") { // Go's own forms, and no number's
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n + 0, err == nil && !math.IsInf(n, 0) // −0 becomes 0
}

// rounded takes away what a sum of binary fractions is off by.
func rounded(n float64) float64 {
	d, _ := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	return d
}

// String writes the range so that ParseRange reads the same.
func (r Range) String() string {
	if r.Low == r.High {
		return writeNumber(r.Low)
	}
	middle, give := rounded((r.Low+r.High)/2), rounded((r.High-r.Low)/2)
	if short := writeNumber(middle) + ":" + writeNumber(give); len(short) <= 20 {
		if back, ok := ParseRange(short); ok && back == r {
			return short
		}
	}
	return writeNumber(r.Low) + ".." + writeNumber(r.High)
}

func writeNumber(n float64) string {
	if a := math.Abs(n); a != 0 && (a < 1e-7 || a >= 1e15) {
		return strconv.FormatFloat(n, 'g', -1, 64)
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// accepted writes what a numerical answer accepts, as its file had it where that still says the same.
func (a Answer) accepted() string {
	if a.Number == nil {
		return a.Text.Words
	}
	if said, ok := ParseRange(a.Text.Words); ok && said == *a.Number {
		return a.Text.Words
	}
	return a.Number.String()
}

// parseUnits reads units with their factors: km = 1, m = 0.001.
func parseUnits(s string) (units []Unit, ok bool) {
	for pair := range strings.SplitSeq(s, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, factor, _ := strings.Cut(pair, "=")
		f, ok := parseNumber(factor)
		if name = strings.TrimSpace(name); !ok || f == 0 || name == "" {
			return nil, false
		}
		units = append(units, Unit{name, f})
	}
	return units, true
}

func writeUnits(units []Unit) string {
	var pairs []string
	for _, u := range units {
		pairs = append(pairs, u.Name+" = "+writeNumber(u.Factor))
	}
	return strings.Join(pairs, ", ")
}
