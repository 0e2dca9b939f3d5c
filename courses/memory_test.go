package courses_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// A module that was read before opens as it did the first time, for each reader what is
// theirs, and not at all for who may not see it.
func TestAModuleReadBeforeOpensAsItDid(t *testing.T) {
	each(t, func(a academy) {
		maya, omar := a.person("Maya", people.Outreach), a.person("Omar", people.LawEnforcement)
		look := func(lang content.Lang) content.Module {
			place, err := a.courses.Look(a.ctx, maya, "T02", lang)
			if err != nil || place.Module.Lang != lang || len(place.Module.HTML) < 1000 {
				t.Fatalf("%s: %d letters in %s, %v", lang, len(place.Module.HTML), place.Module.Lang, err)
			}
			return place.Module
		}
		english, spanish := look(content.English), look(content.Spanish)
		if again := look(content.English); !reflect.DeepEqual(again, english) {
			t.Errorf("English again: %+v", again)
		}
		if again := look(content.Spanish); !reflect.DeepEqual(again, spanish) {
			t.Errorf("Spanish again: %+v", again)
		}
		if _, err := a.courses.Look(a.ctx, omar, "T02", content.English); !errors.Is(err, fault.NotFound) {
			t.Errorf("a module that the other side has read: %v", err)
		}
	})
}

// What a process remembers is never what the database says no more, whichever process
// changed it: a page that was read before is, after each change, the page that a process
// shows which has just started.
func TestWhatIsRememberedIsWhatTheDatabaseSays(t *testing.T) {
	each(t, func(a academy) {
		start := func() courses.Store {
			return courses.NewStore(a.db, clock.At(noon), content.NewStore(a.db, clock.At(noon)))
		}
		warm, elsewhere := start(), start()
		maya, ivy := a.person("Maya", people.Outreach), a.person("Ivy", people.Outreach)
		omar := a.person("Omar", people.LawEnforcement)
		teaching := people.Seen(ivy.Person(), people.Outreach, []people.Role{people.Instructor}, nil)
		out, put := a.edition("OUT", people.Outreach).ID, a.edition("PUT", people.LawEnforcement).ID
		looks := func(s courses.Store) (seen []string) {
			for _, v := range []people.Viewer{maya, teaching, omar, people.Nobody} {
				for _, lang := range []content.Lang{content.English, content.Spanish} {
					for _, mine := range [][]courses.EditionID{nil, {out}, {put}} {
						for _, id := range []content.ModuleID{"T02", "T07", "T90"} {
							place, err := s.Look(a.ctx, v, id, lang, mine...)
							before, after := toldOf(place.Before), toldOf(place.After)
							place.Before, place.After = nil, nil
							seen = append(seen, fmt.Sprintf("%v %s %s %v: %s %s %v %+v", v, lang, id, mine, before, after, err, place))
						}
					}
				}
			}
			return seen
		}
		run := func(query string, values ...any) func() error {
			return func() error { _, err := a.db.NewRaw(query, values...).Exec(a.ctx); return err }
		}
		folder := func(source string, change func(m *content.Module)) func() error {
			return func() error {
				folder, problems := content.Parse(fstest.MapFS{"t90-any.md": {Data: []byte(source)}}, ".")
				change(&folder.Modules[0])
				_, err := a.content.Import(a.ctx, folder)
				return errors.Join(err, problemsOf(problems))
			}
		}
		as := func(*content.Module) {}
		for _, step := range []struct {
			what   string
			change func() error
		}{
			{"nothing", func() error { return nil }},
			{"a module published", folder(anyModule, as)},
			{"the same bytes with a check", folder(anyModule, func(m *content.Module) { m.HasCheck = true })},
			{"a second version", folder(strings.NewReplacer("version: 1", "version: 2", "Any words.", "Other words.").Replace(anyModule), as)},
			{"the same bytes drawn anew", folder(strings.NewReplacer("version: 1", "version: 2", "Any words.", "Other words.").Replace(anyModule), func(m *content.Module) { m.HTML += "<p>Anew.</p>" })},
			{"a module read to its third section", func() error { return elsewhere.ReadTo(a.ctx, maya, "T02", 3, out) }},
			{"a module done", func() error { return elsewhere.MarkDone(a.ctx, maya, "T07", out) }},
			{"a version for the other side alone", func() error { a.publishNewer("P"); return nil }},
			{"a module opened to the other side", func() error {
				return errors.Join(run(`UPDATE module_versions SET joint = TRUE WHERE module_id = 'T02'`)(),
					a.content.OpenModules(a.ctx, "a joint session", people.LawEnforcement, []content.ModuleID{"T02"}, noon.Add(-time.Hour), noon.Add(time.Hour)))
			}},
			{"the opening taken back", func() error { return a.content.CloseOpening(a.ctx, "a joint session") }},
			{"a protocol cited", run(`INSERT INTO module_protocols (hash, protocol_id) SELECT mv.hash, (SELECT MIN(protocol_id) FROM protocol_versions) FROM module_versions AS mv WHERE mv.module_id = 'T90'`)},
			{"protocols closed to a side", run(`DELETE FROM protocol_sectors WHERE sector = 'outreach'`)},
			{"answers closed to a teacher", func() error {
				return a.content.CloseAnswers(a.ctx, ivy.Person(), []content.ModuleID{"T02", "T07"}, "an enrolment")
			}},
			{"modules closed to a side", run(`DELETE FROM module_sectors WHERE sector = 'outreach'`)},
		} {
			before := looks(warm)
			if err := step.change(); err != nil {
				t.Fatal(step.what, err)
			}
			want := looks(start())
			for i, got := range looks(warm) {
				if got != want[i] {
					at := 0
					for at < min(len(got), len(want[i])) && got[at] == want[i][at] {
						at++
					}
					t.Errorf("after %s: %.100s: remembered …%.80s, and it is …%.80s", step.what, got, got[at:], want[i][at:])
				}
			}
			if step.what != "nothing" && reflect.DeepEqual(before, want) {
				t.Errorf("%s changes nothing that anybody sees", step.what)
			}
		}
	})
}

func toldOf(s *courses.Step) string {
	if s == nil {
		return "nothing"
	}
	return fmt.Sprint(s.Module.ID, s.Module.Hash, s.Module.Title, s.Module.Fallback)
}

func problemsOf(problems []content.Problem) error {
	if len(problems) > 0 {
		return fmt.Errorf("%v", problems)
	}
	return nil
}

// More modules than a process remembers: each opens with its own text, the first ones too.
func TestEveryModuleHasItsTextHoweverManyThereAre(t *testing.T) {
	each(t, func(a academy) {
		const many = 230
		files := fstest.MapFS{}
		for i := range many {
			source := strings.NewReplacer("id: T90", fmt.Sprintf("id: T%d", 100+i), "Any words.", fmt.Sprintf("Words of number %d.", i)).Replace(anyModule)
			files[fmt.Sprintf("t%d-any.md", 100+i)] = &fstest.MapFile{Data: []byte(source)}
		}
		folder, problems := content.Parse(files, ".")
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if _, err := a.content.Import(a.ctx, folder); err != nil {
			t.Fatal(err)
		}
		maya := a.person("Maya", people.Outreach)
		for round := range 2 {
			for i := range many {
				id := content.ModuleID(fmt.Sprintf("T%d", 100+i))
				place, err := a.courses.Look(a.ctx, maya, id, content.English)
				if err != nil || !strings.Contains(place.Module.HTML, fmt.Sprintf("Words of number %d.", i)) {
					t.Fatalf("round %d, %s: %q, %v", round, id, place.Module.HTML, err)
				}
			}
		}
	})
}

const anyModule = `---
id: T90
title: A module
lang: en
version: 1
sensitivity: [O]
care: 1
minutes: 60
objectives:
  - Say what it is.
sources:
  - The Academy, 2026
reviewed_by: The Academy
reviewed_on: 2026-11-01
---

## First

Any words.
`
