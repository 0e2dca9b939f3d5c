package cohorts

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// jointWindow is how long before a joint session its modules open (contract, Formats).
const jointWindow = 7 * 24 * time.Hour

// ProposeJoint opens a joint session from one of the viewer's own sessions, which is
// their side's yes. It waits for the yes of another person on the other side.
func (s Store) ProposeJoint(ctx context.Context, v people.Viewer, proposal NewJoint) (JointID, error) {
	if err := proposal.Validate(v.Sector()); err != nil {
		return "", err
	}
	if !v.RunsSector() {
		return "", fault.Forbidden
	}
	id := JointID(database.NewID())
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		session, err := s.hold(ctx, v, proposal.Session, fault.Conflict("cohorts.joint.session_past"), Planned)
		if err != nil {
			return err
		}
		joint := JointSession{ID: id, Place: proposal.Place, Agenda: proposal.Agenda, GroundRules: proposal.GroundRules,
			StartsAt: session.StartsAt, EndsAt: session.EndsAt, TimeZone: session.TimeZone, State: Proposed, MadeAt: s.now()}
		if _, err := s.db.NewInsert().Model(&joint).Exec(ctx); err != nil {
			return err
		}
		if _, err := s.db.NewRaw(`INSERT INTO joint_sides (joint_id, sector) VALUES (?, ?), (?, ?)`, id, v.Sector(), id, proposal.With).Exec(ctx); err != nil {
			return err
		}
		return s.takeSide(ctx, v, id, session)
	})
	if database.Unique(err) {
		return "", fault.Conflict("cohorts.joint.session_taken")
	}
	return id, err
}

// ApproveJoint is the other side's yes, with the session of its own that it brings: it
// must begin at the same time. The two persons must differ, which is decided in the
// statement. From then on each side sees the window, and the modules that either
// session names and that are approved for joint sessions open a week before.
func (s Store) ApproveJoint(ctx context.Context, v people.Viewer, id JointID, own SessionID) error {
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		joint, err := s.Joint(ctx, v, id)
		if err != nil {
			return err
		}
		if !v.RunsSector() {
			return fault.Forbidden
		}
		session, err := s.hold(ctx, v, own, fault.Conflict("cohorts.joint.session_past"), Planned)
		if err != nil {
			return err
		}
		if !session.StartsAt.Equal(joint.StartsAt) {
			return fault.Invalid("session", "cohorts.joint.same_time")
		}
		if err := s.takeSide(ctx, v, id, session); err != nil {
			return err
		}
		res, err := s.db.NewRaw(`UPDATE joint_sessions SET state = ? WHERE id = ? AND state = ?
			AND 2 = (SELECT COUNT(DISTINCT side.yes_by) FROM joint_sides AS side WHERE side.joint_id = joint_sessions.id AND side.yes_by IS NOT NULL)`,
			Agreed, id, Proposed).Exec(ctx)
		if err := database.Changed(res, err, fault.Conflict("cohorts.joint.second_person")); err != nil {
			return err
		}
		return s.openJointModules(ctx, joint)
	})
	if database.Unique(err) {
		return fault.Conflict("cohorts.joint.session_taken")
	}
	return err
}

// takeSide gives one sector's yes: its session and how many of each role it brings,
// counted now so that the other side never asks this side's roster.
func (s Store) takeSide(ctx context.Context, v people.Viewer, id JointID, session Session) error {
	res, err := s.db.NewRaw(`UPDATE joint_sides SET session_id = ?, yes_by = ?, yes_at = ?,
			trainees = (SELECT COUNT(*) FROM enrolments AS e WHERE e.cohort_id = ? AND e.state = ?),
			instructors = (SELECT COUNT(*) FROM cohort_instructors AS i WHERE i.cohort_id = ? AND i.ended_at IS NULL)
		WHERE joint_id = ? AND sector = ? AND yes_by IS NULL
		AND NOT EXISTS (SELECT 1 FROM joint_sides AS other WHERE other.joint_id = joint_sides.joint_id AND other.yes_by = ?)`,
		session.ID, nullPerson(v), s.now(), session.CohortID, Active, session.CohortID, id, v.Sector(), v.Person()).Exec(ctx)
	return database.Changed(res, err, fault.Conflict("cohorts.joint.second_person"))
}

func (s Store) openJointModules(ctx context.Context, joint JointSession) error {
	var modules []content.ModuleID
	err := s.db.NewRaw(`SELECT DISTINCT part.module_id FROM joint_sides AS side
		JOIN sessions AS session ON session.id = side.session_id
		JOIN edition_parts AS part ON part.edition_session_id = session.edition_session_id
		WHERE side.joint_id = ? AND part.module_id IS NOT NULL ORDER BY part.module_id`, joint.ID).Scan(ctx, &modules)
	if err != nil {
		return err
	}
	var sectors []people.Sector
	if err := s.db.NewRaw(`SELECT sector FROM joint_sides WHERE joint_id = ? ORDER BY sector`, joint.ID).Scan(ctx, &sectors); err != nil {
		return err
	}
	for _, sector := range sectors {
		if err := s.content.OpenModules(ctx, "joint:"+string(joint.ID), sector, modules, joint.StartsAt.Add(-jointWindow), joint.EndsAt); err != nil {
			return err
		}
	}
	return nil
}

// CallOffJoint ends a joint session from either side before it began. Its modules
// close again, and both sessions stay as each side's own.
func (s Store) CallOffJoint(ctx context.Context, v people.Viewer, id JointID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, err := s.Joint(ctx, v, id); err != nil {
			return err
		}
		if !v.RunsSector() {
			return fault.Forbidden
		}
		res, err := s.db.NewRaw(`UPDATE joint_sessions SET state = ? WHERE id = ? AND state IN (?, ?) AND starts_at > ?`,
			CalledOff, id, Proposed, Agreed, s.now()).Exec(ctx)
		if err := database.Changed(res, err, fault.Conflict("cohorts.joint.past")); err != nil {
			return err
		}
		if _, err := s.db.NewRaw(`UPDATE joint_sides SET session_id = NULL WHERE joint_id = ?`, id).Exec(ctx); err != nil {
			return err
		}
		return s.content.CloseOpening(ctx, "joint:"+string(id))
	})
}

// Joint gives the window of one joint session to someone of a sector that has a side
// in it: who runs the sector, and, once agreed and until a week after, the trainees and
// instructors of the session that it brings. To everyone else it isn't there.
func (s Store) Joint(ctx context.Context, v people.Viewer, id JointID) (JointSession, error) {
	list, err := s.joints(ctx, v, "joint_session.id = ?", id)
	if err != nil {
		return JointSession{}, err
	}
	if len(list) == 0 {
		return JointSession{}, fmt.Errorf("joint session %q: %w", id, fault.NotFound)
	}
	return list[0], nil
}

// Joints lists the joint sessions that the viewer may know of and that are not long
// over, next first.
func (s Store) Joints(ctx context.Context, v people.Viewer) ([]JointSession, error) {
	return s.joints(ctx, v, "joint_session.state <> ? AND joint_session.ends_at > ?", CalledOff, s.now().Add(-jointWindow))
}

func (s Store) joints(ctx context.Context, v people.Viewer, which string, args ...any) ([]JointSession, error) {
	list := []JointSession{}
	q := s.db.NewSelect().Model((*JointSession)(nil)).
		ColumnExpr("joint_session.*, COALESCE(side.session_id, '') AS own_session, CASE WHEN side.yes_by IS NULL THEN FALSE ELSE TRUE END AS own_yes").
		ColumnExpr("CASE WHEN EXISTS (SELECT 1 FROM joint_sides AS said WHERE said.joint_id = joint_session.id AND said.yes_by = ?) THEN TRUE ELSE FALSE END AS said_yes", v.Person()).
		ColumnExpr(`CASE WHEN EXISTS (SELECT 1 FROM enrolments AS e WHERE e.cohort_id = session.cohort_id AND e.person_id = ? AND e.state <> ?) THEN ?
			WHEN EXISTS (SELECT 1 FROM cohort_instructors AS i WHERE i.cohort_id = session.cohort_id AND i.person_id = ? AND i.ended_at IS NULL) THEN ?
			ELSE ? END AS own_role`, v.Person(), Withdrawn, DoorTrainee, v.Person(), DoorInstructor, DoorHost).
		ColumnExpr("COALESCE(door.name, NULLIF(by_person.chosen_name, ''), NULLIF(by_person.given_name, ''), by_person.family_name, '') AS door_name").
		Join("JOIN joint_sides AS side ON side.joint_id = joint_session.id AND side.sector = ?", v.Sector()).
		Join("LEFT JOIN sessions AS session ON session.id = side.session_id").
		Join("LEFT JOIN door_names AS door ON door.joint_id = joint_session.id AND door.person_id = ?", v.Person()).
		Join("LEFT JOIN persons AS by_person ON by_person.id = ?", v.Person()).
		Where(which, args...).OrderExpr("joint_session.starts_at, joint_session.id").Limit(PageSize)
	if !v.RunsSector() {
		q = q.Join("JOIN cohorts AS cohort ON cohort.id = session.cohort_id").
			Where("joint_session.state = ? AND joint_session.ends_at > ?", Agreed, s.now().Add(-jointWindow)).Apply(VisibleTo(v))
	}
	if err := q.Scan(ctx, &list); err != nil || len(list) == 0 {
		return list, err
	}
	ids := make([]JointID, len(list))
	for i, joint := range list {
		ids[i] = joint.ID
	}
	return list, s.addSides(ctx, list, ids)
}

// NameAtDoor keeps the name that the viewer wants on their own badge; "" for the one
// that everybody sees.
func (s Store) NameAtDoor(ctx context.Context, v people.Viewer, id JointID, name string) error {
	name = people.CleanText(name)
	if len([]rune(name)) > LongestDoorName {
		return fault.Invalid("door_name", "cohorts.joint.door_long", "Max", LongestDoorName)
	}
	if _, err := s.Joint(ctx, v, id); err != nil {
		return err
	}
	if !v.SignedIn() {
		return fault.Forbidden
	}
	if name == "" {
		_, err := s.db.NewRaw(`DELETE FROM door_names WHERE joint_id = ? AND person_id = ?`, id, v.Person()).Exec(ctx)
		return err
	}
	_, err := s.db.NewRaw(`INSERT INTO door_names (joint_id, person_id, name) VALUES (?, ?, ?)
		ON CONFLICT (joint_id, person_id) DO UPDATE SET name = excluded.name`, id, v.Person(), name).Exec(ctx)
	return err
}

// SessionsAt lists the planned sessions of the viewer's sector that begin at a moment
// and are in no joint session yet: those that can be brought to one.
func (s Store) SessionsAt(ctx context.Context, v people.Viewer, at time.Time) ([]Session, error) {
	list := []Session{}
	if !v.RunsSector() {
		return list, nil
	}
	err := s.sessions(v).Where("session.sector = ? AND session.starts_at = ? AND session.state = ?", v.Sector(), at, Planned).
		Where("NOT EXISTS (SELECT 1 FROM joint_sides AS taken WHERE taken.session_id = session.id)").
		Apply(RunBy(v)).OrderExpr("session.id").Limit(PageSize).Scan(ctx, &list)
	return list, err
}

func (s Store) addSides(ctx context.Context, list []JointSession, ids []JointID) error {
	var sides []Side
	err := s.db.NewSelect().TableExpr("joint_sides AS side").
		ColumnExpr("side.joint_id, side.sector, side.trainees, side.instructors").
		Where("side.joint_id IN (?) AND side.yes_by IS NOT NULL", bun.List(ids)).OrderExpr("side.sector").Scan(ctx, &sides)
	for _, side := range sides {
		for i := range list {
			if list[i].ID == side.JointID {
				list[i].Sides = append(list[i].Sides, side)
			}
		}
	}
	return err
}
