package pages

import (
	"context"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

type moduleInput struct {
	Module string `path:"module" doc:"The module's id, such as T07" maxLength:"10"`
	Lang   string `query:"lang" enum:"en,es" doc:"The language; that of the token's person unless said"`
}

type moduleOutput struct{ Body moduleBody }

// moduleBody is a module as programs see it.
type moduleBody struct {
	ID         content.ModuleID `json:"id"`
	Title      string           `json:"title"`
	Lang       content.Lang     `json:"lang" doc:"English when there is no text in the language asked for"`
	Version    int              `json:"version"`
	SHA256     content.Hash     `json:"sha256" doc:"The version's identity: the SHA-256 of its file"`
	Care       int              `json:"care" doc:"1 to 3: how hard the content can land"`
	Minutes    int              `json:"minutes"`
	Words      int              `json:"words"`
	Grade      float64          `json:"grade" doc:"School grade that the text asks for"`
	Objectives []string         `json:"objectives"`
	HTML       string           `json:"html"`
	AnotherWay string           `json:"anotherWay,omitempty" doc:"An equivalent task that avoids the hard passages"`
}

func (h handler) module(ctx context.Context, in *moduleInput) (*moduleOutput, error) {
	lang := content.Lang(in.Lang)
	if lang == "" {
		lang = content.Lang(web.Language(ctx))
	}
	m, err := h.content.Module(ctx, web.ViewerOf(ctx), content.ModuleOf(in.Module), lang)
	if err != nil {
		return nil, err
	}
	return &moduleOutput{moduleBody{
		ID: m.ID, Title: m.Title, Lang: m.Lang, Version: m.Version, SHA256: m.Hash, Care: m.Care, Minutes: m.Minutes,
		Words: m.Words, Grade: m.Grade, Objectives: m.Objectives, HTML: m.HTML, AnotherWay: m.AlternativeHTML,
	}}, nil
}
