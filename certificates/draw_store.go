package certificates

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/certificates/document"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// DrawJob signs the credential of a copy and draws its page, once.
const DrawJob = "certificates.draw"

// Jobs are the room's work after a commit and on the clock.
func (s Store) Jobs() []outbox.Job {
	return []outbox.Job{
		{Kind: DrawJob, Run: func(ctx context.Context, payload []byte) error {
			var order drawOrder
			if err := json.Unmarshal(payload, &order); err != nil {
				return err
			}
			return s.Draw(ctx, people.System(order.Sector), order.Copy)
		}},
		{Kind: StatusJob, Run: func(ctx context.Context, _ []byte) error { return s.SignStatus(ctx) }},
		{Kind: StatusJob + ".hourly", Every: time.Hour, Run: func(ctx context.Context, _ []byte) error { return s.SignStatus(ctx) }},
	}
}

// drawOrder asks for a copy to be drawn, in the sector of its certificate.
type drawOrder struct {
	Sector people.Sector
	Copy   CopyID
}

// Draw signs and draws a copy of the viewer's sector that waits for it. Run twice, or by two processes at
// once, it leaves one credential, one file and one line in the issuance log.
func (s Store) Draw(ctx context.Context, v people.Viewer, id CopyID) error {
	var copy Copy
	err := s.db.NewSelect().Model(&copy).Join("JOIN certificates AS certificate ON certificate.id = copy.certificate_id").
		Where("copy.id = ? AND certificate.sector = ?", id, v.Sector()).Scan(ctx)
	if err != nil {
		return fmt.Errorf("copy %q: %w", id, database.One(err))
	}
	if copy.Drawn() {
		return nil
	}
	var c Certificate
	if err := s.db.NewSelect().Model(&c).Where("id = ?", copy.CertificateID).Scan(ctx); err != nil {
		return err
	}
	share, err := s.openShare(copy)
	if err != nil {
		return err
	}
	claims, err := s.claims(ctx, c, copy)
	if err != nil {
		return err
	}
	key, err := s.signingKey(ctx)
	if err != nil {
		return err
	}
	signed, err := credential.Issue(claims, key, copy.MadeAt)
	if err != nil {
		return err
	}
	page, err := s.page(ctx, claims, signed, share, copy.Language)
	if err != nil {
		return err
	}
	file, err := s.files.Put(ctx, page)
	if err != nil {
		return err
	}
	return s.keepDrawn(ctx, id, signed, file)
}

// claims is what one copy says, from the frozen certificate.
func (s Store) claims(ctx context.Context, c Certificate, copy Copy) (credential.Claims, error) {
	language := copy.Language
	if language == "both" {
		language = "en"
	}
	did, _, err := s.IssuerDocument(ctx)
	if err != nil {
		return credential.Claims{}, err
	}
	var decision Decision
	if err := s.db.NewSelect().Model(&decision).Where("decision.id = ?", c.DecisionID).Scan(ctx); err != nil {
		return credential.Claims{}, err
	}
	key, err := credential.Open(s.issuer.Outer, "evidence of "+string(copy.ID), copy.EvidenceKey)
	if err != nil {
		return credential.Claims{}, err
	}
	claims := credential.Claims{
		ID: "urn:uuid:" + string(copy.ID), Name: document.Clean(copy.Name), Number: string(c.Number),
		CourseCode: c.CourseCode, CourseTitle: c.Title(language), Edition: c.Edition, Hours: c.Hours(), Wording: c.Wording,
		Language: language, Narrative: narrative(c, decision.Checklist, language), Areas: c.Areas(language),
		Achievement: s.achievementAddress(c.CourseCode, c.Edition),
		Completed:   dayOf(c.CompletedOn, c.Zone()), FirstSession: dayOf(c.FirstSession, time.UTC), LastSession: dayOf(c.LastSession, time.UTC),
		Issued: c.IssuedAt.In(c.Zone()).Truncate(time.Second), Issuer: did, IssuerName: "Metropolitan Peace Academy",
		IssuerAbout: "Metropolitan Peace Initiatives, Metropolitan Family Services", Signatory: document.Clean(c.Signatory), SignatoryTitle: c.SignatoryTitle,
		StatusList: s.statusAddress(statusListNumber), StatusIndex: copy.StatusIndex,
		Evidence: credential.Commit(key, []byte(decision.Evidence)), Sample: c.Sample,
	}
	if language == "es" && c.SignatoryTitle == director {
		claims.SignatoryTitle = directorES
	}
	if c.ValidUntil != nil {
		claims.ValidUntil = c.ValidUntil.In(c.Zone()).Truncate(time.Second)
	}
	return claims, nil
}

func (s Store) page(ctx context.Context, claims credential.Claims, signed []byte, share number.Share, language string) ([]byte, error) {
	signer, err := s.pageSigner(ctx)
	if err != nil {
		return nil, err
	}
	checked := number.Copy{Number: number.Certificate(claims.Number), Share: share}
	return document.Draw(document.Copy{
		Claims: claims, Credential: signed, Share: share, Language: document.Language(language), Paper: document.Letter,
		CheckAt:  strings.TrimPrefix(strings.TrimPrefix(s.issuer.BaseURL, "https://"), "http://") + "/verify",
		CheckURL: s.Address(checked),
	}, signer)
}

// pageSigner is the Academy's own signer of pages, made once; nil where pages are not signed.
func (s Store) pageSigner(ctx context.Context) (*document.Signer, error) {
	if !s.issuer.SignPages {
		return nil, nil
	}
	var row IssuingKey
	err := s.db.NewSelect().Model(&row).Where("purpose = ? AND state = ?", forDocuments, credential.Active).Scan(ctx)
	if errors.Is(database.One(err), fault.NotFound) {
		return s.makePageSigner(ctx)
	}
	if err != nil {
		return nil, err
	}
	raw, err := credential.Open(s.issuer.Outer, "page key "+row.ID, row.Sealed)
	if err != nil {
		return nil, err
	}
	return document.ReadSigner(raw)
}

func (s Store) makePageSigner(ctx context.Context) (*document.Signer, error) {
	signer, err := document.NewOwnCA("Metropolitan Peace Academy", s.now())
	if err != nil {
		return nil, err
	}
	raw, err := signer.PEM()
	if err != nil {
		return nil, err
	}
	fingerprint := signer.Fingerprint()
	row := IssuingKey{ID: hex.EncodeToString(fingerprint[:]), Purpose: forDocuments, Public: fingerprint[:],
		Certificate: signer.Authority().Raw, State: credential.Active, MadeAt: s.now()}
	if row.Sealed, err = credential.Seal(s.issuer.Outer, "page key "+row.ID, raw); err != nil {
		return nil, err
	}
	res, err := s.db.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx)
	if err := database.Changed(res, err, errNotMoved); errors.Is(err, errNotMoved) {
		return s.pageSigner(ctx) // another process made it first
	} else if err != nil {
		return nil, err
	}
	return signer, nil
}

// keepDrawn stores what was drawn with its line in the issuance log, or, where another
// process was first, nothing.
func (s Store) keepDrawn(ctx context.Context, id CopyID, signed []byte, file string) error {
	sum := sha256.Sum256(signed)
	digest := hex.EncodeToString(sum[:])
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		res, err := s.db.NewRaw(`UPDATE copies SET credential = ?, credential_sha = ?, file_sha = ?, drawn_at = ? WHERE id = ? AND drawn_at IS NULL`,
			string(signed), digest, file, s.now(), id).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return s.appendLog(ctx, id, digest)
	})
}
