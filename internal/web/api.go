package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

const apiRoot = "/api/v1"

// api is the JSON side under /api/v1: Bearer tokens alone, errors as RFC 9457 problems.
type api struct {
	huma.API
	app *App
}

// API is where rooms register their operations, with huma.Get, huma.Post and so on.
// Each takes web.Scope or web.Unauthenticated; with neither the scope "read" is asked for.
func (a *App) API() huma.API { return a.api }

const (
	scopeKey  = "scope"
	openKey   = "open"
	optionKey = "options"
)

// Scope asks for a scope of the token: read, attend, grade, questions, certificates.
func Scope(name string) func(*huma.Operation) {
	return func(op *huma.Operation) { note(op, scopeKey, name) }
}

// Unauthenticated lets an operation be called without a token.
func Unauthenticated(op *huma.Operation) { note(op, openKey, true) }

// Allow gives an operation the options of a route: Limit, PerAddress, Deadline.
func Allow(options ...RouteOption) func(*huma.Operation) {
	return func(op *huma.Operation) { note(op, optionKey, options) }
}

func note(op *huma.Operation, key string, value any) {
	if op.Metadata == nil {
		op.Metadata = map[string]any{}
	}
	op.Metadata[key] = value
}

// speakProblems makes Huma write our errors: it is the library's one setting for all APIs of a program.
var speakProblems = sync.OnceFunc(func() {
	usual := huma.NewErrorWithContext
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		if status != http.StatusInternalServerError {
			return usual(ctx, status, message, errs...)
		}
		c := humafiber.Unwrap(ctx)
		v := visitOf(c.UserContext())
		err := errors.Join(errs...)
		t := troubleOf(err)
		if t.status >= 500 {
			v.cause = err
		}
		t.sayWhen(c)
		return problemOf(c.UserContext(), t)
	}
})

func newAPI(a *App) *api {
	speakProblems()
	config := huma.DefaultConfig("Metropolitan Peace Academy", "1")
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil
	config.Servers = []*huma.Server{{URL: apiRoot}}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	x := &api{app: a}
	group := &apiGroup{Router: a.fiber.Group(""), app: a}
	inner := humafiber.NewWithGroup(a.fiber, group, config)
	x.API = huma.NewAPI(config, &apiAdapter{Adapter: inner.Adapter(), group: group})
	x.UseMiddleware(x.authorise)
	a.Public(fiber.MethodGet, "/api/openapi.json", x.document, bare)
	a.Public(fiber.MethodGet, "/api", x.show)
	return x
}

// apiAdapter remembers the operation that is being mounted, so that its route passes
// through the same gate as every other.
type apiAdapter struct {
	huma.Adapter
	group *apiGroup
}

func (x *apiAdapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	x.group.mounting = op
	x.Adapter.Handle(op, handler)
	x.group.mounting = nil
}

type apiGroup struct {
	fiber.Router
	app      *App
	mounting *huma.Operation
}

func (g *apiGroup) Add(method, path string, handlers ...fiber.Handler) fiber.Router {
	op := g.mounting
	options, _ := op.Metadata[optionKey].([]RouteOption)
	open, _ := op.Metadata[openKey].(bool)
	g.app.mount(Route{Method: method, Pattern: apiRoot + path, API: true, Public: open}, handlers[0], options)
	return g
}

// authorise finds who holds the token and whether it may do this. A token that nobody
// holds, or none, is answered with 401; a scope it lacks with 403.
func (x *api) authorise(ctx huma.Context, next func(huma.Context)) {
	c, op := humafiber.Unwrap(ctx), ctx.Operation()
	open, scope := demands(op)
	v, scopes, err := x.app.bearer(c)
	switch {
	case err == nil && !open && !slices.Contains(scopes, scope):
		x.refuse(ctx, http.StatusForbidden, "web.api.scope", "Scope", scope)
		return
	case errors.Is(err, fault.NotFound) && !open:
		ctx.SetHeader("WWW-Authenticate", "Bearer")
		x.refuse(ctx, http.StatusUnauthorized, "web.api.token")
		return
	case err != nil && !errors.Is(err, fault.NotFound):
		_ = huma.WriteErr(x, ctx, http.StatusInternalServerError, "", err)
		return
	}
	if err == nil {
		visitOf(c.UserContext()).presence = v
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	next(ctx)
}

// demands says whether an operation is open to all, and which scope it asks for otherwise.
func demands(op *huma.Operation) (open bool, scope string) {
	open, _ = op.Metadata[openKey].(bool)
	scope, named := op.Metadata[scopeKey].(string)
	if !named {
		scope = "read"
	}
	return open, scope
}

func (x *api) refuse(ctx huma.Context, status int, key string, pairs ...any) {
	c := humafiber.Unwrap(ctx)
	_ = huma.WriteErr(x, ctx, status, T(c.UserContext(), key, pairs...))
}

// problem answers an error as an RFC 9457 document, for requests that never reached an operation.
func (a *App) problem(c *fiber.Ctx, t trouble) error {
	p := problemOf(c.UserContext(), t)
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/problem+json")
	return c.Status(t.status).Send(data)
}

// problemOf says a trouble as an RFC 9457 document in the reader's language.
func problemOf(ctx context.Context, t trouble) *huma.ErrorModel {
	p := &huma.ErrorModel{Status: t.status, Title: T(ctx, "web.error."+t.name+".title"), Detail: T(ctx, "web.error."+t.name+".text")}
	if t.sentence != nil {
		p.Detail = Say(ctx, *t.sentence)
	}
	if t.problems != nil {
		for _, problem := range t.problems.Problems {
			p.Errors = append(p.Errors, &huma.ErrorDetail{Location: problem.Field, Message: Say(ctx, problem.Sentence)})
		}
	}
	return p
}

// document is the OpenAPI description of every operation.
func (x *api) document(c *fiber.Ctx) error {
	data, err := json.Marshal(x.OpenAPI())
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/openapi+json")
	return c.Send(data)
}

// show is the page of all operations, in the order of their addresses.
func (x *api) show(c *fiber.Ctx) error {
	var all []operation
	for path, item := range x.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
			if op == nil {
				continue
			}
			open, scope := demands(op)
			if open {
				scope = ""
			}
			all = append(all, operation{Method: method, Path: path, Summary: op.Summary, Scope: scope})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method)) })
	return Render(c, http.StatusOK, apiPage(all))
}

func bearerOf(header string) string {
	kind, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(kind, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// bearer finds who holds the request's API token, and its scopes; fault.NotFound for none.
func (a *App) bearer(c *fiber.Ctx) (people.Presence, []string, error) {
	token := bearerOf(c.Get(fiber.HeaderAuthorization))
	if token == "" || a.options.ByAPIToken == nil {
		return people.Presence{}, nil, fault.NotFound
	}
	return a.options.ByAPIToken(c.UserContext(), token)
}
