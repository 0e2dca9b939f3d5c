package assessment_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/content/curriculum"
)

func TestEveryQuizOfTheCurriculumReads(t *testing.T) {
	t.Parallel()
	folder, _ := content.Parse(curriculum.Files, ".")
	quizzes, problems := assessment.ReadQuizzes(folder.Quizzes)
	for _, p := range problems {
		t.Error(p)
	}
	names, err := fs.Glob(curriculum.Files, "*.quiz*.md")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, q := range quizzes {
		read++
		if q.Speaks("es") {
			read++
		}
		if len(q.Questions) < 8 {
			t.Errorf("%s has %d questions; a knowledge check has at least eight", q.PathEN, len(q.Questions))
		}
		for _, question := range q.Questions {
			for language, text := range question.Body.Texts {
				if text.Stem == "" || question.Picked() && len(text.Choices) != len(question.Body.Right) || strings.Contains(strings.Join(text.Choices, ""), "<p>") {
					t.Errorf("%s %s in %s: %+v", q.PathEN, question.ID, language, text)
				}
				if strings.Contains(text.Stem, "Choose all") || strings.Contains(text.Stem, "Escoja tod") {
					t.Errorf("%s %s in %s says that more than one fits; the page says so under every such question", q.PathEN, question.ID, language)
				}
			}
		}
	}
	if read != len(names) {
		t.Errorf("%d files were read of %d", read, len(names))
	}
}

const head = "---\nmodule: T07\ntitle: \"Check\"\nlang: en\nversion: 1\n---\n\n"

const sound = "## q1\ntype: single\nobjective: 1\n\nWhat now?\n\n- [x] Wait\n  > Yes.\n- [ ] Run\n  > No.\n"

func file(lang content.Lang, source string) content.QuizFile {
	path := "dir/t07.quiz.md"
	if lang == content.Spanish {
		path = "dir/t07.quiz.es.md"
	}
	return content.QuizFile{ModuleID: "T07", Lang: lang, Path: path, Source: []byte(source)}
}

func TestEveryProblemOfAQuizFileIsToldWithItsLine(t *testing.T) {
	t.Parallel()
	spanish := strings.NewReplacer("lang: en", "lang: es")
	type problem struct {
		line int
		key  string
	}
	for name, row := range map[string]struct {
		files []content.QuizFile
		want  []problem
	}{
		"nothing wrong":     {[]content.QuizFile{file(content.English, head+sound)}, nil},
		"Windows line ends": {[]content.QuizFile{file(content.English, strings.ReplaceAll(head+sound, "\n", "\r\n"))}, nil},
		"no front matter":   {[]content.QuizFile{file(content.English, sound)}, []problem{{1, "no_front_matter"}}},
		"front matter that says otherwise": {[]content.QuizFile{file(content.English,
			"---\nmodule: T08\ntitle: \"\"\nlang: es\nversion: 0\npass: 101\n---\n"+sound)},
			[]problem{{2, "module"}, {3, "title"}, {4, "lang"}, {5, "version"}, {6, "pass"}}},
		"no question": {[]content.QuizFile{file(content.English, head)}, []problem{{0, "no_questions"}}},
		"all that can be wrong with a question": {[]content.QuizFile{file(content.English, head+"Hello\n\n## q1\ntype: guess\nobjective: x\ncolour: red\n\n- [ ] Wait\n")},
			[]problem{{8, "before_first"}, {10, "type"}, {10, "no_stem"}, {10, "choices"}, {10, "right"}, {12, "setting_value"}, {13, "setting"}, {15, "choice_form"}}},
		"a question twice":                 {[]content.QuizFile{file(content.English, head+sound+"\n"+sound)}, []problem{{19, "twice"}}},
		"two right where one is asked for": {[]content.QuizFile{file(content.English, head+strings.Replace(sound, "[ ] Run", "[x] Run", 1))}, []problem{{8, "right"}}},
		"a choice that is none, a heading, a stray line": {[]content.QuizFile{file(content.English, head+sound+"- [v] Hm\n# Loud\nstray\n")},
			[]problem{{18, "choice_form"}, {19, "heading"}, {20, "line"}}},
		"a script in a choice":     {[]content.QuizFile{file(content.English, head+strings.Replace(sound, "Run", "<script>x</script>", 1))}, []problem{{16, "content.problem.html"}}},
		"a script in the feedback": {[]content.QuizFile{file(content.English, head+strings.Replace(sound, "> No.", "> <b>No</b>", 1))}, []problem{{17, "content.problem.html"}}},
		"Spanish alone":            {[]content.QuizFile{file(content.Spanish, spanish.Replace(head+sound))}, []problem{{0, "spanish_alone"}}},
		"Spanish of another version": {[]content.QuizFile{file(content.English, head+sound), file(content.Spanish, strings.Replace(spanish.Replace(head+sound), "version: 1", "version: 2", 1))},
			[]problem{{0, "spanish_alone"}}},
		"Spanish with another right answer": {[]content.QuizFile{file(content.English, head+sound),
			file(content.Spanish, strings.NewReplacer("lang: en", "lang: es", "[x]", "[ ]", "[ ]", "[x]").Replace(head+sound))},
			[]problem{{8, "not_the_same"}}},
		"Spanish that lacks a question": {[]content.QuizFile{file(content.English, head+sound+"\n"+strings.Replace(sound, "q1", "q2", 1)),
			file(content.Spanish, spanish.Replace(head+sound))}, []problem{{0, "questions_missing"}}},
		"one version twice": {[]content.QuizFile{file(content.English, head+sound), file(content.English, head+sound)}, []problem{{0, "version_twice"}}},
	} {
		quizzes, problems := assessment.ReadQuizzes(row.files)
		if len(problems) != len(row.want) {
			t.Errorf("%s: %v, want %v", name, problems, row.want)
			continue
		}
		for i, p := range problems {
			key := row.want[i].key
			if !strings.Contains(key, ".") {
				key = "assessment.problem." + key
			}
			if p.Line != row.want[i].line || p.Key != key || !strings.HasPrefix(p.Path, "dir/") {
				t.Errorf("%s: %v, want %v", name, p, row.want[i])
			}
		}
		if whole := len(row.want) == 0; whole != (len(quizzes) == 1) && name != "one version twice" && name != "Spanish of another version" {
			t.Errorf("%s: %d quizzes", name, len(quizzes))
		}
	}
}

func TestImportTwiceChangesNothingAndOtherBytesAreRefused(t *testing.T) {
	each(t, func(w *world) {
		read := func(source string) []assessment.Quiz {
			quizzes, problems := assessment.ReadQuizzes([]content.QuizFile{file(content.English, source)})
			if len(problems) > 0 {
				w.Fatal(problems)
			}
			return quizzes
		}
		second := strings.Replace(head, "version: 1", "version: 2", 1) + sound
		for _, want := range []content.Imported{{New: 1}, {Known: 1}} {
			if done, err := w.Import(w.ctx, read(second)); err != nil || done != want {
				w.Errorf("%+v, %v; want %+v", done, err, want)
			}
		}
		changed := read(strings.Replace(second, "Wait", "Breathe", 1))
		_, err := w.Import(w.ctx, changed)
		w.wantConflict("other bytes", "assessment.import.other_bytes", err)
		clashes, err := w.Clashes(w.ctx, changed)
		if err != nil || len(clashes) != 1 || clashes[0].Sentence.Key != "assessment.import.other_bytes" || clashes[0].Path != "dir/t07.quiz.md" {
			w.Errorf("clashes: %v, %v", clashes, err)
		}
		stored, err := w.Files(w.ctx)
		names := map[string]string{}
		for _, f := range stored {
			names[f.Path] = string(f.Bytes)
		}
		if err != nil || len(stored) != 4 || names["t07.quiz.md"] != second || !strings.Contains(names["t07-topic.quiz.md"], "version: 1") {
			w.Errorf("what an export writes: %d files, %v, %v", len(stored), err, names)
		}
	})
}

func TestRunningAttemptKeepsTheQuizItBeganWith(t *testing.T) {
	each(t, func(w *world) {
		id := w.start(w.maya, "T07")
		quizzes, _ := assessment.ReadQuizzes([]content.QuizFile{file(content.English, strings.Replace(head, "version: 1", "version: 2", 1)+sound)})
		must(w)(w.Import(w.ctx, quizzes))
		if paper, err := w.Attempt(w.ctx, w.maya, id); err != nil || len(paper.Questions) != 3 {
			w.Errorf("the running one: %d questions, %v", len(paper.Questions), err)
		}
		if check, err := w.Check(w.ctx, w.omar, "T07"); err != nil || check.Questions != 1 {
			w.Errorf("one that begins now: %+v, %v", check, err)
		}
	})
}
