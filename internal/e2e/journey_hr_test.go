package e2e

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// received is a certificate as it lies on an employer's desk.
type received struct {
	number, share string
	file          []byte
}

func (r received) code() string { return r.number + "-" + r.share }

// receives gives the first copy of the certificates of the demo with a standing.
func (s staff) receives(standing string) received {
	s.t.Helper()
	var id, person string
	until := "(valid_until IS NULL OR valid_until > ?)"
	if standing == "expired" { // a day that has passed, not a decision
		standing, until = "valid", "valid_until <= ?"
	}
	s.ok(s.a.DB.NewRaw("SELECT id, person_id FROM certificates WHERE standing = ? AND sector = ? AND "+until+" ORDER BY id LIMIT 1", standing, s.sector, s.a.Now()).Scan(s.ctx(), &id, &person))
	v := people.Seen(people.PersonID(person), s.sector, []people.Role{people.Trainee}, nil)
	certificate, err := s.a.Certificates.Own(s.ctx(), v, certificates.CertificateID(id))
	s.ok(err)
	copies, err := s.a.Certificates.Copies(s.ctx(), v, certificate.ID)
	s.ok(err)
	file, err := s.a.Certificates.File(s.ctx(), v, copies[0].ID)
	s.ok(err)
	return received{string(certificate.Number), string(copies[0].Share), file}
}

func TestHRChecksCertificatesAndSeesOwnStaff(t *testing.T) {
	a := openAcademy(t)
	s := staff{t, a, people.Outreach}
	good, revoked, expired := s.receives("valid"), s.receives("revoked"), s.receives("expired")
	b := openTab(t, a.Config.BaseURL, phone)
	b.checksByNumber(good)
	b.checksByAddress(good)
	b.checksByFile(good)
	b.checksAltered(good)
	b.checksRevoked(revoked)
	b.checksExpired(expired)
	b.seesOwnStaff(s)
}

// told holds that the page tells a verdict with its named steps and the time of the check.
func (b *tab) told(verdict string) {
	b.t.Helper()
	b.says(verdict, "What we checked", "Checked ")
	if steps := b.js(`return String(document.querySelectorAll("main .checklist li").length)`); steps == "0" {
		b.t.Errorf("%s names no step", verdict)
	}
	if b.js(`return document.querySelector("main .verdict time[datetime]") ? "yes" : "no"`) != "yes" {
		b.t.Errorf("%s has no time", verdict)
	}
}

// checksByNumber types number and share code as people do: without dashes, in small
// letters, with spaces; a slip is told.
func (b *tab) checksByNumber(r received) {
	b.t.Helper()
	b.open("/")
	b.press(`a[href="/verify"]`)
	b.fill("number", r.number[:len(r.number)-1])
	b.fill("share", r.share)
	b.refused(`main form[aria-label="With the number"] button`, 422)
	b.says("A number looks like")
	b.fill("number", "  "+strings.ToLower(strings.ReplaceAll(r.number, "-", " "))+" ")
	b.fill("share", strings.ToLower(r.share[:4]+" "+r.share[4:]))
	b.press(`main form[aria-label="With the number"] button`)
	b.told("Valid")
	b.says("This certificate is genuine and current", "Professional Understanding Training", r.number)
	b.press(`main button[value="page"]`)
	b.says("Valid", r.number)
}

// checksByAddress opens what the QR code carries, in both cases.
func (b *tab) checksByAddress(r received) {
	b.t.Helper()
	for _, code := range []string{r.code(), strings.ToLower(r.code())} {
		b.open("/c/" + code)
		b.told("Valid")
	}
	b.open("/C/" + strings.ToUpper(r.code()))
	b.told("Valid")
}

func (b *tab) sends(name string, file []byte) {
	b.t.Helper()
	b.open("/verify")
	b.upload("file", name, file)
	b.press(`main form[aria-label="With the file"] button`)
	b.lookAgain()
}

func (b *tab) checksByFile(r received) {
	b.t.Helper()
	b.sends("certificate.pdf", r.file)
	b.told("Valid")
	b.says("byte for byte")
}

// checksAltered changes one byte of the page, then one of the signed data: neither is
// ever valid, and of what was signed falsely nothing is shown.
func (b *tab) checksAltered(r received) {
	b.t.Helper()
	page := bytes.Clone(r.file)
	at := bytes.LastIndex(page, []byte("%%EOF"))
	if at < 0 {
		b.t.Fatal("no end of the file")
	}
	page[at-2]++
	if got := verifyFile(b.t, b.base, page); got.Verdict == "valid" {
		b.t.Errorf("a page with another byte is %q", got.Verdict)
	}
	plain := b.unpacked(r.file)
	data := bytes.Replace(plain, []byte(`"creditsEarned":25`), []byte(`"creditsEarned":52`), 1)
	if bytes.Equal(data, plain) {
		b.t.Fatal("the signed data lies nowhere in the file")
	}
	b.sends("certificate.pdf", data)
	if got := verifyFile(b.t, b.base, data); got.Verdict != "tampered" || got.Credential != nil {
		b.t.Errorf("changed data is %q", got.Verdict)
	}
	b.told("Changed")
	b.says("We show none of it")
	b.saysNot(r.number, "Professional Understanding Training")
}

// unpacked is a PDF as a forger opens it: every stream readable.
func (b *tab) unpacked(file []byte) []byte {
	b.t.Helper()
	from, to := filepath.Join(b.t.TempDir(), "copy.pdf"), filepath.Join(b.t.TempDir(), "plain.pdf")
	if err := os.WriteFile(from, file, 0o600); err != nil {
		b.t.Fatal(err)
	}
	if out, err := exec.Command("qpdf", "--stream-data=uncompress", from, to).CombinedOutput(); err != nil {
		b.t.Fatalf("qpdf: %v: %s", err, out)
	}
	plain, err := os.ReadFile(to)
	if err != nil {
		b.t.Fatal(err)
	}
	return plain
}

// checksExpired holds that a day that has passed is told as that, by number and by file.
func (b *tab) checksExpired(r received) {
	b.t.Helper()
	b.open("/c/" + r.code())
	b.told("Expired")
	b.says("It was valid until", "whether they have renewed it")
	b.sends("certificate.pdf", r.file)
	b.told("Expired")
}

func (b *tab) checksRevoked(r received) {
	b.t.Helper()
	b.open("/c/" + r.code())
	b.told("Revoked")
	b.saysNot("issued in error", "by mistake")
	b.sends("certificate.pdf", r.file)
	b.told("Revoked")
}

// seesOwnStaff holds the list of partner HR against who said yes, and keeps it as a table.
func (b *tab) seesOwnStaff(s staff) {
	b.t.Helper()
	b.signIn("hr@demo.test")
	b.press(`nav.places a[href="/staff"]`)
	b.says("Your staff")
	var yes int
	s.ok(s.a.DB.NewRaw(`SELECT COUNT(*) FROM consents JOIN grants ON grants.organisation_id = consents.organisation_id
		JOIN enrolments ON enrolments.id = consents.enrolment_id
		WHERE grants.person_id = ? AND grants.role = 'partner_hr' AND consents.shares AND consents.ended_at IS NULL AND enrolments.state <> 'withdrawn'`,
		s.person("hr")).Scan(s.ctx(), &yes))
	if rows := b.js(`return String(document.querySelectorAll("main tbody tr").length)`); yes == 0 || rows != strconv.Itoa(yes) {
		b.t.Errorf("%s rows for %d people who said yes", rows, yes)
	}
	name, data := b.download(`main a[download]`)
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	if name != "list.csv" || err != nil || len(rows) != yes+1 {
		b.t.Errorf("%s holds %d rows for %d people: %v", name, len(rows), yes, err)
	}
	b.open("/search")
	b.fill("q", "Whitfield")
	b.press(`main form[action="/search"] button`)
	b.saysNot("Outreach Cohort")
}
