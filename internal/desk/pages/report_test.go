package pages_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestReportsAreThereForWhoMayTakeThemAlone(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(1)
		w.employ(true)
		outreach, police := "/cohorts/"+string(w.cohort), "/cohorts/"+string(w.police)
		everyone := []string{"Cora", "Dora", "Udo", "Petra", "Tasha", "Denise", "Oren", "Quincy", "Arlo", "Hana"}
		for path, may := range map[string]string{
			"/reports":           "Cora Dora Udo Petra",
			"/reports/funder":    "Cora Dora Petra",
			"/reports/partners":  "Cora Dora Petra",
			outreach + "/audit":  "Cora Dora Udo",
			police + "/audit":    "Petra",
			outreach + "/record": "",
			police + "/record":   "Petra",
			"/cohorts/no/audit":  "",
			"/cohorts/no/record": "",
		} {
			forms := []string{"", "/file", "/workbook"}
			if path == "/reports" {
				forms = forms[:1]
			}
			for _, form := range forms {
				for _, who := range everyone {
					want := http.StatusNotFound
					if strings.Contains(may, who) {
						want = http.StatusOK
					}
					status, body := h.get(who, path+form, "en")
					if status != want {
						t.Errorf("%s as %s: status %d, want %d", path+form, who, status, want)
					}
					if want != http.StatusOK || form == "/workbook" {
						continue
					}
					if who == "Petra" {
						h.has(body, nil, "Outreach Training", "Tasha", "Reyes", "Adeyemi")
					} else {
						h.has(body, nil, "Canaryfield", "Oren", "Community Training")
					}
				}
				if status, _ := h.get("", path+form, "en"); status != http.StatusSeeOther {
					t.Errorf("%s as nobody: status %d", path+form, status)
				}
			}
		}
	})
}

// codes are the pseudonyms of a pack, in their order.
var codes = regexp.MustCompile(`(?m)^([B-DF-HJ-NP-TV-Z0-9]{6}),\d`)

func TestAnAuditPackNamesNobodyAndEachPackAnew(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(8)
		h.ok(h.desk.Cohorts.Correct(h.ctx, w.instructor, cohorts.NewMark{Session: w.sessions[2].ID, Enrolment: w.tasha, Status: cohorts.Absent, Reason: cohorts.LateNews}))
		seen := map[string]bool{}
		for range 3 {
			status, body := h.get("Udo", "/cohorts/"+string(w.cohort)+"/audit/file", "en")
			if status != http.StatusOK {
				t.Fatalf("status %d", status)
			}
			h.has(body, []string{"OUT 2026", "SHA-256", "Denise W.", "Mark corrected", "We learned it later", "2026-09-15 09:00"}, "Tasha", "Reyes", "Mo A", "Adeyemi", "Invented", "Trainee0", string(w.tasha), "desk.", "cohorts.")
			found := codes.FindAllStringSubmatch(body, -1)
			if len(found) != 10 {
				t.Fatalf("%d places, want 10: %s", len(found), body)
			}
			for _, code := range found {
				if seen[code[1]] {
					t.Errorf("%s stands in two packs", code[1])
				}
				seen[code[1]] = true
			}
		}
		var notes int
		h.ok(h.db.NewRaw(`SELECT COUNT(*) FROM audit_lines WHERE act = 'audit_pack' AND person_id IS NULL`).Scan(h.ctx, &notes))
		if notes != 3 {
			t.Errorf("%d notes of who took it, want 3", notes)
		}
	})
}

func TestABoardPackHoldsOfficersAloneAndTellsThem(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(1)
		chief := h.in["Petra"].Viewer
		evil := h.add(`=cmd|' /C calc'!A0`, "<script>", people.LawEnforcement, people.Trainee)
		w.enroll(chief, w.police, evil)
		sessions, err := h.desk.Cohorts.Sessions(h.ctx, chief, w.police)
		h.ok(err)
		h.at(sessions[0].EndsAt)
		h.ok(h.desk.Cohorts.MarkRest(h.ctx, chief, sessions[0].ID, "rest"))
		_, err = h.db.NewRaw(`UPDATE edition_parts SET mandate = 'civil_rights' WHERE edition_session_id = ?`, sessions[0].EditionSessionID).Exec(h.ctx)
		h.ok(err)
		path := "/cohorts/" + string(w.police) + "/record"
		_, body := h.get("Petra", path, "en")
		h.has(body, []string{"Oren Canaryfield", "CTA 1", "In course", "Civil rights", "Quincy W.", "&lt;script&gt;", fmt.Sprint(sessions[0].Minutes)}, "<script>", "desk.", "cohorts.", "Tasha", "Denise")
		_, body = h.get("Petra", path+"/file", "en")
		h.has(body, []string{"'=cmd|", fmt.Sprintf("Oren Canaryfield,CTA 1,In course,%d,0,", sessions[0].Minutes)}, "\n=cmd")
		if _, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).Read(); err != nil {
			t.Error(err)
		}
		_, body = h.get("Petra", path+"/workbook", "en")
		book, err := excelize.OpenReader(strings.NewReader(body))
		h.ok(err)
		for _, sheet := range book.GetSheetList() {
			rows, err := book.GetRows(sheet)
			h.ok(err)
			for i, row := range rows {
				for j := range row {
					at, _ := excelize.CoordinatesToCellName(j+1, i+1)
					if formula, err := book.GetCellFormula(sheet, at); err != nil || formula != "" {
						t.Errorf("%s %s is the formula %q: %v", sheet, at, formula, err)
					}
				}
			}
		}
		var told, others int
		h.ok(h.db.NewRaw(`SELECT COUNT(*) FROM audit_lines WHERE act = 'regulator_pack' AND sector = ? AND person_id IS NOT NULL`, people.LawEnforcement).Scan(h.ctx, &told))
		h.ok(h.db.NewRaw(`SELECT COUNT(*) FROM audit_lines WHERE act = 'regulator_pack' AND sector <> ?`, people.LawEnforcement).Scan(h.ctx, &others))
		if told != 2*3 || others != 0 {
			t.Errorf("%d lines for two officers and three packs, %d of others", told, others)
		}
	})
}

func TestAFundersReportHidesSmallCounts(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(7)
		_, err := h.db.NewRaw(`UPDATE enrolments SET state = 'completed' WHERE id = ?`, w.tasha).Exec(h.ctx)
		h.ok(err)
		_, body := h.get("Cora", "/reports/funder/file?year=2026", "en")
		h.has(body, []string{"Outreach Training,not shown,not shown,not shown,9"}, "Tasha", ",8,", ",1,", "desk.")
		_, body = h.get("Cora", "/reports/funder?year=2026", "es")
		h.has(body, []string{"Outreach", "/reports/funder/workbook?year=2026"}, "desk.")
		_, body = h.get("Cora", "/reports/funder/file?year=2025", "en")
		h.has(body, []string{"not shown"}, "Outreach Training")
	})
}

func TestPartnersAreCountedByWhoSaidYes(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(1)
		w.employ(true)
		_, err := h.db.NewRaw(`UPDATE enrolments SET state = 'completed'`).Exec(h.ctx)
		h.ok(err)
		_, body := h.get("Cora", "/reports/partners/file", "en")
		h.has(body, []string{",OUT,1\r\n"}, "Mo", "desk.")
		w.employ(false)
		_, body = h.get("Cora", "/reports/partners/file", "en")
		h.has(body, nil, ",OUT,")
	})
}

func TestReportsCostTheSameForTwoAsForMany(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(5)
		h.counts("audit", 7, func(ctx context.Context) error {
			_, err := h.desk.Audited(ctx, h.in["Udo"].Viewer, w.cohort)
			return err
		})
		h.counts("record", 6, func(ctx context.Context) error {
			_, err := h.desk.Regulated(ctx, h.in["Petra"].Viewer, w.police)
			return err
		})
		h.counts("funder", 1, func(ctx context.Context) error {
			_, err := h.desk.Funder(ctx, h.in["Cora"].Viewer, 2026)
			return err
		})
	})
}
