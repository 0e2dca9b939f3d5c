// Package document draws the page of a copy of a certificate, finishes and
// signs the PDF, and finds the credential in a PDF that somebody sends back.
package document

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/jung-kurt/gofpdf"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
)

// Paper is the sheet, always in landscape.
type Paper string

const (
	A4     Paper = "A4"
	Letter Paper = "Letter"
)

// millimetres, width and height in landscape
var papers = map[Paper][2]float64{A4: {297, 210}, Letter: {279.4, 215.9}}

// AttachmentName is the name of the credential inside the PDF.
const AttachmentName = "credential.json"

// attachmentType is its media type (W3C Verifiable Credentials Data Model 2.0, appendix B.2).
const attachmentType = "application/vc"

// Copy is everything that stands on the page of one copy, and the signed bytes
// that travel inside it.
type Copy struct {
	credential.Claims
	Credential []byte // as Issue returned it
	Share      number.Share
	Language   Language
	Paper      Paper
	CheckAt    string // what a reader types: academy.example/verify
	CheckURL   string // what the QR code opens; drawn in upper case to stay small
}

// Draw makes the PDF of a copy. The same copy and a nil or unchanged signer give
// the same bytes. It fails with a GlyphError when something can't be drawn; signer
// nil leaves the file unsigned.
func Draw(c Copy, signer *Signer) ([]byte, error) {
	size, ok := papers[c.Paper]
	if !ok || titles[c.Wording] == (phrase{}) || len(c.Credential) == 0 {
		return nil, errors.New("certificate page: paper, wording or credential is missing")
	}
	c.Name = Clean(c.Name)
	if err := CanDraw(c.Name); err != nil {
		return nil, fmt.Errorf("certificate page: %w", err)
	}
	for _, text := range []string{c.CourseTitle, c.Edition, c.IssuerName, c.IssuerAbout, c.Signatory, c.SignatoryTitle, c.CheckAt} {
		if err := drawable(text); err != nil {
			return nil, fmt.Errorf("certificate page: %w", err)
		}
	}
	s := newSheet(c, size)
	if err := s.draw(); err != nil {
		return nil, fmt.Errorf("certificate page: %w", err)
	}
	var out bytes.Buffer
	if err := s.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("certificate page: %w", err)
	}
	return finish(out.Bytes(), s.facts(), signer)
}

// sheet is one page being drawn: gofpdf, in millimetres, and its tags.
type sheet struct {
	Copy
	pdf  *gofpdf.Fpdf
	w, h float64
	mid  float64 // the page's vertical axis
	tags []tag
	link rect
}

type rect struct{ x, y, w, h float64 }

const (
	serif = "serif"
	sans  = "sans"
)

func newSheet(c Copy, size [2]float64) *sheet {
	pdf := gofpdf.NewCustom(&gofpdf.InitType{
		OrientationStr: "P", UnitStr: "mm", Size: gofpdf.SizeType{Wd: size[0], Ht: size[1]},
	})
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(c.Issued.UTC())
	pdf.SetModificationDate(c.Issued.UTC())
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	// gofpdf writes into the slice it is given.
	pdf.AddUTF8FontFromBytes(serif, "", bytes.Clone(serifTTF))
	pdf.AddUTF8FontFromBytes(sans, "", bytes.Clone(sansTTF))
	pdf.SetAttachments([]gofpdf.Attachment{{Content: c.Credential, Filename: AttachmentName, Description: "Open Badges 3.0"}})
	pdf.AddPage()
	return &sheet{Copy: c, pdf: pdf, w: size[0], h: size[1], mid: size[0] / 2}
}

// facts is what the finish pass needs to know of the page.
func (s *sheet) facts() facts {
	lang := string(s.Language)
	if s.Language == Both {
		lang = string(English)
	}
	return facts{
		title: titles[s.Wording].in(s.Language, " · ") + " " + s.Number, author: s.IssuerName, lang: lang,
		made: s.Issued.UTC(), tags: s.tags, alt: qrFigure.in(s.Language, " · "),
		url: s.CheckURL, link: s.link, height: s.h,
	}
}

func (s *sheet) qrText() string { return strings.ToUpper(s.CheckURL) }
