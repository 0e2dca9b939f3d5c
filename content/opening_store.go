package content

import (
	"context"
	"fmt"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// OpenModules lets a sector see the modules of a joint session between two moments.
// Only modules tagged J answer to it. The cause is the joint session; opening the
// same again moves its window.
func (s Store) OpenModules(ctx context.Context, cause string, sector people.Sector, ids []ModuleID, from, to time.Time) error {
	for _, id := range ids {
		_, err := s.db.NewRaw(`INSERT INTO module_openings (module_id, sector, opens_at, closes_at, cause) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (module_id, sector, cause) DO UPDATE SET opens_at = EXCLUDED.opens_at, closes_at = EXCLUDED.closes_at`,
			id, sector, from, to, cause).Exec(ctx)
		if err != nil {
			return fmt.Errorf("open %q: %w", id, err)
		}
	}
	return nil
}

// CloseOpening takes back all that the cause has opened.
func (s Store) CloseOpening(ctx context.Context, cause string) error {
	_, err := s.db.NewRaw(`DELETE FROM module_openings WHERE cause = ?`, cause).Exec(ctx)
	return err
}
