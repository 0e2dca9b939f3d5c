package assessment

import "time"

// The clock of an attempt is the server's. Where the edition sets a limit, the attempt
// has a deadline from its start; a pause and extra time move it. After the deadline
// nothing that is made then counts; what was made before and is still on its way is
// taken until ClosesAt, and then the attempt is closed with what was received.

// Timed says whether the attempt ends by itself.
func (a Attempt) Timed() bool { return a.Deadline != nil }

// Paused says whether the trainee has stopped the clock.
func (a Attempt) Paused() bool { return a.Open() && a.PausedAt != nil }

// Over says whether the time is up and nobody has handed in yet.
func (a Attempt) Over(now time.Time) bool {
	return a.Open() && !a.Paused() && a.Timed() && now.After(*a.Deadline)
}

// overdue says whether the grace is up as well.
func (a Attempt) overdue(now time.Time) bool {
	return a.Over(now) && a.ClosesAt != nil && now.After(*a.ClosesAt)
}

// lags says whether the trainee has by now more or less time than the deadline holds.
func (a Attempt) lags(minutes int) bool { return a.Open() && a.Timed() && a.Allowed != minutes }

// Answerable says whether questions may be answered now.
func (a Attempt) Answerable(now time.Time) bool {
	return a.Open() && !a.Paused() && !a.Over(now)
}

// until sets both ends.
func (a *Attempt) until(deadline time.Time) {
	closes := deadline.Add(time.Duration(a.Grace) * time.Minute)
	a.Deadline, a.ClosesAt = &deadline, &closes
}

// takes decides about an answer that is received now and was made at made (zero where
// nobody says): whether it counts, and whether it came late. A time that is before the
// start or still to come is no time at all: devices' clocks lie.
func (a Attempt) takes(made, now time.Time) (counts, late bool) {
	said := !made.IsZero() && !made.Before(a.StartedAt) && !made.After(now)
	switch {
	case !a.Open() || a.overdue(now):
		return false, false
	case a.Paused():
		return said && !made.After(*a.PausedAt), false
	case a.Over(now):
		in := said && !made.After(*a.Deadline)
		return in, in
	}
	return true, false
}
