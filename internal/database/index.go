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
const atOnce = 25

// Put makes entries, or changes the one that a record has in this language for this
// visibility. No two of them are for the same.
func (x Index) Put(ctx context.Context, entries ...Entry) error {
	heard := lexicon{}
	for some := range slices.Chunk(entries, atOnce) {
		var values []any
		for _, e := range some {
			title, body := words(e.Title), words(e.Body)
			heard.add(e.Visibility, title)
			heard.add(e.Visibility, body)
			values = append(values, e.Visibility, e.Kind, e.Record, e.Lang, e.Title,
				strings.Join(title, " "), strings.Join(body, " "), strings.Join(strings.Fields(e.Body), " "))
		}
		rows := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?, ?, ?), ", len(some)), ", ")
		_, err := x.db.NewRaw(`INSERT INTO search_entries (visibility, kind, record, lang, shown, title, body, passage)
			VALUES `+rows+`
			ON CONFLICT (kind, record, lang, visibility)
			DO UPDATE SET shown = excluded.shown, title = excluded.title, body = excluded.body, passage = excluded.passage`, values...).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return x.learn(ctx, heard)
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

// Hit is a record that was found, with the passage in which the words stand: nil where
// they stand in the title alone.
type Hit struct {
	Kind, Record, Lang, Title string
	Passage                   []Span `bun:"-"`
}

// mostWords is how many words of a query are looked at.
const mostWords = 8

// mostWeighed is how many entries with the words in their title, and how many with them
// anywhere, are put in order: of a word that stands in thousands, so many are taken.
const mostWeighed = 150

// Find gives the records found, best first: all words in the title before words in the
// body, then the text that has them more densely.
func (x Index) Find(ctx context.Context, s Search) ([]Hit, error) {
	asked := words(s.Text)
	if len(asked) == 0 || len(s.Visibilities) == 0 || s.Limit <= 0 {
		return nil, nil
	}
	asked = asked[:min(len(asked), mostWords)]

	match := matchSQLite
	if isPostgres(x.db) {
		match = matchPostgres
	}
	candidates := func(asked []string, inTitle bool) *bun.SelectQuery {
		q := match(x.db.NewSelect(), asked, inTitle).Column("e.number").Where("e.visibility IN (?)", bun.List(s.Visibilities))
		if len(s.Kinds) > 0 {
			q.Where("e.kind IN (?)", bun.List(s.Kinds))
		}
		if s.Lang != "" {
			q.Where("e.lang = ?", s.Lang)
		}
		return q.Limit(mostWeighed)
	}
	best := x.db.NewSelect().
		TableExpr("(SELECT 0 AS place, t.number FROM (?) AS t UNION ALL SELECT 1, a.number FROM (?) AS a) AS c", candidates(asked, true), candidates(asked, false)).
		Join("JOIN search_entries AS e ON e.number = c.number").
		Column("e.kind", "e.record", "e.lang").ColumnExpr("min(e.shown) AS shown, min(e.number) AS number").
		ColumnExpr("min(c.place) AS place, max(?) AS density, min(e.title) AS title", density(asked)).
		Group("e.kind", "e.record", "e.lang").
		OrderExpr("place, density DESC, title, e.kind, e.record, e.lang").
		Limit(int64(s.Limit))
	var rows []struct {
		Hit
		Text string
	}
	err := x.db.NewSelect().TableExpr("(?) AS b", best).Join("JOIN search_entries AS p ON p.number = b.number").
		ColumnExpr("b.kind, b.record, b.lang, b.shown AS title, p.passage AS text").
		OrderExpr("b.place, b.density DESC, b.title, b.kind, b.record, b.lang").Scan(ctx, &rows)
	hits := make([]Hit, len(rows))
	for i, row := range rows {
		hits[i] = row.Hit
		hits[i].Passage = passageOf(row.Text, asked)
	}
	return hits, err
}

func matchSQLite(q *bun.SelectQuery, asked []string, inTitle bool) *bun.SelectQuery {
	query := `"` + strings.Join(asked, `"* "`) + `"*`
	if inTitle {
		query = "title : (" + query + ")"
	}
	return q.TableExpr("search_words AS w").Join("JOIN search_entries AS e ON e.number = w.rowid").Where("w.search_words MATCH ?", query)
}

func matchPostgres(q *bun.SelectQuery, asked []string, inTitle bool) *bun.SelectQuery {
	each := ":*"
	if inTitle {
		each = ":*A"
	}
	return q.TableExpr("search_entries AS e").Where("e.words @@ to_tsquery('simple', ?)", strings.Join(asked, each+" & ")+each)
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
