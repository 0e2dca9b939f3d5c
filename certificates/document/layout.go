package document

import (
	"fmt"
	"slices"
	"strings"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
)

// style is how a line is set: face, size in points, colour, extra space between
// letters in points.
type style struct {
	face     string
	size     float64
	colour   colour
	tracking float64
}

func (s *sheet) set(st style) {
	s.pdf.SetFont(st.face, "", st.size)
	s.pdf.SetTextColor(st.colour.r, st.colour.g, st.colour.b)
}

func (s *sheet) width(text string, st style) float64 {
	s.set(st)
	return s.pdf.GetStringWidth(text) + float64(len([]rune(text))-1)*st.tracking*25.4/72
}

// write sets one line on a baseline; align 0 begins at x, 0.5 is centred, 1 ends there.
func (s *sheet) write(x, y, align float64, text string, st style) {
	x -= align * s.width(text, st)
	if st.tracking != 0 {
		s.pdf.RawWriteStr(fmt.Sprintf("%.2f Tc", st.tracking))
		defer s.pdf.RawWriteStr("0 Tc")
	}
	s.pdf.Text(x, y, text+" ") // so that two lines of one tag are not read as one word
}

// fitted writes a line and makes it smaller until it fits.
func (s *sheet) fitted(x, y, align, room float64, text string, st style) {
	if w := s.width(text, st); w > room {
		st.size *= room / w
		st.tracking *= room / w
	}
	s.write(x, y, align, text, st)
}

// draw sets the page from top to bottom, in the order in which it is read.
func (s *sheet) draw() error {
	s.artifact(s.ground)
	s.artifact(func() { s.emblem(s.mid, 31, 8.6) })
	s.head()
	s.holder()
	s.course()
	s.dates()
	s.signature()
	s.artifact(func() { s.seal(s.mid, s.h-36.2, 14.6) })
	if err := s.check(); err != nil {
		return err
	}
	if s.Sample {
		s.across()
	}
	return s.pdf.Error()
}

func (s *sheet) line(kind string, y float64, text string, st style) {
	s.tagged(kind, "", func() { s.fitted(s.mid, y, 0.5, s.w-64, text, st) })
}

func (s *sheet) head() {
	s.line("P", 47.5, strings.ToUpper(s.IssuerName), style{sans, 11.5, lake, 2.2})
	if s.IssuerAbout != "" {
		s.line("P", 52.8, s.IssuerAbout, style{sans, 8.2, muted, 0.3})
	}
	title := titles[s.Wording]
	if s.Language == Both {
		s.line("H1", 68, title.en, style{serif, 29, lake, 0})
		s.tagged("P", "es", func() { s.write(s.mid, 74.8, 0.5, title.es, style{serif, 13, gold, 0.2}) })
	} else {
		s.line("H1", 70, title.in(s.Language, ""), style{serif, 31, lake, 0})
	}
	s.line("P", 84, presented.in(s.Language, "  ·  "), style{sans, 9.5, muted, 0.4})
}

// holder sets the name as large as it goes: it shrinks, then takes two lines.
func (s *sheet) holder() {
	st := style{serif, 33, ink, 0}
	room := s.w - 62
	lines := []string{s.Name}
	if w := s.width(s.Name, st); w > room {
		st.size = max(st.size*room/w, 23)
		if s.width(s.Name, st) > room {
			lines = s.halves(st)
			st.size = 24
			if w := max(s.width(lines[0], st), s.width(lines[1], st)); w > room {
				st.size *= room / w
			}
		}
	}
	s.tagged("P", "", func() {
		if len(lines) == 1 {
			s.write(s.mid, 98.5, 0.5, lines[0], st)
			return
		}
		for i, text := range lines {
			s.write(s.mid, 94+float64(i)*st.size*0.44, 0.5, text, st)
		}
	})
	s.artifact(func() { s.rule(108.5, 120) })
}

// halves cuts the name at the space that makes its two lines most equal, or
// in the middle of a name without one.
func (s *sheet) halves(st style) []string {
	best, least := -1, 0.0
	for i, r := range s.Name {
		if r != ' ' {
			continue
		}
		d := s.width(s.Name[:i], st) - s.width(s.Name[i+1:], st)
		if d < 0 {
			d = -d
		}
		if best < 0 || d < least {
			best, least = i, d
		}
	}
	if best >= 0 && least < s.width(s.Name, st)/2 {
		return []string{s.Name[:best], s.Name[best+1:]}
	}
	runes := []rune(s.Name)
	return []string{strings.TrimSpace(string(runes[:len(runes)/2])), strings.TrimSpace(string(runes[len(runes)/2:]))}
}

func (s *sheet) course() {
	s.line("P", 117, verbs[s.Wording].in(s.Language, "  ·  "), style{sans, 9.5, muted, 0.4})
	s.line("P", 128, s.CourseTitle, style{serif, 21, lake, 0})
	facts := strings.Join([]string{
		hours(s.Hours).in(s.Language, " / "), edition.in(s.Language, " / ") + " " + s.Edition, s.CourseCode,
	}, "   ·   ")
	s.line("P", 135, facts, style{sans, 9.5, ink, 0.2})
}

// dates is a row of four small columns; in both languages each value has two lines.
func (s *sheet) dates() {
	end := noExpiry
	if !s.ValidUntil.IsZero() {
		end = day(s.ValidUntil)
	}
	columns := []struct{ label, value phrase }{
		{sessions, span(s.FirstSession, s.LastSession)}, {completed, day(s.Completed)}, {issued, day(s.Issued)}, {until, end},
	}
	if s.Wording == credential.TookPart {
		columns = slices.Delete(columns, 1, 2) // who took part has completed nothing
	}
	weights := []float64{1.75, 1, 1, 1}
	left, room, y := 30.0, s.w-60, 145.5
	unit := room / (weights[0] + float64(len(columns)-1))
	x := left
	for i, c := range columns {
		w := unit * weights[i]
		mid := x + w/2
		s.tagged("P", "", func() {
			s.fitted(mid, y, 0.5, w-4, strings.ToUpper(c.label.in(s.Language, " · ")), style{sans, 6.4, gold, 0.8})
			if s.Language != Both {
				s.fitted(mid, y+5.2, 0.5, w-4, c.value.in(s.Language, ""), style{sans, 9.2, ink, 0})
				return
			}
			s.fitted(mid, y+4.8, 0.5, w-4, c.value.en, style{sans, 8.8, ink, 0})
		})
		if s.Language == Both {
			s.tagged("P", "es", func() { s.fitted(mid, y+8.6, 0.5, w-4, c.value.es, style{sans, 7.6, muted, 0}) })
		}
		x += w
		if i < len(columns)-1 {
			s.artifact(func() {
				for d := range 3 {
					s.dot(x, y+0.2+float64(d)*2.4, 0.35, gold.tint(0.55))
				}
			})
		}
	}
}

// signature is a line to sign by hand over the signatory's name.
func (s *sheet) signature() {
	x, y, w := 30.0, s.h-36, 72.0
	s.artifact(func() {
		s.stroke(ink)
		s.pdf.SetLineWidth(0.25)
		s.pdf.Line(x, y, x+w, y)
	})
	s.tagged("P", "", func() {
		s.fitted(x+w/2, y+5.6, 0.5, w, s.Signatory, style{serif, 11, ink, 0})
		s.fitted(x+w/2, y+10, 0.5, w, s.SignatoryTitle, style{sans, 8, muted, 0})
	})
}

// check is what a stranger needs: address, number, share code and QR.
func (s *sheet) check() error {
	side := 31.0
	box := rect{s.w - 24 - side, s.h - 22.5 - side, side, side}
	right, room := box.x-4, box.x-4-(s.mid+18)
	y := box.y + 5.2
	small, value := style{sans, 6.2, gold, 0.7}, style{sans, 9.4, ink, 0.2}
	for _, row := range []struct{ label, value string }{
		{strings.ToUpper(numbered.in(s.Language, " · ")), s.Number},
		{strings.ToUpper(shareCode.in(s.Language, " · ")), string(s.Share)},
		{strings.ToUpper(checkAt.in(s.Language, " · ")), s.CheckAt},
	} {
		s.tagged("P", "", func() {
			s.fitted(right, y, 1, room, row.label, small)
			s.fitted(right, y+4.3, 1, room, row.value, value)
		})
		y += 10
	}
	var err error
	s.tagged("Figure", "", func() { err = s.code(box) })
	s.link = box
	return err
}

// across marks a demonstration's certificate from corner to corner.
func (s *sheet) across() {
	text := sample.in(s.Language, " · ")
	st := style{serif, 92, clay, 6}
	if w := s.width(text, st); w > s.w*0.8 {
		st.size *= s.w * 0.8 / w
	}
	s.pdf.SetAlpha(0.2, "Normal")
	s.pdf.TransformBegin()
	s.pdf.TransformRotate(28, s.mid, s.h/2)
	s.tagged("P", "", func() { s.write(s.mid, s.h/2+st.size*0.12, 0.5, text, st) })
	s.pdf.TransformEnd()
	s.pdf.SetAlpha(1, "Normal")
}
