package courses_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/courses/coursestest"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

var noon = time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)

// academy is a database with the Academy's own curriculum.
type academy struct {
	*testing.T
	ctx     context.Context
	db      *bun.DB
	people  people.Store
	content content.Store
	courses courses.Store
}

// taught is every course, and as many of its texts as these tests open.
const taught = `^(glossary\.yaml|protocols/.*|courses/.*|t(0[1-9]|1[034]|19|20|27|28)-.*)$`

// shelves hold what is taught.
var shelves = dbtest.Seed{Name: "taught", Fill: func(t testing.TB, db *bun.DB) {
	texts := content.NewStore(db, clock.At(noon))
	coursestest.Store(t, texts, courses.NewStore(db, clock.At(noon), texts), taught)
}}

func each(t *testing.T, body func(a academy)) {
	t.Helper()
	t.Parallel()
	dbtest.EachFilled(t, shelves, func(t *testing.T, db *bun.DB) {
		a := academy{T: t, ctx: t.Context(), db: db}
		a.people = people.NewStore(db, clock.At(noon))
		a.content = content.NewStore(db, clock.At(noon))
		a.courses = courses.NewStore(db, clock.At(noon), a.content)
		body(a)
	}, people.Migrations, content.Migrations, courses.Migrations)
}

// person adds an account and gives its viewer.
func (a academy) person(name string, sector people.Sector, roles ...people.Role) people.Viewer {
	a.Helper()
	id, err := a.people.AddPerson(a.ctx, people.System(sector), people.NewPerson{GivenName: name, FamilyName: "Test"})
	if err != nil {
		a.Fatal(err)
	}
	return people.Seen(id, sector, roles, nil)
}

// withGap adds an invented course: T07, then a topic that will never have a text, then T27.
func (a academy) withGap() courses.Edition {
	a.Helper()
	source := strings.NewReplacer("code: OUT", "code: GAP",
		"- {module: T09, title: {en: Later, es: Luego}, minutes: 240}",
		"- {module: T99, title: {en: In the room, es: En el salón}, minutes: 60}\n      - {module: T27, title: {en: Later, es: Luego}, minutes: 180}").Replace(plain)
	folder, _ := coursestest.Curriculum(a, taught)
	editions, problems := courses.Parse(fstest.MapFS{"courses/gap.yaml": {Data: []byte(source)}}, ".", folder)
	if len(problems) > 0 {
		a.Fatal(problems)
	}
	if _, err := a.courses.Import(a.ctx, editions); err != nil {
		a.Fatal(err)
	}
	return a.edition("GAP", people.Outreach)
}

func TestAnEditionPinsWhatHasATextAndKeepsTheRestOnItsMap(t *testing.T) {
	each(t, func(a academy) {
		edition := a.withGap()
		for id, want := range map[content.ModuleID]int{"T07": 1, "T27": 1, "T99": 0} {
			if edition.Pinned(id) != want || !slices.Contains(edition.ModuleIDs(), id) {
				t.Errorf("%s is pinned at %d, want %d; map %v", id, edition.Pinned(id), want, edition.ModuleIDs())
			}
		}
		if !slices.Equal(edition.Required(), []content.ModuleID{"T07"}) {
			t.Errorf("required %v", edition.Required())
		}
	})
}

func TestAnEditionBelongsToItsSectorAndIsNotThereForOthers(t *testing.T) {
	each(t, func(a academy) {
		out, officer := people.System(people.Outreach), people.System(people.LawEnforcement)
		edition, err := a.courses.EditionInForce(a.ctx, out, "OUT", "2026-11-24")
		if err != nil {
			t.Fatal(err)
		}
		if len(edition.Sessions) != 36 || edition.Sessions[0].Parts[0].ModuleID != "T01" || edition.Pinned("T07") != 1 {
			t.Errorf("map %d sessions, pins %v", len(edition.Sessions), edition.Modules)
		}
		if !slices.Contains(edition.Required(), "T13") || slices.Contains(edition.Required(), "T06") {
			t.Errorf("required %v", edition.Required())
		}
		for name, err := range map[string]error{
			"by code":      second(a.courses.EditionInForce(a.ctx, officer, "OUT", "2026-11-24")),
			"by id":        second(a.courses.Edition(a.ctx, officer, edition.ID)),
			"before force": second(a.courses.EditionInForce(a.ctx, out, "OUT", "2025-12-31")),
			"for nobody":   second(a.courses.Edition(a.ctx, people.Nobody, edition.ID)),
		} {
			if !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v, want not found", name, err)
			}
		}
		for v, want := range map[people.Sector]string{people.Outreach: "CM CPR FEL HOS OUT PUT SC2 VS", people.LawEnforcement: "CTA PUT", people.Health: "HOS", people.Community: "COM MPX"} {
			found, err := a.courses.InForce(a.ctx, people.System(v), "2026-11-24")
			var codes []string
			for _, e := range found {
				codes = append(codes, e.CourseCode)
			}
			if got := strings.Join(codes, " "); err != nil || got != want {
				t.Errorf("%s: %q (%v), want %q", v, got, err, want)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

// A lookup in the wrong sector costs what a lookup of nothing costs, even when the
// edition is known from before.
func TestAnEditionOfTheOtherSectorCostsWhatNothingCosts(t *testing.T) {
	each(t, func(a academy) {
		edition, err := a.courses.EditionInForce(a.ctx, people.System(people.Outreach), "OUT", "2026-11-24")
		if err != nil {
			t.Fatal(err)
		}
		count := func(id courses.EditionID) int {
			ctx, n := database.CountQueries(a.ctx)
			if _, err := a.courses.Edition(ctx, people.System(people.LawEnforcement), id); !errors.Is(err, fault.NotFound) {
				t.Error(err)
			}
			return n.Queries()
		}
		if theirs, nothing := count(edition.ID), count("nothing"); theirs != nothing {
			t.Errorf("%d queries, and %d for nothing", theirs, nothing)
		}
	})
}

func TestTheNewestEditionInForceOnADateIsTaken(t *testing.T) {
	each(t, func(a academy) {
		later := strings.NewReplacer(`"2026"`, `"2027"`, "2026-01-01", "2027-01-01").Replace(plain)
		editions, problems := courses.Parse(fstest.MapFS{"courses/a.yaml": {Data: []byte(later)}}, ".", library)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if _, err := a.courses.Import(a.ctx, editions); err != nil {
			t.Fatal(err)
		}
		for date, want := range map[string]string{"2026-12-31": "2026", "2027-01-01": "2027"} {
			e, err := a.courses.EditionInForce(a.ctx, people.System(people.Outreach), "OUT", date)
			if err != nil || e.Name != want {
				t.Errorf("%s: %s (%v)", date, e.Name, err)
			}
			listed, err := a.courses.InForce(a.ctx, people.System(people.Outreach), date)
			if i := slices.IndexFunc(listed, func(e courses.Edition) bool { return e.CourseCode == "OUT" }); err != nil || i < 0 || listed[i].Name != want || len(listed) != 8 {
				t.Errorf("%s: %d listed (%v)", date, len(listed), err)
			}
		}
	})
}

func TestQuizRulesAreKeptWithTheEdition(t *testing.T) {
	each(t, func(a academy) {
		folder, _ := coursestest.Curriculum(a, taught)
		source := strings.NewReplacer("code: OUT", "code: TIM", "module: T09", "module: T27",
			quizAfter, quizAfter+"  quiz: {minutes: 20, grace_minutes: 5, tries: 3, pause: false, review: after_close}\n").Replace(plain)
		editions, problems := courses.Parse(fstest.MapFS{"courses/tim.yaml": {Data: []byte(source)}}, ".", folder)
		if len(problems) > 0 {
			a.Fatal(problems)
		}
		if _, err := a.courses.Import(a.ctx, editions); err != nil {
			a.Fatal(err)
		}
		for code, want := range map[string]courses.QuizRules{
			"TIM": {Minutes: 20, Grace: 5, Tries: 3, Review: courses.AfterClose}, "PUT": courses.DefaultQuizRules,
		} {
			e, err := a.courses.EditionInForce(a.ctx, people.System(people.Outreach), code, "2026-11-24")
			if err != nil || e.Quiz != want {
				a.Errorf("%s: %+v, %v", code, e.Quiz, err)
			}
		}
	})
}

func TestAnEditionWithAnotherFileIsRefused(t *testing.T) {
	each(t, func(a academy) {
		editions, _ := courses.Parse(fstest.MapFS{"courses/a.yaml": {Data: []byte(plain)}}, ".", library)
		var conflict *fault.ConflictError
		if _, err := a.courses.Import(a.ctx, editions); !errors.As(err, &conflict) {
			t.Errorf("%v, want a conflict", err)
		}
		_, same := coursestest.Curriculum(t, taught)
		if done, err := a.courses.Import(a.ctx, same); err != nil || done.Known != len(same) || done.New != 0 {
			t.Errorf("again: %+v %v", done, err)
		}
	})
}

func TestPublicWordsNameNoModuleAndNoSector(t *testing.T) {
	each(t, func(a academy) {
		public, err := a.courses.Public(a.ctx, "2026-11-24")
		if err != nil || len(public) != 11 {
			t.Fatalf("%d courses, %v", len(public), err)
		}
		modules, err := a.content.Library(a.ctx, people.System(people.Outreach), content.English)
		if err != nil {
			t.Fatal(err)
		}
		police, err := a.content.Library(a.ctx, people.System(people.LawEnforcement), content.English)
		if err != nil {
			t.Fatal(err)
		}
		for _, course := range public {
			for _, area := range course.Competencies {
				for _, library := range []map[content.ModuleID]content.Module{modules, police} {
					for _, m := range library {
						if strings.EqualFold(area.EN, m.Title) {
							t.Errorf("%s tells the title of %s", course.Code, m.ID)
						}
					}
				}
			}
		}
	})
}

func TestExportedEditionsReadAgain(t *testing.T) {
	each(t, func(a academy) {
		editionFiles, err := a.courses.Files(a.ctx)
		if err != nil {
			t.Fatal(err)
		}
		texts, err := a.content.Files(a.ctx)
		if err != nil {
			t.Fatal(err)
		}
		fsys := fstest.MapFS{}
		for _, f := range append(editionFiles, texts...) {
			fsys[f.Path] = &fstest.MapFile{Data: f.Bytes}
		}
		folder, problems := content.Parse(fsys, ".")
		editions, more := courses.Parse(fsys, ".", folder)
		if problems = append(problems, more...); len(problems) > 0 {
			t.Fatal(problems)
		}
		if done, err := a.courses.Import(a.ctx, editions); err != nil || done.New != 0 || done.Known != len(editions) || len(editions) < 13 {
			t.Errorf("%+v %v", done, err)
		}
	})
}
