package e2e

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

// folders are the data folders of the demos that were built, path to bytes, by their names.
var folders sync.Map

// demoCopy gives settings that lead to a demo just built: a copy, with its keys and files,
// of the one that the first who asks in this process builds by these settings on this
// engine. A demo is as true a few minutes later as it was; not on the next day.
func demoCopy(t *testing.T, engine string, c app.Config) app.Config {
	t.Helper()
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		t.Fatal(err)
	}
	name := time.Now().In(zone).Format(time.DateOnly) + " at " + c.Addr
	c.Demo = true
	c.Database = dbtest.Copied(t, engine, name, func(address string) {
		first := c
		first.Database, first.Data = address, filepath.Join(t.TempDir(), "demo")
		a, err := app.OpenDemo(context.Background(), first, quiet)
		if err == nil {
			err = a.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		folders.Store(engine+name, readFolder(t, first.Data))
	})
	kept, _ := folders.Load(engine + name)
	c.Data = filepath.Join(t.TempDir(), "demo")
	for path, data := range kept.(map[string][]byte) {
		path = filepath.Join(c.Data, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, data, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func readFolder(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[path], err = os.ReadFile(filepath.Join(folder, path))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
