package web_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func drawing(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var (
	seatPlace = regexp.MustCompile(`<circle cx="([0-9.]+)" cy="([0-9.]+)" r="([0-9.]+)"/>`)
	viewBox   = regexp.MustCompile(`viewBox="0 0 ([0-9.]+) ([0-9.]+)"`)
)

// A phone of 390 px gives the circle 318 px, so a unit of the drawing is a pixel there.
func TestEverySeatIsAThumbWideAndNoneOverlaps(t *testing.T) {
	t.Parallel()
	number := func(s string) float64 {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for _, n := range []int{0, 1, 2, 3, 12, 17, 20, 25, 32, 40} {
		seats := make([]web.Seat, n)
		for i := range seats {
			seats[i] = web.Seat{Short: "Ta", Name: "Tasha", State: "present", Word: "Present", Href: "/"}
		}
		svg := drawing(t, web.SeatCircle(web.SeatsProps{Seats: seats, Big: "0", Small: "of 0"}))
		box := viewBox.FindStringSubmatch(svg)
		width, height := number(box[1]), number(box[2])
		if width > 318 {
			t.Errorf("%d seats: drawn %g wide, so that a phone makes them smaller", n, width)
		}
		found := seatPlace.FindAllStringSubmatch(svg, -1)
		if len(found) != n {
			t.Fatalf("%d seats: %d drawn", n, len(found))
		}
		for i, a := range found {
			x, y, r := number(a[1]), number(a[2]), number(a[3])
			if 2*r < 44 || x-r < 0 || y-r < 0 || x+r > width || y+r > height {
				t.Errorf("%d seats: seat %d at %g,%g with radius %g in %gx%g", n, i, x, y, r, width, height)
			}
			for j, b := range found[:i] {
				if d := math.Hypot(x-number(b[1]), y-number(b[2])); d < 2*r {
					t.Errorf("%d seats: %d and %d are %.1f apart", n, i, j, d)
				}
			}
		}
	}
}

func TestNamesInDrawingsAreEscaped(t *testing.T) {
	t.Parallel()
	evil := `"><script>alert(1)</script>`
	for name, svg := range map[string]string{
		"seats":  drawing(t, web.SeatCircle(web.SeatsProps{Seats: []web.Seat{{Short: evil, Name: evil, Word: evil, State: "open", Href: "javascript:alert(1)"}}, Big: evil, Small: evil, Label: evil})),
		"ring":   drawing(t, web.Ring(web.RingProps{Done: 1, Total: 2, Label: evil, Big: evil, Small: evil})),
		"legend": drawing(t, web.Legend([]web.LegendEntry{{State: "open", Text: evil}})),
	} {
		if strings.Contains(svg, "<script") || strings.Contains(svg, `href="javascript`) {
			t.Errorf("%s: %s", name, svg)
		}
	}
}

func TestTheRingClosesAsMinutesAreEarned(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		done, total int
		want        string
	}{{0, 144, ""}, {72, 144, "131.9 263.9"}, {144, 144, "263.9 263.9"}, {200, 144, "263.9 263.9"}, {-5, 144, ""}, {5, 0, ""}} {
		svg := drawing(t, web.Ring(web.RingProps{Done: c.done, Total: c.total, Label: fmt.Sprint(c.done)}))
		drawn := strings.Contains(svg, "ring-done")
		if drawn != (c.want != "") || !strings.Contains(svg, c.want) {
			t.Errorf("%d of %d: %s", c.done, c.total, svg)
		}
	}
}

func TestAnIconThatIsNotDrawnIsAnError(t *testing.T) {
	t.Parallel()
	if err := web.Icon("unicorn").Render(context.Background(), &bytes.Buffer{}); err == nil {
		t.Error("no error")
	}
}
