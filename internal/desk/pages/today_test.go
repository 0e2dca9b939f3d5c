package pages_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestTodayTellsATraineeWhatIsNextAndWhatIsLeft(t *testing.T) {
	each(t, func(h *house) {
		h.live(1)
		status, body := h.get("Tasha", "/", "en")
		if status != http.StatusOK {
			t.Fatalf("status %d: %s", status, body)
		}
		h.has(body, []string{
			"Good morning, Tasha", "Tuesday 24 November", "week 11 of 18", "Next session", "today, 9:00", "With Denise and Marcus",
			"Outreach Training", "of 144 h", "to make up", "Left:",
		}, "desk.", "Adeyemi", "Mo A.", "Canaryfield", "Take the roll")
		h.in["Tasha"] = spanish(h.in["Tasha"])
		_, body = h.get("Tasha", "/", "es")
		h.has(body, []string{"Buenos días, Tasha", "semana 11 de 18", "Próxima sesión", "Falta:"}, "desk.")
	})
}

func TestTodayIsEachRolesOwn(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(1)
		w.employ(true)
		for _, row := range []struct {
			who          string
			wanted, bare []string
		}{
			{"Denise", []string{"Take the roll", "Rolls that are still open", "Finish the roll", "Cohort 1", `href="/cohorts/`}, []string{"Sessions to confirm"}},
			{"Cora", []string{"Sessions to confirm", "reach the hours without a make-up", "Mo A.", "4\u00a0h short", `href="/enrolments/`}, []string{"Take the roll", "Ready for your decision"}},
			{"Dora", []string{"Ready for your decision", "Register of certificates", "Sessions to confirm"}, []string{"Take the roll"}},
			{"Hana", []string{`href="/staff"`, `href="/verify"`}, []string{"Mo", "Sessions to confirm"}},
			{"Arlo", []string{"The curriculum is yours to write"}, []string{"Cohort 1", "Tasha"}},
			{"Udo", []string{"You may read, for a time"}, []string{"Cohort 1", "Tasha"}},
			{"Oren", []string{"Good morning, Oren", "Community Training Academy", "With Quincy"}, []string{"Outreach Training", "Denise", "Tasha"}},
			{"Quincy", []string{"Take the roll"}, []string{"Tasha", "Outreach Training"}},
		} {
			status, body := h.get(row.who, "/", "en")
			if status != http.StatusOK {
				t.Fatalf("%s: status %d: %s", row.who, status, body)
			}
			t.Log(row.who)
			h.has(body, row.wanted, append(row.bare, "desk.")...)
			if row.who != "Oren" && row.who != "Quincy" {
				h.has(body, nil, "Canaryfield", "Community Training Academy")
			}
		}
	})
}

func TestAnInstructorSeesOnTodayWhoAsksForTime(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(1)
		for _, row := range []string{
			`INSERT INTO quizzes (hash, module_id, version, title_en, pass, questions, path_en, source_en, stored_at) VALUES ('q', 'T07', 99, 'Check', 70, 1, '', '', ?0)`,
			`INSERT INTO attempts (id, enrolment_id, person_id, sector, quiz_hash, module_id, number, seed, started_at, deadline, closes_at, minutes)
				SELECT 'asks', id, person_id, sector, 'q', 'T07', 9, 1, ?0, ?1, ?1, 30 FROM enrolments WHERE id = ?2`,
			`INSERT INTO allowances (id, enrolment_id, module_id, kind, amount, reason, line, at) VALUES ('asked', ?2, 'T07', 'asked', 0, 'asked', 'asked:asks:0', ?0)`,
		} {
			_, err := h.db.NewRaw(row, h.desk.Now(), h.desk.Now().Add(time.Hour), w.tasha).Exec(h.ctx)
			h.ok(err)
		}
		_, body := h.get("Denise", "/", "en")
		h.has(body, []string{"Asking for more time now", "1 person waits", `href="/cohorts/` + string(w.cohort) + `/allowances"`}, "desk.")
		for _, who := range []string{"Quincy", "Tasha", "Hana"} {
			_, body := h.get(who, "/", "en")
			h.has(body, nil, "Asking for more time now")
		}
	})
}

func TestWhoHasNoPlaceIsToldSoKindly(t *testing.T) {
	each(t, func(h *house) {
		h.add("Noor", "New", "outreach", "trainee")
		_, body := h.get("Noor", "/", "en")
		h.has(body, []string{"Nothing is waiting for you", `href="/me"`}, "desk.")
	})
}

func TestTodaysQueriesDoNotGrowWithItsRows(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(5)
		w.employ(true)
		for _, who := range []string{"Tasha", "Denise", "Cora", "Dora", "Hana", "Arlo", "Oren"} {
			h.counts(who, 7, func(ctx context.Context) error {
				_, err := h.desk.Today(ctx, h.in[who].Viewer, content.English)
				return err
			})
		}
	})
}

func TestASessionThatWaitsLongerThanTwoDaysStandsOnTheCoordinatorsDay(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(1)
		waiting, err := h.desk.Cohorts.ToConfirm(h.ctx, w.coordinator)
		h.ok(err)
		if len(waiting) != 1 || waiting[0].ClosedAt == nil {
			t.Fatalf("%d sessions wait", len(waiting))
		}
		h.at(waiting[0].ClosedAt.Add(48 * time.Hour))
		_, body := h.get("Cora", "/", "en")
		h.has(body, []string{"Sessions to confirm", "/sessions/" + string(waiting[0].ID) + "/roll"}, "Over 48 hours")
		h.at(waiting[0].ClosedAt.Add(48*time.Hour + time.Minute))
		_, body = h.get("Cora", "/", "en")
		h.has(body, []string{"Sessions to confirm", "/sessions/" + string(waiting[0].ID) + "/roll", "Over 48 hours"})
		_, body = h.get("Denise", "/", "en")
		h.has(body, nil, "Over 48 hours")
	})
}

func TestAHardClassWithoutItsSecondInstructorStandsOnTheCoordinatorsDay(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(1)
		_, body := h.get("Cora", "/", "en")
		h.has(body, nil, "Classes that need a second instructor")
		list, err := h.desk.Cohorts.Sessions(h.ctx, w.coordinator, w.cohort)
		h.ok(err)
		hard := slices.IndexFunc(list, func(s cohorts.Session) bool { return s.NeedsPair(1, h.desk.Now()) })
		if hard < 0 {
			t.Fatal("no class ahead is hard")
		}
		h.at(list[hard].StartsAt.Add(-48 * time.Hour))
		found, err := h.desk.Cohorts.Session(h.ctx, w.coordinator, list[hard].ID)
		h.ok(err)
		lead := w.instructor.Person()
		h.ok(h.desk.Cohorts.SetTeachers(h.ctx, w.coordinator, cohorts.NewTeachers{Session: found.ID, Seen: found.Revision, Persons: []people.PersonID{lead}, Lead: lead}))
		_, body = h.get("Cora", "/", "en")
		h.has(body, []string{"Classes that need a second instructor", "/sessions/" + string(found.ID) + "/instructors"})
		h.in["Cora"] = spanish(h.in["Cora"])
		_, body = h.get("Cora", "/", "es")
		h.has(body, []string{"Clases que necesitan a otra persona que enseñe"})
		_, body = h.get("Denise", "/", "en")
		h.has(body, nil, "Classes that need a second instructor")
		h.counts("Cora", 7, func(ctx context.Context) error {
			_, err := h.desk.Today(ctx, h.in["Cora"].Viewer, content.English)
			return err
		})
	})
}
