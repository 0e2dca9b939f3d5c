package assessment

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Corrections is what the newest version of a module's check would change for those who
// tried themselves at an older one.
type Corrections struct {
	Quiz
	Questions []CorrectedQuestion
	Tries     int // handed in at older versions
	Looked    int // of them, on this page
	Rows      []Regraded
	Next      AttemptID      // "" on the last page
	Decided   []CorrectionBy // about this check, the newest first
}

// Waits says whether something was corrected and nobody has decided about it yet.
func (c Corrections) Waits() bool {
	newly := len(c.Decided) == 0
	for _, q := range c.Questions {
		newly = newly || q.New.Corrects
	}
	for _, d := range c.Decided {
		newly = newly && d.QuizHash != c.Hash
	}
	return newly && len(c.Questions) > 0 && c.Tries > 0
}

// Regraded is one try whose result a correction would change or has to leave.
type Regraded struct {
	Outcome
	Name               string // "" where the viewer doesn't run the cohort
	Cohort             int    // its number
	courseEN, courseES string
	Number             int  // of the try
	Waiting            bool // its result doesn't count yet
}

// Course is the course's title in the language asked for.
func (r Regraded) Course(language string) string { return inLanguage(language, r.courseEN, r.courseES) }

// CorrectionBy is a decision with the name of who made it.
type CorrectionBy struct {
	Correction `bun:",extend"`
	names
}

// By is who decided.
func (c CorrectionBy) By() string { return c.short() }

const (
	triesLooked    = 200 // for one page
	triesShown     = 50
	decisionsShown = 10
)

// Corrections shows what the corrected questions of a module's newest check do to the tries
// at older versions: a page of those whose result would change, or a question of which
// would. It looks at a page's worth of tries at a time, so a page may show none and another
// follow. Fails with fault.NotFound as DecideCorrection does. Nothing is changed.
func (s Store) Corrections(ctx context.Context, v people.Viewer, module string, after AttemptID) (Corrections, error) {
	quiz, err := s.correctable(ctx, v, module)
	if err != nil {
		return Corrections{}, err
	}
	page := Corrections{Quiz: quiz}
	all, err := s.versions(ctx, v, quiz)
	if err != nil {
		return page, err
	}
	page.Questions = all.corrected
	count, err := s.regradable(v, quiz).Count(ctx)
	if err != nil {
		return page, err
	}
	page.Tries = int(count)
	if err := s.decided(ctx, v, &page); err != nil || len(page.Questions) == 0 {
		return page, err
	}
	rows, err := s.triesFrom(ctx, v, quiz, after, triesLooked)
	if err != nil {
		return page, err
	}
	for _, row := range rows {
		if len(page.Rows) == triesShown {
			page.Next = after
			return page, nil
		}
		after = row.ID
		page.Looked++
		if o := all.outcome(row, true); len(o.Changes) > 0 || o.Kept > 0 {
			page.Rows = append(page.Rows, row.regraded(o))
		}
	}
	if len(rows) == triesLooked {
		page.Next = after
	}
	return page, nil
}

func (row triedRow) regraded(o Outcome) Regraded {
	r := Regraded{Outcome: o, Cohort: row.Cohort, courseEN: row.CourseEN, courseES: row.CourseES, Number: row.Attempt.Number, Waiting: row.Waiting()}
	if row.Mine {
		r.Name = row.short()
	}
	return r
}

func (s Store) decided(ctx context.Context, v people.Viewer, page *Corrections) error {
	return s.db.NewSelect().TableExpr("corrections AS c").ColumnExpr("c.*").
		ColumnExpr("COALESCE(p.chosen_name, '') AS chosen_name, COALESCE(p.given_name, '') AS given_name, COALESCE(p.family_name, '') AS family_name").
		Join("LEFT JOIN persons AS p ON p.id = c.by_person").
		Where("c.sector = ? AND c.module_id = ?", v.Sector(), page.ModuleID).
		OrderExpr("c.id DESC").Limit(decisionsShown).Scan(ctx, &page.Decided)
}

// Undecided is a check with corrected questions about which nobody has decided yet.
type Undecided struct {
	ModuleID string    `bun:"module_id"`
	TitleEN  string    `bun:"title_en"`
	TitleES  string    `bun:"title_es"`
	StoredAt time.Time `bun:"stored_at"`
}

// Title is the check's title in the language asked for.
func (u Undecided) Title(language string) string { return inLanguage(language, u.TitleEN, u.TitleES) }

// In is the language of that title.
func (u Undecided) In(language string) string { return spoken(language, u.TitleES) }

// UndecidedCorrections are the checks, of modules that the viewer writes, whose newest
// version scores a question otherwise than an older one at which somebody of the sector
// has tried themselves, and about which nobody has decided; at most five. One query.
func (s Store) UndecidedCorrections(ctx context.Context, v people.Viewer) ([]Undecided, error) {
	list := []Undecided{}
	if !content.Writes(v) {
		return list, nil
	}
	err := s.undecided(v).ColumnExpr("quiz.module_id, quiz.title_en, quiz.title_es, quiz.stored_at").OrderExpr("quiz.module_id").Limit(5).Scan(ctx, &list)
	return list, err
}

// CorrectionWaits says whether a module's check is one of those. One query.
func (s Store) CorrectionWaits(ctx context.Context, v people.Viewer, module string) (bool, error) {
	if !content.Writes(v) {
		return false, nil
	}
	return s.undecided(v).Where("quiz.module_id = ?", module).Exists(ctx)
}

// undecided selects them (alias quiz).
func (s Store) undecided(v people.Viewer) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("quizzes AS quiz").
		Where("quiz.version > 1 AND quiz.version = (SELECT MAX(newer.version) FROM quizzes AS newer WHERE newer.module_id = quiz.module_id)").
		Where(`EXISTS (SELECT 1 FROM module_versions AS mv JOIN module_sectors AS ms ON ms.hash = mv.hash WHERE mv.module_id = quiz.module_id AND ms.sector = ?)`, v.Sector()).
		Apply(content.AnswersOpenTo(v, "quiz.module_id")).
		Where(`EXISTS (SELECT 1 FROM quizzes AS newer JOIN questions AS fixed ON fixed.quiz_hash = newer.hash AND fixed.corrects
			WHERE newer.module_id = quiz.module_id
			AND EXISTS (SELECT 1 FROM attempts AS a JOIN quizzes AS older ON older.hash = a.quiz_hash JOIN enrolments AS e ON e.id = a.enrolment_id
				WHERE a.sector = ? AND a.module_id = quiz.module_id AND older.version < newer.version AND a.finished_at IS NOT NULL AND e.state <> ?)
			AND NOT EXISTS (SELECT 1 FROM corrections AS c JOIN quizzes AS about ON about.hash = c.quiz_hash
				WHERE c.sector = ? AND c.module_id = quiz.module_id AND about.version >= newer.version))`, v.Sector(), cohorts.Withdrawn, v.Sector())
}
