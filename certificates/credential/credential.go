// Package credential writes, signs and checks the signed data inside a copy of
// a certificate: Open Badges 3.0 with an eddsa-rdfc-2022 proof, the issuer's
// did:web document and the status list that revokes.
package credential

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// Issue builds the credential of one copy and signs it. The bytes returned are
// what is stored, hashed and served: parsing and writing them again would make
// another file. signed is the time of the proof, cut to seconds.
func Issue(c Claims, key Key, signed time.Time) ([]byte, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	w := c.wire()
	p, err := embedded.issue(w, newProof(methodOf(c.Issuer, key), signed), key)
	if err != nil {
		return nil, fmt.Errorf("credential %s: %w", c.ID, err)
	}
	w.Proof = &p
	raw, err := encode(w)
	if err != nil {
		return nil, err
	}
	// What can't be read back must not leave the house.
	// That every term is signed was just proved on the same values.
	doc, err := decode(raw)
	if err != nil {
		return nil, fmt.Errorf("credential %s: %w", c.ID, err)
	}
	if _, _, err := readWire(raw, doc); err != nil {
		return nil, fmt.Errorf("credential %s: %w", c.ID, err)
	}
	return raw, nil
}

func methodOf(did string, key Key) string { return methodID(did, key.Public) }

func (s shelf) issue(unsigned any, p proof, key Key) (proof, error) {
	raw, err := encode(unsigned)
	if err != nil {
		return proof{}, err
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		return proof{}, err
	}
	return s.prove(doc, p, key.private)
}

// readWire reads a credential strictly; doc is the same bytes, decoded. What we
// never write is ErrUndefinedTerm, and so is a value that we would have written
// otherwise: nothing that is shown may come from a place that we don't look at.
// White space and the order of keys are free.
func readWire(raw []byte, doc map[string]any) (wire, Claims, error) {
	var w wire
	if err := json.Unmarshal(raw, &w); err != nil || w.Proof == nil {
		return wire{}, Claims{}, ErrUndefinedTerm
	}
	c, err := w.claims()
	if err != nil {
		return wire{}, Claims{}, err
	}
	again := c.wire()
	again.Proof = w.Proof
	if !same(again, doc) {
		return wire{}, Claims{}, ErrUndefinedTerm
	}
	return w, c, nil
}

// same tells whether writing v gives exactly the keys and values of doc.
func same(v any, doc map[string]any) bool {
	raw, err := encode(v)
	if err != nil {
		return false
	}
	var again map[string]any
	return json.Unmarshal(raw, &again) == nil && reflect.DeepEqual(again, doc)
}
