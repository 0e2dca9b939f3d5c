package assessment

import (
	"math"
	"strconv"
	"strings"
)

// rangeOf reads an accepted number: 42, 3.14 +- 0.01, or 1..5. A comma may stand for the
// decimal point. False where it is none of them.
func rangeOf(text string) (Range, bool) {
	text = strings.NewReplacer("−", "-", "±", "+-").Replace(text)
	if low, high, ok := strings.Cut(text, ".."); ok {
		from, fromOK := exactly(low)
		to, toOK := exactly(high)
		return Range{from, to}, fromOK && toOK && from <= to
	}
	middle, within, ok := strings.Cut(text, "+-")
	if !ok {
		within = "0"
	}
	n, middleOK := exactly(middle)
	slack, slackOK := exactly(within)
	return Range{n - slack, n + slack}, middleOK && slackOK && slack >= 0
}

// exactly reads one number as a file has it: without marks between thousands.
func exactly(text string) (float64, bool) {
	text = strings.ReplaceAll(strings.TrimSpace(text), ",", ".")
	if strings.Trim(text, "-+.0123456789eE") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n + 0, err == nil && !math.IsInf(n, 0)
}
