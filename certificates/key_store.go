package certificates

import (
	"context"
	"crypto/ed25519"
	"errors"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// purposes of keys.
const (
	forCredentials = "credential"
	forDocuments   = "document"
)

// IssuingKey is a key of the Academy: its public half, the private one sealed under the
// outer key, and its state. Keys are never deleted: what they signed stands for ever.
type IssuingKey struct {
	ID            string              `bun:"id,pk"` // Multikey form for credentials, a fingerprint for documents
	Purpose       string              `bun:"purpose"`
	Public        []byte              `bun:"public"`
	Sealed        []byte              `bun:"sealed"`
	Certificate   []byte              `bun:"certificate"` // X.509, for documents
	State         credential.KeyState `bun:"state"`
	MadeAt        time.Time           `bun:"made_at"`
	RetiredAt     *time.Time          `bun:"retired_at"`
	CompromisedAt *time.Time          `bun:"compromised_at"`
}

// EnsureKeys makes the first signing key where there is none, and the first status list,
// or a new one where the Academy has moved to another address. Two processes at once make one: the second finds the first's.
func (s Store) EnsureKeys(ctx context.Context) error {
	_, err := s.signingKey(ctx)
	if errors.Is(err, fault.NotFound) {
		err = s.makeKey(ctx)
	}
	if err != nil {
		return err
	}
	address, err := s.PublicAddress(ctx)
	if errors.Is(err, fault.NotFound) || err == nil && address != s.issuer.BaseURL {
		return s.SignStatus(ctx)
	}
	return err
}

func (s Store) makeKey(ctx context.Context) error {
	key, err := credential.NewKey(s.issuer.Random)
	if err != nil {
		return err
	}
	sealed, err := key.Seal(s.issuer.Outer)
	if err != nil {
		return err
	}
	row := IssuingKey{ID: key.ID(), Purpose: forCredentials, Public: key.Public, Sealed: sealed, State: credential.Active, MadeAt: s.now()}
	_, err = s.db.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// signingKey is the key that signs today, opened.
func (s Store) signingKey(ctx context.Context) (credential.Key, error) {
	var row IssuingKey
	err := s.db.NewSelect().Model(&row).Where("purpose = ? AND state = ?", forCredentials, credential.Active).Scan(ctx)
	if err != nil {
		return credential.Key{}, database.One(err)
	}
	return credential.OpenKey(s.issuer.Outer, row.ID, row.Sealed)
}

// IssuerDocument is /.well-known/did.json: every key that ever signed a credential.
func (s Store) IssuerDocument(ctx context.Context) (did string, document []byte, err error) {
	var rows []IssuingKey
	err = s.db.NewSelect().Model(&rows).Where("purpose = ?", forCredentials).OrderExpr("made_at, id").Scan(ctx)
	if err != nil {
		return "", nil, err
	}
	if len(rows) == 0 {
		return "", nil, fault.NotFound
	}
	keys := make([]credential.IssuerKey, len(rows))
	for i, row := range rows {
		keys[i] = credential.IssuerKey{Public: ed25519.PublicKey(row.Public), State: row.State}
	}
	did, err = credential.DID(s.issuer.BaseURL, keys[0].Public)
	if err != nil {
		return "", nil, err
	}
	document, err = credential.Document(did, keys)
	return did, document, err
}

// PageAuthority is the certificate (X.509, DER) of the authority that vouches for the
// Academy's signature on pages; fault.NotFound where pages are not signed.
func (s Store) PageAuthority(ctx context.Context) ([]byte, error) {
	var row IssuingKey
	err := s.db.NewSelect().Model(&row).Where("purpose = ? AND state = ?", forDocuments, credential.Active).Scan(ctx)
	return row.Certificate, database.One(err)
}

// Trust is what a check with the database relies on.
func (s Store) Trust(ctx context.Context) (credential.Trust, error) {
	_, document, err := s.IssuerDocument(ctx)
	if err != nil {
		return credential.Trust{}, err
	}
	return credential.NewTrust(document)
}

// Snapshot is what a check without a network relies on: the issuer's document and the
// signed status list.
func (s Store) Snapshot(ctx context.Context) (credential.Trust, error) {
	_, document, err := s.IssuerDocument(ctx)
	if err != nil {
		return credential.Trust{}, err
	}
	list, err := s.StatusList(ctx, statusListNumber)
	if err != nil {
		return credential.Trust{}, err
	}
	return credential.NewTrust(document, list)
}
