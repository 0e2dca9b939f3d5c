package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// scale weighs requests in processor time, which a busy machine changes less than it
// changes the time on the clock.
type scale struct {
	load   *load
	server *dbtest.Server // nil where the database is a file
	hello  time.Duration  // what the bare framework's answer costs; 0 where it was not asked
}

// BenchmarkTheAcademy weighs what people ask for most against the least that the framework
// can be asked for, over connections of this machine that are kept open. x-hello is how
// many such hellos one answer costs, the database's own processes counted; the aim for a
// module's page is 20 on SQLite and 40 on PostgreSQL.
func BenchmarkTheAcademy(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			s := &scale{load: startLoad(b)}
			a, address := s.open(b, engine)
			s.hello = s.weigh(b, "hello", bare(b), 200, "GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
			trainee := signedIn(b, a, "trainee.es")
			s.weigh(b, "module", address, 200, trainee.asks("/modules/t07"))
			s.weigh(b, "answer", address, 200, trainee.saves(b, address, "T07", lines)...)
			s.weigh(b, "certificate", address, 200, handset{}.asks("/c/"+someCode(b, a)))
		})
	}
}

// open serves a demo on a database of its own, with the log of a real Academy.
func (s *scale) open(b *testing.B, engine string) (a *app.Academy, address string) {
	b.Helper()
	c := app.Defaults()
	c.Demo, c.Data = true, filepath.Join(b.TempDir(), "demo")
	c.TrustedProxies = []string{"127.0.0.1"} // every request comes from elsewhere
	if engine == "postgres" {
		s.server = dbtest.Own(b)
		c.Database = s.server.Address()
	}
	a, err := app.OpenDemo(context.Background(), c, slog.New(slog.NewJSONHandler(io.Discard, &slog.HandlerOptions{Level: c.Level()})))
	if err != nil {
		b.Fatal(err)
	}
	if engine == "postgres" { // as a server does by itself within minutes; this one is told not to
		if _, err := a.DB.ExecContext(context.Background(), "VACUUM ANALYZE"); err != nil {
			b.Fatal(err)
		}
	}
	listener := listen(b)
	served := make(chan error, 1)
	go func() { served <- a.Web.Serve(listener) }()
	b.Cleanup(func() {
		if err := a.Web.Shutdown(); err != nil {
			b.Error(err)
		}
		if err := <-served; err != nil {
			b.Error(err)
		}
		if err := a.Close(); err != nil {
			b.Error(err)
		}
	})
	return a, listener.Addr().String()
}

// bare is the framework with one handler.
func bare(b *testing.B) (address string) {
	b.Helper()
	f := fiber.New(fiber.Config{DisableStartupMessage: true})
	f.Get("/hello", func(c *fiber.Ctx) error { return c.SendString("hello") })
	listener := listen(b)
	go func() { _ = f.Listener(listener) }()
	b.Cleanup(func() { _ = f.Shutdown() })
	return listener.Addr().String()
}

func listen(b *testing.B) net.Listener {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	return listener
}

// weigh has requests sent again and again, the one on every line or each on its own, and
// gives what an answer costs.
func (s *scale) weigh(b *testing.B, name, address string, want int, requests ...string) (cost time.Duration) {
	b.Helper()
	for len(requests) < lines {
		requests = append(requests, requests[0])
	}
	sent := 0
	b.Run(name, func(b *testing.B) {
		o := order{Address: address, Requests: requests, From: sent, Each: (b.N + lines - 1) / lines, Want: want}
		here, there := s.used(b)
		s.load.send(b, o)
		hereNow, thereNow := s.used(b)
		sent += o.Each
		count := time.Duration(o.Each * lines)
		cost = (hereNow - here + thereNow - there) / count
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(hereNow-here)/float64(count)/1000, "app-cpu-µs/op")
		if s.server != nil {
			b.ReportMetric(float64(thereNow-there)/float64(count)/1000, "db-cpu-µs/op")
		}
		if s.hello > 0 {
			b.ReportMetric(float64(cost)/float64(s.hello), "x-hello")
		}
	})
	return cost
}

// used is the processor time of this process and of the database's until now.
func (s *scale) used(b *testing.B) (here, there time.Duration) {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	if s.server != nil {
		there = s.server.CPU()
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), there
}

// handset is what somebody asks with; the zero one is nobody's who is known here.
type handset struct {
	a     *app.Academy
	who   people.Viewer
	token string // of the session
}

func signedIn(b *testing.B, a *app.Academy, name string) handset {
	b.Helper()
	token, err := a.People.SignIn(context.Background(), people.Attempt{Name: name + "@demo.test", Secret: app.DemoPassword, Address: "127.0.0.1"})
	if err != nil {
		b.Fatal(err)
	}
	return handset{a, viewerOf(b, a, name), token}
}

func viewerOf(b *testing.B, a *app.Academy, name string) people.Viewer {
	b.Helper()
	presence, _, err := a.People.ByToken(context.Background(), "demo-"+name)
	if err != nil {
		b.Fatal(err)
	}
	return presence.Viewer
}

// asks is the request for a page.
func (p handset) asks(path string) string {
	return "GET " + path + " HTTP/1.1\r\n" + p.head() + "\r\n"
}

// head is what a handset sends with every request.
func (p handset) head() string {
	lines := []string{"Host: 127.0.0.1:8080", "X-Forwarded-For: " + placeHere, "Accept: text/html", "Accept-Language: en-US,en;q=0.9",
		"Accept-Encoding: gzip, deflate, br, zstd", "User-Agent: Mozilla/5.0 (Linux; Android 14) Mobile", "Sec-Fetch-Site: same-origin"}
	if p.token != "" {
		lines = append(lines, "Cookie: academy="+p.token)
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

// saves are requests that save answers to one attempt, each line to a question of its own:
// an answer is built on the one before it.
func (p handset) saves(b *testing.B, address string, module string, count int) (requests []string) {
	b.Helper()
	attempt, err := p.a.Assessment.Start(context.Background(), p.who, module)
	if errors.Is(err, fault.NotFound) {
		return nil // no check of theirs
	}
	if err != nil {
		b.Fatal(err)
	}
	paper, err := p.a.Assessment.Attempt(context.Background(), p.who, attempt)
	if err != nil {
		b.Fatal(err)
	}
	token := p.formToken(b, address, "/attempts/"+string(attempt))
	for _, question := range paper.Questions[:min(count, len(paper.Questions))] {
		form := url.Values{"_csrf": {token}, "one": {question.ID}, "device": {"a-phone"}}.Encode() +
			"&seen." + question.ID + "=" + numberHere + "&a." + question.ID + "=" + choiceHere
		requests = append(requests, p.sends("/attempts/"+string(attempt)+"/answers", form))
	}
	return requests
}

// sends is the request with a form, in which a choice may still stand open.
func (p handset) sends(path, form string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\n%sContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		path, p.head(), len(form)-len(choiceHere)+1, form)
}

func (p handset) formToken(b *testing.B, address, page string) string {
	b.Helper()
	request, err := http.NewRequest(http.MethodGet, "http://"+address+page, nil)
	if err != nil {
		b.Fatal(err)
	}
	request.AddCookie(&http.Cookie{Name: "academy", Value: p.token})
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	text, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		b.Fatal(err)
	}
	m := formToken.FindSubmatch(text)
	if m == nil {
		b.Fatalf("%s: %d, no form with a token on it", page, answer.StatusCode)
	}
	return string(m[1])
}

// someCode is a certificate's number with a share code, as an employer types it.
func someCode(b *testing.B, a *app.Academy) string {
	b.Helper()
	ctx, graduate := context.Background(), viewerOf(b, a, "graduate")
	copies, err := a.Certificates.MyCopies(ctx, graduate)
	if err != nil {
		b.Fatal(err)
	}
	held, err := a.Certificates.Own(ctx, graduate, copies[0].CertificateID)
	if err != nil {
		b.Fatal(err)
	}
	return number.Copy{Number: held.Number, Share: copies[0].Share}.String()
}
