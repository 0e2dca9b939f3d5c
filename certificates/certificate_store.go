package certificates

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// PageSize is how many certificates a page of the register holds.
const PageSize = 50

// VisibleTo narrows a query over certificates (alias certificate) to the viewer's own,
// and to all of the sector for who runs it.
func VisibleTo(v people.Viewer) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		switch {
		case v.RunsSector():
			return q.Where("certificate.sector = ?", v.Sector())
		case v.SignedIn():
			return q.Apply(heldBy(v))
		}
		return q.Where("1 = 0")
	}
}

// heldBy narrows certificates to the viewer's own.
func heldBy(v people.Viewer) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if !v.SignedIn() {
			return q.Where("1 = 0")
		}
		return q.Where("certificate.person_id = ? AND certificate.sector = ?", v.Person(), v.Sector())
	}
}

// Mine gives the viewer's own certificates, newest first.
func (s Store) Mine(ctx context.Context, v people.Viewer) ([]Certificate, error) {
	list := []Certificate{}
	err := s.db.NewSelect().Model(&list).Apply(heldBy(v)).
		OrderExpr("certificate.issued_at DESC, certificate.id DESC").Limit(PageSize).Scan(ctx)
	return list, err
}

// Own gives one of the viewer's own certificates.
func (s Store) Own(ctx context.Context, v people.Viewer, id CertificateID) (Certificate, error) {
	return s.one(ctx, id, heldBy(v))
}

// Certificate gives one certificate: one's own, or one of the sector that the viewer runs.
func (s Store) Certificate(ctx context.Context, v people.Viewer, id CertificateID) (Certificate, error) {
	return s.one(ctx, id, VisibleTo(v))
}

func (s Store) one(ctx context.Context, id CertificateID, wall func(*bun.SelectQuery) *bun.SelectQuery) (Certificate, error) {
	var c Certificate
	if err := s.db.NewSelect().Model(&c).Where("certificate.id = ?", id).Apply(wall).Scan(ctx); err != nil {
		return Certificate{}, fmt.Errorf("certificate %q: %w", id, database.One(err))
	}
	return c, nil
}

// Held is a certificate in the register of a sector, with its holder's name, and
// whether rule 17 lets the viewer act on it.
type Held struct {
	Certificate `bun:",extend"`
	Name        string `bun:"name"`
	Fair        bool   `bun:"fair"`
}

func (s Store) register(v people.Viewer) *bun.SelectQuery {
	q := s.db.NewSelect().TableExpr("certificates AS certificate").
		ColumnExpr("certificate.*, TRIM(COALESCE(NULLIF(person.chosen_name, ''), person.given_name) || ' ' || person.family_name) AS name").
		ColumnExpr("CASE WHEN EXISTS (?) THEN TRUE ELSE FALSE END AS fair", s.fair(v).Where("enrolment.id = certificate.enrolment_id")).
		Join("JOIN persons AS person ON person.id = certificate.person_id").Apply(VisibleTo(v))
	if !v.RunsSector() {
		return q.Where("1 = 0")
	}
	return q
}

// Register gives the certificates of the sector that the viewer runs, newest first, a
// page after the last one seen ("" for the first page), and the key of the next page,
// "" where there is none.
func (s Store) Register(ctx context.Context, v people.Viewer, after CertificateID) (list []Held, next CertificateID, err error) {
	list = []Held{}
	q := s.register(v).OrderExpr("certificate.id DESC").Limit(PageSize + 1)
	if after != "" {
		q = q.Where("certificate.id < ?", after)
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

// Registered gives one certificate of the sector that the viewer runs.
func (s Store) Registered(ctx context.Context, v people.Viewer, id CertificateID) (Held, error) {
	var held Held
	if err := s.register(v).Where("certificate.id = ?", id).Scan(ctx, &held); err != nil {
		return Held{}, fmt.Errorf("certificate %q: %w", id, database.One(err))
	}
	return held, nil
}

// ByNumber finds a certificate of the sector that the viewer runs by its number.
func (s Store) ByNumber(ctx context.Context, v people.Viewer, n number.Certificate) (Held, error) {
	var held Held
	if err := s.register(v).Where("certificate.number = ?", n).Scan(ctx, &held); err != nil {
		return Held{}, fmt.Errorf("certificate of that number: %w", database.One(err))
	}
	return held, nil
}

// Revoke ends what a certificate vouches for, with a class of reason. It stays
// answerable for ever. Only a director, and never against rule 17. Fails with
// fault.NotFound, fault.Forbidden, fault.Invalid for the reason, and fault.Conflict
// where it was revoked or replaced before.
func (s Store) Revoke(ctx context.Context, v people.Viewer, id CertificateID, reason Reason) error {
	return s.restand(ctx, v, id, reason, change{"certificate_revoked", credential.StandingRevoked, RevocationReasons,
		[]credential.Standing{credential.StandingValid, credential.StandingOnHold}})
}

// Hold sets a certificate on hold while something is looked into. It fails as Revoke does.
func (s Store) Hold(ctx context.Context, v people.Viewer, id CertificateID, reason Reason) error {
	return s.restand(ctx, v, id, reason, change{"certificate_held", credential.StandingOnHold, HoldReasons, []credential.Standing{credential.StandingValid}})
}

// Release ends a hold. It fails as Revoke does.
func (s Store) Release(ctx context.Context, v people.Viewer, id CertificateID, reason Reason) error {
	return s.restand(ctx, v, id, reason, change{"certificate_released", credential.StandingValid, ReleaseReasons, []credential.Standing{credential.StandingOnHold}})
}

// change is one way in which a standing may move.
type change struct {
	act     string
	to      credential.Standing
	reasons []Reason
	from    []credential.Standing
}

// restand changes a standing in the statement, writes its line and asks for a new
// status list, all in one transaction.
func (s Store) restand(ctx context.Context, v people.Viewer, id CertificateID, reason Reason, to change) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		c, err := s.Certificate(ctx, v, id)
		switch {
		case err != nil:
			return err
		case !v.IsSystem() && !v.Is(people.Director):
			return fault.Forbidden
		}
		if err := reason.validate(to.reasons); err != nil {
			return err
		}
		res, err := s.db.NewRaw(`UPDATE certificates SET standing = ?, standing_since = ? WHERE id = ? AND standing IN (?) AND EXISTS (?)`,
			to.to, s.now(), id, bun.List(to.from), s.fair(v).Where("enrolment.id = certificates.enrolment_id")).Exec(ctx)
		if err := database.Changed(res, err, errNotMoved); err != nil {
			return s.whyNotMoved(ctx, v, c, err)
		}
		if err := s.writeStanding(ctx, v, id, to.to, reason); err != nil {
			return err
		}
		if err := s.rooms.People.Note(ctx, v, to.act, c.PersonID, "register/"+string(id)); err != nil {
			return err
		}
		return outbox.Enqueue(ctx, s.db, StatusJob, nil, s.now())
	})
}

var errNotMoved = errors.New("the standing did not move")

// whyNotMoved tells what rule 17 forbids from what has moved on.
func (s Store) whyNotMoved(ctx context.Context, v people.Viewer, c Certificate, err error) error {
	if !errors.Is(err, errNotMoved) {
		return err
	}
	fair, err := s.mayActOn(ctx, v, c.EnrolmentID)
	switch {
	case err != nil:
		return err
	case !fair:
		return fault.Forbidden
	}
	return fault.Conflict("certificates.standing.moved_on")
}

func (s Store) writeStanding(ctx context.Context, v people.Viewer, id CertificateID, standing credential.Standing, reason Reason) error {
	line := StandingLine{ID: database.NewID(), CertificateID: id, Standing: standing, Reason: reason, ByPerson: v.Person(), At: s.now()}
	_, err := s.db.NewInsert().Model(&line).ModelTableExpr("standings").Exec(ctx)
	return err
}

// Standings gives every change of a certificate's standing, oldest first, to who runs
// the sector.
func (s Store) Standings(ctx context.Context, v people.Viewer, id CertificateID) ([]StandingLine, error) {
	list := []StandingLine{}
	if !v.RunsSector() {
		return list, fault.NotFound
	}
	err := s.db.NewSelect().TableExpr("standings AS standing").
		ColumnExpr("standing.id, standing.certificate_id, standing.standing, standing.reason, standing.by_person, standing.at").
		ColumnExpr("TRIM(COALESCE(NULLIF(by_person.chosen_name, ''), by_person.given_name, '') || ' ' || COALESCE(by_person.family_name, '')) AS by_name").
		Join("JOIN certificates AS certificate ON certificate.id = standing.certificate_id").
		Join("LEFT JOIN persons AS by_person ON by_person.id = standing.by_person").
		Where("certificate.id = ?", id).Apply(VisibleTo(v)).OrderExpr("standing.at, standing.id").Scan(ctx, &list)
	return list, err
}

// fair selects the enrolments on which rule 17 lets the viewer act. The caller says which.
func (s Store) fair(v people.Viewer) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("enrolments AS enrolment").ColumnExpr("1").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Apply(cohorts.NotOverOneself(v, s.rooms.People.Today()))
}

// mayActOn says whether rule 17 lets the viewer decide, revoke or hold for an enrolment.
func (s Store) mayActOn(ctx context.Context, v people.Viewer, id cohorts.EnrolmentID) (bool, error) {
	n, err := s.fair(v).Where("enrolment.id = ?", id).Count(ctx)
	return n > 0, err
}
