package cohorts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Courses lists the editions of the viewer's sector that a new cohort can be made of:
// those with a map, the newest in force of each course first.
func (s Store) Courses(ctx context.Context, v people.Viewer) ([]Course, error) {
	if !v.RunsSector() {
		return nil, fault.Forbidden
	}
	return s.editions(ctx, v, "")
}

func (s Store) editions(ctx context.Context, v people.Viewer, editionID courses.EditionID) ([]Course, error) {
	list := []Course{}
	q := s.db.NewSelect().TableExpr("editions AS edition").
		ColumnExpr("edition.id AS edition_id, edition.course_code AS code, edition.name, edition.title_en, edition.title_es").
		ColumnExpr("edition.minutes, edition.hour, edition.weeks").
		ColumnExpr("(SELECT COUNT(*) FROM edition_sessions AS es WHERE es.edition_id = edition.id) AS sessions").
		Apply(courses.VisibleTo(v)).
		Where("EXISTS (SELECT 1 FROM edition_sessions AS es WHERE es.edition_id = edition.id)").
		OrderExpr("edition.course_code, edition.in_force_on DESC, edition.id").Limit(200)
	if editionID != "" {
		q = q.Where("edition.id = ?", editionID)
	}
	return list, q.Scan(ctx, &list)
}

// Preview lays a plan on the calendar and tells what stands in its way. Nothing is
// stored. Fails with fault.NotFound where the edition is not of the viewer's sector.
func (s Store) Preview(ctx context.Context, v people.Viewer, plan Plan) (Preview, error) {
	if !v.RunsSector() {
		return Preview{}, fault.Forbidden
	}
	first, rhythm, off, err := plan.validate()
	if err != nil {
		return Preview{}, err
	}
	if plan.TimeZone == "" {
		plan.TimeZone = s.timeZone
	}
	if plan.TimeZone != s.timeZone && !slices.Contains(Zones, plan.TimeZone) {
		return Preview{}, fault.Invalid("time_zone", "cohorts.plan.time_zone_unknown")
	}
	if err := s.knowsRoom(ctx, v, plan.RoomID); err != nil {
		return Preview{}, err
	}
	found, err := s.editions(ctx, v, plan.EditionID)
	if err != nil {
		return Preview{}, err
	}
	if len(found) == 0 {
		return Preview{}, fmt.Errorf("edition %q: %w", plan.EditionID, fault.NotFound)
	}
	topics, err := s.topics(ctx, v, plan.EditionID)
	if err != nil {
		return Preview{}, err
	}
	preview := Preview{Plan: plan, Course: found[0], Meetings: rhythm, Off: off}
	preview.Laid, preview.Skipped = LayOut(topics, first, rhythm, zone(plan.TimeZone), preview.off)
	if pastMidnight(preview.Laid, zone(plan.TimeZone)) {
		return Preview{}, fault.Invalid("per_day", "cohorts.plan.day_long")
	}
	preview.Clashes, err = s.planClashes(ctx, v, preview)
	return preview, err
}

// off says whether the cohort does not meet on a day: a holiday, or one of its own days off.
func (p Preview) off(day string) bool { return Holiday(day) || off(p.Off, day) }

// pastMidnight says whether a session would end on the day after it began.
func pastMidnight(laid []Laid, zone *time.Location) bool {
	return slices.ContainsFunc(laid, func(l Laid) bool {
		return l.Starts.In(zone).YearDay() != l.Ends.Add(-time.Minute).In(zone).YearDay()
	})
}

// planClashes tells what is in the way of a plan: of its room, and of its instructors.
func (s Store) planClashes(ctx context.Context, v people.Viewer, p Preview) ([]Clash, error) {
	room := ""
	if p.Mode != Online {
		room = p.RoomID
	}
	times := laidTimes(p.Laid, room)
	booked, err := s.roomBookings(ctx, v, times, nil)
	if err != nil {
		return nil, err
	}
	busy, err := s.bookingsOf(ctx, v, p.Instructors, times)
	return meet(times, append(booked, busy...)), err
}

func (s Store) topics(ctx context.Context, v people.Viewer, editionID courses.EditionID) ([]Topic, error) {
	var topics []Topic
	err := s.db.NewSelect().TableExpr("edition_sessions AS es").
		ColumnExpr("es.id AS edition_session_id, es.position, es.minutes, es.breaks, es.title_en, es.title_es").
		Join("JOIN editions AS edition ON edition.id = es.edition_id").
		Where("edition.id = ?", editionID).Apply(courses.VisibleTo(v)).
		OrderExpr("es.position").Scan(ctx, &topics)
	return topics, err
}

// Make makes a cohort with its sessions. Its number is the next of its course and
// sector, taken in the statement, so that two coordinators at once get two numbers.
// A room is not booked twice: then fault.Invalid. Only who coordinates or directs the
// sector may.
func (s Store) Make(ctx context.Context, v people.Viewer, plan Plan) (CohortID, error) {
	var made CohortID
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		if err := s.holdRooms(ctx, v, []string{plan.RoomID}); err != nil {
			return err
		}
		preview, err := s.Preview(ctx, v, plan)
		if err != nil {
			return err
		}
		switch {
		case preview.RoomTaken():
			return fault.Invalid("room", "cohorts.plan.room_taken")
		case len(preview.Clashes) > 0 && !plan.Accept:
			return fault.Invalid("accept", "cohorts.reschedule.accept_needed")
		}
		if len(preview.Laid) == 0 {
			return fault.Invalid("first_day", "cohorts.plan.first_day")
		}
		number, err := s.takeNumber(ctx, v, preview)
		if err != nil {
			return err
		}
		made = CohortID(database.NewID())
		if err := s.insertCohort(ctx, v, made, number, preview); err != nil {
			return err
		}
		if err := s.keepRhythm(ctx, made, preview.Meetings, preview.Off); err != nil {
			return err
		}
		if err := s.insertSessions(ctx, v, made, preview); err != nil {
			return err
		}
		for i, person := range plan.Instructors {
			role := Second
			if i == 0 {
				role = Lead
			}
			if err := s.Appoint(ctx, v, made, person, role); err != nil {
				return err
			}
		}
		return nil
	})
	if database.Unique(err) {
		return "", fault.Invalid("number", "cohorts.plan.number_taken")
	}
	return made, err
}

// takeNumber counts up in one statement: the row is locked until the cohort is made.
func (s Store) takeNumber(ctx context.Context, v people.Viewer, p Preview) (int, error) {
	if p.Number > 0 {
		_, err := s.db.NewRaw(`INSERT INTO cohort_numbers (course_code, sector, last) VALUES (?, ?, ?)
			ON CONFLICT (course_code, sector) DO UPDATE SET last = CASE WHEN cohort_numbers.last < excluded.last THEN excluded.last ELSE cohort_numbers.last END`,
			p.Course.Code, v.Sector(), p.Number).Exec(ctx)
		return p.Number, err
	}
	var number int
	err := s.db.NewRaw(`INSERT INTO cohort_numbers (course_code, sector, last) VALUES (?, ?, 1)
		ON CONFLICT (course_code, sector) DO UPDATE SET last = cohort_numbers.last + 1 RETURNING last`,
		p.Course.Code, v.Sector()).Scan(ctx, &number)
	return number, err
}

// insertCohort writes the cohort, in a room only if it is released to the sector.
func (s Store) insertCohort(ctx context.Context, v people.Viewer, id CohortID, number int, p Preview) error {
	room := ""
	if p.Mode != Online {
		room = p.RoomID
	}
	last := p.Laid[len(p.Laid)-1].Ends.In(zone(p.TimeZone)).Format(time.DateOnly)
	first := p.Laid[0].Starts.In(zone(p.TimeZone)).Format(time.DateOnly)
	res, err := s.db.NewRaw(`INSERT INTO cohorts (id, edition_id, course_code, sector, number, time_zone, starts_on, ends_on, state, room_id, made_by, made_at)
		SELECT ?, edition.id, edition.course_code, edition.sector, ?, ?, ?, ?, ?, ?, ?, ?
		FROM editions AS edition WHERE edition.id = ? AND edition.sector = ?
		AND (? = '' OR EXISTS (SELECT 1 FROM room_sectors AS released WHERE released.room_id = ? AND released.sector = edition.sector))`,
		id, number, p.TimeZone, first, last, CohortOpen, nullText(room), nullPerson(v), s.now(),
		p.EditionID, v.Sector(), room, room).Exec(ctx)
	return database.Changed(res, err, fmt.Errorf("room %q: %w", room, fault.NotFound))
}

// keepRhythm notes by which weekly meetings a cohort was laid out, and its days off.
func (s Store) keepRhythm(ctx context.Context, id CohortID, rhythm []Meeting, off []DayOff) error {
	kept := Cohort{ID: id, Rhythm: rhythm, DaysOff: off}
	if off == nil {
		kept.DaysOff = []DayOff{}
	}
	_, err := s.db.NewUpdate().Model(&kept).Column("rhythm", "days_off").WherePK().Exec(ctx)
	return err
}

func (s Store) insertSessions(ctx context.Context, v people.Viewer, cohort CohortID, p Preview) error {
	sessions := make([]Session, len(p.Laid))
	for i, laid := range p.Laid {
		sessions[i] = Session{
			ID: SessionID(database.NewID()), CohortID: cohort, EditionSessionID: laid.EditionSessionID,
			Sector: v.Sector(), Position: laid.Position, Week: laid.Week, Minutes: laid.Minutes,
			StartsAt: laid.Starts, EndsAt: laid.Ends, Mode: p.Mode, State: Planned,
		}
		if p.Mode != Online && p.RoomID != "" {
			sessions[i].RoomID = &p.RoomID
		}
		if p.Mode != InRoom {
			sessions[i].Link = p.Link
		}
	}
	_, err := s.db.NewInsert().Model(&sessions).Exec(ctx)
	return err
}

func nullText(s string) any {
	if s == "" {
		return nil
	}
	return s
}
