package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/blob"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

func TestAFileComesBackByTheNameOfItsBytes(t *testing.T) {
	t.Parallel()
	store := open(t, t.TempDir())
	for _, file := range [][]byte{{}, []byte("a plan"), bytes.Repeat([]byte{0, 255}, 1<<20)} {
		name, err := store.Put(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(file); name != hex.EncodeToString(sum[:]) {
			t.Errorf("the name of %d bytes is %s", len(file), name)
		}
		got, err := store.Get(t.Context(), name)
		if err != nil || !bytes.Equal(got, file) {
			t.Errorf("put in %d bytes, got %d, %v", len(file), len(got), err)
		}
		if size, err := store.Size(t.Context(), name); err != nil || size != int64(len(file)) {
			t.Errorf("put in %d bytes, size %d, %v", len(file), size, err)
		}
	}
}

func TestNoOtherNameLeadsAnywhere(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store := open(t, filepath.Join(folder, "files"))
	if err := os.WriteFile(filepath.Join(folder, "secret"), []byte("no"), 0o600); err != nil {
		t.Fatal(err)
	}
	name, err := store.Put(t.Context(), []byte("yes"))
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"", "ab", "../secret", "../../secret", strings.Repeat("0", 64), strings.ToUpper(name), name + "0", name[:62] + "/."} {
		if _, err := store.Get(t.Context(), wrong); !errors.Is(err, fault.NotFound) {
			t.Errorf("Get(%q): %v", wrong, err)
		}
		if _, err := store.Size(t.Context(), wrong); !errors.Is(err, fault.NotFound) {
			t.Errorf("Size(%q): %v", wrong, err)
		}
	}
}

func TestManyWhoStoreOneFileStoreItOnce(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store := open(t, folder)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if _, err := store.Put(t.Context(), []byte("the same")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if files := count(t, folder); files != 1 {
		t.Errorf("%d files, want 1 and none unfinished", files)
	}
}

func TestAFileThatCannotBeWrittenLeavesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store := open(t, folder)
	file := []byte("in the way")
	sum := sha256.Sum256(file)
	// A file stands where the folder of the new one should be.
	if err := os.WriteFile(filepath.Join(folder, hex.EncodeToString(sum[:1])), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Put(t.Context(), file); err == nil {
		t.Error("stored what can't be stored")
	}
	if files := count(t, folder); files != 1 {
		t.Errorf("%d files, want only the one in the way", files)
	}
}

// A child stores files as fast as it can and is killed; whatever is there afterwards
// under a name has all its bytes.
func TestAKilledProcessLeavesOnlyWholeFiles(t *testing.T) {
	t.Parallel()
	const variable = "ACADEMY_TEST_BLOB_FOLDER"
	if folder := os.Getenv(variable); folder != "" {
		store := open(t, folder)
		for i := range 250 { // should nobody kill it, it ends by itself
			if _, err := store.Put(context.Background(), bytes.Repeat([]byte{byte(i), 1}, 1<<19)); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	folder := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run=^TestAKilledProcessLeavesOnlyWholeFiles$")
	child.Env = append(os.Environ(), variable+"="+folder)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); count(t, folder) < 8; {
		if time.Now().After(deadline) {
			t.Error("the child stored nothing")
			break
		}
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	whole := 0
	each(t, folder, func(path string) {
		if filepath.Base(filepath.Dir(path)) == "unfinished" {
			return
		}
		file, err := os.ReadFile(path)
		sum := sha256.Sum256(file)
		if err != nil || filepath.Base(path) != hex.EncodeToString(sum[:]) {
			t.Errorf("%s holds %d other bytes, %v", path, len(file), err)
		}
		whole++
	})
	if whole < 7 {
		t.Errorf("only %d files", whole)
	}
}

func TestWhatWasLeftUnfinishedIsCleared(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	open(t, folder)
	old, fresh := filepath.Join(folder, "unfinished", "old"), filepath.Join(folder, "unfinished", "fresh")
	for _, path := range []string{old, fresh} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-25 * time.Hour)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	open(t, folder)
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("old: %v", err)
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Errorf("another process may be writing it: %v", err)
	}
}

func TestOnlyAFolderIsAnAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "dir:", "/tmp", "s3:bucket"} {
		if _, err := blob.Open(address); err == nil {
			t.Errorf("Open(%q) gave a store", address)
		}
	}
}

func open(t *testing.T, folder string) blob.Store {
	t.Helper()
	store, err := blob.Open("dir:" + folder)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func count(t *testing.T, folder string) (n int) {
	each(t, folder, func(string) { n++ })
	return n
}

func each(t *testing.T, folder string, look func(path string)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && !entry.IsDir() {
			look(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
