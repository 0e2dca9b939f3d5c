package assessment

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
)

// front is the head of a quiz file.
type front struct {
	Module  string       `yaml:"module"`
	Title   string       `yaml:"title"`
	Lang    content.Lang `yaml:"lang"`
	Version int          `yaml:"version"`
	Pass    int          `yaml:"pass"`
}

// written is a question as one file has it, before two languages become one question.
type written struct {
	id        string
	line      int
	kind      QuestionType
	objective string
	begun     bool // the settings are over
	stem      []string
	stemLine  int
	right     []bool
	choices   []string
	feedback  []string
	lines     []int // on which the choices stand
	said      []int // and the feedback to each
	general   []string
	genLine   int
}

var (
	questionHead    = regexp.MustCompile(`^##\s+([a-z0-9][a-z0-9-]*)\s*$`)
	settingLine     = regexp.MustCompile(`^([a-z_]+):\s*(.*?)\s*$`)
	choiceLine      = regexp.MustCompile(`^- \[([ xX])\]\s+(.*)$`)
	looksLikeChoice = regexp.MustCompile(`^\s*[-*+] ?\[.?\]`)
	innerQuote      = regexp.MustCompile(`^\s+>\s?(.*)$`)
	outerQuote      = regexp.MustCompile(`^>\s?(.*)$`)
)

// fileRead is one quiz file as it was read.
type fileRead struct {
	content.QuizFile
	head      front
	questions []written
	told      content.Problems
}

// version names a quiz within a folder: older versions may stand beside the newest.
type version struct {
	module content.ModuleID
	number int
	lang   content.Lang
}

func (f *fileRead) version(lang content.Lang) version {
	return version{f.ModuleID, f.head.Version, lang}
}

// ReadQuizzes reads the quiz files of a folder into quizzes: the English file makes the
// quiz, the Spanish one gives the same questions other words. Every problem is told with
// file and line; a quiz with a problem is left out.
func ReadQuizzes(files []content.QuizFile) ([]Quiz, []content.Problem) {
	read := make([]*fileRead, len(files))
	byVersion := map[version]*fileRead{}
	for i, f := range files {
		read[i] = readFile(f)
		key := read[i].version(f.Lang)
		if other, twice := byVersion[key]; twice {
			read[i].told.Add(0, "assessment.problem.version_twice", "Version", key.number, "Other", path.Base(other.Path))
			continue
		}
		byVersion[key] = read[i]
	}
	var quizzes []Quiz
	var problems []content.Problem
	for _, f := range read {
		english, spanish := byVersion[f.version(content.English)], byVersion[f.version(content.Spanish)]
		switch {
		case f.Lang != content.English && english == nil:
			f.told.Add(0, "assessment.problem.spanish_alone", "Version", f.head.Version)
		case f.Lang == content.English:
			quiz := f.quiz()
			if spanish != nil {
				quiz.addSpanish(spanish, f.questions)
			}
			if len(f.told.List) == 0 && (spanish == nil || len(spanish.told.List) == 0) {
				quizzes = append(quizzes, quiz.named())
			}
		}
	}
	for _, f := range read {
		problems = append(problems, f.told.List...)
	}
	content.SortProblems(problems)
	return quizzes, problems
}

// quiz makes the quiz of an English file.
func (f *fileRead) quiz() Quiz {
	quiz := Quiz{ModuleID: string(f.ModuleID), Version: f.head.Version, TitleEN: f.head.Title, Pass: f.head.Pass,
		PathEN: f.Path, SourceEN: string(f.Source), Count: len(f.questions)}
	if quiz.Pass == 0 {
		quiz.Pass = DefaultPass
	}
	for i, w := range f.questions {
		quiz.lines = append(quiz.lines, w.line)
		quiz.Questions = append(quiz.Questions, Question{ID: w.id, Position: i + 1, Type: w.kind, Objective: number(w.objective),
			Body: Body{Right: w.right, Texts: map[string]Text{"en": w.text(&f.told)}}})
	}
	return quiz
}

// addSpanish gives the quiz its Spanish words. The two files must hold the same
// questions in the same order with the same right answers: they are one quiz.
func (q *Quiz) addSpanish(f *fileRead, english []written) {
	q.TitleES, q.PathES, q.SourceES = f.head.Title, f.Path, string(f.Source)
	for i, w := range f.questions {
		if i >= len(english) || english[i].id != w.id || english[i].kind != w.kind || !slices.Equal(english[i].right, w.right) {
			f.told.Add(w.line, "assessment.problem.not_the_same", "Question", w.id)
			continue
		}
		q.Questions[i].Body.Texts["es"] = w.text(&f.told)
	}
	if len(f.questions) < len(english) {
		f.told.Add(0, "assessment.problem.questions_missing", "Question", english[len(f.questions)].id)
	}
}

// named gives the quiz its identity.
func (q Quiz) named() Quiz {
	q.Hash = hashOf(q.SourceEN, q.SourceES)
	for i := range q.Questions {
		q.Questions[i].QuizHash = q.Hash
	}
	return q
}

// readFile reads one file, line by line, and holds the rules that need no other file.
func readFile(f content.QuizFile) *fileRead {
	read := &fileRead{QuizFile: f, told: content.Problems{Path: f.Path}}
	told := &read.told
	matter, body, firstLine, ok := content.FrontMatter(f.Source)
	if !ok {
		told.Add(1, "assessment.problem.no_front_matter")
		return read
	}
	y := content.DecodeYAML(matter, 1, &read.head, told)
	if len(told.List) == 0 {
		read.head.check(f, y, told)
	}
	read.questions = readQuestions(strings.Split(strings.ReplaceAll(string(body), "\r\n", "\n"), "\n"), firstLine, told)
	if len(read.questions) == 0 {
		told.Add(0, "assessment.problem.no_questions")
	}
	seen := map[string]bool{}
	for _, w := range read.questions {
		if seen[w.id] {
			told.Add(w.line, "assessment.problem.twice", "Question", w.id)
		}
		seen[w.id] = true
		w.check(told)
	}
	return read
}

// check holds the rules for the front matter.
func (h front) check(f content.QuizFile, y content.YAML, told *content.Problems) {
	if content.ModuleOf(h.Module) != f.ModuleID {
		told.Add(y.Line("module"), "assessment.problem.module", "Module", h.Module, "File", string(f.ModuleID))
	}
	if h.Lang != f.Lang {
		told.Add(y.Line("lang"), "assessment.problem.lang", "Lang", string(h.Lang))
	}
	if h.Version < 1 {
		told.Add(y.Line("version"), "assessment.problem.version")
	}
	if h.Title == "" {
		told.Add(y.Line("title"), "assessment.problem.title")
	}
	if h.Pass < 0 || h.Pass > 100 {
		told.Add(y.Line("pass"), "assessment.problem.pass")
	}
}

func readQuestions(lines []string, firstLine int, told *content.Problems) []written {
	var questions []written
	for i, text := range lines {
		line := firstLine + i
		if m := questionHead.FindStringSubmatch(text); m != nil {
			questions = append(questions, written{id: m[1], line: line})
			continue
		}
		if len(questions) == 0 {
			if strings.TrimSpace(text) != "" {
				told.Add(line, "assessment.problem.before_first")
			}
			continue
		}
		questions[len(questions)-1].read(text, line, told)
	}
	return questions
}

// read takes one line of a question: its settings up to the first empty line, then the
// question, then choices with the feedback to each, then the feedback to the whole.
func (w *written) read(text string, line int, told *content.Problems) {
	n := len(w.choices)
	empty := strings.TrimSpace(text) == ""
	setting := settingLine.FindStringSubmatch(text)
	choice := choiceLine.FindStringSubmatch(text)
	inner := innerQuote.FindStringSubmatch(text)
	outer := outerQuote.FindStringSubmatch(text)
	switch {
	case empty:
		w.begun = w.begun || w.kind != ""
		if n == 0 && len(w.stem) > 0 {
			w.stem = append(w.stem, "")
		}
	case !w.begun && setting != nil:
		w.set(setting[1], setting[2], line, told)
	case strings.HasPrefix(text, "#"):
		told.Add(line, "assessment.problem.heading")
	case choice != nil && len(w.general) == 0:
		w.right = append(w.right, choice[1] != " ")
		w.choices = append(w.choices, choice[2])
		w.feedback = append(w.feedback, "")
		w.lines, w.said = append(w.lines, line), append(w.said, line)
	case looksLikeChoice.MatchString(text):
		told.Add(line, "assessment.problem.choice_form", "Question", w.id)
	case n == 0:
		if len(w.stem) == 0 {
			w.stemLine = line
		}
		w.begun = true
		w.stem = append(w.stem, text)
	case inner != nil && len(w.general) == 0:
		if w.feedback[n-1] == "" {
			w.said[n-1] = line
		}
		w.feedback[n-1] = strings.TrimSpace(w.feedback[n-1] + "\n" + inner[1])
	case outer != nil:
		if len(w.general) == 0 {
			w.genLine = line
		}
		w.general = append(w.general, outer[1])
	case strings.HasPrefix(text, "  ") && w.feedback[n-1] == "" && len(w.general) == 0:
		w.choices[n-1] += "\n" + strings.TrimSpace(text)
	default:
		told.Add(line, "assessment.problem.line", "Question", w.id)
	}
}

func (w *written) set(name, value string, line int, told *content.Problems) {
	switch name {
	case "type":
		w.kind = QuestionType(value)
	case "objective":
		w.objective = value
	default:
		told.Add(line, "assessment.problem.setting", "Question", w.id, "Setting", name)
	}
}

// check holds the rules of one question.
func (w written) check(told *content.Problems) {
	right := 0
	for _, r := range w.right {
		if r {
			right++
		}
	}
	for _, rule := range []struct {
		broken bool
		line   int
		key    string
	}{
		{!slices.Contains([]QuestionType{Single, Multiple, TrueFalse}, w.kind), w.line, "assessment.problem.type"},
		{len(w.stem) == 0, w.line, "assessment.problem.no_stem"},
		{len(w.choices) < 2 || (w.kind == TrueFalse && len(w.choices) != 2), w.line, "assessment.problem.choices"},
		{right == 0 || (w.kind != Multiple && right != 1), w.line, "assessment.problem.right"},
		{w.objective != "" && number(w.objective) == 0, w.line, "assessment.problem.objective"},
	} {
		if rule.broken {
			told.Add(rule.line, rule.key, w.pairs(right)...)
		}
	}
	for i, feedback := range w.feedback {
		if feedback == "" {
			told.Add(w.lines[i], "assessment.problem.feedback", "Question", w.id)
		}
	}
}

// pairs are the arguments that a sentence about a whole question may name.
func (w written) pairs(right int) []any {
	return []any{"Question", w.id, "Type", string(w.kind), "Count", right}
}

// text draws the question's words once, safely, as they will be shown.
func (w written) text(told *content.Problems) Text {
	t := Text{
		Stem:    content.Short(strings.TrimSpace(strings.Join(w.stem, "\n")), w.stemLine, told),
		General: content.Short(strings.Join(w.general, "\n"), w.genLine, told),
	}
	for i := range w.choices {
		t.Choices = append(t.Choices, content.Short(w.choices[i], w.lines[i], told))
		t.Feedback = append(t.Feedback, content.Short(w.feedback[i], w.said[i], told))
	}
	return t
}

func number(s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' || n > 1000 {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}
