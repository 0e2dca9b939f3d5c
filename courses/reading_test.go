package courses_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func (a academy) edition(code string, sector people.Sector) courses.Edition {
	a.Helper()
	e, err := a.courses.EditionInForce(a.ctx, people.System(sector), code, "2026-11-24")
	if err != nil {
		a.Fatal(err)
	}
	return e
}

func TestReadingComesBackToWhereOneStoppedAndNeverGoesBack(t *testing.T) {
	each(t, func(a academy) {
		maya, put := a.person("Maya", people.Outreach), a.edition("PUT", people.Outreach)
		place, err := a.courses.Open(a.ctx, maya, "T07", content.Spanish, put.ID)
		if err != nil || place.Module.Lang != content.Spanish || place.Reading.Furthest != 0 {
			t.Fatalf("first: %s at %d, %v", place.Module.Lang, place.Reading.Furthest, err)
		}
		for _, step := range []struct{ to, want int }{{3, 3}, {1, 3}, {5, 5}} {
			if err := a.courses.ReadTo(a.ctx, maya, "T07", step.to); err != nil {
				t.Fatal(err)
			}
			// In whatever language: a module has one place.
			place, err := a.courses.Open(a.ctx, maya, "T07", content.English, put.ID)
			if err != nil || place.Reading.Furthest != step.want || place.Module.Lang != content.English || place.Reading.Hash != place.Module.Hash {
				t.Errorf("after %d: at %d in %s, %v; want %d", step.to, place.Reading.Furthest, place.Module.Lang, err, step.want)
			}
		}
		var invalid *fault.InvalidError
		for _, to := range []int{-1, 100} {
			if err := a.courses.ReadTo(a.ctx, maya, "T07", to); !errors.As(err, &invalid) {
				t.Errorf("place %d: %v", to, err)
			}
		}
	})
}

func TestBeforeAndAfterFollowOnesOwnCourseAndSkipWhatHasNoText(t *testing.T) {
	each(t, func(a academy) {
		maya, officer := a.person("Maya", people.Outreach), a.person("Omar", people.LawEnforcement)
		gap := a.withGap().ID
		for name, row := range map[string]struct {
			viewer people.Viewer
			mine   []courses.EditionID
			id     content.ModuleID
			want   string
		}{
			"on, over what has no text":   {maya, []courses.EditionID{gap}, "T07", "- T27"},
			"back, over what has no text": {maya, []courses.EditionID{gap}, "T27", "T07 -"},
			"in PUT":                      {maya, []courses.EditionID{a.edition("PUT", people.Outreach).ID}, "T27", "T19 T07"},
			"the first edition that fits": {maya, []courses.EditionID{a.edition("OUT", people.Outreach).ID, a.edition("PUT", people.Outreach).ID}, "T28", "T07 -"},
			"on no course":                {maya, nil, "T07", "- -"},
			"police PUT":                  {officer, []courses.EditionID{a.edition("PUT", people.LawEnforcement).ID}, "T27", "T20 T07"},
			"the other side's edition":    {officer, []courses.EditionID{a.edition("PUT", people.Outreach).ID}, "T27", "- -"},
		} {
			place, err := a.courses.Open(a.ctx, row.viewer, row.id, content.English, row.mine...)
			name1 := func(s *courses.Step) content.ModuleID {
				if s == nil {
					return "-"
				}
				return s.Module.ID
			}
			if got := fmt.Sprint(name1(place.Before), " ", name1(place.After)); err != nil || got != row.want {
				t.Errorf("%s: %s (%v), want %s", name, got, err, row.want)
			}
		}
	})
}

func TestWhatMayNotBeSeenCanBeNeitherReadNorDone(t *testing.T) {
	each(t, func(a academy) {
		maya, omar := a.person("Maya", people.Outreach), a.person("Omar", people.LawEnforcement)
		for _, row := range []struct {
			v  people.Viewer
			id content.ModuleID
		}{{maya, "T20"}, {omar, "T19"}, {omar, "T02"}, {maya, "T99"}, {people.Nobody, "T07"}} {
			for name, err := range map[string]error{
				"open": second(a.courses.Open(a.ctx, row.v, row.id, content.English)),
				"look": second(a.courses.Look(a.ctx, row.v, row.id, content.English)),
				"read": a.courses.ReadTo(a.ctx, row.v, row.id, 1),
				"done": a.courses.MarkDone(a.ctx, row.v, row.id),
			} {
				if !errors.Is(err, fault.NotFound) {
					t.Errorf("%s %s: %v", name, row.id, err)
				}
			}
		}
		if n, err := a.db.NewSelect().Table("readings").Count(a.ctx); err != nil || n != 0 {
			t.Errorf("%d readings kept, %v", n, err)
		}
	})
}

// Whoever read the text and whoever took the other way leave the same row, before they are
// done and after: at the version to which their edition is pinned, also when there is a newer one.
func TestTheOtherWayThroughLeavesWhatReadingLeaves(t *testing.T) {
	each(t, func(a academy) {
		reader, other := a.person("Maya", people.Outreach), a.person("Luz", people.Outreach)
		put := a.edition("PUT", people.Outreach).ID
		a.publishNewer("O")
		row := func(v people.Viewer) (r courses.Reading) {
			if err := a.db.NewSelect().Model(&r).Where("r.person_id = ?", v.Person()).Scan(a.ctx); err != nil {
				t.Fatal(err)
			}
			r.ID, r.PersonID = "", ""
			return r
		}
		if _, err := a.courses.Open(a.ctx, reader, "T07", content.English, put); err != nil {
			t.Fatal(err)
		}
		place, err := a.courses.Look(a.ctx, other, "T07", content.English, put)
		if err != nil || !place.Module.HasAnotherWay() {
			t.Fatal(err)
		}
		if n, err := a.db.NewSelect().Table("readings").Where("person_id = ?", other.Person()).Count(a.ctx); err != nil || n != 0 {
			t.Errorf("looking left %d rows, %v", n, err)
		}
		if _, err := a.courses.NoteOpened(a.ctx, other, place); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(row(reader)) != fmt.Sprint(row(other)) {
			t.Errorf("once opened, the rows differ:\n%v\n%v", row(reader), row(other))
		}
		if err := a.courses.ReadTo(a.ctx, reader, "T07", 4); err != nil {
			t.Fatal(err)
		}
		a.courses = courses.NewStore(a.db, clock.At(noon.Add(time.Hour)), a.content)
		for _, v := range []people.Viewer{reader, other} {
			for range 2 { // marking done twice changes nothing
				if err := a.courses.MarkDone(a.ctx, v, "T07", put); err != nil {
					t.Fatal(err)
				}
			}
			if err := a.courses.ReadTo(a.ctx, v, "T07", 2, put); err != nil {
				t.Fatal(err)
			}
		}
		if r := row(reader); fmt.Sprint(r) != fmt.Sprint(row(other)) || !r.OpenedAt.Equal(noon) || !r.DoneAt.Equal(noon.Add(time.Hour)) {
			t.Errorf("the rows differ, or forget when:\n%v\n%v", r, row(other))
		}
	})
}

func TestWhatIsDoneIsToldWithItsVersionAndNothingElse(t *testing.T) {
	each(t, func(a academy) {
		maya, omar := a.person("Maya", people.Outreach), a.person("Omar", people.LawEnforcement)
		put := a.edition("PUT", people.Outreach)
		_, err := a.courses.Open(a.ctx, maya, "T07", content.Spanish, put.ID)
		for _, err := range []error{
			err, a.courses.MarkDone(a.ctx, maya, "T07"), a.courses.ReadTo(a.ctx, maya, "T01", 3), a.courses.MarkDone(a.ctx, maya, "T13"),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		done, err := a.courses.DoneBy(a.ctx, people.System(people.Outreach), maya.Person(), put.ID)
		r := done["T07"]
		if err != nil || len(done) != 1 || !r.DoneAt.Equal(noon) || r.Version != 1 || r.Lang != content.Spanish || r.Title == "" || r.Opened() {
			t.Errorf("done %v, %v", done, err)
		}
		if _, err := a.courses.DoneBy(a.ctx, omar, maya.Person(), put.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("from the other sector: %v", err)
		}
		police := a.edition("PUT", people.LawEnforcement)
		if done, err := a.courses.DoneBy(a.ctx, omar, maya.Person(), police.ID); err != nil || len(done) != 0 {
			t.Errorf("under one's own edition, of the other side's person: %v %v", done, err)
		}
	})
}

// The record keeps the version that was read, also when there is a newer one; it is its
// reader's alone; and of what they may not see any more it says nothing.
func TestAReadingRecordKeepsTheVersionThatWasRead(t *testing.T) {
	each(t, func(a academy) {
		maya, put := a.person("Maya", people.Outreach), a.edition("PUT", people.Outreach).ID
		for _, id := range []content.ModuleID{"T07", "T27"} {
			if _, err := a.courses.Open(a.ctx, maya, id, content.Spanish, put); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.courses.ReadTo(a.ctx, maya, "T07", 2, put); err != nil {
			t.Fatal(err)
		}
		if err := a.courses.MarkDone(a.ctx, maya, "T27", put); err != nil {
			t.Fatal(err)
		}
		a.publishNewer("O")
		list, next, err := a.courses.Record(a.ctx, maya, "")
		whole, failed := a.courses.WholeRecord(a.ctx, maya)
		if err != nil || failed != nil || next != "" || len(list) != 2 || fmt.Sprint(list) != fmt.Sprint(whole) {
			t.Fatalf("%v, %v, %v", list, err, failed)
		}
		reached, ok := list[0].Reached()
		if list[0].Version != 1 || list[0].Lang != content.Spanish || !list[0].OpenedAt.Equal(noon) || !ok || reached != list[0].Sections[1] || list[0].Done() {
			t.Errorf("begun: %+v, at %v", list[0], reached)
		}
		if _, ok := list[1].Reached(); ok || !list[1].Done() || list[1].ReviewedOn == "" {
			t.Errorf("done: %+v", list[1])
		}
		if rest, _, err := a.courses.Record(a.ctx, maya, "T07"); err != nil || len(rest) != 1 || rest[0].ModuleID != "T27" {
			t.Errorf("after the first: %v, %v", rest, err)
		}
		moved := people.Seen(maya.Person(), people.LawEnforcement, nil, nil)
		if _, err := a.db.NewRaw(`DELETE FROM module_sectors WHERE sector = 'law_enforcement' AND hash IN (SELECT hash FROM module_versions WHERE module_id = 'T27')`).Exec(a.ctx); err != nil {
			t.Fatal(err)
		}
		for name, v := range map[string]people.Viewer{"another person": a.person("Luz", people.Outreach, people.Director), "nobody": people.Nobody} {
			if list, _, err := a.courses.Record(a.ctx, v, ""); err != nil || len(list) != 0 {
				t.Errorf("%s is told %v, %v", name, list, err)
			}
		}
		if list, _, err := a.courses.Record(a.ctx, moved, ""); err != nil || len(list) != 1 || list[0].ModuleID != "T07" {
			t.Errorf("where T27 can't be seen: %v, %v", list, err)
		}
	})
}

func TestAModulePageTakesOneQueryMoreToOpenAndNoneToComeBack(t *testing.T) {
	each(t, func(a academy) {
		maya, put := a.person("Maya", people.Outreach), a.edition("OUT", people.Outreach).ID
		for i, want := range []int{2, 1, 1} {
			ctx, n := database.CountQueries(a.ctx)
			if _, err := a.courses.Open(ctx, maya, "T07", content.English, put); err != nil || n.Queries() != want {
				t.Errorf("visit %d: %d queries, want %d (%v)", i+1, n.Queries(), want, err)
			}
		}
	})
}

func TestModulesAndCoursesAreFoundInOnesOwnSectorOnly(t *testing.T) {
	each(t, func(a academy) {
		index := database.NewIndex(a.db)
		for _, row := range []struct {
			sector people.Sector
			lang   content.Lang
			text   string
			want   string
		}{
			{people.Outreach, content.English, "de-escalation", "module T07"},
			{people.Outreach, content.Spanish, "bajar la tension", "module T07"},
			{people.Outreach, content.English, "case management", "course CM"},
			{people.LawEnforcement, content.English, "case management training", ""},
			{people.LawEnforcement, content.English, "professional understanding with outreach", "module T20"},
			{people.Outreach, content.English, "professional understanding with outreach", ""},
		} {
			hits, err := index.Find(a.ctx, database.Search{Visibilities: []string{string(row.sector)}, Lang: string(row.lang), Text: row.text, Limit: 3})
			got := ""
			if len(hits) > 0 {
				got = hits[0].Kind + " " + hits[0].Record
			}
			if err != nil || got != row.want && !(row.want == "" && len(hits) > 0 && hits[0].Record != "T20" && hits[0].Record != "CM") {
				t.Errorf("%s finds %q for %q (%v), want %q", row.sector, got, row.text, err, row.want)
			}
		}
	})
}

// publishNewer publishes a second version of T07, to which no edition is pinned.
func (a academy) publishNewer(sensitivity string) {
	a.Helper()
	next := "---\nid: T07\ntitle: De-escalation\nlang: en\nversion: 2\nsensitivity: [" + sensitivity + "]\ncare: 1\nminutes: 60\n" +
		"objectives: [One]\nreviewed_by: Office\nreviewed_on: 2026-11-20\n---\nText.\n"
	folder, problems := content.Parse(fstest.MapFS{"t07-de-escalation.md": {Data: []byte(next)}}, ".")
	if _, err := a.content.Import(a.ctx, folder); err != nil || len(problems) > 0 {
		a.Fatal(err, problems)
	}
}

// A text that turns out to be for one side leaves the other side's map without a gap.
func TestAModuleClosedToASideIsNotToldOfOnItsMap(t *testing.T) {
	each(t, func(a academy) {
		omar, put := a.person("Omar", people.LawEnforcement), a.edition("PUT", people.LawEnforcement)
		a.publishNewer("C")
		maps, err := a.courses.Maps(a.ctx, omar, []courses.Edition{put})
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range maps[0].Sessions {
			if s.Position != i+1 {
				t.Errorf("session %d stands at %d", i+1, s.Position)
			}
			for j, p := range s.Parts {
				if p.ModuleID == "T07" || p.Position != j+1 {
					t.Errorf("session %d tells %s at %d", i+1, p.ModuleID, p.Position)
				}
			}
		}
		if slices.Contains(maps[0].ModuleIDs(), "T07") || !slices.Contains(put.ModuleIDs(), "T07") {
			t.Error("the map tells of it, or the edition has forgotten it")
		}
		place, err := a.courses.Open(a.ctx, omar, "T27", content.English, put.ID)
		if err != nil || place.After != nil {
			t.Errorf("T27 leads on to %v, %v", place.After, err)
		}
		hits, err := a.courses.Find(a.ctx, omar, content.English, "de-escalation")
		if err != nil || slices.ContainsFunc(hits, func(f courses.Found) bool { return f.ID == "T07" }) {
			t.Errorf("found %v, %v", hits, err)
		}
	})
}
