package app

import (
	"slices"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// demoCohort is a cohort of the demo as it is asked for.
type demoCohort struct {
	course   string
	former   bool // of the edition that came before
	sector   people.Sector
	number   int
	firstDay time.Time
	days     []time.Weekday
	start    string
	room     string   // a key of demoRooms
	teach    []string // by the name of their account, the lead first
	accounts []string // trainees by the name of their account
	trainees int      // besides the named accounts
	alumni   []int    // of the oldest cohort, who are back for another course
	leaves   int      // after how many sessions the last trainee leaves; 0 for never
	short    int      // the session that ended early; 0 for none
	held     bool     // it is over, and everyone was there or has made up
	live     bool     // it meets today: when that roll is not open, the newest one is
}

// year is what the Academy teaches: the cohorts of the demo, the oldest first.
func (s *seeder) year() []demoCohort {
	outreach, police := people.Outreach, people.LawEnforcement
	live, pair, long := rhythms(s.today.Weekday())
	monday := s.today.AddDate(0, 0, -(int(s.today.Weekday())+6)%7)
	yearAgo := time.Date(s.today.Year()-1, s.today.Month(), s.today.Day()-24, 12, 0, 0, 0, s.zone)
	now := s.liveHour()
	return []demoCohort{
		{course: "PUT", former: true, sector: outreach, number: 2, firstDay: firstDay(long, 7, yearAgo), days: long, start: "13:30",
			room: "park", teach: []string{"instructor"}, trainees: 6, held: true},
		{course: "OUT", sector: outreach, number: 21, firstDay: firstDay(long, 31, s.today), days: long, start: "09:00",
			room: "river", teach: []string{"second", "instructor"}, trainees: 18, alumni: []int{1, 2, 3}, leaves: 9},
		{course: "PUT", sector: outreach, number: 3, firstDay: firstDay(pair, 7, s.today.AddDate(0, 0, -30)), days: pair, start: "13:30",
			room: "park", teach: []string{"instructor"}, accounts: []string{"graduate"}, trainees: 7, held: true},
		{course: "CM", sector: outreach, number: 9, firstDay: firstDay(long, 11, s.today), days: long, start: "13:30",
			room: "lake", teach: []string{"third"}, trainees: 14, alumni: []int{4, 5}, leaves: 5},
		{course: "OUT", sector: outreach, number: 22, firstDay: monday.AddDate(0, 0, -21), days: live, start: now,
			room: "circle", teach: []string{"instructor", "third"}, accounts: []string{"trainee"}, trainees: 20, short: 2, live: true},
		{course: "PUT", sector: outreach, number: 4, firstDay: firstDay(pair, 3, s.today), days: pair, start: "13:30",
			room: "park", teach: []string{"instructor"}, accounts: []string{"trainee.es"}, trainees: 11},
		{course: "PUT", sector: police, number: 4, firstDay: firstDay(pair, 3, s.today), days: pair, start: "13:30",
			room: "north", teach: []string{"instructor.police"}, accounts: []string{"officer"}, trainees: 10},
		{course: "CTA", sector: police, number: 4, firstDay: monday.AddDate(0, 0, -7), days: live, start: now,
			room: "south", teach: []string{"instructor.police"}, trainees: 14, live: true},
	}
}

// rhythms share out the week. Live meets on today's weekday, whatever it is; the other
// two keep to working days and never meet on live days, so that one person can teach all.
func rhythms(today time.Weekday) (live, pair, long []time.Weekday) {
	usual := [][]time.Weekday{{time.Tuesday, time.Thursday}, {time.Monday, time.Wednesday}, {time.Monday, time.Thursday},
		{time.Tuesday, time.Friday}, {time.Monday, time.Friday}}
	live = []time.Weekday{today, time.Wednesday}
	if i := slices.IndexFunc(usual, func(days []time.Weekday) bool { return slices.Contains(days, today) }); i >= 0 {
		live = usual[i]
	}
	for _, days := range usual {
		switch {
		case slices.ContainsFunc(days, func(day time.Weekday) bool { return slices.Contains(live, day) }):
		case long == nil:
			long = days
		case pair == nil:
			pair = days
		}
	}
	return live, pair, long
}

// firstDay is the day on which a cohort of that rhythm began that has held so many
// sessions before a day, days off left out.
func firstDay(days []time.Weekday, held int, before time.Time) time.Time {
	day := before
	for held > 0 {
		day = day.AddDate(0, 0, -1)
		if slices.Contains(days, day.Weekday()) && !cohorts.Holiday(day.Format(time.DateOnly)) {
			held--
		}
	}
	return day
}

// liveHour is when a class that meets today begins, so that its roll can be taken now
// or, early in the morning, soon.
func (s *seeder) liveHour() string {
	switch minutes := s.now.Hour()*60 + s.now.Minute(); {
	case minutes < 12*60:
		return "09:00"
	case minutes < 16*60+30:
		return "13:00"
	}
	return "17:30"
}

// rollOpens says whether the roll of a session of today can be taken by now.
func (s *seeder) rollOpens(session cohorts.Session) bool {
	return !session.StartsAt.Before(s.midnight) && session.StartsAt.Before(s.midnight.AddDate(0, 0, 1)) &&
		!session.StartsAt.Add(-time.Hour).After(s.now)
}

// short names the weekdays as forms do.
func short(days []time.Weekday) []string {
	names := make([]string, len(days))
	for i, day := range days {
		names[i] = strings.ToLower(day.String()[:3])
	}
	return names
}
