package courses_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// protocol keeps a version of an invented protocol, in English and, if so, in Spanish.
func (a academy) protocol(version int, sensitivity string, spanish bool) {
	a.Helper()
	file := func(lang, more string) string {
		return fmt.Sprintf("---\nid: porch\ntitle: Porch %s %d\nlang: %s\nversion: %d\nsensitivity: %s\nowner: Office\nstanding: draft\n"+
			"reviewed_by: Office\nreviewed_on: 2026-11-24\nreview_due: 2027-05-24\n%s---\n## One\n\nText.\n", lang, version, lang, version, sensitivity, more)
	}
	english := file("en", "")
	files := fstest.MapFS{"protocols/porch.md": {Data: []byte(english)}}
	if spanish {
		files["protocols/porch.es.md"] = &fstest.MapFile{Data: []byte(file("es", "translates: "+string(content.HashOf([]byte(english)))+"\n"))}
	}
	folder, problems := content.Parse(files, ".")
	if len(problems) > 0 {
		a.Fatal(problems)
	}
	if _, err := a.content.Import(a.ctx, folder); err != nil {
		a.Fatal(err)
	}
}

func TestANewerVersionOfAProtocolAsksAgain(t *testing.T) {
	each(t, func(a academy) {
		a.protocol(1, "[C]", true)
		maya := a.person("Maya", people.Outreach)
		state := func(lang content.Lang) string {
			page, err := a.courses.Protocol(a.ctx, maya, "porch", lang)
			if err != nil {
				a.Fatal(err)
			}
			_, due, err := a.courses.WayAndDue(a.ctx, maya, lang, a.edition("OUT", people.Outreach))
			if err != nil {
				a.Fatal(err)
			}
			listed := false
			for _, s := range due {
				listed = listed || s.ID == "porch"
			}
			return fmt.Sprint(page.Title, " ", page.Read(), " ", page.Again(), " ", listed)
		}
		read := func(version int, lang content.Lang) {
			if err := a.courses.ReadProtocol(a.ctx, maya, "porch", version, lang); err != nil {
				a.Error(err)
			}
		}
		want := func(lang content.Lang, text string) {
			a.Helper()
			if got := state(lang); got != text {
				a.Errorf("%q, want %q", got, text)
			}
		}
		want(content.Spanish, "Porch es 1 false false true")
		read(1, content.Spanish)
		read(1, content.Spanish)
		want(content.English, "Porch en 1 true false false") // read in either language
		a.protocol(2, "[C]", false)
		want(content.Spanish, "Porch en 2 false true true") // the newest counts, though it has no translation yet
		read(1, content.English)                            // from a page left open
		want(content.English, "Porch en 2 false true true")
		read(2, content.Spanish)
		want(content.Spanish, "Porch en 2 true false false")
		var rows []string
		if err := a.db.NewRaw(`SELECT pv.lang || pv.version FROM protocol_readings AS pr JOIN protocol_versions AS pv ON pv.hash = pr.hash
			ORDER BY pv.version, pv.lang`).Scan(a.ctx, &rows); err != nil || strings.Join(rows, " ") != "en1 es1 en2" {
			a.Errorf("the record: %v %v", rows, err)
		}
	})
}

func TestWhoMayNotSeeAProtocolCanNeitherOpenNorReadIt(t *testing.T) {
	each(t, func(a academy) {
		a.protocol(1, "[C]", false)
		for name, v := range map[string]people.Viewer{"officer": a.person("Omar", people.LawEnforcement), "nobody": people.Nobody} {
			if _, err := a.courses.Protocol(a.ctx, v, "porch", content.English); !errors.Is(err, fault.NotFound) {
				a.Errorf("%s opens it: %v", name, err)
			}
			if err := a.courses.ReadProtocol(a.ctx, v, "porch", 1, content.English); !errors.Is(err, fault.NotFound) {
				a.Errorf("%s reads it: %v", name, err)
			}
			steps, err := a.courses.Protocols(a.ctx, v, content.English)
			for _, s := range steps {
				if err != nil || s.ID == "porch" {
					a.Errorf("%s lists it (%v)", name, err)
				}
			}
		}
		if err := a.courses.ReadProtocol(a.ctx, a.person("Maya", people.Outreach), "porch", 7, content.English); !errors.Is(err, fault.NotFound) {
			a.Errorf("a version that never was: %v", err)
		}
		n, err := a.db.NewSelect().Table("protocol_readings").Count(a.ctx)
		if err != nil || n != 0 {
			a.Errorf("%d readings (%v)", n, err)
		}
	})
}
