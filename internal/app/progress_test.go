package app

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestProgressIsABarOnATerminalAndNothingElsewhere(t *testing.T) {
	t.Parallel()
	var screen bytes.Buffer
	p := &progress{out: &screen}
	for done := range 1001 {
		p.shown = time.Time{}
		p.show(done, 1000)
	}
	p.end()
	for _, want := range []string{"\r[..............................] 0 of 1000 texts", "\r[###############...............] 500 of 1000 texts", "\r[##############################] 1000 of 1000 texts"} {
		if !strings.Contains(screen.String(), want) {
			t.Errorf("never shown: %q", want)
		}
	}
	path := filepath.Join(t.TempDir(), "log")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	p = newProgress(file)
	p.show(1, 2)
	p.end()
	if said, err := os.ReadFile(path); err != nil || len(said) > 0 {
		t.Errorf("into a file: %q, %v", said, err)
	}
	newProgress(nil).show(1, 2)
}

func TestACommandStoppedBeforeItsDatabaseIsOpenSaysSo(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	c := Defaults()
	c.Data = filepath.Join(t.TempDir(), "data")
	if err := ImportCurriculum(ctx, c, t.TempDir(), ImportOptions{}, &bytes.Buffer{}); !errors.Is(err, errStopped) {
		t.Errorf("it says %v", err)
	}
}
