package assessment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Check is where a trainee stands with one module's quiz, in the course that holds it.
type Check struct {
	EnrolmentID cohorts.EnrolmentID `bun:"enrolment_id"`
	TimeZone    string              `bun:"time_zone"`
	ModuleID    string              `bun:"module_id"`
	QuizHash    QuizHash            `bun:"quiz_hash"` // the newest
	TitleEN     string              `bun:"title_en"`
	TitleES     string              `bun:"title_es"`
	Questions   int                 `bun:"questions"`
	Pools       []Pool              `bun:"pools,type:jsonb"`
	Pass        int                 `bun:"pass"`
	Rules       courses.QuizRules   `bun:"embed:quiz_"`
	Allowed     int                 `bun:"allowed"` // minutes more than the rules' that the trainee has
	Hand        ByHand              `bun:"embed:hand_"`
	standing

	Attempts []Attempt `bun:"-"` // oldest first
}

// Title is the quiz's title in the language asked for.
func (c Check) Title(language string) string { return inLanguage(language, c.TitleEN, c.TitleES) }

// In is the language of that title, and of the questions.
func (c Check) In(language string) string { return spoken(language, c.TitleES) }

// Running is the attempt that still takes answers, if there is one.
func (c Check) Running() (Attempt, bool) {
	for _, a := range c.Attempts {
		if a.Open() {
			return a, true
		}
	}
	return Attempt{}, false
}

// Handed says whether an attempt was handed in.
func (c Check) Handed() bool {
	return slices.ContainsFunc(c.Attempts, func(a Attempt) bool { return !a.Open() })
}

// Best is the best percent reached so far; false where nothing counts yet.
func (c Check) Best() (percent int, tried bool) {
	for _, a := range c.Attempts {
		if !a.Open() && !a.Waiting() {
			percent, tried = max(percent, a.Percent), true
		}
	}
	return percent, tried
}

// What decides about the next try of an enrolment (alias enrolment) at a module, whose id
// the column holds: after how many tries more were last opened, when the module was last
// read to its end, something of the tries (alias a), and when the newest of them ended.
func reopened(module string) string {
	return `COALESCE((SELECT MAX(more.after_tries) FROM reopenings AS more WHERE more.enrolment_id = enrolment.id AND more.module_id = ` + module + `), 0)`
}

func readAt(module string) string {
	return `(SELECT reading.done_at FROM readings AS reading WHERE reading.person_id = enrolment.person_id
		AND reading.module_id = ` + module + ` AND reading.done_at IS NOT NULL ORDER BY reading.done_at DESC LIMIT 1)`
}

func tries(module, what, where string) string {
	return `(SELECT ` + what + ` FROM attempts AS a WHERE a.enrolment_id = enrolment.id AND a.module_id = ` + module + ` ` + where + `)`
}

func unreleased(module string) string {
	return tries(module, "COUNT(*)", "AND a.finished_at IS NOT NULL AND a.released_at IS NULL")
}

func lastTry(module string) string {
	return tries(module, "a.finished_at", "ORDER BY a.number DESC LIMIT 1")
}

// checks selects the viewer's own checks.
func (s Store) checks(v people.Viewer) *bun.SelectQuery {
	return s.checksOf(v).Where("enrolment.person_id = ? AND enrolment.sector = ?", v.Person(), v.Sector())
}

// checksOf selects checks of modules that the viewer may see: a row for each place whose
// edition holds the module and each module with a quiz. Whose places, it is told.
func (s Store) checksOf(v people.Viewer) *bun.SelectQuery {
	visible := s.db.NewSelect().Model((*content.Module)(nil)).ColumnExpr("1").
		Apply(content.VisibleTo(v, s.now())).Where("mv.module_id = em.module_id")
	return s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("enrolment.id AS enrolment_id, enrolment.state, cohort.time_zone, em.module_id").
		ColumnExpr("quiz.hash AS quiz_hash, quiz.title_en, quiz.title_es, quiz.questions, quiz.pools, quiz.pass").
		ColumnExpr("edition.quiz_minutes, edition.quiz_grace, edition.quiz_tries, edition.quiz_pause, edition.quiz_review, edition.quiz_tries AS each").
		ColumnExpr(readAt("em.module_id")+" AS read_at").ColumnExpr(reopened("em.module_id")+" AS reopened").
		ColumnExpr(tries("em.module_id", "COUNT(*)", "AND NOT a.extra")+" AS tries").ColumnExpr(spare("em.module_id")+" AS spare").
		ColumnExpr(allowed("enrolment.id", "em.module_id", "edition.quiz_minutes")+" AS allowed").ColumnExpr(lastTry("em.module_id")+" AS last").
		ColumnExpr(unreleased("em.module_id")+" AS unreleased").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN editions AS edition ON edition.id = cohort.edition_id").
		Join("JOIN edition_modules AS em ON em.edition_id = cohort.edition_id").
		Join("JOIN "+newestQuiz).
		Where("enrolment.state <> ?", cohorts.Withdrawn).
		Where("EXISTS (?)", visible)
}

// Check gives where the viewer stands with a module's quiz. Fails with fault.NotFound
// where no course of theirs holds the module, it has no quiz, or it may not be seen.
func (s Store) Check(ctx context.Context, v people.Viewer, moduleID string) (Check, error) {
	check, err := s.check(ctx, s.checks(v), moduleID)
	if running, ok := check.Running(); err == nil && ok && running.overdue(s.now()) {
		if err := s.touch(ctx, running.ID); err != nil {
			return Check{}, err
		}
		return s.check(ctx, s.checks(v), moduleID)
	}
	return check, err
}

// check is the one check at a module of those selected, with its tries as they are held.
func (s Store) check(ctx context.Context, checks *bun.SelectQuery, moduleID string) (Check, error) {
	var check Check
	err := checks.Where("em.module_id = ?", moduleID).Apply(byHand("em.module_id")).
		OrderExpr(`CASE WHEN EXISTS (SELECT 1 FROM attempts AS running WHERE running.enrolment_id = enrolment.id
			AND running.module_id = em.module_id AND running.finished_at IS NULL) THEN 0
			WHEN enrolment.state = ? THEN 1 ELSE 2 END, enrolment.enrolled_at DESC, enrolment.id DESC`, cohorts.Active).
		Limit(1).Scan(ctx, &check)
	if err != nil {
		return Check{}, fmt.Errorf("check of %q: %w", moduleID, database.One(err))
	}
	err = s.db.NewSelect().Model(&check.Attempts).
		Where("enrolment_id = ? AND module_id = ?", check.EnrolmentID, moduleID).Order("number").Scan(ctx)
	return check, err
}

// Start begins an attempt at the newest quiz of a module, or gives the one that runs
// already: two taps, or two phones, get one attempt. Fails with fault.NotFound as Check
// does, and with fault.Conflict where the module is to be read again or a talk is due.
func (s Store) Start(ctx context.Context, v people.Viewer, moduleID string) (AttemptID, error) {
	for range 3 {
		check, err := s.Check(ctx, v, moduleID)
		if err != nil {
			return "", err
		}
		if running, ok := check.Running(); ok {
			return running.ID, nil
		}
		if gate := check.Gate(); gate != Ready {
			return "", fault.Conflict("assessment.gate." + string(gate))
		}
		place := s.db.NewSelect().TableExpr("enrolments AS enrolment").Where("enrolment.person_id = ? AND enrolment.sector = ?", v.Person(), v.Sector())
		id, err := s.begin(ctx, check, place, nil)
		if !errors.Is(err, errMeanwhile) {
			return id, err
		}
	}
	return "", fault.Conflict("assessment.start.meanwhile")
}

var errMeanwhile = errors.New("another attempt began meanwhile")

// begin writes the attempt that follows those the check knows of, at its place where that
// is one of those selected; askedBy asks it aloud, and then no clock runs. The number is
// part of a key, so of two at once one is turned away.
func (s Store) begin(ctx context.Context, check Check, places *bun.SelectQuery, askedBy *people.PersonID) (AttemptID, error) {
	id := AttemptID(database.NewID())
	seed := rand.Int64N(math.MaxInt32)
	drawn, err := json.Marshal(draw(check.Pools, seed))
	if err != nil {
		return "", err
	}
	a := Attempt{StartedAt: s.now(), Grace: check.Rules.Grace}
	if check.Rules.Minutes > 0 && askedBy == nil {
		a.Minutes, a.Allowed = check.Rules.Minutes, check.Allowed
		a.until(a.StartedAt.Add(time.Duration(a.Minutes+a.Allowed) * time.Minute))
	}
	row := places.Where("enrolment.id = ? AND enrolment.state = ?", check.EnrolmentID, cohorts.Active).
		ColumnExpr("?, enrolment.id, enrolment.person_id, enrolment.sector, ?, ?, ?, ?, ?, ?, ?", id, check.QuizHash, check.ModuleID, len(check.Attempts)+1, seed, string(drawn), a.StartedAt, check.Questions).
		ColumnExpr("?, ?, ?, ?, ?, ?, ?, ?, ?", a.Minutes, a.Grace, check.Rules.Pause, check.Rules.Review, a.Deadline, a.ClosesAt, a.Allowed, check.regular() != Ready, askedBy)
	res, err := s.db.NewRaw(`INSERT INTO attempts (id, enrolment_id, person_id, sector, quiz_hash, module_id, number, seed, drawn, started_at, total,
		minutes, grace, pausable, review, deadline, closes_at, allowed, extra, asked_by) ? ON CONFLICT DO NOTHING`, row).Exec(ctx)
	return id, database.Changed(res, err, errMeanwhile)
}

// ReadAgain notes that the viewer has read the module again after their first tries;
// two more are open then. Twice is once. Fails with fault.Conflict where something else
// stands before the next try.
func (s Store) ReadAgain(ctx context.Context, v people.Viewer, moduleID string) error {
	check, err := s.Check(ctx, v, moduleID)
	if err != nil {
		return err
	}
	switch gate := check.Gate(); gate {
	case Ready:
		return nil
	case ReadAgain:
		_, err = s.db.NewRaw(`INSERT INTO reopenings (id, enrolment_id, module_id, after_tries, by_person, at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, database.NewID(), check.EnrolmentID, moduleID, check.Tries, v.Person(), s.now()).Exec(ctx)
		return err
	default:
		return fault.Conflict("assessment.gate." + string(gate))
	}
}

// Due is a quiz that is open to do: its module was read to the end, or an attempt runs,
// and it was not passed yet.
type Due struct {
	Check
	Best    *int       `bun:"best"`
	Started *time.Time `bun:"started"` // of the attempt that runs
	Attempt AttemptID  `bun:"attempt"` // "" where none runs
}

// MyDue gives the quizzes that the viewer may do today, in the order of their modules'
// ids, in one query.
func (s Store) MyDue(ctx context.Context, v people.Viewer) ([]Due, error) {
	due := []Due{}
	if !v.SignedIn() {
		return due, nil
	}
	rows := []Due{}
	err := s.checks(v).Where("enrolment.state = ?", cohorts.Active).
		ColumnExpr(tries("em.module_id", "MAX(a.percent)", "AND a.released_at IS NOT NULL")+" AS best").
		ColumnExpr(tries("em.module_id", "a.started_at", "AND a.finished_at IS NULL")+" AS started").
		ColumnExpr("COALESCE("+tries("em.module_id", "a.id", "AND a.finished_at IS NULL")+", '') AS attempt").
		OrderExpr("em.module_id, enrolment.enrolled_at DESC, enrolment.id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("quizzes due: %w", err)
	}
	for _, row := range rows {
		passed := row.Best != nil && *row.Best >= row.Pass
		if row.Attempt != "" || !passed && row.ReadAt != nil && row.Gate() == Ready {
			due = append(due, row)
		}
	}
	return due, nil
}
