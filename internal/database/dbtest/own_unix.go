//go:build unix

package dbtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// Server is a PostgreSQL of one test's own, for the bad days that it gives the server:
// it is stopped, killed or made to hang, and comes back with what it had committed.
type Server struct {
	t       testing.TB
	bin     string
	cluster string
	process *os.Process
	ended   chan struct{}
}

// Own starts a server for one test, or skips the test as Postgres does. It is not the
// one that other tests use.
func Own(t testing.TB) *Server {
	t.Helper()
	return OwnOn(t, "")
}

// OwnOn is Own with all that the server keeps in a folder: on a disk that may be full.
func OwnOn(t testing.TB, disk string) *Server {
	t.Helper()
	if os.Getenv(Variable) == "" {
		t.Skipf("not run on PostgreSQL: set %s=auto; this test starts a server of its own from the programs on this machine", Variable)
	}
	bin, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	// Not the test's own folder: the server's user could not reach it.
	folder, err := os.MkdirTemp(disk, "academy-postgres-own-")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, bin: bin, cluster: filepath.Join(folder, "cluster")}
	t.Cleanup(func() {
		s.signal(syscall.SIGCONT)
		s.signal(syscall.SIGKILL)
		<-s.ended
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	s.ended = make(chan struct{})
	close(s.ended)
	attributes, err := unprivileged()
	if err == nil {
		err = os.Chmod(folder, 0o755)
	}
	if err == nil {
		err = makeCluster(bin, s.cluster, attributes)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	return s
}

// Address leads to the server's one database, through a socket.
func (s *Server) Address() string { return addressOf(s.cluster) }

// Start starts the server where it has ended, and waits until it answers. After a kill
// that takes a few tries: the processes that it left hold on for a moment.
func (s *Server) Start() {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		select {
		case <-s.ended:
			s.launch()
		case <-time.After(50 * time.Millisecond):
		}
		if s.answers() {
			return
		}
	}
	log, _ := os.ReadFile(filepath.Join(s.cluster, "server.log"))
	s.t.Fatalf("PostgreSQL does not start: %s", said(log))
}

// launch runs the server on a thread of its own: the system ends the server with the
// thread that started it.
func (s *Server) launch() {
	s.t.Helper()
	launched, ended := make(chan error, 1), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer close(ended)
		attributes, err := unprivileged()
		if err != nil {
			launched <- err
			return
		}
		process, done, err := runServer(s.bin, s.cluster, attributes)
		s.process = process
		if launched <- err; err == nil {
			<-done
		}
	}()
	s.ended = ended
	if err := <-launched; err != nil {
		s.t.Fatal(err)
	}
}

func (s *Server) answers() bool {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	db, err := database.Open(ctx, s.Address())
	return err == nil && db.Close() == nil
}

// Stop ends the server as its owner does, hanging up on everybody.
func (s *Server) Stop() { s.signal(syscall.SIGINT); <-s.ended }

// Kill ends the server and all its processes as a plug that is pulled does.
func (s *Server) Kill() {
	for _, process := range s.processes() {
		_ = syscall.Kill(process, syscall.SIGKILL)
	}
	<-s.ended
}

// Hang makes the server and all its processes stand still: it is there, and answers nothing.
func (s *Server) Hang() {
	s.t.Helper()
	for _, process := range s.processes() {
		if err := syscall.Kill(process, syscall.SIGSTOP); err != nil && !errors.Is(err, syscall.ESRCH) {
			s.t.Error(err)
		}
	}
}

// Wake lets a server that hangs go on.
func (s *Server) Wake() {
	for _, process := range s.processes() {
		_ = syscall.Kill(process, syscall.SIGCONT)
	}
}

func (s *Server) signal(what syscall.Signal) {
	if s.process != nil {
		_ = s.process.Signal(what)
	}
}

// processes are the server's, the first of them before those that it started.
func (s *Server) processes() []int {
	all := []int{s.process.Pid}
	children, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(s.process.Pid), "task", strconv.Itoa(s.process.Pid), "children"))
	if err != nil {
		return all // where the system does not tell, the first alone
	}
	for _, child := range strings.Fields(string(children)) {
		if id, err := strconv.Atoi(child); err == nil {
			all = append(all, id)
		}
	}
	return all
}
