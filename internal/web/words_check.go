package web

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

var (
	quoted   = regexp.MustCompile("[\"`]([a-z0-9_]+(?:\\.[a-z0-9_]+)+)[\"`]")
	declared = regexp.MustCompile(`words: ([a-z0-9_.*, ]+)`)
	asked    = regexp.MustCompile(`(?:\bT\(\w+(?:\.\w+\(\))?, |\bfault\.(?:Say|Conflict)\(|\bfault\.Invalid\("[^"]*", |\.Add\("[^"]*", )"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"`)
)

// CheckWords reads every words folder and every source file under root and tells all
// that is wrong with the sentences: a key that lacks a language, an empty sentence, a
// language that wants other arguments, a key that no source names, a key that a
// source asks for and no file has, a key that does not start with its room's name. A
// source that puts keys together declares them: "words: web.place.*".
func CheckWords(root fs.FS) error {
	found := checked{words: map[string]map[string]sentence{"en": {}, "es": {}}, used: map[string]bool{}}
	if err := fs.WalkDir(root, ".", found.visit(root)); err != nil {
		return err
	}
	return errors.Join(append(found.problems, found.compare()...)...)
}

type checked struct {
	words    map[string]map[string]sentence
	used     map[string]bool
	asked    []string // "key\tfile"
	prefixes []string
	problems []error
}

func (k *checked) visit(root fs.FS) fs.WalkDirFunc {
	return func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if base := d.Name(); name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules") {
				return fs.SkipDir
			}
		case path.Base(path.Dir(name)) == "words" && path.Ext(name) == ".toml":
			return k.readWords(root, name)
		case path.Ext(name) == ".templ", path.Ext(name) == ".go" && !strings.HasSuffix(name, "_templ.go") && !strings.HasSuffix(name, "_test.go"):
			return k.readSource(root, name)
		}
		return nil
	}
}

func (k *checked) readWords(root fs.FS, name string) error {
	code := strings.TrimSuffix(path.Base(name), ".toml")
	if !slices.Contains(Languages, code) {
		k.problems = append(k.problems, fmt.Errorf("%s: no page speaks %s", name, code))
		return nil
	}
	folder, err := fs.Sub(root, path.Dir(path.Dir(name)))
	if err != nil {
		return err
	}
	w := Words{sentences: map[string]map[string]sentence{code: {}}}
	if err := w.read(folder, code); err != nil {
		k.problems = append(k.problems, fmt.Errorf("%s: %w", name, err))
	}
	room := path.Base(path.Dir(path.Dir(name)))
	for key, said := range w.sentences[code] {
		if _, twice := k.words[code][key]; twice {
			k.problems = append(k.problems, fmt.Errorf("%s: %q stands in another room too", name, key))
		}
		if !strings.HasPrefix(key, room+".") {
			k.problems = append(k.problems, fmt.Errorf("%s: %q does not start with %q", name, key, room+"."))
		}
		k.words[code][key] = said
	}
	return nil
}

func (k *checked) readSource(root fs.FS, name string) error {
	data, err := fs.ReadFile(root, name)
	if err != nil {
		return err
	}
	for _, m := range quoted.FindAllSubmatch(data, -1) {
		k.used[string(m[1])] = true
	}
	for _, m := range asked.FindAllSubmatch(data, -1) {
		k.asked = append(k.asked, string(m[1])+"\t"+name)
	}
	for _, m := range declared.FindAllSubmatch(data, -1) {
		for prefix := range strings.SplitSeq(string(m[1]), ",") {
			if before, ok := strings.CutSuffix(strings.TrimSpace(prefix), "*"); ok && before != "" {
				k.prefixes = append(k.prefixes, before)
			}
		}
	}
	return nil
}

func (k *checked) compare() (problems []error) {
	say := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	for _, code := range Languages {
		for key, said := range k.words[code] {
			for _, other := range Languages {
				twin, ok := k.words[other][key]
				switch {
				case !ok:
					say("%q lacks %s", key, other)
				case code < other && !slices.Equal(said.arguments(), twin.arguments()):
					say("%q wants %v in %s and %v in %s", key, said.arguments(), code, twin.arguments(), other)
				case code < other && (said.one == nil) != (twin.one == nil):
					say("%q counts in one language alone", key)
				}
			}
			if len(said.other) == 0 {
				say("%q is empty in %s", key, code)
			}
			if code == Languages[0] && !k.named(key) {
				say("%q is used nowhere", key)
			}
		}
	}
	for _, line := range k.asked {
		key, file, _ := strings.Cut(line, "\t")
		if _, ok := k.words["en"][key]; !ok {
			say("%s asks for %q, which no words file has", file, key)
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return problems
}

func (k *checked) named(key string) bool {
	return k.used[key] || slices.ContainsFunc(k.prefixes, func(p string) bool { return strings.HasPrefix(key, p) })
}

// arguments are the names a sentence wants, sorted, each once. The form for one may
// leave the count out: "one thing".
func (s sentence) arguments() []string {
	var names []string
	for _, p := range append(slices.Clone(s.other), s.one...) {
		if p.argument {
			names = append(names, p.text)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
