package people_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func found(all []people.Listed) []string {
	var names []string
	for _, p := range all {
		names = append(names, p.FullName())
	}
	return names
}

func TestPeopleAreFoundByTheBeginningOfAnyName(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s := context.Background(), newHand().store(db)
		for _, n := range []people.NewPerson{
			{GivenName: "José", FamilyName: "Núñez Ortiz"}, {GivenName: "Josephine", FamilyName: "O’Neil"},
			{GivenName: "Joshua", ChosenName: "Jay", FamilyName: "Stone"}, {GivenName: "یاسین", FamilyName: "میمن"}, {GivenName: "<script>", FamilyName: "100%"},
		} {
			add(t, s, people.Outreach, n)
		}
		add(t, s, people.LawEnforcement, people.NewPerson{GivenName: "Joseph", FamilyName: "Badge"})
		coordinator := people.Seen("c", people.Outreach, []people.Role{people.Coordinator}, nil)
		for typed, want := range map[string][]string{
			"":          {"Jay Stone", "José Núñez Ortiz", "Josephine O’Neil", "<script> 100%", "یاسین میمن"},
			"jos":       {"Jay Stone", "José Núñez Ortiz", "Josephine O’Neil"},
			"NUNEZ":     {"José Núñez Ortiz"},
			"ort jos":   {"José Núñez Ortiz"},
			"oneil":     {"Josephine O’Neil"},
			"یا":        {"یاسین میمن"},
			"badge":     nil,
			"no such":   nil,
			"osephine":  nil,
			"jo%":       {"Jay Stone", "José Núñez Ortiz", "Josephine O’Neil"},
			"100":       {"<script> 100%"},
			"' OR 1=1;": nil,
		} {
			all, next, err := s.Find(ctx, coordinator, typed, "")
			if err != nil || next != "" || !slices.Equal(found(all), want) {
				t.Errorf("%q: %q, %v; want %q", typed, found(all), err, want)
			}
		}
		for _, v := range []people.Viewer{people.Nobody, people.Seen("t", people.Outreach, []people.Role{people.Trainee, people.Instructor, people.PartnerHR, people.Author, people.Auditor}, nil)} {
			if _, _, err := s.Find(ctx, v, "jos", ""); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%+v: %v, want forbidden", v, err)
			}
		}
	})
}

func TestListIsPagedByKey(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s := context.Background(), newHand().store(db)
		for i := range 2*people.PageSize + 1 {
			add(t, s, people.Outreach, people.NewPerson{GivenName: fmt.Sprintf("Same %d", i%3), Email: fmt.Sprintf("p%d@example.org", i)})
		}
		officer := add(t, s, people.LawEnforcement, people.NewPerson{GivenName: "Same"})
		v, seen, pages := people.System(people.Outreach), map[people.PersonID]bool{}, 0
		for after := people.PersonID(""); ; pages++ {
			counted, count := database.CountQueries(ctx)
			all, next, err := s.Find(counted, v, "same", after)
			if err != nil || count.Queries() != 1 {
				t.Fatalf("%d queries, %v", count.Queries(), err)
			}
			for _, p := range all {
				if seen[p.ID] {
					t.Errorf("%s came twice", p.FullName())
				}
				seen[p.ID] = true
			}
			if after = next; next == "" {
				break
			}
		}
		if len(seen) != 2*people.PageSize+1 || pages != 2 {
			t.Errorf("%d people on %d pages", len(seen), pages+1)
		}
		for _, after := range []people.PersonID{officer, "no such person"} {
			if all, next, err := s.Find(ctx, v, "", after); err != nil || len(all) != 0 || next != "" {
				t.Errorf("behind a person who is not there: %d people, %v", len(all), err)
			}
		}
	})
}

func TestOpeningARecordIsALineThatItsPersonReads(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, h := context.Background(), newHand()
		s := h.store(db)
		maya := add(t, s, people.Outreach, people.NewPerson{GivenName: "Maya"})
		officer := add(t, s, people.LawEnforcement, people.NewPerson{GivenName: "Bo", FamilyName: "Officer"})
		carla := add(t, s, people.Outreach, people.NewPerson{GivenName: "Carla", FamilyName: "Secondname", Roles: []people.Role{people.Coordinator}})
		coordinator := people.Seen(carla, people.Outreach, []people.Role{people.Coordinator}, nil)
		lines := func() int64 {
			n, err := db.NewSelect().TableExpr("audit_lines").Count(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := lines()
		for _, id := range []people.PersonID{officer, "no such person"} {
			counted, count := database.CountQueries(ctx)
			if _, err := s.Open(counted, coordinator, id); !errors.Is(err, fault.NotFound) || count.Queries() != 1 {
				t.Errorf("%s: %v in %d queries", id, err, count.Queries())
			}
		}
		for _, v := range []people.Viewer{people.Nobody, people.Seen(maya, people.Outreach, []people.Role{people.Trainee}, nil), people.Seen("i", people.Outreach, []people.Role{people.Instructor}, nil)} {
			if _, err := s.Open(ctx, v, maya); !errors.Is(err, fault.NotFound) {
				t.Errorf("%+v: %v, want not found", v, err)
			}
		}
		if lines() != before {
			t.Error("a refused look left a line")
		}
		h.pass(time.Minute)
		if _, err := s.Open(ctx, coordinator, maya); err != nil {
			t.Fatal(err)
		}
		mine, next, err := s.OpenedMine(ctx, people.Seen(maya, people.Outreach, nil, nil), "")
		if err != nil || next != "" || len(mine) == 0 || mine[0].Act != "opened" || mine[0].Actor != "Carla" || !mine[0].At.Equal(h.now()) {
			t.Errorf("%+v, %v", mine, err)
		}
		if away, _, err := s.OpenedMine(ctx, people.Seen(maya, people.LawEnforcement, nil, nil), ""); err != nil || len(away) != 0 {
			t.Errorf("who stands in another sector reads who opened theirs at home: %+v, %v", away, err)
		}
		if theirs, _, err := s.OpenedMine(ctx, coordinator, ""); err != nil || slices.ContainsFunc(theirs, func(l people.AuditLine) bool { return l.Act == "opened" }) {
			t.Errorf("hers: %+v, %v", theirs, err)
		}
	})
}

func TestRecordCostsTheSameQueriesWhateverHangsOnIt(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s, system := context.Background(), newHand().store(db), people.System(people.Outreach)
		if err := s.KeepOrganisations(ctx, people.KnownOrganisations); err != nil {
			t.Fatal(err)
		}
		all, err := s.Organisations(ctx)
		if err != nil {
			t.Fatal(err)
		}
		maya := add(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "m@example.org", Phone: "3125550134"})
		cost := func() int {
			counted, count := database.CountQueries(ctx)
			if _, err := s.Open(counted, system, maya); err != nil {
				t.Fatal(err)
			}
			return count.Queries()
		}
		few := cost()
		for _, o := range all {
			if err := s.Employ(ctx, system, maya, o.ID, "2026-01-01", "2026-02-01"); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Grant(ctx, system, people.Grant{PersonID: maya, Role: people.PartnerHR, OrganisationID: o.ID}); err != nil {
				t.Fatal(err)
			}
		}
		if many := cost(); many != few || few > 3 {
			t.Errorf("%d queries with little, %d with much", few, many)
		}
		r, err := s.Me(ctx, people.Seen(maya, people.Outreach, nil, nil))
		if err != nil || len(r.Employments) != 16 || len(r.Grants) != 17 || len(r.Names) != 2 {
			t.Errorf("%d employments, %d grants, %d names, %v", len(r.Employments), len(r.Grants), len(r.Names), err)
		}
	})
}

func TestLegalNameIsReadByItsOwnerAlone(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s := context.Background(), newHand().store(db)
		maya := add(t, s, people.Outreach, people.NewPerson{GivenName: "Maya"})
		v := people.Seen(maya, people.Outreach, nil, nil)
		if err := s.SetLegalName(ctx, v, " María  Ortiz "); err != nil {
			t.Fatal(err)
		}
		if name, err := s.LegalName(ctx, v); err != nil || name != "María Ortiz" {
			t.Errorf("%q, %v", name, err)
		}
		if _, err := s.LegalName(ctx, people.System(people.Outreach)); !errors.Is(err, fault.NotFound) {
			t.Errorf("the system: %v", err)
		}
	})
}

func TestCoordinatorGivesAndEndsOnlyWhatIsTheirsToGive(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx, s := context.Background(), newHand().store(db)
		maya := add(t, s, people.Outreach, people.NewPerson{GivenName: "Maya"})
		officer := add(t, s, people.LawEnforcement, people.NewPerson{GivenName: "Bo"})
		carla := add(t, s, people.Outreach, people.NewPerson{GivenName: "Carla", Roles: []people.Role{people.Coordinator}})
		coordinator := people.Seen(carla, people.Outreach, []people.Role{people.Coordinator}, nil)
		for _, role := range people.Roles {
			_, err := s.Grant(ctx, coordinator, people.Grant{PersonID: maya, Role: role, EndsOn: "2026-12-31"})
			switch {
			case role == people.PartnerHR:
				if _, ok := fault.In(err, "organisation"); !ok {
					t.Errorf("%s without an organisation: %v", role, err)
				}
			case slices.Contains(people.GivenByCoordinators, role):
				if err != nil {
					t.Errorf("%s: %v", role, err)
				}
			case !errors.Is(err, fault.Forbidden):
				t.Errorf("%s: %v, want forbidden", role, err)
			}
		}
		for what, id := range map[string]people.PersonID{"herself": carla, "an officer": officer} {
			if _, err := s.Grant(ctx, coordinator, people.Grant{PersonID: id, Role: people.Instructor}); !errors.Is(err, fault.NotFound) {
				t.Errorf("to %s: %v, want not found", what, err)
			}
		}
		r, err := s.Open(ctx, coordinator, maya)
		if err != nil {
			t.Fatal(err)
		}
		own, err := s.Me(ctx, coordinator)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.EndGrant(ctx, coordinator, carla, own.Grants[0].ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("her own: %v, want not found", err)
		}
		if err := s.EndGrant(ctx, people.Seen("p", people.LawEnforcement, []people.Role{people.Director}, nil), maya, r.Grants[0].ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("from the other side: %v, want not found", err)
		}
		if err := s.EndGrant(ctx, coordinator, maya, r.Grants[0].ID); err != nil {
			t.Fatal(err)
		}
		r, err = s.Open(ctx, coordinator, maya)
		if err != nil || !slices.ContainsFunc(r.Grants, func(g people.HeldGrant) bool { return g.EndsOn == "2026-11-23" && !g.InForce(s.Today()) }) {
			t.Errorf("%+v, %v", r.Grants, err)
		}
	})
}

func TestPresenceIsOneQuery(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		s := newHand().store(db)
		member(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", Email: "m@example.org", Roles: []people.Role{people.Coordinator, people.Author, people.Instructor}}, right)
		token := enter(t, s, people.Attempt{Name: "m@example.org", Secret: right})
		ctx, count := database.CountQueries(context.Background())
		if p, err := s.Presence(ctx, token); err != nil || count.Queries() != 1 || !p.Viewer.Is(people.Author) || !p.Viewer.Is(people.Instructor) || !p.Viewer.RunsSector() {
			t.Errorf("%+v in %d queries, %v", p, count.Queries(), err)
		}
	})
}
