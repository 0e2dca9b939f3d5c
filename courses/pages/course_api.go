package pages

import (
	"context"
	"slices"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// courseBody is a course as programs see it: what the viewer may see of its map.
type courseBody struct {
	Code     string        `json:"code"`
	Edition  string        `json:"edition"`
	Title    string        `json:"title"`
	Minutes  int           `json:"minutes"`
	Sessions []sessionBody `json:"sessions"`
}

type sessionBody struct {
	Position int                `json:"position"`
	Week     int                `json:"week"`
	Title    string             `json:"title"`
	Minutes  int                `json:"minutes"`
	Joint    bool               `json:"joint"`
	Modules  []content.ModuleID `json:"modules"`
}

type coursesOutput struct{ Body []courseBody }

type courseInput struct {
	Course string `path:"course" doc:"The course's code, such as OUT" maxLength:"10"`
}

type courseOutput struct{ Body courseBody }

func (h handler) apiCourses(ctx context.Context, _ *struct{}) (*coursesOutput, error) {
	v := web.ViewerOf(ctx)
	found, err := h.courses.InForceWithMaps(ctx, v, h.courses.Today())
	if err != nil {
		return nil, err
	}
	seen, err := h.courses.Maps(ctx, v, found)
	if err != nil {
		return nil, err
	}
	out := coursesOutput{Body: []courseBody{}}
	for _, e := range seen {
		out.Body = append(out.Body, courseOf(e, language(ctx)))
	}
	return &out, nil
}

func (h handler) apiCourse(ctx context.Context, in *courseInput) (*courseOutput, error) {
	v := web.ViewerOf(ctx)
	edition, err := h.courses.EditionInForce(ctx, v, in.Course, h.courses.Today())
	if err != nil {
		return nil, err
	}
	seen, err := h.courses.Maps(ctx, v, []courses.Edition{edition})
	if err != nil {
		return nil, err
	}
	return &courseOutput{courseOf(seen[0], language(ctx))}, nil
}

func courseOf(e courses.Edition, lang content.Lang) courseBody {
	body := courseBody{Code: e.CourseCode, Edition: e.Name, Title: e.Title(lang), Minutes: e.Minutes, Sessions: []sessionBody{}}
	for _, s := range e.Sessions {
		session := sessionBody{Position: s.Position, Week: s.Week, Title: s.Title(lang), Minutes: s.Minutes, Joint: s.Joint, Modules: []content.ModuleID{}}
		for _, p := range s.Parts {
			if p.ModuleID != "" && !slices.Contains(session.Modules, p.ModuleID) {
				session.Modules = append(session.Modules, p.ModuleID)
			}
		}
		body.Sessions = append(body.Sessions, session)
	}
	return body
}

// Finder finds records of one room by the words in them. It narrows by the viewer.
type Finder func(ctx context.Context, v people.Viewer, lang content.Lang, text string) ([]courses.Found, error)

type searchInput struct {
	Text string `query:"q" maxLength:"200" doc:"Words, or the beginnings of words"`
}

type searchOutput struct{ Body []courses.Found }

// search asks every finder in turn. The order within a kind is the finder's. A program that
// reads version 1 knows five kinds, so none of the finders may find a protocol.
func search(finders []Finder) func(ctx context.Context, in *searchInput) (*searchOutput, error) {
	return func(ctx context.Context, in *searchInput) (*searchOutput, error) {
		out := searchOutput{Body: []courses.Found{}}
		for _, find := range finders {
			found, err := find(ctx, web.ViewerOf(ctx), language(ctx), in.Text)
			if err != nil {
				return nil, err
			}
			out.Body = append(out.Body, found...)
		}
		return &out, nil
	}
}
