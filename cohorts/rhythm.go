package cohorts

import (
	"slices"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// DayOff is a day, or a row of days, on which a cohort does not meet: YYYY-MM-DD, both
// included.
type DayOff struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Off says whether the cohort does not meet on a day (YYYY-MM-DD), holidays left aside.
func (c Cohort) Off(day string) bool { return off(c.DaysOff, day) }

func off(days []DayOff, day string) bool {
	return slices.ContainsFunc(days, func(d DayOff) bool { return d.From <= day && day <= d.To })
}

// longestPause is how many days one row of days off may have, and mostPauses how many rows.
const (
	longestPause = 200
	mostPauses   = 50
)

// ParseDaysOff reads days off as people write them, one on a line: a day (2026-12-21 or
// 12/21/2026), or two with "to", "a" or a dash between them. A line that can't be read is told
// by its text.
func ParseDaysOff(text string) (days []DayOff, err error) {
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ',' || r == ';' }) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		from, to, found := cutRange(line)
		if !found {
			to = from
		}
		first, ok := readDay(from)
		last, okay := readDay(to)
		if !ok || !okay || last.Before(first) || last.Sub(first) > longestPause*24*time.Hour {
			return nil, fault.Invalid("days_off", "cohorts.plan.days_off_line", "Line", cut(line, 40))
		}
		days = append(days, DayOff{first.Format(time.DateOnly), last.Format(time.DateOnly)})
	}
	if len(days) > mostPauses {
		return nil, fault.Invalid("days_off", "cohorts.plan.days_off_many", "Max", mostPauses)
	}
	return days, nil
}

func cut(text string, most int) string {
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}

// cutRange cuts a line in two at the word or sign that stands between two days.
func cutRange(line string) (from, to string, found bool) {
	for _, between := range []string{" to ", " a ", " al ", " - ", "–", "—", ".."} {
		if from, to, found = strings.Cut(line, between); found {
			return strings.TrimSpace(from), strings.TrimSpace(to), true
		}
	}
	return line, "", false
}

func readDay(text string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "1/2/2006"} {
		if day, err := time.Parse(layout, text); err == nil && day.Year() >= 2000 && day.Year() <= 2200 {
			return day, true
		}
	}
	return time.Time{}, false
}

// DaysOffText writes days off as ParseDaysOff reads them.
func DaysOffText(days []DayOff) string {
	lines := make([]string, len(days))
	for i, d := range days {
		lines[i] = d.From
		if d.To != d.From {
			lines[i] += " – " + d.To
		}
	}
	return strings.Join(lines, "\n")
}

// Weekly is the weekly rhythm that the cohort was laid out by; of one of which none is kept
// it is read from its sessions.
func (c Cohort) Weekly(sessions []Session) []Meeting {
	if len(c.Rhythm) > 0 {
		return c.Rhythm
	}
	return RhythmOf(sessions)
}

// RhythmOf reads a weekly rhythm from sessions in the order of their time: on each weekday
// that they meet, the hour of the first one, and how many follow one another.
func RhythmOf(sessions []Session) (rhythm []Meeting) {
	days := map[string]int{}
	for _, s := range sessions {
		if s.State == Cancelled {
			continue
		}
		at := s.StartsAt.In(s.Zone())
		date := at.Format(time.DateOnly)
		days[date]++
		i := slices.IndexFunc(rhythm, func(m Meeting) bool { return m.Weekday == at.Weekday() })
		switch {
		case i < 0:
			rhythm = append(rhythm, Meeting{Weekday: at.Weekday(), Hour: at.Hour(), Minute: at.Minute(), Sessions: 1})
		case days[date] > rhythm[i].Sessions:
			rhythm[i].Sessions = days[date]
		}
	}
	slices.SortStableFunc(rhythm, func(a, b Meeting) int { return (int(a.Weekday)+6)%7 - (int(b.Weekday)+6)%7 })
	return rhythm
}
