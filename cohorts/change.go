package cohorts

import (
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/courses"
)

// Change is what moves to other editions did to a cohort since one of its people last
// looked: from the edition that they knew to the one that it is pinned to.
type Change struct {
	Cohort   Summary
	From     courses.EditionID
	MovedAt  time.Time // the newest move
	Sessions []ChangedSession
}

// ChangedSession is a session that moves added, cancelled or gave other minutes.
type ChangedSession struct {
	Session
	Added  bool
	Before int // minutes; 0 for one that was added
}

// Same says whether the cohort went and came back: there is nothing to tell.
func (c Change) Same() bool { return c.From == c.Cohort.EditionID }

// changedSessions puts what moves did, oldest first, beside the sessions as they are now.
func changedSessions(moves []Move, now []Session) (list []ChangedSession) {
	first := map[SessionID]MovedSession{}
	for _, move := range moves {
		for _, was := range move.Sessions {
			if _, known := first[was.ID]; !known {
				first[was.ID] = was
			}
		}
	}
	for _, s := range now {
		was, touched := first[s.ID]
		gone := s.State == Cancelled
		switch {
		case !touched, was.Added && gone, !was.Added && !gone && was.Minutes == s.Minutes:
		default:
			list = append(list, ChangedSession{Session: s, Added: was.Added, Before: was.Minutes})
		}
	}
	return list
}

// movesSince cuts a cohort's moves, oldest first, to those from the first on that was not
// seen; to the newest where all were.
func movesSince(moves []seenMove) (since []Move) {
	from := slices.IndexFunc(moves, func(m seenMove) bool { return !m.Seen })
	if from < 0 {
		from = len(moves) - 1
	}
	for _, m := range moves[from:] {
		since = append(since, m.Move)
	}
	return since
}
