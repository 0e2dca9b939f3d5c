package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
)

// Exit statuses of Verify (contract, Commands).
const (
	allValid     = 0
	someInvalid  = 1
	someUnread   = 2
	largestCheck = 5 << 20 // bytes of one file
)

// Verify checks certificates without a network: against the snapshot in trust, or that
// of the data folder's own Academy. It gives the exit status: 0 when every verdict is
// valid, 1 when any is not or the snapshot is too old, 2 when a file can't be read.
func Verify(ctx context.Context, c Config, files []string, trust string, acceptAge bool, out io.Writer) (int, error) {
	snapshot, err := snapshotOf(ctx, c, trust)
	if err != nil {
		return someUnread, err
	}
	now := clock.System()
	status := allValid
	for _, path := range files {
		file, err := readBounded(path)
		if err != nil {
			fmt.Fprintf(out, "%s: can't be read: %s\n", path, reason(err))
			status = someUnread
			continue
		}
		result, err := certificates.CheckOffline(file, snapshot, now)
		if err != nil {
			return someUnread, err
		}
		tellResult(out, path, result)
		if result.Verdict != credential.Valid {
			status = max(status, someInvalid)
		}
	}
	fmt.Fprintf(out, "Standing as of %s; whether a copy is still shared was not checked.\n", snapshot.Date().Format(time.RFC1123))
	if snapshot.Stale(now) && !acceptAge {
		fmt.Fprintln(out, "The snapshot is older than 7 days. Make a new one with academy trust DIR, or use --accept-age.")
		status = max(status, someInvalid)
	}
	return status, nil
}

func snapshotOf(ctx context.Context, c Config, dir string) (credential.Trust, error) {
	if dir != "" {
		snapshot, err := credential.ReadTrust(dir)
		if err != nil {
			return credential.Trust{}, fmt.Errorf("--trust %s: %w; make a new one with academy trust DIR", dir, err)
		}
		return snapshot, nil
	}
	a, err := standing(ctx, c)
	if err != nil {
		return credential.Trust{}, fmt.Errorf("%w, or a folder made by academy trust with --trust", err)
	}
	defer func() { _ = a.Close() }()
	return a.Certificates.Snapshot(ctx)
}

func readBounded(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, largestCheck+1))
	if err != nil {
		return nil, err
	}
	if len(data) > largestCheck {
		return nil, errors.New("larger than 5 MiB")
	}
	return data, nil
}

// reason leaves out the path, which the line says already.
func reason(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

func tellResult(out io.Writer, path string, r credential.Result) {
	fmt.Fprintf(out, "%s: %s\n", path, r.Verdict)
	if r.Claims != nil {
		fmt.Fprintf(out, "  %s, %s, edition %s, %s\n", r.Claims.Name, r.Claims.CourseTitle, r.Claims.Edition, r.Claims.Number)
		if r.Claims.Sample {
			fmt.Fprintln(out, "  SAMPLE: made by a demo, worth nothing.")
		}
	}
	for _, check := range r.Checks {
		sign := "-"
		if check.OK != nil {
			sign = map[bool]string{true: "ok", false: "no"}[*check.OK]
		}
		line := fmt.Sprintf("  %-2s %s", sign, check.Step)
		if check.Detail != "" {
			line += " (" + string(check.Detail) + ")"
		}
		fmt.Fprintln(out, line)
	}
}

// Trust writes the snapshot that Verify relies on into a folder.
func Trust(ctx context.Context, c Config, dir string, out io.Writer) error {
	a, err := standing(ctx, c)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	if err := a.Certificates.SignStatus(ctx); err != nil {
		return err
	}
	snapshot, err := a.Certificates.Snapshot(ctx)
	if err != nil {
		return err
	}
	if err := snapshot.Write(dir); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Written to %s, as of %s.\n", dir, snapshot.Date().Format(time.RFC1123))
	return err
}
