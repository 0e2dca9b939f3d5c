package courses

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Found is one thing that a search found.
type Found struct {
	Kind  string `json:"kind" enum:"module,course,cohort,person,certificate"`
	ID    string `json:"id"`
	Title string `json:"title"`

	lang    string          // of a title that may be in another language than asked for
	passage []database.Span // where the words stand, in that language
	instead string          // what was looked for in the place of what was typed
}

// Passage is where the words stand in the text; nil where they stand in the title alone.
func (f Found) Passage() []database.Span { return f.passage }

// Instead are the words that were looked for, since nobody wrote those that were typed;
// "" where what was typed was found.
func (f Found) Instead() string { return f.instead }

// In is the language of the title that a search in a language found.
func (f Found) In(language string) string {
	if f.lang != "" {
		return f.lang
	}
	return language
}

// mostFound is as many as a reader looks through.
const mostFound = 30

// Find finds modules and courses of the viewer's sector by the words in them, each once: in
// the language, or else in English. Where nobody wrote a word, the nearest that this sector
// may read is looked for.
func (s Store) Find(ctx context.Context, v people.Viewer, lang content.Lang, text string) ([]Found, error) {
	return s.find(ctx, v, lang, text, "module", "course")
}

// FindAll is Find among protocols too.
func (s Store) FindAll(ctx context.Context, v people.Viewer, lang content.Lang, text string) ([]Found, error) {
	return s.find(ctx, v, lang, text, "module", "protocol", "course")
}

func (s Store) find(ctx context.Context, v people.Viewer, lang content.Lang, text string, kinds ...string) ([]Found, error) {
	if v.Sector() == "" || strings.TrimSpace(text) == "" {
		return nil, nil
	}
	hits, instead, err := database.NewIndex(s.db).FindNear(ctx, database.Search{
		Visibilities: []string{string(v.Sector())}, Kinds: kinds, Text: text, Limit: 2 * mostFound,
	})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	var found []Found
	for _, hit := range hits {
		at := slices.IndexFunc(found, func(f Found) bool { return f.Kind == hit.Kind && f.ID == hit.Record })
		switch {
		case at >= 0 && hit.Lang == string(lang):
			found[at].Title, found[at].lang, found[at].passage = hit.Title, hit.Lang, hit.Passage
		case at < 0 && len(found) < mostFound:
			found = append(found, Found{hit.Kind, hit.Record, hit.Title, hit.Lang, hit.Passage, instead})
		}
	}
	return found, nil
}
