package app

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// ImportCurriculum reads a folder of modules, quizzes and courses, or a ZIP file of one,
// tells every problem with file and line, and stores all of it in one transaction, or
// nothing: also when it is stopped by its context.
func ImportCurriculum(ctx context.Context, c Config, dir string, o ImportOptions, out io.Writer) error {
	packed, err := isPacked(dir)
	if err != nil {
		return err
	}
	a, err := forCommand(ctx, c)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	files, err := openCurriculum(dir, packed)
	if err != nil {
		return a.told(err)
	}
	defer func() { _ = files.Close() }()
	bar := newProgress(o.Progress)
	folder := readCurriculum(files, func(drawn, all int) bool {
		bar.show(drawn, all)
		return ctx.Err() == nil
	})
	bar.end()
	if ctx.Err() != nil {
		return errStopped
	}
	if len(folder.content.Modules)+len(folder.content.Protocols)+len(folder.quizzes)+len(folder.editions)+len(folder.problems) == 0 {
		return fmt.Errorf("%s holds no module, quiz or course", dir)
	}
	if err := a.leaveOutClashes(ctx, &folder); err != nil {
		return err
	}
	for _, p := range folder.problems {
		fmt.Fprintf(out, "%s:%d: %s\n", filepath.Join(dir, filepath.FromSlash(p.Path)), max(p.Line, 1), a.say(p.Sentence))
	}
	if n := len(folder.content.Protocols); n > 0 {
		fmt.Fprintf(out, "%d protocols, ", n)
	}
	if n := len(folder.rubrics); n > 0 {
		fmt.Fprintf(out, "%d rubrics, ", n)
	}
	fmt.Fprintf(out, "%d modules, %d guides, %d quizzes, %d editions; %d problems\n",
		len(folder.content.Modules), len(folder.content.Guides), len(folder.quizzes), len(folder.editions), len(folder.problems))
	if len(folder.problems) > 0 && !o.SkipBad {
		return errBad
	}
	if o.DryRun {
		_, err := fmt.Fprintln(out, "Dry run: nothing was stored.")
		return err
	}
	if err := a.keepCurriculum(ctx, folder); err != nil {
		if ctx.Err() != nil {
			return errStopped
		}
		return a.told(err)
	}
	if len(folder.problems) > 0 {
		_, err = fmt.Fprintln(out, "Stored, without the files named above.")
		return err
	}
	_, err = fmt.Fprintln(out, "Stored.")
	return err
}

// isPacked says whether a curriculum lies in a ZIP file; it fails where there is neither
// such a file nor a folder.
func isPacked(dir string) (bool, error) {
	info, err := os.Stat(dir)
	packed := err == nil && info.Mode().IsRegular() && strings.EqualFold(filepath.Ext(dir), ".zip")
	if err != nil || !info.IsDir() && !packed {
		return false, fmt.Errorf("%s is not a folder that can be read", dir)
	}
	return packed, nil
}

// openCurriculum opens a folder, or a ZIP file to be read as one. Fails with a
// fault.Conflict for an archive that is damaged or unsafe.
func openCurriculum(dir string, packed bool) (content.Archive, error) {
	if packed {
		return content.OpenArchive(dir)
	}
	return content.Archive{FS: os.DirFS(dir), Closer: io.NopCloser(nil)}, nil
}

// curriculumFolder is what a folder holds, read by the three rooms that own its parts,
// without the files that have a problem.
type curriculumFolder struct {
	content  content.Folder
	quizzes  []assessment.Quiz
	editions []courses.Edition
	rubrics  []assessment.Rubric
	problems []content.Problem
}

// toTheEnd reads a folder without telling how far it has come.
func toTheEnd(int, int) bool { return true }

// readCurriculum hands one folder to the rooms that own its parts; step is told how far
// it has come, and may end it.
func readCurriculum(files fs.FS, step func(drawn, all int) bool) curriculumFolder {
	var folder curriculumFolder
	var quizzes, editions, rubrics []content.Problem
	folder.content, folder.problems = content.ParseStep(files, ".", step)
	folder.quizzes, quizzes = assessment.ReadQuizzes(folder.content.Quizzes)
	folder.editions, editions = courses.Parse(files, ".", folder.content)
	folder.rubrics, rubrics = assessment.ReadRubrics(files, ".", folder.editions)
	folder.problems = slices.Concat(folder.problems, quizzes, editions, rubrics)
	content.SortProblems(folder.problems)
	return folder
}

// leaveOutClashes makes a problem of each file that the Academy holds already with other
// bytes under the same name and version.
func (a *Academy) leaveOutClashes(ctx context.Context, folder *curriculumFolder) error {
	modules, err := a.Content.Clashes(ctx, folder.content)
	if err != nil {
		return err
	}
	quizzes, err := a.Assessment.Clashes(ctx, folder.quizzes)
	if err != nil {
		return err
	}
	editions, err := a.Courses.Clashes(ctx, folder.editions)
	if err != nil {
		return err
	}
	rubrics, err := a.Assessment.ClashesOfRubrics(ctx, folder.rubrics)
	if err != nil {
		return err
	}
	clashes := slices.Concat(modules, quizzes, editions, rubrics)
	bad := func(path string) bool {
		return slices.ContainsFunc(clashes, func(p content.Problem) bool { return p.Path == path })
	}
	folder.content.Modules = slices.DeleteFunc(folder.content.Modules, func(m content.Module) bool { return bad(m.Path) })
	folder.content.Protocols = slices.DeleteFunc(folder.content.Protocols, func(r content.Protocol) bool { return bad(r.Path) })
	folder.content.Guides = slices.DeleteFunc(folder.content.Guides, func(g content.Guide) bool { return bad(g.Path) })
	folder.content.Pictures = slices.DeleteFunc(folder.content.Pictures, func(p content.Picture) bool { return bad(p.Name) })
	folder.quizzes = slices.DeleteFunc(folder.quizzes, func(q assessment.Quiz) bool { return bad(q.PathEN) })
	folder.editions = slices.DeleteFunc(folder.editions, func(e courses.Edition) bool { return bad(e.InFolder()) })
	folder.rubrics = slices.DeleteFunc(folder.rubrics, func(r assessment.Rubric) bool { return bad(r.InFolder()) })
	folder.problems = append(folder.problems, clashes...)
	content.SortProblems(folder.problems)
	return nil
}

// storeCurriculum stores a folder inside a transaction. A module whose quiz was left out
// comes in without one, so that its page offers no check that isn't there.
func (r Rooms) storeCurriculum(ctx context.Context, tx bun.IDB, folder curriculumFolder) error {
	if err := database.Unhurried(ctx, tx); err != nil {
		return err
	}
	if _, err := r.Assessment.In(tx).Import(ctx, folder.quizzes); err != nil {
		return err
	}
	checked, err := r.Assessment.In(tx).ModulesWithQuiz(ctx)
	if err != nil {
		return err
	}
	for i, m := range folder.content.Modules {
		folder.content.Modules[i].HasCheck = slices.Contains(checked, string(m.ID))
	}
	if _, err := r.Content.In(tx).Import(ctx, folder.content); err != nil {
		return err
	}
	if _, err = r.Courses.In(tx).Import(ctx, folder.editions); err != nil {
		return err
	}
	_, err = r.Assessment.In(tx).ImportRubrics(ctx, folder.rubrics)
	return err
}

// keepCurriculum stores a folder in one transaction of its own.
func (a *Academy) keepCurriculum(ctx context.Context, folder curriculumFolder) error {
	return database.InTx(ctx, a.DB, func(ctx context.Context, tx bun.Tx) error { return a.storeCurriculum(ctx, tx, folder) })
}
