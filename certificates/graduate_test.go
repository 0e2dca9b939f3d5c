package certificates_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/certtest"
	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func each(t *testing.T, body func(a *certtest.Academy)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) { body(certtest.New(t, db)) }, certtest.Migrations...)
}

// race runs the body on PostgreSQL, where two writers really meet.
func race(t *testing.T, body func(a *certtest.Academy)) {
	t.Helper()
	t.Parallel()
	dbtest.Postgres(t, func(t *testing.T, db *bun.DB) { body(certtest.New(t, db)) }, certtest.Migrations...)
}

func wants(a *certtest.Academy, what string, err, want error) {
	a.Helper()
	if !errors.Is(err, want) {
		a.Errorf("%s: %v, want %v", what, err, want)
	}
}

func conflicts(a *certtest.Academy, what string, err error, key string) {
	a.Helper()
	var conflict *fault.ConflictError
	if !errors.As(err, &conflict) || conflict.Key != key {
		a.Errorf("%s: %v, want conflict %s", what, err, key)
	}
}

func invalid(a *certtest.Academy, what string, err error, field, key string) {
	a.Helper()
	if said, found := fault.In(err, field); !found || said.Key != key {
		a.Errorf("%s: %v, want %s: %s", what, err, field, key)
	}
}

func count(a *certtest.Academy, query string, args ...any) (n int) {
	a.Helper()
	a.Ok(a.DB.NewRaw(query, args...).Scan(a.Context(), &n))
	return n
}

// atOnce runs work in parallel and gives the errors.
func atOnce(n int, work func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = work(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

func TestGraduatingIssuesACertificateWithOneCopy(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		director := a.Person(people.Outreach, "Dora Lake", people.Director)
		tasha := a.Person(people.Outreach, "Tasha Reyes", people.Trainee)
		class := a.Class(people.Outreach, tasha)
		candidate, err := a.Certificates.Candidate(ctx, director, class.Enrolments[0])
		a.Ok(err)
		if !candidate.Ready() || !candidate.Fair || len(candidate.Items) != 4 {
			a.Fatalf("candidate %+v", candidate)
		}
		made, err := a.Certificates.Graduate(ctx, director, class.Enrolments[0])
		a.Ok(err)
		a.Work()
		c, err := a.Certificates.Own(ctx, tasha, made.ID)
		a.Ok(err)
		if c.Signatory != "Dora Lake" || c.Minutes != 120 || c.FirstSession != "2026-11-03" || c.LastSession != "2026-11-03" ||
			c.CompletedOn != "2026-11-05" || c.Standing != credential.StandingValid || c.Edition != "2026" || c.Areas("es")[0] != "Calma bajo presión" {
			a.Errorf("certificate %+v", c)
		}
		// Good to the end of the day in Chicago, two years on.
		if got := c.ValidUntil.In(certtest.Chicago).Format("2006-01-02 15:04:05"); got != "2028-12-01 23:59:59" {
			a.Errorf("valid until %s", got)
		}
		copies, err := a.Certificates.Copies(ctx, tasha, made.ID)
		a.Ok(err)
		if len(copies) != 1 || !copies[0].Drawn() || copies[0].Name != "Tasha Reyes" || len(copies[0].Share) != 8 {
			a.Errorf("copies %+v", copies)
		}
		decision, err := a.Certificates.Decision(ctx, director, class.Enrolments[0])
		a.Ok(err)
		if decision.DecidedBy != director.Person() || !decision.Checklist.Met() || decision.Evidence == "" {
			a.Errorf("decision %+v", decision)
		}
		a.Exec(`UPDATE sessions SET state = 'closed' WHERE cohort_id = ?`, class.Cohort) // whatever comes later
		frozen, err := a.Certificates.Candidate(ctx, director, class.Enrolments[0])
		a.Ok(err)
		if !frozen.Met() || frozen.DecidedAt == nil || frozen.Standing != credential.StandingValid || frozen.Certificate != made.ID {
			a.Errorf("decided on %+v", frozen)
		}
		all, _, err := a.Certificates.Candidates(ctx, director, class.Cohort, "")
		a.Ok(err)
		if len(all) != 1 || !all[0].Met() || all[0].DecidedAt == nil {
			a.Errorf("of the class %+v", all)
		}
		_, err = a.Certificates.Graduate(ctx, director, class.Enrolments[0])
		conflicts(a, "deciding again", err, "certificates.decide.already")
		lines, err := a.Certificates.Standings(ctx, director, made.ID)
		a.Ok(err)
		if len(lines) != 1 || lines[0].ByName != "Dora Lake" || lines[0].Reason != "issued" {
			a.Errorf("lines %+v", lines)
		}
	})
}

func TestNobodyGraduatesWhileALineIsOpen(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		director := a.Person(people.Outreach, "Dora Lake", people.Director)
		class := a.Class(people.Outreach, a.Person(people.Outreach, "Tasha Reyes", people.Trainee))
		a.Exec(`UPDATE sessions SET state = 'closed' WHERE cohort_id = ?`, class.Cohort) // one person's word alone
		_, err := a.Certificates.Graduate(ctx, director, class.Enrolments[0])
		invalid(a, "unconfirmed minutes", err, "checklist", "certificates.decide.open")
		list, err := a.Certificates.Checklist(ctx, director, class.Enrolments[0])
		a.Ok(err)
		if item, ok := list.Item(certificates.Minutes); !ok || item.Met || item.Left() != 120 {
			a.Errorf("minutes %+v", item)
		}
		if n := count(a, `SELECT COUNT(*) FROM enrolments WHERE id = ? AND state = 'active'`, class.Enrolments[0]); n != 1 {
			a.Error("the place is not active any more")
		}
		if n := count(a, `SELECT COUNT(*) FROM certificates`) + count(a, `SELECT COUNT(*) FROM decisions`); n != 0 {
			a.Errorf("%d rows were written", n)
		}
	})
}

func TestOnlyADirectorOfTheSectorDecides(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		tasha := a.Person(people.Outreach, "Tasha Reyes", people.Trainee)
		class := a.Class(people.Outreach, tasha)
		for name, row := range map[string]struct {
			v    people.Viewer
			want error
		}{
			"the trainee":                {tasha, fault.Forbidden},
			"the instructor":             {class.Instructor, fault.Forbidden},
			"a coordinator":              {a.Person(people.Outreach, "Cora Hill", people.Coordinator), fault.Forbidden},
			"a director of another side": {a.Person(people.LawEnforcement, "Don Park", people.Director), fault.NotFound},
			"nobody":                     {people.Nobody, fault.NotFound},
		} {
			_, err := a.Certificates.Graduate(ctx, row.v, class.Enrolments[0])
			wants(a, name, err, row.want)
			_, never := a.Certificates.Graduate(ctx, row.v, "never")
			wants(a, name+" on none", never, fault.NotFound)
		}
		if n := count(a, `SELECT COUNT(*) FROM decisions`); n != 0 {
			a.Errorf("%d decisions", n)
		}
	})
}

// A director who learns in the course is a trainee in it like anyone (rule 17).
func TestNobodyDecidesOnThemselves(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		dora := a.Person(people.Outreach, "Dora Lake", people.Director)
		class := a.Class(people.Outreach, dora)
		_, err := a.Certificates.Graduate(a.Context(), dora, class.Enrolments[0])
		wants(a, "her own", err, fault.Forbidden)
		candidate, err := a.Certificates.Candidate(a.Context(), dora, class.Enrolments[0])
		a.Ok(err)
		if candidate.Fair {
			a.Error("her own checklist offers the decision")
		}
		other := a.Person(people.Outreach, "Olu West", people.Director)
		_, err = a.Certificates.Graduate(a.Context(), other, class.Enrolments[0])
		a.Ok(err)
	})
}

// Olu learns where Ines teaches; Ines learns in another class of the same edition. Olu, a
// director, holds no pen over her.
func TestNobodyDecidesOnWhoHoldsPowerOverThem(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		olu := a.Person(people.Outreach, "Olu West", people.Director)
		first := a.Class(people.Outreach, olu)
		second := a.Class(people.Outreach, first.Instructor)
		_, err := a.Certificates.Graduate(ctx, olu, second.Enrolments[0])
		wants(a, "her instructor's", err, fault.Forbidden)
		made := a.Graduate(second.Enrolments[0], people.Outreach)
		wants(a, "revoking it", a.Certificates.Revoke(ctx, olu, made.ID, "misuse"), fault.Forbidden)
		wants(a, "holding it", a.Certificates.Hold(ctx, olu, made.ID, "under_review"), fault.Forbidden)
	})
}

func TestNobodyRevokesHoldsOrReleasesTheirOwn(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		dora := a.Person(people.Outreach, "Dora Lake", people.Director)
		made := a.Graduate(a.Class(people.Outreach, dora).Enrolments[0], people.Outreach)
		wants(a, "revoke", a.Certificates.Revoke(ctx, dora, made.ID, "holder_asked"), fault.Forbidden)
		wants(a, "hold", a.Certificates.Hold(ctx, dora, made.ID, "holder_asked"), fault.Forbidden)
		other := a.Person(people.Outreach, "Olu West", people.Director)
		a.Ok(a.Certificates.Hold(ctx, other, made.ID, "holder_asked"))
		wants(a, "release", a.Certificates.Release(ctx, dora, made.ID, "settled"), fault.Forbidden)
		a.Ok(a.Certificates.Release(ctx, other, made.ID, "settled"))
		held, err := a.Certificates.Registered(ctx, dora, made.ID)
		a.Ok(err)
		if held.Fair || held.Name != "Dora Lake" || held.Number != made.Number {
			a.Errorf("register: %+v", held)
		}
	})
}

func TestStandingMovesOnlyWhereItMay(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		director := a.Person(people.Outreach, "Dora Lake", people.Director)
		coordinator := a.Person(people.Outreach, "Cora Hill", people.Coordinator)
		police := a.Person(people.LawEnforcement, "Don Park", people.Director)
		tasha, made, _ := a.Graduates(people.Outreach, "Tasha Reyes")
		wants(a, "a coordinator", a.Certificates.Revoke(ctx, coordinator, made.ID, "misuse"), fault.Forbidden)
		wants(a, "the holder", a.Certificates.Revoke(ctx, tasha, made.ID, "holder_asked"), fault.Forbidden)
		wants(a, "another side", a.Certificates.Revoke(ctx, police, made.ID, "misuse"), fault.NotFound)
		invalid(a, "no reason", a.Certificates.Revoke(ctx, director, made.ID, "because"), "reason", "certificates.reason.choose")
		conflicts(a, "release without hold", a.Certificates.Release(ctx, director, made.ID, "settled"), "certificates.standing.moved_on")
		a.Ok(a.Certificates.Hold(ctx, director, made.ID, "under_review"))
		conflicts(a, "hold twice", a.Certificates.Hold(ctx, director, made.ID, "under_review"), "certificates.standing.moved_on")
		a.Ok(a.Certificates.Revoke(ctx, director, made.ID, "minutes_not_true"))
		conflicts(a, "revoke twice", a.Certificates.Revoke(ctx, director, made.ID, "misuse"), "certificates.standing.moved_on")
		lines, err := a.Certificates.Standings(ctx, director, made.ID)
		a.Ok(err)
		if len(lines) != 3 || lines[1].Standing != credential.StandingOnHold || lines[2].Reason != "minutes_not_true" {
			a.Errorf("lines %+v", lines)
		}
		_, err = a.Certificates.MakeCopy(ctx, tasha, certificates.NewCopy{Certificate: made.ID, Label: "Job", Name: certificates.ChosenName, Language: "en"})
		conflicts(a, "a copy of what is revoked", err, "certificates.copy.not_standing")
	})
}

func TestTwoDirectorsDecidingAtOnceMakeOneCertificate(t *testing.T) {
	race(t, func(a *certtest.Academy) {
		class := a.Class(people.Outreach, a.Person(people.Outreach, "Tasha Reyes", people.Trainee))
		directors := []people.Viewer{}
		for _, name := range []string{"Dora Lake", "Olu West", "Ann Moss", "Bo Reed"} {
			directors = append(directors, a.Person(people.Outreach, name, people.Director))
		}
		decided := 0
		for _, err := range atOnce(len(directors), func(i int) error {
			_, err := a.Certificates.Graduate(a.Context(), directors[i], class.Enrolments[0])
			return err
		}) {
			if err == nil {
				decided++
				continue
			}
			conflicts(a, "the second", err, "certificates.decide.already")
		}
		if n := count(a, `SELECT COUNT(*) FROM certificates`); decided != 1 || n != 1 {
			a.Errorf("%d decided, %d certificates", decided, n)
		}
	})
}

func TestANameThatCannotBeDrawnIsToldAtTheDecision(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		director := a.Person(people.Outreach, "Dora Lake", people.Director)
		mei := a.Person(people.Outreach, "梅 Chen", people.Trainee)
		class := a.Class(people.Outreach, mei)
		_, err := a.Certificates.Graduate(ctx, director, class.Enrolments[0])
		invalid(a, "her name", err, "name", "certificates.name.no_letter")
		a.Exec(`UPDATE persons SET chosen_name = 'Mei' WHERE id = ?`, mei.Person())
		_, err = a.Certificates.Graduate(ctx, a.Person(people.Outreach, "王 Lake", people.Director), class.Enrolments[0])
		invalid(a, "the director's name", err, "signatory", "certificates.decide.signatory")
		_, err = a.Certificates.Graduate(ctx, director, class.Enrolments[0])
		a.Ok(err)
	})
}

func TestCandidatesOfACohortCostTheSameWhateverItsSize(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		director := a.Person(people.Outreach, "Dora Lake", people.Director)
		var trainees []people.Viewer
		for _, name := range []string{"Ann Moss", "Bo Reed", "Cy Dunn", "Di Lane"} {
			trainees = append(trainees, a.Person(people.Outreach, name, people.Trainee))
		}
		small, large := a.Class(people.Outreach, trainees[0]), a.Class(people.Outreach, trainees[1:]...)
		a.Graduate(large.Enrolments[0], people.Outreach)
		counts := []int{}
		for _, class := range []certtest.Class{small, large} {
			ctx, queries := countQueries(a)
			list, _, err := a.Certificates.Candidates(ctx, director, class.Cohort, "")
			a.Ok(err)
			if len(list) != len(class.Enrolments) {
				a.Errorf("%d candidates, want %d", len(list), len(class.Enrolments))
			}
			for i, c := range list {
				issued := class.Cohort == large.Cohort && i == 0
				if !c.Met() || c.Ready() == issued || (c.Certificate != "") != issued || !c.Fair || c.Title("circle", "es") != "Guiar un círculo" {
					a.Errorf("%+v", c)
				}
			}
			counts = append(counts, queries())
		}
		if counts[0] != 6 || counts[1] != 6 {
			a.Errorf("queries %v", counts)
		}
	})
}

// faultIn is the key of what is wrong with a field.
func faultIn(err error, field string) (string, bool) {
	said, ok := fault.In(err, field)
	return said.Key, ok
}
