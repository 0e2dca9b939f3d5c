package certificates_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/certtest"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func countQueries(a *certtest.Academy) (context.Context, func() int) {
	ctx, n := database.CountQueries(a.Context())
	return ctx, n.Queries
}

func copyFor(id certificates.CertificateID, label string) certificates.NewCopy {
	return certificates.NewCopy{Certificate: id, Label: label, Name: certificates.ChosenName, Language: "en"}
}

func TestACopyIsTheHoldersAlone(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		_, made, copy := a.Graduates(people.Outreach, "Tasha Reyes")
		for name, v := range map[string]people.Viewer{
			"a director":      a.Person(people.Outreach, "Dora Lake", people.Director),
			"another trainee": a.Person(people.Outreach, "Ann Moss", people.Trainee),
			"an officer":      a.Person(people.LawEnforcement, "Don Park", people.Trainee),
			"nobody":          people.Nobody,
		} {
			_, err := a.Certificates.Copies(ctx, v, made.ID)
			wants(a, name+" lists", err, fault.NotFound)
			_, err = a.Certificates.MakeCopy(ctx, v, copyFor(made.ID, "Mine"))
			wants(a, name+" makes", err, fault.NotFound)
			wants(a, name+" ends", a.Certificates.EndCopy(ctx, v, copy.ID), fault.NotFound)
			_, err = a.Certificates.File(ctx, v, copy.ID)
			wants(a, name+" downloads", err, fault.NotFound)
			_, err = a.Certificates.Credential(ctx, v, copy.ID, "")
			wants(a, name+" reads", err, fault.NotFound)
			list, _, err := a.Certificates.Checks(ctx, v, made.ID, "")
			a.Ok(err)
			mine, err := a.Certificates.MyCopies(ctx, v)
			a.Ok(err)
			if len(list)+len(mine) > 0 {
				a.Errorf("%s sees checks or copies", name)
			}
		}
	})
}

func TestEndingACopyTouchesNoOther(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		tasha, made, own := a.Graduates(people.Outreach, "Tasha Reyes")
		job, err := a.Certificates.MakeCopy(ctx, tasha, copyFor(made.ID, "Job at the clinic"))
		a.Ok(err)
		a.Work()
		a.Ok(a.Certificates.EndCopy(ctx, tasha, job.ID))
		conflicts(a, "ending it again", a.Certificates.EndCopy(ctx, tasha, job.ID), "certificates.copy.ended_already")
		copies, err := a.Certificates.Copies(ctx, tasha, made.ID)
		a.Ok(err)
		for _, c := range copies {
			if c.Live(a.Now()) != (c.ID == own.ID) {
				a.Errorf("copy %q live: %v", c.Label, c.Live(a.Now()))
			}
		}
		if own.Share == job.Share || own.StatusIndex == job.StatusIndex || own.ID == job.ID {
			a.Error("two copies share a code, an id or an index")
		}
		if bytes.Equal(a.File(tasha, own.ID), a.File(tasha, job.ID)) {
			a.Error("two copies are one file")
		}
		_, err = a.Certificates.Credential(ctx, people.Nobody, own.ID, own.Share)
		a.Ok(err)
		_, err = a.Certificates.Credential(ctx, people.Nobody, job.ID, job.Share)
		wants(a, "the ended one by its code", err, fault.NotFound)
		_, err = a.Certificates.Credential(ctx, people.Nobody, own.ID, job.Share)
		wants(a, "by another's code", err, fault.NotFound)
		_, err = a.Certificates.Credential(ctx, tasha, job.ID, "")
		a.Ok(err)
	})
}

func TestAFormSentTwiceMakesOneCopy(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		tasha, made, _ := a.Graduates(people.Outreach, "Tasha Reyes")
		ann, hers, _ := a.Graduates(people.Outreach, "Ann Moss")
		n := copyFor(made.ID, "Job")
		n.Line = "line-1"
		first, err := a.Certificates.MakeCopy(ctx, tasha, n)
		a.Ok(err)
		again, err := a.Certificates.MakeCopy(ctx, tasha, n)
		a.Ok(err)
		if first.ID != again.ID || first.Share != again.Share {
			a.Error("two copies were made")
		}
		n.Certificate = hers.ID // somebody else's form may have the same id
		other, err := a.Certificates.MakeCopy(ctx, ann, n)
		a.Ok(err)
		if other.CertificateID != hers.ID {
			a.Errorf("copy of %s", other.CertificateID)
		}
	})
}

func TestACopyEndsWithItsLastDayInTheAcademysZone(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		tasha, made, _ := a.Graduates(people.Outreach, "Tasha Reyes")
		n := copyFor(made.ID, "Job")
		n.EndsOn = "2026-11-30"
		_, err := a.Certificates.MakeCopy(ctx, tasha, n)
		invalid(a, "yesterday", err, "ends_on", "certificates.copy.day_past")
		n.EndsOn = "12/24"
		_, err = a.Certificates.MakeCopy(ctx, tasha, n)
		invalid(a, "no day", err, "ends_on", "certificates.copy.day_form")
		n.EndsOn = "2026-12-01"
		copy, err := a.Certificates.MakeCopy(ctx, tasha, n)
		a.Ok(err)
		a.Work()
		for moment, want := range map[string]string{"2026-12-01 23:59": "valid", "2026-12-02 00:00": "unknown"} {
			a.Turn(moment)
			result, err := a.Certificates.CheckNumber(ctx, number.Copy{Number: made.Number, Share: copy.Share}, certificates.ByNumber)
			a.Ok(err)
			if string(result.Verdict) != want {
				a.Errorf("at %s: %s", moment, result.Verdict)
			}
		}
	})
}

func TestACopyAsksForWhatItNeeds(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		tasha, made, _ := a.Graduates(people.Outreach, "Tasha Reyes")
		_, err := a.Certificates.MakeCopy(ctx, tasha, certificates.NewCopy{Certificate: made.ID, Label: " ", Name: "nick", Language: "fr"})
		for field, key := range map[string]string{"label": "certificates.copy.label_needed", "name": "certificates.copy.name_choose", "language": "certificates.copy.language_choose"} {
			invalid(a, field, err, field, key)
		}
		n := copyFor(made.ID, "Court")
		n.Name = certificates.LegalName
		_, err = a.Certificates.MakeCopy(ctx, tasha, n)
		invalid(a, "no legal name", err, "name", "certificates.copy.no_legal_name")
		a.Ok(a.People.SetLegalName(ctx, tasha, "Natasha Maria Reyes 🕊"))
		_, err = a.Certificates.MakeCopy(ctx, tasha, n)
		invalid(a, "a dove", err, "name", "certificates.name.no_letter")
		a.Ok(a.People.SetLegalName(ctx, tasha, "Natasha María Reyes"))
		copy, err := a.Certificates.MakeCopy(ctx, tasha, n)
		a.Ok(err)
		a.Work()
		result, err := a.Certificates.CheckFile(ctx, a.File(tasha, copy.ID), certificates.ByFile)
		a.Ok(err)
		if result.Claims == nil || result.Claims.Name != "Natasha María Reyes" {
			a.Errorf("%+v", result)
		}
	})
}

func TestCopiesHaveALimit(t *testing.T) {
	race(t, func(a *certtest.Academy) {
		tasha, made, _ := a.Graduates(people.Outreach, "Tasha Reyes")
		for i := range certificates.MaxCopies - 3 {
			_, err := a.Certificates.MakeCopy(a.Context(), tasha, copyFor(made.ID, fmt.Sprint("Job ", i)))
			a.Ok(err)
		}
		for _, err := range atOnce(6, func(i int) error {
			_, err := a.Certificates.MakeCopy(a.Context(), tasha, copyFor(made.ID, fmt.Sprint("Late ", i)))
			return err
		}) {
			if err != nil {
				conflicts(a, "one too many", err, "certificates.copy.too_many")
			}
		}
		if n := count(a, `SELECT COUNT(*) FROM copies`); n != certificates.MaxCopies {
			a.Errorf("%d copies", n)
		}
	})
}

func TestMakingAndEndingCopiesAtOnceLosesNothing(t *testing.T) {
	race(t, func(a *certtest.Academy) {
		ctx := a.Context()
		tasha, made, own := a.Graduates(people.Outreach, "Tasha Reyes")
		ended, twice := 0, copyFor(made.ID, "Twice")
		twice.Line = "twice"
		for i, err := range atOnce(12, func(i int) error {
			switch i % 3 {
			case 0:
				return a.Certificates.EndCopy(ctx, tasha, own.ID)
			case 1:
				_, err := a.Certificates.MakeCopy(ctx, tasha, twice)
				return err
			}
			_, err := a.Certificates.MakeCopy(ctx, tasha, copyFor(made.ID, fmt.Sprint("Job ", i)))
			return err
		}) {
			if i%3 == 0 && err == nil {
				ended++
			} else if i%3 == 0 {
				conflicts(a, "ended before", err, "certificates.copy.ended_already")
			} else {
				a.Ok(err)
			}
		}
		if n := count(a, `SELECT COUNT(*) FROM copies WHERE ended_at IS NULL`); ended != 1 || n != 5 {
			a.Errorf("%d ended, %d live", ended, n)
		}
	})
}

func TestTwoProcessesDrawACopyOnce(t *testing.T) {
	race(t, func(a *certtest.Academy) {
		ctx := a.Context()
		tasha, made, own := a.Graduates(people.Outreach, "Tasha Reyes")
		before := a.File(tasha, own.ID)
		var ids []certificates.CopyID
		for i := range 3 {
			c, err := a.Certificates.MakeCopy(ctx, tasha, copyFor(made.ID, fmt.Sprint("Job ", i)))
			a.Ok(err)
			ids = append(ids, c.ID)
		}
		for _, err := range atOnce(9, func(i int) error { return a.Certificates.Draw(ctx, people.System(people.Outreach), ids[i%3]) }) {
			a.Ok(err)
		}
		a.Ok(a.Certificates.Draw(ctx, people.System(people.Outreach), own.ID))
		wants(a, "another sector's job", a.Certificates.Draw(ctx, people.System(people.LawEnforcement), own.ID), fault.NotFound)
		lines, head, err := a.Certificates.CheckLog(ctx)
		a.Ok(err)
		if lines != 4 || len(head) != 64 {
			a.Errorf("%d lines, head %q", lines, head)
		}
		if !bytes.Equal(before, a.File(tasha, own.ID)) {
			a.Error("a drawn copy was drawn again")
		}
		for _, id := range ids {
			result, err := a.Certificates.CheckFile(ctx, a.File(tasha, id), certificates.ByFile)
			a.Ok(err)
			if result.Verdict != "valid" {
				a.Errorf("%+v", result)
			}
		}
	})
}

func TestABrokenIssuanceLogIsFound(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		for _, name := range []string{"Ann Moss", "Bo Reed", "Cy Dunn"} {
			a.Graduates(people.Outreach, name)
		}
		lines, _, err := a.Certificates.CheckLog(a.Context())
		a.Ok(err)
		if lines != 3 {
			a.Fatalf("%d lines", lines)
		}
		sum := func(position int) (s string) {
			a.Ok(a.DB.NewRaw(`SELECT credential_sha FROM issuance_log WHERE position = ?`, position).Scan(a.Context(), &s))
			return s
		}
		was := sum(2)
		a.Exec(`UPDATE issuance_log SET credential_sha = 'another' WHERE position = 2`)
		if _, _, err := a.Certificates.CheckLog(a.Context()); err == nil {
			a.Error("a changed line was not found")
		}
		a.Exec(`UPDATE issuance_log SET credential_sha = ? WHERE position = 2`, was)
		a.Exec(`DELETE FROM issuance_log WHERE position = 3`)
		if _, _, err := a.Certificates.CheckLog(a.Context()); err == nil {
			a.Error("a line taken from the end was not found")
		}
	})
}
