package certificates_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jung-kurt/gofpdf"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/certtest"
	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// held is what a holder has in their hands, to be changed before it is checked.
type held struct {
	*certtest.Academy
	holder     people.Viewer
	made       certificates.Certificate
	copy       certificates.Copy
	file, json []byte
}

func plainPDF(a *certtest.Academy) []byte {
	a.Helper()
	pdf := gofpdf.New("P", "mm", "A4", "")
	pdf.AddPage()
	var out bytes.Buffer
	a.Ok(pdf.Output(&out))
	return out.Bytes()
}

func TestEveryVerdictOnARealFile(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		director := a.Person(people.Outreach, "Dora Lake", people.Director)
		for _, row := range []struct {
			want  credential.Verdict
			shown bool // what is signed may be told
			noted bool // the holder sees the check
			do    func(h *held) []byte
		}{
			{credential.Valid, true, true, func(h *held) []byte { return h.file }},
			{credential.Valid, true, true, func(h *held) []byte { return h.json }},
			{credential.ValidFileAltered, true, true, func(h *held) []byte { return append(h.file, "\n% more\n"...) }},
			{credential.Expired, true, true, func(h *held) []byte { h.Turn("2028-12-02 00:00"); return h.file }},
			{credential.Valid, true, true, func(h *held) []byte { h.Turn("2028-12-01 23:59"); return h.file }},
			{credential.NotYetValid, true, true, func(h *held) []byte { h.Turn("2026-12-01 11:59"); return h.file }},
			{credential.Revoked, true, true, func(h *held) []byte {
				h.Ok(h.Certificates.Revoke(ctx, director, h.made.ID, "issued_in_error"))
				return h.file
			}},
			{credential.Superseded, true, true, func(h *held) []byte {
				h.Exec(`UPDATE certificates SET standing = 'superseded' WHERE id = ?`, h.made.ID)
				return h.file
			}},
			{credential.OnHold, true, true, func(h *held) []byte {
				h.Ok(h.Certificates.Hold(ctx, director, h.made.ID, "under_review"))
				return h.file
			}},
			{credential.NotShared, false, true, func(h *held) []byte {
				h.Ok(h.Certificates.EndCopy(ctx, h.holder, h.copy.ID))
				return h.file
			}},
			{credential.Revoked, true, true, func(h *held) []byte { // told to whoever holds the file, shared or not
				h.Ok(h.Certificates.EndCopy(ctx, h.holder, h.copy.ID))
				h.Ok(h.Certificates.Revoke(ctx, director, h.made.ID, "issued_in_error"))
				return h.file
			}},
			{credential.Tampered, false, false, func(h *held) []byte { return bytes.Replace(h.json, []byte("Tasha"), []byte("Sasha"), 1) }},
			{credential.Tampered, false, false, func(h *held) []byte {
				return bytes.Replace(h.json, []byte(`"type":`), []byte(`"alsoKnownAs":"Dr. Reyes","type":`), 1)
			}},
			{credential.NotOurs, false, false, func(h *held) []byte {
				other := certtest.New(a.T, dbtest.Open(a.T, "sqlite", certtest.Migrations...), func(i *certificates.Issuer) { i.BaseURL = "https://elsewhere.example" })
				v, _, copy := other.Graduates(people.Outreach, "Tasha Reyes")
				return other.File(v, copy.ID)
			}},
			{credential.NotOurs, false, false, func(h *held) []byte { // our address, another's key
				other := certtest.New(a.T, dbtest.Open(a.T, "sqlite", certtest.Migrations...))
				v, _, copy := other.Graduates(people.Outreach, "Tasha Reyes")
				return other.File(v, copy.ID)
			}},
			{credential.Unknown, false, true, func(h *held) []byte {
				h.Exec(`UPDATE certificates SET number = ? WHERE id = ?`, "MPA-gone-"+string(h.made.ID), h.made.ID)
				return h.file
			}},
			{credential.NoCredential, false, false, func(h *held) []byte { return plainPDF(h.Academy) }},
			{credential.NoCredential, false, false, func(*held) []byte { return []byte(`{"name":"A diploma"}`) }},
			{credential.Unreadable, false, false, func(*held) []byte { return []byte("A letter of recommendation") }},
			{credential.Unreadable, false, false, func(*held) []byte { return nil }},
			{credential.Unreadable, false, false, func(*held) []byte { return bytes.Repeat([]byte("{ "), 3<<20) }},
		} {
			a.Turn("2026-12-01 12:00")
			h := &held{Academy: a}
			h.holder, h.made, h.copy = a.Graduates(people.Outreach, "Tasha Reyes")
			h.file = a.File(h.holder, h.copy.ID)
			var err error
			h.json, err = a.Certificates.Credential(ctx, h.holder, h.copy.ID, "")
			a.Ok(err)
			result, err := a.Certificates.CheckFile(ctx, row.do(h), certificates.ByFile)
			a.Ok(err)
			if result.Verdict != row.want || (result.Claims != nil) != row.shown || len(result.Checks) != len(credential.Steps) || !result.CheckedAt.Equal(a.Now()) {
				a.Errorf("%s: %+v", row.want, result)
			}
			if (result.Signed != nil) != row.shown {
				a.Errorf("%s gives %d bytes", row.want, len(result.Signed))
			}
			if result.Claims != nil && (result.Claims.Name != "Tasha Reyes" || result.Claims.Number != string(h.made.Number)) {
				a.Errorf("%s shows %+v", row.want, result.Claims)
			}
			noted, _, err := a.Certificates.Checks(ctx, h.holder, h.made.ID, "")
			a.Ok(err)
			if (len(noted) == 1) != row.noted || (row.noted && (noted[0].Verdict != string(row.want) || noted[0].How != certificates.ByFile)) {
				a.Errorf("%s: the holder sees %+v", row.want, noted)
			}
		}
	})
}

func TestNumberAndCodeAnswerLikeTheFile(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		director := a.Person(people.Outreach, "Dora Lake", people.Director)
		_, made, copy := a.Graduates(people.Outreach, "Tasha Reyes")
		check := func(want credential.Verdict) {
			a.Helper()
			result, err := a.Certificates.CheckNumber(ctx, number.Copy{Number: made.Number, Share: copy.Share}, certificates.ByCode)
			a.Ok(err)
			if result.Verdict != want || result.Claims == nil || result.Claims.Name != "Tasha Reyes" {
				a.Errorf("%+v, want %s", result, want)
			}
		}
		check(credential.Valid)
		a.Ok(a.Certificates.Hold(ctx, director, made.ID, "under_review"))
		check(credential.OnHold)
		a.Ok(a.Certificates.Release(ctx, director, made.ID, "settled"))
		a.Turn("2028-12-02 00:00")
		check(credential.Expired)
		a.Turn("2026-12-02 00:00")
		a.Ok(a.Certificates.Revoke(ctx, director, made.ID, "misuse"))
		check(credential.Revoked)
	})
}

// What isn't found, what its holder has ended and a code of another copy must not be
// told apart, by what is said or by what it costs.
func TestWhatAnswersNothingAnswersItAlike(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		tasha, made, copy := a.Graduates(people.Outreach, "Tasha Reyes")
		_, hers, other := a.Graduates(people.LawEnforcement, "Ann Moss")
		a.Ok(a.Certificates.EndCopy(a.Context(), tasha, copy.ID))
		never, err := number.New(bytes.NewReader(bytes.Repeat([]byte{7}, 32)))
		a.Ok(err)
		var answers []certificates.Answer
		for name, c := range map[string]number.Copy{
			"an ended copy":      {Number: made.Number, Share: copy.Share},
			"another's code":     {Number: made.Number, Share: other.Share},
			"a wrong code":       {Number: hers.Number, Share: "00000000"},
			"an unknown number":  {Number: never, Share: other.Share},
			"nothing in it true": {Number: never, Share: "00000000"},
		} {
			ctx, queries := countQueries(a)
			result, err := a.Certificates.CheckNumber(ctx, c, certificates.ByNumber)
			a.Ok(err)
			if result.Verdict != credential.Unknown || result.Claims != nil || queries() != 2 {
				a.Errorf("%s: %s in %d queries", name, result.Verdict, queries())
			}
			answers = append(answers, result)
		}
		for _, answer := range answers[1:] {
			if !reflect.DeepEqual(answer, answers[0]) {
				a.Errorf("%+v differs from %+v", answer, answers[0])
			}
		}
		if n := count(a, `SELECT COUNT(*) FROM checks`); n != 0 {
			a.Errorf("%d checks were noted", n)
		}
	})
}

func TestWhatIsTypedIsReadWithForgiveness(t *testing.T) {
	good, err := number.New(bytes.NewReader(bytes.Repeat([]byte{7, 1, 30}, 11)))
	if err != nil {
		t.Fatal(err)
	}
	n := string(good)
	wrong := n[:len(n)-1] + map[bool]string{true: "8", false: "7"}[strings.HasSuffix(n, "7")]
	for _, row := range []struct {
		number, share, field, key string
	}{
		{n, "0A1B2C3D", "", ""},
		{strings.ToLower(strings.ReplaceAll(n, "-", " ")), " oa1b-2c3d ", "", ""},
		{strings.TrimPrefix(n, "MPA-"), "OAIB2C3D", "", ""},
		{wrong, "0A1B2C3D", "number", "certificates.verify.number_slip"},
		{"Tasha Reyes", "0A1B2C3D", "number", "certificates.verify.number_form"},
		{n, "0A1B", "share", "certificates.verify.share_form"},
	} {
		c, err := certificates.ReadTyped(row.number, row.share)
		if row.key == "" && (err != nil || c.Number != good || c.Share != "0A1B2C3D") {
			t.Errorf("%q, %q: %v, %v", row.number, row.share, c, err)
		}
		if row.key != "" {
			if said, ok := faultIn(err, row.field); !ok || said != row.key {
				t.Errorf("%q, %q: %v", row.number, row.share, err)
			}
		}
	}
	if c, err := certificates.ReadCode(strings.ToLower(n + "-0A1B2C3D")); err != nil || c.Number != good {
		t.Errorf("%v, %v", c, err)
	}
	if _, err := certificates.ReadCode(wrong + "-0A1B2C3D"); err == nil {
		t.Error("a slip was not told")
	}
}

func TestASnapshotTellsRevokedWithoutTheDatabase(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		director := a.Person(people.Outreach, "Dora Lake", people.Director)
		tasha, made, copy := a.Graduates(people.Outreach, "Tasha Reyes")
		file := a.File(tasha, copy.ID)
		offline := func(later time.Duration) credential.Result {
			a.Helper()
			trust, err := a.Certificates.Snapshot(ctx)
			a.Ok(err)
			result, err := certificates.CheckOffline(file, trust, a.Now().Add(later))
			a.Ok(err)
			return result
		}
		if r := offline(time.Hour); r.Verdict != credential.Valid || !r.Offline || r.Stale {
			a.Errorf("%+v", r)
		}
		if r := offline(8 * 24 * time.Hour); !r.Stale {
			a.Errorf("%+v", r)
		}
		a.Ok(a.Certificates.Hold(ctx, director, made.ID, "under_review"))
		a.Work()
		if r := offline(time.Hour); r.Verdict != credential.Valid {
			a.Errorf("a hold is seen online only: %+v", r)
		}
		a.Ok(a.Certificates.Revoke(ctx, director, made.ID, "misuse"))
		a.Turn("2026-12-01 12:01")
		a.Work()
		if r := offline(time.Hour); r.Verdict != credential.Revoked {
			a.Errorf("%+v", r)
		}
		if _, err := a.Certificates.StatusList(ctx, 2); err == nil {
			a.Error("there is a second list")
		}
	})
}

// Two certificates of one class must not tell that they are: they share nothing beyond
// course, edition, dates, hours, signatory, issuer and contexts.
func TestTwoCertificatesOfOneClassShareNothingElse(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		ann, bo := a.Person(people.Outreach, "Ann Moss", people.Trainee), a.Person(people.Outreach, "Bo Reed", people.Trainee)
		class := a.Class(people.Outreach, ann, bo)
		var docs []map[string]any
		for i, v := range []people.Viewer{ann, bo} {
			made := a.Graduate(class.Enrolments[i], people.Outreach)
			copies, err := a.Certificates.Copies(ctx, v, made.ID)
			a.Ok(err)
			raw, err := a.Certificates.Credential(ctx, v, copies[0].ID, "")
			a.Ok(err)
			var doc map[string]any
			a.Ok(json.Unmarshal(raw, &doc))
			docs = append(docs, doc)
			a.Turn("2026-12-01 12:07")
		}
		subject := func(i int) map[string]any { return docs[i]["credentialSubject"].(map[string]any) }
		for _, key := range []string{"id", "evidence", "credentialStatus", "validFrom", "proof"} {
			if reflect.DeepEqual(docs[0][key], docs[1][key]) {
				a.Errorf("%s is the same", key)
			}
		}
		if reflect.DeepEqual(subject(0)["identifier"], subject(1)["identifier"]) {
			a.Error("identifier is the same")
		}
		raw, err := json.Marshal(docs[0])
		a.Ok(err)
		for _, secret := range []string{string(class.Cohort), string(class.Enrolments[0]), string(ann.Person()), "outreach", "T07"} {
			if bytes.Contains(raw, []byte(secret)) {
				a.Errorf("the credential holds %q", secret)
			}
		}
	})
}

func TestKeysAreMadeOnceByManyProcesses(t *testing.T) {
	race(t, func(a *certtest.Academy) {
		a.Exec(`DELETE FROM status_lists`)
		a.Exec(`DELETE FROM issuing_keys`)
		for _, err := range atOnce(6, func(int) error { return a.Certificates.EnsureKeys(a.Context()) }) {
			a.Ok(err)
		}
		if n := count(a, `SELECT COUNT(*) FROM issuing_keys`); n != 1 {
			a.Errorf("%d keys", n)
		}
		a.Graduates(people.Outreach, "Tasha Reyes")
	})
}

func TestPagesAreSignedWhereTheAcademyWantsIt(t *testing.T) {
	each(t, func(a *certtest.Academy) {
		ctx := a.Context()
		if _, err := a.Certificates.PageAuthority(ctx); err == nil {
			a.Error("an authority without signing")
		}
		signing := certtest.New(a.T, dbtest.Open(a.T, "sqlite", certtest.Migrations...), func(i *certificates.Issuer) { i.SignPages, i.Sample = true, true })
		v, _, copy := signing.Graduates(people.Outreach, "Tasha Reyes")
		file := signing.File(v, copy.ID)
		if !bytes.Contains(file, []byte("/SubFilter /ETSI.CAdES.detached")) {
			a.Error("the page is not signed")
		}
		if _, err := signing.Certificates.PageAuthority(ctx); err != nil {
			a.Error(err)
		}
		result, err := signing.Certificates.CheckFile(ctx, file, certificates.ByFile)
		a.Ok(err)
		if result.Verdict != credential.Valid || !result.Claims.Sample {
			a.Errorf("%+v", result)
		}
	})
}
