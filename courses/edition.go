// Package courses holds what is taught: courses and their editions, what an edition
// asks for, and a trainee's place in the modules.
package courses

import (
	"slices"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// EditionID is the key of an edition.
type EditionID string

// EditionSessionID is the key of one session of an edition's map.
type EditionSessionID string

// Rule says how many of the minutes a graduate must have after make-ups.
type Rule string

// The rules.
const (
	Full   Rule = "full"   // all of them
	Ninety Rule = "ninety" // at most 10 % missed
)

// Wording is what the certificate says of its holder.
type Wording string

// The wordings.
const (
	Completed Wording = "completed" // a course whose rules were all met
	TookPart  Wording = "took_part" // an open training
)

// Both is a text in both languages.
type Both struct {
	EN string `yaml:"en" json:"en"`
	ES string `yaml:"es" json:"es"`
}

// In is the text in a language.
func (b Both) In(lang content.Lang) string {
	if lang == content.Spanish {
		return b.ES
	}
	return b.EN
}

// Practical is a skill that an instructor watches for.
type Practical struct {
	ID   string `yaml:"id" json:"id"`
	Both `yaml:",inline"`
}

// CapstoneID is the practical by which an instructor records the capstone of an edition
// that asks for one.
const CapstoneID = "capstone"

// DefaultSelfStudy is the most of one's missed minutes that self-study may cure where an
// edition says nothing of it, in percent (domain, requirement 17: a quarter).
const DefaultSelfStudy = 25

// Edition is the minutes, map and rules of a course in force from a date, for one
// sector. It never changes: a cohort is pinned to one.
type Edition struct {
	bun.BaseModel `bun:"table:editions,alias:edition"`

	ID             EditionID `bun:",pk"`
	CourseCode     string
	Sector         people.Sector
	Name           string // "2026"
	InForceOn      string // YYYY-MM-DD
	Minutes        int
	Hour           int  // minutes that the edition calls an hour: 60 or 50
	BreaksCount    bool // breaks are part of the minutes
	Grace          int  // minutes late or early that count whole
	Rule           Rule
	KnowledgePass  int // percent
	DropLowest     int // knowledge checks, the lowest, that fall out of the average
	SelfStudy      int // percent of the minutes missed that self-study may cure
	Wording        Wording
	ValidMonths    int // of the certificate; 0 is no expiry
	Weeks          int
	WeeklySessions int           // the usual rhythm
	Unconfirmed    bool          // the Academy does not publish these minutes: they are a proposal
	Serves         []ServiceLine `bun:"type:jsonb"`
	TitleEN        string        `bun:"title_en"`
	TitleES        string        `bun:"title_es"`
	Competencies   []Both        `bun:"type:jsonb"` // areas in public words
	Practicals     []Practical   `bun:"type:jsonb"`
	Capstone       bool
	Quiz           QuizRules `bun:"embed:quiz_"`
	Path           string
	Source         string

	Sessions []Session      `bun:"-"`
	Modules  []Requirement  `bun:"-"` // in the order of the map
	After    []Prerequisite `bun:"-"` // courses that a trainee has completed before

	NamedBefore string `bun:"named_before,scanonly"` // After as the database gathers it
}

// Title is the edition's title in a language.
func (e Edition) Title(lang content.Lang) string { return Both{e.TitleEN, e.TitleES}.In(lang) }

// Session is one session of an edition's map.
type Session struct {
	bun.BaseModel `bun:"table:edition_sessions,alias:es"`

	ID        EditionSessionID `bun:",pk"`
	EditionID EditionID        `bun:"edition_id"`
	Position  int              // from 1
	Week      int              // from 1
	TitleEN   string           `bun:"title_en"`
	TitleES   string           `bun:"title_es"`
	Minutes   int              // that count
	Breaks    int              // minutes of breaks that do not count, besides
	Joint     bool             // both sides sit together

	Parts []Part `bun:"-"`
}

// Title is the session's title in a language.
func (s Session) Title(lang content.Lang) string { return Both{s.TitleEN, s.TitleES}.In(lang) }

// Part is one piece of a session: a module or a part of one, or something that is
// taught in the room alone.
type Part struct {
	bun.BaseModel `bun:"table:edition_parts,alias:ep"`

	ID        string           `bun:",pk"`
	SessionID EditionSessionID `bun:"edition_session_id"`
	Position  int              // from 1
	ModuleID  content.ModuleID `bun:"module_id,nullzero"`
	Part      int              // which part of the module; 0 for all of it
	TitleEN   string           `bun:"title_en"`
	TitleES   string           `bun:"title_es"`
	Minutes   int
	Mandate   Mandate // of law enforcement: what the part counts for; "" for none
}

// Title is the part's title in a language.
func (p Part) Title(lang content.Lang) string { return Both{p.TitleEN, p.TitleES}.In(lang) }

// Requirement is a module of the map that had a text when the edition was stored.
type Requirement struct {
	bun.BaseModel `bun:"table:edition_modules,alias:em"`

	EditionID EditionID        `bun:"edition_id,pk"`
	ModuleID  content.ModuleID `bun:"module_id,pk"`
	Required  bool
	Version   int // that the edition is pinned to
}

// ModuleIDs are the modules that the map names, each once, in its order.
func (e Edition) ModuleIDs() (ids []content.ModuleID) {
	for _, session := range e.Sessions {
		for _, part := range session.Parts {
			if part.ModuleID != "" && !slices.Contains(ids, part.ModuleID) {
				ids = append(ids, part.ModuleID)
			}
		}
	}
	return ids
}

// Required are the modules that every graduate has done, in the order of the map.
func (e Edition) Required() (ids []content.ModuleID) {
	for _, m := range e.Modules {
		if m.Required {
			ids = append(ids, m.ModuleID)
		}
	}
	return ids
}

// around are the modules with a text that come before and after one on the map; ""
// for none.
func (e Edition) around(id content.ModuleID) (before, after content.ModuleID) {
	passed := false
	for _, other := range e.ModuleIDs() {
		switch {
		case other == id:
			passed = true
		case e.Pinned(other) == 0:
		case passed:
			return before, other
		default:
			before = other
		}
	}
	if !passed {
		return "", ""
	}
	return before, ""
}

// Pinned is the version of a module that the edition teaches, 0 when it took none:
// then it is the newest.
func (e Edition) Pinned(id content.ModuleID) int {
	for _, m := range e.Modules {
		if m.ModuleID == id {
			return m.Version
		}
	}
	return 0
}

// prefers says whether the edition teaches a version of a module rather than one that is
// newer, or in the reader's language.
func (e Edition) prefers(m, other content.Module) bool {
	pin := e.Pinned(m.ID)
	return m.Version == pin && other.Version != pin
}

// without is the edition without the parts of some modules. Positions are counted
// anew, so that a gap tells nothing.
func (e Edition) without(hidden []content.ModuleID) Edition {
	if len(hidden) == 0 {
		return e
	}
	sessions := e.Sessions
	e.Sessions = nil
	for _, s := range sessions {
		parts := s.Parts
		s.Parts, s.Position = nil, len(e.Sessions)+1
		for _, p := range parts {
			if !slices.Contains(hidden, p.ModuleID) {
				p.Position = len(s.Parts) + 1
				s.Parts = append(s.Parts, p)
			}
		}
		if len(s.Parts) > 0 {
			e.Sessions = append(e.Sessions, s)
		}
	}
	return e
}
