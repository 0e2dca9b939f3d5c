package courses_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/metropolitan-peace-academy/academy/content"
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
