package certificates

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Graduate is a director's decision that a person has completed a course, on the
// checklist as it stands at this moment, and the certificate that it earns with its
// first copy, for the holder. Everything is written in one transaction; the copy is
// drawn after it. Fails with fault.NotFound for an enrolment that the viewer does not
// run, with fault.Forbidden for who is not a director of the sector or acts against rule
// 17, with fault.Invalid while a line of the checklist is open or a name can't be drawn,
// and with fault.Conflict when it was decided before or the place was given up.
func (s Store) Graduate(ctx context.Context, v people.Viewer, enrolment cohorts.EnrolmentID) (Certificate, error) {
	var made Certificate
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		if err := s.mayDecide(ctx, v, enrolment); err != nil {
			return err
		}
		// Completing takes the place's row: what is judged after it stays as it is judged.
		if err := s.rooms.Cohorts.Complete(ctx, v, enrolment); err != nil {
			return s.whyNotDecided(ctx, enrolment, err)
		}
		candidate, modules, err := s.gather(ctx, v, enrolment)
		if err != nil {
			return err
		}
		if !candidate.Met() {
			return fault.Invalid("checklist", "certificates.decide.open")
		}
		manifest, err := s.evidence(ctx, candidate, modules)
		if err != nil {
			return err
		}
		decision, err := s.insertDecision(ctx, v, candidate, manifest)
		if err != nil {
			return err
		}
		if made, err = s.insertCertificate(ctx, v, decision, candidate.Place); err != nil {
			return err
		}
		language, err := s.languageOf(ctx, made.PersonID)
		if err != nil {
			return err
		}
		if _, err := s.insertCopy(ctx, made, NewCopy{Name: ChosenName, Language: language, Line: "holder"}); err != nil {
			return err
		}
		return s.rooms.People.Note(ctx, v, "graduated", made.PersonID, "register/"+string(made.ID))
	})
	return made, err
}

// mayDecide fails unless the viewer is a director, or the system, who may decide on this
// enrolment.
func (s Store) mayDecide(ctx context.Context, v people.Viewer, enrolment cohorts.EnrolmentID) error {
	if _, err := s.rooms.Cohorts.Enrolment(ctx, v, enrolment); err != nil {
		return err
	}
	fair, err := s.mayActOn(ctx, v, enrolment)
	switch {
	case err != nil:
		return err
	case !fair, !v.IsSystem() && !v.Is(people.Director):
		return fault.Forbidden
	}
	return nil
}

// whyNotDecided tells what was decided before from a place that was given up.
func (s Store) whyNotDecided(ctx context.Context, enrolment cohorts.EnrolmentID, err error) error {
	var conflict *fault.ConflictError
	if !errors.As(err, &conflict) {
		return err
	}
	decided, lost := s.db.NewSelect().Model((*Decision)(nil)).Where("enrolment_id = ?", enrolment).Exists(ctx)
	switch {
	case lost != nil:
		return lost
	case decided:
		return fault.Conflict("certificates.decide.already")
	}
	return err
}

// insertDecision writes the decision where rule 17 lets the viewer act.
func (s Store) insertDecision(ctx context.Context, v people.Viewer, candidate Candidate, manifest []byte) (Decision, error) {
	place := candidate.Place
	decision := Decision{ID: database.NewID(), EnrolmentID: place.ID, PersonID: place.PersonID, Sector: place.Sector, Checklist: candidate.Checklist,
		Evidence: string(manifest), DecidedBy: v.Person(), DecidedAt: s.now()}
	list, err := frozen(decision.Checklist)
	if err != nil {
		return decision, err
	}
	var by any
	if v.SignedIn() {
		by = v.Person()
	}
	allowed := s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("?, enrolment.id, enrolment.person_id, enrolment.sector, ?, ?, ?, ?", decision.ID, list, decision.Evidence, by, decision.DecidedAt).
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("enrolment.id = ?", place.ID).Apply(cohorts.NotOverOneself(v, s.rooms.People.Today()))
	res, err := s.db.NewRaw(`INSERT INTO decisions (id, enrolment_id, person_id, sector, checklist, evidence, decided_by, decided_at) ?`, allowed).Exec(ctx)
	return decision, database.Changed(res, err, fault.Forbidden)
}

func (s Store) insertCertificate(ctx context.Context, v people.Viewer, decision Decision, place cohorts.Place) (Certificate, error) {
	c := Certificate{ID: CertificateID(database.NewID()), DecisionID: decision.ID, EnrolmentID: decision.EnrolmentID,
		PersonID: decision.PersonID, Sector: decision.Sector, IssuedBy: v.Person(), IssuedAt: s.now(), TimeZone: place.TimeZone,
		Sample:   s.issuer.Sample,
		Standing: credential.StandingValid, StandingSince: s.now()}
	var err error
	if c.Number, err = number.New(s.issuer.Random); err != nil {
		return c, err
	}
	validMonths, err := s.fillFromEdition(ctx, &c, place)
	if err != nil {
		return c, err
	}
	if validMonths > 0 {
		until := endOfDay(c.IssuedAt.In(c.Zone()), validMonths).UTC()
		c.ValidUntil = &until
	}
	if c.CompletedOn, err = s.completedOn(ctx, c); err != nil {
		return c, err
	}
	if err := s.fillSignatory(ctx, v, &c); err != nil {
		return c, err
	}
	if _, err := s.db.NewInsert().Model(&c).Exec(ctx); err != nil {
		return c, err
	}
	return c, s.writeStanding(ctx, v, c.ID, c.Standing, issued)
}

// completedOn is the day on which the last thing that the course asks for was there:
// the last session, make-up, reading, knowledge check or practical, never after today.
func (s Store) completedOn(ctx context.Context, c Certificate) (string, error) {
	today := c.IssuedAt.In(c.Zone()).Format(time.DateOnly)
	last := c.LastSession
	var madeUp string
	err := s.db.NewRaw(`SELECT COALESCE(MAX(done_on), '') FROM make_ups WHERE enrolment_id = ? AND taken_back_at IS NULL`, c.EnrolmentID).Scan(ctx, &madeUp)
	if err != nil {
		return "", err
	}
	var shown []time.Time
	err = s.db.NewRaw(`SELECT finished_at FROM attempts WHERE enrolment_id = ? AND finished_at IS NOT NULL
		UNION ALL SELECT at FROM practical_records WHERE enrolment_id = ?
		UNION ALL SELECT reading.done_at FROM readings AS reading JOIN edition_modules AS need ON need.module_id = reading.module_id AND need.required
			WHERE need.edition_id = ? AND reading.person_id = ? AND reading.done_at IS NOT NULL`,
		c.EnrolmentID, c.EnrolmentID, c.EditionID, c.PersonID).Scan(ctx, &shown)
	for _, at := range shown {
		last = max(last, at.In(c.Zone()).Format(time.DateOnly))
	}
	return min(max(last, madeUp), today), err
}

// fillFromEdition copies what the certificate says of its course, so that no later
// change of the edition or the cohort can reach it, and gives its months of validity.
func (s Store) fillFromEdition(ctx context.Context, c *Certificate, place cohorts.Place) (int, error) {
	var e struct {
		Name        string    `bun:"name"`
		CourseCode  string    `bun:"course_code"`
		TitleEN     string    `bun:"title_en"`
		TitleES     string    `bun:"title_es"`
		Minutes     int       `bun:"minutes"`
		Hour        int       `bun:"hour"`
		Wording     string    `bun:"wording"`
		ValidMonths *int      `bun:"valid_months"`
		First       time.Time `bun:"first_at"`
		Last        time.Time `bun:"last_at"`
	}
	err := s.db.NewRaw(`SELECT edition.name, edition.course_code, edition.title_en, edition.title_es, edition.minutes, edition.hour, edition.wording, edition.valid_months,
			(SELECT s1.starts_at FROM sessions AS s1 WHERE s1.cohort_id = ? AND s1.state = 'confirmed' ORDER BY s1.starts_at LIMIT 1) AS first_at,
			(SELECT s2.starts_at FROM sessions AS s2 WHERE s2.cohort_id = ? AND s2.state = 'confirmed' ORDER BY s2.starts_at DESC LIMIT 1) AS last_at
		FROM editions AS edition WHERE edition.id = ?`, place.CohortID, place.CohortID, place.EditionID).Scan(ctx, &e)
	if err != nil {
		return 0, fmt.Errorf("edition %q: %w", place.EditionID, database.One(err))
	}
	en, es, err := s.rooms.Courses.Areas(ctx, place.EditionID)
	if err != nil {
		return 0, err
	}
	c.EditionID, c.Edition, c.CourseCode, c.TitleEN, c.TitleES = place.EditionID, e.Name, e.CourseCode, e.TitleEN, e.TitleES
	c.AreasEN, c.AreasES, c.Minutes, c.Hour = en, es, e.Minutes, e.Hour
	c.Wording = credential.Completed
	if e.Wording != "" && e.Wording != "completed" {
		c.Wording = credential.TookPart
	}
	c.FirstSession, c.LastSession = place.StartsOn, place.EndsOn
	if !e.First.IsZero() {
		c.FirstSession, c.LastSession = e.First.In(c.Zone()).Format(time.DateOnly), e.Last.In(c.Zone()).Format(time.DateOnly)
	}
	if e.ValidMonths == nil {
		return 0, nil
	}
	return *e.ValidMonths, nil
}

// fillSignatory names the director who decided; where the system issues (an import or
// the demo), the Academy's training office signs.
func (s Store) fillSignatory(ctx context.Context, v people.Viewer, c *Certificate) error {
	c.Signatory, c.SignatoryTitle = "Training Office", "Metropolitan Peace Academy"
	if !v.SignedIn() {
		return nil
	}
	var err error
	c.SignatoryTitle = director
	c.Signatory, err = s.nameOf(ctx, v.Person(), ChosenName)
	var unfit *fault.InvalidError
	if errors.As(err, &unfit) {
		return fault.Invalid("signatory", "certificates.decide.signatory")
	}
	return err
}

// director is the title under a director's name, and what a Spanish copy says for it.
const (
	director   = "Director of Training"
	directorES = "Dirección de Formación"
)

// languageOf is the language of the holder's own copy.
func (s Store) languageOf(ctx context.Context, person people.PersonID) (language string, err error) {
	err = s.db.NewRaw(`SELECT language FROM persons WHERE id = ?`, person).Scan(ctx, &language)
	return language, database.One(err)
}

// Decision gives the decision on an enrolment that the viewer runs or holds.
func (s Store) Decision(ctx context.Context, v people.Viewer, enrolment cohorts.EnrolmentID) (Decision, error) {
	var d Decision
	err := s.db.NewSelect().Model(&d).
		Join("JOIN enrolments AS enrolment ON enrolment.id = decision.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("decision.enrolment_id = ?", enrolment).Apply(cohorts.EnrolmentsVisibleTo(v)).Scan(ctx)
	if err != nil {
		return Decision{}, fmt.Errorf("decision on %q: %w", enrolment, database.One(err))
	}
	return d, nil
}

// sha is the SHA-256 of what a piece of evidence says, in hexadecimal.
func sha(parts ...any) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(parts...)))
	return hex.EncodeToString(sum[:])
}
