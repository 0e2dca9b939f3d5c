package pages

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// words: assessment.grading.state.*

// gradingPage is a cohort with how far its texts are.
type gradingPage struct {
	Cohort   cohorts.Summary
	Modules  []assessment.GradingModule
	Released int // results that have just been released; -1 for none
}

func gradingAt(cohort cohorts.CohortID, rest ...string) string {
	return "/cohorts/" + url.PathEscape(string(cohort)) + "/grading" + strings.Join(rest, "")
}

// textsPage is the texts of one module's check in an order, and one of them to be graded.
type textsPage struct {
	Cohort  cohorts.Summary
	Order   assessment.GradingOrder
	Texts   []assessment.ToGrade
	After   string                   // the list begins behind it
	Sheet   *assessment.GradingSheet // nil for the list
	Phrases []assessment.Phrase
	Device  string
	Done    bool   // nothing is left that waits for the grader
	Given   string // the text that was given its points just now, "" for none
	Failed  *web.Errors
	Beaten  bool // somebody was first: what stands is shown beside what was filled in
}

// at is the address of the page, or of what stands below the module's.
func (p textsPage) at(rest string) string {
	return gradingAt(p.Cohort.ID, "/"+slug(p.Order.Module), rest)
}

// query is what an address needs to stay in the order, and to show one text.
func (p textsPage) query(handle string) string { return orderQuery(p.Order, handle) }

func orderQuery(o assessment.GradingOrder, handle string) string {
	values := url.Values{}
	if o.ByPerson {
		values.Set("by", "person")
	} else {
		values.Set("question", strconv.Itoa(o.Question))
	}
	if handle != "" {
		values.Set("answer", handle)
	}
	return "?" + values.Encode()
}

// back is where the page's way back leads: from a text to its list, from there to the class.
func (p textsPage) back() string {
	if p.Sheet != nil {
		return p.at(p.query(""))
	}
	return gradingAt(p.Cohort.ID)
}

// name is what a text is called: by its writer, or by a number that says nothing of them.
func (p textsPage) name(ctx context.Context, t assessment.ToGrade) string {
	if !p.Order.ByPerson {
		return web.T(ctx, "assessment.grading.answer", "Number", t.Number)
	}
	return t.Name()
}

// under says of a text where it stands.
func (p textsPage) under(ctx context.Context) string {
	at := slices.IndexFunc(p.Texts, func(t assessment.ToGrade) bool { return t.Handle == p.Sheet.Handle })
	words := web.T(ctx, "assessment.grading.place", "Number", at+1, "Total", len(p.Texts))
	if p.Order.ByPerson {
		words = web.T(ctx, "assessment.grading.question", "Number", p.Sheet.Position) + " · " + words
	}
	return words
}

// page cuts the list.
func (p textsPage) page() (shown []assessment.ToGrade, next string) {
	from := slices.IndexFunc(p.Texts, func(t assessment.ToGrade) bool { return t.Handle == p.After }) + 1
	shown = p.Texts[from:]
	if len(shown) > cohorts.PageSize {
		shown = shown[:cohorts.PageSize]
		next = p.at(p.query("") + "&after=" + shown[cohorts.PageSize-1].Handle)
	}
	return shown, next
}

// open is how many texts of the list want the grader's points.
func (p textsPage) open() (n int) {
	for _, t := range p.Texts {
		if t.Open() {
			n++
		}
	}
	return n
}

// given is the text that was given its points just now; nil for none.
func (p textsPage) given() *assessment.ToGrade {
	at := slices.IndexFunc(p.Texts, func(t assessment.ToGrade) bool { return t.Handle == p.Given && (t.Seq > 0 || t.Mine) })
	if at < 0 {
		return nil
	}
	return &p.Texts[at]
}

// begun says whether something of the list has points already.
func (p textsPage) begun() bool {
	return slices.ContainsFunc(p.Texts, func(t assessment.ToGrade) bool { return t.Seq > 0 || t.Mine })
}

func (p textsPage) zone() *time.Location { return zone(p.Cohort.TimeZone) }

// grades says whether the page has the form in which the text gets its points.
func (p textsPage) grades() bool {
	switch p.Sheet.State() {
	case assessment.TextWaits, assessment.TextDrafted, assessment.TextMine, assessment.TextGraded:
		return true
	}
	return false
}

// scripts are the page's: only where there is something to give.
func (p textsPage) scripts() []string {
	if p.Sheet == nil || !p.grades() {
		return nil
	}
	return []string{"grading.js"}
}

// points are what the form shows as picked: those of the draft, else those given; -1 for none.
func (p textsPage) points() int {
	switch {
	case p.Sheet.Draft.Version > 0:
		return p.Sheet.Draft.Points
	case p.Sheet.Line.Seq > 0:
		return p.Sheet.Question.Given(p.Sheet.Line.Points)
	}
	return -1
}

func (p textsPage) comment() string {
	if p.Sheet.Draft.Version > 0 {
		return p.Sheet.Draft.Comment
	}
	return p.Sheet.Line.Comment
}

// many says whether the points are too many to stand side by side.
func (p textsPage) many() bool { return p.Sheet.Question.Body.Points > 20 }

// words counts the words of the text.
func (p textsPage) words() int { return len(strings.Fields(p.Sheet.Answer.Text(0))) }

// entitled says whether the viewer may say which of two marks counts.
func (p textsPage) entitled(ctx context.Context) bool {
	v := web.ViewerOf(ctx)
	return v.RunsSector() || slices.ContainsFunc(p.Sheet.Given, func(m assessment.GradingMark) bool { return m.ByPerson == v.Person() })
}

// stateKind is the sign of a state.
func stateKind(state assessment.GradingState) string {
	switch state {
	case assessment.TextGraded, assessment.TextReleased:
		return "done"
	case assessment.TextDiffers, assessment.TextDrafted:
		return "due"
	case assessment.TextMine, assessment.TextMarked:
		return "lake"
	case assessment.TextTaken:
		return "note"
	}
	return "open"
}

// sayings are the sentences that the page's script fills in.
func (p textsPage) sayings(say func(key string, pairs ...any) string) templ.Attributes {
	return templ.Attributes{
		"data-zone":           p.Cohort.TimeZone,
		"data-page":           p.at(p.query(p.Sheet.Handle)),
		"data-claims":         p.at("/claims"),
		"data-free":           p.at("/claims/removal"),
		"data-drafts":         p.at("/drafts"),
		"data-say-saving":     say("assessment.save.saving"),
		"data-say-kept":       say("assessment.grading.kept", "Time", "{time}"),
		"data-say-typed":      say("assessment.save.typed"),
		"data-say-away":       say("assessment.grading.away"),
		"data-say-signed-out": say("assessment.grading.signed_out"),
		"data-say-refused":    say("assessment.save.refused"),
		"data-say-elsewhere":  say("assessment.grading.elsewhere", "Time", "{time}"),
		"data-say-given":      say("assessment.grading.given"),
		"data-say-again":      say("assessment.grading.given_elsewhere", "Time", "{time}"),
		"data-say-finished":   say("assessment.grade.meanwhile"),
		"data-say-mine":       say("assessment.grading.mine", "Time", "{time}"),
		"data-say-taken":      say("assessment.grading.taken"),
		"data-say-pick":       say("assessment.grading.pick"),
	}
}

// shown are the texts of this page of the list, next the page behind it.
func (p textsPage) shown() []assessment.ToGrade {
	shown, _ := p.page()
	return shown
}

func (p textsPage) next() string {
	_, next := p.page()
	return next
}

// gap is how far two marks stand apart, on the essay's own scale.
func (p textsPage) gap() int {
	first, second := p.Sheet.Question.Given(p.Sheet.Given[0].Points), p.Sheet.Question.Given(p.Sheet.Given[1].Points)
	return max(first-second, second-first)
}

// wordCount says how long the text is, and how long it should be at most.
func wordCount(ctx context.Context, p textsPage) string {
	if most := p.Sheet.Question.Body.Words; most > 0 {
		return web.T(ctx, "assessment.attempt.counted_of", "Count", p.words(), "Most", most)
	}
	return web.T(ctx, "assessment.attempt.counted", "Count", p.words())
}

// pointsText is a number of points as a field has it, "" for none yet.
func pointsText(n int) string {
	if n < 0 {
		return ""
	}
	return strconv.Itoa(n)
}
