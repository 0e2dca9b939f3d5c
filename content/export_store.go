package content

import (
	"context"
	"fmt"
	"path"
)

// Files are the curriculum's files as an import would read them again: the stored bytes
// of every module, guide and protocol, the pictures and the glossary. A version that
// came under the name of a newer one stands beside it as name.v1.md. It is for commands,
// which see all sectors.
func (s Store) Files(ctx context.Context) ([]File, error) {
	var shelf Shelf
	var modules []Module
	if err := s.db.NewSelect().Model(&modules).Column("module_id", "lang", "version", "path", "source").
		OrderExpr("mv.version DESC, mv.module_id, mv.lang").Scan(ctx); err != nil {
		return nil, fmt.Errorf("modules: %w", err)
	}
	for _, m := range modules {
		shelf.PutVersion(m.Source, m.Path, m.Version)
	}
	var guides []Guide
	if err := s.db.NewSelect().Model(&guides).Column("module_id", "lang", "version", "path", "source").
		OrderExpr("g.version DESC, g.module_id, g.lang").Scan(ctx); err != nil {
		return nil, fmt.Errorf("guides: %w", err)
	}
	for _, g := range guides {
		shelf.PutVersion(g.Source, g.Path, g.Version)
	}
	var protocols []Protocol
	if err := s.db.NewSelect().Model(&protocols).Column("protocol_id", "lang", "version", "path", "source").
		OrderExpr("pv.version DESC, pv.protocol_id, pv.lang").Scan(ctx); err != nil {
		return nil, fmt.Errorf("protocols: %w", err)
	}
	for _, r := range protocols {
		shelf.PutVersion(r.Source, path.Join(protocolFolder, r.Path), r.Version)
	}
	if err := s.putGlossary(ctx, &shelf); err != nil {
		return nil, fmt.Errorf("glossary: %w", err)
	}
	var pictures []Picture
	if err := s.db.NewSelect().Model(&pictures).OrderExpr("pic.name, pic.module_id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("pictures: %w", err)
	}
	for _, p := range pictures {
		if err := shelf.putPicture(p); err != nil {
			return nil, err
		}
	}
	return shelf.Files, nil
}
