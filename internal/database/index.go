package database

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// Index finds records by the words in them. An entry belongs to one visibility, and
// only the visibilities that are asked for take part: an entry's place among the found
// depends on its own text, and where a word stands in more than mostWeighed of those that
// one may see, on which of them are taken; never on what others may see.
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

// Remove takes records out, in every language and for every visibility. The vocabulary
// keeps their words: FindNear offers none of them unless it still finds something.
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
	slices.Sort(asked)
	asked = slices.Compact(asked)

	candidates := candidatesSQLite
	if isPostgres(x.db) {
		candidates = candidatesPostgres
	}
	// The limits, which take all, keep PostgreSQL from unpacking a text again for each word,
	// and from carrying it on once it is weighed.
	opened := x.db.NewSelect().
		TableExpr("(SELECT 0 AS place, t.number FROM (?) AS t UNION ALL SELECT 1, a.number FROM (?) AS a) AS c", candidates(x.db, s, asked, true), candidates(x.db, s, asked, false)).
		Join("JOIN search_entries AS w ON w.number = c.number").
		Column("c.place", "w.number", "w.kind", "w.record", "w.lang", "w.shown", "w.title").ColumnExpr("w.body || '' AS body").
		Limit(2 * mostWeighed)
	weighed := x.db.NewSelect().TableExpr("(?) AS e", opened).
		Column("e.place", "e.number", "e.kind", "e.record", "e.lang", "e.shown", "e.title").ColumnExpr("? AS density", density(asked)).
		Limit(2 * mostWeighed)
	best := x.db.NewSelect().TableExpr("(?) AS e", weighed).
		Column("e.kind", "e.record", "e.lang").ColumnExpr("min(e.shown) AS shown, min(e.number) AS number").
		ColumnExpr("min(e.place) AS place, max(e.density) AS density, min(e.title) AS title").
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

func candidatesSQLite(db bun.IDB, s Search, asked []string, inTitle bool) *bun.SelectQuery {
	query := `"` + strings.Join(asked, `"* "`) + `"*`
	if inTitle {
		query = "title : (" + query + ")"
	}
	q := db.NewSelect().TableExpr("search_words AS w").Join("JOIN search_entries AS e ON e.number = w.rowid").Column("e.number").
		Where("w.search_words MATCH ?", query).Where("e.visibility IN (?)", bun.List(s.Visibilities))
	if len(s.Kinds) > 0 {
		q.Where("e.kind IN (?)", bun.List(s.Kinds))
	}
	if s.Lang != "" {
		q.Where("e.lang = ?", s.Lang)
	}
	return q.Limit(mostWeighed)
}

func candidatesPostgres(db bun.IDB, s Search, asked []string, inTitle bool) *bun.SelectQuery {
	return db.NewSelect().ColumnExpr("number").TableExpr("search_candidates(to_tsquery('simple', ?), ?, ?, ?, ?, ?) AS number",
		strings.Join(asked, ":* & ")+":*", inTitle, pgdialect.Array(s.Visibilities), pgdialect.Array(append([]string{}, s.Kinds...)), s.Lang, mostWeighed)
}

// density counts, in SQL, how often the words occur in each thousand bytes.
func density(asked []string) bun.Safe {
	var b strings.Builder
	b.WriteString("(0")
	for _, word := range asked {
		// A word is letters and digits only, so it may stand in the statement.
		fmt.Fprintf(&b, " + (octet_length(e.body) - octet_length(replace(e.body, '%s', ''))) / %d", word, len(word))
	}
	b.WriteString(") * 1000 / (octet_length(e.body) + 1000)")
	return bun.Safe(b.String())
}
