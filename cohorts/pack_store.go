package cohorts

import (
	"context"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// auditedBy narrows cohorts to those whose record the viewer may take out under pseudonyms:
// auditors of the sector while their grant lasts, and who runs the sector.
func auditedBy(v people.Viewer) narrow {
	if v.RunsSector() || v.Is(people.Auditor) {
		return narrow{"cohort.sector = ?", []any{v.Sector()}}
	}
	return nothing
}

// reportedBy narrows cohorts to those of police officers, for who runs that sector: no
// other sector has a regulator's pack.
func reportedBy(v people.Viewer) narrow {
	if v.RunsSector() && v.Sector() == people.LawEnforcement {
		return narrow{"cohort.sector = ?", []any{people.LawEnforcement}}
	}
	return nothing
}

// AuditPack gives the record of one cohort under pseudonyms that are new each time, in an
// order of chance, and notes who took it. Fails with fault.NotFound for who may not.
func (s Store) AuditPack(ctx context.Context, v people.Viewer, id CohortID) (Pack, error) {
	pack, err := s.pack(ctx, v, id, auditedBy(v))
	if err != nil {
		return Pack{}, err
	}
	if pack.Changes, err = s.changesOf(ctx, id, auditedBy(v)); err != nil {
		return Pack{}, err
	}
	return pack.Pseudonymous(), s.people.Note(ctx, v, "audit_pack", "", "cohorts/"+string(id))
}

// RegulatorPack gives the record of one cohort of police officers by name, and notes on
// each officer's record who took it. Fails with fault.NotFound for every other cohort and
// for who doesn't run the police side.
func (s Store) RegulatorPack(ctx context.Context, v people.Viewer, id CohortID) (Pack, error) {
	pack, err := s.pack(ctx, v, id, reportedBy(v))
	if err != nil {
		return Pack{}, err
	}
	officers := make([]people.PersonID, len(pack.Seats))
	for i, seat := range pack.Seats {
		officers[i] = seat.PersonID
	}
	return pack.ByName(), s.people.NoteEach(ctx, v, "regulator_pack", officers, "cohorts/"+string(id))
}

func (s Store) pack(ctx context.Context, v people.Viewer, id CohortID, wall narrow) (Pack, error) {
	cohort, err := s.oneCohort(ctx, id, wall.on)
	if err != nil {
		return Pack{}, err
	}
	pack := Pack{Cohort: cohort, Edition: cohort.EditionID}
	if err := s.sessions(v).Where("session.cohort_id = ?", id).Apply(wall.on).OrderExpr("session.starts_at, session.position").Scan(ctx, &pack.Sessions); err != nil {
		return Pack{}, err
	}
	err = s.db.NewSelect().Model(&pack.Instructors).ModelTableExpr("cohort_instructors AS instructor").
		ColumnExpr("instructor.*, "+seatName+" AS name").
		Join("JOIN cohorts AS cohort ON cohort.id = instructor.cohort_id").
		Join("JOIN persons AS person ON person.id = instructor.person_id").
		Where("instructor.cohort_id = ?", id).Apply(wall.on).OrderExpr("instructor.role, person.sort_key, instructor.person_id").Scan(ctx)
	if err != nil {
		return Pack{}, err
	}
	pack.Seats, err = s.packSeats(ctx, id, wall)
	return pack, err
}

func (s Store) packSeats(ctx context.Context, id CohortID, wall narrow) ([]PackSeat, error) {
	var rows []struct {
		Totals
		GivenName  string
		FamilyName string
		ChosenName string
	}
	err := s.totals().ColumnExpr("person.given_name, person.family_name, person.chosen_name").
		Where("cohort.id = ?", id).Apply(wall.on).OrderExpr("person.sort_key, enrolment.id").Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	cells := []PackCell{}
	const sum = "COALESCE((SELECT SUM(l.minutes) FROM ledger_lines AS l WHERE l.enrolment_id = mark.enrolment_id AND l.session_id = mark.session_id AND l.kind = ?), 0)"
	err = s.db.NewSelect().TableExpr("marks AS mark").
		ColumnExpr("mark.enrolment_id, mark.session_id, mark.status, mark.minutes_late, mark.minutes_early").
		ColumnExpr(sum+" AS earned", ForSession).ColumnExpr(sum+" AS made_up", ForMakeUp).
		Join("JOIN sessions AS session ON session.id = mark.session_id").
		Join("JOIN cohorts AS cohort ON cohort.id = session.cohort_id").
		Where("cohort.id = ? AND mark.seq = (SELECT MAX(m.seq) FROM marks AS m WHERE m.session_id = mark.session_id AND m.enrolment_id = mark.enrolment_id)", id).
		Apply(wall.on).Scan(ctx, &cells)
	if err != nil {
		return nil, err
	}
	seats, at := make([]PackSeat, len(rows)), map[EnrolmentID]int{}
	for i, row := range rows {
		seats[i] = PackSeat{Totals: row.Totals, Cells: map[SessionID]PackCell{}}
		seats[i].Name = people.FullName(row.ChosenName, row.GivenName, row.FamilyName)
		at[row.EnrolmentID] = i
	}
	for _, cell := range cells {
		if i, there := at[cell.EnrolmentID]; there {
			seats[i].Cells[cell.SessionID] = cell
		}
	}
	return seats, nil
}

// mostChanges is how many lines of a change log are told.
const mostChanges = 2000

// changesOf gives what was changed after rolls were closed: corrections, make-ups, and
// make-ups taken back.
func (s Store) changesOf(ctx context.Context, id CohortID, wall narrow) ([]PackChange, error) {
	list := []PackChange{}
	marks := s.db.NewSelect().TableExpr("marks AS mark").
		ColumnExpr("? AS kind, mark.enrolment_id, mark.session_id, mark.status AS code, mark.reason, 0 AS minutes, mark.received_at AS at, mark.made_by AS by_id", MarkCorrected).
		Where("mark.reason IN (?, ?, ?, ?, ?)", SlipOfThumb, WrongPerson, LateNews, PaperSheet, AgreedByBoth)
	ups := s.db.NewSelect().TableExpr("make_ups AS up").
		ColumnExpr("? AS kind, up.enrolment_id, up.session_id, up.kind AS code, '' AS reason, up.minutes, up.approved_at AS at, up.approved_by AS by_id", MakeUpApproved)
	backs := s.db.NewSelect().TableExpr("make_ups AS up").
		ColumnExpr("? AS kind, up.enrolment_id, up.session_id, up.kind AS code, '' AS reason, -up.minutes AS minutes, up.taken_back_at AS at, up.taken_back_by AS by_id", MakeUpTakenBack).
		Where("up.taken_back_at IS NOT NULL")
	err := s.db.NewSelect().TableExpr("(? UNION ALL ? UNION ALL ?) AS change", marks, ups, backs).
		ColumnExpr("change.kind, change.enrolment_id, change.session_id, change.code, change.reason, change.minutes, change.at, session.position").
		ColumnExpr("COALESCE(change.by_id, '') AS by_person, "+shownName+" AS by_name").
		Join("JOIN sessions AS session ON session.id = change.session_id").
		Join("JOIN cohorts AS cohort ON cohort.id = session.cohort_id").
		Join("LEFT JOIN persons AS by_person ON by_person.id = change.by_id").
		Where("cohort.id = ?", id).Apply(wall.on).OrderExpr("change.at, session.position, change.enrolment_id").Limit(mostChanges).Scan(ctx, &list)
	return list, err
}
