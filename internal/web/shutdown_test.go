package web_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// running is the App on a real port, and how its serving ended.
func running(t *testing.T, app *web.App) (addr string, served <-chan error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- app.Serve(l) }()
	t.Cleanup(func() { _ = app.Shutdown() })
	return l.Addr().String(), ended
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// Browsers open connections ahead of time and say nothing on them, and keep those on
// which they have been answered. Neither is a request in flight.
func TestNobodyWhoSaysNothingHoldsTheEndUp(t *testing.T) {
	t.Parallel()
	var lines bytes.Buffer
	app := newApp(t, func(o *web.Options) { o.Logger = slog.New(slog.NewTextHandler(&lines, nil)) })
	app.Public("GET", "/verify", func(c *fiber.Ctx) error { return c.SendString("ok") })
	addr, served := running(t, app)
	silent, answered := dial(t, addr), dial(t, addr)
	fmt.Fprint(answered, "GET /verify HTTP/1.1\r\nHost: localhost:8080\r\n\r\n")
	if _, err := http.ReadResponse(bufio.NewReader(answered), nil); err != nil {
		t.Fatal(err)
	}
	if err := app.ShutdownWithin(5 * time.Second); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	if strings.Contains(lines.String(), "cut off") {
		t.Errorf("somebody was waited for in vain: %s", lines.String())
	}
	if n, err := silent.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the silent connection: %d, %v; want it closed", n, err)
	}
}

// A program may be told to stop in the very moment in which it begins to serve.
func TestAnEndBeforeTheStartIsTheEnd(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	if err := app.Shutdown(); err != nil {
		t.Error(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Serve(l); err != nil {
		t.Error(err)
	}
	if conn, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("somebody still listens", conn.Close())
	}
}

// An upload that never ends is cut off at last, and what had come of it is gone.
func TestAnUploadThatNeverEndsIsCutOffAndLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder) // so it is not parallel
	app := uploadApp(t)
	addr, served := running(t, app)
	conn := dial(t, addr)
	fmt.Fprintf(conn, "POST /import HTTP/1.1\r\nHost: localhost:8080\r\nCookie: academy=tasha\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 150000\r\n\r\n"+
		"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\n\r\n%s", strings.Repeat("Maya Reyes\n", 9000))
	left := func() int {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	for deadline := time.Now().Add(10 * time.Second); left() == 0; {
		if time.Now().After(deadline) {
			t.Fatal("the upload never reached the folder: the test looks in the wrong place")
		}
		<-time.After(10 * time.Millisecond)
	}
	if err := app.ShutdownWithin(300 * time.Millisecond); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	if n := left(); n != 0 {
		t.Errorf("%d files of a half upload stay behind", n)
	}
}
