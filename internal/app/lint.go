package app

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// LintOptions say what an author wants to be told.
type LintOptions struct {
	Strict  bool   // warnings count as errors do
	Figures bool   // list every text with its words and grade
	Lang    string // en or es
}

// Exit statuses of LintCurriculum.
const (
	lintClean  = 0
	lintFound  = 1
	lintUnread = 2
)

// LintCurriculum reads a folder, or a ZIP file of one, as an import would and tells its
// authors what is wrong and what could be better, with file and line. It needs no database.
// It gives the exit status: 0 when nothing is wrong, 1 when an error is told (with Strict, a
// warning too), 2 when there is nothing that can be read.
func LintCurriculum(dir string, o LintOptions, out io.Writer) (int, error) {
	said, err := web.LoadWords(words...)
	if err != nil {
		return lintUnread, err
	}
	say := func(s fault.Sentence) string { return said.Say(o.Lang, s) }
	packed, err := isPacked(dir)
	if err != nil {
		return lintUnread, err
	}
	files, err := openCurriculum(dir, packed)
	if err != nil {
		return lintUnread, toldBy(say, err)
	}
	defer func() { _ = files.Close() }()
	folder, proofs, findings := content.LintFolder(files, ".")
	quizzes, more := assessment.LintQuizzes(folder.Quizzes, folder.Modules)
	findings = append(findings, more...)
	editions, problems := courses.Parse(files, ".", folder)
	_, unfit := assessment.ReadRubrics(files, ".", editions)
	for _, problem := range append(problems, unfit...) {
		findings = append(findings, content.Finding{Problem: problem})
	}
	if len(proofs)+len(quizzes)+len(editions)+len(findings) == 0 {
		return lintUnread, fmt.Errorf("%s holds no module, quiz or course", dir)
	}
	content.SortFindings(findings)
	errors := 0
	for _, f := range findings {
		sentence := say(f.Sentence)
		if f.Warning {
			sentence = say(fault.Say("content.lint.warning", "Sentence", sentence))
		} else {
			errors++
		}
		fmt.Fprintf(out, "%s:%d: %s\n", filepath.Join(dir, filepath.FromSlash(f.Path)), max(f.Line, 1), sentence)
	}
	if o.Figures {
		tellFigures(out, proofs, say)
	}
	fmt.Fprintln(out, say(fault.Say("content.lint.summary", "Texts", len(proofs), "Quizzes", len(quizzes), "Courses", len(editions),
		"Errors", errors, "Warnings", len(findings)-errors)))
	if errors > 0 || o.Strict && len(findings) > 0 {
		return lintFound, nil
	}
	return lintClean, nil
}

// tellFigures lists every text, the hardest to read first.
func tellFigures(out io.Writer, proofs []content.Proof, say func(fault.Sentence) string) {
	slices.SortStableFunc(proofs, func(a, b content.Proof) int { return cmp.Compare(b.Grade, a.Grade) })
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "%s\t%s\t  %s\n", say(fault.Say("content.lint.words")), say(fault.Say("content.lint.grade")), say(fault.Say("content.lint.text")))
	for _, p := range proofs {
		fmt.Fprintf(table, "%d\t%.1f\t  %s\n", p.Words, p.Grade, p.Path)
	}
	_ = table.Flush()
}
