package main_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

// small is a folder on a disk of its own of so many bytes, which the user of a database's
// server can reach too.
func small(t testing.TB, size int) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "academy-small-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Remove(folder); err != nil {
			t.Error(err)
		}
	})
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%d,mode=755", size)); err != nil {
		t.Skipf("no small disk: %v; run as root, who may mount one", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return folder
}

// The disk of the database is full. What can't be stored is not acknowledged and says why;
// reading works; and once there is room everything does.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		disk := small(t, 32<<20)
		found(t, "sqlite:"+filepath.Join(disk, "academy.db")).isFull(disk)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		disk := small(t, 160<<20)
		found(t, dbtest.OwnOn(t, disk).Address()).isFull(disk)
	})
}

// isFull fills the disk on which the school's database is, and makes room again.
func (s *school) isFull(disk string) {
	t := s.t
	t.Helper()
	r := s.serve()
	w, next := s.trainee(r)
	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)
	refused := false
	for i := 0; i < 500 && !refused; i++ { // what was set aside may take a few
		fill(t, ballast)
		a := w.post("/attempts/"+w.attempt+"/answers", url.Values{"one": {next.subject}, "device": {"phone-" + w.attempt},
			"seen." + next.subject: {fmt.Sprint(next.version)}, "a." + next.subject: {fmt.Sprint(i % 3)}})
		switch a.status {
		case 200:
			next.version++
			w.seen[next.subject] = next.version
		case 503:
			refused = true
			if !strings.Contains(a.body, fullSays) && !strings.Contains(a.body, awaySays) || a.header.Get("Retry-After") != "30" {
				t.Errorf("Retry-After %q\n%.400s", a.header.Get("Retry-After"), a.body)
			}
		default:
			t.Fatalf("on a full disk: %d\n%s", a.status, a.body)
		}
	}
	if !refused {
		t.Fatal("five hundred answers were acknowledged on a full disk: it was not full")
	}
	if a := w.get("/attempts/" + w.attempt); a.status != 200 {
		t.Errorf("reading: %d", a.status)
	}
	s.ok(os.Remove(ballast))
	next.value = "1"
	w.goesOn(t, next)
	r.end()
	s.inside(func(ctx context.Context, a *app.Academy) {
		var version int
		s.ok(a.DB.NewRaw(`SELECT version FROM current_answers WHERE attempt_id = ? AND question_id = ?`, w.attempt, next.subject).Scan(ctx, &version))
		if version != next.version+1 {
			t.Errorf("version %d is stored, %d was acknowledged", version, next.version+1)
		}
	})
}

// fill takes all the room that is left.
func fill(t testing.TB, path string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 20; size > 0; size /= 2 {
		for err == nil {
			_, err = file.Write(make([]byte, size))
		}
		err = nil
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}
