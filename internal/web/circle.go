package web

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/a-h/templ"
)

// Emblem is the Academy's sign: twelve seats in a circle around one light.
func Emblem() templ.Component {
	return drawn(func(b *strings.Builder) {
		b.WriteString(`<svg class="emblem" viewBox="0 0 48 48" aria-hidden="true" focusable="false">`)
		kinds := []string{"lake", "sky", "gold"}
		for i := range 12 {
			x, y := around(24, 24, 19, 19, float64(i)/12)
			fmt.Fprintf(b, `<circle class="dot-%s" cx="%.1f" cy="%.1f" r="3.4"/>`, kinds[i%3], x, y)
		}
		b.WriteString(`<circle class="dot-clay" cx="24" cy="24" r="2.8"/></svg>`)
	})
}

// Circle is an ornament: empty seats waiting in a circle.
func Circle(seats int) templ.Component {
	return drawn(func(b *strings.Builder) {
		b.WriteString(`<svg class="circle" viewBox="0 0 100 100" aria-hidden="true" focusable="false">`)
		for i := range seats {
			x, y := around(50, 50, 38, 38, float64(i)/float64(seats))
			fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="7"/>`, x, y)
		}
		b.WriteString(`</svg>`)
	})
}

// Seat is one person's place in the circle.
type Seat struct {
	Short string // two or three letters
	Name  string // read out, with Word
	State string // present, late, excused, absent, open
	Word  string // the state in the reader's language
	Href  string // where a tap leads; "" for a seat that can't be tapped
	Now   bool   // the one whose turn it is
	Lines int    // how many lines of them the page has seen, for its script
}

// SeatsProps is a circle of seats.
type SeatsProps struct {
	Seats      []Seat
	Big, Small string // in the middle: "15", "of 20 here"
	Label      string // names the picture
}

// marks are the signs on a seat, drawn around 0,0, so that colour never speaks alone.
var marks = map[string]string{
	"present": "M-3.5 0l2.5 2.6 4.6-5.2",
	"late":    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0M0-2.2V0l1.6 1",
	"excused": "M-3.5 0h7",
	"absent":  "M-2.8-2.8l5.6 5.6m0-5.6l-5.6 5.6",
}

// SeatCircle draws people around a circle, each seat at least 44 px wide on a phone
// for up to 30; a bigger group gets a longer table.
func SeatCircle(p SeatsProps) templ.Component {
	return drawn(func(b *strings.Builder) {
		const seat, gap, width = 48.0, 1.0, 318.0
		rx := (width - seat) / 2
		ry := rx
		for perimeter(rx, ry) < float64(len(p.Seats))*(seat+gap) {
			ry += 4
		}
		height := 2*ry + seat
		fmt.Fprintf(b, `<svg class="seat-circle" viewBox="0 0 %g %g" role="group" aria-label="%s">`, width, height, templ.EscapeString(p.Label))
		for i, at := range spread(len(p.Seats), rx, ry) {
			drawSeat(b, p.Seats[i], width/2+at[0], height/2+at[1], seat/2)
		}
		fmt.Fprintf(b, `<text class="seat-big" x="%g" y="%g">%s</text><text class="seat-small" x="%g" y="%g">%s</text></svg>`,
			width/2, height/2+6, templ.EscapeString(p.Big), width/2, height/2+34, templ.EscapeString(p.Small))
	})
}

// LegendEntry explains one state of the seats: "Present 14".
type LegendEntry struct {
	State, Text string
}

// Legend explains the seats of a circle.
func Legend(entries []LegendEntry) templ.Component {
	return drawn(func(b *strings.Builder) {
		b.WriteString(`<ul class="legend">`)
		for _, e := range entries {
			fmt.Fprintf(b, `<li><svg class="legend-sign" viewBox="-12 -12 24 24" aria-hidden="true" focusable="false"><g class="seat seat-%s"><circle r="10"/><path class="seat-mark" d="%s"/></g></svg>%s</li>`,
				e.State, marks[e.State], templ.EscapeString(e.Text))
		}
		b.WriteString(`</ul>`)
	})
}

func drawSeat(b *strings.Builder, s Seat, x, y, r float64) {
	class := "seat seat-" + s.State
	if s.Now {
		class += " seat-now"
	}
	said := templ.EscapeString(s.Name + ": " + s.Word)
	if s.Href != "" {
		fmt.Fprintf(b, `<a class="%s" href="%s" aria-label="%s" data-lines="%d">`, class, templ.EscapeString(string(templ.URL(s.Href))), said, s.Lines)
	} else {
		fmt.Fprintf(b, `<g class="%s" role="img" aria-label="%s">`, class, said)
	}
	fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="%.1f"/><text x="%.1f" y="%.1f">%s</text>`, x, y, r-1, x, y-2, templ.EscapeString(s.Short))
	if mark := marks[s.State]; mark != "" {
		fmt.Fprintf(b, `<path class="seat-mark" transform="translate(%.1f %.1f)" d="%s"/>`, x, y+12, mark)
	}
	if s.Href != "" {
		b.WriteString(`</a>`)
	} else {
		b.WriteString(`</g>`)
	}
}

// around is the point at a part of the way around an ellipse, clockwise from the top.
func around(cx, cy, rx, ry, part float64) (x, y float64) {
	sin, cos := math.Sincos(2 * math.Pi * part)
	return cx + rx*sin, cy - ry*cos
}

// perimeter of an ellipse by Ramanujan's rule, right to a thousandth here.
func perimeter(a, b float64) float64 {
	return math.Pi * (3*(a+b) - math.Sqrt((3*a+b)*(a+3*b)))
}

// spread puts n points around an ellipse at equal distances along its line.
func spread(n int, rx, ry float64) [][2]float64 {
	const steps = 720
	lengths := make([]float64, steps+1)
	px, py := around(0, 0, rx, ry, 0)
	for i := 1; i <= steps; i++ {
		x, y := around(0, 0, rx, ry, float64(i)/steps)
		lengths[i] = lengths[i-1] + math.Hypot(x-px, y-py)
		px, py = x, y
	}
	points := make([][2]float64, 0, n)
	step := 0
	for i := range n {
		want := lengths[steps] * float64(i) / float64(n)
		for lengths[step+1] < want {
			step++
		}
		x, y := around(0, 0, rx, ry, float64(step)/steps)
		points = append(points, [2]float64{x, y})
	}
	return points
}

func drawn(draw func(b *strings.Builder)) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		draw(&b)
		_, err := io.WriteString(w, b.String())
		return err
	})
}
