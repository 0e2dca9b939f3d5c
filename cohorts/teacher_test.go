package cohorts_test

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// second appoints a second instructor to a class.
func (a *academy) second(c class, name string) people.PersonID {
	a.Helper()
	id := a.person(c.coordinator.Sector(), name, people.Instructor)
	a.ok(a.store.Appoint(a.Context(), c.coordinator, c.id, id, cohorts.Second))
	return id
}

// names says that people teach a session, the first as its lead.
func (a *academy) names(c class, session int, persons ...people.PersonID) error {
	a.Helper()
	found, err := a.store.Session(a.Context(), c.coordinator, c.sessions[session].ID)
	a.ok(err)
	n := cohorts.NewTeachers{Session: found.ID, Seen: found.Revision, Persons: persons}
	if len(persons) > 0 {
		n.Lead = persons[0]
	}
	return a.store.SetTeachers(a.Context(), c.coordinator, n)
}

// taught writes who teaches a session, with their role.
func (a *academy) taught(c class, session int) (said string) {
	a.Helper()
	list, err := a.store.SessionTeachers(a.Context(), c.coordinator, c.sessions[session].ID)
	a.ok(err)
	for _, t := range cohorts.Teaching(list) {
		said += t.Name + ":" + string(t.Role) + " "
	}
	return said
}

// classes counts the classes that somebody teaches in the month ahead.
func (a *academy) classes(v people.Viewer) (n int) {
	a.Helper()
	list, err := a.store.Classes(a.Context(), v, a.now(), a.now().AddDate(0, 1, 0), 9)
	a.ok(err)
	for _, class := range list {
		if class.Teaches {
			n++
		}
	}
	return n
}

func TestAllInstructorsTeachUnlessSomeAreNamed(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		ines, tom := c.instructor.Person(), a.second(c, "Tom")
		if got := a.taught(c, 1); got != "Ines:lead Tom:second " {
			t.Errorf("by default: %s", got)
		}
		a.ok(a.names(c, 1, tom))
		a.ok(a.names(c, 2, tom, ines, tom))
		if one, two, three := a.taught(c, 1), a.taught(c, 2), a.taught(c, 3); one != "Tom:lead " || two != "Tom:lead Ines:second " || three != "Ines:lead Tom:second " {
			t.Errorf("named: %s/ %s/ %s", one, two, three)
		}
		all, err := a.store.Teachers(a.Context(), c.trainees[0], c.id)
		if err != nil || len(all) != 6 || len(all[c.sessions[1].ID]) != 1 || len(all[c.sessions[2].ID]) != 2 {
			t.Errorf("of the cohort: %+v %v", all, err)
		}
		// Today tells each what they teach, and with whom a trainee has the class.
		if hers, his := a.classes(c.instructor), a.classes(as(tom, people.Outreach, people.Instructor)); hers != 5 || his != 6 {
			t.Errorf("%d classes of Ines, %d of Tom", hers, his)
		}
		ahead, err := a.store.Classes(a.Context(), c.trainees[0], a.now(), a.now().AddDate(0, 1, 0), 9)
		if err != nil || len(ahead) != 6 || slices.Compare(ahead[1].With, []string{"Tom"}) != 0 || len(ahead[2].With) != 2 {
			t.Errorf("the trainee's: %+v %v", ahead, err)
		}
		// Who does not teach a session runs it all the same.
		if _, err := a.store.SessionRunBy(a.Context(), c.instructor, c.sessions[1].ID); err != nil {
			t.Error(err)
		}
		// Who no longer teaches the cohort is off the sessions ahead.
		a.ok(a.store.Dismiss(a.Context(), c.coordinator, c.id, tom))
		if one, two := a.taught(c, 1), a.taught(c, 2); one != "Ines:lead " || two != "Ines:second " {
			t.Errorf("dismissed: %s/ %s", one, two)
		}
		found, err := a.store.Session(a.Context(), c.coordinator, c.sessions[2].ID)
		a.ok(err)
		a.ok(a.store.ClearTeachers(a.Context(), c.coordinator, found.ID, found.Revision))
		if got := a.taught(c, 2); got != "Ines:lead " {
			t.Errorf("cleared: %s", got)
		}
	})
}

func TestWhoTeachesASessionIsForItsCoordinatorsToSay(t *testing.T) {
	each(t, func(a *academy) {
		ctx, c, other := a.Context(), a.class(1), a.class(0)
		ines, id := c.instructor.Person(), c.sessions[1].ID
		a.invalid(a.names(c, 1), "instructor", "cohorts.teachers.nobody")
		a.is(a.names(c, 1, other.instructor.Person()), fault.NotFound)
		a.is(a.names(c, 1, c.trainees[0].Person()), fault.NotFound)
		named := cohorts.NewTeachers{Session: id, Persons: []people.PersonID{ines}}
		a.invalid(a.store.SetTeachers(ctx, c.coordinator, named), "lead", "cohorts.teachers.no_lead")
		named.Lead = a.second(c, "Tom")
		a.invalid(a.store.SetTeachers(ctx, c.coordinator, named), "lead", "cohorts.teachers.lead_teaches")
		named.Lead = ines
		a.is(a.store.SetTeachers(ctx, c.instructor, named), fault.Forbidden)
		a.is(a.store.SetTeachers(ctx, c.trainees[0], named), fault.Forbidden)
		police := as(a.person(people.LawEnforcement, "Kim", people.Coordinator), people.LawEnforcement, people.Coordinator)
		a.is(a.store.SetTeachers(ctx, police, named), fault.NotFound)
		a.is(a.store.SetTeachers(ctx, people.Nobody, named), fault.NotFound)
		a.is(a.store.ClearTeachers(ctx, police, id, 0), fault.NotFound)
		if list, err := a.store.SessionTeachers(ctx, police, id); err != nil || len(list) != 0 {
			t.Errorf("police are told of %+v %v", list, err)
		}
		named.Seen = 7
		a.conflicts(a.store.SetTeachers(ctx, c.coordinator, named), "cohorts.teachers.meanwhile")
		if n := a.count(`SELECT COUNT(*) FROM session_instructors`); n != 0 {
			t.Errorf("%d rows", n)
		}
		// Of a class that was held it stays written who taught.
		a.hold(c, 0, cohorts.Present)
		a.conflicts(a.names(c, 0, ines), "cohorts.teachers.meanwhile")
	})
}

func TestAnInstructorIsTakenByWhatTheyTeachAlone(t *testing.T) {
	each(t, func(a *academy) {
		ctx, c, d := a.Context(), a.class(0), a.class(0) // on the same days
		ines, tom := c.instructor.Person(), a.second(c, "Tom")
		clashes := func() int {
			list, err := a.store.InstructorClashes(ctx, d.coordinator, d.id, ines)
			a.ok(err)
			return len(list)
		}
		if n := clashes(); n != 6 {
			t.Errorf("%d clashes of all sessions", n)
		}
		a.ok(a.names(c, 1, tom))
		if n := clashes(); n != 5 {
			t.Errorf("%d clashes: a class elsewhere is taught by another", n)
		}
		a.ok(a.names(d, 2, d.instructor.Person()))
		if n := clashes(); n != 4 {
			t.Errorf("%d clashes: a class here is taught by another", n)
		}
		again := plan("out-1")
		again.Instructors = []people.PersonID{ines}
		shown, err := a.store.Preview(ctx, c.coordinator, again)
		if err != nil || len(shown.Clashes) != 5 {
			t.Errorf("a new cohort: %+v %v", shown.Clashes, err)
		}
	})
}

func TestAMoveMeetsWhatAnInstructorTeachesAlone(t *testing.T) {
	each(t, func(a *academy) {
		ctx, c := a.Context(), a.class(0)
		ines, tom := c.instructor.Person(), a.second(c, "Tom")
		// Tom teaches on Wednesdays too, with Ana.
		wednesdays := plan("out-1")
		wednesdays.Days = []string{"wed"}
		id, err := a.store.Make(ctx, c.coordinator, wednesdays)
		a.ok(err)
		d := class{id: id, coordinator: c.coordinator}
		a.second(d, "Ana")
		a.ok(a.store.Appoint(ctx, c.coordinator, d.id, tom, cohorts.Second))
		d.sessions, err = a.store.Sessions(ctx, c.coordinator, d.id)
		a.ok(err)
		theirs := slices.IndexFunc(d.sessions, func(s cohorts.Session) bool { return s.StartsAt.In(chicago).Format(time.DateOnly) == "2026-11-18" })
		move := func(session int) int {
			ask := c.change(cohorts.MoveOne, session, "2026-11-18")
			shown, err := a.store.PreviewReschedule(ctx, c.coordinator, ask)
			a.ok(err)
			return len(shown.Clashes)
		}
		a.ok(a.names(c, 1, tom))
		if all, his := move(2), move(1); all != 1 || his != 1 {
			t.Errorf("%d clashes of all, %d of the class that Tom teaches", all, his)
		}
		a.ok(a.names(c, 1, ines))
		if n := move(1); n != 0 {
			t.Errorf("%d clashes of a class that Tom does not teach", n)
		}
		ana, err := a.store.Instructors(ctx, c.coordinator, d.id)
		a.ok(err)
		a.ok(a.names(d, theirs, ana[0].PersonID))
		if n := move(2); n != 0 {
			t.Errorf("%d clashes with a class that Tom does not teach", n)
		}
	})
}

func TestTwoWhoSayAtOnceWhoTeachesDoNotBothSayIt(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(0)
		tom := a.second(c, "Tom")
		for session := range c.sessions {
			var wg sync.WaitGroup
			results := make([]error, 8)
			for i, person := range []people.PersonID{c.instructor.Person(), tom, tom, c.instructor.Person(), tom, tom, c.instructor.Person(), tom} {
				wg.Add(1)
				go func() {
					defer wg.Done()
					results[i] = a.store.SetTeachers(a.Context(), c.coordinator, cohorts.NewTeachers{Session: c.sessions[session].ID,
						Persons: []people.PersonID{person}, Lead: person})
				}()
			}
			wg.Wait()
			said := 0
			for _, err := range results {
				var conflict *fault.ConflictError
				switch {
				case err == nil:
					said++
				case !errors.As(err, &conflict):
					t.Error(err)
				}
			}
			if n := a.count(`SELECT COUNT(*) FROM session_instructors WHERE session_id = ?`, c.sessions[session].ID); said != 1 || n != 1 {
				t.Errorf("%d said it, %d are named", said, n)
			}
		}
	})
}

// hard makes the module of a topic of an edition one of care level 3.
func (a *academy) hard(edition, module string) {
	a.exec(`INSERT INTO edition_modules (edition_id, module_id, required, version) VALUES (?, ?, TRUE, 2)`, edition, module)
	for version, care := range map[int]int{1: 1, 2: 3, 3: 1} {
		a.exec(`INSERT INTO module_versions (hash, module_id, lang, version, title, care, minutes, sensitivity, objectives, sources, reviewed_by, reviewed_on,
			path, source, html, alternative_html, sections, words, grade, joint, has_check, care_note, published_at)
			VALUES (?, ?, 'en', ?, 'Hard', ?, 240, '[]', '[]', '[]', '', '', '', '', '', '', '[]', 1, 6, FALSE, FALSE, '', ?)`,
			module+strconv.Itoa(version), module, version, care, a.now())
	}
}

func TestAHardClassWantsTwoInstructors(t *testing.T) {
	each(t, func(a *academy) {
		ctx, c := a.Context(), a.class(1)
		a.hard("out-1", "T03") // of the third session
		ines := c.instructor.Person()
		pair := func(v people.Viewer) int {
			confirm, pair, err := a.store.ToSettle(ctx, v)
			if err != nil || len(confirm) != 0 || len(pair) > 0 && pair[0].ID != c.sessions[2].ID {
				t.Errorf("%+v %+v %v", confirm, pair, err)
			}
			return len(pair)
		}
		if n := pair(c.coordinator); n != 1 {
			t.Errorf("%d with one instructor", n)
		}
		list, err := a.store.Sessions(ctx, c.coordinator, c.id)
		a.ok(err)
		for i, session := range list {
			if one, two := session.NeedsPair(1, a.now()), session.NeedsPair(2, a.now()); one != (i == 2) || two {
				t.Errorf("session %d, of care %d: %t with one, %t with two", i, session.Care, one, two)
			}
		}
		tom := a.second(c, "Tom")
		if n := pair(c.coordinator); n != 0 {
			t.Errorf("%d with two instructors", n)
		}
		a.ok(a.names(c, 2, tom))
		if n := pair(c.coordinator); n != 1 {
			t.Errorf("%d where one of two is named", n)
		}
		a.ok(a.names(c, 2, tom, ines))
		if n := pair(c.coordinator); n != 0 {
			t.Errorf("%d where two are named", n)
		}
		a.ok(a.store.Dismiss(ctx, c.coordinator, c.id, tom))
		police := as(a.person(people.LawEnforcement, "Kim", people.Coordinator), people.LawEnforcement, people.Coordinator)
		if ours, theirs := pair(c.coordinator), pair(police); ours != 1 || theirs != 0 {
			t.Errorf("%d of ours, %d told to police", ours, theirs)
		}
		_, _, err = a.store.ToSettle(ctx, c.instructor)
		a.is(err, fault.Forbidden)
		a.at("2026-10-19 08:00") // more than three weeks before
		if n := pair(c.coordinator); n != 0 {
			t.Errorf("%d long before", n)
		}
		a.at("2026-11-10 09:00")
		if n := pair(c.coordinator); n != 0 {
			t.Errorf("%d once it has begun", n)
		}
	})
}
