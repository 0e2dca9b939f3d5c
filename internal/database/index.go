package database

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"
)

// Index finds records by the words in them. An entry belongs to one visibility, and
// only the visibilities that are asked for take part: an entry's place among the
// found depends on its own text alone, never on what else is in the index.
type Index struct{ db bun.IDB }

// NewIndex makes an index on a database or a transaction.
func NewIndex(db bun.IDB) Index { return Index{db} }

// In is the same index inside a transaction.
func (x Index) In(tx bun.IDB) Index { return Index{tx} }

// Entry is one record in one language, as it is to be found by those who have the
// visibility.
type Entry struct {
	Visibility string // who may find it, such as a sector
	Kind       string // what it is, such as "module"
	Record     string // its key
	Lang       string
	Title      string
	Body       string // plain text
}

// atOnce is how many entries one statement writes: SQLite writes its index of words out
// after each statement, which is most of what an entry costs.
const atOnce = 100

// Put makes entries, or changes the one that a record has in this language for this
// visibility. No two of them are for the same.
func (x Index) Put(ctx context.Context, entries ...Entry) error {
	for some := range slices.Chunk(entries, atOnce) {
		var values []any
		for _, e := range some {
			values = append(values, e.Visibility, e.Kind, e.Record, e.Lang, e.Title,
				strings.Join(words(e.Title), " "), strings.Join(words(e.Body), " "))
		}
		rows := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?, ?), ", len(some)), ", ")
		_, err := x.db.NewRaw(`INSERT INTO search_entries (visibility, kind, record, lang, shown, title, body)
			VALUES `+rows+`
			ON CONFLICT (kind, record, lang, visibility)
			DO UPDATE SET shown = excluded.shown, title = excluded.title, body = excluded.body`, values...).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// Remove takes records out, in every language and for every visibility.
func (x Index) Remove(ctx context.Context, kind string, records ...string) error {
	if len(records) == 0 {
		return nil
	}
	_, err := x.db.NewRaw("DELETE FROM search_entries WHERE kind = ? AND record IN (?)", kind, bun.List(records)).Exec(ctx)
	return err
}

// Search is what to look for: entries that have every word of Text, or a word that
// begins so.
type Search struct {
	Visibilities []string // only these
	Kinds        []string // only these; all when empty
	Lang         string   // only this; all when empty
	Text         string
	Limit        int
}

// Hit is a record that was found.
type Hit struct{ Kind, Record, Lang, Title string }

// mostWords is how many words of a query are looked at.
const mostWords = 8

// Find gives the records found, best first: all words in the title before words in the
// body, then the text that has them more densely.
func (x Index) Find(ctx context.Context, s Search) ([]Hit, error) {
	asked := words(s.Text)
	if len(asked) == 0 || len(s.Visibilities) == 0 || s.Limit <= 0 {
		return nil, nil
	}
	asked = asked[:min(len(asked), mostWords)]

	anywhere, inTitle := matchSQLite(asked)
	if isPostgres(x.db) {
		anywhere, inTitle = matchPostgres(asked)
	}
	q := x.db.NewSelect().TableExpr("search_entries AS e").
		Column("e.kind", "e.record", "e.lang").ColumnExpr("min(e.shown) AS title").
		Where("e.visibility IN (?)", bun.List(s.Visibilities)).
		Where(anywhere.Query, anywhere.Args...).
		Group("e.kind", "e.record", "e.lang").
		OrderExpr("min(CASE WHEN "+inTitle.Query+" THEN 0 ELSE 1 END)", inTitle.Args...).
		OrderExpr("max(?) DESC", density(asked)).
		OrderExpr("min(e.title), e.kind, e.record, e.lang").
		Limit(int64(s.Limit))
	if len(s.Kinds) > 0 {
		q.Where("e.kind IN (?)", bun.List(s.Kinds))
	}
	if s.Lang != "" {
		q.Where("e.lang = ?", s.Lang)
	}
	var hits []Hit
	err := q.Scan(ctx, &hits)
	return hits, err
}

type expression struct {
	Query string
	Args  []any
}

func matchSQLite(asked []string) (anywhere, inTitle expression) {
	query := `"` + strings.Join(asked, `"* "`) + `"*`
	const found = "e.number IN (SELECT rowid FROM search_words WHERE search_words MATCH ?)"
	return expression{found, []any{query}}, expression{found, []any{"title : (" + query + ")"}}
}

func matchPostgres(asked []string) (anywhere, inTitle expression) {
	const found = "e.words @@ to_tsquery('simple', ?)"
	return expression{found, []any{strings.Join(asked, ":* & ") + ":*"}},
		expression{found, []any{strings.Join(asked, ":*A & ") + ":*A"}}
}

// density counts, in SQL, how often the words occur in each thousand letters.
func density(asked []string) bun.Safe {
	var b strings.Builder
	b.WriteString("(0")
	for _, word := range asked {
		// A word is letters and digits only, so it may stand in the statement.
		b.WriteString(" + (length(e.body) - length(replace(e.body, '" + word + "', ''))) / length('" + word + "')")
	}
	b.WriteString(") * 1000 / (length(e.body) + 1000)")
	return bun.Safe(b.String())
}
