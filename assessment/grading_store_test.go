package assessment_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// byEssay is the order in which the essay of T07 is read in the outreach cohort.
func (w *world) byEssay() assessment.GradingOrder {
	return assessment.GradingOrder{Cohort: w.cohort, Module: "T07", Question: 2}
}

func (w *world) essayOf(v people.Viewer, id assessment.AttemptID) assessment.GradingText {
	return assessment.GradingText{Cohort: w.cohort, Module: "T07", Handle: assessment.Handle(v, id, "essay")}
}

func (w *world) mark(v people.Viewer, id assessment.AttemptID, points int) assessment.NewMark {
	return assessment.NewMark{GradingText: w.essayOf(v, id), Points: points}
}

// second is another instructor of the cohort.
func (w *world) second() people.Viewer {
	v := w.person(people.Outreach, "Ann West", people.Instructor)
	w.appoint(w.cohort, v)
	return v
}

func (w *world) wantForbidden(what string, err error) {
	w.Helper()
	if !errors.Is(err, fault.Forbidden) {
		w.Errorf("%s: %v, want forbidden", what, err)
	}
}

func (w *world) ok(what string, err error) {
	w.Helper()
	if err != nil {
		w.Fatalf("%s: %v", what, err)
	}
}

func (w *world) sheet(v people.Viewer, id assessment.AttemptID) assessment.GradingSheet {
	w.Helper()
	list, err := w.GradingIn(w.ctx, v, assessment.GradingOrder{Cohort: w.cohort, Module: "T07", ByPerson: true})
	w.ok("list", err)
	at := slices.IndexFunc(list, func(t assessment.ToGrade) bool { return t.AttemptID == id })
	sheet, err := w.GradingSheet(w.ctx, v, list[at])
	w.ok("sheet", err)
	return sheet
}

func TestATextIsOneGradersUntilItsTimeIsUp(t *testing.T) {
	each(t, func(w *world) {
		w.importLong()
		id := w.handsIn(w.maya, "Text.", "")
		other := w.second()
		handle, err := w.NextText(w.ctx, w.coach, w.byEssay(), "")
		if err != nil || handle != assessment.Handle(w.coach, id, "essay") {
			w.Fatalf("%q, %v", handle, err)
		}
		if again, err := w.NextText(w.ctx, other, w.byEssay(), ""); err != nil || again != "" {
			w.Errorf("another grader gets it too: %q, %v", again, err)
		}
		_, _, err = w.ClaimText(w.ctx, other, w.essayOf(other, id))
		w.wantConflict("by its name", "assessment.grading.taken", err)
		w.wantConflict("grading it", "assessment.grading.taken", w.MarkText(w.ctx, other, w.mark(other, id, 3)))
		if sheet := w.sheet(other, id); sheet.State() != assessment.TextTaken || sheet.Reader != "Ruth" || !sheet.Until.Equal(w.today.Add(assessment.ClaimedFor)) {
			w.Errorf("seen by the other: %s, %q until %v", sheet.State(), sheet.Reader, sheet.Until)
		}
		w.today = w.today.Add(4 * time.Minute)
		_, _, err = w.ClaimText(w.ctx, w.coach, w.essayOf(w.coach, id))
		w.ok("the page is still open", err)
		w.today = w.today.Add(4 * time.Minute)
		if sheet := w.sheet(other, id); sheet.State() != assessment.TextTaken {
			w.Errorf("after eight minutes with a heartbeat: %s", sheet.State())
		}
		w.today = w.today.Add(time.Minute)
		if handle, err := w.NextText(w.ctx, other, w.byEssay(), ""); err != nil || handle != assessment.Handle(other, id, "essay") {
			w.Errorf("once its time is up: %q, %v", handle, err)
		}
		w.ok("leaving", w.LeaveText(w.ctx, other, w.essayOf(other, id)))
		w.ok("grading what is free", w.MarkText(w.ctx, w.coach, w.mark(w.coach, id, 6)))
		if sheet := w.sheet(other, id); sheet.State() != assessment.TextGraded || sheet.Line.Points != 75 || sheet.Question.Given(sheet.Line.Points) != 6 {
			w.Errorf("graded: %s, %+v", sheet.State(), sheet.Line)
		}
		late := w.mark(other, id, 2)
		w.wantConflict("grading it again unseen", "assessment.grade.meanwhile", w.MarkText(w.ctx, other, late))
		late.Seen = 1
		w.ok("changing it", w.MarkText(w.ctx, other, late))
		if n, err := w.Release(w.ctx, w.coach, w.cohort, "T07"); err != nil || n != 1 {
			w.Fatalf("release: %d, %v", n, err)
		}
		late.Seen = 2
		w.wantConflict("changing what counts", "assessment.grading.released", w.MarkText(w.ctx, other, late))
		var invalid *fault.InvalidError
		if err := w.OverrideText(w.ctx, other, late); !errors.As(err, &invalid) {
			w.Errorf("without a reason: %v", err)
		}
		late.Reason, late.Points = "Read again.", 8
		w.ok("with a reason", w.OverrideText(w.ctx, other, late))
		if paper := w.result(w.maya, id); paper.Percent != 100 {
			w.Errorf("%d percent", paper.Percent)
		}
	})
}

func TestEightGradersNeverGetTheSameText(t *testing.T) {
	race(t, func(w *world) {
		w.importLong()
		const texts, graders = 12, 8
		for n := range texts {
			w.handsIn(w.trainee(n), "Text.", "")
		}
		var coaches []people.Viewer
		for n := range graders {
			v := w.person(people.Outreach, fmt.Sprintf("Coach%d Test", n), people.Instructor)
			w.appoint(w.cohort, v)
			coaches = append(coaches, v)
		}
		var mu sync.Mutex
		given := map[string]int{}
		together(graders, func(i int) {
			for after := ""; ; {
				handle, err := w.NextText(w.ctx, coaches[i], w.byEssay(), after)
				if err != nil {
					w.Error(err)
					return
				}
				if handle == "" {
					return
				}
				err = w.MarkText(w.ctx, coaches[i], assessment.NewMark{GradingText: assessment.GradingText{Cohort: w.cohort, Module: "T07", Handle: handle}, Points: 5})
				if err != nil {
					w.Errorf("a text that Next gave: %v", err)
					return
				}
				mu.Lock()
				given[handle]++
				mu.Unlock()
				after = handle
			}
		})
		var lines int
		w.ok("lines", w.db.NewRaw(`SELECT COUNT(*) FROM grade_lines WHERE source = 'graded'`).Scan(w.ctx, &lines))
		if len(given) != texts || lines != texts {
			w.Errorf("%d texts were given out and %d graded, of %d: %v", len(given), lines, texts, slices.Sorted(maps.Values(given)))
		}
	})
}

func TestADraftIsItsGradersAloneAndOutlivesPagesAndClaims(t *testing.T) {
	each(t, func(w *world) {
		w.importLong()
		id := w.handsIn(w.maya, "Text.", "")
		other := w.second()
		draft := assessment.GradingDraft{Points: 4, Comment: "Begins well.", Device: "laptop"}
		kept, until, err := w.KeepDraft(w.ctx, w.coach, w.essayOf(w.coach, id), draft)
		if err != nil || kept.Version != 1 || until == nil || !until.Equal(w.today.Add(assessment.ClaimedFor)) {
			w.Fatalf("%+v until %v, %v", kept, until, err)
		}
		if again, _, err := w.KeepDraft(w.ctx, w.coach, w.essayOf(w.coach, id), draft); err != nil || again.Version != 1 {
			w.Errorf("the same again: %+v, %v", again, err)
		}
		phone := assessment.GradingDraft{Points: 5, Comment: "From the phone.", Device: "phone"}
		var stale assessment.StaleDraft
		if _, _, err := w.KeepDraft(w.ctx, w.coach, w.essayOf(w.coach, id), phone); !errors.As(err, &stale) || stale.Current.Comment != draft.Comment {
			w.Errorf("from a page that saw nothing of it: %v", err)
		}
		w.today = w.today.Add(time.Hour)
		if sheet := w.sheet(w.coach, id); sheet.State() != assessment.TextDrafted || sheet.Draft.Points != 4 || sheet.Draft.Comment != draft.Comment {
			w.Errorf("an hour later: %s %+v", sheet.State(), sheet.Draft)
		}
		if sheet := w.sheet(other, id); sheet.State() != assessment.TextWaits || sheet.Draft.Version != 0 || sheet.Draft.Comment != "" {
			w.Errorf("another grader sees %s %+v", sheet.State(), sheet.Draft)
		}
		_, theirs, err := w.ClaimText(w.ctx, other, w.essayOf(other, id))
		if err != nil || theirs.Version != 0 || theirs.Comment != "" {
			w.Errorf("another grader is told %+v, %v", theirs, err)
		}
		phone.Version = 1
		if kept, until, err := w.KeepDraft(w.ctx, w.coach, w.essayOf(w.coach, id), phone); err != nil || until != nil || kept.Version != 2 {
			w.Errorf("while another reads it: %+v until %v, %v", kept, until, err)
		}
		w.ok("grading", w.MarkText(w.ctx, other, w.mark(other, id, 7)))
		var drafts int
		w.ok("drafts", w.db.NewRaw(`SELECT COUNT(*) FROM grading_drafts`).Scan(w.ctx, &drafts))
		if drafts != 0 {
			w.Errorf("%d drafts are left", drafts)
		}
		phone.Version = 2
		_, _, err = w.KeepDraft(w.ctx, w.coach, w.essayOf(w.coach, id), phone)
		w.wantConflict("a draft that comes late", "assessment.grade.meanwhile", err)
	})
}

func TestTwoGradersMarkBlindAndWhatDiffersIsSettledOnce(t *testing.T) {
	each(t, func(w *world) {
		w.importLong()
		other, third := w.second(), w.person(people.Outreach, "Tom Third", people.Instructor)
		w.appoint(w.cohort, third)
		w.ok("two markers", w.SetMarkers(w.ctx, w.coach, w.cohort, "T07", 2))
		w.wantNotFound("another's cohort", w.SetMarkers(w.ctx, w.officer, w.cohort, "T07", 2))
		same, differ := w.handsIn(w.maya, "Text.", ""), w.handsIn(w.omar, "Other text.", "")
		first := w.mark(w.coach, same, 6)
		first.Comment = "Calm."
		w.ok("first mark", w.MarkText(w.ctx, w.coach, first))
		w.ok("the same again", w.MarkText(w.ctx, w.coach, first))
		twice := first
		twice.Points = 5
		w.wantConflict("twice by one", "assessment.grade.meanwhile", w.MarkText(w.ctx, w.coach, twice))
		w.wantConflict("fewer markers meanwhile", "assessment.grading.markers_later", w.SetMarkers(w.ctx, w.coach, w.cohort, "T07", 1))
		if sheet := w.sheet(other, same); sheet.State() != assessment.TextWaits || len(sheet.Given) != 0 || sheet.Line.Seq != 0 {
			w.Errorf("the second sees: %s %+v", sheet.State(), sheet.Given)
		}
		if sheet := w.sheet(w.coach, same); sheet.State() != assessment.TextMarked {
			w.Errorf("the first sees: %s", sheet.State())
		}
		if handle, err := w.NextText(w.ctx, w.coach, w.byEssay(), ""); err != nil || handle != assessment.Handle(w.coach, differ, "essay") {
			w.Errorf("next for who has marked one: %q, %v", handle, err)
		}
		w.ok("leaves", w.LeaveText(w.ctx, w.coach, w.essayOf(w.coach, differ)))
		w.ok("an equal mark", w.MarkText(w.ctx, other, w.mark(other, same, 6)))
		if sheet := w.sheet(other, same); sheet.State() != assessment.TextGraded || sheet.Line.Points != 75 || sheet.Line.Comment != "Calm." {
			w.Errorf("equal marks: %s %+v", sheet.State(), sheet.Line)
		}

		w.ok("mark", w.MarkText(w.ctx, w.coach, w.mark(w.coach, differ, 2)))
		w.wantConflict("settled by one mark", "assessment.grading.one_mark", w.SettleText(w.ctx, w.coach, w.mark(w.coach, differ, 2)))
		w.ok("mark", w.MarkText(w.ctx, other, w.mark(other, differ, 8)))
		sheet := w.sheet(w.coach, differ)
		if sheet.State() != assessment.TextDiffers || len(sheet.Given) != 2 || sheet.Given[0].Points != 25 || sheet.Given[1].Points != 100 || sheet.Given[1].By != "Ann" {
			w.Errorf("marks that differ: %s %+v", sheet.State(), sheet.Given)
		}
		_, err := w.Release(w.ctx, w.coach, w.cohort, "T07")
		w.wantConflict("release", "assessment.grading.differ_first", err)
		if paper := w.result(w.maya, same); !paper.Waiting() {
			w.Error("something was released all the same")
		}
		w.wantForbidden("settled by a third", w.SettleText(w.ctx, third, w.mark(third, differ, 5)))
		errs := make([]error, 4)
		together(len(errs), func(i int) {
			v := []people.Viewer{w.coach, other, w.boss}[i%3]
			errs[i] = w.SettleText(w.ctx, v, w.mark(v, differ, i+1))
		})
		settled := 0
		for _, err := range errs {
			var conflict *fault.ConflictError
			if err == nil {
				settled++
			} else if !errors.As(err, &conflict) {
				w.Error(err)
			}
		}
		lines, err := w.GradeLines(w.ctx, w.coach, differ)
		if err != nil || settled != 1 || len(lines) != 2 {
			w.Errorf("settled %d times: %+v, %v", settled, lines, err)
		}
		if n, err := w.Release(w.ctx, w.coach, w.cohort, "T07"); err != nil || n != 2 {
			w.Errorf("release: %d, %v", n, err)
		}
		w.today = w.today.Add(assessment.TextsKept + time.Hour)
		must(w)(w.EraseTexts(w.ctx))
		var words int
		w.ok("comments", w.db.NewRaw(`SELECT COUNT(*) FROM grading_marks WHERE comment <> ''`).Scan(w.ctx, &words))
		if words != 0 {
			w.Error("a comment is left in a mark")
		}
	})
}

// Rule 17: the coordinator learns in a cohort of the edition, taught by the one whose
// text is to be graded.
func TestNobodyGradesWhoHoldsPowerOverThem(t *testing.T) {
	each(t, func(w *world) {
		w.importLong()
		id := w.handsIn(w.maya, "Text.", "")
		second := w.makeCohort(people.Outreach)
		w.enrol(second, w.boss)
		w.ok("maya teaches it", alsoTeaches(w, second))
		draft := assessment.GradingDraft{Points: 1, Device: "x"}
		other := w.person(people.Outreach, "Ann West", people.Instructor)
		for name, act := range map[string]func(v people.Viewer) error{
			"claim": func(v people.Viewer) error { _, _, err := w.ClaimText(w.ctx, v, w.essayOf(v, id)); return err },
			"draft": func(v people.Viewer) error { _, _, err := w.KeepDraft(w.ctx, v, w.essayOf(v, id), draft); return err },
			"mark":  func(v people.Viewer) error { return w.MarkText(w.ctx, v, w.mark(v, id, 3)) },
			"override": func(v people.Viewer) error {
				n := w.mark(v, id, 3)
				n.Reason = "So."
				return w.OverrideText(w.ctx, v, n)
			},
		} {
			w.wantForbidden(name, act(w.boss))
			for who, v := range map[string]people.Viewer{"oneself": w.maya, "an officer": w.officer, "nobody": people.Nobody, "an instructor of no cohort": other} {
				w.wantNotFound(name+" by "+who, act(v))
			}
		}
		if _, err := w.NextText(w.ctx, w.boss, w.byEssay(), ""); !errors.Is(err, fault.NotFound) {
			w.Errorf("it stands in the queue of who may not grade it: %v", err)
		}
		if modules, err := w.Grading(w.ctx, w.officer, w.cohort); err != nil || len(modules) != 0 {
			w.Errorf("an officer sees %v, %v", modules, err)
		}
		w.ok("two", w.SetMarkers(w.ctx, w.coach, w.cohort, "T07", 2))
		ann := w.person(people.Outreach, "Ben West", people.Instructor)
		w.appoint(w.cohort, ann)
		w.ok("mark", w.MarkText(w.ctx, w.coach, w.mark(w.coach, id, 1)))
		w.ok("mark", w.MarkText(w.ctx, ann, w.mark(ann, id, 2)))
		w.wantForbidden("settle", w.SettleText(w.ctx, w.boss, w.mark(w.boss, id, 2)))
		w.ok("settle", w.SettleText(w.ctx, ann, w.mark(ann, id, 2)))
		if n, err := w.Release(w.ctx, w.boss, w.cohort, "T07"); err != nil || n != 0 {
			w.Errorf("release: %d, %v", n, err)
		}
	})
}

func alsoTeaches(w *world, cohort any) error {
	_, err := w.db.NewRaw(`INSERT INTO cohort_instructors (cohort_id, person_id, role, appointed_at) VALUES (?, ?, 'lead', ?)`, cohort, w.maya.Person(), w.today).Exec(w.ctx)
	return err
}

func TestTheOrderByQuestionTellsNothingOfNames(t *testing.T) {
	each(t, func(w *world) {
		w.importLong()
		for n := range 6 {
			w.handsIn(w.trainee(n), "Text.", "")
		}
		other := w.second()
		orders := map[string][]assessment.AttemptID{}
		for name, v := range map[string]people.Viewer{"coach": w.coach, "other": other} {
			for range 2 {
				list, err := w.GradingIn(w.ctx, v, w.byEssay())
				w.ok("list", err)
				var ids []assessment.AttemptID
				for i, one := range list {
					if one.Number != i+1 {
						w.Errorf("%d stands at %d", one.Number, i)
					}
					ids = append(ids, one.AttemptID)
				}
				if before := orders[name]; before != nil && !slices.Equal(before, ids) {
					w.Error("the order of one grader changes")
				}
				orders[name] = ids
			}
		}
		if slices.Equal(orders["coach"], orders["other"]) || slices.IsSorted(orders["coach"]) && slices.IsSorted(orders["other"]) {
			w.Errorf("orders: %v", orders)
		}
		counts, err := w.TextsToGrade(w.ctx, w.coach)
		if err != nil || len(counts) != 1 || counts[0].Count != 6 {
			w.Errorf("counted: %+v, %v", counts, err)
		}
		if counts, err := w.TextsToGrade(w.ctx, w.officer); err != nil || len(counts) != 0 {
			w.Errorf("an officer counts %+v, %v", counts, err)
		}
	})
}

func TestCommentsUsedAgainAreTheirGradersAlone(t *testing.T) {
	each(t, func(w *world) {
		other := w.second()
		w.ok("kept", w.KeepPhrase(w.ctx, w.coach, w.cohort, "Say what you saw."))
		w.ok("kept again", w.KeepPhrase(w.ctx, w.coach, w.cohort, "Say what you saw."))
		w.wantNotFound("in another's cohort", w.KeepPhrase(w.ctx, w.coach, w.police, "Text."))
		for n := range assessment.MostPhrases - 1 {
			w.ok("more", w.KeepPhrase(w.ctx, w.coach, w.cohort, fmt.Sprint("Phrase ", n)))
		}
		w.wantConflict("one too many", "assessment.grading.phrases_full", w.KeepPhrase(w.ctx, w.coach, w.cohort, "More."))
		var invalid *fault.InvalidError
		if err := w.KeepPhrase(w.ctx, w.coach, w.cohort, strings.Repeat("x", 201)); !errors.As(err, &invalid) {
			w.Errorf("too long: %v", err)
		}
		list, err := w.Phrases(w.ctx, w.coach, w.cohort)
		if err != nil || len(list) != assessment.MostPhrases || list[0].Text != "Say what you saw." {
			w.Fatalf("%+v, %v", list, err)
		}
		if theirs, err := w.Phrases(w.ctx, other, w.cohort); err != nil || len(theirs) != 0 {
			w.Errorf("another sees %+v, %v", theirs, err)
		}
		w.wantNotFound("taken out by another", w.DropPhrase(w.ctx, other, list[0].ID))
		w.ok("taken out", w.DropPhrase(w.ctx, w.coach, list[0].ID))
	})
}
