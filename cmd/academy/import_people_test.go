package main_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/app"
)

// roster writes a file of people and gives its path.
func roster(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// names are the given names of a sector's people in a database that nothing serves.
func names(t *testing.T, to []string) (given []string) {
	t.Helper()
	config := app.Defaults()
	config.Data, config.Database = to[1], to[3]
	s := &school{t: t, config: config}
	s.inside(func(ctx context.Context, a *app.Academy) {
		s.ok(a.DB.NewRaw(`SELECT given_name FROM persons WHERE sector = 'outreach' ORDER BY external_id`).Scan(ctx, &given))
	})
	return given
}

const longestKnown = "Wolfeschlegelsteinhausenbergerdorff" // three times it has 105 letters

// odd is a file as spreadsheets write it: a byte-order mark, Windows line ends, and names
// that break programs.
func odd() string {
	lines := []string{
		"\xef\xbb\xbfexternal_id,given_name,family_name,email",
		`A-1,"=cmd|' /C calc'!A0",Formula,formula@example.org`,
		"A-2," + strings.Repeat(longestKnown, 3) + ",Long,long@example.org",
		"A-3,Prince,,prince@example.org",
		"A-4,یاسین,میمن,yasin@example.org",
		"A-5,👩🏽‍🏫,Emoji,emoji@example.org",
		"A-6,\u202eevil,Override,evil@example.org",
		"A-7,Seán,O’Dálaigh,sean+tag@example.org",
		"A-7,Seán,O’Dálaigh,SEAN+tag@EXAMPLE.org",
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

func TestPeopleComeInAsTheyAreNamed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, to []string) {
		path := roster(t, odd())
		load := func(more ...string) said {
			t.Helper()
			return academy(t, append(append(to, "import", "people", path, "--sector", "outreach"), more...)...).ok(t)
		}
		// A dry run says what would happen, and nothing does.
		if s := load("--dry-run"); !strings.Contains(s.out, "7 added, 0 changed, 1 the same, 0 with a problem\nDry run: nothing was stored.\n") {
			t.Errorf("a dry run said %s", s.out)
		}
		if given := names(t, to); len(given) != 0 {
			t.Fatalf("a dry run stored %q", given)
		}
		s := load()
		for _, want := range []string{"7 added, 0 changed, 1 the same, 0 with a problem\n", path + ":6: The name holds a picture (emoji).", path + ":7: The name held marks that can’t be seen."} {
			if !strings.Contains(s.out, want) {
				t.Errorf("not told: %s\n%s", want, s.out)
			}
		}
		want := []string{"=cmd|' /C calc'!A0", strings.Repeat(longestKnown, 3), "Prince", "یاسین", "👩🏽\u200d🏫", "evil", "Seán"}
		if given := names(t, to); fmt.Sprintf("%q", given) != fmt.Sprintf("%q", want) {
			t.Errorf("stored %q\nwant   %q", given, want)
		}
		if s := load(); !strings.Contains(s.out, "0 added, 0 changed, 8 the same, 0 with a problem\n") {
			t.Errorf("the same file again: %s", s.out)
		}
	})
}

// A bad line is told with file and line, whether it can be seen in the file or only in the
// database; nothing is stored unless the rest is asked for.
func TestABadLineOfPeopleKeepsAllOfThemOut(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, to []string) {
		good := "external_id,given_name,email,phone,partner\nA-1,Ana,ana@example.org,,\n"
		inFile := roster(t, good+"A-2,,,,\nA-3,Bea,no address,12,\nA-4,Cal,a,b,c,d,e\nA-5,"+strings.Repeat("x", 201)+",,,\n")
		inDatabase := roster(t, good+"A-2,Bea,ana@example.org,,\nA-3,Cal,,,Nowhere Inc\n")
		for path, want := range map[string][]string{
			inFile:     {":3: ", ":4: ", ":5: This line has 7 cells, and the heading 5.", ":6: "},
			inDatabase: {":3: ", ":4: We do not know the employer Nowhere Inc."},
		} {
			for _, how := range [][]string{nil, {"--dry-run"}} {
				s := academy(t, append(append(to, "import", "people", path, "--sector", "outreach"), how...)...)
				if s.code != 1 || !strings.Contains(s.err, "nothing was stored; mend the lines above") {
					t.Errorf("%v: exit status %d\n%s%s", how, s.code, s.out, s.err)
				}
				for _, line := range want {
					if !strings.Contains(s.out, path+line) {
						t.Errorf("%v, not told: %s\n%s", how, line, s.out)
					}
				}
				if given := names(t, to); len(given) != 0 {
					t.Fatalf("%v: stored %q", how, given)
				}
			}
		}
		academy(t, append(to, "import", "people", inDatabase, "--sector", "outreach", "--skip-bad")...).ok(t)
		if given := names(t, to); fmt.Sprint(given) != "[Ana]" {
			t.Errorf("the rest: %q", given)
		}
	})
}

func TestAFileThatHoldsNoPeopleIsToldSo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                 ":1: The file is empty.",
		"given_name\nJos\xe9\n":            ":1: The file is not in UTF-8.",
		"email\na@example.org\n":           ":1: No column holds a name.",
		"given_name\nAna\n\"Bea\n":         ":3: The quotation marks on this line do not match.",
		"given_name,Given Name\nAna,Ana\n": ":1: The column given_name stands there twice.",
	} {
		path := roster(t, text)
		if s := academy(t, "import", "people", path, "--sector", "outreach"); s.code != 1 || !strings.Contains(s.out, path+want) {
			t.Errorf("%q: exit status %d\n%s%s", text, s.code, s.out, s.err)
		}
	}
	if s := academy(t, "import", "people", "nowhere.csv", "--sector", "outreach"); s.code != 1 || !strings.Contains(s.err, "nowhere.csv can't be read") {
		t.Errorf("a file that isn't there: %d %s", s.code, s.err)
	}
}

// places are the people of a cohort in the school, by external number.
func (s *school) places(cohort cohorts.CohortID) (numbers []string) {
	s.t.Helper()
	s.inside(func(ctx context.Context, a *app.Academy) {
		s.ok(a.DB.NewRaw(`SELECT p.external_id FROM enrolments AS e JOIN persons AS p ON p.id = e.person_id
			WHERE e.cohort_id = ? AND p.external_id IS NOT NULL AND p.external_id <> '' ORDER BY p.external_id`, cohort).Scan(ctx, &numbers))
	})
	return numbers
}

func TestPeopleOfAFileGetTheirPlaces(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *school) {
		path := roster(t, "external_id,given_name,cohort\nA-1,Ana,\"A try, Cohort 1\"\nA-2,Bea,\"Una prueba, grupo 1\"\nA-3,Cal,Cohort 7\nA-4,Dee,\n")
		load := func(more ...string) said {
			t.Helper()
			return academy(t, append(append(s.to(), "import", "people", path, "--sector", "outreach"), more...)...)
		}
		if said := load("--dry-run").ok(t); !strings.Contains(said.out, "2 enrolled, 0 with a place already, 1 whose cohort is not known\nDry run: nothing was stored.\n") {
			t.Errorf("a dry run said %s", said.out)
		}
		if got := s.places(s.cohort); len(got) != 0 {
			t.Fatalf("a dry run gave places to %v", got)
		}
		for _, want := range []string{"4 added, 0 changed, 0 the same, 0 with a problem\n2 enrolled, 0 with a place already, 1 whose cohort is not known\n",
			"0 added, 0 changed, 4 the same, 0 with a problem\n0 enrolled, 2 with a place already, 1 whose cohort is not known\n"} {
			said := load().ok(t)
			if !strings.Contains(said.out, want) || !strings.Contains(said.out, path+":4: No cohort of this sector is called Cohort 7, so this person gets no place.\n") {
				t.Errorf("not said: %s\n%s", want, said.out)
			}
			if got := s.places(s.cohort); fmt.Sprint(got) != "[A-1 A-2]" {
				t.Errorf("places of %v", got)
			}
		}
		// A cohort that isn't there, or is another sector's, is told as a wrong value.
		for _, name := range []string{"A try, Cohort 9", "nothing", "PUT 1"} {
			if said := load("--cohort", name); said.code != 2 || !strings.Contains(said.err, fmt.Sprintf("--cohort %q: no cohort of this sector is called so", name)) {
				t.Errorf("%s: exit status %d\n%s%s", name, said.code, said.out, said.err)
			}
		}
		load("--cohort", string(s.cohort)).ok(t)
		if got := s.places(s.cohort); fmt.Sprint(got) != "[A-1 A-2 A-3 A-4]" {
			t.Errorf("with --cohort, places of %v", got)
		}
		// Who teaches the cohort can't learn in it, and keeps the whole file out.
		bad := roster(t, "external_id,given_name,email,cohort\nA-5,Eva,,TRY 1\n,Teo,"+s.teachers[0]+",TRY 1\n")
		if said := academy(t, append(s.to(), "import", "people", bad, "--sector", "outreach")...); said.code != 1 || !strings.Contains(said.out, bad+":3: This person teaches the cohort") {
			t.Errorf("exit status %d\n%s%s", said.code, said.out, said.err)
		}
		if got := s.places(s.cohort); len(got) != 4 {
			t.Errorf("places of %v", got)
		}
	})
}
