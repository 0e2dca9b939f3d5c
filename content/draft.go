package content

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// DraftID is the key of a draft.
type DraftID string

// RevisionID is the key of one saved state of one text of a draft.
type RevisionID string

// SubmissionID is the key of one handing in of a draft for review.
type SubmissionID string

// DraftState is where a draft stands on its way.
type DraftState string

// The states of a draft.
const (
	Writing   DraftState = "writing"   // its authors change it
	Waiting   DraftState = "waiting"   // handed in; nobody changes it until a reviewer has answered
	Published DraftState = "published" // it became a version
	Withdrawn DraftState = "withdrawn" // its authors gave it up
)

// Part is one of a draft's texts, as it stands in addresses.
type Part string

// The texts of a draft. An empty one is not there.
const (
	EnglishText  Part = "en"
	SpanishText  Part = "es"
	EnglishGuide Part = "guide-en"
	SpanishGuide Part = "guide-es"
	EnglishCheck Part = "check-en"
	SpanishCheck Part = "check-es"
)

// Parts lists a module's texts in the order in which they are written.
var Parts = []Part{EnglishText, SpanishText, EnglishGuide, SpanishGuide, EnglishCheck, SpanishCheck}

// Known says whether a draft has such a text.
func (p Part) Known() bool { return slices.Contains(Parts, p) }

// Lang is the language of the text.
func (p Part) Lang() Lang {
	if p == SpanishText || p == SpanishGuide || p == SpanishCheck {
		return Spanish
	}
	return English
}

// Guide says whether the text is a facilitator's guide.
func (p Part) Guide() bool { return p == EnglishGuide || p == SpanishGuide }

// Check says whether the text is a knowledge check, with its key.
func (p Part) Check() bool { return p == EnglishCheck || p == SpanishCheck }

// Original is the text that this one translates; "" for an original.
func (p Part) Original() Part {
	switch p {
	case SpanishText:
		return EnglishText
	case SpanishGuide:
		return EnglishGuide
	case SpanishCheck:
		return EnglishCheck
	}
	return ""
}

// ending is how the text's file ends after the module's own name.
func (p Part) ending() string {
	return map[Part]string{EnglishText: ".md", SpanishText: ".es.md", EnglishGuide: ".guide.md", SpanishGuide: ".guide.es.md",
		EnglishCheck: ".quiz.md", SpanishCheck: ".quiz.es.md"}[p]
}

// kind is what the text's file is, as its name says.
func (p Part) kind() string {
	switch {
	case p.Guide():
		return ".guide"
	case p.Check():
		return ".quiz"
	}
	return ""
}

// Discipline is the trade that somebody writes or reviews from. The curriculum is the
// work of a team of many trades: who reviews a text comes from another than who wrote it.
type Discipline string

// Disciplines are the trades of the team, in the order in which they are offered.
var Disciplines = []Discipline{"outreach", "case_management", "victim_services", "mental_health", "hospital", "law", "policing", "research", "teaching"}

// Known says whether it is one of the team's trades.
func (d Discipline) Known() bool { return slices.Contains(Disciplines, d) }

// reviewer is how the trade signs a text, in the text's front matter. Files go to every
// sector that may read them, so a trade signs there and no person.
func (d Discipline) reviewer() string {
	return map[Discipline]string{
		"outreach": "Outreach practice", "case_management": "Case management", "victim_services": "Victim services",
		"mental_health": "Mental health", "hospital": "Hospital response", "law": "Law", "policing": "Police training",
		"research": "Research and policy", "teaching": "Teaching",
	}[d]
}

// Draft is a new text of a module, or of a protocol, on its way to being a version.
type Draft struct {
	bun.BaseModel `bun:"table:drafts,alias:draft"`

	ID           DraftID `bun:",pk"`
	Sector       people.Sector
	ModuleID     ModuleID   // "" for a protocol
	ProtocolID   ProtocolID // "" for a module
	FirstOf      ModuleID   `bun:",nullzero"`
	BaseVersion  int        // the version that it changes; 0 for a first text
	BaseCheck    int        // the version of the check that it changes; 0 for a module without one
	Title        string
	State        DraftState
	SubmissionID SubmissionID `bun:",nullzero"` // of the handing in that waits, or was approved
	OpenedBy     people.PersonID
	OpenedAt     time.Time
	ChangedBy    people.PersonID
	ChangedAt    time.Time

	ChangedByName string `bun:",scanonly"`
	Newest        int    `bun:",scanonly"` // the newest version that is published
}

// Open says whether the draft is still on its way.
func (d Draft) Open() bool { return d.State == Writing || d.State == Waiting }

// Behind says whether another version was published after the draft was begun.
func (d Draft) Behind() bool { return d.Newest > d.BaseVersion }

// Parts are the texts that the draft has.
func (d Draft) Parts() []Part {
	if d.ProtocolID != "" {
		return []Part{EnglishText, SpanishText}
	}
	return Parts
}

// Pictured says whether a text of the draft may show pictures.
func (d Draft) Pictured(part Part) bool { return d.ProtocolID == "" && !part.Check() }

// Revision is one saved state of one text of a draft. It never changes, but its text may
// be taken out (see Store.Thin).
type Revision struct {
	bun.BaseModel `bun:"table:draft_revisions,alias:revision"`

	ID      RevisionID `bun:",pk"`
	DraftID DraftID
	Part    Part
	BasedOn RevisionID `bun:",nullzero"`
	Aside   bool       // saved on a revision that stood no more: kept beside the text
	Source  string
	SavedBy people.PersonID
	SavedAt time.Time
	Kept    *bool // it stays for good; false: its text was taken out; nil: not decided yet

	SavedByName string `bun:",scanonly"`
}

// Texts are the revisions of a draft that stand now.
type Texts map[Part]Revision

// Overtaken says whether the text that this one translates was changed after it.
func (t Texts) Overtaken(part Part) bool {
	original := t[part.Original()]
	return t[part].Source != "" && original.BasedOn != "" && original.SavedAt.After(t[part].SavedAt)
}

// Submission is one handing in of a draft for review.
type Submission struct {
	bun.BaseModel `bun:"table:draft_submissions,alias:submission"`

	ID          SubmissionID `bun:",pk"`
	DraftID     DraftID
	Discipline  Discipline // that it was written from
	Note        string     // what changed, for the version
	SubmittedBy people.PersonID
	SubmittedAt time.Time

	SubmittedByName string `bun:",scanonly"`
}

// Verdict is a reviewer's answer.
type Verdict string

// The verdicts.
const (
	Approved Verdict = "approved"
	Returned Verdict = "returned"
)

// Review is a reviewer's answer to a submission.
type Review struct {
	bun.BaseModel `bun:"table:draft_reviews,alias:review"`

	ID           string `bun:",pk"`
	DraftID      DraftID
	SubmissionID SubmissionID
	Verdict      Verdict
	Discipline   Discipline
	Comment      string
	ReviewedBy   people.PersonID
	ReviewedAt   time.Time

	ReviewedByName string `bun:",scanonly"`
}

// longestNote is how many letters a change note or a comment may have; longestText how
// many bytes a text.
const (
	longestNote = 1000
	longestText = 200 << 10
)

func (s Submission) validate() error {
	var wrong fault.InvalidError
	if !s.Discipline.Known() {
		wrong.Add("discipline", "content.draft.discipline_missing")
	}
	if s.Note == "" {
		wrong.Add("note", "content.draft.note_missing")
	} else if len([]rune(s.Note)) > longestNote {
		wrong.Add("note", "content.draft.note_long", "Most", longestNote)
	}
	return wrong.OrNil()
}

func (r Review) validate() error {
	var wrong fault.InvalidError
	if r.Verdict != Approved && r.Verdict != Returned {
		wrong.Add("verdict", "content.draft.verdict_missing")
	}
	if !r.Discipline.Known() {
		wrong.Add("discipline", "content.draft.discipline_missing")
	}
	if r.Verdict == Returned && r.Comment == "" {
		wrong.Add("comment", "content.draft.comment_missing")
	} else if len([]rune(r.Comment)) > longestNote {
		wrong.Add("comment", "content.draft.note_long", "Most", longestNote)
	}
	return wrong.OrNil()
}

// Writes says whether the viewer writes and reviews the curriculum where they stand.
func Writes(v people.Viewer) bool { return v.Is(people.Author, people.Director) }
