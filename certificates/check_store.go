package certificates

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/certificates/document"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// CheckNumber answers who has a number and a share code: one look-up by one key, which
// costs the same whether or not it finds anything. What isn't found, and a copy that its
// holder has ended, answer unknown alike. There is no search by name, ever (rule 9).
func (s Store) CheckNumber(ctx context.Context, c number.Copy, how How) (Answer, error) {
	trust, err := s.Trust(ctx)
	if err != nil {
		return Answer{}, err
	}
	found, is, err := s.issuedCopy(ctx, "copy.share_mac = ?", s.shareMAC(c))
	if err != nil {
		return Answer{}, err
	}
	if !is || !found.Live(s.now()) || found.Copy.Credential == nil {
		return Answer{Result: unknown(s.now())}, nil
	}
	look := func(c credential.Claims, sum [32]byte) (credential.Facts, error) { return found.facts(c, sum, s.now()) }
	upload := document.Read([]byte(*found.Copy.Credential))
	result, err := credential.Verify(upload, trust, look, s.now())
	if err != nil {
		return Answer{}, err
	}
	return answer(result, upload.Credential), s.noteCheck(ctx, found.Copy, how, result)
}

// CheckFile answers who holds a file: a PDF or the bare credential, within the scanner's
// limits. Nothing of the upload is stored.
func (s Store) CheckFile(ctx context.Context, file []byte, how How) (Answer, error) {
	trust, err := s.Trust(ctx)
	if err != nil {
		return Answer{}, err
	}
	var found issuedCopy
	var is bool
	look := func(c credential.Claims, sum [32]byte) (credential.Facts, error) {
		if found, is, err = s.issuedCopy(ctx, "copy.id = ?", strings.TrimPrefix(c.ID, "urn:uuid:")); err != nil || !is {
			return credential.Facts{}, err
		}
		return found.facts(c, sum, s.now())
	}
	upload := document.Read(file)
	result, err := credential.Verify(upload, trust, look, s.now())
	if err != nil || !is || !passed(result, credential.StepSignature) {
		return answer(result, upload.Credential), err
	}
	return answer(result, upload.Credential), s.noteCheck(ctx, found.Copy, how, result)
}

// CheckOffline answers from a snapshot alone, without the database.
func CheckOffline(file []byte, trust credential.Trust, now time.Time) (credential.Result, error) {
	return credential.Verify(document.Read(file), trust, nil, now)
}

func passed(r credential.Result, step credential.Step) bool {
	for _, check := range r.Checks {
		if check.Step == step {
			return check.OK != nil && *check.OK
		}
	}
	return false
}

// unknown is the one answer for every number and code that answers nothing.
func unknown(now time.Time) credential.Result {
	r := credential.Result{Verdict: credential.Unknown, CheckedAt: now}
	for _, step := range credential.Steps {
		check := credential.Check{Step: step, Detail: credential.DetailNotReached}
		if step == credential.StepKnown {
			check = credential.Check{Step: step, OK: new(false)}
		}
		r.Checks = append(r.Checks, check)
	}
	return r
}

// issuedCopy is a copy with what only the database knows of its certificate.
type issuedCopy struct {
	Copy     `bun:",extend"`
	Number   number.Certificate  `bun:"number"`
	Standing credential.Standing `bun:"standing"`
	Since    time.Time           `bun:"standing_since"`
	Logged   bool                `bun:"logged"`
}

// issuedCopy finds one copy by a unique key: one query, whether or not there is one.
func (s Store) issuedCopy(ctx context.Context, which, key string) (row issuedCopy, is bool, err error) {
	err = s.db.NewSelect().TableExpr("copies AS copy").
		ColumnExpr("copy.*, certificate.number, certificate.standing, certificate.standing_since").
		ColumnExpr("CASE WHEN line.position IS NULL THEN FALSE ELSE TRUE END AS logged").
		Join("JOIN certificates AS certificate ON certificate.id = copy.certificate_id").
		Join("LEFT JOIN issuance_log AS line ON line.credential_sha = copy.credential_sha").
		Where(which, key).Scan(ctx, &row)
	if errors.Is(database.One(err), fault.NotFound) {
		return row, false, nil
	}
	return row, err == nil, err
}

func (c issuedCopy) facts(claims credential.Claims, sum [32]byte, now time.Time) (credential.Facts, error) {
	facts := credential.Facts{Known: string(c.Number) == claims.Number, Shared: c.Live(now), Standing: c.Standing, Since: c.Since,
		Logged: c.Logged && c.CredentialSHA != nil && *c.CredentialSHA == hex.EncodeToString(sum[:])}
	if c.FileSHA != nil {
		file, err := hex.DecodeString(*c.FileSHA)
		if err != nil {
			return credential.Facts{}, err
		}
		copy(facts.FileSHA256[:], file)
	}
	return facts, nil
}

func (s Store) noteCheck(ctx context.Context, c Copy, how How, result credential.Result) error {
	check := Check{ID: database.NewID(), CertificateID: c.CertificateID, CopyID: c.ID, How: how, Verdict: string(result.Verdict), At: s.now()}
	_, err := s.db.NewInsert().Model(&check).Exec(ctx)
	return err
}

// Checks gives the checks made of one's own certificate, newest first, a page after the
// last one seen, and the key of the next page.
func (s Store) Checks(ctx context.Context, v people.Viewer, id CertificateID, after string) (list []Check, next string, err error) {
	list = []Check{}
	q := s.db.NewSelect().Model(&list).ColumnExpr("?TableColumns").ColumnExpr("made.label").
		Join("JOIN certificates AS certificate ON certificate.id = ?TableAlias.certificate_id").
		Join("JOIN copies AS made ON made.id = ?TableAlias.copy_id").
		Where("?TableAlias.certificate_id = ?", id).Apply(heldBy(v)).OrderExpr("?TableAlias.id DESC").Limit(PageSize + 1)
	if after != "" {
		q = q.Where("?TableAlias.id < ?", after)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", err
	}
	if len(list) > PageSize {
		list = list[:PageSize]
		next = list[PageSize-1].ID
	}
	return list, next, nil
}
