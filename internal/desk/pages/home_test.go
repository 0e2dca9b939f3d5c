package pages_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
)

func TestACohortsHomeGathersItsPeopleForWhoRunsIt(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(1)
		for _, who := range []string{"Denise", "Cora", "Dora"} {
			status, body := h.get(who, "/cohorts/"+string(w.cohort), "en")
			if status != http.StatusOK {
				t.Fatalf("%s: status %d: %s", who, status, body)
			}
			h.has(body, []string{"<title>Cohort · Peace Academy</title>", "Outreach Training, Cohort 1", "19 of 36 sessions held", "Take the roll",
				"Tasha R.", "Mo A.", "4\u00a0h to make up", "Marcus", "/roster", "/ledger", "/results", "/practicals", "/enrolments/" + string(w.tasha)},
				"desk.", "Reyes", "This session ended early", "Canaryfield")
		}
	})
}

func TestATraineeSeesClassesAndTeachersAndNobodyElse(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(1)
		status, body := h.get("Tasha", "/cohorts/"+string(w.cohort), "en")
		if status != http.StatusOK {
			t.Fatalf("status %d: %s", status, body)
		}
		h.has(body, []string{"Denise", "Marcus", "Restorative justice and peace circles", "of 144 h", "Your hours, session by session"},
			"desk.", "Mo A.", "Mo", "Trainee0", "/roster", "/ledger", "Take the roll", "Who came")
	})
}

func TestACohortOfAnotherSectorIsNotThere(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(0)
		_, never := h.get("Cora", "/cohorts/none", "en")
		for _, row := range []struct {
			who    string
			cohort cohorts.CohortID
		}{{"Oren", w.cohort}, {"Petra", w.cohort}, {"Cora", w.police}, {"Tasha", w.police}, {"Arlo", w.cohort}} {
			status, body := h.get(row.who, "/cohorts/"+string(row.cohort), "en")
			if status != http.StatusNotFound {
				t.Errorf("%s: status %d", row.who, status)
			}
			h.has(body, nil, "Outreach", "Community Training", "Canaryfield")
		}
		if status, _ := h.get("", "/cohorts/"+string(w.cohort), "en"); status != http.StatusSeeOther {
			t.Errorf("nobody: status %d", status)
		}
		h.has(never, nil, "Outreach Training")
	})
}

func TestAClassThatEndedEarlyIsOfferedAsOneMakeUp(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(1)
		short := w.sessions[18] // its roll is closed; nobody has confirmed it
		h.ok(h.desk.Cohorts.SetActualTimes(h.ctx, w.instructor, short.ID, cohorts.ActualTimes{From: short.StartsAt, To: short.StartsAt.Add(3 * time.Hour)}))
		_, body := h.get("Denise", "/cohorts/"+string(w.cohort), "en")
		h.has(body, []string{"This session ended early", "1\u00a0h were cut", "Make it up for everyone", `href="/sessions/` + string(short.ID)}, "desk.")
	})
}

func TestACohortsHomeSaysWhomToCallAndKeepsItsSize(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(28)
		for _, s := range w.sessions[:4] { // with the third that he has missed anyway, a ninth of the course
			mo, err := h.desk.Cohorts.Roll(h.ctx, w.instructor, s.ID)
			h.ok(err)
			for _, seat := range mo {
				if seat.Name == "Mo A." && seat.Status == cohorts.Present {
					h.ok(h.desk.Cohorts.Correct(h.ctx, w.instructor, cohorts.NewMark{Session: s.ID, Enrolment: seat.EnrolmentID, Status: cohorts.Absent, Reason: cohorts.LateNews}))
				}
			}
		}
		_, body := h.get("Denise", "/cohorts/"+string(w.cohort), "en")
		h.has(body, []string{"Who needs a call", "11% missed", "16\u00a0h to make up", "Hours against the plan", "76\u00a0h of 144\u00a0h", "on average"}, "desk.")
		var packed bytes.Buffer
		zip := gzip.NewWriter(&packed)
		_, err := zip.Write([]byte(body))
		h.ok(err)
		h.ok(zip.Close())
		if n := packed.Len(); n > 15<<10 {
			t.Errorf("%d bytes at 30 people", n)
		}
		h.counts("home of 30", 7, func(ctx context.Context) error {
			_, err := h.desk.Home(ctx, h.in["Denise"].Viewer, w.cohort, "")
			return err
		})
		_, body = h.get("Tasha", "/cohorts/"+string(w.cohort), "en")
		h.has(body, nil, "Who needs a call", "against the plan")
	})
}

func TestACohortsHomeCostsTheSameForTwoAsForMany(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(5)
		for _, who := range []string{"Denise", "Cora", "Tasha"} {
			h.counts(who, 7, func(ctx context.Context) error {
				_, err := h.desk.Home(ctx, h.in[who].Viewer, w.cohort, "")
				return err
			})
		}
	})
}
