package cohorts

import (
	"fmt"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// board is a cohort's schedule with the map that it is laid on.
type board struct {
	cohort Summary
	rule   Rule
	list   []Bound
	topics []Topic
}

// rhythm is the cohort's weekly rhythm.
func (b board) rhythm() []Meeting {
	var sessions []Session
	for _, s := range b.list {
		sessions = append(sessions, s.Session)
	}
	return b.cohort.Weekly(sessions)
}

// unlaid are the topics of the map that no session teaches, without those that the steps
// cancel and with those that they add.
func (b board) unlaid(steps ...Step) (list []Topic) {
	for _, topic := range b.topics {
		if !slices.ContainsFunc(b.after(steps), func(s laidSession) bool { return s.topic == topic.EditionSessionID || s.title == topic.TitleEN }) {
			list = append(list, topic)
		}
	}
	return list
}

// laidSession is a session that takes place. One of an older map, which the cohort was on
// before, teaches the topic of its title.
type laidSession struct {
	id    SessionID
	topic string
	title string // "" of one of the cohort's own map
	Slot
}

// after are the sessions that are not cancelled once the steps are done.
func (b board) after(steps []Step) (list []laidSession) {
	changed := map[SessionID]Slot{}
	for _, step := range steps {
		if step.Added {
			list = append(list, laidSession{topic: step.EditionSessionID, Slot: step.After})
		} else {
			changed[step.ID] = step.After
		}
	}
	for _, s := range b.list {
		slot, is := changed[s.ID]
		if !is {
			slot = s.Slot()
		}
		if slot.State != Cancelled {
			one := laidSession{id: s.ID, topic: s.EditionSessionID, Slot: slot}
			if s.EditionID != b.cohort.EditionID {
				one.title = s.TitleEN
			}
			list = append(list, one)
		}
	}
	return list
}

// plan lays a change on the schedule. It fails with a conflict where a session can't
// change any more, and with fault.Invalid where two sessions of the cohort would meet.
func (b board) plan(ask NewReschedule, now time.Time) (ReschedulePlan, error) {
	p := ReschedulePlan{Cohort: b.cohort, Ask: ask, Enough: b.rule.Enough(b.cohort.Minutes)}
	if b.cohort.State != CohortOpen {
		return p, fault.Conflict("cohorts.reschedule.ended")
	}
	var err error
	switch ask.Kind {
	case AddOne:
		p.Steps, err = b.add(ask)
	case CancelOne:
		p.Steps, err = b.cancel(ask)
	default:
		p.Steps, p.Skipped, err = b.move(ask)
	}
	if err != nil {
		return p, err
	}
	for _, step := range p.Steps {
		if step.After.State != Cancelled && !step.After.StartsAt.After(now) {
			return p, fault.Invalid("day", "cohorts.reschedule.past")
		}
	}
	after := b.after(p.Steps)
	for i, one := range after {
		p.Minutes += one.Minutes
		for _, other := range after[:i] {
			if one.span().meets(other.span()) && (b.changes(p.Steps, one.id) || b.changes(p.Steps, other.id)) {
				return p, fault.Invalid("day", "cohorts.reschedule.own")
			}
		}
	}
	p.Unlaid = b.unlaid(p.Steps...)
	return p, nil
}

func (b board) changes(steps []Step, id SessionID) bool {
	return id == "" || slices.ContainsFunc(steps, func(s Step) bool { return s.ID == id })
}

// find gives a session that may change.
func (b board) find(id SessionID) (Bound, error) {
	i := slices.IndexFunc(b.list, func(s Bound) bool { return s.ID == id })
	if i < 0 {
		return Bound{}, fmt.Errorf("session %q: %w", id, fault.NotFound)
	}
	return b.list[i], b.list[i].Refusal()
}

func (b board) cancel(ask NewReschedule) ([]Step, error) {
	session, err := b.find(ask.Session)
	if err != nil {
		return nil, err
	}
	after := session.Slot()
	after.State = Cancelled
	return []Step{{Session: session.Session, After: after}}, nil
}

func (b board) add(ask NewReschedule) ([]Step, error) {
	i := slices.IndexFunc(b.unlaid(), func(t Topic) bool { return t.EditionSessionID == ask.Topic })
	if i < 0 {
		return nil, fault.Invalid("topic", "cohorts.reschedule.topic")
	}
	topic, position := b.unlaid()[i], 0
	for _, s := range b.list {
		position = max(position, s.Position)
	}
	session := Session{CohortID: b.cohort.ID, EditionSessionID: topic.EditionSessionID, Sector: b.cohort.Sector, Position: position + 1,
		TitleEN: topic.TitleEN, TitleES: topic.TitleES, Breaks: topic.Breaks, TimeZone: b.cohort.TimeZone}
	after, err := b.slot(ask, topic.Minutes, topic.Minutes, topic.Breaks)
	return []Step{{Session: session, After: after, Added: true}}, err
}

// slot is where and when the change asks a session to be.
func (b board) slot(ask NewReschedule, minutes, full, breaks int) (Slot, error) {
	if ask.Minutes > 0 {
		minutes = ask.Minutes
	}
	if minutes > full {
		return Slot{}, fault.Invalid("minutes", "cohorts.reschedule.minutes_map", "Max", full)
	}
	starts := ask.starts(b.cohort.Zone())
	slot := Slot{StartsAt: starts, EndsAt: starts.Add(time.Duration(minutes+breaks) * time.Minute), Minutes: minutes, Week: b.week(starts), Mode: ask.Mode, State: Planned}
	if ask.Mode != Online {
		slot.RoomID = ask.RoomID
	}
	if ask.Mode != InRoom {
		slot.Link = ask.Link
	}
	return slot, nil
}

// week is which week of the cohort a time is in, from 1.
func (b board) week(at time.Time) int {
	first, err := time.ParseInLocation(time.DateOnly, b.cohort.StartsOn, b.cohort.Zone())
	if err != nil {
		return 1
	}
	return max(1, weeksBetween(noonOf(first, b.cohort.Zone()), noonOf(at.In(b.cohort.Zone()), b.cohort.Zone()))+1)
}

// move moves one session and, with MoveOn, all that come after it and may: they keep their
// order, length and place, and meet by the cohort's rhythm.
func (b board) move(ask NewReschedule) (steps []Step, skipped []string, err error) {
	session, err := b.find(ask.Session)
	if err != nil {
		return nil, nil, err
	}
	after, err := b.slot(ask, session.Minutes, max(session.Full, session.Minutes), session.Breaks)
	if err != nil {
		return nil, nil, err
	}
	steps = []Step{{Session: session.Session, After: after}}
	if ask.Kind != MoveOn {
		return steps, nil, nil
	}
	var on []Bound
	var lengths []int
	for _, s := range b.list {
		if s.ID != session.ID && s.StartsAt.After(session.StartsAt) && s.Refusal() == nil {
			on, lengths = append(on, s), append(lengths, s.Minutes+s.Breaks)
		}
	}
	stays := func(at span) bool {
		return slices.ContainsFunc(b.list, func(s Bound) bool {
			moves := s.ID == session.ID || slices.ContainsFunc(on, func(o Bound) bool { return o.ID == s.ID })
			return !moves && s.State != Cancelled && s.Slot().span().meets(at)
		})
	}
	free := func(at span) bool { return !at.starts.Before(after.EndsAt) && !stays(at) }
	off := func(day string) bool { return Holiday(day) || b.cohort.Off(day) }
	spans, skipped := layOut(lengths, noonOf(after.StartsAt.In(b.cohort.Zone()), b.cohort.Zone()), b.rhythm(), off, free)
	if len(spans) < len(on) {
		return nil, nil, fault.Conflict("cohorts.reschedule.no_room_left")
	}
	for i, s := range on {
		slot := s.Slot()
		slot.StartsAt, slot.EndsAt, slot.Week = spans[i].starts, spans[i].ends, b.week(spans[i].starts)
		if !slot.StartsAt.Equal(s.StartsAt) {
			steps = append(steps, Step{Session: s.Session, After: slot})
		}
	}
	return steps, skipped, nil
}
