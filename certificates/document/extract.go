package document

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
)

// Limits of a file that somebody sends to be checked. A general PDF library
// spends seconds and gigabytes on a bomb of half a megabyte; these bound both.
const (
	MaxFile    = 5 << 20   // bytes of a file
	maxStreams = 400       // streams looked at
	maxStream  = 256 << 10 // bytes of one stream, unpacked
	maxAll     = 8 << 20   // bytes of all streams, unpacked
	maxDict    = 4 << 10   // bytes of a stream's dictionary
	sniff      = 64        // bytes that show whether a stream is JSON
)

// What Extract fails with.
var (
	ErrNone       = errors.New("no credential in this file")
	ErrSeveral    = errors.New("more than one credential in this file")
	ErrUnreadable = errors.New("not a readable PDF")
	ErrTooBig     = errors.New("over the limits of what is read")
)

// Coverage tells how much of a PDF its own signature speaks for. It does not
// tell whether the signature is good.
type Coverage string

const (
	Unsigned Coverage = "unsigned"
	Whole    Coverage = "whole" // every byte but the signature's own place
	Part     Coverage = "part"  // something was added after signing
)

// Extracted is what was found in a PDF.
type Extracted struct {
	Credential []byte
	Signature  Coverage
}

// Read looks at a file as it was uploaded, PDF or bare JSON, and gives what
// credential.Verify wants.
func Read(file []byte) credential.Upload {
	up := credential.Upload{File: file}
	start := bytes.TrimLeft(file, " \t\r\n")
	if len(start) > 0 && start[0] == '{' {
		if up.Credential = start; len(file) > maxStream {
			up.Credential, up.Fault = nil, credential.FaultTooBig
		}
		return up
	}
	up.PDF = true
	found, err := Extract(file)
	up.Credential = found.Credential
	switch {
	case errors.Is(err, ErrNone):
		up.Fault = credential.FaultMissing
	case errors.Is(err, ErrSeveral):
		up.Fault = credential.FaultSeveral
	case errors.Is(err, ErrTooBig):
		up.Fault = credential.FaultTooBig
	case err != nil:
		up.Fault = credential.FaultUnreadable
	}
	return up
}

// Extract finds the one credential embedded in a PDF of unknown origin. It is a
// scanner, not a PDF reader: it looks at every stream of every revision, within
// the limits above, and fails with ErrNone, ErrSeveral, ErrUnreadable or ErrTooBig.
func Extract(pdf []byte) (Extracted, error) {
	if len(pdf) > MaxFile {
		return Extracted{}, ErrTooBig
	}
	if !bytes.Contains(pdf[:min(len(pdf), 1024)], []byte("%PDF-")) {
		return Extracted{}, ErrUnreadable
	}
	s := scanner{pdf: pdf}
	for s.next() {
		if s.streams++; s.streams > maxStreams {
			return Extracted{}, ErrTooBig
		}
		text, err := s.text()
		if err != nil {
			return Extracted{}, err
		}
		if !isCredential(text) {
			continue
		}
		if s.found != nil {
			return Extracted{}, ErrSeveral
		}
		s.found = text
	}
	switch {
	case s.found != nil:
		return Extracted{Credential: s.found, Signature: covered(pdf)}, nil
	case bytes.Contains(pdf, []byte("/Encrypt")):
		return Extracted{}, ErrUnreadable
	}
	return Extracted{}, ErrNone
}

// scanner walks the streams of a PDF.
type scanner struct {
	pdf        []byte
	at         int // where to look on
	dict, data []byte
	streams    int
	unpacked   int
	inflater   io.ReadCloser
	found      []byte
}

var (
	wordStream = []byte("stream")
	wordEnd    = []byte("endstream")
	wordObj    = []byte("obj")
)

// next moves to the next stream: a dictionary, the word, an end of line, data.
func (s *scanner) next() bool {
	for {
		i := bytes.Index(s.pdf[s.at:], wordStream)
		if i < 0 {
			return false
		}
		word := s.at + i
		s.at = word + len(wordStream)
		before := bytes.TrimRight(s.pdf[max(0, word-maxDict):word], " \t\r\n")
		rest := s.pdf[s.at:]
		switch {
		case !bytes.HasSuffix(before, []byte(">>")):
			continue
		case bytes.HasPrefix(rest, []byte("\r\n")):
			rest = rest[2:]
		case bytes.HasPrefix(rest, []byte("\n")), bytes.HasPrefix(rest, []byte("\r")):
			rest = rest[1:]
		default:
			continue
		}
		if obj := bytes.LastIndex(before, wordObj); obj >= 0 {
			before = before[obj:]
		}
		s.dict = unescape(before)
		end := s.length(rest)
		if end < 0 {
			if end = bytes.Index(rest, wordEnd); end < 0 {
				end = len(rest)
			}
			s.data = bytes.TrimSuffix(bytes.TrimSuffix(rest[:end], []byte("\n")), []byte("\r"))
		} else {
			s.data = rest[:end]
		}
		s.at = len(s.pdf) - len(rest) + end
		return true
	}
}

var lengthKey = regexp.MustCompile(`/Length\s+(\d{1,8})(\s+\d+\s+R)?`)

// length is the dictionary's own length, or -1 unless "endstream" stands behind it.
func (s *scanner) length(rest []byte) int {
	m := lengthKey.FindSubmatch(s.dict)
	if m == nil || len(m[2]) > 0 {
		return -1
	}
	n, err := strconv.Atoi(string(m[1]))
	if err != nil || n > len(rest) {
		return -1
	}
	if !bytes.HasPrefix(bytes.TrimLeft(rest[n:min(len(rest), n+32)], "\r\n"), wordEnd) {
		return -1
	}
	return n
}

var nameEscape = regexp.MustCompile(`#[0-9A-Fa-f]{2}`)

// unescape undoes #xx in names, so that a name can't be hidden.
func unescape(dict []byte) []byte {
	return nameEscape.ReplaceAllFunc(dict, func(e []byte) []byte {
		v, _ := strconv.ParseUint(string(e[1:]), 16, 8) // the pattern allows nothing else
		return []byte{byte(v)}
	})
}

var filterName = regexp.MustCompile(`/(FlateDecode|Fl|LZWDecode|LZW|ASCIIHexDecode|AHx|ASCII85Decode|A85|RunLengthDecode|RL|` +
	`DCTDecode|DCT|CCITTFaxDecode|CCF|JBIG2Decode|JPXDecode|Crypt)\b`)

// text is the unpacked stream if it may be JSON, or nil. It looks at a few
// bytes first and stops there for pictures, fonts and pages.
func (s *scanner) text() ([]byte, error) {
	filters := filterName.FindAll(s.dict, 3)
	switch {
	case len(filters) == 0:
		return s.take(bytes.NewReader(s.data))
	case len(filters) > 1 || filters[0][1] != 'F':
		return nil, nil
	}
	packed := bytes.NewReader(s.data)
	if s.inflater == nil {
		r, err := zlib.NewReader(packed)
		if err != nil {
			return nil, nil
		}
		s.inflater = r
	} else if err := s.inflater.(zlib.Resetter).Reset(packed, nil); err != nil {
		return nil, nil
	}
	return s.take(s.inflater)
}

func (s *scanner) take(r io.Reader) ([]byte, error) {
	head := make([]byte, sniff)
	n, _ := io.ReadFull(r, head) // a stream that breaks off is no JSON and falls out below
	if s.unpacked += n; s.unpacked > maxAll {
		return nil, ErrTooBig
	}
	start := bytes.TrimLeft(head[:n], " \t\r\n")
	if len(start) == 0 || start[0] != '{' {
		return nil, nil
	}
	rest, err := io.ReadAll(io.LimitReader(r, maxStream-int64(n)+1))
	if s.unpacked += len(rest); s.unpacked > maxAll || n+len(rest) > maxStream {
		return nil, ErrTooBig
	}
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, nil
	}
	return append(head[:n], rest...), nil
}

// isCredential tells whether a stream is somebody's verifiable credential.
// Whether it holds is for credential.Verify to say.
func isCredential(text []byte) bool {
	if len(text) == 0 {
		return false
	}
	var head struct {
		Context json.RawMessage `json:"@context"`
		Type    json.RawMessage `json:"type"`
	}
	if json.Unmarshal(text, &head) != nil || head.Context == nil {
		return false
	}
	var types []string
	return json.Unmarshal(head.Type, &types) == nil && slices.Contains(types, "VerifiableCredential")
}

var byteRange = regexp.MustCompile(`/ByteRange\s*\[\s*(\d{1,8})\s+(\d{1,8})\s+(\d{1,8})\s+(\d{1,8})\s*\]`)

// covered reads the signed byte ranges. Only one that begins at 0, ends at the
// end of the file and leaves out nothing but one hexadecimal string is whole: an
// update appended later still reads "valid" in pdfsig.
func covered(pdf []byte) Coverage {
	all := byteRange.FindAllSubmatch(pdf, 32)
	if len(all) == 0 {
		return Unsigned
	}
	for _, m := range all {
		var v [4]int
		for i := range v {
			v[i], _ = strconv.Atoi(string(m[i+1])) // at most eight digits
		}
		open, end := v[1], v[2]
		if v[0] != 0 || open < 1 || end <= open+2 || end > len(pdf) || end+v[3] != len(pdf) {
			continue
		}
		if gap := pdf[open:end]; gap[0] == '<' && gap[len(gap)-1] == '>' && hexadecimal(gap[1:len(gap)-1]) {
			return Whole
		}
	}
	return Part
}

func hexadecimal(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool {
		return (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F')
	})
}
