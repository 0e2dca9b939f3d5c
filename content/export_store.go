package content

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"
)

// Export writes the curriculum into a folder as Import would read it again: the
// stored bytes of every module and guide, the pictures and the glossary. Older
// versions stand beside the newest as name.v1.md. It is for commands, which see all sectors.
func (s Store) Export(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	write := func(name string, bytes []byte) error { return os.WriteFile(filepath.Join(dir, name), bytes, 0o644) }
	var modules []Module
	if err := s.db.NewSelect().Model(&modules).Column("module_id", "lang", "version", "path", "source").
		OrderExpr("mv.version DESC").Scan(ctx); err != nil {
		return fmt.Errorf("modules: %w", err)
	}
	var guides []Guide
	if err := s.db.NewSelect().Model(&guides).Column("module_id", "lang", "version", "path", "source").
		OrderExpr("g.version DESC").Scan(ctx); err != nil {
		return fmt.Errorf("guides: %w", err)
	}
	newest := map[string]bool{}
	name := func(path string, key string, version int) string {
		stem, end, _ := strings.Cut(path, ".")
		number := fmt.Sprintf("v%d.", version)
		end = strings.TrimPrefix(end, number)
		if newest[key] {
			end = number + end
		}
		newest[key] = true
		return stem + "." + end
	}
	for _, m := range modules {
		if err := write(name(m.Path, "module"+string(m.ID)+string(m.Lang), m.Version), []byte(m.Source)); err != nil {
			return err
		}
	}
	for _, g := range guides {
		if err := write(name(g.Path, "guide"+string(g.ModuleID)+string(g.Lang), g.Version), []byte(g.Source)); err != nil {
			return err
		}
	}
	if err := s.exportProtocols(ctx, dir, write, name); err != nil {
		return err
	}
	return s.exportBeside(ctx, write)
}

// exportBeside writes what stands beside the texts: pictures and glossary.
func (s Store) exportBeside(ctx context.Context, write func(name string, bytes []byte) error) error {
	var pictures []Picture
	if err := s.db.NewSelect().Model(&pictures).Scan(ctx); err != nil {
		return fmt.Errorf("pictures: %w", err)
	}
	for _, pic := range pictures {
		if err := write(pic.Name, pic.Bytes); err != nil {
			return err
		}
	}
	var terms []Term
	if err := s.db.NewSelect().Model(&terms).OrderExpr("gt.id, gt.lang").Scan(ctx); err != nil {
		return fmt.Errorf("glossary: %w", err)
	}
	if len(terms) == 0 {
		return nil
	}
	var glossary glossaryFile
	for _, t := range terms {
		if n := len(glossary.Terms); n == 0 || glossary.Terms[n-1].ID != t.ID {
			glossary.Terms = append(glossary.Terms, glossaryTerm{ID: t.ID})
		}
		words := termWords{t.Term, t.Meaning}
		if last := &glossary.Terms[len(glossary.Terms)-1]; t.Lang == Spanish {
			last.Spanish = words
		} else {
			last.English = words
		}
	}
	out, err := yaml.Marshal(glossary)
	if err != nil {
		return err
	}
	return write("glossary.yaml", out)
}
