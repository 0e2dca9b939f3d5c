package cohorts

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// partner narrows a query over organisations (alias organisation) to those whose staff the
// viewer looks after, with a partnership in force on a day.
func partner(v people.Viewer, today string) func(*bun.SelectQuery) *bun.SelectQuery {
	if !v.Is(people.PartnerHR) || len(v.Organisations()) == 0 {
		return nothing.on
	}
	return narrow{`organisation.id IN (?) AND EXISTS (SELECT 1 FROM partnerships AS p WHERE p.organisation_id = organisation.id
		AND p.starts_on <= ? AND (p.ends_on IS NULL OR p.ends_on >= ?))`, []any{bun.List(v.Organisations()), today, today}}.on
}

// Offers are the cohorts of the viewer's sector in which they, as partner HR, may ask for
// seats today, the next to begin first. Anybody else is offered nothing.
func (s Store) Offers(ctx context.Context, v people.Viewer) ([]Offer, error) {
	list, today := []Offer{}, s.people.Today()
	ours := s.db.NewSelect().TableExpr("organisations AS organisation").ColumnExpr("1").Apply(partner(v, today))
	err := s.db.NewSelect().TableExpr("cohorts AS cohort").
		ColumnExpr("cohort.id AS cohort_id, cohort.starts_on, cohort.ends_on, cohort.asks_until, edition.title_en, edition.title_es, edition.minutes, edition.hour").
		Join("JOIN editions AS edition ON edition.id = cohort.edition_id").
		Where("cohort.sector = ? AND cohort.state = ? AND cohort.asks_until >= ? AND EXISTS (?)", v.Sector(), CohortOpen, today, ours).
		OrderExpr("cohort.starts_on, cohort.id").Limit(PageSize).Scan(ctx, &list)
	return list, err
}

func (s Store) nominations() *bun.SelectQuery {
	return s.db.NewSelect().Model((*Nomination)(nil)).ColumnExpr("nomination.*, organisation.name AS organisation").
		ColumnExpr("edition.title_en, edition.title_es, cohort.starts_on, cohort.time_zone").
		Join("JOIN organisations AS organisation ON organisation.id = nomination.organisation_id").
		Join("JOIN cohorts AS cohort ON cohort.id = nomination.cohort_id").
		Join("JOIN editions AS edition ON edition.id = cohort.edition_id")
}

// OurNominations are those of the partner whose staff the viewer looks after, newest
// first, a page at a time. After is the last one of the page before.
func (s Store) OurNominations(ctx context.Context, v people.Viewer, after NominationID) (list []Nomination, next NominationID, err error) {
	list = []Nomination{}
	q := s.nominations().Where("nomination.sector = ?", v.Sector()).Apply(partner(v, s.people.Today())).
		OrderExpr("nomination.id DESC").Limit(PageSize + 1)
	if after != "" {
		q = q.Where("nomination.id < ?", after)
	}
	if err := q.Scan(ctx, &list); err != nil {
		return nil, "", err
	}
	if len(list) > PageSize {
		list = list[:PageSize]
		next = list[PageSize-1].ID
	}
	return list, next, nil
}

// ToAnswer are the nominations that wait for an answer in a cohort that the viewer
// manages, the oldest first; the first PageSize of them.
func (s Store) ToAnswer(ctx context.Context, v people.Viewer, id CohortID) ([]Nomination, error) {
	list := []Nomination{}
	err := s.nominations().Where("cohort.id = ? AND nomination.state = ?", id, Asked).Apply(managedBy(v).on).
		OrderExpr("nomination.id").Limit(PageSize).Scan(ctx, &list)
	return list, err
}

// Nominate asks for a seat for one of the viewer's staff, in a cohort that is open to
// partners today. The same person asked for again, while no answer came, is asked for
// once. Fails with fault.NotFound where the cohort isn't offered to the viewer, and with
// fault.Invalid where name or address can't be.
func (s Store) Nominate(ctx context.Context, v people.Viewer, n NewNomination) error {
	person, err := people.NewPerson{GivenName: n.GivenName, FamilyName: n.FamilyName, Email: n.Email, Phone: n.Phone}.Clean()
	if err != nil {
		return err
	}
	if person.Email == "" && person.Phone == "" {
		return fault.Invalid("email", "cohorts.nomination.address")
	}
	today := s.people.Today()
	ours := s.db.NewSelect().TableExpr("organisations AS organisation").ColumnExpr("MIN(organisation.id)").Apply(partner(v, today))
	res, err := s.db.NewRaw(`INSERT INTO nominations (id, cohort_id, organisation_id, sector, given_name, family_name, email, phone, state, asked_by, asked_at)
		SELECT ?, cohort.id, ours.id, cohort.sector, ?, ?, ?, ?, ?, ?, ?
		FROM cohorts AS cohort JOIN (SELECT (?) AS id) AS ours ON ours.id IS NOT NULL
		WHERE cohort.id = ? AND cohort.sector = ? AND cohort.state = ? AND cohort.asks_until >= ?
		AND NOT EXISTS (SELECT 1 FROM nominations AS same WHERE same.cohort_id = cohort.id AND same.organisation_id = ours.id AND same.state = ?
			AND same.email = ? AND same.phone = ?)`,
		database.NewID(), person.GivenName, person.FamilyName, person.Email, person.Phone, Asked, v.Person(), s.now(), ours,
		n.Cohort, v.Sector(), CohortOpen, today, Asked, person.Email, person.Phone).Exec(ctx)
	if err := database.Changed(res, err, fault.NotFound); err != nil {
		return s.whyNotNominated(ctx, v, n.Cohort, err)
	}
	return nil
}

// whyNotNominated lets what was asked before stand.
func (s Store) whyNotNominated(ctx context.Context, v people.Viewer, id CohortID, err error) error {
	if err != fault.NotFound {
		return err
	}
	offers, lost := s.Offers(ctx, v)
	if lost != nil {
		return lost
	}
	for _, offer := range offers {
		if offer.CohortID == id {
			return nil
		}
	}
	return fmt.Errorf("cohort %q: %w", id, err)
}

// TakeBackNomination ends a nomination of the viewer's own partner while it has no answer.
func (s Store) TakeBackNomination(ctx context.Context, v people.Viewer, id NominationID) error {
	ours := s.db.NewSelect().TableExpr("organisations AS organisation").ColumnExpr("organisation.id").Apply(partner(v, s.people.Today()))
	res, err := s.db.NewRaw(`UPDATE nominations SET state = ?, answered_by = ?, answered_at = ?, email = '', phone = '' WHERE id = ? AND sector = ? AND state = ? AND organisation_id IN (?)`,
		Unasked, v.Person(), s.now(), id, v.Sector(), Asked, ours).Exec(ctx)
	return database.Changed(res, err, fmt.Errorf("nomination %q: %w", id, fault.NotFound))
}

// Accept gives the person of a nomination a seat in a cohort that the viewer manages, or a
// turn on its waiting list where it is full. Who has no account of the sector gets one; who
// has one, by the address or the number that the partner wrote, is let in as they are:
// what a partner writes changes nobody's name, and adds no key to anybody's account. It
// fails with fault.Conflict where address and number are of two people.
func (s Store) Accept(ctx context.Context, v people.Viewer, cohort CohortID, id NominationID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, err := s.holdCohort(ctx, v, cohort); err != nil {
			return err
		}
		asked, err := s.answer(ctx, v, cohort, id, GotSeat)
		if err != nil {
			return err
		}
		person, err := s.nominated(ctx, v, asked)
		if err != nil {
			return err
		}
		waits, err := s.seatOrTurn(ctx, v, cohort, person)
		if err == nil && waits {
			_, err = s.db.NewRaw(`UPDATE nominations SET state = ? WHERE id = ?`, GotTurn, id).Exec(ctx)
		}
		return err
	})
}

// nominated finds who is meant by a nomination, or adds them to the partner's staff.
func (s Store) nominated(ctx context.Context, v people.Viewer, asked Nomination) (people.PersonID, error) {
	known, err := s.people.Holders(ctx, v, asked.Email, asked.Phone)
	switch {
	case err != nil:
		return "", err
	case len(known) > 1:
		return "", fault.Conflict("cohorts.nomination.two")
	case len(known) == 1:
		return known[0], nil
	}
	return s.people.AddPerson(ctx, v, people.NewPerson{GivenName: asked.GivenName, FamilyName: asked.FamilyName, Email: asked.Email,
		Phone: asked.Phone, Organisation: asked.OrganisationID})
}

// Decline answers a nomination for a cohort that the viewer manages with no. There is no
// reason to give: what is to be said is said in person.
func (s Store) Decline(ctx context.Context, v people.Viewer, cohort CohortID, id NominationID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, err := s.holdCohort(ctx, v, cohort); err != nil {
			return err
		}
		_, err := s.answer(ctx, v, cohort, id, Declined)
		return err
	})
}

// answer takes a nomination that waits, in the statement, so that two answer it once, and
// gives it as it was: its addresses are kept no longer than they are needed.
func (s Store) answer(ctx context.Context, v people.Viewer, cohort CohortID, id NominationID, state NominationState) (asked Nomination, err error) {
	err = s.db.NewRaw(`UPDATE nominations SET state = ?, answered_by = ?, answered_at = ? WHERE id = ? AND cohort_id = ? AND state = ? RETURNING *`,
		state, nullPerson(v), s.now(), id, cohort, Asked).Scan(ctx, &asked)
	if err != nil {
		return asked, fmt.Errorf("nomination %q: %w", id, database.One(err))
	}
	_, err = s.db.NewRaw(`UPDATE nominations SET email = '', phone = '' WHERE id = ?`, id).Exec(ctx)
	return asked, err
}
