package assessment

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Paper is an attempt with its questions and what the server holds for each.
type Paper struct {
	Attempt
	TitleEN  string `bun:"title_en"`
	TitleES  string `bun:"title_es"`
	Pass     int    `bun:"pass"`
	TimeZone string `bun:"time_zone"`

	Hand ByHand `bun:"embed:hand_"`
	standing
	names                    // the trainee's
	Speaks  string           `bun:"speaks"` // the language of their pages
	Asker   string           `bun:"asker"`  // first name of who asked aloud
	Cohort  cohorts.CohortID `bun:"cohort_id"`
	EndsOn  string           `bun:"ends_on"` // the cohort's last day
	Best    int              `bun:"best"`    // percent, of every try at the quiz
	Running bool             `bun:"running"` // another try at it is open
	Due     int              `bun:"due"`     // minutes more that the trainee has by now

	At time.Time `bun:"-"` // when it was read, by the server's clock

	Questions []Question       `bun:"-"` // without their key while the attempt is open
	Answers   map[string]Saved `bun:"-"` // by question
	Refused   []Line           `bun:"-"` // what came too late, oldest first

	Grades map[string]GradeLine `bun:"-"` // by question, once the grade counts
	Sent   map[string]time.Time `bun:"-"` // reflections, by question

	reveal Reveal
}

// Name is the trainee's first name and initial.
func (p Paper) Name() string { return p.short() }

// Title is the quiz's title in the language asked for.
func (p Paper) Title(language string) string { return inLanguage(language, p.TitleEN, p.TitleES) }

// In is the language of that title, and of the questions.
func (p Paper) In(language string) string { return spoken(language, p.TitleES) }

// Answered is how many questions have an answer.
func (p Paper) Answered() int {
	n := 0
	for _, q := range p.Questions {
		if saved := p.Answers[q.ID]; saved.Value.Given() || saved.ErasedAt != nil {
			n++
		}
	}
	return n
}

// Asked is how many questions the attempt asks.
func (p Paper) Asked() int {
	n := 0
	for _, q := range p.Questions {
		n = max(n, q.Position)
	}
	return n
}

// RefusedFor gives the refused answers to one question that differ from what counts.
func (p Paper) RefusedFor(question string) []Line {
	var lines []Line
	for _, line := range p.Refused {
		if line.QuestionID == question && line.ErasedAt == nil && !line.Value.Same(p.Answers[question].Value) {
			lines = append(lines, line)
		}
	}
	return lines
}

// Shows says whether the result shows the whole key.
func (p Paper) Shows() bool { return p.reveal == Key }

// ShowsNotes says whether the result tells what was right, and what we say to it.
func (p Paper) ShowsNotes() bool { return p.reveal >= Notes }

// LateAnswers is how many of the answers that count arrived after the deadline.
func (p Paper) LateAnswers() int {
	n := 0
	for _, saved := range p.Answers {
		if saved.Late {
			n++
		}
	}
	return n
}

// Attempt gives the viewer's own attempt with its questions; fault.NotFound for
// anybody else's. The key is in it only as far as the edition's rule reveals it, and the
// questions of an open one only while they may be answered, and not while somebody asks
// them aloud. One whose time and grace are up is closed first.
func (s Store) Attempt(ctx context.Context, v people.Viewer, id AttemptID) (Paper, error) {
	paper, err := s.paper(ctx, id, attemptsOf(v))
	if err == nil && (paper.overdue(paper.At) || paper.lags(paper.Due)) {
		if err = s.touch(ctx, id); err == nil {
			paper, err = s.paper(ctx, id, attemptsOf(v))
		}
	}
	if err != nil {
		return Paper{}, err
	}
	if paper.Open() && (paper.Spoken() || !paper.Answerable(paper.At)) {
		paper.Answers = map[string]Saved{}
		return paper, nil
	}
	sheet, err := s.sheet(ctx, paper.Attempt)
	if err != nil {
		return Paper{}, err
	}
	paper.Questions, paper.Answers, paper.Sent = paper.asks(sheet.all), sheet.answers, sheet.sent
	if !paper.Open() {
		over := paper.State != cohorts.Active || paper.EndsOn < s.people.Today()
		paper.reveal = reveals(paper.Review, paper.Running, over, paper.Best >= paper.Pass, paper.Gate())
		if !paper.Waiting() {
			paper.Grades = sheet.lines
		}
	}
	if !paper.ShowsNotes() {
		for i, q := range paper.Questions {
			paper.Questions[i] = q.closed()
		}
	}
	paper.Refused, err = s.refused(ctx, id)
	return paper, err
}

// refused are the lines of an attempt that came too late, oldest first.
func (s Store) refused(ctx context.Context, id AttemptID) (lines []Line, err error) {
	err = s.db.NewSelect().Model(&lines).ModelTableExpr(linesTable).Where("attempt_id = ? AND refused", id).Order("id").Scan(ctx)
	return lines, err
}

// paper is the attempt with what stands around it, in one query, without its questions,
// where it is one of those that who looks may see.
func (s Store) paper(ctx context.Context, id AttemptID, whose ...func(*bun.SelectQuery) *bun.SelectQuery) (Paper, error) {
	paper := Paper{Answers: map[string]Saved{}, At: s.now()}
	err := s.db.NewSelect().Model((*Attempt)(nil)).ColumnExpr("attempt.*, quiz.title_en, quiz.title_es, quiz.pass").
		ColumnExpr("cohort.id AS cohort_id, cohort.time_zone, cohort.ends_on, enrolment.state, edition.quiz_tries AS each").
		ColumnExpr("person.chosen_name, person.given_name, person.family_name, person.language AS speaks").
		ColumnExpr("COALESCE(NULLIF(asker.chosen_name, ''), asker.given_name, '') AS asker").
		ColumnExpr(readAt("attempt.module_id")+" AS read_at").ColumnExpr(reopened("attempt.module_id")+" AS reopened").
		ColumnExpr(tries("attempt.module_id", "COUNT(*)", "AND NOT a.extra")+" AS tries").ColumnExpr(spare("attempt.module_id")+" AS spare").
		ColumnExpr(lastTry("attempt.module_id")+" AS last").
		ColumnExpr(unreleased("attempt.module_id")+" AS unreleased").
		ColumnExpr("COALESCE("+tries("attempt.module_id", "MAX(a.percent)", "AND a.finished_at IS NOT NULL")+", 0) AS best").
		ColumnExpr(allowed("attempt.enrolment_id", "attempt.module_id", "attempt.minutes")+" AS due").
		ColumnExpr(`EXISTS (SELECT 1 FROM attempts AS other WHERE other.person_id = attempt.person_id AND other.module_id = attempt.module_id
			AND other.id <> attempt.id AND other.finished_at IS NULL) AS running`).
		Join("JOIN quizzes AS quiz ON quiz.hash = attempt.quiz_hash").
		Join("JOIN enrolments AS enrolment ON enrolment.id = attempt.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN editions AS edition ON edition.id = cohort.edition_id").
		Join("JOIN persons AS person ON person.id = attempt.person_id").
		Join("LEFT JOIN persons AS asker ON asker.id = attempt.asked_by").
		Where("attempt.id = ?", id).Apply(byHand("attempt.module_id")).Apply(whose...).Scan(ctx, &paper)
	if err != nil {
		return Paper{}, fmt.Errorf("attempt %q: %w", id, database.One(err))
	}
	return paper, nil
}

// Result is Attempt once it was handed in; fault.Conflict before.
func (s Store) Result(ctx context.Context, v people.Viewer, id AttemptID) (Paper, error) {
	paper, err := s.Attempt(ctx, v, id)
	if err == nil && paper.Open() {
		return Paper{}, fault.Conflict("assessment.result.open")
	}
	return paper, err
}

// PointsOn are the points of a question that count: those of its newest line or, where
// it has none yet, of the key.
func (p Paper) PointsOn(q Question) int {
	if line, graded := p.Grades[q.ID]; graded {
		return line.Points
	}
	return q.Score(p.Answers[q.ID].Value)
}

// attemptsOf narrows attempts to the viewer's own, in the sector where they stand.
func attemptsOf(v people.Viewer) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("attempt.person_id = ? AND attempt.sector = ?", v.Person(), v.Sector())
	}
}

// answered gives an attempt's questions and the answer that counts for each.
func (s Store) answered(ctx context.Context, attempt Attempt) ([]Question, map[string]Saved, error) {
	sheet, err := s.sheet(ctx, attempt)
	return attempt.asks(sheet.all), sheet.answers, err
}

// sheet is all questions of an attempt's quiz, also those that were not drawn, with what
// is held for each, by question.
type sheet struct {
	all     []Question
	answers map[string]Saved
	lines   map[string]GradeLine // the newest
	sent    map[string]time.Time // reflections
}

// sheet reads what is held of an attempt, in one query.
func (s Store) sheet(ctx context.Context, attempt Attempt) (sheet, error) {
	rows := []struct {
		Question
		Version int          `bun:"version"`
		Device  string       `bun:"device"`
		Value   *Answer      `bun:"value,type:jsonb"`
		SavedAt bun.NullTime `bun:"saved_at"`
		Late    bool         `bun:"late"`
		Erased  *time.Time   `bun:"erased_at"`
		Sent    *time.Time   `bun:"sent_at"`
		Seq     int          `bun:"seq"`
		Points  int          `bun:"points"`
		Source  GradeSource  `bun:"source"`
		Comment string       `bun:"comment"`
	}{}
	err := s.db.NewSelect().Model((*Question)(nil)).
		ColumnExpr("question.*, COALESCE(saved.version, 0) AS version, COALESCE(saved.device, '') AS device, saved.value, saved.saved_at").
		ColumnExpr("COALESCE(saved.late, FALSE) AS late, saved.erased_at, sent.sent_at").
		ColumnExpr("COALESCE(line.seq, 0) AS seq, COALESCE(line.points, 0) AS points, COALESCE(line.source, '') AS source, COALESCE(line.comment, '') AS comment").
		Join("LEFT JOIN current_answers AS saved ON saved.attempt_id = ? AND saved.question_id = question.id", attempt.ID).
		Join("LEFT JOIN reflections_sent AS sent ON sent.attempt_id = ? AND sent.question_id = question.id", attempt.ID).
		Join(`LEFT JOIN grade_lines AS line ON line.attempt_id = ? AND line.question_id = question.id
			AND line.seq = (SELECT MAX(newer.seq) FROM grade_lines AS newer WHERE newer.attempt_id = line.attempt_id AND newer.question_id = line.question_id)`, attempt.ID).
		Where("question.quiz_hash = ?", attempt.QuizHash).Order("question.position").Scan(ctx, &rows)
	if err != nil {
		return sheet{}, fmt.Errorf("questions of attempt %q: %w", attempt.ID, err)
	}
	read := sheet{make([]Question, len(rows)), map[string]Saved{}, map[string]GradeLine{}, map[string]time.Time{}}
	for i, row := range rows {
		read.all[i] = row.Question
		if row.Version > 0 && row.Value != nil {
			read.answers[row.ID] = Saved{AttemptID: attempt.ID, QuestionID: row.ID, Version: row.Version,
				Device: row.Device, Value: *row.Value, SavedAt: row.SavedAt.Time, Late: row.Late, ErasedAt: row.Erased}
		}
		if row.Seq > 0 {
			read.lines[row.ID] = GradeLine{AttemptID: attempt.ID, QuestionID: row.ID, Seq: row.Seq, Points: row.Points, Source: row.Source, Comment: row.Comment}
		}
		if row.Sent != nil {
			read.sent[row.ID] = *row.Sent
		}
	}
	return read, nil
}

// hold takes the viewer's own attempt for the rest of the transaction: saves, pauses and
// the hand-in of one attempt follow one another. What it gives is how the attempt stands
// now that nobody else can change it; one whose time and grace are up is closed by it.
// fault.NotFound for anybody else's.
func (s Store) hold(ctx context.Context, v people.Viewer, id AttemptID) (Attempt, error) {
	attempt, err := s.held(ctx, `id = ? AND person_id = ? AND sector = ?`, id, v.Person(), v.Sector())
	if err != nil {
		return Attempt{}, fmt.Errorf("attempt %q: %w", id, database.One(err))
	}
	return attempt, nil
}

// held takes the one attempt that a condition names. Time that was given or taken back
// since it was last held moves its deadline, and when its time and grace are up then, it
// is closed: whoever takes it finds it as the clock has it.
func (s Store) held(ctx context.Context, where string, args ...any) (Attempt, error) {
	row := struct {
		Attempt
		Due int `bun:"due"`
	}{}
	err := s.db.NewRaw(`UPDATE attempts SET revision = revision + 1 WHERE `+where+` RETURNING *, `+
		allowed("attempts.enrolment_id", "attempts.module_id", "attempts.minutes")+` AS due`, args...).Scan(ctx, &row)
	if err != nil {
		return Attempt{}, err
	}
	return s.asNow(ctx, row.Attempt, row.Due)
}

// asNow brings an attempt that is held up to the clock, with the minutes that are due.
func (s Store) asNow(ctx context.Context, attempt Attempt, due int) (_ Attempt, err error) {
	if attempt.lags(due) {
		attempt, err = s.move(ctx, attempt, due)
	}
	if err == nil && attempt.overdue(s.now()) {
		attempt, err = s.finish(ctx, attempt, *attempt.Deadline, true)
	}
	return attempt, err
}

// move gives an attempt that is held so many minutes more than the edition's. What is
// taken back is taken from now on: nobody's time ends in the past.
func (s Store) move(ctx context.Context, attempt Attempt, minutes int) (Attempt, error) {
	deadline := attempt.Deadline.Add(time.Duration(minutes-attempt.Allowed) * time.Minute)
	from := s.now()
	if attempt.Paused() {
		from = *attempt.PausedAt
	}
	if minutes < attempt.Allowed && deadline.Before(from) {
		deadline = from
		if attempt.Over(from) {
			deadline = *attempt.Deadline
		}
	}
	attempt.until(deadline)
	if attempt.Paused() {
		attempt.ClosesAt = nil
	}
	err := s.db.NewRaw(`UPDATE attempts SET allowed = ?, deadline = ?, closes_at = ? WHERE id = ? AND finished_at IS NULL RETURNING *`,
		minutes, attempt.Deadline, attempt.ClosesAt, attempt.ID).Scan(ctx, &attempt)
	return attempt, err
}

// Submit hands an attempt in and grades what the server holds, once: a second hand-in
// changes nothing. Fails with Unanswered where questions are open, the time is not up and
// the trainee did not say that they are sure, and with fault.Conflict while it is paused.
func (s Store) Submit(ctx context.Context, v people.Viewer, id AttemptID, sure bool) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		attempt, err := s.hold(ctx, v, id)
		if err != nil || !attempt.Open() {
			return err
		}
		if attempt.Paused() {
			return fault.Conflict("assessment.pause.first")
		}
		if attempt.Spoken() {
			return fault.Conflict("assessment.aloud.yours")
		}
		sheet, err := s.sheet(ctx, attempt)
		if err != nil {
			return err
		}
		questions, answers := attempt.asks(sheet.all), sheet.answers
		var open Unanswered
		for _, q := range questions {
			if q.Counts() && !answers[q.ID].Value.Given() {
				open.Positions = append(open.Positions, q.Position)
			}
		}
		if len(open.Positions) > 0 && !sure && !attempt.Over(s.now()) {
			return open
		}
		_, err = s.finish(ctx, attempt, s.now(), false)
		return err
	})
}

// finish grades an attempt that is held and gives it back closed.
func (s Store) finish(ctx context.Context, attempt Attempt, at time.Time, timedOut bool) (Attempt, error) {
	sheet, err := s.sheet(ctx, attempt)
	if err != nil {
		return Attempt{}, err
	}
	err = s.db.NewRaw(`UPDATE attempts SET finished_at = ?, timed_out = ?, receipt = ? WHERE id = ? AND finished_at IS NULL RETURNING *`,
		at, timedOut, newReceipt(), attempt.ID).Scan(ctx, &attempt)
	if err != nil {
		return Attempt{}, fmt.Errorf("attempt %q: %w", attempt.ID, err)
	}
	if attempt, err = s.grade(ctx, attempt, sheet); err != nil {
		return Attempt{}, err
	}
	return attempt, s.tallyUp(ctx, attempt, sheet.all, sheet.answers)
}
