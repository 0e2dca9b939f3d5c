package web

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// RingProps is a circle that closes as something is earned.
type RingProps struct {
	Done, Total int
	Label       string // what a screen reader hears: "76 of 144 hours"
	Big, Small  string // in the middle: "76", "of 144 h"
}

// Ring draws progress as a circle that closes.
func Ring(p RingProps) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		const radius = 42.0
		round := 2 * math.Pi * radius
		part := 0.0
		if p.Total > 0 {
			part = min(1, max(0, float64(p.Done)/float64(p.Total)))
		}
		var b strings.Builder
		fmt.Fprintf(&b, `<svg class="ring" viewBox="0 0 100 100" role="img" aria-label="%s">`, templ.EscapeString(p.Label))
		fmt.Fprintf(&b, `<circle class="ring-track" cx="50" cy="50" r="%g"/>`, radius)
		if part > 0 {
			fmt.Fprintf(&b, `<circle class="ring-done" cx="50" cy="50" r="%g" transform="rotate(-90 50 50)" stroke-dasharray="%.1f %.1f"/>`, radius, part*round, round)
		}
		if p.Big != "" {
			class := "ring-big"
			if utf8.RuneCountInString(p.Big) > 4 { // "100 %" would touch the ring
				class += " ring-long"
			}
			fmt.Fprintf(&b, `<text class="%s" x="50" y="46">%s</text><text class="ring-small" x="50" y="64">%s</text>`,
				class, templ.EscapeString(p.Big), templ.EscapeString(p.Small))
		}
		b.WriteString(`</svg>`)
		_, err := io.WriteString(w, b.String())
		return err
	})
}
