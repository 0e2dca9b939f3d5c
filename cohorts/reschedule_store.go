package cohorts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// board gives the schedule of a cohort to who may change it: who coordinates or directs
// the sector, and does not learn in the cohort.
func (s Store) board(ctx context.Context, v people.Viewer, id CohortID) (board, error) {
	cohort, err := s.mayMove(ctx, v, id)
	if err != nil {
		return board{}, err
	}
	b := board{cohort: cohort, list: []Bound{}}
	err = s.bound(v).Where("session.cohort_id = ?", id).Apply(RunBy(v)).OrderExpr("session.starts_at, session.position").Scan(ctx, &b.list)
	if err != nil {
		return board{}, err
	}
	if b.topics, err = s.topics(ctx, v, cohort.EditionID); err != nil {
		return board{}, err
	}
	if len(b.list) > 0 {
		b.rule = b.list[0].Rule
	}
	return b, nil
}

// Schedule is a cohort's schedule for who may change it: its sessions with what keeps them
// where they are, and what of its map no session teaches.
type Schedule struct {
	Cohort   Summary
	Sessions []Bound
	Unlaid   []Topic
	Minutes  int // of all sessions
	Enough   int // that a graduate needs
}

// Schedule gives the schedule of a cohort to who may change it.
func (s Store) Schedule(ctx context.Context, v people.Viewer, id CohortID) (Schedule, error) {
	b, err := s.board(ctx, v, id)
	if err != nil {
		return Schedule{}, err
	}
	schedule := Schedule{Cohort: b.cohort, Sessions: b.list, Unlaid: b.unlaid(), Enough: b.rule.Enough(b.cohort.Minutes)}
	for _, one := range b.after(nil) {
		schedule.Minutes += one.Minutes
	}
	return schedule, nil
}

// PreviewReschedule shows what a change of a cohort's schedule would do, and what stands in
// its way; nothing is stored. It fails as Reschedule does.
func (s Store) PreviewReschedule(ctx context.Context, v people.Viewer, ask NewReschedule) (ReschedulePlan, error) {
	ask.Reason = people.CleanText(ask.Reason)
	b, err := s.board(ctx, v, ask.Cohort)
	if err != nil {
		return ReschedulePlan{}, err
	}
	if err := ask.validate(); err != nil {
		return ReschedulePlan{}, err
	}
	plan, err := b.plan(ask, s.now())
	if err != nil {
		return plan, err
	}
	if err := s.namePlaces(ctx, v, &plan); err != nil {
		return plan, err
	}
	named, err := s.named(ctx, ask.Cohort)
	if err != nil {
		return plan, err
	}
	times, own := []wanted{}, []SessionID{}
	for _, step := range plan.Steps {
		if step.After.State != Cancelled {
			times = append(times, wanted{span: step.After.span(), room: step.After.RoomID, teach: named[step.ID]})
		}
		if !step.Added {
			own = append(own, step.ID)
		}
	}
	rooms, err := s.roomBookings(ctx, v, times, own)
	if err != nil {
		return plan, err
	}
	busy, err := s.peopleBookings(ctx, v, ask.Cohort, times)
	plan.Clashes = meet(times, append(rooms, busy...))
	return plan, err
}

// namePlaces names the rooms of a plan. A room that is not released to the sector isn't
// there, whether the plan comes to use it or not; one that a session has already may stay.
func (s Store) namePlaces(ctx context.Context, v people.Viewer, plan *ReschedulePlan) error {
	rooms, err := s.Rooms(ctx, v)
	if err != nil {
		return err
	}
	asked := plan.Ask.RoomID == ""
	for _, r := range rooms {
		asked = asked || r.ID == plan.Ask.RoomID
		for i, step := range plan.Steps {
			if step.After.RoomID == r.ID {
				plan.Steps[i].AfterPlace = r.Name
			}
		}
	}
	if !asked && !slices.ContainsFunc(plan.Steps, func(s Step) bool { return !s.Added && s.Slot().RoomID == plan.Ask.RoomID }) {
		return fmt.Errorf("room %q: %w", plan.Ask.RoomID, fault.NotFound)
	}
	return nil
}

// Reschedule changes the schedule of a cohort as its preview showed, and writes down who did
// it, when, why, and what each session was. It is decided in the statement: where anything
// that was shown has changed meanwhile, fault.Conflict. A session that was held, or that is
// part of a joint one, does not change (fault.Conflict). A room is never booked twice
// (fault.Conflict); what people have elsewhere must be accepted (fault.Invalid).
func (s Store) Reschedule(ctx context.Context, v people.Viewer, ask NewReschedule) error {
	if _, err := s.mayMove(ctx, v, ask.Cohort); err != nil {
		return err
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, err := s.holdCohort(ctx, v, ask.Cohort); err != nil {
			return err
		}
		plan, err := s.PreviewReschedule(ctx, v, ask)
		if err != nil {
			return err
		}
		if err := s.holdRooms(ctx, v, roomsOf(plan.Steps)); err != nil {
			return err
		}
		// Once more: who booked a room a moment ago has done so by now.
		if plan, err = s.PreviewReschedule(ctx, v, ask); err != nil {
			return err
		}
		switch {
		case plan.Mark() != ask.Seen:
			return fault.Conflict("cohorts.reschedule.meanwhile")
		case plan.RoomTaken():
			return fault.Conflict("cohorts.reschedule.room_taken")
		case len(plan.Clashes) > 0 && !ask.Accept:
			return fault.Invalid("accept", "cohorts.reschedule.accept_needed")
		}
		done, err := s.takeSteps(ctx, v, plan)
		if err != nil {
			return err
		}
		return s.recordReschedule(ctx, v, Reschedule{CohortID: ask.Cohort, Kind: ask.Kind, Reason: plan.Ask.Reason, Sessions: done})
	})
}

func roomsOf(steps []Step) (rooms []string) {
	for _, step := range steps {
		if step.After.State != Cancelled {
			rooms = append(rooms, step.After.RoomID)
		}
	}
	return rooms
}

// takeSteps changes the sessions, each only while nobody has changed it meanwhile.
func (s Store) takeSteps(ctx context.Context, v people.Viewer, plan ReschedulePlan) (done []Rescheduled, err error) {
	meanwhile := fault.Conflict("cohorts.reschedule.meanwhile")
	for _, step := range plan.Steps {
		one := Rescheduled{ID: step.ID, After: step.After, Added: step.Added}
		if step.Added {
			one.ID = SessionID(database.NewID())
			err = s.addSession(ctx, v, one.ID, step, meanwhile)
		} else {
			one.Before = step.Slot()
			err = s.setSlot(ctx, one.ID, step.After, meanwhile, "session.revision = ? AND session.state = ?", step.Revision, Planned)
		}
		if err != nil {
			return nil, err
		}
		done = append(done, one)
	}
	return done, nil
}

// setSlot puts a session where a slot says, if nothing of it stands in the records and as
// long as a condition holds.
func (s Store) setSlot(ctx context.Context, id SessionID, slot Slot, otherwise error, as string, args ...any) error {
	res, err := s.db.NewRaw(`UPDATE sessions AS session SET starts_at = ?, ends_at = ?, minutes = ?, week = ?, mode = ?, room_id = ?, link = ?, state = ?, revision = revision + 1
		WHERE session.id = ? AND (`+as+`)
		AND NOT EXISTS (SELECT 1 FROM marks AS m WHERE m.session_id = session.id)
		AND NOT EXISTS (SELECT 1 FROM make_ups AS up WHERE up.session_id = session.id AND up.taken_back_at IS NULL)
		AND NOT EXISTS (SELECT 1 FROM joint_sides AS side JOIN joint_sessions AS joint ON joint.id = side.joint_id
			WHERE side.session_id = session.id AND joint.state <> ?)`,
		append(append([]any{slot.StartsAt, slot.EndsAt, slot.Minutes, slot.Week, slot.Mode, nullText(slot.RoomID), slot.Link, slot.State, id}, args...), CalledOff)...).Exec(ctx)
	return database.Changed(res, err, otherwise)
}

// addSession makes a session of a topic that no other session of the cohort teaches.
func (s Store) addSession(ctx context.Context, v people.Viewer, id SessionID, step Step, otherwise error) error {
	at := step.After
	res, err := s.db.NewRaw(`INSERT INTO sessions (id, cohort_id, edition_session_id, sector, position, week, minutes, starts_at, ends_at, room_id, link, mode, state)
		SELECT ?, cohort.id, ?, cohort.sector, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM cohorts AS cohort
		WHERE cohort.id = ? AND cohort.sector = ? AND NOT EXISTS (SELECT 1 FROM sessions AS other
			WHERE other.cohort_id = cohort.id AND other.edition_session_id = ? AND other.state <> ?)`,
		id, step.EditionSessionID, step.Position, at.Week, at.Minutes, at.StartsAt, at.EndsAt, nullText(at.RoomID), at.Link, at.Mode, at.State,
		step.CohortID, v.Sector(), step.EditionSessionID, Cancelled).Exec(ctx)
	return database.Changed(res, err, otherwise)
}

// recordReschedule writes a change down and lets the cohort begin and end with its sessions.
func (s Store) recordReschedule(ctx context.Context, v people.Viewer, r Reschedule) error {
	r.ID, r.MadeBy, r.MadeAt = database.NewID(), v.Person(), s.now()
	if _, err := s.db.NewInsert().Model(&r).Exec(ctx); err != nil {
		return err
	}
	return s.spanCohort(ctx, v, r.CohortID)
}

// spanCohort lets a cohort begin with its first session and end with its last one. One
// whose every session is cancelled keeps its days.
func (s Store) spanCohort(ctx context.Context, v people.Viewer, id CohortID) error {
	cohort, err := s.CohortRunBy(ctx, v, id)
	if err != nil {
		return err
	}
	var first, last []time.Time
	err = s.db.NewRaw(`SELECT starts_at FROM sessions WHERE cohort_id = ? AND state <> ? ORDER BY starts_at LIMIT 1`, id, Cancelled).Scan(ctx, &first)
	if err != nil || len(first) == 0 {
		return err
	}
	err = s.db.NewRaw(`SELECT ends_at FROM sessions WHERE cohort_id = ? AND state <> ? ORDER BY ends_at DESC LIMIT 1`, id, Cancelled).Scan(ctx, &last)
	if err != nil || len(last) == 0 {
		return err
	}
	_, err = s.db.NewRaw(`UPDATE cohorts SET starts_on = ?, ends_on = ? WHERE id = ?`,
		first[0].In(cohort.Zone()).Format(time.DateOnly), last[0].In(cohort.Zone()).Format(time.DateOnly), id).Exec(ctx)
	return err
}

// BoundSession gives one session of a cohort whose schedule the viewer may change, with what
// keeps it where it is; fault.Forbidden to who only teaches the cohort.
func (s Store) BoundSession(ctx context.Context, v people.Viewer, id SessionID) (Bound, error) {
	var found Bound
	err := s.bound(v).Where("session.id = ?", id).Apply(RunBy(v)).Scan(ctx, &found)
	if err != nil {
		return Bound{}, fmt.Errorf("session %q: %w", id, database.One(err))
	}
	if !v.RunsSector() {
		return Bound{}, fault.Forbidden
	}
	return found, nil
}

// bound selects sessions with what keeps them where they are.
func (s Store) bound(v people.Viewer) *bun.SelectQuery {
	return s.sessions(v).ColumnExpr("(SELECT pinned.rule FROM editions AS pinned WHERE pinned.id = cohort.edition_id) AS rule, es.minutes AS full_minutes").
		ColumnExpr(`CASE WHEN EXISTS (SELECT 1 FROM marks AS m WHERE m.session_id = session.id)
			OR EXISTS (SELECT 1 FROM make_ups AS up WHERE up.session_id = session.id AND up.taken_back_at IS NULL) THEN TRUE ELSE FALSE END AS marked`).
		ColumnExpr(`CASE WHEN EXISTS (SELECT 1 FROM joint_sides AS side JOIN joint_sessions AS joint ON joint.id = side.joint_id
			WHERE side.session_id = session.id AND joint.state <> ?) THEN TRUE ELSE FALSE END AS linked`, CalledOff)
}
