//go:build unix

package dbtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// keeperVariable holds the folder of the server that this process keeps instead of
// running tests.
const keeperVariable = "ACADEMY_TEST_POSTGRES_KEEPER"

// A test binary that was started to keep the server does that and nothing else.
func init() {
	folder := os.Getenv(keeperVariable)
	if folder == "" {
		return
	}
	if err := keep(folder); err != nil {
		_ = os.WriteFile(filepath.Join(folder, "failed"), []byte(err.Error()), 0o644)
		os.Exit(1)
	}
	os.Exit(0)
}

// startServer gives the address of a PostgreSQL server that all test binaries of
// this user share. The first one starts it, with a keeper process that stops it and
// removes its files a few seconds after the last one has ended, however it ended:
// each binary holds a lock on a file, which the system drops with the process.
var startServer = sync.OnceValues(func() (address string, err error) {
	folder := filepath.Join(os.TempDir(), fmt.Sprintf("academy-postgres-%d", os.Getuid()))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	starting, err := lock(filepath.Join(folder, "starting"), syscall.LOCK_EX)
	if err != nil {
		return "", err
	}
	defer starting.Close()
	if err := use(folder); err != nil {
		return "", err
	}
	if address, ok := answering(folder); ok {
		return address, nil
	}
	return launch(folder)
})

// use takes a user's lock, until this process ends: a plain descriptor, because an
// os.File is closed once nobody holds it.
func use(folder string) error {
	descriptor, err := syscall.Open(filepath.Join(folder, "using"), syscall.O_RDWR|syscall.O_CREAT|syscall.O_CLOEXEC, 0o644)
	if err != nil {
		return err
	}
	return flock(descriptor, syscall.LOCK_SH)
}

// launch starts a keeper and waits for its server to answer.
func launch(folder string) (string, error) {
	for _, stale := range []string{"address", "failed"} {
		if err := os.Remove(filepath.Join(folder, stale)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	keeper := exec.Command(self)
	keeper.Env = append(os.Environ(), keeperVariable+"="+folder)
	keeper.Dir = folder
	// In a session of its own: an interrupt at the terminal ends the tests, and the
	// keeper sees that and stops the server in order.
	keeper.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := keeper.Start(); err != nil {
		return "", err
	}
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		if address, ok := answering(folder); ok {
			return address, nil
		}
		if reason, err := os.ReadFile(filepath.Join(folder, "failed")); err == nil {
			return "", errors.New(string(reason))
		}
		time.Sleep(20 * time.Millisecond)
	}
	return "", errors.New("PostgreSQL did not start within a minute")
}

func answering(folder string) (address string, ok bool) {
	text, err := os.ReadFile(filepath.Join(folder, "address"))
	if err != nil {
		return "", false
	}
	address = string(text)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	db, err := database.Open(ctx, address)
	if err != nil {
		return "", false
	}
	return address, db.Close() == nil
}

func lock(path string, how int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := flock(int(file.Fd()), how); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func flock(descriptor, how int) error {
	for {
		if err := syscall.Flock(descriptor, how); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// programs finds the folder that has both initdb and postgres.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.Join(err, errors.New("PostgreSQL's programs are not on this machine: install it (Debian: apt-get install postgresql)"))
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// said is a program's output cut to what fits a test's message.
func said(output []byte) string {
	text := strings.TrimSpace(string(output))
	if len(text) > 1000 {
		text = text[len(text)-1000:]
	}
	return text
}
