package e2e

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"html"
	"io"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf16"
)

// texts are what a reader, or a program that takes the answer apart, can read in it:
// the headers, the bytes as they are, and what HTML, addresses and PDFs wrap up.
func (a answer) texts() []string {
	var headers strings.Builder
	for name, values := range a.header {
		headers.WriteString(name + ": " + strings.Join(values, ", ") + "\n")
	}
	texts := []string{headers.String()}
	switch {
	case strings.Contains(a.kind, "html"):
		return append(texts, unescaped(html.UnescapeString(a.body)))
	case strings.Contains(a.kind, "pdf"):
		return append(texts, pdfTexts([]byte(a.body))...)
	}
	return append(texts, strings.ReplaceAll(a.body, "\r\n ", "")) // a calendar folds its lines
}

var escape = regexp.MustCompile(`(%[0-9A-Fa-f]{2})+`)

// unescaped writes what stands in addresses as it reads.
func unescaped(text string) string {
	return escape.ReplaceAllStringFunc(text, func(part string) string {
		if plain, err := url.PathUnescape(part); err == nil {
			return plain
		}
		return part
	})
}

var (
	pdfStream = regexp.MustCompile(`(?s)stream\r?\n(.*?)endstream`)
	pdfString = regexp.MustCompile(`(?s)\((?:[^()\\]|\\.)*\)`)
)

// pdfTexts takes a PDF apart: its bytes, every stream unpacked, and every string in
// them, also where two bytes write one letter, as page texts and metadata do.
func pdfTexts(file []byte) []string {
	parts := [][]byte{file}
	for _, m := range pdfStream.FindAllSubmatch(file, -1) {
		if plain, err := inflate(m[1]); err == nil {
			parts = append(parts, plain)
		}
	}
	var texts []string
	for _, part := range parts {
		texts = append(texts, string(part))
		var strung strings.Builder
		for _, s := range pdfString.FindAll(part, -1) {
			strung.WriteString(pdfLetters(s[1:len(s)-1]) + "\n")
		}
		texts = append(texts, strung.String())
	}
	return texts
}

func inflate(packed []byte) ([]byte, error) {
	reader, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(reader)
	var end flate.CorruptInputError
	if len(plain) > 0 && (errors.As(err, &end) || errors.Is(err, io.ErrUnexpectedEOF)) {
		err = nil // what could be unpacked is read
	}
	return plain, err
}

// pdfLetters reads a PDF's string: backslashes taken off, two bytes a letter where they are.
func pdfLetters(s []byte) string {
	var plain []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			plain = append(plain, s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n':
			plain = append(plain, '\n')
		case 'r':
			plain = append(plain, '\r')
		default:
			plain = append(plain, s[i])
		}
	}
	plain = bytes.TrimPrefix(plain, []byte{0xfe, 0xff})
	if len(plain)%2 != 0 || bytes.IndexByte(plain, 0) < 0 {
		return string(plain)
	}
	units := make([]uint16, len(plain)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(plain[2*i:])
	}
	return string(utf16.Decode(units))
}
