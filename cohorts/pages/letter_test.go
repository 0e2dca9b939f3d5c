package pages_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/cohorts/pages"
	"github.com/metropolitan-peace-academy/academy/internal/mail"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	messagespages "github.com/metropolitan-peace-academy/academy/internal/messages/pages"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// office is a house whose people can be written to: each at their name's address.
type office struct {
	*house
	letters messages.Store
	box     *mail.Box
	jobs    *outbox.Runner
	read    int
}

func newOffice(h *house) *office {
	h.Helper()
	o := &office{house: h, letters: messages.NewStore(h.db, h.now, chicago)}
	for _, name := range []string{"tasha", "luz", "omar", "ines"} {
		sector := h.viewer(name).Sector()
		h.must(h.people.AddName(h.Context(), people.System(sector), h.viewer(name).Person(), name+"@example.org"))
	}
	var post mail.Post
	post, o.box = mail.Record()
	o.jobs = o.runner(post)
	o.work() // the calendars get to know the classes
	return o
}

func (o *office) runner(post mail.Post) *outbox.Runner {
	jobs := append(pages.Jobs(o.store, o.letters, post.On()), messagespages.Jobs(o.app, o.letters, post, pages.Writers(o.app.Words(), o.store, post.Sender))...)
	runner, err := outbox.New(o.db, o.now, jobs...)
	o.must(err)
	return runner
}

func (o *office) work() {
	o.Helper()
	o.must(o.jobs.RunDue(o.Context()))
}

// goes turns the clock, works, and gives the letters that went since the last time, by
// their receivers.
func (o *office) goes(moment string) []mail.Letter {
	o.Helper()
	o.at(moment)
	o.work()
	all := o.box.Letters()
	since := all[o.read:]
	o.read = len(all)
	slices.SortStableFunc(since, func(a, b mail.Letter) int { return strings.Compare(a.To, b.To) })
	return since
}

// wants fails unless the letters went to these, and hold these texts.
func (o *office) wants(when string, letters []mail.Letter, to string, texts ...string) {
	o.Helper()
	var got []string
	for _, l := range letters {
		got = append(got, strings.TrimSuffix(l.To, "@example.org"))
		if subject := l.Subject(); strings.Contains(subject+l.Text, "cohorts.") || strings.Contains(l.Text, "Peace") || strings.Contains(l.Text, "conflict") {
			o.Errorf("%s: a letter says %q: %s", when, subject, l.Text)
		}
	}
	if strings.Join(got, " ") != to {
		o.Errorf("%s: letters to %v, want %s", when, got, to)
	}
	for i, text := range texts {
		if i < len(letters) && !strings.Contains(letters[i].Subject()+"|"+letters[i].Text, text) {
			o.Errorf("%s: letter %d lacks %q: %s|%s", when, i, text, letters[i].Subject(), letters[i].Text)
		}
	}
}

func (o *office) exec(query string, args ...any) {
	o.Helper()
	_, err := o.db.NewRaw(query, args...).Exec(o.Context())
	o.must(err)
}

// lays moves a session of the outreach cohort, by whatever way.
func (o *office) lays(position int, start string) {
	o.Helper()
	at := moment(start)
	o.exec(`UPDATE sessions SET starts_at = ?, ends_at = ? WHERE cohort_id = ? AND position = ?`, at, at.Add(o.sessions[position-1].EndsAt.Sub(o.sessions[position-1].StartsAt)), o.cohort, position)
}

func (o *office) wish(name string, change func(w *messages.Wishes)) {
	o.Helper()
	w := messages.Careful
	change(&w)
	o.must(o.letters.Wish(o.Context(), o.viewer(name), w))
}

func TestAReminderComesOnceADayBeforeInTheReadersLanguage(t *testing.T) {
	each(t, func(h *house) {
		o := newOffice(h)
		o.wants("at once", o.goes("2026-11-10 10:00"), "")
		o.wants("too early", o.goes("2026-11-16 08:59"), "")
		letters := o.goes("2026-11-16 09:00")
		o.wants("a day before", letters, "ines luz omar tasha")
		for _, l := range letters {
			want := "Your next class|Hello tasha,\n\nYour next class is on Tue 17 Nov, 9:00\u00a0am"
			switch l.To {
			case "luz@example.org":
				want = "Su próxima clase|Hola, luz:\n\nSu próxima clase es el mar 17 nov, 9:00\u00a0a.\u00a0m."
			case "tasha@example.org":
			default:
				continue
			}
			if got := l.Subject() + "|" + l.Text; !strings.HasPrefix(got, want) {
				t.Errorf("to %s: %s", l.To, got)
			}
		}
		o.wants("again", o.goes("2026-11-16 09:05"), "")
		o.wants("on the day", o.goes("2026-11-17 08:30"), "")
	})
}

func TestAReminderFollowsItsReadersHours(t *testing.T) {
	each(t, func(h *house) {
		o := newOffice(h)
		o.wish("tasha", func(w *messages.Wishes) { w.Ahead = 2 })                // 7:00 is quiet, so at 8:00
		o.wish("luz", func(w *messages.Wishes) { w.Reminders = false })          // none
		o.wish("ines", func(w *messages.Wishes) { w.Ahead, w.QuietTo = 2, 540 }) // quiet until the class begins: the evening before
		o.exec(`UPDATE module_versions SET care = 1`)
		o.wants("a day before", o.goes("2026-11-16 09:00"), "omar")
		o.wants("before the quiet hours", o.goes("2026-11-16 20:29"), "")
		o.wants("half an hour before they begin", o.goes("2026-11-16 20:30"), "ines")
		o.wants("in them", o.goes("2026-11-17 07:30"), "")
		o.wants("after them", o.goes("2026-11-17 08:00"), "tasha")
	})
}

func TestHardContentIsToldADayBeforeWhateverTheWish(t *testing.T) {
	each(t, func(h *house) {
		o := newOffice(h)
		o.wish("tasha", func(w *messages.Wishes) { w.Ahead = 2 })
		o.exec(`UPDATE module_versions SET care = 3`)
		for _, l := range o.goes("2026-11-16 09:00") {
			if l.To == "tasha@example.org" {
				o.wants("a day before", []mail.Letter{l}, "tasha", "Part of it may be hard to hear. You may step out")
				return
			}
		}
		t.Error("no word to tasha a day before")
	})
}

func TestChangesAreToldTogetherAndOnce(t *testing.T) {
	each(t, func(h *house) {
		o := newOffice(h)
		o.lays(3, "2026-11-18 13:00")
		o.exec(`UPDATE sessions SET state = 'cancelled' WHERE cohort_id = ? AND position = 4`, h.cohort)
		o.exec(`UPDATE sessions SET link = 'https://meet.example.org/x' WHERE cohort_id = ? AND position = 5`, h.cohort)
		letters := o.goes("2026-11-10 12:00")
		o.wants("changed", letters, "ines luz tasha")
		for _, l := range letters {
			if l.To != "tasha@example.org" {
				continue
			}
			o.wants("to tasha", []mail.Letter{l}, "tasha", "A change to your class|Hello tasha,\n\nYour class on Tue 17 Nov, 9:00\u00a0am moves. It is now on Wed 18 Nov, 1:00\u00a0pm – 5:00\u00a0pm.")
			for _, text := range []string{"Your class on Tue 24 Nov, 9:00\u00a0am is called off.", "Your class on Tue 1 Dec, 9:00\u00a0am meets somewhere else."} {
				if !strings.Contains(l.Text, text) {
					t.Errorf("lacks %q: %s", text, l.Text)
				}
			}
			if strings.Contains(l.Text, "meet.example.org") {
				t.Error("the letter holds the link")
			}
		}
		o.wants("again", o.goes("2026-11-10 12:10"), "")
		o.exec(`UPDATE sessions SET state = 'planned' WHERE cohort_id = ? AND position = 4`, h.cohort)
		o.wants("on again", o.goes("2026-11-10 12:20"), "ines luz tasha")
	})
}

func TestWithoutMailNothingIsToldLater(t *testing.T) {
	each(t, func(h *house) {
		o := newOffice(h)
		withMail := o.jobs
		o.jobs = o.runner(mail.Post{})
		o.lays(4, "2026-11-25 09:00")
		o.wants("without mail", o.goes("2026-11-10 12:00"), "")
		o.jobs = withMail
		o.wants("with mail", o.goes("2026-11-10 12:10"), "")
		o.lays(4, "2026-11-26 09:00")
		o.wants("changed again", o.goes("2026-11-10 12:20"), "ines luz tasha", "Your class on Wed 25 Nov, 9:00\u00a0am moves. It is now on Thu 26 Nov")
	})
}

func TestAChangeThatIsTakenBackInTheQuietHoursIsNoNews(t *testing.T) {
	each(t, func(h *house) {
		o := newOffice(h)
		o.lays(4, "2026-11-25 09:00")
		o.wants("at night", o.goes("2026-11-10 22:00"), "")
		o.lays(4, "2026-11-24 09:00")
		o.wants("taken back", o.goes("2026-11-10 23:00"), "")
		o.wants("in the morning", o.goes("2026-11-11 08:00"), "")
		o.lays(4, "2026-11-25 09:00")
		o.wants("the next night", o.goes("2026-11-11 22:00"), "")
		o.lays(4, "2026-11-26 09:00")
		o.wants("later that night", o.goes("2026-11-11 23:00"), "")
		o.wants("the morning after", o.goes("2026-11-12 08:00"), "ines luz tasha", "It is now on Thu 26 Nov")
	})
}

func TestAClassThatBeginsBeforeTheQuietHoursEndIsToldAtOnce(t *testing.T) {
	each(t, func(h *house) {
		o := newOffice(h)
		for _, name := range []string{"luz", "ines", "tasha"} {
			o.wish(name, func(w *messages.Wishes) { w.Reminders, w.QuietTo = false, 600 })
		}
		o.exec(`UPDATE sessions SET state = 'cancelled' WHERE cohort_id = ? AND position = 3`, h.cohort)
		o.wants("the night before", o.goes("2026-11-16 22:00"), "ines luz tasha")
	})
}

func TestWhoHasLeftIsNotWrittenTo(t *testing.T) {
	each(t, func(h *house) {
		o := newOffice(h)
		o.must(o.store.Withdraw(o.Context(), o.viewer("cora"), o.enrolments["tasha"], cohorts.WithdrawalCodes[0]))
		o.lays(5, "2026-12-02 09:00")
		o.wants("changed", o.goes("2026-11-10 12:00"), "ines luz")
		o.at("2026-11-16 08:00")
		o.exec(`UPDATE persons SET closed_at = ? WHERE id = ?`, o.now(), o.viewer("luz").Person())
		o.wants("a day before", o.goes("2026-11-16 09:00"), "ines omar")
	})
}

func TestWhoWasMissedIsWrittenToOnceTheRollIsClosedIfTheyWant(t *testing.T) {
	each(t, func(h *house) {
		o := newOffice(h)
		o.wish("tasha", func(w *messages.Wishes) { w.Absences = true })
		o.wish("luz", func(w *messages.Wishes) { w.Absences = true })
		o.at("2026-11-10 13:00")
		for name, status := range map[string]cohorts.Status{"tasha": cohorts.Absent, "luz": cohorts.Present, "<script>al": cohorts.Absent} {
			o.must(o.store.Mark(o.Context(), o.viewer("ines"), cohorts.NewMark{Session: o.sessions[1].ID, Enrolment: o.enrolments[name], Status: status}))
		}
		o.must(o.store.Close(o.Context(), o.viewer("ines"), o.sessions[1].ID))
		o.wants("just closed", o.goes("2026-11-10 13:10"), "")
		o.wants("later", o.goes("2026-11-10 14:10"), "tasha", "A message for you|Hello tasha,\n\nWe missed you on Tuesday 10 November.")
		o.wants("again", o.goes("2026-11-10 15:10"), "")
	})
}

// miss lets people miss the second class of the outreach cohort, to which all others came,
// and closes its roll.
func (o *office) miss(names ...string) {
	o.Helper()
	o.at("2026-11-10 13:00")
	for _, name := range names {
		o.must(o.store.Mark(o.Context(), o.viewer("ines"), cohorts.NewMark{Session: o.sessions[1].ID, Enrolment: o.enrolments[name], Status: cohorts.Absent}))
	}
	o.must(o.store.MarkRest(o.Context(), o.viewer("ines"), o.sessions[1].ID, "rest"))
	o.must(o.store.Close(o.Context(), o.viewer("ines"), o.sessions[1].ID))
}

// forecast raises what there is to tell and gives how much there was.
func (o *office) forecast() int {
	o.Helper()
	n, err := o.store.RaiseWarnings(o.Context(), people.System(people.Outreach))
	o.must(err)
	return n
}

func TestWhatWasMissedIsToldOnceInOneLetterToWhoWantsIt(t *testing.T) {
	each(t, func(h *house) {
		o := newOffice(h)
		for _, name := range []string{"tasha", "luz", "omar"} {
			o.wish(name, func(w *messages.Wishes) { w.Reminders, w.Absences = false, name != "omar" })
		}
		o.miss("tasha", "luz", "<script>al")
		o.goes("2026-11-10 14:10") // that they were missed
		if n := o.forecast(); n < 4 {
			t.Fatalf("%d warnings were raised", n)
		}
		letters := o.goes("2026-11-10 14:20")
		o.wants("told", letters, "luz tasha", "Un mensaje para usted|Hola, luz:\n\nHasta ahora le falta un ", "A message for you|Hello tasha,\n\nSo far you have missed ")
		for i, texts := range [][]string{
			{"falta un 16\u00a0% del tiempo que cuenta: 4\u00a0h.", "Hay que recuperar 4\u00a0h.", "Entre en su cuenta"},
			{"missed 16% of the time that counts: 4\u00a0h.", "4\u00a0h must be made up.", "Open your account to see which classes"},
		} {
			for _, text := range texts {
				if !strings.Contains(letters[i].Text, text) {
					t.Errorf("lacks %q: %q", text, letters[i].Text)
				}
			}
		}
		o.forecast()
		o.wants("again", o.goes("2026-11-10 15:00"), "")
		o.wants("the next day", o.goes("2026-11-11 10:00"), "")
	})
}

func TestAWarningWaitsForTheMorningAndIsNotToldOnceTheTimeIsMadeUp(t *testing.T) {
	each(t, func(h *house) {
		o := newOffice(h)
		for _, name := range []string{"tasha", "luz"} {
			o.wish(name, func(w *messages.Wishes) { w.Reminders, w.Absences = false, true })
		}
		o.miss("tasha", "luz")
		o.goes("2026-11-10 14:10")
		o.at("2026-11-10 22:00")
		o.forecast()
		o.wants("at night", o.goes("2026-11-10 22:01"), "")
		absences, err := o.store.Absences(o.Context(), o.viewer("cora"), o.enrolments["luz"])
		o.must(err)
		for _, a := range absences {
			o.must(o.store.Approve(o.Context(), o.viewer("cora"), cohorts.NewMakeUp{Enrolment: o.enrolments["luz"], Session: a.ID, Kind: cohorts.OneToOne, DoneOn: "2026-11-10"}))
		}
		o.wants("in the morning", o.goes("2026-11-11 08:00"), "tasha")
	})
}

func TestAnOldWarningIsNotTold(t *testing.T) {
	each(t, func(h *house) {
		o := newOffice(h)
		o.miss("tasha")
		o.forecast()
		o.wants("unwanted", o.goes("2026-11-10 14:10"), "")
		o.at("2026-11-14 09:00")
		o.wish("tasha", func(w *messages.Wishes) { w.Reminders, w.Absences = false, true })
		o.wants("wanted later", o.goes("2026-11-14 09:10"), "")
	})
}

func TestInvitationsUpdateAndEndUnderOneName(t *testing.T) {
	each(t, func(h *house) {
		o := newOffice(h)
		for _, name := range []string{"tasha", "luz", "ines", "omar"} {
			o.wish(name, func(w *messages.Wishes) { w.Reminders, w.Changes, w.Invitations = false, true, name == "tasha" })
		}
		first := o.goes("2026-11-10 12:00")
		o.wants("first", first, "tasha tasha", "Your class|", "Your class|") // 17 and 24 Nov
		uid := o.invites(first[0], "REQUEST", "0", "CONFIRMED", "20261117T090000")
		o.wants("again", o.goes("2026-11-10 13:00"), "")
		o.lays(3, "2026-11-18 13:00")
		moved := o.goes("2026-11-10 14:00")
		o.wants("moved", moved, "ines luz tasha")
		for _, l := range moved {
			if l.To == "tasha@example.org" {
				if l.Subject() != "A change to your class" || o.invites(l, "REQUEST", "1", "CONFIRMED", "20261118T130000") != uid {
					t.Errorf("moved as %s: %s", l.Subject(), l.Calendar)
				}
			}
		}
		o.exec(`UPDATE sessions SET state = 'cancelled' WHERE cohort_id = ? AND position = 3`, h.cohort)
		for _, l := range o.goes("2026-11-10 15:00") {
			if l.To == "tasha@example.org" && o.invites(l, "CANCEL", "2", "CANCELLED", "20261118T130000") != uid {
				t.Errorf("cancelled as %s", l.Calendar)
			}
		}
		feed, err := o.store.MakeFeed(o.Context(), o.viewer("tasha"))
		o.must(err)
		own, err := o.store.FeedOf(o.Context(), feed)
		o.must(err)
		classes, err := o.store.Dated(o.Context(), own.Viewer(), moment("2026-11-18 00:00"), moment("2026-11-19 00:00"))
		o.must(err)
		if len(classes) != 1 || own.NameOf(classes[0].ID) != uid || classes[0].Sequence != 2 || !classes[0].Event(own, "Class").Cancelled {
			t.Errorf("the feed has %+v", classes)
		}
	})
}

func TestAnInvitationIsTakenOutOnceItIsNotWantedOrItsPersonHasLeft(t *testing.T) {
	each(t, func(h *house) {
		o := newOffice(h)
		invited := func(on bool) func(w *messages.Wishes) {
			return func(w *messages.Wishes) { w.Reminders, w.Changes, w.Invitations = false, true, on }
		}
		for _, name := range []string{"tasha", "luz", "ines", "omar"} {
			o.wish(name, invited(name == "tasha" || name == "luz"))
		}
		first := o.goes("2026-11-10 12:00")
		o.wants("first", first, "luz luz tasha tasha") // 17 and 24 Nov
		uid := o.invites(first[2], "REQUEST", "0", "CONFIRMED", "20261117T090000")
		o.wish("tasha", invited(false))
		off := o.goes("2026-11-10 13:00")
		o.wants("turned off", off, "tasha tasha", "Your calendar|", "goes out of your calendar")
		if o.invites(off[0], "CANCEL", "1", "CANCELLED", "20261117T090000") != uid {
			t.Error("another class is taken out")
		}
		o.wants("once", o.goes("2026-11-10 14:00"), "")
		o.wish("tasha", invited(true))
		on := o.goes("2026-11-10 15:00")
		o.wants("turned on again", on, "tasha tasha", "Your class|")
		o.invites(on[0], "REQUEST", "2", "CONFIRMED", "20261117T090000")
		o.must(o.store.Withdraw(o.Context(), o.viewer("cora"), o.enrolments["tasha"], cohorts.WithdrawalCodes[0]))
		o.lays(3, "2026-11-18 13:00")
		o.wish("luz", func(w *messages.Wishes) { w.Reminders, w.Changes = false, false })
		left := o.goes("2026-11-17 10:00")
		o.wants("one has left, one has stopped all", left, "ines tasha", "", "24 Nov") // the one of the 17th has begun or moved
		for _, l := range left {
			if l.To == "tasha@example.org" {
				o.invites(l, "CANCEL", "3", "CANCELLED", "20261124T090000")
			}
		}
	})
}

// invites reads an invitation with a reader that somebody else wrote and gives its UID.
func (o *office) invites(l mail.Letter, method, sequence, status, start string) string {
	o.Helper()
	cal, err := ical.NewDecoder(strings.NewReader(string(l.Calendar))).Decode()
	if err != nil {
		o.Fatalf("%v: %s", err, l.Calendar)
	}
	event := cal.Events()[0]
	for name, want := range map[string]string{"SEQUENCE": sequence, "STATUS": status, "SUMMARY": "Class", "DTSTART": start, "ORGANIZER": "mailto:training@demo.test", "ATTENDEE": "mailto:" + l.To} {
		if got := event.Props.Get(name).Value; got != want {
			o.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if got := cal.Props.Get("METHOD").Value; got != method || l.Method != method || len(cal.Events()) != 1 {
		o.Errorf("method %s and %s, want %s, of %d", got, l.Method, method, len(cal.Events()))
	}
	return event.Props.Get("UID").Value
}

// moment is a time on the clock in Chicago.
func moment(text string) time.Time {
	return must(time.ParseInLocation("2006-01-02 15:04", text, chicago)).UTC()
}
