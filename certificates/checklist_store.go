package certificates

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// asked is what an edition asks of a graduate beside minutes, and where one enrolment
// stands: decided on (then when, and on which checklist) or not, and whether rule 17
// lets the viewer decide.
type asked struct {
	EnrolmentID   cohorts.EnrolmentID `bun:"enrolment_id"`
	KnowledgePass int                 `bun:"knowledge_pass"`
	Capstone      bool                `bun:"capstone"`
	Certificate   CertificateID       `bun:"certificate_id"`
	Standing      credential.Standing `bun:"standing"`
	Frozen        *Checklist          `bun:"frozen,type:jsonb"`
	DecidedAt     *time.Time          `bun:"decided_at"`
	Fair          bool                `bun:"fair"`
}

// readModule is a required module and what one person has read of it.
type readModule struct {
	EnrolmentID cohorts.EnrolmentID `bun:"enrolment_id"`
	ModuleID    string              `bun:"module_id"`
	TitleEN     string              `bun:"title_en"`
	TitleES     string              `bun:"title_es"`
	Hash        *string             `bun:"hash"`
	Done        bool                `bun:"done"`
}

// Checklist gives what stands between an enrolment and its certificate: one's own, or
// one of a cohort that the viewer runs.
func (s Store) Checklist(ctx context.Context, v people.Viewer, enrolment cohorts.EnrolmentID) (Checklist, error) {
	candidate, err := s.Candidate(ctx, v, enrolment)
	return candidate.Checklist, err
}

// Candidate gives the checklist of one enrolment with all that a page or a decision
// needs beside it: one's own, or one of a cohort that the viewer runs.
func (s Store) Candidate(ctx context.Context, v people.Viewer, enrolment cohorts.EnrolmentID) (Candidate, error) {
	candidate, _, err := s.gather(ctx, v, enrolment)
	return candidate, err
}

func (s Store) gather(ctx context.Context, v people.Viewer, enrolment cohorts.EnrolmentID) (Candidate, []readModule, error) {
	place, err := s.rooms.Cohorts.Enrolment(ctx, v, enrolment)
	if err != nil {
		return Candidate{}, nil, err
	}
	totals, err := s.rooms.Cohorts.Standing(ctx, v, enrolment)
	if err != nil {
		return Candidate{}, nil, err
	}
	var edition asked
	if err := s.asks(v).Where("place.id = ?", enrolment).Scan(ctx, &edition); err != nil {
		return Candidate{}, nil, err
	}
	modules, err := s.required(ctx, enrolment)
	if err != nil {
		return Candidate{}, nil, err
	}
	knowledge, err := s.rooms.Assessment.KnowledgeOf(ctx, v, enrolment)
	if err != nil {
		return Candidate{}, nil, err
	}
	practice, err := s.rooms.Assessment.PracticalsOf(ctx, v, enrolment)
	if err != nil {
		return Candidate{}, nil, err
	}
	candidate := candidateOf(totals, edition, modules, knowledge, practice)
	candidate.Place = place
	return candidate, modules, nil
}

// Candidates gives the people of a cohort that the viewer runs as Candidate does, without
// their Place, by name, a page at a time; who withdrew is left out. Six queries.
func (s Store) Candidates(ctx context.Context, v people.Viewer, cohort cohorts.CohortID, after cohorts.EnrolmentID) (list []Candidate, next cohorts.EnrolmentID, err error) {
	ledger, next, err := s.rooms.Cohorts.Ledger(ctx, v, cohort, after)
	if err != nil || len(ledger) == 0 {
		return nil, "", err
	}
	places := make([]cohorts.EnrolmentID, len(ledger))
	for i, totals := range ledger {
		places[i] = totals.EnrolmentID
	}
	var asks []asked
	if err := s.asks(v).Where("place.id IN (?)", bun.List(places)).Scan(ctx, &asks); err != nil {
		return nil, "", err
	}
	modules, err := s.required(ctx, places...)
	if err != nil {
		return nil, "", err
	}
	knowledge, _, err := s.rooms.Assessment.KnowledgeOfCohort(ctx, v, cohort, after)
	if err != nil {
		return nil, "", err
	}
	practices, _, err := s.rooms.Assessment.PracticalsOfCohort(ctx, v, cohort, after)
	if err != nil {
		return nil, "", err
	}
	askedOf := by(asks, func(a asked) cohorts.EnrolmentID { return a.EnrolmentID })
	modulesOf := by(modules, func(m readModule) cohorts.EnrolmentID { return m.EnrolmentID })
	knowledgeOf := by(knowledge, func(p assessment.Person) cohorts.EnrolmentID { return p.EnrolmentID })
	practiceOf := by(practices, func(p assessment.Practice) cohorts.EnrolmentID { return p.EnrolmentID })
	list = make([]Candidate, len(ledger))
	for i, totals := range ledger {
		id := totals.EnrolmentID
		list[i] = candidateOf(totals, first(askedOf[id]), modulesOf[id], first(knowledgeOf[id]).Knowledge, first(practiceOf[id]))
	}
	return list, next, nil
}

// by groups rows by the enrolment that they are of.
func by[R any](rows []R, of func(R) cohorts.EnrolmentID) map[cohorts.EnrolmentID][]R {
	groups := map[cohorts.EnrolmentID][]R{}
	for _, row := range rows {
		groups[of(row)] = append(groups[of(row)], row)
	}
	return groups
}

func first[R any](rows []R) (row R) {
	if len(rows) > 0 {
		row = rows[0]
	}
	return row
}

// asks selects what is asked of enrolments (alias place), one row for each.
func (s Store) asks(v people.Viewer) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("enrolments AS place").
		ColumnExpr("place.id AS enrolment_id, edition.knowledge_pass, edition.capstone").
		ColumnExpr("COALESCE(issued.id, '') AS certificate_id, COALESCE(issued.standing, '') AS standing, decided.checklist AS frozen, decided.decided_at").
		ColumnExpr("CASE WHEN EXISTS (?) THEN TRUE ELSE FALSE END AS fair", s.fair(v).Where("enrolment.id = place.id")).
		Join("JOIN cohorts AS class ON class.id = place.cohort_id").
		Join("JOIN editions AS edition ON edition.id = class.edition_id").
		Join("LEFT JOIN decisions AS decided ON decided.enrolment_id = place.id").
		Join("LEFT JOIN certificates AS issued ON issued.enrolment_id = place.id")
}

// required gives the required modules of enrolments with what their people have read.
func (s Store) required(ctx context.Context, places ...cohorts.EnrolmentID) ([]readModule, error) {
	list := []readModule{}
	title := `COALESCE((SELECT version.title FROM module_versions AS version WHERE version.module_id = need.module_id AND version.lang = ?
		ORDER BY version.version DESC LIMIT 1), '')`
	err := s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("enrolment.id AS enrolment_id, need.module_id, reading.hash, CASE WHEN reading.done_at IS NULL THEN FALSE ELSE TRUE END AS done").
		ColumnExpr(title+" AS title_en", "en").ColumnExpr(title+" AS title_es", "es").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN edition_modules AS need ON need.edition_id = cohort.edition_id AND need.required").
		Join("LEFT JOIN readings AS reading ON reading.person_id = enrolment.person_id AND reading.module_id = need.module_id").
		Where("enrolment.id IN (?)", bun.List(places)).OrderExpr("enrolment.id, need.module_id").Scan(ctx, &list)
	return list, err
}

func candidateOf(totals cohorts.Totals, edition asked, modules []readModule, knowledge assessment.Knowledge, practice assessment.Practice) Candidate {
	c := Candidate{Checklist: Judge(totals.EnrolmentID, factsOf(totals, edition, modules, knowledge, practice)),
		Totals: totals, Certificate: edition.Certificate, Standing: edition.Standing, DecidedAt: edition.DecidedAt,
		Fair: edition.Fair, titles: map[string]courses.Both{}}
	if edition.Frozen != nil {
		c.Checklist = *edition.Frozen
	}
	for _, m := range modules {
		c.titles[m.ModuleID] = courses.Both{EN: m.TitleEN, ES: m.TitleES}
	}
	for _, skill := range practice.Skills {
		c.titles[skill.ID] = skill.Both
	}
	return c
}

func factsOf(totals cohorts.Totals, edition asked, modules []readModule, knowledge assessment.Knowledge, practice assessment.Practice) Facts {
	f := Facts{Totals: totals, DoneModules: map[string]bool{}, PractisedOrMore: map[string]bool{},
		KnowledgePass: edition.KnowledgePass, KnowledgeAverage: knowledge.Percent, KnowledgeOpen: knowledge.Missing,
		KnowledgeSet: knowledge.Set(), KnowledgeExcused: knowledge.Excused(), PracticalsSet: practice.Set(),
		HasQuizzes: knowledge.Counted(), AsksCapstone: edition.Capstone}
	for _, m := range modules {
		f.RequiredModules = append(f.RequiredModules, m.ModuleID)
		f.DoneModules[m.ModuleID] = m.Done
	}
	for _, skill := range practice.Skills {
		if skill.ID == courses.CapstoneID {
			f.CapstonePassed = skill.Enough()
			continue
		}
		f.Practicals = append(f.Practicals, skill.ID)
		f.PractisedOrMore[skill.ID] = skill.Enough()
	}
	return f
}

// evidence is the manifest of everything that a checklist rests on: hashes of the
// edition, of the module versions read, of the minutes of each session, of the
// practicals and of what was set in the gradebook. It is what a certificate's evidence commits to.
func (s Store) evidence(ctx context.Context, candidate Candidate, modules []readModule) ([]byte, error) {
	manifest := credential.Manifest{}
	var source string
	if err := s.db.NewRaw(`SELECT source FROM editions WHERE id = ?`, candidate.Place.EditionID).Scan(ctx, &source); err != nil {
		return nil, fmt.Errorf("edition %q: %w", candidate.Place.EditionID, database.One(err))
	}
	manifest.Edition = sha(source)
	for _, m := range modules {
		if m.Hash != nil {
			manifest.Modules = append(manifest.Modules, *m.Hash)
		}
	}
	var err error
	if manifest.Sessions, err = s.sums(ctx, `SELECT l.session_id || ' ' || l.kind || ' ' || SUM(l.minutes) FROM ledger_lines AS l
		WHERE l.enrolment_id = ? GROUP BY l.session_id, l.kind ORDER BY l.session_id, l.kind`, candidate.EnrolmentID); err != nil {
		return nil, err
	}
	if manifest.Rubrics, err = s.sums(ctx, `SELECT r.practical_id || ' ' || r.level || ' ' || r.id FROM practical_records AS r
		WHERE r.enrolment_id = ? ORDER BY r.practical_id, r.seq`, candidate.EnrolmentID); err != nil {
		return nil, err
	}
	set, err := s.sums(ctx, `SELECT g.column_kind || ' ' || g.column_id || ' ' || g.kind || ' ' || g.percent || ' ' || g.level || ' ' || g.id FROM gradebook_lines AS g
		WHERE g.enrolment_id = ? ORDER BY g.column_kind, g.column_id, g.seq`, candidate.EnrolmentID)
	if err != nil {
		return nil, err
	}
	manifest.Rubrics = append(manifest.Rubrics, set...)
	return manifest.Bytes()
}

// sums gives the SHA-256 of each line that a query finds.
func (s Store) sums(ctx context.Context, query string, enrolment cohorts.EnrolmentID) ([]string, error) {
	var lines []string
	if err := s.db.NewRaw(query, enrolment).Scan(ctx, &lines); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	for i, line := range lines {
		lines[i] = sha(line)
	}
	return lines, nil
}

// frozen is a checklist as a decision keeps it.
func frozen(c Checklist) (string, error) {
	raw, err := json.Marshal(c)
	return string(raw), err
}
