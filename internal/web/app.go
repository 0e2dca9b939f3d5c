// Package web holds the outside of the Academy: the Fiber app with its limits and
// guards, the layout and parts that every page is made of, the two languages, the
// one place where an error becomes an answer, and the files a browser needs.
package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Options says what an App needs from the rest of the house.
type Options struct {
	BaseURL        string // absolute address of the Academy, without a slash at the end
	Demo           bool   // a demo answers to a loopback Host alone
	TrustedProxies []string
	Key            []byte // secret of this Academy, for form tokens and hashed addresses; the same on every machine

	// Presence finds who holds a session token; fault.NotFound when nobody does.
	Presence func(ctx context.Context, token string) (people.Presence, error)
	// ByAPIToken finds who holds an API token, and its scopes; fault.NotFound when nobody does.
	ByAPIToken func(ctx context.Context, token string) (people.Presence, []string, error)
	// Speak stores the language a signed-in person chose with the switch.
	Speak func(ctx context.Context, v people.Viewer, language string) error
	// Places are the entries of the bar for a viewer; DefaultPlaces when nil.
	Places func(v people.Viewer) []Place
	// Ready says whether the Academy can serve: database reachable and migrated.
	Ready func(ctx context.Context) error

	Words  []fs.FS // each with words/en.toml and words/es.toml
	Logger *slog.Logger
	Now    clock.Clock
}

// App is the running outside: routes are mounted on it, then it listens.
type App struct {
	fiber    *fiber.App
	options  Options
	words    *Words
	files    *library
	guard    guard
	limits   *addressLimits
	metrics  *metrics
	api      *api
	routes   []Route
	sealOnce sync.Once
	door     door
	prints   prints
	secure   bool   // the base address is https
	host     string // of the base address

	unsentKey []byte // what seals unsent lines is derived from it
}

// New makes an App without routes but those of the house itself: files, health,
// language. Fails when the words files clash or the base address cannot be read.
func New(o Options) (*App, error) {
	base, err := url.Parse(o.BaseURL)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, fmt.Errorf("base address %q: want http://… or https://…", o.BaseURL)
	}
	if len(o.Key) < 16 {
		return nil, errors.New("the key for form tokens is shorter than 16 bytes")
	}
	words, err := LoadWords(append([]fs.FS{ownWords}, o.Words...)...)
	if err != nil {
		return nil, err
	}
	files, err := shelf()
	if err != nil {
		return nil, err
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Now == nil {
		o.Now = clock.System
	}
	if o.Places == nil {
		o.Places = DefaultPlaces
	}
	o.BaseURL = strings.TrimSuffix(o.BaseURL, "/")
	a := &App{
		options: o, words: words, files: files, secure: base.Scheme == "https", host: base.Host,
		limits: newAddressLimits(o.Key, o.Now), metrics: newMetrics(), unsentKey: derive(o.Key, "unsent lines"),
	}
	if a.guard, err = newGuard(o.Key, base.Scheme+"://"+base.Host); err != nil {
		return nil, err
	}
	a.fiber = fiber.New(fiber.Config{
		Immutable: true, CaseSensitive: true, StrictRouting: false,
		ReadTimeout: readTimeout, WriteTimeout: time.Minute, IdleTimeout: 75 * time.Second,
		ReadBufferSize: 16 << 10, BodyLimit: 64 << 10,
		StreamRequestBody: true, DisablePreParseMultipartForm: true,
		EnableTrustedProxyCheck: true, TrustedProxies: o.TrustedProxies, EnableIPValidation: true,
		ErrorHandler: a.answer, DisableStartupMessage: true, ServerHeader: "",
	})
	a.fiber.Use(a.serve)
	a.api = newAPI(a)
	a.mountHouse()
	return a, nil
}

const (
	readTimeout  = 30 * time.Second
	shutdownWait = 30 * time.Second
	cutOffWait   = 5 * time.Second
)

// BaseURL is the absolute address of the Academy; links that leave it are made from this, never from Host.
func (a *App) BaseURL() string { return a.options.BaseURL }

// Secure says whether the Academy is reached by https.
func (a *App) Secure() bool { return a.secure }

// Words are the sentences of all rooms, for mail and other work outside a request.
func (a *App) Words() *Words { return a.words }

// Serve answers on a listener until Shutdown.
func (a *App) Serve(l net.Listener) error {
	a.seal()
	who, open := a.door.open(l)
	if !open {
		return l.Close()
	}
	return a.fiber.Listener(who)
}

// Listen answers on an address such as "127.0.0.1:8080" until Shutdown.
func (a *App) Listen(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return a.Serve(l)
}

// Shutdown takes no new requests and waits up to 30 seconds for those in flight. Who
// still sends after that is cut off, so that nothing half received stays behind.
func (a *App) Shutdown() error { return a.shutdown(shutdownWait) }

func (a *App) shutdown(wait time.Duration) error {
	who := a.door.close()
	if who == nil {
		return nil
	}
	who.end()
	err := a.fiber.ShutdownWithTimeout(wait)
	if errors.Is(err, context.DeadlineExceeded) {
		a.options.Logger.Warn("requests were cut off", "count", who.cutOff(cutOffWait), "after", wait.String())
		err = nil
	}
	return err
}

// Test answers one request in memory, through every layer that a real one passes.
func (a *App) Test(req *http.Request) (*http.Response, error) {
	a.seal()
	return a.fiber.Test(req, int((20 * time.Second).Milliseconds()))
}

// seal adds what must come after every route: the answer for what is not there.
func (a *App) seal() { a.sealOnce.Do(func() { a.fiber.Use(a.notThere) }) }

// Handler is the whole App as fasthttp serves it, for benchmarks.
func (a *App) Handler() fasthttp.RequestHandler {
	a.seal()
	return a.fiber.Handler()
}
