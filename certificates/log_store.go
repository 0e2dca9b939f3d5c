package certificates

import (
	"context"
	"fmt"
	"time"
)

// logLine is one line of the issuance log: the hash of a credential that was signed,
// chained to the line before.
type logLine struct {
	Position      int       `bun:"position"`
	CopyID        CopyID    `bun:"copy_id"`
	CredentialSHA string    `bun:"credential_sha"`
	Previous      string    `bun:"previous"`
	Hash          string    `bun:"hash"`
	At            time.Time `bun:"at"`
}

// sum is the hash that the line must have.
func (l logLine) sum() string {
	return sha(l.Position, "\n", l.Previous, "\n", l.CopyID, "\n", l.CredentialSHA, "\n", l.At.UTC().Format(time.RFC3339Nano))
}

// appendLog adds a line to the issuance log. The head is one row, taken by the update,
// so that lines follow one another.
func (s Store) appendLog(ctx context.Context, id CopyID, digest string) error {
	if _, err := s.db.NewRaw(`UPDATE issuance_head SET position = position + 1 WHERE id = 1`).Exec(ctx); err != nil {
		return err
	}
	line := logLine{CopyID: id, CredentialSHA: digest, At: s.now()}
	if err := s.db.NewRaw(`SELECT position, hash AS previous FROM issuance_head WHERE id = 1`).Scan(ctx, &line); err != nil {
		return err
	}
	line.Hash = line.sum()
	if _, err := s.db.NewInsert().Model(&line).ModelTableExpr("issuance_log").Exec(ctx); err != nil {
		return err
	}
	_, err := s.db.NewRaw(`UPDATE issuance_head SET hash = ? WHERE id = 1`, line.Hash).Exec(ctx)
	return err
}

// CheckLog reads the issuance log from its first line to its head and fails where the
// chain is broken: a line changed, taken out or put in after the fact. It gives the
// number of lines and the head's hash.
func (s Store) CheckLog(ctx context.Context) (lines int, head string, err error) {
	for {
		var page []logLine
		err := s.db.NewRaw(`SELECT position, copy_id, credential_sha, previous, hash, at FROM issuance_log WHERE position > ? ORDER BY position LIMIT 1000`, lines).Scan(ctx, &page)
		if err != nil {
			return lines, head, err
		}
		if len(page) == 0 {
			break
		}
		for _, line := range page {
			if line.Position != lines+1 || line.Previous != head || line.Hash != line.sum() {
				return lines, head, fmt.Errorf("issuance log: broken at line %d", lines+1)
			}
			lines, head = line.Position, line.Hash
		}
	}
	var end logLine
	if err := s.db.NewRaw(`SELECT position, hash FROM issuance_head WHERE id = 1`).Scan(ctx, &end); err != nil {
		return lines, head, err
	}
	if end.Position != lines || end.Hash != head {
		return lines, head, fmt.Errorf("issuance log: its head is line %d, its last line %d", end.Position, lines)
	}
	return lines, head, nil
}
