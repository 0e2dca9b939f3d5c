package assessment

import (
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/content"
)

// asked reads one question as an author writes it, with its Spanish words.
func asked(t *testing.T, english string, spanish ...string) Question {
	t.Helper()
	told := content.Problems{}
	read := func(source string) *Written {
		list := ReadWritten(strings.Split(source, "\n"), 1, &told)
		if len(list) != 1 {
			t.Fatalf("%d questions in %s", len(list), source)
		}
		list[0].Check(&told)
		return &list[0]
	}
	w, other := read(english), (*Written)(nil)
	if len(spanish) > 0 {
		if other = read(spanish[0]); other.differs(*w) {
			t.Fatalf("not the same question:\n%s", spanish[0])
		}
	}
	q := w.Question(&told, other, &told)
	if len(told.List) > 0 {
		t.Fatal(told.List)
	}
	return q
}

func typed(texts ...string) Answer { return Answer{Texts: texts} }

func TestTypedWordsCountAsTheyAreMeant(t *testing.T) {
	t.Parallel()
	word := asked(t, "## q\ntype: short\n\nName it.\n\n- [x] pause\n- [50%] stop*\n- [ ] *\n", "## q\ntype: short\n\nDiga.\n\n- [x] pausa\n- [x] respiración\n")
	exact := asked(t, "## q\ntype: short\ncase: exact\naccents: exact\n\nName it.\n\n- [x] José\n- [50%] 5\\*\n")
	plain := asked(t, "## q\ntype: short\naccents: exact\n\nName it.\n\n- [x] José\n")
	for name, row := range map[string]struct {
		q     Question
		typed string
		want  int
	}{
		"as it stands":                    {word, "pause", 100},
		"capitals, spaces, a full stop":   {word, "  PAUSE. ", 100},
		"the other language":              {word, "Pausa", 100},
		"without its accent":              {word, "respiracion", 100},
		"with letters that fold":          {word, "ｐａｕｓｅ", 100},
		"a wildcard":                      {word, "stop it", 50},
		"a wildcard that stands for none": {word, "stop", 50},
		"known to be wrong":               {word, "shout", 0},
		"nothing":                         {word, " ", 0},
		"exactly":                         {exact, "José", 100},
		"a small letter where it counts":  {exact, "josé", 0},
		"no accent where it counts":       {exact, "Jose", 0},
		"a star that is a star":           {exact, "5*", 50},
		"a star that is no wildcard":      {exact, "55", 0},
		"accents alone count":             {plain, "JOSÉ", 100},
		"accents alone count, and lack":   {plain, "jose", 0},
	} {
		if got := row.q.Score(typed(row.typed)); got != row.want {
			t.Errorf("%s: %d, want %d", name, got, row.want)
		}
	}
	if i, language := word.Meets(typed("shout")); i != 2 || language != "en" {
		t.Errorf("the feedback to what is known to be wrong is that of %d in %q", i, language)
	}
}

func TestNumbersCountAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	pi := asked(t, "## q\ntype: numeric\n\nPi?\n\n- [x] 3.14 +- 0.01\n- [50%] 3..4\n")
	long := asked(t, "## q\ntype: numeric\nunits: km = 1, m = 0.001, mile = 1.609344\n\nHow far?\n\n- [x] 1.5\n", "## q\ntype: numeric\nunits: km = 1, metros = 0.001, milla = 1.609344\n\n¿Qué tan lejos?\n\n- [x] 1,5\n")
	many := asked(t, "## q\ntype: numeric\n\nHow many?\n\n- [x] 1500\n")
	for name, row := range map[string]struct {
		q    Question
		a    Answer
		want int
	}{
		"within the tolerance":              {pi, typed("3.15"), 100},
		"at its other end":                  {pi, typed("3.13"), 100},
		"just outside":                      {pi, typed("3.16"), 50},
		"a decimal comma":                   {pi, typed("3,14"), 100},
		"outside all":                       {pi, typed("4.1"), 0},
		"no number":                         {pi, typed("three"), 0},
		"two numbers":                       {pi, typed("3.14 or 4"), 0},
		"words behind it":                   {pi, typed("3.14 I think"), 100},
		"the first unit where none is said": {long, typed("1.5"), 100},
		"another unit, chosen":              {long, typed("1500", "1"), 100},
		"another unit, typed":               {long, typed("1,500 m"), 100},
		"a unit by its Spanish name":        {long, typed("1500 Metros", "0"), 100},
		"right number, wrong unit":          {long, typed("1.5", "1"), 0},
		"a unit that is none":               {long, typed("1.5 parsec"), 0},
		"thousands with a comma":            {many, typed("1,500"), 100},
		"thousands with a point":            {many, typed("1.500"), 100},
		"thousands with a space":            {many, typed("1 500"), 100},
		"both marks":                        {many, typed("1.500,0"), 100},
		"both marks the other way":          {many, typed("1,500.0"), 100},
		"below none":                        {many, typed("-1500"), 0},
		"an impossible comma":               {many, typed("15,00"), 0},
	} {
		if got := row.q.Score(row.a); got != row.want {
			t.Errorf("%s: %d, want %d", name, got, row.want)
		}
	}
}

// joined answers lines of the file with lines of the file, which is how a person thinks
// of it: the nth left side with the mth right one, the nth step at the mth place.
func (q Question) joined(right ...int) Answer {
	var a Answer
	for one, with := range right {
		if with < 0 {
			continue
		}
		switch q.Type {
		case Matching:
			a.Pairs = append(a.Pairs, [2]int{one, q.Body.Match[with]})
		case Ordering:
			for item, place := range q.Body.Match {
				if place == one {
					a.Pairs = append(a.Pairs, [2]int{item, with})
				}
			}
		}
	}
	return a
}

func TestPairsAndOrderEarnAShareForEachPartThatIsRight(t *testing.T) {
	t.Parallel()
	pairs := asked(t, "## q\ntype: matching\n\nWhich?\n\n- a => one\n- b => two\n- c => three\n- => four\n")
	steps := asked(t, "## q\ntype: ordering\n\nOrder?\n\n1. a\n2. b\n3. c\n4. d\n")
	for name, row := range map[string]struct {
		q    Question
		a    Answer
		want int
	}{
		"all pairs":                            {pairs, pairs.joined(0, 1, 2), 100},
		"two of three pairs, rounded down":     {pairs, pairs.joined(0, 1, 0), 66},
		"everything with the same":             {pairs, pairs.joined(0, 0, 0), 33},
		"one pair, the rest open":              {pairs, pairs.joined(-1, 1, -1), 33},
		"no pair":                              {pairs, Answer{}, 0},
		"the right order":                      {steps, steps.joined(0, 1, 2, 3), 100},
		"the first at the end: b c d a":        {steps, steps.joined(3, 0, 1, 2), 66},
		"two neighbours changed: a c b d":      {steps, steps.joined(0, 2, 1, 3), 0},
		"the last two changed: a b d c":        {steps, steps.joined(0, 1, 3, 2), 33},
		"turned around":                        {steps, steps.joined(3, 2, 1, 0), 0},
		"all at one place":                     {steps, steps.joined(1, 1, 1, 1), 0},
		"a place twice":                        {steps, steps.joined(0, 1, 1, 2), 0},
		"two steps only, in their right order": {steps, steps.joined(0, 1, -1, -1), 33},
		"no order":                             {steps, Answer{}, 0},
	} {
		if !row.q.Fits(row.a) {
			t.Errorf("%s does not fit: %v", name, row.a)
		}
		if got := row.q.Score(row.a); got != row.want {
			t.Errorf("%s: %d, want %d", name, got, row.want)
		}
	}
}

func TestEachGapHasItsShare(t *testing.T) {
	t.Parallel()
	q := asked(t, "## q\ntype: cloze\n\nFirst {{breathe|a breath}}, then {{=step back|run|shout}}, then {{talk*}}.\n",
		"## q\ntype: cloze\n\nPrimero {{respirar}}, luego {{=retroceder|correr|gritar}}, luego {{hablar}}.\n")
	option := func(english string) string {
		for i, words := range q.Text("en").Gaps[1].Options {
			if words == english {
				return string(rune('0' + i))
			}
		}
		t.Fatalf("no option %q", english)
		return ""
	}
	if en, es := q.Text("en").Gaps[1].Options, q.Text("es").Gaps[1].Options; (en[0] == "step back") != (es[0] == "retroceder") || (en[1] == "run") != (es[1] == "correr") {
		t.Errorf("the options stand in two orders: %v, %v", en, es)
	}
	for name, row := range map[string]struct {
		a    Answer
		want int
	}{
		"all gaps":                  {typed("Breathe", option("step back"), "talking"), 100},
		"in the other language":     {typed("respirar", option("step back"), "hablar"), 100},
		"two of three, cut to 66":   {typed("a breath", option("run"), "talk"), 66},
		"one of three":              {typed("", "", "talk"), 33},
		"none":                      {typed("", "", ""), 0},
		"the option's words, typed": {typed("", "step back", ""), 0},
	} {
		if got := q.Score(row.a); got != row.want {
			t.Errorf("%s: %d, want %d", name, got, row.want)
		}
	}
}

func TestSharesOfChoicesAreThoseOfTheFile(t *testing.T) {
	t.Parallel()
	one := asked(t, "## q\ntype: single\n\nWhich?\n\n- [x] a\n- [33.33333%] b\n- [ ] c\n")
	thirds := asked(t, "## q\ntype: multiple\n\nWhich?\n\n- [33.33333%] a\n- [33.33333%] b\n- [33.33333%] c\n- [-50%] d\n")
	for name, row := range map[string]struct {
		q      Question
		picked []int
		want   int
	}{
		"nearly right":               {one, []int{1}, 33},
		"three thirds are all":       {thirds, []int{0, 1, 2}, 100},
		"two thirds":                 {thirds, []int{0, 1}, 66},
		"two thirds and a wrong one": {thirds, []int{0, 1, 3}, 16},
		"a wrong one, never below 0": {thirds, []int{3}, 0},
		"everything ticked":          {thirds, []int{0, 1, 2, 3}, 0},
	} {
		if got := row.q.Score(Answer{Choices: row.picked}); got != row.want {
			t.Errorf("%s: %d, want %d", name, got, row.want)
		}
	}
}

func TestWhatNoPageSendsDoesNotFit(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", LongestShort)
	questions := map[string]Question{
		"choice":      asked(t, "## q\ntype: single\n\nQ\n\n- [x] a\n- [ ] b\n"),
		"word":        asked(t, "## q\ntype: short\n\nQ\n\n- [x] a\n"),
		"number":      asked(t, "## q\ntype: numeric\n\nQ\n\n- [x] 1\n"),
		"unit":        asked(t, "## q\ntype: numeric\nunits: m = 1, km = 1000\n\nQ\n\n- [x] 1\n"),
		"pairs":       asked(t, "## q\ntype: matching\n\nQ\n\n- a => x\n- b => y\n- => z\n"),
		"order":       asked(t, "## q\ntype: ordering\n\nQ\n\n1. a\n2. b\n"),
		"gaps":        asked(t, "## q\ntype: cloze\n\nA {{b}} c {{=d|e}}.\n"),
		"essay":       asked(t, "## q\ntype: essay\npoints: 5\n\nQ\n"),
		"description": asked(t, "## q\ntype: description\n\nQ\n"),
	}
	for _, row := range []struct {
		question string
		a        Answer
		want     bool
	}{
		{"choice", Answer{Choices: []int{1}}, true}, {"choice", Answer{Choices: []int{2}}, false}, {"choice", Answer{Choices: []int{0, 1}}, false},
		{"choice", typed("a"), false}, {"choice", Answer{Pairs: [][2]int{{0, 0}}}, false},
		{"word", typed(long), true}, {"word", typed(long + "x"), false}, {"word", typed("a", "b"), false}, {"word", typed("a\nb"), false}, {"word", Answer{Choices: []int{0}}, false}, {"word", typed("\xff"), false},
		{"number", typed("12 people"), true}, {"number", typed("1", "0"), false}, {"number", typed(strings.Repeat("1", LongestNumber+1)), false},
		{"unit", typed("1", "1"), true}, {"unit", typed("1", "2"), false}, {"unit", typed("1", "+1"), false}, {"unit", typed("1", ""), true},
		{"pairs", Answer{Pairs: [][2]int{{0, 2}, {1, 2}}}, true}, {"pairs", Answer{Pairs: [][2]int{{0, 1}, {0, 2}}}, false}, {"pairs", Answer{Pairs: [][2]int{{2, 0}}}, false}, {"pairs", Answer{Pairs: [][2]int{{0, 3}}}, false}, {"pairs", Answer{Pairs: [][2]int{{0, -1}}}, false},
		{"order", Answer{Pairs: [][2]int{{0, 1}, {1, 1}}}, true}, {"order", Answer{Pairs: [][2]int{{0, 2}}}, false}, {"order", typed("1"), false},
		{"gaps", typed("x", "1"), true}, {"gaps", typed("x", ""), true}, {"gaps", typed("x", "2"), false}, {"gaps", typed("x"), false}, {"gaps", typed("x", "1", ""), false}, {"gaps", Answer{}, true},
		{"essay", typed("a\n\nb"), true}, {"essay", typed(strings.Repeat("x", LongestText+1)), false}, {"essay", typed("a\x01"), false},
		{"description", Answer{}, false}, {"description", typed("x"), false},
	} {
		if got := questions[row.question].Fits(row.a.tidy()); got != row.want {
			t.Errorf("%s: %v fits: %v", row.question, row.a, got)
		}
	}
}
