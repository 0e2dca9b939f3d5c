package content

import (
	"context"
	"fmt"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/outbox"
)

// thinAfter is how long every single save of a text can be gone back to.
const thinAfter = 24 * time.Hour

// Jobs are the room's work that comes round by the clock.
func (s Store) Jobs() []outbox.Job {
	return []outbox.Job{{Kind: "content.thin", Every: 6 * time.Hour, Run: func(ctx context.Context, _ []byte) error {
		_, err := s.Thin(ctx)
		return err
	}}}
}

// hourOf is the hour in which a revision was saved; both engines write a time alike.
const hourOf = "SUBSTR(CAST(%s.saved_at AS TEXT), 1, 13)"

// Thin takes the texts out of revisions that were saved more than a day ago, but for what
// anybody could still need: the text that stands, the first one, the newest of each person
// and hour, what was handed in, and both texts where two people wrote at once. It says how
// many it looked at. The rows stay, so that a page left open since then still saves beside what
// stands, and who wrote in a draft still can't review it. Each revision is looked at once.
func (s Store) Thin(ctx context.Context) (int64, error) {
	stays := fmt.Sprintf(`(aside OR based_on IS NULL OR EXISTS (SELECT 1 FROM draft_texts AS text WHERE text.head = draft_revisions.id)
		OR NOT EXISTS (SELECT 1 FROM draft_revisions AS later WHERE later.draft_id = draft_revisions.draft_id AND later.id > draft_revisions.id
			AND later.part = draft_revisions.part AND later.saved_by = draft_revisions.saved_by AND NOT later.aside AND %s = %s))`,
		fmt.Sprintf(hourOf, "later"), fmt.Sprintf(hourOf, "draft_revisions"))
	result, err := s.db.NewRaw(`UPDATE draft_revisions SET source = CASE WHEN `+stays+` THEN source ELSE '' END, kept = `+stays+`
		WHERE kept IS NULL AND saved_at < ?`, s.now().Add(-thinAfter)).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("thin revisions: %w", err)
	}
	return result.RowsAffected()
}

// keepStanding lets the texts of a draft that stand now, and one that somebody wrote on,
// stay for good. The draft's row is held.
func (s Store) keepStanding(ctx context.Context, id DraftID, based RevisionID) error {
	_, err := s.db.NewRaw(`UPDATE draft_revisions SET kept = TRUE WHERE kept IS NULL AND draft_id = ?
		AND (id = ? OR id IN (SELECT head FROM draft_texts WHERE draft_id = ?))`, id, based, id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("keep what stands in draft %q: %w", id, err)
	}
	return nil
}
