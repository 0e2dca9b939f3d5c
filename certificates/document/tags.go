package document

import "fmt"

// tag is one element of the structure tree: its type and, for Spanish beside
// English, its language.
type tag struct{ kind, lang string }

// tagged draws something that a reader hears, as the next element in order.
func (s *sheet) tagged(kind, lang string, draw func()) {
	s.pdf.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", kind, len(s.tags)))
	draw()
	s.pdf.RawWriteStr("EMC")
	s.tags = append(s.tags, tag{kind, lang})
}

// artifact draws what is only for the eye.
func (s *sheet) artifact(draw func()) {
	s.pdf.RawWriteStr("/Artifact BMC")
	draw()
	s.pdf.RawWriteStr("EMC")
}
