// Package fault holds the ways in which a request can be turned down: what is
// asked for is not there, is not yours to do, clashes with what stands, is not
// filled in rightly, or was tried too often. Each carries message keys, never sentences: the reader's
// language is known only at the edge.
package fault

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// NotFound is what is not there, or not there for this viewer; the two are told the same way.
//
//lint:ignore ST1012 style.md names it so: it reads as a word where it is returned
var NotFound = errors.New("not found")

// Forbidden is an act that the viewer may know of and may not do, such as a rule-17
// act on one's own record.
//
//lint:ignore ST1012 as NotFound
var Forbidden = errors.New("forbidden")

// Sentence is a message key of the words files with the arguments it names.
type Sentence struct {
	Key  string
	Args map[string]any
}

// Say makes a Sentence from a key and pairs of argument name and value:
// Say("cohorts.roll.too_late", "Minutes", 90). The argument "Count" picks the plural form;
// a value with a Title(language) is said by its title in the reader's language.
func Say(key string, pairs ...any) Sentence {
	s := Sentence{Key: key}
	for i := 0; i+1 < len(pairs); i += 2 {
		if s.Args == nil {
			s.Args = map[string]any{}
		}
		s.Args[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return s
}

// ConflictError says that what was sent no longer fits what stands: someone else
// was first, or the thing has moved on. Answered as 409 with its sentence.
type ConflictError struct{ Sentence }

func (e *ConflictError) Error() string { return "conflict: " + e.Key }

// Conflict makes a ConflictError; key and pairs as in Say.
func Conflict(key string, pairs ...any) error { return &ConflictError{Say(key, pairs...)} }

// TooManyError says that something was tried too often, and after how long it may
// be tried again. Answered as 429 with its sentence and Retry-After.
type TooManyError struct {
	Sentence
	Wait time.Duration
}

func (e *TooManyError) Error() string { return "too many tries: " + e.Key }

// TooMany makes a TooManyError; key and pairs as in Say.
func TooMany(wait time.Duration, key string, pairs ...any) error {
	return &TooManyError{Say(key, pairs...), wait}
}

// Problem is one thing wrong with one field of a form ("" for the form as a whole).
type Problem struct {
	Field string
	Sentence
}

// InvalidError lists what is wrong with a form, in the order of its fields. Answered as 422.
type InvalidError struct{ Problems []Problem }

func (e *InvalidError) Error() string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = p.Field + ": " + p.Key
	}
	return "invalid: " + strings.Join(parts, ", ")
}

// Invalid makes an InvalidError with one problem.
func Invalid(field, key string, pairs ...any) error {
	var e InvalidError
	e.Add(field, key, pairs...)
	return &e
}

// Add notes one more problem.
func (e *InvalidError) Add(field, key string, pairs ...any) {
	e.Problems = append(e.Problems, Problem{field, Say(key, pairs...)})
}

// Take adds the problems of another InvalidError and says whether err was one.
func (e *InvalidError) Take(err error) bool {
	var other *InvalidError
	if !errors.As(err, &other) {
		return false
	}
	e.Problems = append(e.Problems, other.Problems...)
	return true
}

// OrNil is the error when it holds a problem, else nil: the last line of a Validate.
func (e *InvalidError) OrNil() error {
	if e == nil || len(e.Problems) == 0 {
		return nil
	}
	return e
}

// In gives the sentence of a field, if the error (or one it wraps) has one.
func In(err error, field string) (Sentence, bool) {
	var invalid *InvalidError
	if errors.As(err, &invalid) {
		for _, p := range invalid.Problems {
			if p.Field == field {
				return p.Sentence, true
			}
		}
	}
	return Sentence{}, false
}
