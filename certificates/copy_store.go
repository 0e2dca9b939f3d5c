package certificates

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/certificates/document"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// ownCopies selects copies of certificates that the viewer holds, without their files.
func (s Store) ownCopies(model any, v people.Viewer) *bun.SelectQuery {
	return s.db.NewSelect().Model(model).Join("JOIN certificates AS certificate ON certificate.id = copy.certificate_id").Apply(heldBy(v))
}

// Copies gives the copies of one's own certificate with their share codes, newest
// first. Nobody but the holder sees them.
func (s Store) Copies(ctx context.Context, v people.Viewer, id CertificateID) ([]Copy, error) {
	list := []Copy{}
	err := s.ownCopies(&list, v).Where("copy.certificate_id = ?", id).OrderExpr("copy.made_at DESC, copy.id").Limit(MaxCopies).Scan(ctx)
	if err == nil && len(list) == 0 { // a certificate has at least the copy issued with it
		err = fmt.Errorf("certificate %q: %w", id, fault.NotFound)
	}
	if err != nil {
		return nil, err
	}
	return list, s.openShares(list)
}

// MyCopies gives the copies of all one's own certificates, newest first.
func (s Store) MyCopies(ctx context.Context, v people.Viewer) ([]Copy, error) {
	list := []Copy{}
	if err := s.ownCopies(&list, v).OrderExpr("copy.made_at DESC, copy.id").Limit(10 * MaxCopies).Scan(ctx); err != nil {
		return nil, err
	}
	return list, s.openShares(list)
}

// Copy gives one's own copy.
func (s Store) Copy(ctx context.Context, v people.Viewer, id CopyID) (Copy, error) {
	var copy Copy
	if err := s.ownCopies(&copy, v).Where("copy.id = ?", id).Scan(ctx); err != nil {
		return Copy{}, fmt.Errorf("copy %q: %w", id, database.One(err))
	}
	var err error
	copy.Share, err = s.openShare(copy)
	return copy, err
}

// MakeCopy makes a copy of one's own certificate for a receiver. It is drawn after the
// commit. The form sent twice makes one. Fails with fault.Conflict when the certificate
// is revoked or replaced or has MaxCopies copies, with fault.Invalid when a legal name is
// asked for and none is known, or the name holds a letter that can't be drawn.
func (s Store) MakeCopy(ctx context.Context, v people.Viewer, n NewCopy) (Copy, error) {
	var made Copy
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		// Taking the row first lets one copy of a certificate be made at a time.
		res, err := s.db.NewRaw(`UPDATE certificates SET revision = revision + 1 WHERE id = ? AND person_id = ? AND sector = ?`,
			n.Certificate, v.Person(), v.Sector()).Exec(ctx)
		if err := database.Changed(res, err, fmt.Errorf("certificate %q: %w", n.Certificate, fault.NotFound)); err != nil {
			return err
		}
		if err := n.Validate(s.rooms.People.Today()); err != nil {
			return err
		}
		c, err := s.Own(ctx, v, n.Certificate)
		if err != nil {
			return err
		}
		copies, err := s.Copies(ctx, v, n.Certificate)
		if err != nil {
			return err
		}
		for _, copy := range copies {
			if n.Line != "" && copy.Line == lineOf(c, n) {
				made = copy
				return nil
			}
		}
		switch {
		case c.Standing == credential.StandingRevoked || c.Standing == credential.StandingSuperseded:
			return fault.Conflict("certificates.copy.not_standing")
		case len(copies) >= MaxCopies:
			return fault.Conflict("certificates.copy.too_many", "Max", MaxCopies)
		}
		made, err = s.insertCopy(ctx, c, n)
		return err
	})
	return made, err
}

// lineOf keeps the lines of one certificate's forms apart from another's.
func lineOf(c Certificate, n NewCopy) string { return string(c.ID) + ":" + n.Line }

// insertCopy writes a copy that waits to be drawn, and asks for the drawing.
func (s Store) insertCopy(ctx context.Context, c Certificate, n NewCopy) (Copy, error) {
	id, err := uuid.NewRandomFromReader(s.issuer.Random)
	if err != nil {
		return Copy{}, err
	}
	if n.Line == "" {
		n.Line = id.String()
	}
	copy := Copy{ID: CopyID(id.String()), CertificateID: c.ID, Label: strings.TrimSpace(n.Label), Language: n.Language, Line: lineOf(c, n), MadeAt: s.now()}
	if copy.Name, err = s.nameOf(ctx, c.PersonID, n.Name); err != nil {
		return Copy{}, err
	}
	if n.EndsOn != "" {
		ends := endOfDay(dayOf(n.EndsOn, c.Zone()), 0).UTC()
		copy.EndsAt = &ends
	}
	if copy.StatusIndex, err = s.freeIndex(ctx); err != nil {
		return Copy{}, err
	}
	if err := s.seal(&copy, c.Number); err != nil {
		return Copy{}, err
	}
	if _, err := s.db.NewInsert().Model(&copy).Exec(ctx); err != nil {
		return Copy{}, err
	}
	return copy, outbox.Enqueue(ctx, s.db, DrawJob, drawOrder{c.Sector, copy.ID}, s.now())
}

// seal gives a copy its share code and its evidence key, both sealed.
func (s Store) seal(copy *Copy, of number.Certificate) error {
	key, err := credential.NewEvidenceKey(s.issuer.Random)
	if err != nil {
		return err
	}
	if copy.EvidenceKey, err = credential.Seal(s.issuer.Outer, "evidence of "+string(copy.ID), key); err != nil {
		return err
	}
	if copy.Share, err = number.NewShare(s.issuer.Random); err != nil {
		return err
	}
	copy.ShareMAC = s.shareMAC(number.Copy{Number: of, Share: copy.Share})
	copy.ShareSealed, err = credential.Seal(s.issuer.Outer, "share of "+string(copy.ID), []byte(copy.Share))
	return err
}

// nameOf is the name that a copy shows: whole, as the holder asked, and such that it
// can be drawn.
func (s Store) nameOf(ctx context.Context, person people.PersonID, kind NameKind) (string, error) {
	var p struct {
		GivenName  string `bun:"given_name"`
		FamilyName string `bun:"family_name"`
		ChosenName string `bun:"chosen_name"`
		LegalName  string `bun:"legal_name"`
	}
	err := s.db.NewRaw(`SELECT given_name, family_name, chosen_name, legal_name FROM persons WHERE id = ?`, person).Scan(ctx, &p)
	if err != nil {
		return "", err
	}
	name := people.FullName(p.ChosenName, p.GivenName, p.FamilyName)
	if kind == LegalName {
		if name = p.LegalName; name == "" {
			return "", fault.Invalid("name", "certificates.copy.no_legal_name")
		}
	}
	name = document.Clean(name)
	return name, drawable(name)
}

// drawable says in a sentence why a name can't stand on a certificate.
func drawable(name string) error {
	err := document.CanDraw(name)
	var missing document.GlyphError
	switch {
	case errors.As(err, &missing):
		return fault.Invalid("name", "certificates.name.no_letter", "Letter", string(missing.Rune))
	case errors.Is(err, document.ErrLongName):
		return fault.Invalid("name", "certificates.name.too_long")
	case errors.Is(err, document.ErrNoName):
		return fault.Invalid("name", "certificates.name.none")
	}
	return err
}

// freeIndex is a random place in the status list that no copy has.
func (s Store) freeIndex(ctx context.Context) (int, error) {
	for range 100 {
		index, err := credential.NewIndex(s.issuer.Random, credential.StatusListSize)
		if err != nil {
			return 0, err
		}
		taken, err := s.db.NewSelect().Model((*Copy)(nil)).Where("status_index = ?", index).Exists(ctx)
		if err != nil {
			return 0, err
		}
		if !taken {
			return index, nil
		}
	}
	return 0, errors.New("the status list is nearly full")
}

// EndCopy ends one copy of one's own certificate and touches no other. Fails with
// fault.NotFound, and with fault.Conflict where it was ended before.
func (s Store) EndCopy(ctx context.Context, v people.Viewer, id CopyID) error {
	res, err := s.db.NewRaw(`UPDATE copies SET ended_at = ? WHERE id = ? AND ended_at IS NULL
		AND EXISTS (SELECT 1 FROM certificates AS c WHERE c.id = copies.certificate_id AND c.person_id = ? AND c.sector = ?)`,
		s.now(), id, v.Person(), v.Sector()).Exec(ctx)
	if err := database.Changed(res, err, errNotMoved); !errors.Is(err, errNotMoved) {
		return err
	}
	if _, err := s.Copy(ctx, v, id); err != nil {
		return err
	}
	return fault.Conflict("certificates.copy.ended_already")
}

// File gives the PDF of one's own copy, the bytes that were drawn once. Fails with
// fault.Conflict until they are.
func (s Store) File(ctx context.Context, v people.Viewer, id CopyID) ([]byte, error) {
	copy, err := s.Copy(ctx, v, id)
	if err != nil {
		return nil, err
	}
	if copy.FileSHA == nil {
		return nil, fault.Conflict("certificates.copy.being_drawn")
	}
	return s.files.Get(ctx, *copy.FileSHA)
}

// Credential gives the signed data of a copy to its holder, or to whoever has its live
// share code; to everyone else it isn't there. One query, whatever is found.
func (s Store) Credential(ctx context.Context, v people.Viewer, id CopyID, share number.Share) ([]byte, error) {
	var row struct {
		Copy   `bun:",extend"`
		Person people.PersonID `bun:"person_id"`
		Sector people.Sector   `bun:"sector"`
	}
	missing := fmt.Errorf("credential %q: %w", id, fault.NotFound)
	err := s.db.NewSelect().TableExpr("copies AS copy").ColumnExpr("copy.*, certificate.person_id, certificate.sector").
		Join("JOIN certificates AS certificate ON certificate.id = copy.certificate_id").
		Where("copy.id = ?", id).Scan(ctx, &row)
	if errors.Is(database.One(err), fault.NotFound) {
		return nil, missing
	} else if err != nil {
		return nil, err
	}
	code, err := s.openShare(row.Copy)
	if err != nil {
		return nil, err
	}
	shared := share != "" && code.Equal(share) && row.Live(s.now())
	held := v.SignedIn() && row.Person == v.Person() && row.Sector == v.Sector()
	if row.Copy.Credential == nil || !shared && !held {
		return nil, missing
	}
	return []byte(*row.Copy.Credential), nil
}

func (s Store) openShare(c Copy) (number.Share, error) {
	plain, err := credential.Open(s.issuer.Outer, "share of "+string(c.ID), c.ShareSealed)
	return number.Share(plain), err
}

func (s Store) openShares(list []Copy) (err error) {
	for i := range list {
		if list[i].Share, err = s.openShare(list[i]); err != nil {
			return err
		}
	}
	return nil
}
