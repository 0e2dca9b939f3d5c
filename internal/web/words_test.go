package web_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func TestEverySentenceHasBothLanguagesAndAUse(t *testing.T) {
	t.Parallel()
	if err := web.CheckWords(os.DirFS("../..")); err != nil {
		t.Error(err)
	}
}

func TestTheWordsCheckFindsWhatItIsFor(t *testing.T) {
	t.Parallel()
	room := func(en, es, source string) fstest.MapFS {
		return fstest.MapFS{
			"cohorts/words/en.toml": {Data: []byte(en)}, "cohorts/words/es.toml": {Data: []byte(es)},
			"cohorts/pages/roll.templ": {Data: []byte(source)},
		}
	}
	for _, c := range []struct{ name, en, es, source, want string }{
		{"all is well", `"cohorts.a" = "Hi {{.Name}}"`, `"cohorts.a" = "Hola {{.Name}}"`, `T(ctx, "cohorts.a")`, ""},
		{"declared by its start", `"cohorts.state.open" = "Open"`, `"cohorts.state.open" = "Abierta"`, "// words: cohorts.state.*", ""},
		{"no Spanish", `"cohorts.a" = "Hi"`, ``, `T(ctx, "cohorts.a")`, `"cohorts.a" lacks es`},
		{"no English", ``, `"cohorts.a" = "Hola"`, `"cohorts.a"`, `"cohorts.a" lacks en`},
		{"unused", `"cohorts.a" = "Hi"`, `"cohorts.a" = "Hola"`, ``, `"cohorts.a" is used nowhere`},
		{"other arguments", `"cohorts.a" = "Hi {{.Name}}"`, `"cohorts.a" = "Hola {{.Nombre}}"`, `"cohorts.a"`, `wants [Name] in en and [Nombre] in es`},
		{"empty", `"cohorts.a" = "Hi"`, `"cohorts.a" = ""`, `"cohorts.a"`, `"cohorts.a" is empty in es`},
		{"asked for, not there", ``, ``, `fault.Conflict("cohorts.late")`, `asks for "cohorts.late"`},
		{"another room's key", `"courses.a" = "Hi"`, `"courses.a" = "Hola"`, `"courses.a"`, `does not start with "cohorts."`},
		{"a template that does more", `"cohorts.a" = "{{if .A}}x{{end}}"`, `"cohorts.a" = "x"`, `"cohorts.a"`, "only {{.Name}} is understood"},
		{"counts once", "[\"cohorts.a\"]\none = \"one\"\nother = \"{{.Count}}\"", `"cohorts.a" = "{{.Count}}"`, `"cohorts.a"`, "counts in one language alone"},
	} {
		err := web.CheckWords(room(c.en, c.es, c.source))
		if c.want == "" && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestASentenceFillsInItsArguments(t *testing.T) {
	t.Parallel()
	words, err := web.LoadWords(fstest.MapFS{
		"words/en.toml": {Data: []byte("\"x.hello\" = \"Hello {{.Name}}, {{ .Minutes }} min\"\n[\"x.left\"]\none = \"one left\"\nother = \"{{.Count}} left\"")},
		"words/es.toml": {Data: []byte("\"x.hello\" = \"{{.Minutes}} min, {{.Name}}\"\n[\"x.left\"]\none = \"falta una\"\nother = \"faltan {{.Count}}\"")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		language string
		said     fault.Sentence
		want     string
	}{
		{"en", fault.Say("x.hello", "Name", "{{.Minutes}}", "Minutes", 90), "Hello {{.Minutes}}, 90 min"},
		{"es", fault.Say("x.hello", "Name", "Tasha", "Minutes", 90), "90 min, Tasha"},
		{"en", fault.Say("x.left", "Count", 1), "one left"},
		{"en", fault.Say("x.left", "Count", 0), "0 left"},
		{"es", fault.Say("x.left", "Count", int64(1)), "falta una"},
		{"es", fault.Say("x.left", "Count", 12), "faltan 12"},
		{"fr", fault.Say("x.left", "Count", 2), "2 left"},
		{"en", fault.Say("x.unknown"), "x.unknown"},
	} {
		if got := words.Say(c.language, c.said); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.language, c.said.Key, got, c.want)
		}
	}
}

func TestTwoRoomsCannotClaimOneKey(t *testing.T) {
	t.Parallel()
	room := fstest.MapFS{"words/en.toml": {Data: []byte(`"x.a" = "A"`)}, "words/es.toml": {Data: []byte(`"x.a" = "A"`)}}
	if _, err := web.LoadWords(room, room); err == nil || !strings.Contains(err.Error(), `"x.a" stands twice`) {
		t.Errorf("%v", err)
	}
}

func BenchmarkT(b *testing.B) {
	words, err := web.LoadWords(fstest.MapFS{
		"words/en.toml": {Data: []byte("\"x.plain\" = \"Sign in\"\n\"x.hello\" = \"Hello {{.Name}}\"")},
		"words/es.toml": {Data: []byte("\"x.plain\" = \"Entrar\"\n\"x.hello\" = \"Hola {{.Name}}\"")},
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx := web.WithWords(context.Background(), words, "es")
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			_ = web.T(ctx, "x.plain")
		}
	})
	b.Run("with an argument", func(b *testing.B) {
		for b.Loop() {
			_ = web.T(ctx, "x.hello", "Name", "Tasha")
		}
	})
}
