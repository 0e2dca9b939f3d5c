package cohorts

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Move says that a cohort went from one edition of its course to another: by whom, when,
// why, and what became of each session that had not been held. Rows are append-only;
// going back is a row that names the one that it undoes.
type Move struct {
	bun.BaseModel `bun:"table:edition_moves,alias:move"`

	ID          string            `bun:"id,pk"`
	CohortID    CohortID          `bun:"cohort_id"`
	FromEdition courses.EditionID `bun:"from_edition"`
	ToEdition   courses.EditionID `bun:"to_edition"`
	MovedBy     people.PersonID   `bun:"moved_by,nullzero"`
	MovedAt     time.Time         `bun:"moved_at"`
	Reason      string            `bun:"reason"`
	Sessions    []MovedSession    `bun:"sessions,type:jsonb"`
	Undoes      *string           `bun:"undoes"`
}

// MovedSession is a session before a move, as going back restores it. Added says that
// the move made it.
type MovedSession struct {
	ID      SessionID                `json:"id"`
	Map     courses.EditionSessionID `json:"map,omitempty"`
	Minutes int                      `json:"minutes,omitempty"`
	EndsAt  time.Time                `json:"ends_at,omitzero"`
	Added   bool                     `json:"added,omitempty"`
}

// NewMove is a move as a coordinator asks for it: from the edition that they were shown,
// with a reason, and with the sessions, of those that the newer map has no more, that are
// to be cancelled.
type NewMove struct {
	Cohort CohortID
	From   courses.EditionID
	Reason string
	Cancel []SessionID
}

// LongestMoveReason is how many letters the reason of a move may have.
const LongestMoveReason = 300

// Validate wants a reason.
func (m NewMove) Validate() error {
	switch n := len([]rune(m.Reason)); {
	case n == 0:
		return fault.Invalid("reason", "cohorts.move.reason_missing")
	case n > LongestMoveReason:
		return fault.Invalid("reason", "cohorts.move.reason_long", "Max", LongestMoveReason)
	}
	return nil
}

// Fit is a session that is still to come with what it teaches under the newer map.
type Fit struct {
	Session
	To     courses.Session
	Linked bool // it is part of a joint session
}

// Changes says whether the newer map asks something else of the session.
func (f Fit) Changes() bool {
	return f.Minutes != f.To.Minutes || f.Breaks != f.To.Breaks || f.TitleEN != f.To.TitleEN
}

// MovePlan is what a move to a newer edition does to the sessions of a cohort.
//
// A session is held once its roll has opened, and stays as it is: map, minutes and all.
// Each session, held or not, is matched to the newer map by courses.MatchSessions; what a
// held one teaches is not planned again. Sessions still to come keep their day, hour, place
// and number, and take what the newer map teaches and its minutes (Fits). Sessions of the
// newer map that nothing fits are planned after the last one, in the cohort's rhythm and
// without a room yet (Added). Sessions to come that fit nothing (Gone) stay, unless the
// coordinator cancels them.
type MovePlan struct {
	Cohort Summary
	To     courses.Edition
	Held   []Session
	Fits   []Fit
	Added  []Laid
	Gone   []Fit
}

// Minutes are those of all sessions under the plan, without the sessions that are cancelled.
func (p MovePlan) Minutes(cancelled ...SessionID) (sum int) {
	for _, s := range p.Held {
		sum += s.Minutes
	}
	for _, f := range p.Fits {
		sum += f.To.Minutes
	}
	for _, l := range p.Added {
		sum += l.Topic.Minutes
	}
	for _, f := range p.Gone {
		if !slices.Contains(cancelled, f.ID) {
			sum += f.Minutes
		}
	}
	return sum
}

// Enough are the minutes that the newer edition asks of a graduate.
func (p MovePlan) Enough() int { return Rule(p.To.Rule).Enough(p.To.Minutes) }

// Refusal is why the cohort can't move, as a conflict; nil when it can.
func (p MovePlan) Refusal(cancelled ...SessionID) error {
	switch {
	case p.Cohort.State != CohortOpen:
		return fault.Conflict("cohorts.move.ended")
	case p.Minutes(cancelled...) < p.Enough():
		return fault.Conflict("cohorts.move.no_fit", "Have", p.Minutes(cancelled...), "Need", p.Enough())
	}
	for _, f := range append(slices.Clone(p.Fits), p.Gone...) {
		changes := f.Changes() && f.To.ID != "" || slices.Contains(cancelled, f.ID)
		if f.Linked && changes {
			return fault.Conflict("cohorts.move.joint", "Title", f.Session)
		}
	}
	return nil
}

// planMove lays a cohort's sessions on the map of a newer edition; see MovePlan. Maps are
// the editions that the sessions are of, oldest first.
func planMove(cohort Summary, list []Fit, to courses.Edition, maps []courses.Edition, now time.Time) MovePlan {
	plan := MovePlan{Cohort: cohort, To: to}
	fits := continued(maps, to)
	taken := map[courses.EditionSessionID]bool{}
	match := func(f Fit) (courses.Session, bool) {
		id := fits[f.EditionSessionID]
		i := slices.IndexFunc(to.Sessions, func(s courses.Session) bool { return s.ID == id })
		if i < 0 || taken[id] {
			return courses.Session{}, false
		}
		taken[id] = true
		return to.Sessions[i], true
	}
	ahead := []Fit{}
	for _, f := range list {
		switch {
		case f.State == Cancelled:
		case f.State != Planned || !f.RollOpensAt().After(now):
			match(f)
			plan.Held = append(plan.Held, f.Session)
		default:
			ahead = append(ahead, f)
		}
	}
	for _, f := range ahead {
		if session, found := match(f); found {
			f.To = session
			plan.Fits = append(plan.Fits, f)
		} else {
			plan.Gone = append(plan.Gone, f)
		}
	}
	plan.Added = added(cohort, list, to, taken, now)
	return plan
}

// continued says which session of a newer map continues one of the older maps, oldest
// first. A session is followed through each map to the next, as a cohort that moves more
// than once takes it; where that leads nowhere, it is matched to the newer map itself.
func continued(maps []courses.Edition, to courses.Edition) map[string]courses.EditionSessionID {
	fits := map[string]courses.EditionSessionID{}
	for i := len(maps) - 1; i >= 0; i-- {
		next := to
		if i+1 < len(maps) {
			next = maps[i+1]
			for a, b := range courses.MatchSessions(maps[i], to) {
				fits[string(a)] = b
			}
		}
		for a, b := range courses.MatchSessions(maps[i], next) {
			if i+1 == len(maps) {
				fits[string(a)] = b
			} else if on := fits[string(b)]; on != "" {
				fits[string(a)] = on
			}
		}
	}
	return fits
}

// added lays what the newer map has besides after the last session, on the weekdays of the
// cohort and at the hour of its last session.
func added(cohort Summary, list []Fit, to courses.Edition, taken map[courses.EditionSessionID]bool, now time.Time) []Laid {
	var topics []Topic
	for _, s := range to.Sessions {
		if !taken[s.ID] {
			topics = append(topics, Topic{EditionSessionID: string(s.ID), Minutes: s.Minutes, Breaks: s.Breaks, TitleEN: s.TitleEN, TitleES: s.TitleES})
		}
	}
	if len(topics) == 0 || len(list) == 0 {
		return nil
	}
	zone, last, number := cohort.Zone(), list[0].StartsAt, 0
	for _, f := range list {
		number = max(number, f.Position)
		if f.StartsAt.After(last) {
			last = f.StartsAt
		}
	}
	at := last.In(zone)
	var rhythm []Meeting
	for _, f := range list {
		meeting := Meeting{Weekday: f.StartsAt.In(zone).Weekday(), Hour: at.Hour(), Minute: at.Minute()}
		if !slices.Contains(rhythm, meeting) {
			rhythm = append(rhythm, meeting)
		}
	}
	if now.After(last) {
		at = now.In(zone)
	}
	laid, _ := LayOut(topics, at.AddDate(0, 0, 1), rhythm, zone, Holiday)
	first, err := time.ParseInLocation(time.DateOnly, cohort.StartsOn, zone)
	for i := range laid {
		laid[i].Position = number + i + 1
		if err == nil {
			laid[i].Week = weeksBetween(first.Add(12*time.Hour), laid[i].Starts.In(zone)) + 1
		}
	}
	return laid
}
