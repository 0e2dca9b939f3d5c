package credential

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// SnapshotLife is how old a snapshot may be before its age is a line of its own.
const SnapshotLife = 7 * 24 * time.Hour

const (
	documentFile = "did.json"
	listPattern  = "status-revocation-*.json"
)

// Trust is what a check relies on: the issuer's document and, without a
// network, its signed status lists. The zero value trusts nobody.
type Trust struct {
	issuer   issuer
	lists    []statusList
	document []byte
	signed   [][]byte
}

// NewTrust reads the issuer document and checks the signature of every list
// against it. Lists may be past their 24 hours: Date and Stale tell how old they are.
func NewTrust(document []byte, lists ...[]byte) (Trust, error) {
	is, err := readDocument(document)
	if err != nil {
		return Trust{}, err
	}
	t := Trust{issuer: is, document: slices.Clone(document)}
	for _, raw := range lists {
		list, err := is.readStatusList(raw)
		if err != nil {
			return Trust{}, err
		}
		t.lists, t.signed = append(t.lists, list), append(t.signed, slices.Clone(raw))
	}
	return t, nil
}

// DID is whom this snapshot trusts.
func (t Trust) DID() string { return t.issuer.did }

// Date is the day and time that offline answers speak of: the oldest signed
// list's own. It is zero without lists.
func (t Trust) Date() time.Time {
	var date time.Time
	for _, l := range t.lists {
		if date.IsZero() || l.asOf.Before(date) {
			date = l.asOf
		}
	}
	return date
}

// Stale tells whether the snapshot is older than SnapshotLife, or dateless.
func (t Trust) Stale(now time.Time) bool { return now.Sub(t.Date()) > SnapshotLife }

func (t Trust) list(address string) (statusList, bool) {
	for _, l := range t.lists {
		if l.address == address {
			return l, true
		}
	}
	return statusList{}, false
}

// Write stores the snapshot in a folder, making it where needed.
func (t Trust) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, documentFile), t.document, 0o644); err != nil {
		return err
	}
	for i, raw := range t.signed {
		name := "status-revocation-" + strconv.Itoa(i+1) + ".json"
		if err := os.WriteFile(filepath.Join(dir, name), raw, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// ReadTrust reads a snapshot that Write stored. A folder without a status list
// is refused: it could not tell what was revoked.
func ReadTrust(dir string) (Trust, error) {
	document, err := os.ReadFile(filepath.Join(dir, documentFile))
	if err != nil {
		return Trust{}, fmt.Errorf("trust folder: %w", err)
	}
	names, err := filepath.Glob(filepath.Join(dir, listPattern))
	if err != nil {
		return Trust{}, err
	}
	if len(names) == 0 {
		return Trust{}, errors.New("trust folder holds no status list")
	}
	var lists [][]byte
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			return Trust{}, fmt.Errorf("trust folder: %w", err)
		}
		lists = append(lists, raw)
	}
	return NewTrust(document, lists...)
}
