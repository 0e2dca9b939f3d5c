package database_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

func TestASlipOfTheFingerFindsWhatWasMeant(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		index := shelf(t, db)
		for _, c := range []struct{ text, visibilities, want, instead string }{
			{"mediation", "open", "t08", ""},
			{"mediaton", "open", "t08", "mediation"},     // left out
			{"mediattion", "open", "t08", "mediation"},   // put in
			{"meditaion", "open", "t08", "mediation"},    // swapped
			{"confluct", "open", "t08", "conflict"},      // changed
			{"desescalda", "open", "t07", "desescalada"}, // in Spanish
			{"senora despcio", "open", "t07", "senora despacio"},
			{"canvasing", "outreach", "t09", "canvassing"},
			{"canvasing", "open", "", ""},           // nobody of these wrote anything near
			{"reyes", "open", "", ""},               // a name is no slip of a short word
			{"mediaton", "law_enforcement", "", ""}, // the other side's word is nobody's here
			{"kediation", "open", "", ""},           // the first letter is taken as meant
			{"sit", "open", "t08", ""},
			{"sot", "open", "", ""}, // too short to guess
			{"conflict mediaton", "outreach", "t09", "conflict mediation"},
			{"zzzzzzzz", "open", "", ""},
		} {
			hits, instead, err := index.FindNear(t.Context(), database.Search{Visibilities: strings.Fields(c.visibilities), Text: c.text, Limit: 10})
			var found []string
			for _, h := range hits {
				found = append(found, h.Record)
			}
			if got := strings.Join(found, " "); err != nil || got != c.want || instead != c.instead {
				t.Errorf("%q for %s finds %q with %q, want %q with %q: %v", c.text, c.visibilities, got, instead, c.want, c.instead, err)
			}
		}
	})
}

// marked is a passage with what was found between brackets.
func marked(spans []database.Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Found {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestAPassageShowsWhereTheWordsStandTogether(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		index := database.NewIndex(db)
		body := "The café opens early. " + strings.Repeat("One more word. ", 30) + "At the CAFÉ, Señora Díaz\n\tgives each worker coffee (black) before the walk. " + strings.Repeat("And on. ", 30)
		for record, text := range map[string]string{"long": body, "short": "Coffee, then a walk.", "title": "Nothing of it."} {
			title := strings.ToUpper(record[:1]) + record[1:]
			if record == "title" {
				title = "Senora"
			}
			if err := index.Put(t.Context(), database.Entry{Visibility: "open", Kind: "module", Record: record, Lang: "en", Title: title, Body: text}); err != nil {
				t.Fatal(err)
			}
		}
		for asked, want := range map[string]string{
			"cafe senora": "… word. One more word. At the [CAFÉ], [Señora] Díaz gives each worker coffee (black) before the walk. And on. And on. And on. And on. And …",
			"coff walk":   "[Coffee], then a [walk].",
			"senora":      "",
		} {
			hits, err := index.Find(t.Context(), database.Search{Visibilities: []string{"open"}, Text: asked, Limit: 1})
			if asked == "coff walk" {
				hits, err = index.Find(t.Context(), database.Search{Visibilities: []string{"open"}, Text: asked, Limit: 5})
				hits = slices.DeleteFunc(hits, func(h database.Hit) bool { return h.Record != "short" })
			}
			if err != nil || len(hits) != 1 || marked(hits[0].Passage) != want {
				t.Errorf("%q: %v\n%q, want\n%q", asked, err, fmt.Sprint(hits), want)
			}
		}
	})
}

// BenchmarkSearch looks in 10,000 modules of 150 and of 1,000 words for common words, for rare ones and
// for words with a slip, and tells the 95th of a hundred times.
func BenchmarkSearch(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, long := range []int{150, 1000} {
			b.Run(fmt.Sprintf("%s/%d", engine, long), func(b *testing.B) { searches(b, database.NewIndex(dbtest.Open(b, engine)), long) })
		}
	}
}

func searches(b *testing.B, index database.Index, long int) {
	dice := rand.New(rand.NewPCG(1, 2))
	lexicon := make([]string, 20_000)
	for i := range lexicon {
		lexicon[i] = fmt.Sprintf("%c%c%c%s", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26, strings.Repeat(string(rune('a'+i%7)), 1+i%6))
	}
	var entries []database.Entry
	for n := range 10_000 {
		var text strings.Builder
		for range long {
			text.WriteString(lexicon[int(float64(len(lexicon))*dice.Float64()*dice.Float64()*dice.Float64())] + " ")
		}
		for _, side := range []string{"outreach", "law_enforcement"} {
			entries = append(entries, database.Entry{Visibility: side, Kind: "module", Record: fmt.Sprint("m", n, side), Lang: "en", Title: lexicon[n], Body: text.String()})
		}
	}
	if err := index.Put(b.Context(), entries...); err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for n := 0; b.Loop(); n++ {
		text := [...]string{lexicon[0], lexicon[n%50] + " " + lexicon[n%70], lexicon[9_000+n%500], lexicon[n%900] + "q"}[n%4]
		start := time.Now()
		if _, _, err := index.FindNear(b.Context(), database.Search{Visibilities: []string{"outreach"}, Text: text, Limit: 60}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
}
