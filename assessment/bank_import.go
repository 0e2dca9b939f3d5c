package assessment

import (
	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Fate is what becomes of one question of a file.
type Fate string

// The fates.
const (
	WillAdd    Fate = "add"    // it is new to the bank
	WillChange Fate = "change" // it becomes a new version of a question there
	IsThere    Fate = "there"  // the same question is there already
	StaysOut   Fate = "out"    // it can't be kept, because …
)

// PlannedQuestion is one question of a file with its fate.
type PlannedQuestion struct {
	Label  string
	Line   int
	Fate   Fate
	Type   formats.Type
	Shown  string
	Reason fault.Sentence   // why it stays out
	Notes  []fault.Sentence // what it is kept without
	Item   formats.Item     // as the file has it

	id      BankID // of the one that it is or will be
	version int    // the newest one there
	written Written
	spanish string
	title   string
}

// ImportPlan says what an import will do, question by question, in the order of the file.
type ImportPlan struct {
	File      QuestionFile
	Questions []PlannedQuestion
}

// Count is how many questions have a fate.
func (p ImportPlan) Count(fate Fate) (count int) {
	for _, q := range p.Questions {
		if q.Fate == fate {
			count++
		}
	}
	return count
}

// Lost are the warnings of what stays outside: those of the file and those of the bank.
func (p ImportPlan) Lost() (list []content.Problem) {
	for _, q := range p.Questions {
		if q.Fate == StaysOut {
			list = append(list, content.Problem{Path: p.File.Name, Line: max(q.Line, 1), Sentence: q.Reason})
		}
	}
	return list
}

// known is a question that stands in the bank.
type knownQuestion struct {
	ID       BankID `bun:"id"`
	Name     string `bun:"name"`
	Hash     string `bun:"hash"`
	Version  int    `bun:"version"`
	Title    string `bun:"title"`
	SourceEN string `bun:"source_en"`
	SourceES string `bun:"source_es"`
	Own      bool   `bun:"own"` // the import that goes on has brought it
}

// plan decides what becomes of each question of a file.
func (f QuestionFile) plan(stand []knownQuestion) ImportPlan {
	byName, byHash := map[string]knownQuestion{}, map[string]BankID{}
	for _, k := range stand {
		if k.Own { // a second question of its name in the file stays out, as it would at once
			k = knownQuestion{Name: k.Name, Hash: k.Hash}
		}
		byName[k.Name], byHash[k.Hash] = k, k.ID
	}
	plan := ImportPlan{File: f}
	for _, c := range f.Questions {
		q := PlannedQuestion{Label: c.Label(), Line: c.Item.Line, Type: c.Item.Type, Shown: firstRunes(inWords(c.Item.Stem), 160), Notes: c.Notes, Item: c.Item, written: c.Written, title: c.Title}
		if f.Lang == content.Spanish {
			q.translate(byName)
		} else {
			q.settle(c, byName, byHash)
		}
		plan.Questions = append(plan.Questions, q)
	}
	for _, w := range f.Warnings {
		if w.Lost {
			plan.Questions = append(plan.Questions, PlannedQuestion{Label: w.Item, Line: w.Problem.Line, Fate: StaysOut, Reason: w.Problem.Sentence})
		} else {
			plan.noted(w)
		}
	}
	sortPlanned(plan.Questions)
	return plan
}

// noted hangs what the reader of the file noted on the question of that name and line.
func (p *ImportPlan) noted(w formats.Warning) {
	for i, q := range p.Questions {
		if q.Label == w.Item && q.Line <= w.Problem.Line {
			for _, n := range q.Notes {
				if n.Key == w.Problem.Key {
					return
				}
			}
			p.Questions[i].Notes = append(p.Questions[i].Notes, w.Problem.Sentence)
			return
		}
	}
}

// settle decides on a question in English. One that the file names is a new version of the
// one of that name; one that it doesn't name is known by its words alone.
func (q *PlannedQuestion) settle(c Converted, byName map[string]knownQuestion, byHash map[string]BankID) {
	hash := contentHash(q.written)
	if _, there := byHash[hash]; there {
		q.Fate = IsThere
		return
	}
	stands, there := byName[q.written.ID]
	switch {
	case there && c.Named && stands.ID == "":
		q.Fate, q.Reason = StaysOut, fault.Say("assessment.problem.twice", "Question", q.written.ID)
		return
	case there && c.Named:
		q.Fate, q.id, q.version = WillChange, stands.ID, stands.Version
		if stands.SourceES != "" && !spanishOf(stands).differs(q.written) {
			q.spanish = stands.SourceES
		}
	default:
		q.Fate = WillAdd
		q.written.ID = freeName(q.written.ID, func(name string) bool { _, taken := byName[name]; return taken })
	}
	byName[q.written.ID] = knownQuestion{Name: q.written.ID}
	byHash[hash] = q.id
}

func spanishOf(k knownQuestion) Written {
	return BankVersion{SourceES: k.SourceES}.Written(content.Spanish)
}

// translate decides on the Spanish words of a question that stands in English.
func (q *PlannedQuestion) translate(byName map[string]knownQuestion) {
	stands, there := byName[q.written.ID]
	english := BankVersion{SourceEN: stands.SourceEN}.Written(content.English)
	switch {
	case !there || stands.SourceEN == "":
		q.Fate, q.Reason = StaysOut, fault.Say("assessment.bank.no_english", "Question", q.written.ID)
	case q.sameButWords(english):
		q.Fate, q.Reason = StaysOut, fault.Say("assessment.bank.not_the_same", "Question", q.written.ID)
	case q.written.Markdown() == stands.SourceES:
		q.Fate = IsThere
	default:
		q.Fate, q.id, q.version, q.title = WillChange, stands.ID, stands.Version, stands.Title
		q.spanish, q.written = q.written.Markdown(), english
		byName[english.ID] = knownQuestion{Name: english.ID}
	}
}

// sameButWords takes what formats of others don't say from the English question, and says
// whether the two still differ.
func (q *PlannedQuestion) sameButWords(english Written) bool {
	w := &q.written
	w.Objective, w.Tags, w.Fixed, w.Points, w.Words = english.Objective, english.Tags, english.Fixed, english.Points, english.Words
	w.ExactCase, w.ExactAccents = english.ExactCase, english.ExactAccents
	return w.differs(english)
}
