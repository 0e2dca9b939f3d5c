package content_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// protocol is a file of a protocol with other lines of front matter in place of its own.
func protocol(lines ...string) string {
	facts := []string{"id: mediation", "title: Standing between", "lang: en", "version: 1", "sensitivity: [C]", "owner: Practice office",
		"standing: draft", "reviewed_by: Practice office", "reviewed_on: 2026-11-24", "review_due: 2027-05-24"}
	for _, line := range lines {
		key, _, _ := strings.Cut(line, ":")
		at := slices.IndexFunc(facts, func(f string) bool { return strings.HasPrefix(f, key+":") })
		if at < 0 {
			facts = append(facts, line)
		} else {
			facts[at] = line
		}
	}
	return "---\n" + strings.Join(facts, "\n") + "\n---\n## First steps\n\nWait for your partner on the porch.\n"
}

func TestAProtocolFileIsHeldToItsRules(t *testing.T) {
	english := protocol()
	spanish := func(lines ...string) string {
		return protocol(append([]string{"lang: es", "translates: " + string(content.HashOf([]byte(english)))}, lines...)...)
	}
	for name, row := range map[string]struct {
		files map[string]string
		want  string
	}{
		"good":            {map[string]string{"protocols/mediation.md": english, "protocols/mediation.es.md": spanish()}, ""},
		"no owner":        {map[string]string{"protocols/mediation.md": protocol("owner: ''")}, "content.problem.key_missing"},
		"other id":        {map[string]string{"protocols/circles.md": english}, "content.problem.id_file"},
		"no such day":     {map[string]string{"protocols/mediation.md": protocol("reviewed_on: 2026-02-30")}, "content.problem.date"},
		"due before":      {map[string]string{"protocols/mediation.md": protocol("review_due: 2026-11-24")}, "content.problem.review_due"},
		"standing":        {map[string]string{"protocols/mediation.md": protocol("standing: final")}, "content.problem.standing"},
		"both sides":      {map[string]string{"protocols/mediation.md": protocol("sensitivity: [C, P]")}, "content.problem.sensitivity_both"},
		"name":            {map[string]string{"protocols/Mediation.md": english}, "content.problem.protocol_name"},
		"stale":           {map[string]string{"protocols/mediation.md": english, "protocols/mediation.es.md": spanish("translates: abc")}, "content.problem.translates_stale"},
		"no original":     {map[string]string{"protocols/mediation.es.md": spanish()}, "content.problem.original_missing"},
		"other side":      {map[string]string{"protocols/mediation.md": english, "protocols/mediation.es.md": spanish("sensitivity: [O]")}, "content.problem.translation_differs"},
		"picture":         {map[string]string{"protocols/mediation.md": english + "\n![A dot](dot.png)\n"}, "content.problem.protocol_part"},
		"cites unknown":   {map[string]string{"t07-a.md": head() + "[This](protocol:mediation)\n"}, "content.problem.protocol_missing"},
		"cites":           {map[string]string{"t07-a.md": head("sensitivity: [C]") + "[This](protocol:mediation)\n", "protocols/mediation.md": english}, ""},
		"cites a fellow":  {map[string]string{"protocols/mediation.md": english + "\n[This](protocol:mediation)\n"}, "content.problem.link"},
		"twice a version": {map[string]string{"protocols/mediation.md": english, "protocols/mediation.v1.md": english + "More.\n"}, "content.problem.version_twice"},
	} {
		_, problems := parse(row.files)
		var got string
		if len(problems) > 0 {
			got = problems[0].Key
		}
		if got != row.want {
			t.Errorf("%s: %q, want %q (%v)", name, got, row.want, problems)
		}
	}
}

func TestAModuleCitesNoProtocolThatOneOfItsReadersMayNotSee(t *testing.T) {
	newest := func(sensitivity string) string { return protocol("version: 2", "sensitivity: "+sensitivity) }
	for name, row := range map[string]struct{ module, protocol, want string }{
		"one side, the same":       {"[C]", protocol(), ""},
		"all, open":                {"[O]", protocol("sensitivity: [O]"), ""},
		"health too, not health":   {"[C, H]", protocol(), "13 content.problem.protocol_hidden"},
		"health too":               {"[C, H]", protocol("sensitivity: [C, H]"), ""},
		"the other side":           {"[P]", protocol(), "13 content.problem.protocol_hidden"},
		"all, one side":            {"[O]", protocol(), "13 content.problem.protocol_hidden"},
		"joint, one side":          {"[C, J]", protocol(), "13 content.problem.protocol_hidden_joint"},
		"joint, joint":             {"[C, J]", protocol("sensitivity: [C, J]"), ""},
		"joint, open":              {"[C, J]", protocol("sensitivity: [O]"), ""},
		"all, closed since":        {"[O]", newest("[C]"), "13 content.problem.protocol_hidden"},
		"one side, and open since": {"[C]", newest("[O]"), ""},
	} {
		files := map[string]string{"t07-a.md": head("sensitivity: "+row.module) + "See [how we stand](protocol:mediation).\n", "protocols/mediation.md": row.protocol}
		if strings.Contains(row.protocol, "version: 2") {
			files["protocols/mediation.v1.md"] = protocol("sensitivity: [O]")
		}
		folder, problems := parse(files)
		if told(problems) != row.want || len(folder.Modules) == 1 != (row.want == "") {
			t.Errorf("%s: told %q, want %q; %d modules kept", name, told(problems), row.want, len(folder.Modules))
		}
	}
	// An older version can't be mended: it may stand as it is beside one that keeps to the rule.
	_, problems := parse(map[string]string{"protocols/mediation.md": protocol(), "t07-a.md": head("version: 2") + "Text.\n",
		"t07-a.v1.md": head() + "See [how we stand](protocol:mediation).\n"})
	if told(problems) != "" {
		t.Errorf("an older version: %q", told(problems))
	}
}

func TestAProtocolIsNamedOnlyToWhoMaySeeIt(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, db *bun.DB, s content.Store) {
		keep(ctx, t, s, map[string]string{
			"protocols/mediation.md": protocol("sensitivity: [O]"), "protocols/shared.md": protocol("id: shared", "title: Shared", "sensitivity: [O]"),
			"t07-a.md": head("sensitivity: [O]") + "See [how we stand](protocol:mediation) and [more](protocol:shared).\n",
			"t08-a.md": head("id: T08", "sensitivity: [C]") + "See [more](protocol:shared).\n",
		})
		keep(ctx, t, s, map[string]string{"protocols/mediation.md": protocol("version: 2")}) // closed to all but outreach, after the fact
		for sector, want := range map[people.Sector]string{
			people.Outreach: "mediation shared / T07 T08 / Standing between", people.LawEnforcement: "shared / T07 / ", people.Health: "shared / T07 / ",
		} {
			m, err := s.Module(ctx, seen(sector), "T07", content.Spanish)
			if err != nil {
				t.Fatal(err)
			}
			var cites, by []string
			for _, c := range m.Protocols() {
				cites = append(cites, string(c.ID))
			}
			if strings.Contains(m.HTML, "/protocols/mediation") != (sector == people.Outreach) || !strings.Contains(m.HTML, "how we stand") || !strings.Contains(m.HTML, `href="/protocols/shared"`) {
				t.Errorf("%s reads %s", sector, m.HTML)
			}
			modules, err := s.CitedBy(ctx, seen(sector), "shared", content.English)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range modules {
				by = append(by, string(m.ID))
			}
			hits, err := database.NewIndex(db).Find(ctx, database.Search{Visibilities: []string{string(sector)}, Kinds: []string{"protocol"}, Text: "standing", Limit: 9})
			if err != nil {
				t.Fatal(err)
			}
			found := ""
			for _, hit := range hits {
				found += hit.Title
			}
			if got := strings.Join(cites, " ") + " / " + strings.Join(by, " ") + " / " + found; got != want {
				t.Errorf("%s: %q, want %q", sector, got, want)
			}
		}
	})
}

func TestANewerProtocolForOneSideClosesTheOlder(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, db *bun.DB, s content.Store) {
		count := func(sector people.Sector) int64 {
			n, err := db.NewSelect().Model((*content.Protocol)(nil)).Apply(content.ProtocolsVisibleTo(seen(sector), noon)).Count(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		keep(ctx, t, s, map[string]string{"protocols/mediation.md": protocol("sensitivity: [O]")})
		if count(people.LawEnforcement) != 1 {
			t.Error("an officer doesn't see what is open to all")
		}
		for range 2 {
			keep(ctx, t, s, map[string]string{"protocols/mediation.md": protocol("version: 2")})
			keep(ctx, t, s, map[string]string{"protocols/mediation.md": protocol("sensitivity: [O]")})
			if count(people.LawEnforcement) != 0 || count(people.Outreach) != 2 {
				t.Error("the older version stays open")
			}
		}
	})
}

func TestAProtocolTaggedForJointSessionsOpensWithTheModuleThatCitesIt(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, db *bun.DB, s content.Store) {
		keep(ctx, t, s, map[string]string{
			"protocols/mediation.md": protocol("sensitivity: [C, J]"), "protocols/closed.md": protocol("id: closed", "title: Closed", "sensitivity: [C, J]"),
			"t05-a.md": head("id: T05", "sensitivity: [C, J]") + "[One](protocol:mediation), [two](protocol:closed).\n",
		})
		keep(ctx, t, s, map[string]string{"protocols/closed.md": protocol("id: closed", "title: Closed", "version: 2")})
		officer := seen(people.LawEnforcement)
		if err := s.OpenModules(ctx, "joint", people.LawEnforcement, []content.ModuleID{"T05"}, noon, noon.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		m, err := s.Module(ctx, officer, "T05", content.English)
		if err != nil || len(m.Protocols()) != 1 || m.Protocols()[0].ID != "mediation" || strings.Contains(m.HTML, "closed") {
			t.Errorf("in the window: %v %v %s", err, m.Protocols(), m.HTML)
		}
		later := content.NewStore(db, clock.At(noon.Add(time.Hour)))
		if _, err := later.Module(ctx, officer, "T05", content.English); !errors.Is(err, fault.NotFound) {
			t.Errorf("after it: %v", err)
		}
	})
}

func TestProtocolsComeBackOutAsTheyWentIn(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, _ *bun.DB, s content.Store) {
		old, newer := protocol(), protocol("version: 2")+"More.\n"
		spanish := protocol("version: 2", "lang: es", "title: En medio", "translates: "+string(content.HashOf([]byte(newer))))
		fsys := fstest.MapFS{"protocols/mediation.md": {Data: []byte(old)}}
		var folder content.Folder
		for _, files := range []fstest.MapFS{fsys, {"protocols/mediation.md": {Data: []byte(newer)}, "protocols/mediation.es.md": {Data: []byte(spanish)}}} {
			var problems []content.Problem
			if folder, problems = content.Parse(files, "."); len(problems) > 0 {
				t.Fatal(problems)
			}
			if _, err := s.Import(ctx, folder); err != nil {
				t.Fatal(err)
			}
		}
		if again, err := s.Import(ctx, folder); err != nil || again != (content.Imported{Known: 2}) {
			t.Errorf("again: %+v %v", again, err)
		}
		out := written(ctx, t, s)
		for name, want := range map[string]string{"mediation.md": newer, "mediation.v1.md": old, "mediation.es.md": spanish} {
			if f := out["protocols/"+name]; f == nil || string(f.Data) != want {
				t.Errorf("%s: %v", name, f)
			}
		}
		back, problems := content.Parse(out, ".")
		if again, err := s.Import(ctx, back); err != nil || len(problems) > 0 || again != (content.Imported{Known: 3}) {
			t.Errorf("read again: %+v %v %v", again, err, problems)
		}
		fsys["protocols/mediation.md"].Data = append(fsys["protocols/mediation.md"].Data, "Other bytes.\n"...)
		changed, _ := content.Parse(fsys, ".")
		if clashes, err := s.Clashes(ctx, changed); err != nil || len(clashes) != 1 || clashes[0].Path != "protocols/mediation.md" {
			t.Errorf("clashes %v %v", clashes, err)
		}
	})
}
