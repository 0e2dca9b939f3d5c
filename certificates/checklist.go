package certificates

import (
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
)

// ItemKind is one kind of line on a checklist.
type ItemKind string

// The kinds of line, in the order they are told.
const (
	Minutes    ItemKind = "minutes"
	Modules    ItemKind = "modules"
	Knowledge  ItemKind = "knowledge"
	Practicals ItemKind = "practicals"
	Capstone   ItemKind = "capstone"
)

// Item is one line of a checklist: what the edition asks and what is there.
// For minutes both are minutes, for knowledge percent, for the rest a count.
type Item struct {
	Kind  ItemKind `json:"kind"`
	Asked int      `json:"asked"`
	Have  int      `json:"have"`
	Met   bool     `json:"met"`
	// Open names what is missing: module or practical ids, in the edition's order.
	Open []string `json:"open,omitempty"`
	// Set and Excused name checks, practicals or the capstone for which something counts
	// that a person set in the gradebook, and checks that were excused there.
	Set     []string `json:"set,omitempty"`
	Excused []string `json:"excused,omitempty"`
}

// Left is how much of what is asked is not there yet.
func (i Item) Left() int { return max(0, i.Asked-i.Have) }

// Checklist is what stands between an enrolment and its certificate (rule 3), line by
// line.
type Checklist struct {
	EnrolmentID cohorts.EnrolmentID `json:"enrolment"`
	Items       []Item              `json:"items"`
}

// Met says whether every line is met.
func (c Checklist) Met() bool {
	for _, item := range c.Items {
		if !item.Met {
			return false
		}
	}
	return len(c.Items) > 0
}

// Item gives the line of one kind; ok is false when the edition has none.
func (c Checklist) Item(kind ItemKind) (item Item, ok bool) {
	for _, item := range c.Items {
		if item.Kind == kind {
			return item, true
		}
	}
	return Item{}, false
}

// Candidate is one enrolment on its way to a certificate. Once it was decided on, its
// checklist is the frozen one that the decision rests on.
type Candidate struct {
	Checklist
	Totals      cohorts.Totals
	Place       cohorts.Place       // of Store.Candidate alone
	Certificate CertificateID       // "" until it is issued
	Standing    credential.Standing // of the certificate
	DecidedAt   *time.Time          // nil until it is decided on
	Fair        bool                // rule 17 lets the viewer decide

	titles map[string]courses.Both
}

// Ready says whether a decision is due: all is there, and none was made.
func (c Candidate) Ready() bool {
	return c.Met() && c.Totals.State == cohorts.Active && c.Certificate == ""
}

// Title is what a module or practical that a line names is called; its id where it has
// no title in the edition.
func (c Candidate) Title(id string, lang content.Lang) string {
	title := c.titles[id]
	for _, text := range []string{title.In(lang), title.EN, id} {
		if text != "" {
			return text
		}
	}
	return id
}

// Facts is what a checklist is made of, gathered from the rooms that own it.
type Facts struct {
	Totals          cohorts.Totals
	RequiredModules []string
	DoneModules     map[string]bool
	// KnowledgePass is the percent asked for; KnowledgeAverage the average of the best
	// attempts over the modules that have a quiz, KnowledgeOpen those without one.
	KnowledgePass    int
	KnowledgeAverage int
	KnowledgeOpen    []string
	KnowledgeSet     []string // where a person set what counts
	KnowledgeExcused []string // what counts in no average
	HasQuizzes       bool
	Practicals       []string // ids that the edition asks for
	PractisedOrMore  map[string]bool
	PracticalsSet    []string // where a person set what counts; the capstone's id too
	AsksCapstone     bool
	CapstonePassed   bool
}

// Judge makes the checklist of an enrolment from its facts. Minutes count only when
// two people have confirmed them.
func Judge(enrolment cohorts.EnrolmentID, f Facts) Checklist {
	list := Checklist{EnrolmentID: enrolment}
	asked := f.Totals.Rule.Enough(f.Totals.Required)
	list.Items = append(list.Items, Item{Kind: Minutes, Asked: asked, Have: f.Totals.Confirmed, Met: f.Totals.Met()})
	list.Items = append(list.Items, count(Modules, f.RequiredModules, f.DoneModules))
	if f.HasQuizzes {
		// A check that was not taken counts as 0 in the average; it is named so that the reader sees where to gain.
		list.Items = append(list.Items, Item{Kind: Knowledge, Asked: f.KnowledgePass, Have: f.KnowledgeAverage, Open: f.KnowledgeOpen,
			Set: f.KnowledgeSet, Excused: f.KnowledgeExcused, Met: f.KnowledgeAverage >= f.KnowledgePass})
	}
	if len(f.Practicals) > 0 {
		item := count(Practicals, f.Practicals, f.PractisedOrMore)
		item.Set = among(f.PracticalsSet, f.Practicals)
		list.Items = append(list.Items, item)
	}
	if f.AsksCapstone {
		item := Item{Kind: Capstone, Asked: 1, Met: f.CapstonePassed, Set: among(f.PracticalsSet, []string{courses.CapstoneID})}
		if f.CapstonePassed {
			item.Have = 1
		}
		list.Items = append(list.Items, item)
	}
	return list
}

// among are those of some ids that others have too.
func among(ids, others []string) (both []string) {
	for _, id := range ids {
		if slices.Contains(others, id) {
			both = append(both, id)
		}
	}
	return both
}

func count(kind ItemKind, asked []string, have map[string]bool) Item {
	item := Item{Kind: kind, Asked: len(asked)}
	for _, id := range asked {
		if have[id] {
			item.Have++
		} else {
			item.Open = append(item.Open, id)
		}
	}
	item.Met = item.Have >= item.Asked
	return item
}
