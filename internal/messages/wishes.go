// Package messages holds what a person wants to be written of, and the letters on their
// way: one receiver each, once for each cause, neutral on a locked phone (rule 14).
package messages

import (
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Kind is what a letter is about, as far as its receiver can choose.
type Kind string

// The kinds.
const (
	Reminder   Kind = "reminders"   // of a class to come
	Change     Kind = "changes"     // of a class, or its end
	Invitation Kind = "invitations" // for a calendar program
	Absence    Kind = "absences"    // that somebody was missed
	Due        Kind = "due"         // what waits in the course, once a week
	Warning    Kind = "warnings"    // that what was missed adds up; goes with Absence
	Withdrawal Kind = "withdrawals" // of an invitation: to who is still written to at all
)

// Kinds lists those that are chosen by themselves, in the order in which they are offered.
var Kinds = []Kind{Reminder, Change, Absence, Due, Invitation}

// Wishes are what one person wants to be written of, and when.
type Wishes struct {
	Reminders   bool   `bun:"reminders"`
	Changes     bool   `bun:"changes"`
	Invitations bool   `bun:"invitations"`
	Absences    bool   `bun:"absences"`
	Due         bool   `bun:"due"`
	Ahead       int    `bun:"ahead"`      // hours before a class
	QuietFrom   int    `bun:"quiet_from"` // minutes of the day
	QuietTo     int    `bun:"quiet_to"`
	Language    string `bun:"language"` // "" for that of the account
}

// Careful are the wishes of who has said nothing: what they would miss a class without.
var Careful = Wishes{Reminders: true, Changes: true, Ahead: 24, QuietFrom: 21 * 60, QuietTo: 8 * 60}

// Aheads are how many hours before a class a reminder may come.
var Aheads = []int{2, 12, 24, 48}

// urgent are the kinds that come in the quiet hours where their end would be too late.
var urgent = []Kind{Change, Invitation}

// wish is the kind with which letters of a kind are chosen: who wants to know of a class
// that they missed wants to know when such classes add up.
func (k Kind) wish() Kind {
	if k == Warning {
		return Absence
	}
	return k
}

// Wants says whether letters of a kind are wanted.
func (w Wishes) Wants(kind Kind) bool {
	if kind == Withdrawal {
		return slices.ContainsFunc(Kinds, w.Wants)
	}
	return map[Kind]bool{Reminder: w.Reminders, Change: w.Changes, Invitation: w.Invitations, Absence: w.Absences, Due: w.Due}[kind.wish()]
}

// Validate refuses hours that are not offered and times that no clock shows.
func (w Wishes) Validate() error {
	var e fault.InvalidError
	if !slices.Contains(Aheads, w.Ahead) {
		e.Add("ahead", "messages.ahead.odd")
	}
	if !onClock(w.QuietFrom) {
		e.Add("quiet_from", "messages.quiet.odd")
	}
	if !onClock(w.QuietTo) {
		e.Add("quiet_to", "messages.quiet.odd")
	}
	if w.Language != "" && w.Language != "en" && w.Language != "es" {
		e.Add("language", "messages.language.odd")
	}
	return e.OrNil()
}

func onClock(minute int) bool { return minute >= 0 && minute < 24*60 }

// Quiet says whether a moment falls into the quiet hours, by the clock of a zone.
func (w Wishes) Quiet(t time.Time, zone *time.Location) bool {
	local := t.In(zone)
	minute := local.Hour()*60 + local.Minute()
	if w.QuietFrom <= w.QuietTo {
		return w.QuietFrom <= minute && minute < w.QuietTo
	}
	return minute >= w.QuietFrom || minute < w.QuietTo
}

// least is how long before its use ends a letter must come to be of any, and how long
// before the quiet hours one comes that can't wait for their end.
const least = 30 * time.Minute

// At is when a letter that is wanted at one time, and of no use from another on, is sent:
// not in the quiet hours; and where they last until it is too late, just before they begin.
func (w Wishes) At(want, until time.Time, zone *time.Location) time.Time {
	if !w.Quiet(want, zone) {
		return want
	}
	if end := w.quietEnd(want, zone); end.Before(until.Add(-least)) {
		return end
	}
	return w.quietStart(want, zone).Add(-least)
}

// quietEnd is the first moment after one in the quiet hours that is not in them.
func (w Wishes) quietEnd(t time.Time, zone *time.Location) time.Time {
	return onDay(t.In(zone), w.QuietTo, func(c time.Time) bool { return c.After(t) }, 1)
}

// quietStart is the last beginning of the quiet hours that is not after a moment in them.
func (w Wishes) quietStart(t time.Time, zone *time.Location) time.Time {
	return onDay(t.In(zone), w.QuietFrom, func(c time.Time) bool { return !c.After(t) }, -1)
}

// onDay is the nearest day's minute, from a day on in a direction, that is right.
func onDay(local time.Time, minute int, right func(time.Time) bool, step int) time.Time {
	for day := 0; ; day += step {
		at := time.Date(local.Year(), local.Month(), local.Day()+day, 0, minute, 0, 0, local.Location())
		if right(at) {
			return at
		}
	}
}
