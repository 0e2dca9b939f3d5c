package pages_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestPartnerHRSeesOnlyWhoSaidYes(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(1)
		w.employ(true)
		status, body := h.get("Hana", "/staff", "en")
		if status != http.StatusOK {
			t.Fatalf("status %d: %s", status, body)
		}
		h.has(body, []string{"Mo Adeyemi", "Outreach Training", "50%", "72\u00a0h", "In the course", "/staff/list.csv"}, "desk.", "Tasha", "Reyes", "Trainee0", "Cohort 1", "No date")
		w.employ(false)
		_, body = h.get("Hana", "/staff", "en")
		h.has(body, []string{"Nobody to show", `href="/verify"`}, "desk.", "Mo", "Adeyemi", "list.csv")
		h.in["Hana"] = spanish(h.in["Hana"])
		_, body = h.get("Hana", "/staff", "es")
		h.has(body, []string{"No hay a quién mostrar"}, "desk.")
	})
}

func TestTheStaffListIsNotThereForAnyoneElse(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(0)
		w.employ(true)
		for _, path := range []string{"/staff", "/staff/list.csv"} {
			for _, who := range []string{"Tasha", "Denise", "Cora", "Dora", "Oren", "Petra"} {
				status, body := h.get(who, path, "en")
				if status != http.StatusNotFound {
					t.Errorf("%s as %s: status %d", path, who, status)
				}
				h.has(body, nil, "Adeyemi")
			}
			if status, _ := h.get("", path, "en"); status != http.StatusSeeOther {
				t.Errorf("%s as nobody: status %d", path, status)
			}
		}
	})
}

func TestTheStaffTableGuardsAgainstFormulas(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(0)
		w.employ(true)
		evil := h.add(`=cmd|' /C calc'!A0`, "<script>", people.Outreach, people.Trainee)
		h.at(morning.AddDate(0, 0, -1))
		w.enroll(w.coordinator, w.cohort, evil)
		h.ok(h.desk.People.Employ(h.ctx, people.System(people.Outreach), evil.Person(), w.partner, "2026-01-01", ""))
		questions, err := h.desk.Cohorts.Questions(h.ctx, evil)
		h.ok(err)
		h.ok(h.desk.Cohorts.Answer(h.ctx, evil, map[string]bool{questions[0].Key(): true}))
		h.at(morning)
		status, body := h.get("Hana", "/staff/list.csv", "en")
		if status != http.StatusOK || !strings.HasPrefix(body, "\ufeffName,Course,Percent attended,Minutes left,Standing,Renew by\r\n") {
			t.Fatalf("status %d: %q", status, body)
		}
		h.has(body, []string{"'=cmd|", "Mo Adeyemi,Outreach Training,50,4320,In the course,\r\n"}, "\n=cmd")
		_, body = h.get("Hana", "/staff", "en")
		h.has(body, []string{"&lt;script&gt;"}, "<script>")
	})
}

func TestTheStaffPageCostsTheSameForOneAsForMany(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(0)
		w.employ(true)
		h.counts("staff", 3, func(ctx context.Context) error {
			_, err := h.desk.Staff(ctx, h.in["Hana"].Viewer, "")
			return err
		})
	})
}
