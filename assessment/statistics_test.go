package assessment

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got Estimate, value, low, high, tolerance float64) {
	t.Helper()
	for _, pair := range [][2]float64{{got.Value, value}, {got.Low, low}, {got.High, high}} {
		if math.Abs(pair[0]-pair[1]) > tolerance {
			t.Errorf("%s: %.7f (%.7f to %.7f), published %.7f (%.7f to %.7f)", what, got.Value, got.Low, got.High, value, low, high)
			return
		}
	}
}

// R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics
// in Medicine 17 (1998), table I, method 3.
func TestAProportionHasThePublishedInterval(t *testing.T) {
	for _, row := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		near(t, "Wilson", proportion(row.k, row.n), float64(row.k)/float64(row.n), row.low, row.high, 0.00005)
	}
	if proportion(0, 0).Known {
		t.Error("nobody answered, and a figure is known")
	}
}

// Two worked examples: https://www.statology.org/fisher-z-transformation/ (r = 0.56, n = 60,
// rounded on the way) and G. Boomsma, https://small-s.science/tag/correlation (r = 0.50, n = 50).
func TestACorrelationHasThePublishedInterval(t *testing.T) {
	near(t, "Fisher", fisher(0.56, 60), 0.56, 0.3568, 0.7126, 0.0006)
	near(t, "Fisher", fisher(0.50, 50), 0.50, 0.2574879, 0.6832563, 0.0000001)
	if correlation([]float64{1, 1, 1, 1, 1}, []float64{1, 2, 3, 4, 5}).Known {
		t.Error("all answered alike, and a correlation is known")
	}
}

// quizOfTen is K. L. Wuensch's worked example of KR-20, ten students and ten questions
// (East Carolina University, https://core.ecu.edu/wuenschk/StatHelp/KR20.txt).
var quizOfTen = [10][10]float64{
	{1, 1, 1, 1, 1, 1, 0, 1, 1, 0}, {1, 0, 1, 1, 0, 1, 1, 1, 0, 1}, {1, 1, 1, 1, 0, 1, 1, 0, 0, 1}, {0, 0, 1, 0, 0, 0, 1, 0, 0, 0},
	{0, 0, 0, 0, 0, 1, 0, 0, 1, 0}, {1, 1, 1, 0, 1, 1, 1, 1, 1, 1}, {1, 1, 0, 1, 1, 1, 0, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1, 1, 0, 1},
	{0, 1, 0, 1, 1, 1, 1, 1, 0, 1}, {1, 1, 0, 1, 1, 0, 1, 1, 1, 0},
}

func columnsOf(rows [10][10]float64) [][]float64 {
	columns := make([][]float64, 10)
	for _, row := range rows {
		for i, points := range row {
			columns[i] = append(columns[i], points)
		}
	}
	return columns
}

// The example gives the variances .21 .21 .24 .21 .24 .16 .21 .21 .25 .24 of the questions
// and 5.84 of the sums: KR-20 is 10/9 · (1 − 2.18/5.84).
func TestAlphaOfThePublishedQuiz(t *testing.T) {
	if got := alpha(columnsOf(quizOfTen)).Value; math.Abs(got-10.0/9*(1-2.18/5.84)) > 1e-12 {
		t.Errorf("alpha: %.6f", got)
	}
}

// C. Evans, feldt1.return(0.913, 873, 20), as published by the MRC Cognition and Brain Sciences
// Unit: https://imaging.mrc-cbu.cam.ac.uk/statswiki/FAQ/cafun.
func TestAlphaHasThePublishedInterval(t *testing.T) {
	near(t, "Feldt", feldt(0.913, 20, 873), 0.913, 0.9044024, 0.9211588, 0.0000001)
}

// The correlation of a question with the rest is that with the whole, less its own share
// (S. Henrysson, Psychometrika 28, 1963), computed here from sums alone.
func TestDiscriminationLeavesTheQuestionOutOfTheRest(t *testing.T) {
	columns := columnsOf(quizOfTen)
	for i, column := range columns {
		rest := make([]float64, 10)
		for j, other := range columns {
			for person, points := range other {
				if j != i {
					rest[person] += points
				}
			}
		}
		var x, total, xx, tt, xt float64
		for person, points := range column {
			whole := rest[person] + points
			x, total, xx, tt, xt = x+points, total+whole, xx+points*points, tt+whole*whole, xt+points*whole
		}
		sx, st := math.Sqrt(xx/10-x*x/100), math.Sqrt(tt/10-total*total/100)
		r := (xt/10 - x*total/100) / (sx * st)
		want := (r*st - sx) / math.Sqrt(st*st+sx*sx-2*r*st*sx)
		if got := correlation(column, rest).Value; math.Abs(got-want) > 1e-9 {
			t.Errorf("question %d: %.6f, want %.6f", i+1, got, want)
		}
	}
}

func TestTheMiddleOfTimes(t *testing.T) {
	for want, times := range map[int][]float64{0: nil, 7: {7}, 20: {30, 10, 20}, 10: {30, 10, 20, 5}} {
		if got := median(times); got != want {
			t.Errorf("median of %v: %d", times, got)
		}
	}
}
