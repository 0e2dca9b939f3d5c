package assessment

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// LeastAttempts is how many first tries a statistic needs. Under it a figure says more
// about chance, and about single people, than about a question; it is withheld.
const LeastAttempts = 10

// confidence is how sure an interval is.
const confidence = 0.95

// Estimate is a figure with the interval in which it lies in 95 of 100 such samples.
// Known is false where the sample does not give it: too few tries, or all alike.
type Estimate struct {
	Value, Low, High float64
	Known            bool
}

// QuestionFigures are what first tries say about one version of a question, pooled over
// the cohorts of a sector and over the quizzes that hold this very version.
type QuestionFigures struct {
	Question
	Tries          int      // first tries that were handed in with it
	Difficulty     Estimate // the part that answered it wholly right, 0 to 1
	Discrimination Estimate // how its points go with those of the rest of the check, −1 to 1
	Seconds        int      // median of the time that it took; 0 where nobody's is known
	Choices        []ChoiceFigures
}

// Withheld says that there are too few tries for a figure.
func (f QuestionFigures) Withheld() bool { return f.Tries < LeastAttempts }

// ChoiceFigures are what first tries say about one choice: how many picked it, and what
// those who did reached in the rest of the check, in percent (−1 where nobody did).
type ChoiceFigures struct {
	Picked int
	Rest   int
}

// QuizFigures are what first tries say about the newest quiz of a module.
type QuizFigures struct {
	Quiz
	Tries     int      // first tries at this version of the quiz
	Alpha     Estimate // how well its questions hold together: Cronbach's alpha
	Questions []QuestionFigures
}

// Withheld says that there are too few tries for a figure of the whole.
func (f QuizFigures) Withheld() bool { return f.Tries < LeastAttempts }

// Speaks says whether there are tries enough for a figure of the whole or of any question.
func (f QuizFigures) Speaks() bool {
	return !f.Withheld() || slices.ContainsFunc(f.Questions, func(q QuestionFigures) bool { return !q.Withheld() })
}

// Timed says whether the time of any question is known.
func (f QuizFigures) Timed() bool {
	return slices.ContainsFunc(f.Questions, func(q QuestionFigures) bool { return q.Seconds > 0 })
}

// proportion estimates the part that k of n are, with Wilson's score interval, which
// holds for small samples and near 0 and 1 (E. B. Wilson 1927; R. G. Newcombe,
// Statistics in Medicine 17, 1998, method 3).
func proportion(k, n int) Estimate {
	if n == 0 {
		return Estimate{}
	}
	z, p, count := normalQuantile(), float64(k)/float64(n), float64(n)
	middle, wide := p+z*z/(2*count), z*math.Sqrt(p*(1-p)/count+z*z/(4*count*count))
	return Estimate{p, max(0, (middle-wide)/(1+z*z/count)), min(1, (middle+wide)/(1+z*z/count)), true}
}

// correlation estimates how two rows of figures go together: Pearson's r, with the
// interval of Fisher's z (R. A. Fisher 1921).
func correlation(x, y []float64) Estimate {
	if len(x) < 4 || constant(x) || constant(y) {
		return Estimate{}
	}
	return fisher(stat.Correlation(x, y, nil), len(x))
}

// fisher is the interval of a correlation r among n pairs.
func fisher(r float64, n int) Estimate {
	z, wide := math.Atanh(max(-1, min(1, r))), normalQuantile()/math.Sqrt(float64(n-3))
	return Estimate{r, math.Tanh(z - wide), math.Tanh(z + wide), true}
}

// alpha estimates Cronbach's alpha (Psychometrika 16, 1951) of columns that each hold one
// question's points, a row for each person; with right and wrong alone it is KR-20. The
// interval is Feldt's (L. S. Feldt, D. J. Woodruff, F. A. Salih, Applied Psychological
// Measurement 11, 1987, formulas 6 and 7).
func alpha(columns [][]float64) Estimate {
	if len(columns) < 2 || len(columns[0]) < 2 {
		return Estimate{}
	}
	total, parts := make([]float64, len(columns[0])), 0.0
	for _, column := range columns {
		parts += stat.Variance(column, nil)
		for i, points := range column {
			total[i] += points
		}
	}
	if constant(total) {
		return Estimate{}
	}
	k := float64(len(columns))
	return feldt(k/(k-1)*(1-parts/stat.Variance(total, nil)), len(columns), len(total))
}

// feldt is the interval of an alpha of k questions and n people.
func feldt(alpha float64, k, n int) Estimate {
	f := distuv.F{D1: float64(n - 1), D2: float64((n - 1) * (k - 1))}
	return Estimate{alpha, 1 - (1-alpha)*f.Quantile((1+confidence)/2), 1 - (1-alpha)*f.Quantile((1-confidence)/2), true}
}

// median is the middle of seconds, the lower one where two stand there; 0 of none.
func median(seconds []float64) int {
	if len(seconds) == 0 {
		return 0
	}
	slices.Sort(seconds)
	return int(math.Round(stat.Quantile(0.5, stat.Empirical, seconds, nil)))
}

func normalQuantile() float64 { return distuv.UnitNormal.Quantile((1 + confidence) / 2) }

func constant(x []float64) bool { return len(x) == 0 || slices.Min(x) == slices.Max(x) }
