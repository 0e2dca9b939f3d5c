// Package blob stores files whole, each named by the SHA-256 of its bytes.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Store keeps files in a folder that all processes of the Academy see.
type Store struct{ folder string }

// abandoned is the age at which a file that was never finished is cleared away.
const abandoned = 24 * time.Hour

// Open opens the store at an address, "dir:PATH", and makes the folder.
func Open(address string) (Store, error) {
	folder, ok := strings.CutPrefix(address, "dir:")
	if !ok || folder == "" {
		return Store{}, errors.New("the files' address must be dir: and the path of a folder")
	}
	s := Store{folder: folder}
	if err := os.MkdirAll(s.unfinished(), 0o700); err != nil {
		return Store{}, fmt.Errorf("open the files: %w", err)
	}
	return s, s.clear()
}

// Put stores a file and gives its name, 64 hexadecimal digits. When it returns, the
// file is on the disk; a process killed in the middle leaves none. A file that is
// there already is left as it is.
func (s Store) Put(ctx context.Context, file []byte) (name string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	sum := sha256.Sum256(file)
	name = hex.EncodeToString(sum[:])
	if _, err := os.Stat(s.path(name)); err == nil {
		return name, nil
	}
	if err := s.write(s.path(name), file); err != nil {
		return "", fmt.Errorf("store a file: %w", err)
	}
	return name, nil
}

// Get reads a file. It fails with fault.NotFound when no file has the name.
func (s Store) Get(ctx context.Context, name string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !isName(name) {
		return nil, fault.NotFound
	}
	file, err := os.ReadFile(s.path(name))
	return file, missing(err)
}

// Size tells how many bytes a file has. It fails with fault.NotFound when no file
// has the name.
func (s Store) Size(ctx context.Context, name string) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if !isName(name) {
		return 0, fault.NotFound
	}
	info, err := os.Stat(s.path(name))
	if err != nil {
		return 0, missing(err)
	}
	return info.Size(), nil
}

// path spreads the files over 256 folders.
func (s Store) path(name string) string { return filepath.Join(s.folder, name[:2], name) }

func (s Store) unfinished() string { return filepath.Join(s.folder, "unfinished") }

// write makes the whole file under another name, then gives it its own in one step;
// each step is on the disk before the next.
func (s Store) write(path string, file []byte) (err error) {
	temporary, err := os.CreateTemp(s.unfinished(), "")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temporary.Name()))
		}
	}()
	_, err = temporary.Write(file)
	if err == nil {
		err = temporary.Sync()
	}
	if err = errors.Join(err, temporary.Close()); err != nil {
		return err
	}
	if err = os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err = os.Rename(temporary.Name(), path); err != nil {
		return err
	}
	return errors.Join(syncFolder(filepath.Dir(path)), syncFolder(s.folder))
}

// clear removes what killed processes left unfinished.
func (s Store) clear() error {
	return filepath.WalkDir(s.unfinished(), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil && time.Since(info.ModTime()) > abandoned {
			err = os.Remove(path)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // another process finished or cleared it
		}
		return err
	})
}

// syncFolder puts the folder's list of names on the disk. Windows does it unasked
// and refuses to be asked.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func isName(name string) bool {
	sum, err := hex.DecodeString(name)
	return err == nil && len(sum) == sha256.Size && strings.ToLower(name) == name
}

func missing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fault.NotFound
	}
	return err
}
