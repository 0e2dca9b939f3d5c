package courses

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Import keeps editions, in one transaction, and pins each to the versions of its
// modules that are newest now; content imports before. Doing it again changes
// nothing. Fails with fault.Conflict when an edition is there with another file.
func (s Store) Import(ctx context.Context, editions []Edition) (content.Imported, error) {
	var done content.Imported
	err := database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		for _, e := range editions {
			added, err := s.In(tx).importEdition(ctx, e)
			if err != nil {
				return fmt.Errorf("course %q: %w", e.CourseCode, err)
			}
			if added {
				done.New++
			} else {
				done.Known++
			}
		}
		return nil
	})
	return done, err
}

func (s Store) importEdition(ctx context.Context, e Edition) (added bool, err error) {
	if _, err := s.db.NewRaw(`INSERT INTO courses (code) VALUES (?) ON CONFLICT DO NOTHING`, e.CourseCode).Exec(ctx); err != nil {
		return false, err
	}
	e.ID = EditionID(database.NewID())
	if e.Quiz == (QuizRules{}) {
		e.Quiz = DefaultQuizRules
	}
	result, err := s.db.NewInsert().Model(&e).On("CONFLICT (course_code, sector, name) DO NOTHING").Exec(ctx)
	if err != nil {
		return false, err
	}
	if n, err := result.RowsAffected(); err != nil {
		return false, err
	} else if n == 0 {
		return false, s.same(ctx, e)
	}
	if err := s.importMap(ctx, e); err != nil {
		return false, err
	}
	if err := s.pin(ctx, e); err != nil {
		return false, err
	}
	if err := s.importAfter(ctx, e); err != nil {
		return false, err
	}
	return true, s.index(ctx, e)
}

// index lets the course be found in its sector by its title and public words.
func (s Store) index(ctx context.Context, e Edition) error {
	var entries []database.Entry
	for _, lang := range []content.Lang{content.English, content.Spanish} {
		var areas []string
		for _, area := range e.Competencies {
			areas = append(areas, area.In(lang))
		}
		entries = append(entries, database.Entry{
			Visibility: string(e.Sector), Kind: "course", Record: e.CourseCode, Lang: string(lang),
			Title: e.Title(lang), Body: strings.Join(areas, " "),
		})
	}
	return database.NewIndex(s.db).Put(ctx, entries...)
}

// Clashes tells the editions that are stored already with another file, as Import would
// refuse them.
func (s Store) Clashes(ctx context.Context, editions []Edition) ([]content.Problem, error) {
	var problems []content.Problem
	for _, e := range editions {
		err := s.same(ctx, e)
		var conflict *fault.ConflictError
		switch {
		case errors.As(err, &conflict):
			problems = append(problems, content.Problem{Path: e.InFolder(), Line: 1, Sentence: conflict.Sentence})
		case err != nil && !errors.Is(err, sql.ErrNoRows):
			return nil, err
		}
	}
	return problems, nil
}

// same fails with fault.Conflict unless the stored edition has the same file.
func (s Store) same(ctx context.Context, e Edition) error {
	var source string
	err := s.db.NewSelect().Model((*Edition)(nil)).Column("source").Where("edition.course_code = ?", e.CourseCode).
		Where("edition.sector = ?", e.Sector).Where("edition.name = ?", e.Name).Scan(ctx, &source)
	if err != nil {
		return err
	}
	if source != e.Source {
		return fault.Conflict("courses.import.other_bytes", "File", e.Path, "Course", e.CourseCode, "Edition", e.Name)
	}
	return nil
}

func (s Store) importMap(ctx context.Context, e Edition) error {
	var parts []Part
	sessions := slices.Clone(e.Sessions)
	for i := range sessions {
		session := &sessions[i]
		session.ID, session.EditionID = EditionSessionID(database.NewID()), e.ID
		for _, part := range session.Parts {
			part.ID, part.SessionID = database.NewID(), session.ID
			parts = append(parts, part)
		}
	}
	if _, err := s.db.NewInsert().Model(&sessions).Exec(ctx); err != nil {
		return err
	}
	_, err := s.db.NewInsert().Model(&parts).Exec(ctx)
	return err
}

// importAfter keeps the courses that an edition comes after. They may be stored after it.
func (s Store) importAfter(ctx context.Context, e Edition) error {
	if len(e.After) == 0 {
		return nil
	}
	rows := slices.Clone(e.After)
	for i := range rows {
		rows[i].EditionID = e.ID
		if _, err := s.db.NewRaw(`INSERT INTO courses (code) VALUES (?) ON CONFLICT DO NOTHING`, rows[i].CourseCode).Exec(ctx); err != nil {
			return err
		}
	}
	_, err := s.db.NewInsert().Model(&rows).Exec(ctx)
	return err
}

// pin keeps, of the modules that the map names, those that have a text.
func (s Store) pin(ctx context.Context, e Edition) error {
	published, err := s.content.Modules(ctx, people.System(e.Sector), e.ModuleIDs(), content.English)
	if err != nil {
		return err
	}
	var pinned []Requirement
	for _, m := range e.Modules {
		module, found := published[m.ModuleID]
		if m.Required && !found {
			return fault.Conflict("courses.import.required_unpublished", "Module", string(m.ModuleID), "Course", e.CourseCode)
		}
		if found {
			pinned = append(pinned, Requirement{EditionID: e.ID, ModuleID: m.ModuleID, Required: m.Required, Version: module.Version})
		}
	}
	if len(pinned) == 0 {
		return nil
	}
	_, err = s.db.NewInsert().Model(&pinned).Exec(ctx)
	return err
}

// Files are the stored files of all editions, as a folder of the curriculum holds them.
// It is for commands, which see all sectors.
func (s Store) Files(ctx context.Context) ([]content.File, error) {
	var found []Edition
	if err := s.db.NewSelect().Model(&found).Column("course_code", "name", "sector", "path", "source").
		OrderExpr("edition.in_force_on DESC, edition.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("courses: %w", err)
	}
	var shelf content.Shelf
	for _, e := range found {
		// Editions of two years may have come under one name: the later keeps it.
		stood := shelf.Put([]byte(e.Source), e.InFolder())
		for n := 1; !stood; n++ {
			e.Path = strings.ToLower(fmt.Sprintf("%s-%s-%s%s.yaml", e.CourseCode, e.Name, e.Sector, strings.Repeat("-", n-1)))
			stood = shelf.Put([]byte(e.Source), e.InFolder())
		}
	}
	return shelf.Files, nil
}
