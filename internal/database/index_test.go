package database_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

func TestFoldMakesAlikeWhatReadsAlike(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Café": "cafe", "CAFE\u0301": "cafe", "Niño Ñandú": "nino nandu", "ﬁne № 1": "fine no 1",
		"Straße": "straße", "İ": "i", "한글": "한글", "": "", "¿Qué?": "¿que?",
	} {
		if got := database.Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
}

func shelf(t *testing.T, db *bun.DB) database.Index {
	t.Helper()
	index := database.NewIndex(db)
	for _, line := range []string{
		"open|module|t07|en|De-escalation|Slow your breath. Call (312) 555-0100 or write to desk@example.org.",
		"open|module|t07|es|Desescalada|Respire despacio. La señora del café espera.",
		"open|module|t08|en|Conflict mediation|Sit down with both sides. De-escalation comes first, then talk.",
		"outreach|module|t09|en|Canvassing|Walk the block. Conflict is near. Mediation of a conflict needs trust.",
		"law_enforcement|module|p01|en|Traffic stops|Canvassing a scene. Conflict.",
		"outreach|person|dana|en|María-José O'Neil|",
		"open|module|t10|en|100% safe_place 1e5 t07b|" + strings.Repeat("word ", 3000) + strings.Repeat("x", 3000),
	} {
		f := strings.Split(line, "|")
		err := index.Put(t.Context(), database.Entry{Visibility: f[0], Kind: f[1], Record: f[2], Lang: f[3], Title: f[4], Body: f[5]})
		if err != nil {
			t.Fatal(err)
		}
	}
	return index
}

func TestSearchFindsTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		index := shelf(t, db)
		for _, c := range []struct{ text, visibilities, kinds, lang, want string }{
			{"de-escalation", "open", "", "", "t07 t08"},
			{"DE ESCALATION", "open", "", "", "t07 t08"},
			{"escal", "open", "", "", "t07 t08"},
			{"calation", "open", "", "", ""},
			{"cafe", "open", "", "", "t07"},
			{"CAFÉ señora", "open", "", "", "t07"},
			{"cafe", "open", "", "en", ""},
			{"conflict", "open", "", "", "t08"},
			{"conflict", "open outreach", "", "", "t08 t09"},
			{"conflict", "open outreach law_enforcement", "", "", "t08 t09 p01"},
			{"canvassing", "outreach", "", "", "t09"},
			{"canvassing", "law_enforcement", "", "", "p01"},
			{"canvassing", "", "", "", ""},
			{"jose", "outreach", "person", "", "dana"},
			{"maria neil", "outreach", "", "", "dana"},
			{"jose", "outreach", "module", "", ""},
			{"desk@example.org", "open", "", "", "t07"},
			{"555-0100", "open", "", "", "t07"},
			{"safe_pl 100%", "open", "", "", "t10"},
			{"1e5 t07b", "open", "", "", "t10"},
			{"1e t07", "open", "", "", "t10"},
			{`"conflict" OR * NEAR(`, "open", "", "", ""},
			{`' & | ! <-> :* \ ^ -`, "open outreach", "", "", ""},
			{"", "open", "", "", ""},
			{strings.Repeat("y", 5000), "open", "", "", ""},
			{"sit down with both sides de escalation comes first nowhere", "open", "", "", "t08"},
		} {
			hits, err := index.Find(t.Context(), database.Search{
				Visibilities: strings.Fields(c.visibilities), Kinds: strings.Fields(c.kinds), Lang: c.lang, Text: c.text, Limit: 10,
			})
			if err != nil {
				t.Errorf("%q: %v", c.text, err)
			}
			var found []string
			for _, h := range hits {
				found = append(found, h.Record)
			}
			if got := strings.Join(found, " "); got != c.want {
				t.Errorf("%.60q in %q %q %q found %q, want %q", c.text, c.visibilities, c.kinds, c.lang, got, c.want)
			}
		}
	})
}

func TestAHitShowsTheTitleAsItIsWritten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		hits, err := shelf(t, db).Find(t.Context(), database.Search{Visibilities: []string{"outreach"}, Text: "maria", Limit: 1})
		if err != nil || len(hits) != 1 || fmt.Sprint(hits[0]) != "{person dana en María-José O'Neil []}" {
			t.Errorf("%+v, %v", hits, err)
		}
	})
}

func TestARecordSeenTwiceIsFoundOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		index := database.NewIndex(db)
		for _, visibility := range []string{"outreach", "health"} {
			if err := index.Put(t.Context(), database.Entry{Visibility: visibility, Kind: "module", Record: "t07", Lang: "en", Title: "Trauma"}); err != nil {
				t.Fatal(err)
			}
		}
		hits, err := index.Find(t.Context(), database.Search{Visibilities: []string{"outreach", "health"}, Text: "trauma", Limit: 10})
		if err != nil || len(hits) != 1 {
			t.Errorf("%+v, %v", hits, err)
		}
	})
}

func TestWhatIsHiddenChangesNothingInWhatIsFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		index := shelf(t, db)
		find := func() string {
			hits, err := index.Find(t.Context(), database.Search{Visibilities: []string{"open", "outreach"}, Text: "conflict mediation", Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(hits)
		}
		before := find()
		for i := range 50 {
			e := database.Entry{Visibility: "law_enforcement", Kind: "module", Record: fmt.Sprint(i), Lang: "en", Title: "Conflict", Body: strings.Repeat("mediation ", i)}
			if err := index.Put(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		if after := find(); after != before {
			t.Errorf("before %s\nafter  %s", before, after)
		}
	})
}

func TestAChangedOrRemovedEntryIsFoundByItsNewWordsOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		index := shelf(t, db)
		want := func(text string, n int) {
			t.Helper()
			hits, err := index.Find(t.Context(), database.Search{Visibilities: []string{"open"}, Text: text, Limit: 10})
			if err != nil || len(hits) != n {
				t.Errorf("%q: %v, %v", text, hits, err)
			}
		}
		err := index.Put(t.Context(), database.Entry{Visibility: "open", Kind: "module", Record: "t08", Lang: "en", Title: "Circles", Body: "Listen."})
		if err != nil {
			t.Fatal(err)
		}
		want("mediation", 0)
		want("circles listen", 1)
		undone := errors.New("undone")
		err = database.InTx(t.Context(), db, func(ctx context.Context, tx bun.Tx) error {
			if err := index.In(tx).Remove(ctx, "module", "t08"); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		want("circles", 1)
		if err := index.Remove(t.Context(), "module", "t07"); err != nil {
			t.Fatal(err)
		}
		want("breath", 0)
		want("cafe", 0)
	})
}
