package courses

import (
	"regexp"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

var (
	codeForm = regexp.MustCompile(`^[A-Z][A-Z0-9]{1,4}$`)
	nameForm = regexp.MustCompile(`^[0-9A-Za-z-]{1,20}$`)
)

// check holds the rules of an edition: what it must say, and that its map reaches its
// minutes under its own hour and breaks.
func (f editionFile) check(y content.YAML, folder content.Folder, told *content.Problems) {
	if !codeForm.MatchString(f.Code) {
		told.Add(y.Line("code"), "courses.problem.code", "Value", f.Code)
	}
	if !nameForm.MatchString(f.Edition) {
		told.Add(y.Line("edition"), "courses.problem.edition_name", "Value", f.Edition)
	}
	if !f.Sector.Known() {
		told.Add(y.Line("sector"), "courses.problem.sector", "Value", string(f.Sector))
	}
	if _, err := time.Parse(time.DateOnly, f.InForce); err != nil {
		told.Add(y.Line("in_force"), "content.problem.date", "Value", f.InForce)
	}
	f.Title.check(y, told, "title")
	if len(f.Areas) == 0 {
		told.Add(y.Line("competencies"), "content.problem.key_missing", "Key", "competencies")
	}
	for i, area := range f.Areas {
		area.check(y, told, "competencies", i)
	}
	if len(f.Serves) == 0 {
		told.Add(y.Line("serves"), "content.problem.key_missing", "Key", "serves")
	}
	for i, line := range f.Serves {
		if !line.Known() {
			told.Add(y.Line("serves", i), "courses.problem.service_line", "Value", string(line))
		}
	}
	f.checkTime(y, told)
	f.checkRules(y, told)
	f.checkMap(y, told)
	f.checkModules(y, folder, told)
}

// check wants a text in both languages.
func (b Both) check(y content.YAML, told *content.Problems, at ...any) {
	if b.EN == "" || b.ES == "" {
		told.Add(y.Line(at...), "courses.problem.both_languages")
	}
}

// checkTime holds what an edition says of hours, breaks and grace.
func (f editionFile) checkTime(y content.YAML, told *content.Problems) {
	if f.Hour != 60 && f.Hour != 50 {
		told.Add(y.Line("hour"), "courses.problem.hour", "Value", f.Hour)
	} else if f.Hours*f.Hour != f.Minutes || f.Minutes < 1 {
		told.Add(y.Line("minutes"), "courses.problem.hours", "Hours", f.Hours, "Hour", f.Hour, "Minutes", f.Minutes)
	}
	if f.Breaks != "counted" && f.Breaks != "not_counted" {
		told.Add(y.Line("breaks"), "courses.problem.breaks", "Value", f.Breaks)
	}
	if f.Grace < 0 || f.Grace > 30 || !y.Has("grace") {
		told.Add(y.Line("grace"), "courses.problem.grace", "Value", f.Grace)
	}
	if f.Weeks < 1 || f.Rhythm < 1 {
		told.Add(y.Line("weeks"), "courses.problem.weeks")
	}
}

// mostDropped is how many of the lowest checks an edition may leave out of the average.
const mostDropped = 10

func (f editionFile) checkRules(y content.YAML, told *content.Problems) {
	if f.Rules.Graduation != Full && f.Rules.Graduation != Ninety {
		told.Add(y.Line("rules", "graduation"), "courses.problem.rule", "Value", string(f.Rules.Graduation))
	}
	if f.Rules.Wording != Completed && f.Rules.Wording != TookPart {
		told.Add(y.Line("rules", "wording"), "courses.problem.wording", "Value", string(f.Rules.Wording))
	}
	if f.Rules.Knowledge < 0 || f.Rules.Knowledge > 100 {
		told.Add(y.Line("rules", "knowledge"), "courses.problem.percent", "Value", f.Rules.Knowledge)
	}
	if f.Rules.SelfStudy < 0 || f.Rules.SelfStudy > 100 {
		told.Add(y.Line("rules", "self_study"), "courses.problem.self_study", "Value", f.Rules.SelfStudy)
	}
	if f.Rules.DropLowest < 0 || f.Rules.DropLowest > mostDropped {
		told.Add(y.Line("rules", "drop_lowest"), "courses.problem.drop_lowest", "Most", mostDropped, "Value", f.Rules.DropLowest)
	}
	if f.Rules.ValidMonths < 0 {
		told.Add(y.Line("rules", "valid_months"), "courses.problem.months", "Value", f.Rules.ValidMonths)
	}
	f.Rules.Quiz.check(y, told)
	ids := map[string]bool{}
	for i, p := range f.Rules.Practicals {
		if p.ID == "" || p.ID == CapstoneID || ids[p.ID] {
			told.Add(y.Line("rules", "practicals", i), "courses.problem.practical_id", "Value", p.ID)
		}
		ids[p.ID] = true
		p.check(y, told, "rules", "practicals", i)
	}
}

// checkMap sums parts to sessions and sessions to the edition, and keeps the weeks in order.
func (f editionFile) checkMap(y content.YAML, told *content.Problems) {
	total, week, inWeek := 0, 1, 0
	for i, s := range f.Sessions {
		at := func(path ...any) int { return y.Line(append([]any{"sessions", i}, path...)...) }
		s.Title.check(y, told, "sessions", i, "title")
		if s.Week != week {
			inWeek = 0
		}
		if inWeek++; s.Week < week || s.Week > f.Weeks || inWeek > f.Rhythm {
			told.Add(at("week"), "courses.problem.week", "Week", s.Week, "Weeks", f.Weeks, "Rhythm", f.Rhythm)
		}
		week = s.Week
		sum := 0
		for j, p := range s.Parts {
			p.Title.check(y, told, "sessions", i, "parts", j, "title")
			if p.Minutes < 1 {
				told.Add(at("parts", j), "courses.problem.part_minutes")
			}
			if p.Module != "" && !p.Module.Known() {
				told.Add(at("parts", j, "module"), "content.problem.id_form", "Value", string(p.Module))
			}
			if p.Mandate != "" && (f.Sector != people.LawEnforcement || !slices.Contains(Mandates, p.Mandate)) {
				told.Add(at("parts", j, "mandate"), "courses.problem.mandate", "Value", string(p.Mandate))
			}
			sum += p.Minutes
		}
		if sum != s.Minutes {
			told.Add(at("minutes"), "courses.problem.session_sum", "Sum", sum, "Minutes", s.Minutes)
		}
		if s.Breaks < 0 || s.Breaks > 0 && f.Breaks == "counted" {
			told.Add(at("breaks"), "courses.problem.session_breaks")
		}
		total += s.Minutes
	}
	if total != f.Minutes {
		told.Add(y.Line("sessions"), "courses.problem.map_sum", "Sum", total, "Minutes", f.Minutes)
	}
}

// checkModules wants every required module in the map, with a text that the
// edition's sector may see; and no module of the map that it may not see.
func (f editionFile) checkModules(y content.YAML, folder content.Folder, told *content.Problems) {
	module := func(id content.ModuleID) (content.Module, bool) {
		i := slices.IndexFunc(folder.Modules, func(m content.Module) bool { return m.ID == id })
		if i < 0 {
			return content.Module{}, false
		}
		return folder.Modules[i], true
	}
	inMap := map[string]bool{}
	for i, s := range f.Sessions {
		for j, p := range s.Parts {
			inMap[string(p.Module)] = true
			m, found := module(p.Module)
			if found && f.Sector.Known() && !slices.Contains(m.Sensitivity.Sectors(), f.Sector) && !(s.Joint && m.Sensitivity.Joint()) {
				told.Add(y.Line("sessions", i, "parts", j, "module"), "courses.problem.module_hidden", "Module", string(p.Module))
			}
		}
	}
	for i, id := range f.Required {
		if _, found := module(content.ModuleID(id)); !found {
			told.Add(y.Line("required", i), "courses.problem.required_unpublished", "Module", id)
		} else if !inMap[id] {
			told.Add(y.Line("required", i), "courses.problem.required_off_map", "Module", id)
		}
	}
}
