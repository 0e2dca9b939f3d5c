package main_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

// BenchmarkStart weighs a start on the records of an Academy in the middle of its year:
// the time from the start of the process to its first answered page, of which the aim is
// at most 300 ms, its processor time, and the memory that it holds when it has gone quiet,
// at most 60 MB. It has a folder that somebody uses, not a demo's: serve leaves those alone.
func BenchmarkStart(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			c := inUse(b, dbtest.Empty(b, engine))
			program(b)
			var ms, cpu, idle, peak float64
			for range b.N {
				s := startOnce(b, c)
				ms, cpu = ms+float64(s.took.Microseconds())/1000, cpu+float64(s.cpu.Microseconds())/1000
				idle, peak = idle+s.idle, max(peak, s.peak)
			}
			n := float64(b.N)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ms/n, "ms-to-page")
			b.ReportMetric(cpu/n, "cpu-ms")
			b.ReportMetric(idle/n, "idle-MB")
			b.ReportMetric(peak, "peak-MB")
		})
	}
}

// inUse fills a database with what a demo has.
func inUse(b *testing.B, database string) app.Config {
	b.Helper()
	c := app.Defaults()
	c.Data, c.Database, c.Addr = b.TempDir(), database, freeAddress(b)
	c.Keys = filepath.Join(c.Data, "keys")
	demo := c
	demo.Data = filepath.Join(b.TempDir(), "demo")
	a, err := app.OpenDemoBy(context.Background(), demo, slog.New(slog.NewTextHandler(io.Discard, nil)), clock.System)
	if err == nil {
		err = a.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// start is what one start took.
type start struct {
	took, cpu  time.Duration
	idle, peak float64 // megabytes
}

func startOnce(b *testing.B, c app.Config) (s start) {
	b.Helper()
	cmd := command(b, nil, "serve", "--data", c.Data, "--database", c.Database, "--addr", c.Addr)
	began := time.Now()
	r := begin(b, cmd)
	if a := r.browser().get("/sign-in"); a.status != 200 {
		b.Fatalf("the first page: %d", a.status)
	}
	s.took = time.Since(began)
	time.Sleep(time.Second) // what follows a start has been done by then
	s.idle, s.peak = memory(b, cmd.Process.Pid, "VmRSS"), memory(b, cmd.Process.Pid, "VmHWM")
	r.end()
	s.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return s
}

// memory is what the system says of a process's memory, in megabytes.
func memory(t testing.TB, process int, field string) float64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		if rest, found := bytes.CutPrefix(lines.Bytes(), []byte(field+":")); found {
			kilobytes, err := strconv.ParseFloat(string(bytes.Fields(rest)[0]), 64)
			if err != nil {
				t.Fatal(err)
			}
			return kilobytes / 1024
		}
	}
	t.Fatalf("no %s of process %d", field, process)
	return 0
}
