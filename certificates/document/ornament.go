package document

import (
	"math"

	"rsc.io/qr"
)

type colour struct{ r, g, b int }

var (
	paperTone = colour{0xfc, 0xf9, 0xf2}
	ink       = colour{0x1d, 0x24, 0x30}
	muted     = colour{0x5a, 0x60, 0x6b}
	lake      = colour{0x0f, 0x4c, 0x5c}
	sky       = colour{0x1f, 0x6f, 0x93}
	clay      = colour{0xb4, 0x47, 0x2f}
	gold      = colour{0x8a, 0x5a, 0x12}
	leaf      = colour{0x2f, 0x6f, 0x4f}
)

// tint lays a colour thinly on the paper: 0 is the paper, 1 the colour.
func (c colour) tint(amount float64) colour {
	mix := func(p, q int) int { return p + int(math.Round(float64(q-p)*amount)) }
	return colour{mix(paperTone.r, c.r), mix(paperTone.g, c.g), mix(paperTone.b, c.b)}
}

func (s *sheet) fill(c colour)   { s.pdf.SetFillColor(c.r, c.g, c.b) }
func (s *sheet) stroke(c colour) { s.pdf.SetDrawColor(c.r, c.g, c.b) }

// dot is a round-capped stroke of almost no length: a tenth of the bytes of a
// circle. Of no length at all some readers draw nothing.
func (s *sheet) dot(x, y, radius float64, c colour) {
	s.stroke(c)
	s.pdf.SetLineCapStyle("round")
	s.pdf.SetLineWidth(2 * radius)
	s.pdf.Line(x, y, x+0.01, y)
	s.pdf.SetLineCapStyle("butt")
}

// ring draws n dots on a circle, its colours in turn, the first at the top.
func (s *sheet) ring(x, y, radius, dot float64, n int, colours ...colour) {
	s.pdf.SetLineCapStyle("round")
	s.pdf.SetLineWidth(2 * dot)
	for c, colour := range colours {
		s.stroke(colour)
		for i := c; i < n; i += len(colours) {
			a := 2*math.Pi*float64(i)/float64(n) - math.Pi/2
			px, py := x+radius*math.Cos(a), y+radius*math.Sin(a)
			s.pdf.Line(px, py, px+0.01, py)
		}
	}
	s.pdf.SetLineCapStyle("butt")
}

// emblem is the Academy's circle: people around one middle.
func (s *sheet) emblem(x, y, radius float64) {
	s.ring(x, y, radius, radius*0.165, 12, lake, sky, gold)
	s.dot(x, y, radius*0.15, clay)
}

// ground is the paper, the frame and the great circle that stands behind the name.
func (s *sheet) ground() {
	s.fill(paperTone)
	s.pdf.Rect(0, 0, s.w, s.h, "F")
	palette := []colour{lake, sky, gold, leaf, clay}
	for i := range 9 {
		r := 34 + 7.2*float64(i)
		c := palette[i%len(palette)].tint(0.15 - 0.009*float64(i))
		s.ring(s.mid, s.h*0.49, r, 0.62+0.045*float64(i), 40+8*i, c)
	}
	s.stroke(lake)
	s.pdf.SetLineWidth(0.7)
	s.pdf.Rect(9, 9, s.w-18, s.h-18, "D")
	s.stroke(gold.tint(0.65))
	s.pdf.SetLineWidth(0.22)
	s.pdf.Rect(11.2, 11.2, s.w-22.4, s.h-22.4, "D")
	for _, x := range []float64{11.2, s.w - 11.2} {
		for _, y := range []float64{11.2, s.h - 11.2} {
			s.fill(paperTone)
			s.pdf.Circle(x, y, 5.4, "F")
			s.ring(x, y, 3.6, 0.6, 12, lake, sky, gold)
			s.dot(x, y, 0.6, clay)
		}
	}
}

// seal stands where a stamp would: rings of dots around the emblem.
func (s *sheet) seal(x, y, radius float64) {
	s.fill(paperTone)
	s.pdf.Circle(x, y, radius, "F")
	s.stroke(lake)
	s.pdf.SetLineWidth(0.5)
	s.pdf.Circle(x, y, radius, "D")
	s.ring(x, y, radius*0.90, radius*0.026, 60, gold)
	s.stroke(gold.tint(0.8))
	s.pdf.SetLineWidth(0.2)
	s.pdf.Circle(x, y, radius*0.80, "D")
	s.ring(x, y, radius*0.69, radius*0.045, 24, leaf, clay, sky)
	s.emblem(x, y, radius*0.42)
}

// rule is a thin line with a dot in its middle.
func (s *sheet) rule(y, width float64) {
	s.stroke(gold.tint(0.7))
	s.pdf.SetLineWidth(0.3)
	s.pdf.Line(s.mid-width/2, y, s.mid-3, y)
	s.pdf.Line(s.mid+3, y, s.mid+width/2, y)
	s.dot(s.mid, y, 0.75, clay)
	s.dot(s.mid-1.9, y, 0.42, gold)
	s.dot(s.mid+1.9, y, 0.42, gold)
}

// code draws the QR code as one path of rectangles, a run of dark modules each.
func (s *sheet) code(r rect) error {
	q, err := qr.Encode(s.qrText(), qr.M)
	if err != nil {
		return err
	}
	quiet := 4
	m := r.w / float64(q.Size+2*quiet)
	s.fill(paperTone) // the great circle must not run into the quiet zone
	s.pdf.Rect(r.x, r.y, r.w, r.h, "F")
	s.fill(ink)
	for y := range q.Size {
		for x := 0; x < q.Size; x++ {
			from := x
			for x < q.Size && q.Black(x, y) {
				x++
			}
			if x > from {
				s.pdf.Rect(r.x+float64(from+quiet)*m, r.y+float64(y+quiet)*m, float64(x-from)*m, m, "F")
			}
		}
	}
	return nil
}
