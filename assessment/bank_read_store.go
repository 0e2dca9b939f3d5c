package assessment

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// bankPage is how many questions one page of a bank shows.
const bankPage = 50

// BankFilter narrows a bank; what is empty narrows nothing.
type BankFilter struct {
	Text      string
	ModuleID  string
	Objective int
	Type      QuestionType
	Tag       string
	NoSpanish bool     // those that wait for their Spanish words
	IDs       []BankID // these alone, where there are any
	After     BankID
	Checks    bool // the questions of the modules' checks in place of those of the bank
}

// BankRow is one question of a bank's page: of the bank itself, or of a module's check.
type BankRow struct {
	BankQuestion `bun:",extend"`
	QuizHash     QuizHash `bun:"quiz_hash"`
	Body         *Body    `bun:"body,type:jsonb"`
}

// BankPage is a page of a bank; Next is the key of the next one, "" where none follows.
type BankPage struct {
	Course  BankCourse
	Rows    []BankRow
	Modules []string // those of the course that the viewer may see, to narrow by
	Next    BankID
}

// Bank is a page of a course's questions: those taken in, or those that stand in the
// checks of the modules that the course has and the viewer may see.
func (s Store) Bank(ctx context.Context, v people.Viewer, code string, f BankFilter) (BankPage, error) {
	page := BankPage{}
	var err error
	if page.Course, err = s.BankCourse(ctx, v, code); err != nil {
		return page, err
	}
	if err := s.visibleModules(v, code).Scan(ctx, &page.Modules); err != nil {
		return page, err
	}
	if f.Checks {
		page.Rows, err = s.checkQuestions(ctx, v, code, f)
	} else {
		page.Rows, err = s.bankRows(ctx, v, code, f, page.Modules)
	}
	if err != nil {
		return page, err
	}
	if len(page.Rows) > bankPage {
		page.Rows = page.Rows[:bankPage]
		page.Next = page.Rows[bankPage-1].ID
	}
	return page, nil
}

// visibleModules are the ids of the course's modules that the viewer may see.
func (s Store) visibleModules(v people.Viewer, code string) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("edition_modules AS em").ColumnExpr("DISTINCT em.module_id").
		Join("JOIN editions AS e ON e.id = em.edition_id").
		Join("JOIN module_versions AS mv ON mv.module_id = em.module_id AND mv.lang = ?", content.English).
		Where("e.course_code = ? AND e.sector = ?", code, v.Sector()).Apply(content.VisibleTo(v, s.now())).OrderExpr("em.module_id")
}

func (s Store) bankRows(ctx context.Context, v people.Viewer, code string, f BankFilter, modules []string) (rows []BankRow, err error) {
	err = s.bankFound(v, code, f, modules).ColumnExpr("q.*").OrderExpr("q.id").Limit(bankPage+1).Scan(ctx, &rows)
	return rows, err
}

// bankFound selects the questions of a bank (alias q) that a filter lets through, after
// its key, in modules that the viewer may see or in none.
func (s Store) bankFound(v people.Viewer, code string, f BankFilter, modules []string) *bun.SelectQuery {
	q := s.db.NewSelect().TableExpr("bank_questions AS q").Where("q.sector = ? AND q.course = ?", v.Sector(), code).
		Where("q.module_id IN (?)", bun.List(append([]string{""}, modules...))).Where("q.id > ?", f.After)
	holds := func(column, words string) {
		q = q.Where(column+` LIKE ? ESCAPE '\'`, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(words)+"%")
	}
	for word := range strings.FieldsSeq(database.Fold(f.Text)) {
		holds("q.words", word)
	}
	if f.Tag != "" { // both engines write a list of words so
		holds("CAST(q.tags AS TEXT)", strconv.Quote(f.Tag))
	}
	if f.ModuleID != "" {
		q = q.Where("q.module_id = ?", f.ModuleID)
	}
	if f.Objective > 0 {
		q = q.Where("q.objective = ?", f.Objective)
	}
	if f.Type != "" {
		q = q.Where("q.type = ?", f.Type)
	}
	if f.NoSpanish {
		q = q.Where("NOT q.spanish")
	}
	if len(f.IDs) > 0 {
		q = q.Where("q.id IN (?)", bun.List(f.IDs))
	}
	return q
}

// checkQuestions are those of the newest checks of the course's modules. Their key is the
// module with the place in its check.
func (s Store) checkQuestions(ctx context.Context, v people.Viewer, code string, f BankFilter) (rows []BankRow, err error) {
	module, place := cutKey(f.After)
	q := s.db.NewSelect().TableExpr("questions AS question").
		ColumnExpr("question.id AS name, question.type, question.objective, question.position AS version, question.body, quiz.module_id, quiz.hash AS quiz_hash").
		Join("JOIN quizzes AS quiz ON quiz.hash = question.quiz_hash").
		Where("quiz.version = (SELECT MAX(newer.version) FROM quizzes AS newer WHERE newer.module_id = quiz.module_id)").
		Where("quiz.module_id IN (?)", s.visibleModules(v, code)).
		Where("(quiz.module_id > ? OR quiz.module_id = ? AND question.position > ?)", module, module, place).
		OrderExpr("quiz.module_id, question.position").Limit(bankPage + 1)
	if f.ModuleID != "" {
		q = q.Where("quiz.module_id = ?", f.ModuleID)
	}
	if f.Objective > 0 {
		q = q.Where("question.objective = ?", f.Objective)
	}
	if f.Type != "" {
		q = q.Where("question.type = ?", f.Type)
	}
	if err = q.Scan(ctx, &rows); err != nil {
		return nil, err
	}
	for i, row := range rows {
		text := Question{Type: row.Type, Body: *row.Body}.Text("en")
		rows[i].ID = BankID(fmt.Sprintf("%s.%d", row.ModuleID, row.Version))
		rows[i].Shown = firstRunes(oneLine(bareWords(withBlanks(text))), 160)
		_, rows[i].Spanish = row.Body.Texts["es"]
		rows[i].Tags = row.Body.Tags
	}
	return rows, nil
}

// withBlanks is a stem with a line where its gaps stand.
func withBlanks(t Text) string {
	var b strings.Builder
	for _, piece := range t.Pieces() {
		b.WriteString(piece.HTML)
		if piece.Gap >= 0 {
			b.WriteString("_____")
		}
	}
	return b.String()
}

func cutKey(key BankID) (module string, place int) {
	module, digits, _ := strings.Cut(string(key), ".")
	return module, number(digits)
}

// BankHistory is one question of a bank with every version, the newest first.
type BankHistory struct {
	Course   BankCourse
	Question BankQuestion
	Versions []BankVersionBy
	Uses     []BankUse
}

// hashes are by what the question's versions are known again, the newest first.
func (h BankHistory) hashes() (list []string) {
	for _, version := range h.Versions {
		list = append(list, contentHash(version.Written(content.English)))
	}
	return list
}

// BankVersionBy is a version with the name of who wrote it.
type BankVersionBy struct {
	BankVersion `bun:",extend"`
	names
	FileName string `bun:"file_name"`
}

// By is who wrote the version, "" where a command did.
func (v BankVersionBy) By() string { return v.short() }

// BankQuestion is a question of a bank that is open to the viewer. Fails with fault.NotFound.
func (s Store) BankQuestion(ctx context.Context, v people.Viewer, code string, id BankID) (BankHistory, error) {
	var h BankHistory
	var err error
	if h.Course, err = s.BankCourse(ctx, v, code); err != nil {
		return h, err
	}
	err = s.db.NewSelect().Model(&h.Question).Where("bank_question.id = ? AND bank_question.sector = ? AND bank_question.course = ?", id, v.Sector(), code).
		Where("(bank_question.module_id = '' OR bank_question.module_id IN (?))", s.visibleModules(v, code)).Scan(ctx)
	if err != nil {
		return h, fmt.Errorf("question %q: %w", id, database.One(err))
	}
	err = s.db.NewSelect().TableExpr("bank_versions AS bv").ColumnExpr("bv.question_id, bv.number, bv.hash, bv.title, bv.module_id, bv.source_en, bv.source_es, bv.reason, bv.import_id, bv.at").
		ColumnExpr("COALESCE(p.chosen_name, '') AS chosen_name, COALESCE(p.given_name, '') AS given_name, COALESCE(p.family_name, '') AS family_name, COALESCE(bi.file_name, '') AS file_name").
		Join("LEFT JOIN persons AS p ON p.id = bv.by_person").Join("LEFT JOIN bank_imports AS bi ON bi.id = bv.import_id").
		Where("bv.question_id = ?", id).OrderExpr("bv.number DESC").Limit(50).Scan(ctx, &h.Versions)
	if err != nil {
		return h, err
	}
	h.Uses, err = s.bankUses(ctx, v, code, h.Question.Name, h.hashes()...)
	return h, err
}

// BankImports are the files that were taken into a course's bank, the newest first.
func (s Store) BankImports(ctx context.Context, v people.Viewer, code string, before ImportID) (course BankCourse, list []BankImportBy, next ImportID, err error) {
	if course, err = s.BankCourse(ctx, v, code); err != nil {
		return course, nil, "", err
	}
	q := s.db.NewSelect().TableExpr("bank_imports AS bi").ColumnExpr("bi.id, bi.file_name, bi.format, bi.lang, bi.added, bi.changed, bi.known, bi.left_out, bi.at, bi.undone_at, bi.total, bi.step, bi.done_at").
		ColumnExpr("COALESCE(p.chosen_name, '') AS chosen_name, COALESCE(p.given_name, '') AS given_name, COALESCE(p.family_name, '') AS family_name").
		Join("LEFT JOIN persons AS p ON p.id = bi.by_person").Where("bi.sector = ? AND bi.course = ?", v.Sector(), code).OrderExpr("bi.id DESC").Limit(bankPage + 1)
	if before != "" {
		q = q.Where("bi.id < ?", before)
	}
	if err = q.Scan(ctx, &list); err == nil && len(list) > bankPage {
		list = list[:bankPage]
		next = list[bankPage-1].ID
	}
	for i := range list {
		list[i].Slow = list[i].DoneAt == nil && s.now().Sub(list[i].At) > takesAtMost
	}
	return course, list, next, err
}

// BankImportBy is a file that was taken in, with the name of who did.
type BankImportBy struct {
	ID       ImportID   `bun:"id"`
	FileName string     `bun:"file_name"`
	Format   string     `bun:"format"`
	Lang     string     `bun:"lang"`
	Added    int        `bun:"added"`
	Changed  int        `bun:"changed"`
	Known    int        `bun:"known"`
	LeftOut  int        `bun:"left_out"`
	At       time.Time  `bun:"at"`
	UndoneAt *time.Time `bun:"undone_at"`
	Total    int        `bun:"total"`
	Step     int        `bun:"step"`
	DoneAt   *time.Time `bun:"done_at"`
	Slow     bool       `bun:"-"` // it goes on for longer than it should, and may be stopped
	names
}

// By is who took it in, "" where a command did.
func (b BankImportBy) By() string { return b.short() }

// exportChunk is how many questions are read at a time to be written out.
const exportChunk = 1000

// exportable are the questions of a bank that a filter lets through, by key.
func (s Store) exportable(ctx context.Context, v people.Viewer, code string, f BankFilter) (all []BankVersion, err error) {
	var modules []string
	if err := s.visibleModules(v, code).Scan(ctx, &modules); err != nil {
		return nil, err
	}
	for {
		var some []BankVersion
		err := s.bankFound(v, code, f, modules).ColumnExpr("bv.question_id, bv.number, bv.hash, bv.title, bv.module_id, bv.source_en, bv.source_es").
			Join("JOIN bank_versions AS bv ON bv.question_id = q.id AND bv.number = q.version").OrderExpr("q.id").Limit(exportChunk).Scan(ctx, &some)
		if err != nil {
			return nil, err
		}
		if all = append(all, some...); len(some) < exportChunk {
			return all, nil
		}
		f.After = some[len(some)-1].QuestionID
	}
}
