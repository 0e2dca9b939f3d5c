package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

// phones are how many save at once.
const phones = 32

// BenchmarkManySaves has a room of thirty-two phones save answers at once, each on the disk
// before it is acknowledged, and the same number of clients send what the least handler
// puts into the same database by itself: one upsert, with no sign-in, no form token, no
// question to look up and no line to keep. of-bare is the part of that rate which the
// Academy reaches; the aim is a half.
func BenchmarkManySaves(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			s := &scale{load: startLoad(b)}
			a, address := s.open(b, engine)
			trainee := signedIn(b, a, "trainee.es")
			var saves, upserts []string
			for _, module := range []string{"T07", "T27", "T28", "T19", "T01", "T02", "T03", "T04", "T13", "T14"} {
				saves = append(saves, trainee.saves(b, address, module, min(8, phones-len(saves)))...)
			}
			if len(saves) < phones {
				b.Fatalf("%d questions to answer, want %d", len(saves), phones)
			}
			for i := range saves {
				upserts = append(upserts, handset{}.sends("/answers", fmt.Sprintf("key=%d&version=%s&value=%s", i, numberHere, choiceHere)))
			}
			bare := s.rate(b, "bare", bareUpsert(b, a), 204, upserts, 0)
			s.rate(b, "saves", address, 200, saves, bare)
		})
	}
}

// rate is how many requests a second are answered, all lines together.
func (s *scale) rate(b *testing.B, name, address string, want int, requests []string, bare float64) (rate float64) {
	b.Helper()
	sent := 0
	b.Run(name, func(b *testing.B) {
		o := order{Address: address, Requests: requests, From: sent, Each: (b.N + len(requests) - 1) / len(requests), Want: want}
		start := time.Now()
		s.load.send(b, o)
		sent += o.Each
		rate = float64(o.Each*len(requests)) / time.Since(start).Seconds()
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(rate, "answers/s")
		if bare > 0 {
			b.ReportMetric(rate/bare, "of-bare")
		}
	})
	return rate
}

// bareUpsert is the framework with one handler, which keeps each answer in a transaction
// of its own.
func bareUpsert(b *testing.B, a *app.Academy) (address string) {
	b.Helper()
	if _, err := a.DB.ExecContext(b.Context(), `CREATE TABLE bare_answers (key TEXT PRIMARY KEY, version INTEGER NOT NULL, value TEXT NOT NULL, saved_at TIMESTAMPTZ NOT NULL)`); err != nil {
		b.Fatal(err)
	}
	f := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	f.Post("/answers", func(c *fiber.Ctx) error {
		_, err := a.DB.ExecContext(c.UserContext(), `INSERT INTO bare_answers (key, version, value, saved_at) VALUES (?, CAST(? AS INTEGER), ?, ?)
			ON CONFLICT (key) DO UPDATE SET version = EXCLUDED.version, value = EXCLUDED.value, saved_at = EXCLUDED.saved_at`,
			c.FormValue("key"), c.FormValue("version"), c.FormValue("value"), a.Now())
		if err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusNoContent)
	})
	listener := listen(b)
	go func() { _ = f.Listener(listener) }()
	b.Cleanup(func() { _ = f.Shutdown() })
	return listener.Addr().String()
}
