package assessment_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

var (
	t07    = assessment.ColumnRef{Kind: assessment.QuizColumn, ID: "T07"}
	t19    = assessment.ColumnRef{Kind: assessment.QuizColumn, ID: "T19"}
	listen = assessment.ColumnRef{Kind: assessment.PracticalColumn, ID: "listen"}
)

func percent(place cohorts.EnrolmentID, column assessment.ColumnRef, percent, seen int) assessment.NewLine {
	return assessment.NewLine{Enrolment: place, Column: column, Kind: assessment.Set, Percent: percent, Code: "shown_otherwise", Words: "Said it in the room", Seen: seen}
}

// sets adds a line that must be taken.
func (w *world) sets(n assessment.NewLine) {
	w.Helper()
	if err := w.SetCell(w.ctx, w.coach, n); err != nil {
		w.Fatal(err)
	}
}

// book is the first page of the outreach cohort's gradebook.
func (w *world) book() assessment.Gradebook {
	w.Helper()
	book, _, err := w.Gradebook(w.ctx, w.coach, w.cohort, "", "")
	if err != nil {
		w.Fatal(err)
	}
	return book
}

// cell is one cell of it.
func (w *world) cell(person int, column assessment.ColumnRef) assessment.Cell {
	w.Helper()
	book := w.book()
	at, ok := book.Column(column)
	if !ok || person >= len(book.Rows) {
		w.Fatalf("no cell %d %s in %+v", person, column, book)
	}
	return book.Rows[person].Cells[at]
}

func TestTheGradebookSetsChecksPracticalsAndTheAverageBesideEachOther(t *testing.T) {
	each(t, func(w *world) {
		w.tries(w.maya, "T07", right)
		w.tries(w.maya, "T19", map[string][]int{"q1": {1}, "q3": {1}}) // 66
		w.start(w.omar, "T07")
		must(w)(nil, w.Record(w.ctx, w.coach, w.mayas, "listen", assessment.Practised, ""))
		w.sets(percent(w.mayas, t19, 80, 0))
		w.sets(assessment.NewLine{Enrolment: w.omars, Column: listen, Kind: assessment.Set, Level: assessment.Demonstrated, Code: "earlier"})

		ctx, count := database.CountQueries(w.ctx)
		book, next, err := w.Gradebook(ctx, w.coach, w.cohort, "", "")
		if err != nil || next != "" || len(book.Rows) != 2 || count.Queries() != 4 {
			w.Fatalf("%+v, %v in %d queries", book, err, count.Queries())
		}
		var columns []string
		for _, c := range book.Columns {
			columns = append(columns, c.String())
		}
		if !slices.Equal(columns, []string{"quiz.t07", "quiz.t19", "practical.listen", "practical.circle"}) || book.Checks() != 2 {
			w.Errorf("columns %v", columns)
		}
		maya, omar := book.Rows[0], book.Rows[1]
		if want := (assessment.Cell{Computed: "66", Set: "80", Seq: 1, Enough: true}); maya.Name != "Maya O." || maya.Cells[1] != want || maya.Percent != 90 {
			w.Errorf("Maya %+v", maya)
		}
		if want := (assessment.Cell{Computed: "practised", Enough: true}); maya.Cells[2] != want || maya.Cells[3] != (assessment.Cell{}) {
			w.Errorf("Maya's practicals %+v", maya.Cells)
		}
		if omar.Cells[0] != (assessment.Cell{Begun: true}) || omar.Cells[2].Set != "demonstrated" || !omar.Cells[2].Enough || omar.Percent != 0 {
			w.Errorf("Omar %+v", omar)
		}
		found, _, err := w.Gradebook(w.ctx, w.coach, w.cohort, "ort", "")
		if err != nil || len(found.Rows) != 1 || found.Rows[0].Name != "Maya O." {
			w.Errorf("by the start of a name: %+v, %v", found.Rows, err)
		}
	})
}

func TestWhatIsSetCountsWhereverKnowledgeCounts(t *testing.T) {
	each(t, func(w *world) {
		w.tries(w.maya, "T07", right)
		agree := func(what string, want int) {
			w.Helper()
			own, err := w.KnowledgeOf(w.ctx, w.maya, w.mayas)
			list, _, err2 := w.KnowledgeOfCohort(w.ctx, w.coach, w.cohort, "")
			if err != nil || err2 != nil || own.Percent != want || list[0].Percent != want || w.book().Rows[0].Percent != want {
				w.Errorf("%s: %d, %d, %d, want %d (%v, %v)", what, own.Percent, list[0].Percent, w.book().Rows[0].Percent, want, err, err2)
			}
		}
		agree("one of two", 50)
		w.sets(assessment.NewLine{Enrolment: w.mayas, Column: t19, Kind: assessment.Excuse, Code: "not_taught"})
		agree("the other excused", 100)
		w.sets(percent(w.mayas, t19, 60, 1))
		agree("the other set", 80)
		w.sets(assessment.NewLine{Enrolment: w.mayas, Column: t19, Kind: assessment.Cleared, Code: "put_right", Seen: 2})
		agree("taken back", 50)
		if _, err := w.db.NewRaw(`UPDATE editions SET drop_lowest = 1`).Exec(w.ctx); err != nil {
			w.Fatal(err)
		}
		agree("the lowest dropped", 100)
		if !w.cell(0, t19).Dropped || w.cell(0, t07).Dropped {
			w.Errorf("dropped: %+v %+v", w.cell(0, t07), w.cell(0, t19))
		}
		w.sets(assessment.NewLine{Enrolment: w.mayas, Column: listen, Kind: assessment.Set, Level: assessment.Practised, Code: "earlier"})
		practice, err := w.PracticalsOf(w.ctx, w.maya, w.mayas)
		if skill, _ := practice.Skill("listen"); err != nil || !skill.Enough() || skill.Counts() != assessment.Practised || practice.Shown() != 1 {
			w.Errorf("%+v, %v", practice, err)
		}
	})
}

func TestALineIsAddedByWhoMayAndWhoSawTheNewest(t *testing.T) {
	each(t, func(w *world) {
		for name, v := range map[string]people.Viewer{"herself": w.maya, "another trainee": w.omar, "an officer": w.officer, "nobody": people.Nobody} {
			w.wantNotFound(name, w.SetCell(w.ctx, v, percent(w.mayas, t07, 90, 0)))
			_, err := w.Cell(w.ctx, v, w.mayas, t07)
			w.wantNotFound(name+" looks", err)
			if book, _, err := w.Gradebook(w.ctx, v, w.cohort, "", ""); err != nil || len(book.Rows)+len(book.Columns) != 0 {
				w.Errorf("%s sees %+v, %v", name, book, err)
			}
		}
		w.wantNotFound("a place that never was", w.SetCell(w.ctx, w.coach, percent("never", t07, 90, 0)))
		w.wantNotFound("a check of the other side", w.SetCell(w.ctx, w.coach, percent(w.mayas, assessment.ColumnRef{Kind: assessment.QuizColumn, ID: "T20"}, 90, 0)))
		w.sets(percent(w.mayas, t07, 90, 0))
		w.sets(percent(w.mayas, t07, 90, 0)) // two taps
		w.wantConflict("another was quicker", "assessment.gradebook.meanwhile", w.SetCell(w.ctx, w.boss, percent(w.mayas, t07, 91, 0)))
		w.wantConflict("from ahead", "assessment.gradebook.meanwhile", w.SetCell(w.ctx, w.boss, percent(w.mayas, t07, 91, 5)))
		w.wantConflict("nothing to take back", "assessment.gradebook.nothing_set",
			w.SetCell(w.ctx, w.coach, assessment.NewLine{Enrolment: w.omars, Column: t07, Kind: assessment.Cleared, Code: "other"}))
		for field, n := range map[string]assessment.NewLine{
			"percent": percent(w.mayas, t07, 101, 1), "reason": {Enrolment: w.mayas, Column: t07, Kind: assessment.Excuse, Seen: 1},
			"level": {Enrolment: w.mayas, Column: listen, Kind: assessment.Set, Level: "best", Code: "other"},
			"kind":  {Enrolment: w.mayas, Column: listen, Kind: assessment.Excuse, Code: "other"},
			"words": {Enrolment: w.mayas, Column: t07, Kind: assessment.Excuse, Code: "other", Words: strings.Repeat("w", 121), Seen: 1},
		} {
			if _, ok := fault.In(w.SetCell(w.ctx, w.coach, n), field); !ok {
				w.Errorf("%s: %v", field, w.SetCell(w.ctx, w.coach, n))
			}
		}
		h, err := w.Cell(w.ctx, w.boss, w.mayas, t07)
		if line, ok := h.InForce(); err != nil || !ok || len(h.Lines) != 1 || line.Value() != "90" || line.ByName != "Ruth" || line.Words != "Said it in the room" {
			w.Errorf("%+v, %v", h, err)
		}
		w.today = w.today.Add(assessment.TextsKept + time.Hour)
		if _, err := w.EraseTexts(w.ctx); err != nil {
			w.Fatal(err)
		}
		if h, err = w.Cell(w.ctx, w.boss, w.mayas, t07); err != nil || h.Lines[0].Words != "" || h.Lines[0].Code != "shown_otherwise" || h.Lines[0].ErasedAt == nil {
			w.Errorf("a month later: %+v, %v", h.Lines, err)
		}
	})
}

func TestNobodySetsTheGradeOfWhoHoldsPowerOverTheirs(t *testing.T) {
	each(t, func(w *world) {
		// The coordinator learns in a cohort of the edition, which a trainee of the first teaches.
		second := w.makeCohort(people.Outreach)
		w.enrol(second, w.boss)
		teacher := w.person(people.Outreach, "Ann West", people.Instructor)
		w.appoint(second, teacher)
		place := w.enrolRaw(w.cohort, teacher)
		if err := w.SetCell(w.ctx, w.boss, percent(place, t07, 90, 0)); !errors.Is(err, fault.Forbidden) {
			w.Errorf("%v, want forbidden", err)
		}
		w.sets(percent(place, t07, 90, 0)) // the coach may
		intake, err := w.PreviewGrades(w.ctx, w.boss, w.cohort, []assessment.GradeRow{{Line: 2, Place: string(place), Column: "quiz.t07", Current: "90", New: "80"}})
		if err != nil || len(intake.Items) != 1 || intake.Items[0].State != assessment.Refused || intake.Items[0].Why.Key != "assessment.gradebook.file.unfair" {
			w.Errorf("%+v, %v", intake, err)
		}
	})
}

func TestOfTwoWhoSetACellAtOnceOneIsTold(t *testing.T) {
	race(t, func(w *world) {
		for seen := range 6 {
			told := make(chan error, 2)
			for i, v := range []people.Viewer{w.coach, w.boss} {
				go func() { told <- w.SetCell(w.ctx, v, percent(w.mayas, t07, 50+10*i, seen)) }()
			}
			a, b := <-told, <-told
			if (a == nil) == (b == nil) {
				w.Fatalf("round %d: %v and %v", seen, a, b)
			}
			if a == nil {
				a = b
			}
			w.wantConflict("the slower", "assessment.gradebook.meanwhile", a)
		}
		if h, err := w.Cell(w.ctx, w.coach, w.mayas, t07); err != nil || len(h.Lines) != 6 {
			w.Errorf("%+v, %v", h.Lines, err)
		}
	})
}

// file is the cohort's file of grades, as it goes out.
func (w *world) file() string {
	w.Helper()
	book, err := w.WholeGradebook(w.ctx, w.coach, w.cohort)
	if err != nil {
		w.Fatal(err)
	}
	var out strings.Builder
	if err := assessment.WriteGrades(&out, book.GradeRows("es")); err != nil {
		w.Fatal(err)
	}
	return out.String()
}

// edited is the file with something new in some cells.
func (w *world) edited(file string, new map[string]string) []assessment.GradeRow {
	w.Helper()
	rows, err := assessment.ReadGrades(file)
	if err != nil {
		w.Fatal(err)
	}
	for i := range rows {
		rows[i].New = new[rows[i].Place+" "+rows[i].Column]
	}
	return rows
}

func TestAFileOfGradesGoesOutAndComesBackIn(t *testing.T) {
	each(t, func(w *world) {
		w.tries(w.maya, "T07", right)
		w.sets(percent(w.mayas, t19, 60, 0))
		out := w.file()
		same := w.edited(out, nil)
		if intake, err := w.PreviewGrades(w.ctx, w.coach, w.cohort, same); err != nil || len(same) != 8 || len(intake.Items) != 0 || intake.Unchanged != 8 {
			w.Errorf("as it went out: %+v, %v", intake, err)
		}
		maya, omar := string(w.mayas), string(w.omars)
		rows := w.edited(out, map[string]string{maya + " quiz.t07": "excused", maya + " quiz.t19": "computed", omar + " quiz.t07": "75", omar + " practical.listen": "practised", maya + " practical.circle": ""})
		intake, err := w.PreviewGrades(w.ctx, w.coach, w.cohort, rows)
		if err != nil || !intake.Fits() || intake.Count(assessment.Changes) != 4 || intake.Unchanged != 4 {
			w.Fatalf("%+v, %v", intake, err)
		}
		kept, err := intake.Kept()
		again, err2 := assessment.ReadGrades(kept)
		if err != nil || err2 != nil || len(again) != 4 {
			w.Fatalf("%q: %v, %v", kept, err, err2)
		}
		_, err = w.TakeInGrades(w.ctx, w.coach, w.cohort, again, "earlier", "", "another")
		w.wantConflict("not what was shown", "assessment.gradebook.file.meanwhile", err)
		if n, err := w.TakeInGrades(w.ctx, w.coach, w.cohort, again, "earlier", "", intake.Hash); err != nil || n != 4 {
			w.Fatalf("%d, %v", n, err)
		}
		for _, item := range intake.Items {
			ref, _ := assessment.ReadColumn(item.Column)
			person := map[string]int{maya: 0, omar: 1}[item.Place]
			want := item.New
			if want == "computed" {
				want = ""
			}
			if got := w.cell(person, ref).Counts(); got != want {
				w.Errorf("%s %s: %q, the preview said %q", item.Name, item.Column, got, want)
			}
		}
		if n, err := w.TakeInGrades(w.ctx, w.coach, w.cohort, again, "earlier", "", intake.Hash); err != nil || n != 0 {
			w.Errorf("the same file again: %d, %v", n, err)
		}
	})
}

func TestAFileOfGradesTellsWhatHindersAndIsTakenInWholeOrNot(t *testing.T) {
	each(t, func(w *world) {
		out := w.file()
		maya, omar := string(w.mayas), string(w.omars)
		var theirs string
		if err := w.db.NewRaw(`SELECT id FROM enrolments WHERE sector = 'law_enforcement' LIMIT 1`).Scan(w.ctx, &theirs); err != nil {
			w.Fatal(err)
		}
		rows := w.edited(out, map[string]string{maya + " quiz.t07": "80", omar + " quiz.t07": "70", omar + " quiz.t19": "101", omar + " practical.listen": "excused"})
		w.sets(percent(w.mayas, t07, 90, 0)) // after the file went out
		rows = append(rows, assessment.GradeRow{Place: theirs, Column: "quiz.t07", New: "1"}, assessment.GradeRow{Place: "never", Column: "quiz.t07", New: "1"},
			assessment.GradeRow{Place: maya, Column: "quiz.t20", New: "1"}, assessment.GradeRow{Place: omar, Column: "quiz.t07", New: "1"})
		intake, err := w.PreviewGrades(w.ctx, w.coach, w.cohort, rows)
		why := map[string]string{}
		for _, item := range intake.Items {
			why[item.Place+" "+item.Column+" "+item.New] = item.Why.Key
		}
		for key, want := range map[string]string{maya + " quiz.t07 80": "assessment.gradebook.file.clash", omar + " quiz.t07 70": "", omar + " quiz.t19 101": "assessment.gradebook.percent",
			omar + " practical.listen excused": "assessment.gradebook.no_excuse", theirs + " quiz.t07 1": "assessment.gradebook.file.place", "never quiz.t07 1": "assessment.gradebook.file.place",
			maya + " quiz.t20 1": "assessment.gradebook.file.column", omar + " quiz.t07 1": "assessment.gradebook.file.twice"} {
			if got, ok := why[key]; !ok || got != want {
				w.Errorf("%s: %q, want %q", key, got, want)
			}
		}
		if err != nil || intake.Fits() {
			w.Errorf("%+v, %v", intake, err)
		}
		_, err = w.TakeInGrades(w.ctx, w.coach, w.cohort, rows, "earlier", "", intake.Hash)
		w.wantConflict("with hindrances", "assessment.gradebook.file.meanwhile", err)
		if w.cell(1, t07).Set != "" {
			w.Error("half of it was taken in")
		}
	})
}

func TestAFileOfGradesIsReadAsSpreadsheetsSaveIt(t *testing.T) {
	rows, err := assessment.ReadGrades("\ufeffplace;column;current;new\r\np;quiz.t07;83 %;90,0\r\n;;;\r\n")
	if err != nil || len(rows) != 1 || rows[0].Current != "83" || rows[0].New != "90" || rows[0].Line != 2 {
		t.Errorf("%+v, %v", rows, err)
	}
	for name, text := range map[string]string{"another table": "a,b\n1,2\n", "nothing": "", "a broken quote": "place,column,current,new\n\"p\n"} {
		if _, err := assessment.ReadGrades(text); err == nil {
			t.Errorf("%s is read", name)
		} else if _, ok := fault.In(err, "file"); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	var out strings.Builder
	if err := assessment.WriteGrades(&out, []assessment.GradeRow{{Name: "=HYPERLINK()", Title: "@x", Column: "quiz.t07"}}); err != nil || !strings.Contains(out.String(), ",'=HYPERLINK(),quiz.t07,'@x,") {
		t.Errorf("%q, %v", out.String(), err)
	}
}

// wide makes a cohort of so many people and checks, everybody with a try at each, ten
// practicals observed and a line in every tenth cell.
func (w *world) wide(persons, checks int) {
	w.Helper()
	do := func(statement string, args ...any) {
		w.Helper()
		if _, err := w.db.NewRaw(statement, args...).Exec(w.ctx); err != nil {
			w.Fatal(err)
		}
	}
	practicals := []courses.Practical{}
	for n := range 10 {
		practicals = append(practicals, courses.Practical{ID: "skill-" + strconv.Itoa(n), Both: courses.Both{EN: "Skill " + strconv.Itoa(n), ES: "Habilidad " + strconv.Itoa(n)}})
	}
	var edition string
	if err := w.db.NewRaw(`SELECT edition_id FROM cohorts WHERE id = ?`, w.cohort).Scan(w.ctx, &edition); err != nil {
		w.Fatal(err)
	}
	if _, err := w.db.NewUpdate().Model(&courses.Edition{ID: courses.EditionID(edition), Practicals: practicals}).Column("practicals").WherePK().Exec(w.ctx); err != nil {
		w.Fatal(err)
	}
	numbers := func(n int) string {
		return `(WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < ` + strconv.Itoa(n) + `) SELECT n FROM up) AS num`
	}
	do(`INSERT INTO edition_modules (edition_id, module_id, required, version) SELECT ?, 'W' || n, TRUE, 1 FROM `+numbers(checks-2), edition)
	do(`INSERT INTO quizzes (hash, module_id, version, title_en, pass, questions, path_en, source_en, stored_at)
		SELECT 'w' || n, 'W' || n, 1, 'Check ' || n, 70, 3, '', '', ? FROM `+numbers(checks-2), w.today)
	do(`INSERT INTO persons (id, sector, given_name, family_name, chosen_name, language, external_id, sort_key, created_at)
		SELECT 'wide-' || n, 'outreach', 'Given' || n, 'Family', '', 'en', 'wide-' || n, 'wide' || n, ? FROM `+numbers(persons), w.today)
	do(`INSERT INTO enrolments (id, cohort_id, person_id, sector, state, enrolled_at) SELECT '01940000-0000-7000-8000-' || n, ?, 'wide-' || n, 'outreach', 'active', ? FROM `+numbers(persons), w.cohort, w.today)
	do(`INSERT INTO attempts (id, enrolment_id, person_id, sector, quiz_hash, module_id, number, seed, started_at, finished_at, released_at, percent)
		SELECT e.id || q.hash, e.id, e.person_id, 'outreach', q.hash, q.module_id, 1, 1, ?, ?, ?, 40 + (LENGTH(q.title_en) * 7 + LENGTH(e.id) * 5) % 60 FROM enrolments AS e, quizzes AS q
		WHERE e.cohort_id = ? AND (q.module_id LIKE 'W%' OR q.module_id IN ('T07', 'T19'))`, w.today, w.today, w.today, w.cohort)
	for n, p := range practicals {
		do(`INSERT INTO practical_records (id, enrolment_id, practical_id, seq, level, line, at) SELECT e.id || ?, e.id, ?, 1, 'practised', e.id || ?, ? FROM enrolments AS e WHERE e.cohort_id = ?`, p.ID, p.ID, p.ID, w.today, w.cohort)
		do(`INSERT INTO gradebook_lines (id, enrolment_id, column_kind, column_id, seq, kind, percent, code, at) SELECT e.id || ?, e.id, 'quiz', 'W' || ?, 1, 'override', 88, 'other', ? FROM enrolments AS e WHERE e.cohort_id = ? AND LENGTH(e.id) > 25`, n, n+1, w.today, w.cohort)
	}
}

func TestAWholeGradebookCostsFourQueries(t *testing.T) {
	each(t, func(w *world) {
		for _, persons := range []int{3, 60} {
			if persons == 60 {
				w.wide(persons, 12)
			}
			ctx, count := database.CountQueries(w.ctx)
			book, next, err := w.Gradebook(ctx, w.coach, w.cohort, "", "")
			if err != nil || count.Queries() != 4 {
				w.Errorf("%d people: %d queries, %v", len(book.Rows), count.Queries(), err)
			}
			if persons == 60 && (len(book.Rows) != 50 || next == "" || len(book.Columns) != 22) {
				w.Errorf("%d people, %d columns, next %q", len(book.Rows), len(book.Columns), next)
			}
			ctx, count = database.CountQueries(w.ctx)
			if whole, err := w.WholeGradebook(ctx, w.coach, w.cohort); err != nil || count.Queries() != 4 || len(whole.Rows) != map[int]int{3: 2, 60: 62}[persons] {
				w.Errorf("all: %d people, %d queries, %v", len(whole.Rows), count.Queries(), err)
			}
		}
		// The gradebook's average and everybody else's are one.
		list, _, err := w.KnowledgeOfCohort(w.ctx, w.coach, w.cohort, "")
		for i, row := range w.book().Rows {
			if err != nil || list[i].EnrolmentID != row.EnrolmentID || list[i].Percent != row.Percent {
				w.Fatalf("%s: %d in the gradebook, %d elsewhere (%v)", row.Name, row.Percent, list[i].Percent, err)
			}
		}
	})
}

func BenchmarkGradebook(b *testing.B) {
	bench(b, func(b *testing.B, w *world) {
		w.wide(298, 50)
		for name, read := range map[string]func() (assessment.Gradebook, error){
			"page": func() (assessment.Gradebook, error) {
				book, _, err := w.Gradebook(w.ctx, w.coach, w.cohort, "", "")
				return book, err
			},
			"all": func() (assessment.Gradebook, error) { return w.WholeGradebook(w.ctx, w.coach, w.cohort) },
		} {
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					book, err := read()
					if err != nil || len(book.Columns) != 60 {
						b.Fatalf("%d columns, %v", len(book.Columns), err)
					}
					b.ReportMetric(float64(len(book.Rows)), "people")
				}
			})
		}
	})
}
