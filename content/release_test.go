package content_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// keepVersions imports versions of T05, one after the other, each with its sensitivity
// and one word of its own.
func keepVersions(ctx context.Context, t *testing.T, s content.Store, sensitivities ...string) {
	t.Helper()
	for i, sensitivity := range sensitivities {
		version := fmt.Sprint("version: ", i+1)
		keep(ctx, t, s, map[string]string{"t05.md": head("id: T05", "sensitivity: "+sensitivity, version) + fmt.Sprintf("The word is word%d.\n", i+1)})
	}
}

func TestWhoTeachesOrWritesComparesVersions(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, db *bun.DB, s content.Store) {
		keepVersions(ctx, t, s, "[C]", "[C]", "[C]")
		if _, err := db.NewRaw(`INSERT INTO module_changes (module_id, version, note) VALUES ('T05', 3, 'A word fits better')`).Exec(ctx); err != nil {
			t.Fatal(err)
		}
		rosa := seen(people.Outreach, people.Instructor)
		list, err := s.ModuleReleases(ctx, rosa, "T05")
		if err != nil || len(list) != 3 || list[0].Note != "A word fits better" || list[1].Note != "" || list[0].Version != 3 || list[0].ReviewedBy == "" || list[0].Source != "" {
			t.Errorf("%+v %v", list, err)
		}
		for _, way := range [][2]int{{1, 3}, {3, 1}} {
			found, err := s.CompareModule(ctx, rosa, "T05", content.English, way[0], way[1])
			if err != nil || found.Before.Version != 1 || found.After.Version != 3 || found.Same() ||
				!strings.Contains(fmt.Sprint(found.Stretches), "{removed word1} {added word3}") {
				t.Errorf("%v: %+v %v", way, found, err)
			}
		}
		for name, row := range map[string]struct {
			lang          content.Lang
			before, after int
		}{"one that never was": {content.English, 1, 4}, "itself": {content.English, 2, 2}, "a language that it is not in": {content.Spanish, 1, 2}, "none": {content.English, 0, 1}} {
			if _, err := s.CompareModule(ctx, rosa, "T05", row.lang, row.before, row.after); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// A version that was for one side alone stays hidden from the other, though the newest
// is for both.
func TestADifferenceShowsNothingOfAVersionThatOneMayNotSee(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, _ *bun.DB, s content.Store) {
		keepVersions(ctx, t, s, "[O]", "[C]", "[O]", "[O]")
		for name, row := range map[string]struct {
			v    people.Viewer
			want string // the versions listed, and those that can be compared with the newest
		}{
			"outreach instructor": {seen(people.Outreach, people.Instructor), "4 3 2 1 | 1 2 3"},
			"outreach author":     {seen(people.Outreach, people.Author), "4 3 2 1 | 1 2 3"},
			"police instructor":   {seen(people.LawEnforcement, people.Instructor), "4 3 | 3"},
			"trainee":             {seen(people.Outreach, people.Trainee), " | "},
			"partner HR":          {seen(people.Outreach, people.PartnerHR), " | "},
			"auditor":             {seen(people.Outreach, people.Auditor), " | "},
			"nobody":              {people.Nobody, " | "},
		} {
			list, err := s.ModuleReleases(ctx, row.v, "T05")
			var listed, compared []string
			for _, r := range list {
				listed = append(listed, fmt.Sprint(r.Version))
			}
			if len(list) == 0 && !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
			for before := 1; before < 4; before++ {
				if _, err := s.CompareModule(ctx, row.v, "T05", content.English, before, 4); err == nil {
					compared = append(compared, fmt.Sprint(before))
				} else if !errors.Is(err, fault.NotFound) {
					t.Errorf("%s: %v", name, err)
				}
			}
			if got := strings.Join(listed, " ") + " | " + strings.Join(compared, " "); got != row.want {
				t.Errorf("%s: %s, want %s", name, got, row.want)
			}
		}
	})
}

func TestAProtocolIsComparedInsideItsWall(t *testing.T) {
	each(t, func(ctx context.Context, t *testing.T, _ *bun.DB, s content.Store) {
		for i, word := range []string{"one", "two"} {
			keep(ctx, t, s, map[string]string{"protocols/porch.md": fmt.Sprintf("---\nid: porch\ntitle: Porch\nlang: en\nversion: %d\nsensitivity: [C]\nowner: Office\nstanding: draft\n"+
				"reviewed_by: Office\nreviewed_on: 2026-11-24\nreview_due: 2027-05-24\n---\n## One\n\nStep %s.\n", i+1, word)})
		}
		found, err := s.CompareProtocol(ctx, seen(people.Outreach, people.Coordinator), "porch", content.English, 1, 2)
		if err != nil || found.Same() {
			t.Errorf("%+v %v", found, err)
		}
		for name, v := range map[string]people.Viewer{"police": seen(people.LawEnforcement, people.Coordinator), "trainee": seen(people.Outreach, people.Trainee), "nobody": people.Nobody} {
			_, err := s.CompareProtocol(ctx, v, "porch", content.English, 1, 2)
			_, listed := s.ProtocolReleases(ctx, v, "porch")
			if !errors.Is(err, fault.NotFound) || !errors.Is(listed, fault.NotFound) {
				t.Errorf("%s: %v, %v", name, err, listed)
			}
		}
	})
}
