package assessment

import (
	"slices"

	"github.com/metropolitan-peace-academy/academy/cohorts"
)

// ModuleResult is one person's best result in one required module that has a quiz.
type ModuleResult struct {
	ModuleID string
	TitleEN  string // of the quiz
	TitleES  string
	Pass     int  // percent that the quiz asks for
	Best     int  // percent, of the best attempt; 0 where nothing was handed in
	Tries    int  // attempts handed in
	Waiting  bool // a text of a try waits for its points
	Talk     bool // the next try waits for a talk with staff
	Set      *int // percent that a person set beside Best, which counts instead
	Excused  bool // it counts in no average
	Dropped  bool // it is among the lowest, which the edition leaves out

	counted int  // tries without those given besides
	talked  bool // the talk that the next try waited for has been
}

// Tried says whether an attempt was handed in.
func (r ModuleResult) Tried() bool { return r.Tries > 0 }

// Counts is the percent that counts: what a person set, else the best attempt; false
// where there is neither, or the check is excused.
func (r ModuleResult) Counts() (percent int, any bool) {
	switch {
	case r.Excused:
		return 0, false
	case r.Set != nil:
		return *r.Set, true
	}
	return r.Best, r.Tried()
}

// Passed says whether what counts reaches what the quiz asks for.
func (r ModuleResult) Passed() bool {
	percent, any := r.Counts()
	return any && percent >= r.Pass
}

// Due says whether the trainee has still to take or to pass the check.
func (r ModuleResult) Due() bool { return !r.Excused && !r.Passed() }

// Title is the quiz's title in the language asked for.
func (r ModuleResult) Title(language string) string {
	return inLanguage(language, r.TitleEN, r.TitleES)
}

// In is the language of that title.
func (r ModuleResult) In(language string) string { return spoken(language, r.TitleES) }

// Knowledge is what a trainee has shown in the knowledge checks of their course.
type Knowledge struct {
	EnrolmentID cohorts.EnrolmentID
	Modules     []ModuleResult // required modules that have a quiz, by id
	Percent     int            // average of what counts, rounded down; what is missing counts 0
	Missing     []string       // ids of the modules without a result that are not excused
}

// Counted says whether the course has a knowledge check at all.
func (k Knowledge) Counted() bool { return len(k.Modules) > 0 }

// Enough says whether the average reaches the percent that the edition asks for (rule
// 3). A course without any check asks for nothing.
func (k Knowledge) Enough(pass int) bool { return !k.Counted() || k.Percent >= pass }

// Module gives the result in one module.
func (k Knowledge) Module(id string) (ModuleResult, bool) {
	for _, m := range k.Modules {
		if m.ModuleID == id {
			return m, true
		}
	}
	return ModuleResult{}, false
}

// Set are the ids of the modules whose percent a person set.
func (k Knowledge) Set() (ids []string) {
	for _, m := range k.Modules {
		if m.Set != nil && !m.Excused {
			ids = append(ids, m.ModuleID)
		}
	}
	return ids
}

// Excused are the ids of the modules whose check is excused.
func (k Knowledge) Excused() (ids []string) {
	for _, m := range k.Modules {
		if m.Excused {
			ids = append(ids, m.ModuleID)
		}
	}
	return ids
}

// knowledgeOf sums results up: the one place where an average is made. What is excused
// leaves it; of what was computed the lowest fall out, as many as the edition drops, but
// one check always counts. Where all are excused nothing was shown, and it is 0.
func knowledgeOf(enrolment cohorts.EnrolmentID, drop int, modules []ModuleResult) Knowledge {
	k := Knowledge{EnrolmentID: enrolment, Modules: modules, Missing: []string{}}
	counting, computed := 0, []int{}
	for i, m := range modules {
		if m.Excused {
			continue
		}
		counting++
		if m.Set == nil {
			computed = append(computed, i)
		}
		if _, any := m.Counts(); !any {
			k.Missing = append(k.Missing, m.ModuleID)
		}
	}
	slices.SortStableFunc(computed, func(a, b int) int { return modules[a].Best - modules[b].Best })
	for _, i := range computed[:max(0, min(drop, len(computed), counting-1))] {
		modules[i].Dropped = true
		counting--
	}
	sum := 0
	for _, m := range modules {
		if percent, any := m.Counts(); any && !m.Dropped {
			sum += percent
		}
	}
	if counting > 0 {
		k.Percent = sum / counting
	}
	return k
}

// Person is one trainee of a cohort with what they have shown.
type Person struct {
	Name string // first name and initial
	Knowledge
}

// Bars are how many results fall into each of ten parts of the way to 100 percent: 0 to
// 9, 10 to 19 and so on, 100 with the last. Who has no result is in none.
func Bars(people []Person, module string) [10]int {
	var bars [10]int
	for _, p := range people {
		if m, ok := p.Module(module); ok && m.Tried() {
			bars[min(m.Best/10, 9)]++
		}
	}
	return bars
}

// Item is how the trainees of a cohort answered one question in their first tries.
type Item struct {
	Question
	Answers int   // how many first tries were handed in with this question
	Right   int   // how many of them were wholly right
	Picks   []int // how often each choice was picked, by its number in the file
}

// Share is the part that was right, in percent rounded down; false where nobody answered.
func (i Item) Share() (percent int, any bool) {
	if i.Answers == 0 {
		return 0, false
	}
	return i.Right * 100 / i.Answers, true
}

// itemsOf counts answers, one list for each question.
func itemsOf(questions []Question, answers map[string][]Answer) []Item {
	items := make([]Item, len(questions))
	for n, q := range questions {
		items[n] = Item{Question: q, Picks: make([]int, len(q.Body.Right))}
		if !q.Counts() || q.Waits() {
			continue // nothing that the program can call right
		}
		for _, a := range answers[q.ID] {
			items[n].Answers++
			if q.Score(a) == Points {
				items[n].Right++
			}
			for c := range items[n].Picks {
				if slices.Contains(a.Choices, c) {
					items[n].Picks[c]++
				}
			}
		}
	}
	return items
}
