package courses

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Prerequisite is a course that an edition comes after.
type Prerequisite struct {
	bun.BaseModel `bun:"table:edition_prerequisites,alias:need"`

	EditionID  EditionID `bun:"edition_id,pk"`
	Position   int       // from 1, as the file lists them
	CourseCode string    `bun:"course_code,pk"`
	TitleEN    string    `bun:"title_en,scanonly"`
	TitleES    string    `bun:"title_es,scanonly"`
}

// Title is the course's title in a language; its code where it has none in the sector.
func (p Prerequisite) Title(lang content.Lang) string {
	if title := (Both{p.TitleEN, p.TitleES}).In(lang); title != "" {
		return title
	}
	return p.CourseCode
}

// readPrerequisites reads what the database gathered into one text: a line for each, its
// position, code and titles between tabs.
func readPrerequisites(gathered string) (list []Prerequisite) {
	for line := range strings.SplitSeq(gathered, "\n") {
		fields := strings.SplitN(line, "\t", 4)
		if position, err := strconv.Atoi(fields[0]); err == nil && len(fields) == 4 {
			list = append(list, Prerequisite{Position: position, CourseCode: fields[1], TitleEN: fields[2], TitleES: fields[3]})
		}
	}
	slices.SortFunc(list, func(a, b Prerequisite) int { return a.Position - b.Position })
	return list
}

// filed is an edition with where its file stands and on which line it names each course
// that it comes after.
type filed struct {
	Edition
	path  string
	lines []int
}

func (f filed) place() place { return place{f.CourseCode, f.Sector} }

// place is a course in a sector: a trainee of one sector completes no course of another.
type place struct {
	code   string
	sector people.Sector
}

// checkAfter holds what the editions of a folder say of the courses that they come after:
// each is one of the folder, of the same sector and not the course itself, and none waits
// for one that waits for it.
func checkAfter(all []filed) (problems []content.Problem) {
	sectors := map[string][]people.Sector{}
	for _, f := range all {
		sectors[f.CourseCode] = append(sectors[f.CourseCode], f.Sector)
	}
	for _, f := range all {
		told := &content.Problems{Path: f.path}
		for i, need := range f.After {
			switch code := need.CourseCode; {
			case code == f.CourseCode:
				told.Add(f.lines[i], "courses.problem.after_itself", "Course", code)
			case len(sectors[code]) == 0:
				told.Add(f.lines[i], "courses.problem.after_unknown", "Course", code)
			case !slices.Contains(sectors[code], f.Sector):
				told.Add(f.lines[i], "courses.problem.after_sector", "Course", code, "Sector", string(f.Sector))
			}
		}
		problems = append(problems, told.List...)
	}
	return append(problems, cycles(all)...)
}

// cycles tells each ring of courses that come after one another, once, at the file that
// stands first in the folder. What is in force on one day is looked at together: a newer
// edition may turn the order round.
func cycles(all []filed) (problems []content.Problem) {
	var days []string
	for _, f := range all {
		if len(f.After) > 0 && !slices.Contains(days, f.InForceOn) {
			days = append(days, f.InForceOn)
		}
	}
	slices.Sort(days)
	seen := map[string]bool{}
	for _, day := range days {
		w := walk{now: map[place]filed{}, left: map[place]bool{}}
		for _, f := range all {
			known, found := w.now[f.place()]
			if f.InForceOn <= day && (!found || known.InForceOn < f.InForceOn || known.InForceOn == f.InForceOn && known.Name < f.Name) {
				w.now[f.place()] = f
			}
		}
		for _, f := range all {
			for _, ring := range w.from(f.place()) {
				if p, key := ringProblem(ring); !seen[key] {
					seen[key] = true
					problems = append(problems, p)
				}
			}
		}
	}
	return problems
}

// walk goes from course to course that must come before. Each is left for good once all
// that it leads to was seen, so that a folder costs as much as it names.
type walk struct {
	now  map[place]filed
	left map[place]bool
	way  []place
}

// from are the rings that are met on the way from a course: the steps that close them.
func (w *walk) from(at place) (rings [][]filed) {
	if i := slices.Index(w.way, at); i >= 0 {
		var ring []filed
		for _, step := range w.way[i:] {
			ring = append(ring, w.now[step])
		}
		return append(rings, ring)
	}
	f, found := w.now[at]
	if !found || w.left[at] {
		return nil
	}
	w.way = append(w.way, at)
	for _, need := range f.After {
		if need.CourseCode != f.CourseCode {
			rings = append(rings, w.from(place{need.CourseCode, at.sector})...)
		}
	}
	w.way = w.way[:len(w.way)-1]
	w.left[at] = true
	return rings
}

// ringProblem tells a ring at its first file, "CM → OUT → CM", and gives what tells it
// from others.
func ringProblem(ring []filed) (p content.Problem, key string) {
	first := 0
	for i := range ring {
		if ring[i].path < ring[first].path {
			first = i
		}
	}
	ring = append(slices.Clone(ring[first:]), ring[:first]...)
	var codes []string
	for _, f := range ring {
		codes = append(codes, f.CourseCode)
		key += f.path + "\n"
	}
	next := ring[1%len(ring)].CourseCode
	line := ring[0].lines[slices.IndexFunc(ring[0].After, func(n Prerequisite) bool { return n.CourseCode == next })]
	told := &content.Problems{Path: ring[0].path}
	told.Add(line, "courses.problem.after_cycle", "Cycle", strings.Join(append(codes, codes[0]), " → "))
	return told.List[0], key
}

// afterOf reads the courses that a file names, each once.
func (f editionFile) afterOf(y content.YAML) (list []Prerequisite, lines []int) {
	for i, code := range f.After {
		if slices.ContainsFunc(list, func(p Prerequisite) bool { return p.CourseCode == code }) {
			continue
		}
		list = append(list, Prerequisite{Position: len(list) + 1, CourseCode: code})
		lines = append(lines, y.Line("after", i))
	}
	return list, lines
}

// withoutProblems are the editions that no problem names.
func withoutProblems(all []filed, problems []content.Problem) (editions []Edition) {
	bad := map[string]bool{}
	for _, p := range problems {
		bad[path.Clean(p.Path)] = true
	}
	for _, f := range all {
		if !bad[path.Clean(f.path)] {
			editions = append(editions, f.Edition)
		}
	}
	return editions
}
