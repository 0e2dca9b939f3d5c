package courses_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/content/curriculum"
	"github.com/metropolitan-peace-academy/academy/courses"
)

const plain = `code: OUT
edition: "2026"
sector: outreach
in_force: 2026-01-01
title: {en: Outreach, es: Alcance}
minutes: 480
hours: 8
hour: 60
breaks: counted
grace: 10
weeks: 1
sessions_a_week: 2
competencies:
  - {en: Peace, es: Paz}
rules:
  graduation: full
  knowledge: 70
  wording: completed
  practicals:
    - {id: talk, en: Talk, es: Hablar}
required: [T07]
sessions:
  - week: 1
    title: {en: One, es: Uno}
    minutes: 240
    parts:
      - {module: T07, title: {en: Calm, es: Calma}, minutes: 180}
      - {title: {en: Lab, es: Laboratorio}, minutes: 60}
  - week: 1
    title: {en: Two, es: Dos}
    minutes: 240
    parts:
      - {module: T09, title: {en: Later, es: Luego}, minutes: 240}
serves: [prevention]
`

const quizAfter = "  wording: completed\n"

func module(id content.ModuleID, tags ...content.Tag) content.Module {
	return content.Module{ID: id, Lang: content.English, Sensitivity: tags}
}

var library = content.Folder{Modules: []content.Module{
	module("T07", content.Open), module("T20", content.Police, content.JointOnly), module("T21", content.Police),
}}

func TestAnEditionIsHeldToItsRulesWithFileAndLine(t *testing.T) {
	for name, row := range map[string]struct {
		from, to string
		want     string
	}{
		"as it should be":                  {"", "", ""},
		"an unknown key":                   {"weeks: 1", "wekks: 1", "11 content.problem.key_unknown"},
		"a code of no form":                {"code: OUT", "code: outreach", "1 courses.problem.code"},
		"an unknown sector":                {"sector: outreach", "sector: army", "3 courses.problem.sector"},
		"a service line that is none":      {"serves: [prevention]", "serves: [rescue]", "34 courses.problem.service_line"},
		"no date":                          {"in_force: 2026-01-01", "in_force: soon", "4 content.problem.date"},
		"one language":                     {"title: {en: One, es: Uno}", "title: {en: One}", "24 courses.problem.both_languages"},
		"an hour of 45":                    {"hour: 60", "hour: 45", "8 courses.problem.hour"},
		"hours that are not the minutes":   {"hour: 60", "hour: 50", "6 courses.problem.hours"},
		"breaks in doubt":                  {"breaks: counted", "breaks: maybe", "9 courses.problem.breaks"},
		"breaks twice":                     {"minutes: 240\n    parts:\n      - {module: T07", "minutes: 240\n    breaks: 15\n    parts:\n      - {module: T07", "26 courses.problem.session_breaks"},
		"a grace of an hour":               {"grace: 10", "grace: 60", "10 courses.problem.grace"},
		"no grace said":                    {"grace: 10\n", "", "1 courses.problem.grace"},
		"a rule nobody knows":              {"graduation: full", "graduation: most", "16 courses.problem.rule"},
		"a wording that may not be":        {"wording: completed", "wording: certified", "18 courses.problem.wording"},
		"more than all":                    {"knowledge: 70", "knowledge: 101", "17 courses.problem.percent"},
		"quiz rules as they may be":        {quizAfter, quizAfter + "  quiz: {minutes: 30, grace_minutes: 0, tries: 3, pause: false, review: after_close}\n", ""},
		"fewer than no check dropped":      {"knowledge: 70", "knowledge: 70\n  drop_lowest: -1", "18 courses.problem.drop_lowest"},
		"more than all by self-study":      {"knowledge: 70", "knowledge: 70\n  self_study: 101", "18 courses.problem.self_study"},
		"less than none by self-study":     {"knowledge: 70", "knowledge: 70\n  self_study: -1", "18 courses.problem.self_study"},
		"a mandate outside of the police":  {"minutes: 180}", "minutes: 180, mandate: civil_rights}", "27 courses.problem.mandate"},
		"more checks dropped than ten":     {"knowledge: 70", "knowledge: 70\n  drop_lowest: 11", "18 courses.problem.drop_lowest"},
		"a check of nine hours":            {quizAfter, quizAfter + "  quiz:\n    minutes: 540\n", "20 courses.problem.quiz_number"},
		"a grace below none":               {quizAfter, quizAfter + "  quiz:\n    minutes: 30\n    grace_minutes: -1\n", "21 courses.problem.quiz_number"},
		"no try at all":                    {quizAfter, quizAfter + "  quiz:\n    tries: 0\n", "20 courses.problem.quiz_number"},
		"a review nobody knows":            {quizAfter, quizAfter + "  quiz:\n    review: never\n", "20 courses.problem.quiz_review"},
		"a quiz rule nobody knows":         {quizAfter, quizAfter + "  quiz:\n    shuffle: true\n", "20 content.problem.key_unknown"},
		"a pause that is no yes or no":     {quizAfter, quizAfter + "  quiz:\n    pause: perhaps\n", "20 content.problem.value_kind"},
		"a practical without an id":        {"id: talk, ", "", "20 courses.problem.practical_id"},
		"three sessions in a week of two":  {"sessions_a_week: 2", "sessions_a_week: 1", "29 courses.problem.week"},
		"a week too many":                  {"  - week: 1\n    title: {en: Two", "  - week: 2\n    title: {en: Two", "29 courses.problem.week"},
		"parts that miss the session":      {"minutes: 60}", "minutes: 50}", "25 courses.problem.session_sum"},
		"sessions that miss the course":    {"minutes: 240\n    parts:\n      - {module: T09, title: {en: Later, es: Luego}, minutes: 240}", "minutes: 200\n    parts:\n      - {module: T09, title: {en: Later, es: Luego}, minutes: 200}", "23 courses.problem.map_sum"},
		"a required module without text":   {"required: [T07]", "required: [T07, T09]", "21 courses.problem.required_unpublished"},
		"a required module off the map":    {"required: [T07]", "required: [T07, T20]", "21 courses.problem.required_off_map"},
		"the other side's module":          {"module: T09", "module: T21", "33 courses.problem.module_hidden"},
		"the other side's joint module":    {"module: T09", "module: T20", "33 courses.problem.module_hidden"},
		"the same in a joint session":      {"parts:\n      - {module: T09", "joint: true\n    parts:\n      - {module: T20", ""},
		"the same, but not for joint ones": {"parts:\n      - {module: T09", "joint: true\n    parts:\n      - {module: T21", "34 courses.problem.module_hidden"},
	} {
		t.Run(name, func(t *testing.T) {
			source := strings.Replace(plain, row.from, row.to, 1)
			if row.from != "" && source == plain {
				t.Fatal("nothing was replaced")
			}
			fsys := fstest.MapFS{"courses/out.yaml": {Data: []byte(source)}}
			editions, problems := courses.Parse(fsys, ".", library)
			if got := told(problems); got != row.want {
				t.Errorf("told %q, want %q", got, row.want)
			}
			if kept := len(editions) == 1; kept != (row.want == "") {
				t.Errorf("kept: %v", kept)
			}
		})
	}
}

func told(problems []content.Problem) string {
	var said []string
	for _, p := range problems {
		said = append(said, fmt.Sprintf("%d %s", p.Line, p.Key))
	}
	return strings.Join(said, "; ")
}

func TestTheSameEditionTwiceIsTold(t *testing.T) {
	fsys := fstest.MapFS{"courses/a.yaml": {Data: []byte(plain)}, "courses/b.yaml": {Data: []byte(plain)}}
	editions, problems := courses.Parse(fsys, ".", library)
	if len(editions) != 1 || told(problems) != "1 courses.problem.edition_twice" || problems[0].Path != "courses/b.yaml" {
		t.Errorf("%d editions, told %q", len(editions), told(problems))
	}
}

// Every edition's map is summed by hand here, apart from the parser's own check.
func TestEveryEditionReachesItsMinutes(t *testing.T) {
	folder, _ := content.Parse(curriculum.Files, ".")
	editions, problems := courses.Parse(curriculum.Files, ".", folder)
	for _, p := range problems {
		t.Error(p)
	}
	want := map[string][3]int{ // minutes, sessions, weeks
		"OUT outreach": {8640, 36, 18}, "CM outreach": {5760, 24, 12}, "CTA law_enforcement": {1440, 6, 3},
		"PUT outreach": {1500, 7, 4}, "PUT law_enforcement": {1500, 7, 4}, "VS outreach": {8160, 34, 17},
		"HOS outreach": {1440, 4, 1}, "HOS health": {1440, 4, 1}, "FEL outreach": {2880, 12, 26}, "SC2 outreach": {1440, 6, 3},
		"CPR outreach": {1440, 6, 3}, "MPX community": {720, 3, 3}, "COM community": {480, 4, 4},
	}
	for _, e := range editions {
		sum, joint, weeks := 0, 0, 0
		for _, s := range e.Sessions {
			inSession := 0
			for _, p := range s.Parts {
				inSession += p.Minutes
			}
			if inSession != s.Minutes {
				t.Errorf("%s session %d: %d minutes of %d", e.CourseCode, s.Position, inSession, s.Minutes)
			}
			sum, weeks = sum+inSession, max(weeks, s.Week)
			if s.Joint {
				joint += s.Minutes
			}
		}
		key := e.CourseCode + " " + string(e.Sector)
		if got := [3]int{sum, len(e.Sessions), weeks}; got != want[key] || sum != e.Minutes {
			t.Errorf("%s: minutes, sessions, weeks %v, want %v", key, got, want[key])
		}
		if e.CourseCode == "PUT" && joint != 720 {
			t.Errorf("%s: %d minutes together, want 720", key, joint)
		}
		delete(want, key)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}

func TestQuizRulesAreWhatTheEditionSaysAndElseAsEver(t *testing.T) {
	for rules, want := range map[string]courses.QuizRules{
		"":                                   {Grace: 10, Tries: 2, Pause: true, Review: courses.AfterPass},
		"  quiz: {minutes: 20}\n":            {Minutes: 20, Grace: 10, Tries: 2, Pause: true, Review: courses.AfterPass},
		"  quiz: {pause: false, tries: 3}\n": {Grace: 10, Tries: 3, Review: courses.AfterPass},
		"  quiz: {grace_minutes: 0, review: after_each}\n": {Tries: 2, Pause: true, Review: courses.AfterEach},
	} {
		fsys := fstest.MapFS{"courses/out.yaml": {Data: []byte(strings.Replace(plain, quizAfter, quizAfter+rules, 1))}}
		editions, problems := courses.Parse(fsys, ".", library)
		if len(editions) != 1 || editions[0].Quiz != want {
			t.Errorf("%q: %+v, %s", rules, editions, told(problems))
		}
	}
}

func TestAnEditionThatAsksForACapstoneLetsItBeRecorded(t *testing.T) {
	for source, want := range map[string]string{
		plain: "talk",
		strings.Replace(plain, "  practicals:", "  capstone: true\n  practicals:", 1): "talk capstone",
	} {
		editions, problems := courses.Parse(fstest.MapFS{"courses/out.yaml": {Data: []byte(source)}}, ".", library)
		if len(editions) != 1 {
			t.Fatal(told(problems))
		}
		var ids []string
		for _, p := range editions[0].Practicals {
			ids = append(ids, p.ID)
			if p.EN == "" || p.ES == "" {
				t.Errorf("%s lacks a language", p.ID)
			}
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("observed %q, want %q", got, want)
		}
	}
}
