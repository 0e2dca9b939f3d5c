package pages

import (
	"context"
	"strconv"
	"time"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// moduleView is what the pages of a module show.
type moduleView struct {
	courses.Place
	Address string
	Back    string       // the viewer's course, or all courses for who learns none
	Asked   content.Lang // the language in which the text was asked for
}

func newModuleView(place courses.Place, mine ...courses.EditionID) moduleView {
	back := "/courses"
	if len(mine) > 0 {
		back = "/course"
	}
	return moduleView{Place: place, Address: address(place.Module.ID), Back: back}
}

// shown tells all that moduleText shows. A text and what is measured of it stand under its
// hash; who may see which protocols, and what is drawn of their links, under cited.
type shown struct {
	module, before, after           turned
	asked                           content.Lang
	cited                           string
	words, furthest                 int
	done, onCourse, hasCheck, guide bool
}

// turned is a module as a page leads to it.
type turned struct {
	hash     content.Hash
	fallback bool
}

func (m moduleView) shown() shown {
	s := shown{module: turned{m.Module.Hash, m.Module.Fallback}, asked: m.Asked, cited: m.Module.Cited, words: m.Module.Words,
		furthest: m.Reading.Furthest, done: m.Reading.Done(), onCourse: m.OnCourse, hasCheck: m.Module.HasCheck, guide: m.HasGuide}
	if m.Before != nil {
		s.before = turned{m.Before.Module.Hash, m.Before.Module.Fallback}
	}
	if m.After != nil {
		s.after = turned{m.After.Module.Hash, m.After.Module.Fallback}
	}
	return s
}

func address(id content.ModuleID) string { return "/modules/" + id.Slug() }

// Hard says whether the content can land hard: then there is a word before it.
func (m moduleView) Hard() bool { return m.Module.Care >= 2 }

// Resume is the section where the reader stopped; ok is false at the top and once done.
func (m moduleView) Resume() (section content.Section, ok bool) {
	at := m.Reading.Furthest
	if m.Reading.Done() || at < 1 || at > len(m.Module.Sections) {
		return content.Section{}, false
	}
	return m.Module.Sections[at-1], true
}

// Places are the sections as choices of "where I stop".
func (m moduleView) Places(top string) []web.Option {
	options := []web.Option{{Value: "0", Label: top, Chosen: m.Reading.Furthest == 0}}
	for i, s := range m.Module.Sections {
		options = append(options, web.Option{Value: strconv.Itoa(i + 1), Label: s.Title, Chosen: m.Reading.Furthest == i+1})
	}
	return options
}

// checkKind makes the check the thing to do once the module is read.
func checkKind(m moduleView) string {
	if m.Reading.Done() {
		return "primary"
	}
	return "secondary"
}

// Reviewed is the day on which the text was last reviewed, in words.
func (m moduleView) Reviewed(ctx context.Context) string {
	day, err := time.Parse(time.DateOnly, m.Module.ReviewedOn)
	if err != nil {
		return m.Module.ReviewedOn
	}
	return web.DateYear(ctx, day, nil)
}
