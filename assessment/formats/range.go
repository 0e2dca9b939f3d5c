package formats

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// hundredth is what a percent is of one.
var hundredth = big.NewRat(1, 100)

var decimal = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$`)

// exact reads a decimal number as it is written: 0.1 is a tenth, and not its neighbour in
// the computer's own numbers.
func exact(words string) (*big.Rat, bool) {
	words = strings.Replace(strings.TrimSpace(words), ",", ".", 1)
	if len(words) > 800 || !decimal.MatchString(words) {
		return nil, false
	}
	r, ok := new(big.Rat).SetString(words)
	if !ok {
		return nil, false
	}
	f, _ := r.Float64()
	return r, !math.IsInf(f, 0)
}

// around is the range of a number and a tolerance as they are written ("" is 0).
func around(number, tolerance string) (*Range, bool) {
	middle, ok := exact(number)
	if !ok {
		return nil, false
	}
	reach := new(big.Rat)
	if strings.TrimSpace(tolerance) != "" {
		if reach, ok = exact(tolerance); !ok {
			return nil, false
		}
	}
	reach.Abs(reach)
	return between(new(big.Rat).Sub(middle, reach), new(big.Rat).Add(middle, reach))
}

func between(low, high *big.Rat) (*Range, bool) {
	l, _ := low.Float64()
	h, _ := high.Float64()
	if l == 0 {
		l = 0 // and never −0
	}
	return &Range{l, h}, l <= h && !math.IsInf(l, 0) && !math.IsInf(h, 0)
}

// middle is the number and the tolerance that stand for a range, so that around gives the
// same range again.
func (r Range) middle() (number, tolerance string) {
	low, okLow := exact(plainNumber(r.Low))
	high, okHigh := exact(plainNumber(r.High))
	if !okLow || !okHigh {
		return plainNumber(r.Low), "0"
	}
	half := big.NewRat(1, 2)
	sum := new(big.Rat).Add(low, high)
	gap := new(big.Rat).Sub(high, low)
	places := max(decimals(r.Low), decimals(r.High)) + 1
	return trimmed(sum.Mul(sum, half).FloatString(places)), trimmed(gap.Mul(gap, half).FloatString(places))
}

// plainNumber writes a number with all its digits and no exponent.
func plainNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func decimals(f float64) int {
	_, after, _ := strings.Cut(plainNumber(f), ".")
	return len(after)
}

func trimmed(number string) string {
	if strings.Contains(number, ".") {
		number = strings.TrimRight(strings.TrimRight(number, "0"), ".")
	}
	if number == "-0" {
		return "0"
	}
	return number
}
