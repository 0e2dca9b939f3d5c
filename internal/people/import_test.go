package people_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func read(t *testing.T, name string) ([]people.Row, []people.LineProblem, []people.LineProblem) {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, problems, notes := people.ReadCSV(f)
	return rows, problems, notes
}

func told(lines []people.LineProblem) []string {
	var out []string
	for _, l := range lines {
		out = append(out, fmt.Sprintf("%d %s %s", l.Line, l.Field, l.Key))
	}
	return out
}

func TestFileKeepsNamesAsGiven(t *testing.T) {
	rows, problems, notes := read(t, "people.csv")
	if len(problems) != 0 || len(rows) != 11 {
		t.Fatalf("%d rows, problems %v", len(rows), told(problems))
	}
	for i, want := range []string{"Seán O’Dálaigh", "=cmd|' /C calc'!A0 Formula", strings.Repeat("Wolfeschlegelsteinhausenbergerdorff", 3) + " Long", "Prince",
		"یاسین میمن", "👩🏽\u200d🏫 Emoji", "Ana ZeroWidth", "evil Override", "Tab Name New Line", "Shay", "Sean"} {
		p := rows[i].Person
		if got := people.FullName(p.ChosenName, p.GivenName, p.FamilyName); got != want {
			t.Errorf("row %d: %q, want %q", i+1, got, want)
		}
	}
	if p := rows[0].Person; p.Email != "sean+tag@example.org" || p.Phone != "+13125550100" || rows[0].Partner != "IMAN" || rows[0].Cohort != "Cohort 1" {
		t.Errorf("first row %+v", rows[0])
	}
	if rows[4].Person.Language != "es" || rows[9].Person.Phone != "+13125550101" || rows[9].Line != 13 {
		t.Errorf("rows %+v, %+v", rows[4], rows[9])
	}
	want := []string{"1 shoe_size people.csv.column_unknown", "7 given_name people.csv.picture", "8 given_name people.csv.tidied", "9 given_name people.csv.tidied"}
	if got := told(notes); !slices.Equal(got, want) {
		t.Errorf("notes %q, want %q", got, want)
	}
}

func TestEveryBadLineIsTold(t *testing.T) {
	rows, problems, _ := read(t, "bad.csv")
	want := []string{"3 given_name people.name.missing", "4 email people.email.odd", "4 phone people.phone.odd", "4 language people.language.odd",
		"6  people.csv.cells", "7 given_name people.name.long"}
	if got := told(problems); !slices.Equal(got, want) {
		t.Errorf("problems %q, want %q", got, want)
	}
	if len(rows) != 2 {
		t.Errorf("%d good rows, want 2", len(rows))
	}
}

func TestFileThatIsNoTableIsTold(t *testing.T) {
	for name, row := range map[string]struct{ file, key string }{
		"empty":           {"", "people.csv.empty"},
		"only a mark":     {"\xef\xbb\xbf", "people.csv.empty"},
		"no name column":  {"email,phone\na@example.org,\n", "people.csv.no_name_column"},
		"twice":           {"given_name,Given Name\na,b\n", "people.csv.column_twice"},
		"Latin 1":         {"given_name\nJos\xe9\n", "people.csv.not_utf8"},
		"open quotes":     {"given_name\nAna\n\"Teo\n", "people.csv.quotes"},
		"stray quotes":    {"given_name,email\nA\"na,x\n", "people.csv.quotes"},
		"too many people": {"given_name\n" + strings.Repeat("A\n", people.MostRows+1), "people.csv.many"},
	} {
		if _, problems, _ := people.ReadCSV(strings.NewReader(row.file)); len(problems) != 1 || problems[0].Key != row.key {
			t.Errorf("%s: %v, want %s", name, told(problems), row.key)
		}
	}
	rows, problems, _ := people.ReadCSV(strings.NewReader("given_name\rAna\rTeo"))
	if len(rows) != 2 || len(problems) != 0 {
		t.Errorf("lone carriage returns: %d rows, %v", len(rows), told(problems))
	}
}

func TestImportMergesTheSamePersonAndChangesNothingTheSecondTime(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s, v := context.Background(), newHand().store(db), people.System(people.Outreach)
		if err := s.KeepOrganisations(ctx, people.KnownOrganisations); err != nil {
			t.Fatal(err)
		}
		rows, _, _ := read(t, "people.csv")
		dry, err := s.ImportPeople(ctx, v, rows, people.ImportRules{DryRun: true})
		if err != nil || dry.Stored || dry.Count(people.Added) != 9 || dry.Count(people.Changed) != 2 {
			t.Errorf("dry run %+v, %v", dry, err)
		}
		if n, err := db.NewSelect().TableExpr("persons").Count(ctx); err != nil || n != 0 {
			t.Errorf("a dry run stored %d persons, %v", n, err)
		}
		first, err := s.ImportPeople(ctx, v, rows, people.ImportRules{})
		if err != nil || !first.Stored || first.Count(people.Added) != 9 {
			t.Fatalf("%+v, %v", first, err)
		}
		if first.Rows[0].PersonID != first.Rows[9].PersonID || first.Rows[0].PersonID != first.Rows[10].PersonID {
			t.Error("the same person came twice")
		}
		sean, err := s.Open(ctx, v, first.Rows[0].PersonID)
		if err != nil || sean.FullName() != "Shay O’Dálaigh" || sean.GivenName != "Sean" || len(sean.Names) != 3 || len(sean.Employments) != 1 || sean.Employments[0].Organisation != "Inner-City Muslim Action Network" || !sean.Holds(people.Trainee, s.Today()) {
			t.Errorf("merged %+v, %v", sean, err)
		}
		again, err := s.ImportPeople(ctx, v, rows, people.ImportRules{})
		if err != nil || again.Count(people.Added) != 0 {
			t.Errorf("again %+v, %v", again, err)
		}
		if n, err := db.NewSelect().TableExpr("persons").Count(ctx); err != nil || n != 9 {
			t.Errorf("%d persons, %v; want 9", n, err)
		}
		police, err := s.ImportPeople(ctx, people.System(people.LawEnforcement), rows, people.ImportRules{})
		if err != nil || police.Count(people.Added) != 9 {
			t.Errorf("the other sector must not know them: %+v, %v", police, err)
		}
	})
}

func TestImportStoresAllOrNothingUnlessBadLinesAreSkipped(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s, v := context.Background(), newHand().store(db), people.System(people.Outreach)
		add(t, s, people.Outreach, people.NewPerson{GivenName: "There", Phone: "3125550100"})
		row := func(line int, n people.NewPerson, partner string) people.Row {
			return people.Row{Line: line, Person: n, Partner: partner}
		}
		rows := []people.Row{
			row(2, people.NewPerson{GivenName: "Good", Email: "good@example.org", Language: "en"}, ""),
			row(3, people.NewPerson{GivenName: "Taken", Email: "taken@example.org", Phone: "+13125550100", Language: "en"}, ""),
			row(4, people.NewPerson{GivenName: "Partnerless", Email: "p@example.org", Language: "en"}, "Nowhere Inc"),
			row(5, people.NewPerson{GivenName: "Mixed up", Email: "good@example.org", ExternalID: "B", Language: "en"}, ""),
			row(6, people.NewPerson{GivenName: "Other", Email: "good@example.org", ExternalID: "C", Language: "en"}, ""),
		}
		want := []string{"3 phone people.phone.taken", "4 partner people.csv.partner_unknown", "6 email people.email.taken"}
		strict, err := s.ImportPeople(ctx, v, rows, people.ImportRules{})
		if err != nil || strict.Stored || !slices.Equal(told(strict.Problems), want) {
			t.Errorf("strict: stored %v, %q, %v; want %q", strict.Stored, told(strict.Problems), err, want)
		}
		if n, err := db.NewSelect().TableExpr("persons").Count(ctx); err != nil || n != 1 {
			t.Errorf("%d persons, %v; want only the one who was there", n, err)
		}
		loose, err := s.ImportPeople(ctx, v, rows, people.ImportRules{SkipBad: true})
		if err != nil || !loose.Stored || !slices.Equal(told(loose.Problems), want) || loose.Count(people.Added) != 1 || loose.Count(people.Changed) != 1 {
			t.Errorf("skipping: %+v, %v", loose, err)
		}
		trainee := people.Seen("t", people.Outreach, []people.Role{people.Trainee, people.Instructor}, nil)
		if _, err := s.ImportPeople(ctx, trainee, rows, people.ImportRules{}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("by an instructor: %v, want forbidden", err)
		}
	})
}

func TestFileAddsNoKeyToAnAccountAboveItsSender(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s := context.Background(), newHand().store(db)
		dee := add(t, s, people.Outreach, people.NewPerson{GivenName: "Dee", Email: "dee@example.org", ExternalID: "D-1", Roles: []people.Role{people.Director}})
		carla := add(t, s, people.Outreach, people.NewPerson{GivenName: "Carla", Email: "carla@example.org", Roles: []people.Role{people.Coordinator}})
		coordinator := people.Seen(carla, people.Outreach, []people.Role{people.Coordinator}, nil)
		for what, n := range map[string]people.NewPerson{
			"a director's new address": {ExternalID: "D-1", Email: "thief@example.org"},
			"a director's new name":    {GivenName: "Someone", Email: "dee@example.org"},
			"one's own phone":          {Email: "carla@example.org", Phone: "+13125550111"},
		} {
			report, err := s.ImportPeople(ctx, coordinator, []people.Row{{Line: 2, Person: n}}, people.ImportRules{SkipBad: true})
			if err != nil || !slices.Equal(told(report.Problems), []string{"2  people.csv.power"}) {
				t.Errorf("%s: %q, %v", what, told(report.Problems), err)
			}
		}
		same, err := s.ImportPeople(ctx, coordinator, []people.Row{{Line: 2, Person: people.NewPerson{GivenName: "Dee", Email: "dee@example.org"}}}, people.ImportRules{})
		if err != nil || same.Count(people.Same) != 1 {
			t.Errorf("a line that adds nothing: %+v, %v", same, err)
		}
		changed, err := s.ImportPeople(ctx, people.Seen(carla, people.Outreach, []people.Role{people.Director}, nil), []people.Row{{Line: 2, Person: people.NewPerson{ExternalID: "D-1", Phone: "+13125550112"}}}, people.ImportRules{})
		if err != nil || changed.Count(people.Changed) != 1 {
			t.Errorf("by another director: %+v, %v", changed, err)
		}
		if r, err := s.Me(ctx, people.Seen(dee, people.Outreach, nil, nil)); err != nil || len(r.Names) != 2 || r.Name() != "Dee" {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestExportedCellIsNoFormula(t *testing.T) {
	for in, want := range map[string]string{"": "", "Ana": "Ana", "=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0", "+1": "'+1", "-2": "'-2", "@SUM(1)": "'@SUM(1)", "\tx": "'\tx", "a=b": "a=b"} {
		if got := people.GuardCell(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
