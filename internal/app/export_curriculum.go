package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// ExportCurriculum writes the whole curriculum into a folder, as of one moment, each file
// byte for byte as it was imported. The folder is empty or new; with replace it may hold
// files, and those of the same names are written over. It is the operator's: it sees the
// texts of every sector.
func ExportCurriculum(ctx context.Context, c Config, dir string, replace bool, out io.Writer) error {
	if err := readyToWrite(dir, replace); err != nil {
		return err
	}
	a, err := standing(ctx, c)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	files, err := a.curriculumFiles(ctx)
	if err != nil {
		return a.told(err)
	}
	if len(files) == 0 {
		return errors.New("this Academy holds no curriculum yet")
	}
	if err := writeFolder(ctx, dir, files); err != nil {
		return err
	}
	for _, name := range unknownTo(files, dir) {
		fmt.Fprintf(out, "%s: the Academy does not hold this file; it was left as it is.\n", filepath.Join(dir, name))
	}
	_, err = fmt.Fprintf(out, "%d files written to %s.\n", len(files), dir)
	return err
}

// curriculumFiles are the files of the three rooms that own parts of the curriculum.
func (a *Academy) curriculumFiles(ctx context.Context) (files []content.File, err error) {
	err = database.Snapshot(ctx, a.DB, func(ctx context.Context, tx bun.Tx) error {
		for _, room := range []func(context.Context) ([]content.File, error){
			a.Content.In(tx).Files, a.Assessment.In(tx).Files, a.Courses.In(tx).Files, a.Assessment.In(tx).RubricFiles,
		} {
			more, err := room(ctx)
			if err != nil {
				return err
			}
			files = append(files, more...)
		}
		return nil
	})
	return files, err
}

// halfWritten is how the folder is called, inside the one that is written to, in which
// files wait until each is whole.
const halfWritten = ".academy-export-"

// readyToWrite sweeps up what an interrupted export left, and wants the folder empty.
func readyToWrite(dir string, replace bool) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s is not a folder that can be read", dir)
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), halfWritten) {
			if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
				return err
			}
		} else if !replace {
			return fmt.Errorf("%s is not empty; name an empty or new folder, or use --replace to write over files of the same names", dir)
		}
	}
	return nil
}

// writeFolder writes the files so that each is whole or not there: all are written and on
// the disk before the first takes its name.
func writeFolder(ctx context.Context, dir string, files []content.File) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("%s can't be made: %w", dir, err)
	}
	waiting, err := os.MkdirTemp(dir, halfWritten)
	if err != nil {
		return fmt.Errorf("nothing can be written to %s: %w", dir, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(waiting)) }()
	for i, f := range files {
		if !filepath.IsLocal(filepath.FromSlash(f.Path)) {
			return fmt.Errorf("%q is not a name inside a folder", f.Path)
		}
		if err := errors.Join(ctx.Err(), writeWhole(filepath.Join(waiting, fmt.Sprint(i)), f.Bytes)); err != nil {
			return err
		}
	}
	for i, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := errors.Join(ctx.Err(), os.MkdirAll(filepath.Dir(name), 0o755)); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(waiting, fmt.Sprint(i)), name); err != nil {
			return fmt.Errorf("%s can't be written: %w", name, err)
		}
	}
	return nil
}

// writeWhole writes a file through to the disk.
func writeWhole(name string, bytes []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(bytes)
	return errors.Join(err, file.Sync(), file.Close())
}

// unknownTo lists the files that an import would read from the folder and that were not
// written: drafts, or files of another name for the same text.
func unknownTo(files []content.File, dir string) (names []string) {
	for _, pattern := range []string{"*.md", "*.png", "*.jpg", "*.jpeg", "*.webp", "glossary.yaml", "protocols/*.md", "courses/*.yaml"} {
		found, _ := fs.Glob(os.DirFS(dir), pattern) // fails only on a bad pattern
		for _, name := range found {
			stem := strings.TrimSuffix(path.Base(name), ".md")
			written := slices.ContainsFunc(files, func(f content.File) bool { return f.Path == name })
			if !written && stem != strings.ToUpper(stem) {
				names = append(names, name)
			}
		}
	}
	return names
}
