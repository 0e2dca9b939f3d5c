package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

type serveCommand struct{}

func (serveCommand) Run(w *world) error { return app.Serve(w.ctx, w.settings.config(), w.out) }

type demoCommand struct {
	Today string `help:"The day that everything is relative to, as 2026-11-24 (default: today)."`
	Seed  int64  `help:"Same seed and day: same people and records." default:"1"`
}

func (d demoCommand) Run(w *world) error {
	c := d.config(w.settings)
	c.Data = w.settings.Data // a demo makes a folder of its own where none is named
	return app.Demo(w.ctx, c, w.out)
}

func (d demoCommand) config(s settings) app.Config {
	c := s.config()
	c.Demo, c.Today, c.Seed = true, d.Today, d.Seed
	return c
}

type migrateCommand struct{}

func (migrateCommand) Run(w *world) error { return app.Migrate(w.ctx, w.settings.config(), w.out) }

type importCommand struct {
	Curriculum importCurriculum `cmd:"" help:"A folder of modules, quizzes and courses in Markdown and YAML, or a ZIP file of one."`
	People     importPeople     `cmd:"" help:"People from a CSV file, into one sector."`
	Questions  importQuestions  `cmd:"" help:"Questions from a file of another system or of ours, into a course's bank."`
}

type importCurriculum struct {
	Dir     string `arg:"" help:"The folder, or a ZIP file of one."`
	DryRun  bool   `name:"dry-run" help:"Say what would happen and store nothing."`
	SkipBad bool   `name:"skip-bad" help:"Store what is good and pass over the rest."`
}

func (i importCurriculum) Run(w *world) error {
	return app.ImportCurriculum(w.ctx, w.settings.config(), i.Dir, app.ImportOptions{DryRun: i.DryRun, SkipBad: i.SkipBad, Progress: w.errOut}, w.out)
}

type exportCommand struct {
	Curriculum exportCurriculum `cmd:"" help:"The modules, guides, quizzes, protocols, courses, pictures and glossary, byte for byte as they came in."`
	Questions  exportQuestions  `cmd:"" help:"The questions of a course's bank, in one file."`
}

type exportCurriculum struct {
	Dir     string `arg:"" help:"An empty or new folder."`
	Replace bool   `help:"Write into a folder that is not empty, over files of the same names."`
}

func (e exportCurriculum) Run(w *world) error {
	return app.ExportCurriculum(w.ctx, w.settings.config(), e.Dir, e.Replace, w.out)
}

type lintCommand struct {
	Curriculum lintCurriculum `cmd:"" help:"Read a folder as an import would, without a database, and tell what is wrong and what could be better."`
}

type lintCurriculum struct {
	Dir     string `arg:"" help:"The folder, or a ZIP file of one."`
	Strict  bool   `help:"End with exit status 1 for warnings too."`
	Figures bool   `help:"List every text with its words and the school grade that it asks for."`
	Lang    string `help:"Language of what is told: en or es." default:"en"`
}

func (l lintCurriculum) Run(w *world) error {
	var err error
	w.code, err = app.LintCurriculum(l.Dir, app.LintOptions{Strict: l.Strict, Figures: l.Figures, Lang: l.Lang}, w.out)
	return err
}

func (l lintCurriculum) wrong() app.WrongSettings {
	if l.Lang == "en" || l.Lang == "es" {
		return nil
	}
	return app.WrongSettings{fmt.Sprintf("--lang %q: use en or es", l.Lang)}
}

type importPeople struct {
	File    string `arg:"" help:"The CSV file."`
	Sector  string `required:"" help:"outreach, law_enforcement, health or community."`
	Cohort  string `help:"Enrol everybody of the file in this cohort, such as \"Outreach Cohort 21\" (default: where the column cohort names one)."`
	DryRun  bool   `name:"dry-run" help:"Say what would happen and store nothing."`
	SkipBad bool   `name:"skip-bad" help:"Store what is good and pass over the rest."`
}

func (i importPeople) Run(w *world) error {
	return app.ImportPeople(w.ctx, w.settings.config(), i.File, i.Sector, app.ImportOptions{DryRun: i.DryRun, SkipBad: i.SkipBad, Cohort: i.Cohort}, w.out)
}

func (i importPeople) wrong() app.WrongSettings {
	if i.Sector == "" {
		return nil // told as missing
	}
	return app.WrongSector(i.Sector)
}

type verifyCommand struct {
	Files     []string `arg:"" name:"file" help:"Certificates, PDF or JSON."`
	Trust     string   `help:"Folder written by academy trust (default: what the data folder knows)."`
	AcceptAge bool     `name:"accept-age" help:"Accept a snapshot older than 7 days."`
}

func (c verifyCommand) Run(w *world) error {
	var err error
	w.code, err = app.Verify(w.ctx, w.settings.config(), c.Files, c.Trust, c.AcceptAge, w.out)
	return err
}

type checkCommand struct{}

func (checkCommand) Run(w *world) error {
	var err error
	w.code, err = app.CheckRecords(w.ctx, w.settings.config(), w.out)
	return err
}

type trustCommand struct {
	Dir string `arg:"" help:"Where to write."`
}

func (c trustCommand) Run(w *world) error {
	return app.Trust(w.ctx, w.settings.config(), c.Dir, w.out)
}

type tokenCommand struct {
	Person string   `required:"" help:"Sign-in name of the person."`
	Sector string   `required:"" help:"The sector that the token stands in."`
	Scope  []string `required:"" help:"read, attend, grade, questions, certificates, metrics."`
}

func (c tokenCommand) Run(w *world) error {
	return app.Token(w.ctx, w.settings.config(), c.Person, c.Sector, c.Scope, w.out)
}

func (c tokenCommand) wrong() app.WrongSettings {
	if c.Sector == "" {
		return nil // told as missing
	}
	return app.WrongToken(c.Sector, c.Scope)
}

type versionCommand struct{}

func (versionCommand) Run(w *world) error {
	version, revision := "(devel)", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	_, err := fmt.Fprintln(w.out, strings.TrimSpace("academy "+version+revision))
	return err
}
