package content

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// draftPicture is a picture that waits with a draft until it is published.
type draftPicture struct {
	bun.BaseModel `bun:"table:draft_pictures,alias:pic"`

	DraftID   DraftID `bun:",pk"`
	Name      string  `bun:",pk"`
	Hash      Hash
	MediaType string
	Bytes     []byte
	AddedBy   people.PersonID
	AddedAt   time.Time
}

// PictureLimit is how many bytes a picture may have.
const PictureLimit = pictureLimit

// AddPicture keeps a picture with a draft, under a name made of its file's. Other content
// under a name that is taken gets a name of its own, so that no picture ever changes. It
// is held to what an import asks of pictures (kind and size). The name is returned.
func (s Store) AddPicture(ctx context.Context, v people.Viewer, id DraftID, file string, bytes []byte) (string, error) {
	d, _, err := s.Draft(ctx, v, id)
	if err != nil {
		return "", err
	}
	if !d.Pictured(EnglishText) {
		return "", fault.Invalid("picture", "content.problem.protocol_part", "Kind", file)
	}
	if d.State != Writing {
		return "", fault.Conflict("content.draft.not_writing")
	}
	pic := draftPicture{DraftID: id, Hash: HashOf(bytes), MediaType: http.DetectContentType(bytes), Bytes: bytes, AddedBy: v.Person(), AddedAt: s.now()}
	ending := map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}[pic.MediaType]
	if ending == "" {
		return "", fault.Invalid("picture", "content.problem.picture_kind", "Name", file)
	}
	if len(bytes) > pictureLimit {
		return "", fault.Invalid("picture", "content.problem.picture_size", "Name", file, "Kilobytes", len(bytes)>>10)
	}
	stem := pathOf(d.ModuleID, stemOf(file))
	for _, name := range []string{stem + ending, stem + "-" + string(pic.Hash[:8]) + ending} {
		pic.Name = name
		kept, err := s.keepPicture(ctx, d, pic)
		if kept || err != nil {
			return name, err
		}
	}
	return "", fault.Conflict("content.draft.again")
}

// keepPicture stores a picture under its name, unless other content has it.
func (s Store) keepPicture(ctx context.Context, d Draft, pic draftPicture) (bool, error) {
	var taken []Hash
	err := s.db.NewRaw(`SELECT hash FROM pictures WHERE module_id = ? AND name = ?`, d.ModuleID, pic.Name).Scan(ctx, &taken)
	if err != nil || len(taken) > 0 {
		return slices.Contains(taken, pic.Hash), err
	}
	if _, err := s.db.NewInsert().Model(&pic).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
		return false, fmt.Errorf("picture of draft %q: %w", d.ID, err)
	}
	err = s.db.NewRaw(`SELECT hash FROM draft_pictures WHERE draft_id = ? AND name = ?`, d.ID, pic.Name).Scan(ctx, &taken)
	return slices.Contains(taken, pic.Hash), err
}

// DraftPicture is a picture that a draft's text may show: its own, or the module's.
func (s Store) DraftPicture(ctx context.Context, v people.Viewer, id DraftID, name string) (Picture, error) {
	var pictures []Picture
	visible := func(column string) *bun.SelectQuery {
		return s.db.NewSelect().Model((*Draft)(nil)).ColumnExpr("1").Apply(draftsVisibleTo(v)).Where("draft.id = ?", id).Where("?", bun.Safe(column))
	}
	err := s.db.NewRaw(`SELECT name, hash, media_type, bytes FROM draft_pictures AS pic WHERE pic.name = ? AND EXISTS (?)
		UNION ALL SELECT name, hash, media_type, bytes FROM pictures AS pic WHERE pic.name = ? AND EXISTS (?)`,
		name, visible("pic.draft_id = draft.id"), name, visible("pic.module_id = draft.module_id")).Scan(ctx, &pictures)
	if err != nil {
		return Picture{}, fmt.Errorf("picture of draft %q: %w", id, err)
	}
	if len(pictures) == 0 {
		return Picture{}, fmt.Errorf("picture %q of draft %q: %w", name, id, fault.NotFound)
	}
	return pictures[0], nil
}
