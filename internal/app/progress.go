package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
)

// errStopped says that a command was stopped before it had stored anything.
var errStopped = errors.New("stopped; nothing was stored")

// progress is a bar on a terminal; elsewhere it shows nothing.
type progress struct {
	out   io.Writer
	shown time.Time
}

func newProgress(out io.Writer) *progress {
	if file, is := out.(*os.File); !is || !isatty.IsTerminal(file.Fd()) {
		out = nil
	}
	return &progress{out: out}
}

// show draws the bar anew, a few times a second.
func (p *progress) show(done, all int) {
	if p.out == nil || time.Since(p.shown) < 100*time.Millisecond {
		return
	}
	p.shown = time.Now()
	const width = 30
	full := width * done / max(all, 1)
	fmt.Fprintf(p.out, "\r[%s%s] %d of %d texts", strings.Repeat("#", full), strings.Repeat(".", width-full), done, all)
}

// end takes the bar away.
func (p *progress) end() {
	if p.out != nil && !p.shown.IsZero() {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
