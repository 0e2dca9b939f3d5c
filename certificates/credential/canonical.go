package credential

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/piprate/json-gold/ld"
)

// Addresses of the JSON-LD contexts, in the only order that is issued and accepted.
const (
	contextCredentials = "https://www.w3.org/ns/credentials/v2"
	contextOpenBadges  = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
	contextExtensions  = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
)

// undefinedBase makes visible what canonicalisation would drop in silence.
const undefinedBase = "https://undefined.invalid/"

//go:embed contexts/credentials-v2.json
var credentialsV2 []byte

//go:embed contexts/ob-v3p0-3.0.3.json
var openBadges303 []byte

//go:embed contexts/ob-v3p0-extensions.json
var openBadgesExtensions []byte

// ErrUndefinedTerm says that a document holds something that no context
// defines: canonicalisation would drop it, so no signature would cover it.
var ErrUndefinedTerm = errors.New("a term is not covered by the signature")

// shelf is the document loader: the embedded contexts and nothing else. It
// never touches a network.
type shelf map[string][]byte

var embedded = shelf{
	contextCredentials: credentialsV2,
	contextOpenBadges:  openBadges303,
	contextExtensions:  openBadgesExtensions,
}

// LoadDocument implements ld.DocumentLoader. Each call decodes anew, because
// json-gold may write into what it is given.
func (s shelf) LoadDocument(u string) (*ld.RemoteDocument, error) {
	raw, ok := s[u]
	if !ok {
		return nil, ld.NewJsonLdError(ld.LoadingDocumentFailed, fmt.Sprintf("context %q is not embedded", u))
	}
	doc, err := ld.DocumentFromReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	return &ld.RemoteDocument{DocumentURL: u, Document: doc}, nil
}

// canonical is the document as canonical N-Quads (RDFC-1.0). With every, it is
// canonicalised a second time under a last @vocab and a base of our own, and
// refused with ErrUndefinedTerm if that makes a difference: json-gold's own safe
// mode lets undefined terms be added after signing, and drops relative addresses.
func (s shelf) canonical(doc map[string]any, every bool) (string, error) {
	plain, err := s.normalize(doc, "")
	if err != nil || !every {
		return plain, err
	}
	var contexts []any
	switch c := doc["@context"].(type) {
	case []any:
		contexts = append(contexts, c...)
	default:
		contexts = append(contexts, c)
	}
	marked := make(map[string]any, len(doc))
	for k, v := range doc {
		marked[k] = v
	}
	marked["@context"] = append(contexts, map[string]any{"@vocab": undefinedBase + "#"})
	under, err := s.normalize(marked, undefinedBase)
	if err != nil {
		return "", err
	}
	if under != plain {
		return "", ErrUndefinedTerm
	}
	return plain, nil
}

func (s shelf) normalize(doc map[string]any, base string) (string, error) {
	opts := ld.NewJsonLdOptions(base)
	opts.DocumentLoader = s
	opts.Algorithm = ld.AlgorithmURDNA2015
	opts.Format = "application/n-quads"
	out, err := ld.NewJsonLdProcessor().Normalize(doc, opts)
	if err != nil {
		return "", fmt.Errorf("canonicalise: %w", err)
	}
	text, ok := out.(string)
	if !ok || text == "" {
		return "", errors.New("canonicalise: nothing is left of the document")
	}
	return text, nil
}

// Limits of a JSON document that is looked at. They hold before anything is
// canonicalised: a few dozen nodes without names can keep RDFC-1.0 busy for ever.
const (
	maxJSON    = 256 << 10
	maxDepth   = 12
	maxObjects = 32
)

var errJSON = errors.New("not a JSON document of this kind")

// decode reads one JSON object and refuses what two readers could read in two
// ways: a key given twice, bad UTF-8, anything after the end.
func decode(raw []byte) (map[string]any, error) {
	if len(raw) > maxJSON || !utf8.Valid(raw) {
		return nil, errJSON
	}
	if err := unambiguous(raw); err != nil {
		return nil, err
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil || doc == nil {
		return nil, errJSON
	}
	return doc, nil
}

func unambiguous(raw []byte) error {
	type level struct {
		keys map[string]bool // nil in an array
		key  bool            // a key comes next
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	var stack []level
	objects := 0
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return errJSON
		}
		if d, ok := tok.(json.Delim); ok && (d == '}' || d == ']') {
			stack = stack[:len(stack)-1]
			continue
		}
		if n := len(stack); n > 0 && stack[n-1].keys != nil {
			top := &stack[n-1]
			if top.key {
				name, _ := tok.(string)
				if top.keys[name] {
					return errJSON
				}
				top.keys[name], top.key = true, false
				continue
			}
			top.key = true
		}
		switch tok {
		case json.Delim('{'):
			objects++
			stack = append(stack, level{keys: map[string]bool{}, key: true})
		case json.Delim('['):
			stack = append(stack, level{})
		}
		if len(stack) > maxDepth || objects > maxObjects {
			return errJSON
		}
	}
	return nil
}

// encode writes JSON as it is signed and served: no HTML escapes, no newline.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
