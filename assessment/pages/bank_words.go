package pages

import (
	"context"
	"io"
	"slices"

	"github.com/a-h/templ"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// mostWarnings is how many sentences a page lists of what a file lacks.
const mostWarnings = 50

func languageName(ctx context.Context, lang content.Lang) string {
	if lang == content.Spanish {
		return web.T(ctx, "assessment.questions.in_spanish")
	}
	return web.T(ctx, "assessment.questions.in_english")
}

// spoken draws a part of a page in the language of its text.
func spoken(lang content.Lang, part templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error { return part.Render(web.Spoken(ctx, string(lang)), w) })
}

func (b bankView) moduleOptions(ctx context.Context) []web.Option {
	list := []web.Option{{Label: web.T(ctx, "assessment.questions.any")}}
	for _, id := range b.Modules {
		list = append(list, web.Option{Value: id, Label: id, Chosen: id == b.Filter.ModuleID})
	}
	return list
}

func (b bankView) typeOptions(ctx context.Context) []web.Option {
	list := []web.Option{{Label: web.T(ctx, "assessment.questions.any")}}
	for _, t := range questionTypes {
		list = append(list, web.Option{Value: string(t), Label: web.T(ctx, "assessment.type."+string(t)), Chosen: t == b.Filter.Type})
	}
	return list
}

func formatOptions(chosen string) (list []web.Option) {
	for _, f := range formats.All {
		list = append(list, web.Option{Value: string(f), Label: f.Label(), Chosen: string(f) == chosen})
	}
	return list
}

func langOptions(ctx context.Context) []web.Option {
	return []web.Option{{Value: "en", Label: languageName(ctx, content.English)}, {Value: "es", Label: languageName(ctx, content.Spanish)}}
}

func useOptions(ctx context.Context, uses []assessment.BankUse) (list []web.Option) {
	for _, use := range uses {
		option := web.Option{Value: slug(use.ModuleID), Label: use.ModuleID + " · " + use.Title(web.Language(ctx)), Chosen: true}
		if !slices.Contains(list, option) {
			list = append(list, option)
		}
	}
	return list
}
