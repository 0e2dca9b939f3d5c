package web

import (
	"context"
	"strconv"
	"strings"
	"time"
)

var (
	weekdays = map[string][]string{
		"en": {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		"es": {"dom", "lun", "mar", "mié", "jue", "vie", "sáb"},
	}
	longWeekdays = map[string][]string{
		"en": {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		"es": {"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
	}
	months = map[string][]string{
		"en": {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		"es": {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"},
	}
	longMonths = map[string][]string{
		"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		"es": {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	}
)

// Date reads "Tue 24 Nov" or "mar 24 nov" in a time zone.
func Date(ctx context.Context, t time.Time, zone *time.Location) string {
	t, code := in(t, zone), Language(ctx)
	return weekdays[code][t.Weekday()] + " " + strconv.Itoa(t.Day()) + " " + months[code][t.Month()-1]
}

// DateYear reads "24 Nov 2026" or "24 nov 2026": for what is filed.
func DateYear(ctx context.Context, t time.Time, zone *time.Location) string {
	t, code := in(t, zone), Language(ctx)
	return strconv.Itoa(t.Day()) + " " + months[code][t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// Day reads a calendar fact as the database keeps it, "2026-11-24", as "Tue 24 Nov".
// What is no date is given back as it is.
func Day(ctx context.Context, fact string) string {
	t, err := time.Parse(time.DateOnly, fact)
	if err != nil {
		return fact
	}
	return Date(ctx, t, time.UTC)
}

// Number reads "8,640" in both languages, as the United States write it.
func Number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Percent reads "84%" in English and "84 %" in Spanish, on one line.
func Percent(ctx context.Context, n int) string {
	if Language(ctx) == "es" {
		return strconv.Itoa(n) + "\u00a0%"
	}
	return strconv.Itoa(n) + "%"
}

// LongDate reads "Tuesday 24 November" or "martes 24 de noviembre".
func LongDate(ctx context.Context, t time.Time, zone *time.Location) string {
	t, code := in(t, zone), Language(ctx)
	of := " "
	if code == "es" {
		of = " de "
	}
	return longWeekdays[code][t.Weekday()] + " " + strconv.Itoa(t.Day()) + of + longMonths[code][t.Month()-1]
}

// Clock reads "9:00 am" or "9:00 a. m.".
func Clock(ctx context.Context, t time.Time, zone *time.Location) string {
	half := in(t, zone).Format("3:04 pm")
	if Language(ctx) == "es" {
		half = strings.Replace(strings.Replace(half, "am", "a.\u00a0m.", 1), "pm", "p.\u00a0m.", 1)
	}
	return strings.Replace(half, " ", "\u00a0", 1)
}

// DateTime reads "Tue 24 Nov, 9:00 am".
func DateTime(ctx context.Context, t time.Time, zone *time.Location) string {
	return Date(ctx, t, zone) + ", " + Clock(ctx, t, zone)
}

// DateYearTime reads "24 Nov 2026, 9:00 am": for lines that are kept for years.
func DateYearTime(ctx context.Context, t time.Time, zone *time.Location) string {
	return DateYear(ctx, t, zone) + ", " + Clock(ctx, t, zone)
}

// Stamp is the machine's form of a time, for <time datetime>.
func Stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Minutes reads "12 h 30 min", "4 h" or "45 min", in hours of 60; below zero with a minus sign.
func Minutes(ctx context.Context, n int) string {
	sign := ""
	if n < 0 {
		sign, n = "−", -n
	}
	h, m := n/60, n%60
	switch {
	case h == 0:
		return sign + strconv.Itoa(m) + "\u00a0min"
	case m == 0:
		return sign + strconv.Itoa(h) + "\u00a0h"
	}
	return sign + strconv.Itoa(h) + "\u00a0h " + strconv.Itoa(m) + "\u00a0min"
}

func in(t time.Time, zone *time.Location) time.Time {
	if zone == nil {
		return t.UTC()
	}
	return t.In(zone)
}
