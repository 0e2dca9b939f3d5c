package e2e

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func sortedKeys[M ~map[string]V, V any](m M) []string { return slices.Sorted(maps.Keys(m)) }

// formless are the routes that change something and that no page of the demo has a form
// for, each with the reason.
var formless = map[string]string{
	"/invitation/:invitation": "opened by a token alone", "/reset/:reset": "opened by a token alone",
	"/messages/stop/:stop": "opened by a token alone",
	"/api/v1/verify":       "a program's: a file, no identifier", "/api/v1/questions/import": "a program's: a file, no identifier",
}

// everyChangeHasAForm fails where a route that changes something was never seen filled in.
func (w *wall) everyChangeHasAForm() {
	w.Helper()
	for _, route := range w.a.Web.Routes() {
		if route.Method == http.MethodGet || formless[route.Pattern] != "" {
			continue
		}
		seen := false
		for _, forms := range w.forms {
			for shape := range forms {
				seen = seen || strings.HasPrefix(shape, route.Method+" "+route.Pattern+" ")
			}
		}
		if !seen {
			w.Errorf("no page has a form for %s %s: its fields are not tried against the wall", route.Method, route.Pattern)
		}
	}
}

// sendForOthers sends every form that the other side may send, as it was filled in
// there, under one's own name. Where its address names several things, each is tried
// beside one's own too, unless nothing of the other side's is left then.
func (w *wall) sendForOthers(v *visitor) {
	w.Helper()
	for _, other := range v.others() {
		for _, shape := range sortedKeys(w.forms[other]) {
			f := w.forms[other][shape]
			route, _ := w.route(f.method, f.action)
			never := w.strangers(v, f)
			if len(never) == 0 {
				continue
			}
			w.ask(v, w.inTwo(v, f, f.action, never))
			values, _ := fit(route.Pattern, f.action)
			for _, name := range sortedKeys(values) {
				own, theirs := w.ids[v.sector][parameters[name]], never[values[name]] != ""
				if action := strings.Replace(f.action, values[name], own, 1); len(values) > 1 && own != "" && theirs && f.tells(action, never) {
					w.ask(v, w.inTwo(v, f, action, never))
				}
			}
		}
	}
}

// tells says whether a form that is sent there still names one of these: else it is one's
// own through and through.
func (f form) tells(action string, never map[string]string) bool {
	text := action
	for name, values := range f.fields {
		text += " " + name + " " + strings.Join(values, " ")
	}
	for _, one := range sortedKeys(never) {
		if strings.Contains(text, one) {
			return true
		}
	}
	return false
}

// strangers are the identifiers in a form that the visitor must not know of, each with
// one that never existed.
func (w *wall) strangers(v *visitor, f form) map[string]string {
	never := map[string]string{}
	texts := []string{f.action}
	for name, values := range f.fields {
		texts = append(append(texts, name), values...)
	}
	for _, text := range texts {
		for _, key := range keysIn(text) {
			if sector, known := w.canaries.keys[key]; known && sector != v.sector {
				never[key] = w.never(key)
			}
		}
	}
	route, _ := w.route(f.method, f.action)
	values, _ := fit(route.Pattern, f.action)
	if card := values["card"]; card != "" && w.canaries.keys[card] != v.sector {
		never[card] = w.never(card)
	}
	if module := values["module"]; module != "" && w.isHidden(v, module) {
		never[module] = w.never(module)
	}
	return never
}

// inTwo words a form twice: as it stands, and with what never existed in it.
func (w *wall) inTwo(v *visitor, f form, action string, never map[string]string) question {
	swap := func(text string) string {
		for _, one := range sortedKeys(never) {
			text = strings.ReplaceAll(text, one, never[one])
		}
		return text
	}
	q := question{method: f.method, theirs: action, nobodys: swap(action), never: never}
	if f.method == http.MethodGet {
		q.theirs, q.nobodys = action+"?"+f.fields.Encode(), swap(action+"?"+f.fields.Encode())
		return q
	}
	kind, one := f.body(v.csrf(), func(text string) string { return text })
	_, other := f.body(v.csrf(), swap)
	q.kind, q.body, q.otherBody = kind, string(one), string(other)
	return q
}

// sendOwnWithOthers sends one's own forms with one thing of the other side's in them:
// in every field that names a thing, hidden or not, one after the other.
func (w *wall) sendOwnWithOthers(v *visitor) {
	w.Helper()
	w.eachField(v, func(f form, name string, takes takes, other people.Sector) {
		if !takes.bothMayHave() && !takes.on {
			w.sendWith(v, f, name, takes, other)
		}
	})
}

// typeOthers types what the other side has where one's own side may have it too: an
// address, a number, a name, or a form's own key; and what says only where to go on.
// Whatever comes of it comes of what nobody has.
func (w *wall) typeOthers(v *visitor) {
	w.Helper()
	w.eachField(v, func(f form, name string, takes takes, other people.Sector) {
		if v.home == other && strings.HasPrefix(f.action, "/me/names") {
			return // who bridges signs in at home, and home is that side
		}
		if takes.bothMayHave() || takes.on {
			w.sendWith(v, f, name, takes, other)
		}
	})
}

// bothMayHave says whether one's own side may have the same too.
func (t takes) bothMayHave() bool {
	return t.what == lineOfForm || t.what == signInName || t.what == certNumber || t.what == personName
}

// eachField goes through the fields of one's own forms that take something of a side's.
func (w *wall) eachField(v *visitor, try func(f form, name string, takes takes, other people.Sector)) {
	for _, shape := range sortedKeys(w.own[v]) {
		f := w.own[v][shape]
		route, _ := w.route(f.method, f.action)
		for _, name := range append(sortedKeys(f.fields), f.files...) {
			takes, _ := fieldOf(route.Pattern, name)
			for _, other := range v.others() {
				if takes.what != "" {
					try(f, name, takes, other)
				}
			}
		}
	}
}

// sendWith sends a form with one field set.
func (w *wall) sendWith(v *visitor, f form, name string, takes takes, other people.Sector) {
	w.Helper()
	id := w.idFor(v, takes.what, other)
	if id == "" {
		return
	}
	with := f
	with.fields = maps.Clone(f.fields)
	if slices.Contains(f.files, name) {
		with.sheet = replaceKey(f.sheet, id)
	} else {
		with.fields[name] = []string{replaceKey(f.fields.Get(name), id)}
	}
	w.whereBooked(v, with, name)
	q := w.inTwo(v, with, f.action, map[string]string{id: w.never(id)})
	if q.typed = takes.bothMayHave() || takes.on; q.typed {
		// Once as it stands, so that both find the same: a first mark earns, a second does not.
		for _, tail := range []string{"-before", "-again"} {
			before := f
			before.fields = maps.Clone(f.fields)
			if takes.what == lineOfForm {
				before.fields[name] = []string{f.fields.Get(name) + tail}
			}
			kind, body := before.body(v.csrf(), func(text string) string { return text })
			v.sendBody(f.method, f.action, kind, strings.NewReader(string(body)))
		}
		w.watched.changes()
	}
	w.ask(v, q)
}

// forget takes back a way to sign in that was just typed, so that who is asked next
// stands where who was asked first stood.
func (w *wall) forget(v *visitor, q question) {
	w.Helper()
	for one, other := range q.never {
		if q.typed && strings.Contains(one, "@") {
			_, err := w.a.DB.NewRaw(`DELETE FROM sign_in_names WHERE name IN (?, ?) AND sector = ?`, one, other, v.sector).Exec(context.Background())
			if err != nil {
				w.Fatal(err)
			}
			w.watched.changes()
		}
	}
}

// replaceKey puts an identifier in the place of the one that a value holds, or is.
func replaceKey(value, id string) string {
	if keys := keysIn(value); len(keys) > 0 && isKey(id) {
		return strings.Replace(value, keys[0], id, 1)
	}
	for _, filler := range []string{"newcomer@canary.test", "MPA-0000-0000-0000"} {
		if strings.Contains(value, "\n") && strings.Contains(value, filler) { // a sheet
			return strings.Replace(value, filler, id, 1)
		}
	}
	return id
}

// whereBooked lays the plan of a new cohort on a time at which the other side has its room.
func (w *wall) whereBooked(v *visitor, f form, name string) {
	w.Helper()
	if name != "room" || f.fields.Get("first_day") == "" {
		return
	}
	var booked []time.Time
	err := w.a.DB.NewRaw(`SELECT starts_at FROM sessions WHERE room_id = ? AND state = 'planned' AND starts_at > ? ORDER BY starts_at LIMIT 1`,
		f.fields.Get(name), w.a.Now()).Scan(context.Background(), &booked)
	if err != nil || len(booked) == 0 {
		w.Fatalf("the room %s is never booked: %v", f.fields.Get(name), err)
	}
	zone, err := time.LoadLocation(w.a.Config.TimeZone)
	if err != nil {
		w.Fatal(err)
	}
	at := booked[0].In(zone)
	f.fields["first_day"], f.fields["start"] = []string{at.Format(time.DateOnly)}, []string{at.Format("15:04")}
	f.fields["days"] = []string{strings.ToLower(at.Format("Mon"))}
}
