package main

import "github.com/metropolitan-peace-academy/academy/internal/app"

type importQuestions struct {
	File    string `arg:"" help:"The file."`
	Course  string `required:"" help:"Code of the course into whose bank they go, such as OUT."`
	Sector  string `help:"outreach, law_enforcement, health or community (default: the one that teaches the course)."`
	Module  string `help:"The module to which the questions belong (default: the course alone)."`
	Format  string `help:"markdown, gift, aiken, moodle, qti or csv (default: told by what is in the file)."`
	Lang    string `help:"Language of the questions: en, or es for the Spanish words of questions that are there." default:"en"`
	DryRun  bool   `name:"dry-run" help:"Say what would happen and store nothing."`
	SkipBad bool   `name:"skip-bad" help:"Store what is good and pass over the rest."`
}

func (i importQuestions) options() app.QuestionOptions {
	return app.QuestionOptions{Course: i.Course, Sector: i.Sector, Format: i.Format, Lang: i.Lang, Module: i.Module, DryRun: i.DryRun, SkipBad: i.SkipBad}
}

func (i importQuestions) Run(w *world) error {
	o := i.options()
	o.Progress = w.errOut
	return app.ImportQuestions(w.ctx, w.settings.config(), i.File, o, w.out)
}

func (i importQuestions) wrong() app.WrongSettings { return i.options().Wrong() }

type exportQuestions struct {
	File   string `arg:"" help:"The new file."`
	Course string `required:"" help:"Code of the course whose bank it is."`
	Sector string `help:"outreach, law_enforcement, health or community (default: the one that teaches the course)."`
	Module string `help:"Only questions of this module."`
	Format string `required:"" help:"markdown, gift, aiken, moodle, qti or csv."`
	Lang   string `help:"Language of the questions: en or es." default:"en"`
}

func (e exportQuestions) options() app.QuestionOptions {
	return app.QuestionOptions{Course: e.Course, Sector: e.Sector, Format: e.Format, Lang: e.Lang, Module: e.Module}
}

func (e exportQuestions) Run(w *world) error {
	return app.ExportQuestions(w.ctx, w.settings.config(), e.File, e.options(), w.out)
}

func (e exportQuestions) wrong() app.WrongSettings {
	if e.Course == "" || e.Format == "" {
		return nil // told as missing
	}
	return e.options().Wrong()
}
