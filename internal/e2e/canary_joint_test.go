package e2e

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// jointWindow looks through the window of the demo's joint session: each side sees place,
// agenda, ground rules, how many of each role to expect and its own badge, and of people
// nobody but oneself. To who has no part in it the window is not there.
func (w *wall) jointWindow() {
	w.Helper()
	var joints []string
	err := w.a.DB.NewRaw(`SELECT id FROM joint_sessions WHERE state = 'agreed' AND starts_at > ? ORDER BY starts_at LIMIT 1`, w.a.Now()).Scan(context.Background(), &joints)
	if err != nil || len(joints) == 0 {
		w.Fatalf("the demo has no joint session to come: %v", err)
	}
	for _, v := range w.visitors {
		viewer := people.Seen(v.person, v.sector, nil, nil)
		if name, _, _ := strings.Cut(v.name, " in "); strings.HasPrefix(name, "coordinator") || name == "director" {
			viewer = people.Seen(v.person, v.sector, []people.Role{people.Coordinator}, nil)
		}
		joint, err := w.a.Cohorts.Joint(context.Background(), viewer, cohorts.JointID(joints[0]))
		takesPart := slices.Contains([]string{"trainee.es", "officer", "instructor", "instructor.police"}, v.name) || viewer.RunsSector()
		if takesPart != (err == nil) {
			w.Errorf("%s sees the joint session: %t, want %t", v.name, err == nil, takesPart)
		}
		for _, address := range []string{"/joint/" + joints[0], "/joint/" + joints[0] + "/badge"} {
			if takesPart {
				w.through(v, address, joint)
				continue
			}
			never := w.never(joints[0])
			w.ask(v, question{method: http.MethodGet, theirs: address, nobodys: strings.Replace(address, joints[0], never, 1), never: map[string]string{joints[0]: never}})
		}
	}
}

// through reads one page of the window.
func (w *wall) through(v *visitor, address string, joint cohorts.JointSession) {
	w.Helper()
	page := v.get(address)
	text := unescapeHTML(page.body)
	wanted := []string{joint.DoorName}
	if !strings.HasSuffix(address, "/badge") {
		wanted = append(wanted, joint.Place, joint.Agenda, joint.GroundRules)
		for _, side := range joint.Sides {
			wanted = append(wanted, fmt.Sprint(side.Trainees), fmt.Sprint(side.Instructors))
		}
	}
	for _, words := range wanted {
		if page.status != http.StatusOK || !strings.Contains(text, words) {
			w.Errorf("%s: %s answers %d and does not say %q", v.name, address, page.status, words)
		}
	}
	if len(joint.Sides) != 2 {
		w.Errorf("%s: %d sides, want 2", v.name, len(joint.Sides))
	}
	w.canaries.find(text, func(c canary) {
		if person, named := w.canaries.persons[c.text]; named && person != v.person {
			w.Errorf("%s reads the name of somebody else, %s, at %s", v.name, c, address)
		}
	})
}

// openings open modules to the side that may not see them otherwise: one that is tagged
// for joint sessions is there between two moments, before and after it is not, and one
// that is not tagged never is.
func (w *wall) openings() {
	w.Helper()
	ctx, now := context.Background(), w.a.Now()
	readers := map[people.Sector]string{people.Outreach: "trainee.es", people.LawEnforcement: "officer"}
	for _, row := range pairs(w.T, w.a.DB, `SELECT DISTINCT v.module_id, s.sector FROM module_versions AS v
		JOIN (SELECT 'outreach' AS sector UNION SELECT 'law_enforcement') AS s ON NOT EXISTS (
			SELECT 1 FROM module_sectors AS ms JOIN module_versions AS mv ON mv.hash = ms.hash WHERE mv.module_id = v.module_id AND ms.sector = s.sector) ORDER BY 1`) {
		at := slices.IndexFunc(w.visitors, func(v *visitor) bool { return v.name == readers[row.Sector] })
		v, id := w.visitors[at], content.ModuleID(row.Text)
		joint := len(pairs(w.T, w.a.DB, `SELECT module_id, module_id FROM module_versions WHERE joint AND module_id = '`+row.Text+`'`)) > 0
		for when, window := range map[string][2]time.Duration{"now": {-time.Hour, time.Hour}, "later": {time.Hour, 2 * time.Hour}, "over": {-2 * time.Hour, -time.Hour}} {
			if err := w.a.Content.OpenModules(ctx, "canary", row.Sector, []content.ModuleID{id}, now.Add(window[0]), now.Add(window[1])); err != nil {
				w.Fatal(err)
			}
			want := http.StatusNotFound
			if joint && when == "now" {
				want = http.StatusOK
			}
			if got := v.get("/modules/" + id.Slug()).status; got != want {
				w.Errorf("%s: %s opened %s answers %d, want %d", v.name, id, when, got, want)
			}
		}
		if err := w.a.Content.CloseOpening(ctx, "canary"); err != nil {
			w.Fatal(err)
		}
	}
}
