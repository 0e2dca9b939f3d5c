package pages

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// bar draws how much of something is behind. The words beside it say the same.
func bar(done, total int) templ.Component {
	return drawn(func(b *strings.Builder) {
		part := 0.0
		if total > 0 {
			part = 100 * min(1, float64(done)/float64(total))
		}
		fmt.Fprintf(b, `<svg class="mini-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="bar-track" width="100" height="8" rx="4"/><rect class="bar-done" width="%.1f" height="8" rx="4"/></svg>`, part)
	})
}

func drawn(draw func(b *strings.Builder)) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		draw(&b)
		_, err := io.WriteString(w, b.String())
		return err
	})
}

// first is at most n of a list.
func first[T any](all []T, n int) []T { return all[:min(n, len(all))] }
