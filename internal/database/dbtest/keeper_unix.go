//go:build unix

package dbtest

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// idle is how long the server outlives its last user: the test binaries of one run
// come one after the other.
const idle = 5 * time.Second

// keep makes a cluster, runs a server on it, and stops it and removes the cluster
// when no test binary has used it for a while.
func keep(folder string) error {
	// The server is told to end when the thread that started it does.
	runtime.LockOSThread()
	bin, err := programs()
	if err != nil {
		return err
	}
	attributes, err := unprivileged()
	if err != nil {
		return err
	}
	cluster := filepath.Join(folder, "cluster")
	if err := makeCluster(bin, cluster, attributes); err != nil {
		return err
	}
	server, ended, err := runServer(bin, cluster, attributes)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "address"), []byte(addressOf(cluster)), 0o644); err != nil {
		return errors.Join(err, server.Kill())
	}
	return stopUnused(folder, cluster, server, ended)
}

// addressOf leads to the database of a cluster's server.
func addressOf(cluster string) string {
	return "postgres://academy@/postgres?" + url.Values{"host": {cluster}, "port": {"5432"}}.Encode()
}

// stopUnused waits until nobody holds the lock of the users, and stops the server
// while it holds the lock under which one is started.
func stopUnused(folder, cluster string, server *os.Process, ended <-chan error) error {
	unused := time.Now()
	for {
		select {
		case err := <-ended:
			return fmt.Errorf("PostgreSQL ended by itself: %w", err)
		case <-time.After(250 * time.Millisecond):
		}
		using, err := lock(filepath.Join(folder, "using"), syscall.LOCK_EX|syscall.LOCK_NB)
		if err != nil {
			unused = time.Now()
			continue
		}
		_ = using.Close()
		if time.Since(unused) < idle {
			continue
		}
		starting, err := lock(filepath.Join(folder, "starting"), syscall.LOCK_EX|syscall.LOCK_NB)
		if err != nil {
			continue
		}
		using, err = lock(filepath.Join(folder, "using"), syscall.LOCK_EX|syscall.LOCK_NB)
		if err != nil {
			_ = starting.Close()
			continue
		}
		_ = os.Remove(filepath.Join(folder, "address"))
		_ = server.Signal(syscall.SIGQUIT)
		<-ended
		err = os.RemoveAll(cluster)
		return errors.Join(err, using.Close(), starting.Close())
	}
}

func makeCluster(bin, cluster string, attributes *syscall.SysProcAttr) error {
	if err := os.RemoveAll(cluster); err != nil {
		return err
	}
	if err := os.Mkdir(cluster, 0o700); err != nil {
		return err
	}
	if as := attributes.Credential; as != nil {
		if err := os.Chown(cluster, int(as.Uid), int(as.Gid)); err != nil {
			return err
		}
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "--pgdata="+cluster, "--username=academy",
		"--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	initdb.Dir, initdb.SysProcAttr = cluster, attributes
	if output, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, said(output))
	}
	return nil
}

// runServer starts PostgreSQL on a socket in the cluster's folder. It need not
// survive a power cut; its zone is not UTC so that a connection which does not ask
// for UTC is found out.
func runServer(bin, cluster string, attributes *syscall.SysProcAttr) (*os.Process, <-chan error, error) {
	log, err := os.Create(filepath.Join(cluster, "server.log"))
	if err != nil {
		return nil, nil, err
	}
	defer log.Close()
	arguments := []string{"-D", cluster, "-k", cluster, "-p", "5432"}
	for _, setting := range []string{
		"listen_addresses=", "max_connections=500", "shared_buffers=128MB", "timezone=America/Chicago",
		"fsync=off", "full_page_writes=off", "autovacuum=off", "jit=off", "max_locks_per_transaction=256",
	} {
		arguments = append(arguments, "-c", setting)
	}
	server := exec.Command(filepath.Join(bin, "postgres"), arguments...)
	server.Dir, server.SysProcAttr = cluster, attributes
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		return nil, nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	return server.Process, ended, nil
}

// unprivileged says as whom PostgreSQL's programs run: they refuse root.
func unprivileged() (*syscall.SysProcAttr, error) {
	attributes := &syscall.SysProcAttr{}
	endWithParent(attributes)
	if os.Getuid() != 0 {
		return attributes, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(account.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(account.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		attributes.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return attributes, nil
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is no user postgres or nobody")
}
