// Package main_test starts the program itself, as its owner does, and gives it the bad
// days that machines have: wrong words, full disks, databases that go away, a plug that
// is pulled.
package main_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// workshop is where the program is built, once for all tests.
var workshop string

func TestMain(m *testing.M) {
	var err error
	if workshop, err = os.MkdirTemp("", "academy-built-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(workshop)
	os.Exit(code)
}

var built = sync.OnceValues(func() (string, error) {
	path := filepath.Join(workshop, "academy")
	args := []string{"build", "-buildvcs=false", "-o", path}
	if raced {
		args = append(args, "-race")
		for _, translated := range []string{"sqlite/lib", "libc/...", "memory"} { // as .ci/run builds the rest
			args = append(args, "-gcflags=modernc.org/"+translated+"=-race=false")
		}
	}
	if out, err := exec.Command("go", append(args, ".")...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func program(t testing.TB) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// command is the program with its arguments, in an empty folder of its own and with no
// setting of ours in its environment but those that are given.
func command(t testing.TB, env []string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(program(t), args...)
	c.Dir = t.TempDir()
	for _, pair := range os.Environ() {
		// GOGC would have it keep more memory than it does where people use it.
		if !strings.HasPrefix(pair, "ACADEMY_") && !strings.HasPrefix(pair, "GOGC=") {
			c.Env = append(c.Env, pair)
		}
	}
	c.Env = append(c.Env, env...)
	return c
}

// said is what a command said and how it ended.
type said struct {
	code     int
	out, err string
}

func academy(t testing.TB, args ...string) said {
	t.Helper()
	return academyWith(t, nil, args...)
}

func academyWith(t testing.TB, env []string, args ...string) said {
	t.Helper()
	return ended(t, command(t, env, args...))
}

// ended runs a command to its end.
func ended(t testing.TB, c *exec.Cmd) said {
	t.Helper()
	var out, errOut bytes.Buffer
	c.Stdout, c.Stderr = &out, &errOut
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return said{c.ProcessState.ExitCode(), out.String(), errOut.String()}
}

// ok ends the test unless the command did what it was asked for.
func (s said) ok(t testing.TB) said {
	t.Helper()
	if s.code != 0 {
		t.Fatalf("exit status %d\n%s%s", s.code, s.out, s.err)
	}
	return s
}

// lines collects what a running program says.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
	news chan struct{}
}

func newLines() *lines { return &lines{news: make(chan struct{}, 1)} }

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.news <- struct{}{}:
	default:
	}
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// running is the program while it serves.
type running struct {
	t        testing.TB
	cmd      *exec.Cmd
	out, err *lines
	base     string
	gone     chan struct{} // closed when the process has ended
}

var openAt = regexp.MustCompile(`The Academy is open at (\S+)`)

// begin starts the program and waits until it is open.
func begin(t testing.TB, c *exec.Cmd) *running {
	t.Helper()
	r := &running{t: t, cmd: c, out: newLines(), err: newLines(), gone: make(chan struct{})}
	c.Stdout, c.Stderr = r.out, r.err
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = c.Wait(); close(r.gone) }()
	t.Cleanup(func() { _ = c.Process.Kill(); <-r.gone })
	deadline := time.After(2 * time.Minute)
	for {
		if m := openAt.FindStringSubmatch(r.out.String()); m != nil {
			r.base = m[1]
			return r
		}
		select {
		case <-r.out.news:
		case <-r.gone:
			t.Fatalf("it ended with status %d before it was open\n%s%s", c.ProcessState.ExitCode(), r.out, r.err)
		case <-deadline:
			t.Fatalf("it never opened\n%s%s", r.out, r.err)
		}
	}
}

// signal asks the program for something, or ends it.
func (r *running) signal(s syscall.Signal) {
	r.t.Helper()
	if err := r.cmd.Process.Signal(s); err != nil {
		r.t.Fatal(err)
	}
}

// status waits for the end and gives the exit status; -1 for one that was killed.
func (r *running) status() int {
	r.t.Helper()
	select {
	case <-r.gone:
	case <-time.After(2 * time.Minute):
		r.t.Fatalf("it does not end\n%s", r.err)
	}
	return r.cmd.ProcessState.ExitCode()
}

// end asks the program to stop, as a machine does that is shut down, and wants it to go
// in order.
func (r *running) end() {
	r.t.Helper()
	r.signal(syscall.SIGTERM)
	if code := r.status(); code != 0 {
		r.t.Errorf("after SIGTERM exit status %d\n%s", code, r.err)
	}
}

// freeAddress is an address of this machine on which nobody listens.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// until asks again and again, for as long as what it waits for may take on a busy machine.
func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatalf("%s: not within a minute", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
