package pages

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func editionOptions(ctx context.Context, p planPage) []web.Option {
	options := []web.Option{{Value: "", Label: web.T(ctx, "cohorts.choose")}}
	for _, c := range p.Courses {
		options = append(options, web.Option{Value: string(c.EditionID), Chosen: c.EditionID == p.Plan.EditionID,
			Label: c.Code + " · " + c.Title(web.Language(ctx)) + " · " + c.Name + " · " + web.T(ctx, "cohorts.plan.size", "Count", c.Sessions, "Hours", web.Minutes(ctx, c.Minutes))})
	}
	return options
}

func dayOptions(ctx context.Context, chosen []string) (options []web.Option) {
	for _, name := range cohorts.Weekdays {
		options = append(options, web.Option{Value: name, Label: web.T(ctx, "cohorts.day."+name), Chosen: hasDay(chosen, name)})
	}
	return options
}

func modeOptions(ctx context.Context, chosen cohorts.Mode) []web.Option {
	return []web.Option{
		{Value: string(cohorts.InRoom), Label: web.T(ctx, "cohorts.plan.in_room"), Chosen: chosen == cohorts.InRoom},
		{Value: string(cohorts.Online), Label: web.T(ctx, "cohorts.plan.online"), Chosen: chosen == cohorts.Online},
		{Value: string(cohorts.Hybrid), Label: web.T(ctx, "cohorts.plan.hybrid"), Chosen: chosen == cohorts.Hybrid},
	}
}

// zoneOptions are the Academy's own time zone, and those of the country.
//
// words: cohorts.zone.*
func zoneOptions(ctx context.Context, chosen string) []web.Option {
	options := []web.Option{{Value: "", Label: web.T(ctx, "cohorts.plan.time_zone_own")}}
	known := false
	for _, name := range cohorts.Zones {
		known = known || name == chosen
		options = append(options, web.Option{Value: name, Label: web.T(ctx, "cohorts.zone."+strings.ToLower(name[strings.Index(name, "/")+1:])), Chosen: name == chosen})
	}
	if chosen != "" && !known {
		options = append(options, web.Option{Value: chosen, Label: chosen, Chosen: true})
	}
	return options
}

// instructorOptions offer who teaches the cohort that the new one is like, none chosen yet.
func instructorOptions(p planPage) (options []web.Option) {
	for _, i := range p.Like.Instructors {
		options = append(options, web.Option{Value: string(i.PersonID), Label: i.Name, Chosen: slices.Contains(p.Plan.Instructors, i.PersonID)})
	}
	return options
}

func roomOptions(ctx context.Context, p planPage) []web.Option {
	options := []web.Option{{Value: "", Label: web.T(ctx, "cohorts.plan.no_room")}}
	for _, r := range p.Rooms {
		options = append(options, web.Option{Value: r.ID, Label: r.Name, Chosen: r.ID == p.Plan.RoomID})
	}
	return options
}

// choose offers codes in words, with none chosen.
func choose[T ~string](ctx context.Context, prefix string, codes []T) []web.Option {
	options := []web.Option{{Value: "", Label: web.T(ctx, "cohorts.choose")}}
	for _, code := range codes {
		options = append(options, web.Option{Value: string(code), Label: web.T(ctx, prefix+string(code))})
	}
	return options
}

func statusOptions(ctx context.Context) (options []web.Option) {
	for _, status := range []cohorts.Status{cohorts.Present, cohorts.Excused, cohorts.Absent} {
		options = append(options, web.Option{Value: string(status), Label: web.T(ctx, "cohorts.status."+string(status))})
	}
	return options
}

func absenceOptions(ctx context.Context, list []cohorts.Absence) []web.Option {
	options := []web.Option{{Value: "", Label: web.T(ctx, "cohorts.choose")}}
	for _, a := range list {
		options = append(options, web.Option{Value: string(a.ID), Label: web.T(ctx, "cohorts.session.position", "Position", a.Position) + " · " +
			web.Date(ctx, a.StartsAt, a.Zone()) + " · " + web.T(ctx, "cohorts.make_up.open", "Time", web.Minutes(ctx, a.Open()))})
	}
	return options
}

func sectorOptions(ctx context.Context, sectors []people.Sector) (options []web.Option) {
	for _, sector := range sectors {
		options = append(options, web.Option{Value: string(sector), Label: web.SectorName(ctx, sector)})
	}
	return options
}

func sessionOptions(ctx context.Context, list []cohorts.Session) (options []web.Option) {
	for _, s := range list {
		options = append(options, web.Option{Value: string(s.ID), Label: Name(ctx, s.Course(web.Language(ctx)), s.Number),
			Hint: web.T(ctx, "cohorts.session.position", "Position", s.Position) + " · " + s.Title(web.Language(ctx))})
	}
	return options
}

func numberText(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func daysText(ctx context.Context, days []string) string {
	said := make([]string, len(days))
	for i, text := range days {
		said[i] = day(ctx, text)
	}
	return strings.Join(said, ", ")
}

func laidWhen(ctx context.Context, l cohorts.Laid, zone string) string {
	return when(ctx, cohorts.Session{StartsAt: l.Starts, EndsAt: l.Ends, TimeZone: zone})
}

func clashWhen(ctx context.Context, c cohorts.Clash, zone string) string {
	return web.DateTime(ctx, c.Starts, cohorts.Session{TimeZone: zone}.Zone())
}

// clashWord says what is there at the time: the room's, or somebody's, other class.
func clashWord(ctx context.Context, c cohorts.Clash) string {
	switch c.Kind {
	case cohorts.InstructorClash:
		return web.T(ctx, "cohorts.clash.instructor", "Person", c.Person, "Course", c.CourseCode, "Number", c.Number)
	case cohorts.TraineeClash:
		return web.T(ctx, "cohorts.clash.trainee", "Person", c.Person, "Course", c.CourseCode, "Number", c.Number)
	case cohorts.RoomClash:
		return web.T(ctx, "cohorts.clash.room", "Course", c.CourseCode, "Number", c.Number)
	}
	return web.T(ctx, "cohorts.clash.cohort", "Course", c.CourseCode, "Number", c.Number)
}

// mostTold is how many lines of a file a page tells.
const mostTold = 200

// firstLines are the lines of a file that a page tells.
func firstLines(list []people.LineProblem) []people.LineProblem {
	return list[:min(len(list), mostTold)]
}

// yesNo offers both answers with the one in force chosen: no, until they say yes.
func yesNo(ctx context.Context, q cohorts.Question) []web.Option {
	return []web.Option{
		{Value: "no", Label: web.T(ctx, "cohorts.sharing.no"), Chosen: !q.Shares},
		{Value: "yes", Label: web.T(ctx, "cohorts.sharing.yes"), Chosen: q.Shares},
	}
}
