package assessment

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// rubricFile is one file of the folder's rubrics.
type rubricFile struct {
	Practical string        `yaml:"practical"`
	Courses   []string      `yaml:"courses"`
	Sector    people.Sector `yaml:"sector"`
	Version   int           `yaml:"version"`
	Minutes   int           `yaml:"minutes"`
	Setup     courses.Both  `yaml:"setup"`
	Criteria  []Criterion   `yaml:"criteria"`
}

// Fewest and most criteria that one person can watch for during a role play.
const (
	fewestCriteria = 3
	mostCriteria   = 6
)

// longestRolePlay is how many minutes a role play may take.
const longestRolePlay = 120

var rubricID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

// ReadRubrics reads the rubrics of a folder of the curriculum (its rubrics/*.yaml). Every
// problem is told with file and line; a rubric with a problem is left out. The folder's
// editions are those whose practicals a rubric may be for.
func ReadRubrics(fsys fs.FS, dir string, editions []courses.Edition) ([]Rubric, []content.Problem) {
	names, err := fs.Glob(fsys, path.Join(dir, "rubrics", "*.yaml"))
	if err != nil {
		names = nil
	}
	var rubrics []Rubric
	var problems []content.Problem
	seen := map[string]string{}
	for _, name := range names {
		told := &content.Problems{Path: name}
		if source, ok := content.ReadSource(fsys, name, told); ok {
			rubric := readRubric(source, name, editions, told)
			for _, code := range rubric.Courses {
				key := fmt.Sprint(rubric.PracticalID, " ", rubric.Sector, " ", code, " ", rubric.Version)
				if other, twice := seen[key]; twice && len(told.List) == 0 {
					told.Add(1, "assessment.rubric.version_twice", "Other", path.Base(other), "Course", code)
				}
				seen[key] = name
			}
			if len(told.List) == 0 {
				rubrics = append(rubrics, rubric)
			}
		}
		problems = append(problems, told.List...)
	}
	content.SortProblems(problems)
	return rubrics, problems
}

func readRubric(source []byte, name string, editions []courses.Edition, told *content.Problems) Rubric {
	var f rubricFile
	y := content.DecodeYAML(source, 0, &f, told)
	if len(told.List) == 0 {
		f.check(y, editions, told)
	}
	sum := sha256.Sum256(source)
	return Rubric{Hash: RubricHash(hex.EncodeToString(sum[:])), PracticalID: f.Practical, Sector: f.Sector, Version: f.Version,
		Minutes: f.Minutes, Setup: f.Setup, Criteria: f.Criteria, Path: path.Base(name), Source: string(source), Courses: f.Courses}
}

// check holds the rules of one file.
func (f rubricFile) check(y content.YAML, editions []courses.Edition, told *content.Problems) {
	for _, rule := range []struct {
		broken bool
		at     string
		key    string
	}{
		{!rubricID.MatchString(f.Practical), "practical", "assessment.rubric.practical"},
		{!f.Sector.Known(), "sector", "assessment.rubric.sector"},
		{len(f.Courses) == 0, "courses", "assessment.rubric.courses"},
		{f.Version < 1, "version", "assessment.problem.version"},
		{f.Minutes < 1 || f.Minutes > longestRolePlay, "minutes", "assessment.rubric.minutes"},
		{lacks(f.Setup), "setup", "assessment.rubric.setup"},
		{len(f.Criteria) < fewestCriteria || len(f.Criteria) > mostCriteria, "criteria", "assessment.rubric.count"},
	} {
		if rule.broken {
			told.Add(y.Line(rule.at), rule.key, "Fewest", fewestCriteria, "Most", mostCriteria, "Minutes", longestRolePlay)
		}
	}
	for _, code := range f.Courses {
		asked := slices.ContainsFunc(editions, func(e courses.Edition) bool {
			return e.CourseCode == code && e.Sector == f.Sector &&
				slices.ContainsFunc(e.Practicals, func(p courses.Practical) bool { return p.ID == f.Practical })
		})
		if !asked {
			told.Add(y.Line("courses"), "assessment.rubric.not_asked", "Course", code, "Practical", f.Practical)
		}
	}
	seen := map[string]bool{}
	for i, c := range f.Criteria {
		line := y.Line("criteria", i)
		if !rubricID.MatchString(c.ID) || seen[c.ID] {
			told.Add(line, "assessment.rubric.criterion", "Criterion", c.ID)
		}
		seen[c.ID] = true
		if lacks(c.Both) {
			told.Add(line, "assessment.rubric.words", "Criterion", c.ID)
		}
		for _, level := range Levels {
			if lacks(c.Levels[level]) {
				told.Add(line, "assessment.rubric.level", "Criterion", c.ID, "Level", string(level))
			}
		}
		if len(c.Levels) > len(Levels) {
			told.Add(line, "assessment.rubric.levels", "Criterion", c.ID)
		}
	}
}

// lacks says whether words are missing in one of the two languages.
func lacks(words courses.Both) bool {
	return strings.TrimSpace(words.EN) == "" || strings.TrimSpace(words.ES) == ""
}
