package desk

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// finder finds records of one kind by words; courses' API takes the same.
type finder = func(ctx context.Context, v people.Viewer, lang content.Lang, text string) ([]courses.Found, error)

// Search looks for a text in all that the viewer may see: modules, protocols and courses,
// cohorts, people and certificates. One query for each of the four; two more among the
// modules where nobody wrote the words, to find the nearest and to look for those.
func (d Desk) Search(ctx context.Context, v people.Viewer, lang content.Lang, text string) ([]courses.Found, error) {
	all := []courses.Found{}
	for _, find := range []finder{d.Courses.FindAll, d.FindCohorts, d.FindPeople, d.FindCertificates} {
		found, err := find(ctx, v, lang, text)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// mostFound is how many of one kind are shown.
const mostFound = 20

// FindCohorts finds cohorts that the viewer may know of by the words of the course and
// the number: "outreach 21". A cohort older than the newest page is found by its number.
func (d Desk) FindCohorts(ctx context.Context, v people.Viewer, lang content.Lang, text string) ([]courses.Found, error) {
	words := strings.Fields(database.Fold(text))
	if len(words) == 0 || !v.SignedIn() {
		return nil, nil
	}
	list, err := d.cohortsNamed(ctx, v, words)
	if err != nil {
		return nil, err
	}
	var found []courses.Found
	for _, c := range list {
		name := c.Title(string(lang)) + " " + strconv.Itoa(c.Number)
		if len(found) < mostFound && begins(database.Fold(name+" "+c.CourseCode), words) {
			found = append(found, courses.Found{Kind: "cohort", ID: string(c.ID), Title: name})
		}
	}
	return found, nil
}

func (d Desk) cohortsNamed(ctx context.Context, v people.Viewer, words []string) ([]cohorts.Summary, error) {
	for _, word := range words {
		if n, err := strconv.Atoi(word); err == nil {
			return d.Cohorts.Numbered(ctx, v, n)
		}
	}
	list, _, err := d.Cohorts.Cohorts(ctx, v, "")
	return list, err
}

// begins says whether each word is the beginning of one in the text.
func begins(text string, words []string) bool {
	have := strings.Fields(text)
	for _, word := range words {
		if !anyBegins(have, word) {
			return false
		}
	}
	return true
}

func anyBegins(have []string, word string) bool {
	for _, one := range have {
		if strings.HasPrefix(one, word) {
			return true
		}
	}
	return false
}

// FindPeople finds people of the sector by the beginnings of their names, for who runs it.
func (d Desk) FindPeople(ctx context.Context, v people.Viewer, _ content.Lang, text string) ([]courses.Found, error) {
	if !v.RunsSector() || strings.TrimSpace(text) == "" {
		return nil, nil
	}
	list, _, err := d.People.Find(ctx, v, text, "")
	if err != nil {
		return nil, err
	}
	var found []courses.Found
	for _, p := range list[:min(len(list), mostFound)] {
		found = append(found, courses.Found{Kind: "person", ID: string(p.ID), Title: p.FullName()})
	}
	return found, nil
}

// FindCertificates finds a certificate by its number for who runs the sector, and one's
// own by the course's name. There is no search by a holder's name (rule 9).
func (d Desk) FindCertificates(ctx context.Context, v people.Viewer, lang content.Lang, text string) ([]courses.Found, error) {
	words := strings.Fields(database.Fold(text))
	if len(words) == 0 || !v.SignedIn() {
		return nil, nil
	}
	if v.RunsSector() {
		return d.certificateNumbered(ctx, v, lang, text)
	}
	mine, err := d.Certificates.Mine(ctx, v)
	var found []courses.Found
	for _, c := range mine {
		if begins(database.Fold(c.Title(string(lang))+" "+string(c.Number)), words) {
			found = append(found, courses.Found{Kind: "certificate", ID: string(c.ID), Title: string(c.Number) + " · " + c.Title(string(lang))})
		}
	}
	return found, err
}

func (d Desk) certificateNumbered(ctx context.Context, v people.Viewer, lang content.Lang, text string) ([]courses.Found, error) {
	typed, err := number.Parse(text)
	if err != nil {
		return nil, nil
	}
	held, err := d.Certificates.ByNumber(ctx, v, typed)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []courses.Found{{Kind: "certificate", ID: string(held.ID), Title: string(held.Number) + " · " + held.Title(string(lang))}}, nil
}
