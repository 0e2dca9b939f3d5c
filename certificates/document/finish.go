package document

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// facts is what the finish pass writes besides what gofpdf drew.
type facts struct {
	title, author, lang, alt, url string
	made                          time.Time
	tags                          []tag
	link                          rect
	height                        float64 // of the page, in millimetres
}

var errDrawn = errors.New("gofpdf wrote a file of another shape than expected")

// objects is a PDF taken apart: objects[n] is what stands between "n 0 obj" and "endobj".
type objects [][]byte

func (o *objects) add(format string, args ...any) int {
	*o = append(*o, fmt.Appendf(nil, format, args...))
	return len(*o) - 1
}

func (o *objects) stream(dict string, data []byte) int {
	return o.add("<<%s /Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

// change replaces exactly one occurrence and fails when gofpdf wrote otherwise.
func (o objects) change(n int, old, with string) error {
	if bytes.Count(o[n], []byte(old)) != 1 {
		return fmt.Errorf("%w: object %d lacks %q", errDrawn, n, old)
	}
	o[n] = bytes.Replace(o[n], []byte(old), []byte(with), 1)
	return nil
}

// find gives the one object that holds a text in its dictionary.
func (o objects) find(text string) (int, error) {
	found := 0
	for n := 1; n < len(o); n++ {
		dict, _, _ := bytes.Cut(o[n], []byte("stream\n"))
		if bytes.Contains(dict, []byte(text)) {
			if found != 0 {
				return 0, fmt.Errorf("%w: two objects with %q", errDrawn, text)
			}
			found = n
		}
	}
	if found == 0 {
		return 0, fmt.Errorf("%w: no object with %q", errDrawn, text)
	}
	return found, nil
}

// takeApart reads gofpdf's own output by its cross-reference table. It is not a
// PDF reader: it trusts the file.
func takeApart(pdf []byte) (objects, error) {
	at := bytes.LastIndex(pdf, []byte("\nxref\n0 "))
	if at < 0 {
		return nil, errDrawn
	}
	lines := strings.Split(string(pdf[at+1:]), "\n")
	count, err := strconv.Atoi(strings.TrimPrefix(lines[1], "0 "))
	if err != nil || len(lines) < count+2 {
		return nil, errDrawn
	}
	out := make(objects, count)
	for n := 1; n < count; n++ {
		offset, err := strconv.Atoi(lines[2+n][:10])
		head := fmt.Appendf(nil, "%d 0 obj\n", n)
		if err != nil || offset > len(pdf) || !bytes.HasPrefix(pdf[offset:], head) {
			return nil, fmt.Errorf("%w: object %d", errDrawn, n)
		}
		body := pdf[offset+len(head):]
		// A stream may hold "endobj"; its end is marked twice.
		end := bytes.Index(body, []byte("endobj\n"))
		if s := bytes.Index(body, []byte("stream\n")); s >= 0 && s < end {
			end = bytes.Index(body, []byte("\nendstream\nendobj\n")) + len("\nendstream\n")
		}
		if end < len("\nendstream\n") {
			return nil, fmt.Errorf("%w: object %d has no end", errDrawn, n)
		}
		out[n] = bytes.Clone(bytes.TrimSuffix(body[:end], []byte("\n")))
	}
	return out, nil
}

// finish makes of gofpdf's file one revision of PDF 1.7 with language, tags,
// metadata, output intent and a described attachment, and signs it.
func finish(drawn []byte, f facts, signer *Signer) ([]byte, error) {
	o, err := takeApart(drawn)
	if err != nil {
		return nil, err
	}
	page, e1 := o.find("/Type /Page\n")
	file, e2 := o.find("/Type /EmbeddedFile")
	spec, e3 := o.find("/Type /Filespec")
	catalog, e4 := o.find("/Type /Catalog")
	info, e5 := o.find("/CreationDate")
	if err := errors.Join(e1, e2, e3, e4, e5); err != nil {
		return nil, err
	}

	tree, annotation := o.structure(page, f)
	annots := fmt.Sprintf("%d 0 R", annotation)
	metadata := o.stream(" /Type /Metadata /Subtype /XML", f.xmp())
	profile := o.stream(" /N 3", sRGB())
	intent := o.add("<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) "+
		"/Info (sRGB IEC61966-2.1) /DestOutputProfile %d 0 R>>", profile)
	o[info] = fmt.Appendf(nil, "<</Title %s /Author %s /Producer (Metropolitan Peace Academy) /CreationDate (%s) /ModDate (%s)>>",
		pdfText(f.title), pdfText(f.author), pdfDate(f.made), pdfDate(f.made))

	extra := ""
	if signer != nil {
		sig, field := o.signature(page, f.made, signer)
		annots += fmt.Sprintf(" %d 0 R", field)
		extra = fmt.Sprintf("\n/AcroForm <</Fields [%d 0 R] /SigFlags 3>>\n/Perms <</DocMDP %d 0 R>>", field, sig)
	}
	err = errors.Join(
		o.change(page, "/Resources 2 0 R", "/Resources 2 0 R\n/StructParents 0 /Tabs /S\n/Annots ["+annots+"]"),
		o.change(file, "/Type /EmbeddedFile", "/Type /EmbeddedFile /Subtype "+pdfName(attachmentType)),
		o.change(file, "/Params <<", "/Params << /ModDate ("+pdfDate(f.made)+")"),
		o.change(spec, "/F () ", "/F ("+AttachmentName+") /AFRelationship /Data "),
		o.change(spec, fmt.Sprintf("/EF << /F %d 0 R >>", file), fmt.Sprintf("/EF << /F %d 0 R /UF %d 0 R >>", file, file)),
		o.change(catalog, "(Attachement1)", "("+AttachmentName+")"),
		o.change(catalog, "/Type /Catalog", fmt.Sprintf("/Type /Catalog\n/Lang (%s)\n/MarkInfo <</Marked true>>\n"+
			"/ViewerPreferences <</DisplayDocTitle true>>\n/StructTreeRoot %d 0 R\n/Metadata %d 0 R\n/OutputIntents [%d 0 R]\n/AF [%d 0 R]%s",
			f.lang, tree, metadata, intent, spec, extra)),
	)
	if err != nil {
		return nil, err
	}
	out := o.write(catalog, info, drawn)
	if signer == nil {
		return out, nil
	}
	return signer.seal(out)
}

// structure adds the tree of tags and the link annotation over the QR code.
func (o *objects) structure(page int, f facts) (tree, annotation int) {
	root := len(*o)
	document, parents := root+1, root+2
	first := root + 3
	linkElement := first + len(f.tags)
	annotation = linkElement + 1

	var kids, order strings.Builder
	for i := range f.tags {
		fmt.Fprintf(&kids, "%d 0 R ", first+i)
		fmt.Fprintf(&order, "%d 0 R ", first+i)
	}
	fmt.Fprintf(&kids, "%d 0 R", linkElement)
	o.add("<</Type /StructTreeRoot /K [%d 0 R] /ParentTree %d 0 R /ParentTreeNextKey 2>>", document, parents)
	o.add("<</Type /StructElem /S /Document /P %d 0 R /K [%s]>>", root, kids.String())
	o.add("<</Nums [0 [%s] 1 %d 0 R]>>", strings.TrimSpace(order.String()), linkElement)
	for i, t := range f.tags {
		more := ""
		if t.lang != "" {
			more += fmt.Sprintf(" /Lang (%s)", t.lang)
		}
		if t.kind == "Figure" {
			more += " /Alt " + pdfText(f.alt) + fmt.Sprintf(" /A <</O /Layout /Placement /Block /BBox [%s]>>", f.box())
		}
		o.add("<</Type /StructElem /S /%s /P %d 0 R /Pg %d 0 R /K %d%s>>", t.kind, document, page, i, more)
	}
	o.add("<</Type /StructElem /S /Link /P %d 0 R /Pg %d 0 R /Alt %s /K <</Type /OBJR /Obj %d 0 R /Pg %d 0 R>>>>",
		document, page, pdfText(f.alt), annotation, page)
	o.add("<</Type /Annot /Subtype /Link /Rect [%s] /Border [0 0 0] /F 4 /StructParent 1 /Contents %s /A <</S /URI /URI %s>>>>",
		f.box(), pdfText(f.alt), pdfASCII(f.url))
	return root, annotation
}

// box is the link's rectangle in points from the lower left corner.
func (f facts) box() string {
	k := 72 / 25.4
	r := f.link
	return fmt.Sprintf("%.2f %.2f %.2f %.2f", r.x*k, (f.height-r.y-r.h)*k, (r.x+r.w)*k, (f.height-r.y)*k)
}

// write puts the file together as one revision. /ID is the hash of what was
// drawn, so that the same copy gives the same file.
func (o objects) write(catalog, info int, drawn []byte) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(o))
	for n := 1; n < len(o); n++ {
		offsets[n] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, o[n])
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(o))
	for n := 1; n < len(o); n++ {
		fmt.Fprintf(&b, "%010d 00000 n \n", offsets[n])
	}
	id := sha256.Sum256(drawn)
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(o), catalog, info, id[:16], id[:16], start)
	return b.Bytes()
}

// pdfText is a text string: UTF-16 in hexadecimal, so that nothing needs escapes.
func pdfText(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}

func pdfName(s string) string { return "/" + strings.ReplaceAll(s, "/", "#2F") }

func pdfDate(t time.Time) string { return t.UTC().Format("D:20060102150405Z") }

// pdfASCII is a string of bytes in hexadecimal: an address is no text string.
func pdfASCII(s string) string { return fmt.Sprintf("<%X>", s) }
