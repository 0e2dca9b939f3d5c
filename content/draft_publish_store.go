package content

import (
	"context"
	"fmt"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// publish makes an approved draft the next version of its module or protocol, by the way of an import:
// the texts get their version, their review and, a translation, the hash of its original.
// A check that was changed becomes the module's next check, under a number of its own.
// It runs inside the transaction that approves, which holds the draft's row.
func (s Store) publish(ctx context.Context, v people.Viewer, r Review) (int, error) {
	d, texts, err := s.Draft(ctx, v, r.DraftID)
	if err != nil {
		return 0, err
	}
	if d.Behind() {
		return 0, fault.Conflict("content.draft.behind")
	}
	stem, checked, err := s.standing(ctx, d)
	if err != nil {
		return 0, err
	}
	on, err := s.surroundings(ctx, v, d)
	if err != nil {
		return 0, err
	}
	f := facts{version: d.BaseVersion + 1, check: d.BaseCheck + 1, reviewedBy: r.Discipline.reviewer(), reviewedOn: r.ReviewedAt.In(s.Zone()).Format(time.DateOnly)}
	b := on.lay(d, texts.with("", ""), stem, f)
	b.hold(on, s.checks)
	if b.Problems() > 0 {
		return 0, fault.Conflict("content.draft.problems", "Count", b.Problems())
	}
	if d.ProtocolID != "" {
		return f.version, s.publishProtocol(ctx, d, b, r)
	}
	written, err := s.keepCheck(ctx, d, texts, b.folder.Quizzes)
	if err != nil {
		return 0, err
	}
	for i := range b.folder.Modules {
		b.folder.Modules[i].HasCheck = checked || written
	}
	if err := s.hangPictures(ctx, d, b.folder.Pictures); err != nil {
		return 0, err
	}
	b.folder.Pictures = nil // they hang already, and carry no bytes here
	if _, err := s.Import(ctx, b.folder); err != nil {
		return 0, err
	}
	_, err = s.db.NewRaw(`INSERT INTO module_changes (module_id, version, note) SELECT ?, ?, note FROM draft_submissions WHERE id = ?`,
		d.ModuleID, f.version, r.SubmissionID).Exec(ctx)
	return f.version, err
}

// keepCheck keeps a draft's check where it is another than the one that stands.
func (s Store) keepCheck(ctx context.Context, d Draft, texts Texts, files []QuizFile) (changed bool, err error) {
	standing, err := s.standingCheck(ctx, d.ModuleID)
	if err != nil {
		return false, err
	}
	if changed, err = standing.changes(d, texts); err != nil || !changed {
		return false, err
	}
	for i, f := range files {
		if standing.stem != "" {
			files[i].Path = standing.stem + Part("check-"+f.Lang).ending()
		}
	}
	return true, s.checks.Keep(ctx, s.db, files)
}

// standing is what a draft's module has already: its files' name, and whether a quiz goes with it.
func (s Store) standing(ctx context.Context, d Draft) (stem string, checked bool, err error) {
	var newest []Module
	err = s.db.NewSelect().Model(&newest).Column("path", "has_check").Where("mv.module_id = ? AND mv.lang = ?", d.ModuleID, English).
		OrderExpr("mv.version DESC").Limit(1).Scan(ctx)
	if err != nil {
		return "", false, fmt.Errorf("newest version of %q: %w", d.ModuleID, err)
	}
	if len(newest) == 0 {
		return pathOf(d.ModuleID, d.Title), false, nil
	}
	return stemOf(newest[0].Path), newest[0].HasCheck, nil
}

// hangPictures gives the module those of a draft's pictures that its texts show.
func (s Store) hangPictures(ctx context.Context, d Draft, shown []Picture) error {
	for _, pic := range shown {
		_, err := s.db.NewRaw(`INSERT INTO pictures (module_id, name, hash, media_type, bytes)
			SELECT ?, name, hash, media_type, bytes FROM draft_pictures WHERE draft_id = ? AND name = ? ON CONFLICT DO NOTHING`,
			d.ModuleID, d.ID, pic.Name).Exec(ctx)
		if err != nil {
			return fmt.Errorf("picture %q: %w", pic.Name, err)
		}
	}
	return nil
}

// Zone is where the Academy's days begin and end.
func (s Store) Zone() *time.Location {
	if s.zone == nil {
		return time.UTC
	}
	return s.zone
}

// VersionNote is what changed with one version of a module, in its authors' words.
type VersionNote struct {
	Version     int
	Note        string // "" for a version that was imported
	PublishedAt time.Time
}

// VersionNotes are the versions of a module that the viewer may see, the newest first.
func (s Store) VersionNotes(ctx context.Context, v people.Viewer, id ModuleID) ([]VersionNote, error) {
	changes := []VersionNote{}
	err := s.db.NewSelect().Model((*Module)(nil)).ColumnExpr("mv.version, mv.published_at, COALESCE(mc.note, '') AS note").
		Join("LEFT JOIN module_changes AS mc ON mc.module_id = mv.module_id AND mc.version = mv.version").
		Apply(VisibleTo(v, s.now())).Where("mv.module_id = ? AND mv.lang = ?", id, English).OrderExpr("mv.version DESC").Scan(ctx, &changes)
	if err != nil {
		return nil, fmt.Errorf("versions of %q: %w", id, err)
	}
	return changes, nil
}
