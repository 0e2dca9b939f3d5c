package pages

import (
	"fmt"
	"math"
	"strings"

	"github.com/a-h/templ"
)

// openCircle draws the Academy's circle large: people seated around one light, a thread
// between neighbours, and one seat left open. It is an ornament and says nothing to a
// screen reader.
func openCircle() templ.Component {
	return drawn(func(b *strings.Builder) {
		const seats, centre, radius = 18, 200.0, 150.0
		kinds := []string{"lake", "sky", "gold", "lake", "leaf", "gold"}
		b.WriteString(`<svg class="open-circle" viewBox="0 0 400 400" aria-hidden="true" focusable="false">`)
		for _, r := range []float64{112, 84, 58} {
			fmt.Fprintf(b, `<circle class="ripple" cx="200" cy="200" r="%g"/>`, r)
		}
		fmt.Fprintf(b, `<circle class="thread" cx="200" cy="200" r="%g"/>`, radius)
		for i := range seats {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / seats)
			x, y := centre+radius*sin, centre-radius*cos
			if i == seats/2 {
				fmt.Fprintf(b, `<circle class="seat-open" cx="%.1f" cy="%.1f" r="18"/>`, x, y)
				continue
			}
			person(b, x, y, sin, cos, kinds[i%len(kinds)])
		}
		b.WriteString(`<circle class="glow" cx="200" cy="200" r="30"/><circle class="light" cx="200" cy="200" r="13"/></svg>`)
	})
}

// person is one who sits facing the light: shoulders outside, head towards the middle.
func person(b *strings.Builder, x, y, sin, cos float64, kind string) {
	turn := math.Atan2(sin, cos) * 180 / math.Pi
	fmt.Fprintf(b, `<g class="sits sits-%s" transform="translate(%.1f %.1f) rotate(%.0f)">`, kind, x, y, turn)
	b.WriteString(`<path d="M-21 -2a21 17 0 0 1 42 0a21 9 0 0 1 -42 0z"/><circle cy="4" r="10"/></g>`)
}
