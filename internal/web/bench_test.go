package web_test

import (
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// BenchmarkPage measures the way through every layer against the bare framework, without a network or a database.
func BenchmarkPage(b *testing.B) {
	bare := fiber.New()
	bare.Get("/hello", func(c *fiber.Ctx) error { return c.SendString("hello") })
	b.Run("bare hello", func(b *testing.B) { answerAll(b, bare.Handler(), "/hello") })
	app := newApp(b)
	app.SignedIn("GET", "/empty", page("Empty"))
	app.SignedIn("GET", "/specimen", specimenPage)
	app.Public("GET", "/hello", func(c *fiber.Ctx) error { return c.SendString("hello") })
	for _, path := range []string{"/hello", "/empty", "/specimen"} {
		b.Run(path, func(b *testing.B) { answerAll(b, app.Handler(), path) })
	}
}

func answerAll(b *testing.B, handler fasthttp.RequestHandler, path string) {
	b.ReportAllocs()
	for b.Loop() {
		var ctx fasthttp.RequestCtx
		ctx.Request.SetRequestURI(path)
		ctx.Request.Header.SetHost("localhost:8080")
		ctx.Request.Header.SetCookie("academy", "tasha")
		ctx.Request.Header.Set("Accept-Encoding", "gzip")
		handler(&ctx)
		if ctx.Response.StatusCode() != 200 {
			b.Fatalf("%d", ctx.Response.StatusCode())
		}
	}
}
