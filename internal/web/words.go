package web

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

//go:embed words/*.toml
var ownWords embed.FS

// Words are all sentences of the Academy in both languages, read once at start and
// cut into pieces, so that saying one is a look-up and a join.
type Words struct {
	sentences map[string]map[string]sentence // language, key
}

// sentence is one message: its usual form and, where it counts something, the form for one.
type sentence struct {
	one, other []piece
}

// piece is literal text, or the name of an argument.
type piece struct {
	text     string
	argument bool
}

// LoadWords reads words/en.toml and words/es.toml of every folder given. It tells
// all keys that two folders claim and all sentences it can't read at once.
func LoadWords(folders ...fs.FS) (*Words, error) {
	w := &Words{sentences: map[string]map[string]sentence{}}
	var problems []error
	for _, code := range Languages {
		w.sentences[code] = map[string]sentence{}
		for _, folder := range folders {
			if err := w.read(folder, code); err != nil {
				problems = append(problems, err)
			}
		}
	}
	return w, errors.Join(problems...)
}

func (w *Words) read(folder fs.FS, code string) error {
	name := "words/" + code + ".toml"
	data, err := fs.ReadFile(folder, name)
	if err != nil {
		return fmt.Errorf("words: %w", err)
	}
	file, err := i18n.ParseMessageFileBytes(data, code+".toml", map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
	if err != nil {
		return fmt.Errorf("words: %s: %w", name, err)
	}
	var problems []error
	for _, m := range file.Messages {
		if _, taken := w.sentences[code][m.ID]; taken {
			problems = append(problems, fmt.Errorf("words: %s: %q stands twice", name, m.ID))
		}
		other, err := cut(m.Other)
		if err != nil {
			problems = append(problems, fmt.Errorf("words: %s: %q: %w", name, m.ID, err))
		}
		one, err := cut(m.One)
		if err != nil {
			problems = append(problems, fmt.Errorf("words: %s: %q: %w", name, m.ID, err))
		}
		w.sentences[code][m.ID] = sentence{one: one, other: other}
	}
	return errors.Join(problems...)
}

// cut splits "Hello {{.Name}}" into its pieces.
func cut(text string) ([]piece, error) {
	var pieces []piece
	for text != "" {
		before, rest, found := strings.Cut(text, "{{")
		if before != "" {
			pieces = append(pieces, piece{text: before})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}}")
		name = strings.TrimSpace(name)
		if !closed || !strings.HasPrefix(name, ".") || strings.ContainsAny(name[1:], " .|()") {
			return nil, fmt.Errorf("only {{.Name}} is understood, not {{%s", rest)
		}
		pieces = append(pieces, piece{text: name[1:], argument: true})
		text = after
	}
	return pieces, nil
}

// Say gives a sentence in a language. The argument "Count" picks the form for one.
// An unknown key is given back as it is; a test keeps that from happening.
func (w *Words) Say(code string, s fault.Sentence) string {
	if w == nil {
		return s.Key
	}
	said, ok := w.sentences[known(code)][s.Key]
	if !ok {
		return s.Key
	}
	pieces := said.other
	if said.one != nil && isOne(s.Args["Count"]) {
		pieces = said.one
	}
	if len(pieces) == 1 && !pieces[0].argument {
		return pieces[0].text
	}
	var b strings.Builder
	for _, p := range pieces {
		if p.argument {
			switch argument := s.Args[p.text].(type) {
			case interface{ Title(language string) string }:
				b.WriteString(argument.Title(known(code)))
			default:
				fmt.Fprint(&b, argument)
			}
		} else {
			b.WriteString(p.text)
		}
	}
	return b.String()
}

// Has says whether a key has a sentence in both languages.
func (w *Words) Has(key string) bool {
	for _, code := range Languages {
		if _, ok := w.sentences[code][key]; !ok {
			return false
		}
	}
	return true
}

func isOne(count any) bool {
	switch n := count.(type) {
	case int:
		return n == 1
	case int64:
		return n == 1
	}
	return false
}

// T says a sentence in the reader's language: T(ctx, key, "Count", 3).
func T(ctx context.Context, key string, pairs ...any) string {
	v := visitOf(ctx)
	if len(pairs) == 0 {
		return v.words.Say(v.language, fault.Sentence{Key: key})
	}
	return v.words.Say(v.language, fault.Say(key, pairs...))
}

// Say says a sentence that a rule left as key and arguments, in the reader's language.
func Say(ctx context.Context, s fault.Sentence) string {
	v := visitOf(ctx)
	return v.words.Say(v.language, s)
}
