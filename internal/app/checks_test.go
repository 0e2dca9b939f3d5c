package app_test

import (
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

const listening = "---\nid: T91\ntitle: Listening\nlang: en\nversion: 1\nsensitivity: [O]\ncare: 1\nminutes: 60\nobjectives: [Listen.]\nsources: []\nreviewed_by: Law\nreviewed_on: 2026-11-16\n---\n\nListen.\n"

const listeningCheck = "---\nmodule: T91\ntitle: Check\nlang: en\nversion: 1\n---\n\n## t91-q1\ntype: single\n\nWhat is listening?\n\n- [x] Waiting\n  > Yes.\n- [ ] Talking\n  > Not yet.\n"

// school is an Academy with T91 and its check in both languages, and a team: ana and ben
// write in outreach, olga on the police side.
type school struct {
	*testing.T
	*app.Academy
	ana, ben, olga people.Viewer
	draft          content.DraftID // ana's, of T91
}

func eachSchool(t *testing.T, body func(s school)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			c := app.Defaults()
			c.Database, c.Data = dbtest.Empty(t, engine), filepath.Join(t.TempDir(), "data")
			a, err := app.Open(t.Context(), c, slog.New(slog.NewTextHandler(io.Discard, nil)), clock.System)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = a.Close() })
			s := school{T: t, Academy: a}
			s.imports(map[string]string{"t91-listening.md": listening, "t91-listening.quiz.md": listeningCheck, "t91-listening.quiz.es.md": spanishCheck(listeningCheck)})
			s.ana, s.ben, s.olga = s.writer("Ana", people.Outreach), s.writer("Ben", people.Outreach), s.writer("Olga", people.LawEnforcement)
			s.draft, err = a.Content.Revise(t.Context(), s.ana, "T91")
			s.must(err)
			body(s)
		})
	}
}

func spanishCheck(english string) string {
	return strings.NewReplacer("lang: en", "lang: es", "What is listening?", "¿Qué es escuchar?", "Waiting", "Esperar", "Talking", "Hablar").Replace(english)
}

func (s school) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s school) imports(files map[string]string) {
	s.Helper()
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	read, problems := content.Parse(folder, ".")
	quizzes, more := assessment.ReadQuizzes(read.Quizzes)
	if problems = append(problems, more...); len(problems) > 0 {
		s.Fatal(problems)
	}
	_, err := s.Content.Import(s.Context(), read)
	s.must(err)
	_, err = s.Assessment.Import(s.Context(), quizzes)
	s.must(err)
}

func (s school) writer(name string, sector people.Sector) people.Viewer {
	s.Helper()
	id, err := s.People.AddPerson(s.Context(), people.System(sector), people.NewPerson{GivenName: name, FamilyName: "Writer"})
	s.must(err)
	return people.Seen(id, sector, []people.Role{people.Author}, nil)
}

func (s school) write(part content.Part, old, other string) {
	s.Helper()
	_, texts, err := s.Content.Draft(s.Context(), s.ana, s.draft)
	s.must(err)
	changed := strings.ReplaceAll(texts[part].Source, old, other)
	if changed == texts[part].Source && old != "" {
		s.Fatalf("%s has no %q:\n%s", part, old, changed)
	}
	_, err = s.Content.Save(s.Context(), s.ana, s.draft, part, texts[part].ID, changed)
	s.must(err)
}

func (s school) submit() error {
	return s.Content.Submit(s.Context(), s.ana, s.draft, "outreach", "Asks better.")
}

func (s school) publish() (int, error) {
	s.Helper()
	s.must(s.submit())
	return s.approve()
}

func (s school) approve() (int, error) {
	s.Helper()
	d, _, err := s.Content.Draft(s.Context(), s.ana, s.draft)
	s.must(err)
	return s.Content.Review(s.Context(), s.ben, content.Review{DraftID: s.draft, SubmissionID: d.SubmissionID, Verdict: content.Approved, Discipline: "law"})
}

// check are the files of the check that stands, and its version.
func (s school) check() (files []content.QuizFile, version int) {
	s.Helper()
	files, version, err := s.Assessment.NewestFiles(s.Context(), "T91")
	s.must(err)
	return files, version
}

func said(err error) string {
	var told *fault.ConflictError
	if errors.As(err, &told) {
		return told.Key
	}
	return "no conflict"
}

func TestACheckIsWrittenReviewedAndPublishedWithItsModule(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(s school) {
		s.write(content.EnglishCheck, "What is listening?", "What does listening look like?")
		if err := s.submit(); said(err) != "no conflict" {
			s.Error(err)
		}
		s.must(s.Content.TakeBack(s.Context(), s.ana, s.draft))
		s.write(content.SpanishCheck, "- [x] Esperar", "- [ ] Esperar")
		if err := s.submit(); said(err) != "content.draft.problems" {
			s.Errorf("a Spanish check with another key is handed in: %v", err)
		}
		s.write(content.SpanishCheck, "- [ ] Esperar", "- [x] Esperar")
		if version, err := s.publish(); err != nil || version != 2 {
			s.Fatalf("version %d, %v", version, err)
		}
		files, version := s.check()
		want := strings.Replace(strings.Replace(listeningCheck, "What is listening?", "What does listening look like?", 1), "version: 1", "version: 2", 1)
		if version != 2 || len(files) != 2 || string(files[0].Source) != want || files[0].Path != "t91-listening.quiz.md" || files[1].Path != "t91-listening.quiz.es.md" {
			s.Errorf("check %d is %s", version, files)
		}
		out, err := s.Assessment.Files(s.Context())
		s.must(err)
		if !slices.ContainsFunc(out, func(f content.File) bool { return f.Path == "t91-listening.quiz.md" && string(f.Bytes) == want }) ||
			!slices.ContainsFunc(out, func(f content.File) bool {
				return f.Path == "t91-listening.v1.quiz.md" && string(f.Bytes) == listeningCheck
			}) {
			s.Errorf("an export holds %v", out)
		}
		m, err := s.Content.Module(s.Context(), s.olga, "T91", content.English)
		s.must(err)
		if m.Version != 2 || !m.HasCheck {
			s.Errorf("the module is %+v", m)
		}
	})
}

func TestACheckThatNobodyWroteInStaysAsItIs(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(s school) {
		s.write(content.EnglishCheck, "Talking", "Speaking")
		s.write(content.EnglishCheck, "Speaking", "Talking")
		s.write(content.EnglishText, "\nListen.\n", "\nListen first.\n")
		_, err := s.publish()
		s.must(err)
		if _, version := s.check(); version != 1 {
			s.Errorf("the same check is version %d", version)
		}
		s.draft, err = s.Content.Revise(s.Context(), s.ana, "T91")
		s.must(err)
		newer := strings.Replace(listeningCheck, "version: 1", "version: 2", 1)
		s.imports(map[string]string{"t91-listening.md": listening, "t91-listening.quiz.md": newer})
		s.write(content.EnglishText, "first", "first, always")
		_, err = s.publish()
		s.must(err)
		if files, version := s.check(); version != 2 || len(files) != 1 {
			s.Errorf("a check that came meanwhile is now version %d, %s", version, files)
		}
	})
}

func TestACheckIsNeitherWrittenOverANewerOneNorLeftOut(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(s school) {
		s.write(content.EnglishCheck, "Talking", "Speaking")
		s.must(s.submit())
		newer := strings.Replace(listeningCheck, "version: 1", "version: 2", 1)
		s.imports(map[string]string{"t91-listening.md": listening, "t91-listening.quiz.md": newer})
		if _, err := s.approve(); said(err) != "content.draft.check_behind" {
			s.Errorf("an old check is published over a newer one: %v", err)
		}
		if m, err := s.Content.Module(s.Context(), s.ana, "T91", content.English); err != nil || m.Version != 1 {
			s.Errorf("the text went out without its check: version %d, %v", m.Version, err)
		}
		s.must(s.Content.TakeBack(s.Context(), s.ana, s.draft))
		d, texts, err := s.Content.Draft(s.Context(), s.ana, s.draft)
		s.must(err)
		if behind, err := s.Content.CheckBehind(s.Context(), d, texts); err != nil || !behind {
			s.Errorf("behind is %t, %v", behind, err)
		}
		s.must(s.Content.BringUpToDate(s.Context(), s.ana, s.draft))
		s.write(content.EnglishCheck, texts[content.EnglishCheck].Source, "")
		s.write(content.SpanishCheck, texts[content.SpanishCheck].Source, "")
		if err := s.submit(); said(err) != "content.draft.check_gone" {
			s.Errorf("the check is left out: %v", err)
		}
	})
}

func TestAModulesFirstCheckIsBegunFromAnExampleAndPublished(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(s school) {
		id, err := s.Content.Begin(s.Context(), s.ana, content.OfModule, "Walking: together", "C")
		s.must(err)
		s.draft = id
		s.write(content.EnglishText, "objectives:\n  - \nsources:\n  - \n", "objectives:\n  - Walk.\nsources: []\n")
		var d content.Draft
		for _, part := range []content.Part{content.EnglishCheck, content.SpanishCheck} {
			var texts content.Texts
			d, texts, err = s.Content.Draft(s.Context(), s.ana, id)
			s.must(err)
			_, err = s.Content.Save(s.Context(), s.ana, id, part, texts[part].ID, d.Start(part, texts))
			s.must(err)
		}
		version, err := s.publish()
		s.must(err)
		files, check, err := s.Assessment.NewestFiles(s.Context(), d.ModuleID)
		s.must(err)
		if m, err := s.Content.Module(s.Context(), s.ana, d.ModuleID, content.English); err != nil || version != 1 || check != 1 || len(files) != 2 || !m.HasCheck {
			s.Errorf("version %d with check %d, %s, %v", version, check, files, err)
		}
	})
}

// The problems of a check stand at its author's own lines, and what can be read is drawn.
func TestACheckIsDrawnWhileItIsWritten(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(s school) {
		d, texts, err := s.Content.Draft(s.Context(), s.ana, s.draft)
		s.must(err)
		typed := texts[content.EnglishCheck].Source + "\n## t91-q2\ntype: single\n\nHow long?\n\n- [ ] A while\n  > Yes.\n" +
			"\n## t91-q3\ntype: short\n\nSay <script>alert(1)</script> it.\n\n- [=] *breathe*\n  > Yes.\n"
		bench, err := s.Content.Bench(s.Context(), s.ana, d, texts, content.EnglishCheck, typed)
		s.must(err)
		sheet, err := bench.Sheet(s.Context(), content.EnglishCheck)
		s.must(err)
		lines := strings.Split(typed, "\n")
		var at []string
		for _, f := range sheet.Findings {
			if !f.Warning {
				at = append(at, lines[f.Line-1])
			}
		}
		if !slices.Contains(at, "## t91-q2") || bench.ProblemsIn(content.EnglishCheck) != len(at) || bench.ProblemsIn(content.EnglishText) != 0 {
			s.Errorf("problems stand at %q", at)
		}
		if !strings.Contains(sheet.HTML, "What is listening?") || !strings.Contains(sheet.HTML, "A right answer") || strings.Contains(sheet.HTML, "<script") {
			s.Errorf("drawn as %s", sheet.HTML)
		}
		spanish, err := bench.Sheet(s.Context(), content.SpanishCheck)
		s.must(err)
		if !strings.Contains(spanish.HTML, "¿Qué es escuchar?") || !strings.Contains(spanish.HTML, "Pregunta 1") || strings.Contains(spanish.HTML, "Waiting") {
			s.Errorf("in Spanish drawn as %s", spanish.HTML)
		}
	})
}

// Rule 17: whoever takes a course that holds the module reaches no word of its check.
func TestWhoLearnsAModuleReachesNoDraftOfItsCheck(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(s school) {
		learner := s.writer("Lena", people.Outreach)
		s.must(s.Content.CloseAnswers(s.Context(), learner.Person(), []content.ModuleID{"T91"}, "place"))
		d, texts, err := s.Content.Draft(s.Context(), s.ana, s.draft)
		s.must(err)
		if _, err := s.Content.Revise(s.Context(), learner, "T91"); !errors.Is(err, fault.NotFound) {
			s.Errorf("a writer who learns the module begins a draft of it: %v", err)
		}
		for who, v := range map[string]people.Viewer{"a writer who learns the module": learner, "the other side": s.olga} {
			_, _, read := s.Content.Draft(s.Context(), v, d.ID)
			_, revision := s.Content.Revision(s.Context(), v, d.ID, texts[content.EnglishCheck].ID)
			_, save := s.Content.Save(s.Context(), v, d.ID, content.EnglishCheck, texts[content.EnglishCheck].ID, "x")
			for act, err := range map[string]error{"reads": read, "reads a revision": revision, "saves": save} {
				if !errors.Is(err, fault.NotFound) {
					s.Errorf("%s %s: %v", who, act, err)
				}
			}
		}
	})
}
