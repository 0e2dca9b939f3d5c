package assessment

import (
	"path"
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

// fileRead is one quiz file as it was read.
type fileRead struct {
	content.QuizFile
	head      front
	questions []Written
	pools     []Written
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
			quiz := f.quiz(spanish)
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

// quiz makes the quiz of an English file and, where there is one, its Spanish words. The
// two files must hold the same questions in the same order with the same key: they are
// one quiz.
func (f *fileRead) quiz(spanish *fileRead) Quiz {
	quiz := Quiz{ModuleID: string(f.ModuleID), Version: f.head.Version, TitleEN: f.head.Title, Pass: f.head.Pass,
		PathEN: f.Path, SourceEN: string(f.Source)}
	if quiz.Pass == 0 {
		quiz.Pass = DefaultPass
	}
	if spanish != nil {
		quiz.TitleES, quiz.PathES, quiz.SourceES = spanish.head.Title, spanish.Path, string(spanish.Source)
		spanish.sameAs(f)
	}
	for i, w := range f.questions {
		quiz.lines = append(quiz.lines, w.line)
		other, told := (*Written)(nil), &f.told
		if spanish != nil && i < len(spanish.questions) && !spanish.questions[i].flawed {
			other, told = &spanish.questions[i], &spanish.told
		}
		if w.flawed {
			continue // told already
		}
		question := w.Question(&f.told, other, told)
		question.Position, question.Hash = i+1, contentHash(w)
		for _, pool := range f.pools {
			if slices.Contains(pool.Members, w.ID) {
				question.Body.Pool = pool.ID
			}
		}
		quiz.Questions = append(quiz.Questions, question)
	}
	for _, w := range f.pools {
		quiz.Pools = append(quiz.Pools, Pool{w.ID, w.Draw, w.Members})
	}
	quiz.Count = quiz.asked()
	return quiz
}

// sameAs tells where a Spanish file is not the same quiz as the English one.
func (f *fileRead) sameAs(english *fileRead) {
	compare := func(mine, theirs []Written) {
		for i, w := range mine {
			if i >= len(theirs) || w.differs(theirs[i]) {
				f.told.Add(w.line, "assessment.problem.not_the_same", "Question", w.ID)
				mine[i].flawed = true
			}
		}
		if len(mine) < len(theirs) {
			f.told.Add(0, "assessment.problem.questions_missing", "Question", theirs[len(mine)].ID)
		}
	}
	compare(f.questions, english.questions)
	compare(f.pools, english.pools)
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
	all := ReadWritten(strings.Split(strings.ReplaceAll(string(body), "\r\n", "\n"), "\n"), firstLine, told)
	seen, long := map[string]bool{}, 0
	for _, w := range all {
		if w.Check(told); seen[w.ID] {
			told.Add(w.line, "assessment.problem.twice", "Question", w.ID)
		}
		seen[w.ID] = true
		if w.Type == pool {
			read.pools = append(read.pools, w)
			continue
		}
		if read.questions = append(read.questions, w); w.Type == Essay || w.Type == Reflection {
			long++
		}
		if long > mostLong {
			told.Add(w.line, "assessment.problem.long", "Count", mostLong)
			long = 0
		}
	}
	if len(read.questions) == 0 {
		told.Add(0, "assessment.problem.no_questions")
	}
	read.checkPools()
	return read
}

// mostLong is how many long texts a quiz asks for: with more, an attempt would be a day
// of writing, and of reading.
const mostLong = 3

// checkPools tells members that the file lacks or that two pools would draw.
func (f *fileRead) checkPools() {
	home := map[string]bool{}
	for _, w := range f.pools {
		for _, id := range w.Members {
			if home[id] || !slices.ContainsFunc(f.questions, func(q Written) bool { return q.ID == id && q.Type != Description }) {
				f.told.Add(w.line, "assessment.problem.pool_member", "Question", w.ID, "Member", id)
			}
			home[id] = true
		}
	}
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
