// Package clock is the injected time: everything that asks for now asks a Clock.
package clock

import "time"

// Clock tells the time in UTC, cut to microseconds, which is what both databases keep.
type Clock func() time.Time

// System is the machine's clock.
func System() time.Time { return Cut(time.Now()) }

// At is a clock that stands still at t, for tests.
func At(t time.Time) Clock { return func() time.Time { return Cut(t) } }

// Cut makes t what a database gives back: UTC, whole microseconds.
func Cut(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
