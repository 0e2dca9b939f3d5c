package certificates

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// StatusJob signs the status list again: every hour, and after each change of standing.
const StatusJob = "certificates.status"

// statusListNumber is the one list, for all courses and sectors: a list of its own would
// tell a sector.
const statusListNumber = 1

// mostSkew is how far apart the clocks of two machines of one Academy may be.
const mostSkew = 10 * time.Second

func (s Store) statusAddress(number int) string {
	return s.issuer.BaseURL + statusPath(number)
}

func statusPath(number int) string { return fmt.Sprintf("/status/revocation/%d", number) }

// PublicAddress is the Academy's public address as the status list names it: that of whoever
// serves. fault.NotFound before the first list.
func (s Store) PublicAddress(ctx context.Context) (string, error) {
	list, err := s.StatusList(ctx, statusListNumber)
	if err != nil {
		return "", err
	}
	var named struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(list, &named); err != nil {
		return "", fmt.Errorf("status list: %w", err)
	}
	address, ok := strings.CutSuffix(named.ID, statusPath(statusListNumber))
	if !ok {
		return "", fmt.Errorf("status list: %q is no address of one", named.ID)
	}
	return address, nil
}

// SignStatus builds the status list from the standings and signs it. Holds are not in
// it: they are seen online only.
func (s Store) SignStatus(ctx context.Context) error {
	key, err := s.signingKey(ctx)
	if err != nil {
		return err
	}
	// The list is dated before it is read: what is read later can't lose to what was read
	// before. A list from the future was dated by a clock that has been set back since.
	at := s.now()
	var indexes []int
	err = s.db.NewRaw(`SELECT copy.status_index FROM copies AS copy JOIN certificates AS certificate ON certificate.id = copy.certificate_id
		WHERE certificate.standing IN (?, ?)`, credential.StandingRevoked, credential.StandingSuperseded).Scan(ctx, &indexes)
	if err != nil {
		return err
	}
	bits := credential.NewBits(credential.StatusListSize)
	for _, index := range indexes {
		if err := bits.Set(index); err != nil {
			return err
		}
	}
	did, _, err := s.IssuerDocument(ctx)
	if err != nil {
		return err
	}
	signed, err := credential.IssueStatusList(s.statusAddress(statusListNumber), did, bits, at, key)
	if err != nil {
		return err
	}
	_, err = s.db.NewRaw(`INSERT INTO status_lists (number, signed, signed_at) VALUES (?, ?, ?)
		ON CONFLICT (number) DO UPDATE SET signed = excluded.signed, signed_at = excluded.signed_at
		WHERE status_lists.signed_at <= excluded.signed_at OR status_lists.signed_at > ?`,
		statusListNumber, string(signed), at, s.now().Add(mostSkew)).Exec(ctx)
	return err
}

// StatusList gives the signed bytes of a status list.
func (s Store) StatusList(ctx context.Context, number int) ([]byte, error) {
	var signed string
	if err := s.db.NewRaw(`SELECT signed FROM status_lists WHERE number = ?`, number).Scan(ctx, &signed); err != nil {
		return nil, fmt.Errorf("status list %d: %w", number, database.One(err))
	}
	return []byte(signed), nil
}
