package content_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/content/curriculum"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

var noon = time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)

func each(t *testing.T, body func(ctx context.Context, t *testing.T, db *bun.DB, s content.Store)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		body(t.Context(), t, db, content.NewStore(db, clock.At(noon)))
	}, people.Migrations, content.Migrations)
}

// keep imports modules named like "T07" with what follows in their front matter.
func keep(ctx context.Context, t *testing.T, s content.Store, files map[string]string) {
	t.Helper()
	folder, problems := parse(files)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if _, err := s.Import(ctx, folder); err != nil {
		t.Fatal(err)
	}
}

func seen(sector people.Sector, roles ...people.Role) people.Viewer {
	return people.Seen("someone", sector, roles, nil)
}

func TestSensitivityDecidesWhichSectorsSeeAModule(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, _ *bun.DB, s content.Store) {
		ids := map[string]string{"T01": "[O]", "T02": "[C]", "T03": "[P]", "T04": "[C, H]", "T05": "[C, J]"}
		files, all := map[string]string{}, []content.ModuleID{}
		for id, sensitivity := range ids {
			files[strings.ToLower(id)+".md"] = head("id: "+id, "sensitivity: "+sensitivity) + "Text.\n"
			all = append(all, content.ModuleID(id))
		}
		keep(ctx, t, s, files)
		for viewer, want := range map[string]string{
			"outreach": "T01 T02 T04 T05", "law_enforcement": "T01 T03", "health": "T01 T04", "community": "T01", "nobody": "",
		} {
			v := seen(people.Sector(viewer))
			if viewer == "nobody" {
				v = people.Nobody
			}
			found, err := s.Modules(ctx, v, all, content.English)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for id := range found {
				names = append(names, string(id))
			}
			slices.Sort(names)
			if got := strings.Join(names, " "); got != want {
				t.Errorf("%s sees %q, want %q", viewer, got, want)
			}
			for _, id := range all {
				m, err := s.Module(ctx, v, id, content.English)
				if visible := strings.Contains(want, string(id)); visible != (err == nil) || !visible && !errors.Is(err, fault.NotFound) {
					t.Errorf("%s opens %s: %v", viewer, id, err)
				}
				if err == nil {
					if _, err := s.Version(ctx, v, m.Hash); err != nil {
						t.Errorf("%s opens version %s: %v", viewer, id, err)
					}
				}
			}
		}
	})
}

func TestAJointSessionOpensOnlyModulesTaggedForItAndOnlyInItsWindow(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, db *bun.DB, s content.Store) {
		keep(ctx, t, s, map[string]string{
			"t05-a.md": head("id: T05", "sensitivity: [C, J]") + "Text.\n",
			"t06-a.md": head("id: T06", "sensitivity: [C]") + "Text.\n",
		})
		officer, week := seen(people.LawEnforcement), 7*24*time.Hour
		at := func(now time.Time) (open string) {
			later := content.NewStore(db, clock.At(now))
			for _, id := range []content.ModuleID{"T05", "T06"} {
				if _, err := later.Module(ctx, officer, id, content.English); err == nil {
					open += string(id)
				}
			}
			return open
		}
		session := noon.Add(week)
		err := s.OpenModules(ctx, "joint-1", people.LawEnforcement, []content.ModuleID{"T05", "T06"}, noon, session)
		if err != nil {
			t.Fatal(err)
		}
		for now, want := range map[time.Time]string{noon.Add(-time.Second): "", noon: "T05", session.Add(-time.Second): "T05", session: ""} {
			if got := at(now); got != want {
				t.Errorf("at %v open is %q, want %q", now, got, want)
			}
		}
		if err := s.CloseOpening(ctx, "joint-1"); err != nil || at(noon) != "" {
			t.Errorf("after closing (%v) open is %q", err, at(noon))
		}
	})
}

func TestANewVersionForOneSideClosesTheOldOnesToo(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, _ *bun.DB, s content.Store) {
		old := head("sensitivity: [O]") + "Old.\n"
		keep(ctx, t, s, map[string]string{"t07-a.md": old})
		keep(ctx, t, s, map[string]string{"t07-a.md": head("sensitivity: [C]", "version: 2") + "New.\n"})
		for i := range 2 { // the second time the old file comes in again
			if _, err := s.Version(ctx, seen(people.LawEnforcement), content.HashOf([]byte(old))); !errors.Is(err, fault.NotFound) {
				t.Errorf("officer opens the old version, round %d: %v", i, err)
			}
			if _, err := s.Version(ctx, seen(people.Outreach), content.HashOf([]byte(old))); err != nil {
				t.Errorf("outreach opens the old version: %v", err)
			}
			keep(ctx, t, s, map[string]string{"t07-a.md": old})
		}
	})
}

func TestAModuleComesInTheReadersLanguageOrInEnglishAndSaysSo(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, _ *bun.DB, s content.Store) {
		english := head() + "Text.\n"
		keep(ctx, t, s, map[string]string{
			"t07-a.md":    english,
			"t07-a.es.md": head("lang: es", "title: Bajar la tensión", "translates: "+string(content.HashOf([]byte(english)))) + "Texto.\n",
			"t08-a.md":    head("id: T08") + "Text.\n",
		})
		for id, want := range map[content.ModuleID]string{"T07": "es false", "T08": "en true"} {
			m, err := s.Module(ctx, seen(people.Outreach), id, content.Spanish)
			if got := fmt.Sprint(m.Lang, " ", m.Fallback); err != nil || got != want {
				t.Errorf("%s: %s (%v), want %s", id, got, err, want)
			}
			all, err := s.Modules(ctx, seen(people.Outreach), []content.ModuleID{id}, content.Spanish)
			if got := fmt.Sprint(all[id].Lang, " ", all[id].Fallback); err != nil || got != want {
				t.Errorf("%s among many: %s (%v), want %s", id, got, err, want)
			}
		}
		if m, err := s.Module(ctx, seen(people.Outreach), "T07", content.English); err != nil || m.Lang != content.English || m.Fallback {
			t.Errorf("English: %v %v", m.Lang, err)
		}
	})
}

func TestAPinnedVersionStaysWhenANewerOneComes(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, _ *bun.DB, s content.Store) {
		keep(ctx, t, s, map[string]string{"t07-a.md": head() + "Old.\n"})
		keep(ctx, t, s, map[string]string{"t07-a.md": head("version: 2") + "New.\n"})
		for version, want := range map[int]int{0: 2, 1: 1, 2: 2} {
			if m, err := s.ModuleAt(ctx, seen(people.Outreach), "T07", version, content.English); err != nil || m.Version != want {
				t.Errorf("version %d gives %d (%v), want %d", version, m.Version, err, want)
			}
		}
	})
}

func TestAVersionWithOtherBytesIsRefusedAndNothingOfItsFolderIsStored(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, _ *bun.DB, s content.Store) {
		keep(ctx, t, s, map[string]string{"t07-a.md": head() + "Text.\n"})
		folder, _ := parse(map[string]string{"t07-a.md": head() + "Other text.\n", "t06-a.md": head("id: T06") + "Text.\n"})
		clashes, err := s.Clashes(ctx, folder)
		if err != nil || len(clashes) != 1 || clashes[0].Path != "t07-a.md" || clashes[0].Key != "content.problem.other_bytes" {
			t.Errorf("clashes %v, %v", clashes, err)
		}
		var conflict *fault.ConflictError
		if _, err := s.Import(ctx, folder); !errors.As(err, &conflict) {
			t.Errorf("import: %v, want a conflict", err)
		}
		if _, err := s.Module(ctx, seen(people.Outreach), "T06", content.English); !errors.Is(err, fault.NotFound) {
			t.Errorf("T06 of the refused folder: %v", err)
		}
		if m, err := s.Module(ctx, seen(people.Outreach), "T07", content.English); err != nil || !strings.Contains(m.HTML, "<p>Text.") {
			t.Errorf("T07 is now %q (%v)", m.HTML, err)
		}
	})
}

func TestImportTwiceChangesNothing(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, _ *bun.DB, s content.Store) {
		folder, _ := content.Parse(curriculum.Files, ".")
		want := len(folder.Modules) + len(folder.Guides) + len(folder.Protocols)
		first, err := s.Import(ctx, folder)
		if err != nil || first != (content.Imported{New: want}) {
			t.Fatalf("first %+v, %v", first, err)
		}
		second, err := s.Import(ctx, folder)
		if err != nil || second != (content.Imported{Known: want}) {
			t.Fatalf("second %+v, %v", second, err)
		}
	})
}

func TestGuideIsForThoseWhoTeachAndNotForCurrentTrainees(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, db *bun.DB, s content.Store) {
		keep(ctx, t, s, map[string]string{
			"t07-a.md":       head("sensitivity: [C]") + "Text.\n",
			"t07-a.guide.md": "---\nid: T07\ntitle: Guide\nlang: en\nversion: 1\nminutes: 60\n---\n## A {minutes=60}\n",
		})
		id, err := people.NewStore(db, clock.At(noon)).AddPerson(ctx, people.System(people.Outreach), people.NewPerson{GivenName: "Rosa", FamilyName: "Vega"})
		if err != nil {
			t.Fatal(err)
		}
		rosa := people.Seen(id, people.Outreach, []people.Role{people.Instructor}, nil)
		for name, row := range map[string]struct {
			viewer people.Viewer
			open   bool
		}{
			"instructor":        {rosa, true},
			"author":            {seen(people.Outreach, people.Author), true},
			"trainee":           {seen(people.Outreach, people.Trainee), false},
			"auditor":           {seen(people.Outreach, people.Auditor), false},
			"police instructor": {seen(people.LawEnforcement, people.Instructor), false},
			"nobody":            {people.Nobody, false},
		} {
			if _, err := s.Guide(ctx, row.viewer, "T07", content.Spanish); row.open != (err == nil) || err != nil && !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v, want open %v", name, err, row.open)
			}
		}
		open := func() bool { _, err := s.Guide(ctx, rosa, "T07", content.English); return err == nil }
		for _, cause := range []string{"enrolment-1", "enrolment-2"} {
			for range 2 {
				if err := s.CloseAnswers(ctx, id, []content.ModuleID{"T07", "T08"}, cause); err != nil {
					t.Fatal(err)
				}
			}
		}
		if open() {
			t.Error("open to a current trainee")
		}
		if err := s.ReopenAnswers(ctx, "enrolment-1"); err != nil || open() {
			t.Errorf("open while another enrolment closes it (%v)", err)
		}
		if err := s.ReopenAnswers(ctx, "enrolment-2"); err != nil || !open() {
			t.Errorf("closed after the last enrolment ended (%v)", err)
		}
	})
}

func TestExportGivesBackTheBytesAndReadsAgain(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, _ *bun.DB, s content.Store) {
		old, newer := head()+"Old.\n", head("version: 2")+"![A dot](dot.png)\n"
		png := dotPNG
		fsys := fstest.MapFS{"glossary.yaml": {Data: []byte(glossary)}, "dot.png": {Data: []byte(png)}, "t07-a.md": {Data: []byte(old)}}
		for _, source := range []string{old, newer} {
			fsys["t07-a.md"].Data = []byte(source)
			folder, problems := content.Parse(fsys, ".")
			if _, err := s.Import(ctx, folder); err != nil || len(problems) > 0 {
				t.Fatal(err, problems)
			}
		}
		out := written(ctx, t, s)
		for name, want := range map[string]string{"t07-a.md": newer, "t07-a.v1.md": old, "dot.png": png, "glossary.yaml": glossary} {
			if f := out[name]; f == nil || string(f.Data) != want {
				t.Errorf("%s: %v", name, f)
			}
		}
		folder, problems := content.Parse(out, ".")
		again, err := s.Import(ctx, folder)
		if err != nil || len(problems) > 0 || again != (content.Imported{Known: 2}) {
			t.Errorf("read again: %+v, %v, %v", again, err, problems)
		}
		pic, err := s.Picture(ctx, seen(people.Outreach), "T07", "dot.png")
		if err != nil || string(pic.Bytes) != png || pic.MediaType != "image/png" {
			t.Errorf("picture %q %s (%v)", pic.Bytes, pic.MediaType, err)
		}
		if _, err := s.Picture(ctx, people.Nobody, "T07", "dot.png"); !errors.Is(err, fault.NotFound) {
			t.Errorf("picture for nobody: %v", err)
		}
	})
}
