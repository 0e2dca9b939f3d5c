package pages_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/mail"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/messages/pages"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// pen writes another text each time.
type pen struct {
	mu      sync.Mutex
	written int
	nothing bool
	gone    bool
}

func (p *pen) Write(context.Context, messages.Tx, messages.Letter) (messages.Text, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.written++
	if p.nothing {
		return messages.Text{}, fault.NotFound
	}
	return messages.Text{Title: "Your next class", Body: fmt.Sprint("Writing ", p.written)}, nil
}

func (p *pen) Still(context.Context, messages.Letter) (bool, error) { return !p.gone, nil }

func (p *pen) writers() map[messages.Kind]messages.Writer {
	return map[messages.Kind]messages.Writer{messages.Reminder: p}
}

func (h *house) jobs(post mail.Post, p *pen) *outbox.Runner {
	h.Helper()
	runner, err := outbox.New(h.db, h.now, pages.Jobs(h.app, h.store, post, p.writers())...)
	h.ok(err)
	return runner
}

func (h *house) queue(cause string) {
	h.Helper()
	h.ok(h.store.Queue(h.Context(), people.System(people.Outreach), h.order("maya", cause)))
}

func (h *house) order(name, cause string) messages.Order {
	return messages.Order{Person: h.viewer(name).Person(), Kind: messages.Reminder, About: "s", Cause: cause, Until: noon.Add(20 * time.Hour)}
}

func (h *house) count(query string, args ...any) (n int) {
	h.Helper()
	h.ok(h.db.NewRaw(query, args...).Scan(h.Context(), &n))
	return n
}

func (h *house) states() (states []string) {
	h.Helper()
	h.ok(h.db.NewRaw(`SELECT state FROM messages ORDER BY made_at, id`).Scan(h.Context(), &states))
	return states
}

func TestOfOneCauseAPersonGetsOneLetter(t *testing.T) {
	each(t, func(h *house) {
		system := people.System(people.Outreach)
		for range 3 {
			h.ok(h.store.Queue(h.Context(), system, h.order("maya", "a"), h.order("nomail", "a"), h.order("maya", "b")))
		}
		p := &pen{}
		for range 2 {
			h.ok(h.jobs(h.post, p).RunDue(h.Context()))
		}
		letters := h.box.Letters()
		if len(letters) != 2 || letters[0].ID == letters[1].ID || letters[0].To != "maya@example.org" || !strings.HasPrefix(letters[0].Text, "Hello maya,\n\nWriting 1\n") {
			t.Errorf("letters %+v", letters)
		}
		if n := h.count(`SELECT COUNT(*) FROM messages WHERE written <> '' OR state <> 'sent'`); n != 0 {
			t.Error("a text is kept after it was sent")
		}
	})
}

func TestALetterThatIsOfNoUseAnyMoreIsDropped(t *testing.T) {
	each(t, func(h *house) {
		for name, spoil := range map[string]func(p *pen){
			"nothing to say": func(p *pen) { p.nothing = true },
			"too late":       func(*pen) { h.at(noon.Add(20 * time.Hour)) },
			"not wanted": func(*pen) {
				w := messages.Careful
				w.Reminders = false
				h.ok(h.store.Wish(h.Context(), h.viewer("maya"), w))
			},
		} {
			h.queue(name)
			p := &pen{}
			spoil(p)
			h.ok(h.jobs(h.post, p).RunDue(h.Context()))
			h.at(noon)
			h.ok(h.store.Wish(h.Context(), h.viewer("maya"), messages.Careful))
			h.ok(h.jobs(h.post, &pen{}).RunDue(h.Context()))
		}
		if n := len(h.box.Letters()); n != 0 || strings.Join(h.states(), " ") != "dropped dropped dropped" {
			t.Errorf("%d letters, %v", n, h.states())
		}
	})
}

func TestALetterComesAfterTheQuietHours(t *testing.T) {
	each(t, func(h *house) {
		late, early := h.order("maya", "a"), h.order("maya", "b")
		late.Until, early.Until = noon.Add(40*time.Hour), noon.Add(20*time.Hour) // the end of the quiet hours: too late
		h.at(noon.Add(10 * time.Hour))                                           // 10 pm in Chicago
		h.ok(h.store.Queue(h.Context(), people.System(people.Outreach), late, early))
		jobs := h.jobs(h.post, &pen{})
		for _, step := range []struct{ hours, letters int }{{10, 0}, {19, 0}, {20, 1}, {21, 1}} {
			h.at(noon.Add(time.Duration(step.hours) * time.Hour))
			h.ok(jobs.RunDue(h.Context()))
			if n := len(h.box.Letters()); n != step.letters {
				t.Errorf("after %d hours %d letters", step.hours, n)
			}
		}
		if n := h.count(`SELECT COUNT(*) FROM messages WHERE cause = 'b' AND state = 'dropped'`); n != 1 {
			t.Error("a reminder of a class that begins before the quiet hours end is not dropped")
		}
	})
}

func TestARefusedLetterGoesAgainAfterGrowingPausesUnderOneName(t *testing.T) {
	each(t, func(h *house) {
		server := serve(t, "451 later", "451 later", "250 taken")
		p := &pen{}
		jobs := h.jobs(server.post(t), p)
		h.queue("a")
		for i, pause := range []time.Duration{0, 10 * time.Second, 20 * time.Second} {
			h.at(h.now().Add(pause - time.Second))
			if pause > 0 {
				h.ok(jobs.RunDue(h.Context())) // too early: nothing is tried
			}
			h.at(h.now().Add(time.Second))
			if err := jobs.RunDue(h.Context()); (err == nil) != (i == 2) {
				t.Fatalf("try %d: %v", i, err)
			}
		}
		server.oneLetter(t, 3)
		if p.written != 1 || strings.Join(h.states(), " ") != "sent" {
			t.Errorf("written %d times, %v", p.written, h.states())
		}
	})
}

func TestALetterWhoseFateIsUnknownGoesOnceMoreAndNoMore(t *testing.T) {
	each(t, func(h *house) {
		server := serve(t, hangUp, hangUp, "250 taken")
		jobs := h.jobs(server.post(t), &pen{})
		h.queue("a")
		for i, state := range []string{"sending", "sending", "lost", "lost"} {
			if err := jobs.RunDue(h.Context()); (err == nil) != (i > 1) {
				t.Fatalf("try %d: %v", i, err)
			}
			if got := strings.Join(h.states(), " "); got != state {
				t.Errorf("try %d: %s, want %s", i, got, state)
			}
			h.at(h.now().Add(time.Minute))
		}
		server.oneLetter(t, 2)
	})
}

func TestAfterACrashALetterGoesOnceMoreAsItWas(t *testing.T) {
	each(t, func(h *house) {
		p, system := &pen{}, people.System(people.Outreach)
		h.queue("a")
		var id string
		h.ok(h.db.NewRaw(`SELECT id FROM messages`).Scan(h.Context(), &id))
		before, text, err := h.store.Take(h.Context(), system, id, p.writers()) // and the process dies
		h.ok(err)
		h.ok(h.jobs(h.post, p).RunDue(h.Context()))
		letters := h.box.Letters()
		if len(letters) != 1 || letters[0].ID != before.MailName || !strings.Contains(letters[0].Text, text.Body) || p.written != 1 {
			t.Errorf("letters %+v of %q, written %d times", letters, text.Body, p.written)
		}
		h.queue("b")
		h.ok(h.db.NewRaw(`SELECT id FROM messages WHERE cause = 'b'`).Scan(h.Context(), &id))
		_, _, err = h.store.Take(h.Context(), system, id, p.writers())
		h.ok(err)
		p.gone = true // and has left the class meanwhile
		h.ok(h.jobs(h.post, p).RunDue(h.Context()))
		if n := len(h.box.Letters()); n != 1 {
			t.Errorf("%d letters", n)
		}
	})
}

func TestTwoProcessesSendALetterOnce(t *testing.T) {
	t.Parallel()
	dbtest.Postgres(t, func(t *testing.T, db *bun.DB) {
		h := newHouse(t, db)
		p, system := &pen{}, people.System(people.Outreach)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := h.store.Queue(t.Context(), system, h.order("maya", "a")); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := h.count(`SELECT COUNT(*) FROM outbox WHERE kind = ?`, messages.SendWork); n != 1 {
			t.Errorf("%d pieces of work for one letter", n)
		}
		for range 8 {
			all.Go(func() {
				if err := h.jobs(h.post, p).RunDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := len(h.box.Letters()); n != 1 || p.written != 1 {
			t.Errorf("%d letters, written %d times", n, p.written)
		}
	}, people.Migrations, outbox.Migrations, messages.Migrations)
}

var stopAt = regexp.MustCompile(`http://localhost:8080(/messages/stop/[A-Z0-9]+)`)

func TestALetterSaysHowToEndThem(t *testing.T) {
	each(t, func(h *house) {
		h.queue("a")
		h.ok(h.jobs(h.post, &pen{}).RunDue(h.Context()))
		letter := h.box.Letters()[0]
		path := stopAt.FindStringSubmatch(letter.Text)[1]
		if letter.Stop != "http://localhost:8080"+path {
			t.Errorf("the header says %s, the text %s", letter.Stop, path)
		}
		_, page := h.ask("", "GET", path, nil)
		h.has(page, []string{"Stop writing to me"}, "maya", "script>al")
		if own, err := h.store.Wishes(h.Context(), h.viewer("maya")); err != nil || !own.Reminders {
			t.Errorf("looking at the page has ended them: %v", err)
		}
		if status, _ := h.ask("", "POST", path, url.Values{}); status != http.StatusSeeOther {
			t.Errorf("status %d", status)
		}
		own, err := h.store.Wishes(h.Context(), h.viewer("maya"))
		h.ok(err)
		for _, kind := range messages.Kinds {
			if own.Wants(kind) {
				t.Errorf("still wants %s", kind)
			}
		}
		for _, path := range []string{"/messages/stop/NOSUCHTOKEN", "/messages/stop/%20"} {
			if status, _ := h.ask("", "GET", path, nil); status != http.StatusNotFound {
				t.Errorf("%s: status %d", path, status)
			}
		}
		if n := h.count(`SELECT COUNT(*) FROM messages WHERE stop_hash = ?`, strings.TrimPrefix(path, "/messages/stop/")); n != 0 {
			t.Error("the token is kept in clear")
		}
	})
}

func TestTheDemosMailboxShowsOneAddress(t *testing.T) {
	each(t, func(h *house) {
		for _, to := range []string{"maya@example.org", "sam@example.org"} {
			h.ok(h.post.Send(h.Context(), mail.Letter{To: to, Text: "Hello <script> " + to, Calendar: []byte("BEGIN:VCALENDAR"), Method: "REQUEST"}))
		}
		_, page := h.ask("", "GET", "/demo/mail", nil)
		h.has(page, []string{"No letters yet"}, "Hello")
		_, page = h.ask("maya", "GET", "/demo/mail", nil)
		h.has(page, []string{"Hello &lt;script&gt; maya", "BEGIN:VCALENDAR", "REQUEST"}, "<script> maya", "sam@")
		_, page = h.ask("", "GET", "/demo/mail?address=SAM@example.org", nil)
		h.has(page, []string{"Hello &lt;script&gt; sam"}, "maya")
	})
}

// hangUp is no answer: the line breaks.
const hangUp = ""

type server struct {
	address string
	mu      sync.Mutex
	data    []string
}

// serve runs a mail server that answers letters one after the other in the given ways.
func serve(t *testing.T, answers ...string) *server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	s := &server{address: "smtp://" + listener.Addr().String() + "?from=academy@example.org"}
	go func() {
		for _, answer := range answers {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.talk(conn, answer)
		}
	}()
	return s
}

func (s *server) talk(conn net.Conn, answer string) {
	defer conn.Close()
	say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
	say("220 ready")
	var data strings.Builder
	lines := bufio.NewScanner(conn)
	for inData := false; lines.Scan(); {
		switch line := lines.Text(); {
		case inData && line == ".":
			inData = false
			s.mu.Lock()
			s.data = append(s.data, data.String())
			s.mu.Unlock()
			if answer == hangUp {
				return
			}
			say(answer)
		case inData:
			data.WriteString(line + "\r\n")
		case line == "DATA":
			inData = true
			say("354 go on")
		case line == "QUIT":
			say("221 goodbye")
			return
		default:
			say("250 fine")
		}
	}
}

func (s *server) post(t *testing.T) mail.Post {
	t.Helper()
	post, err := mail.Open(s.address)
	if err != nil {
		t.Fatal(err)
	}
	return post
}

// oneLetter fails unless the server got the same letter so many times.
func (s *server) oneLetter(t *testing.T, times int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	letters := map[string]bool{}
	for _, data := range s.data {
		message, err := netmail.ReadMessage(strings.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(message.Body)
		if err != nil {
			t.Fatal(err)
		}
		letters[message.Header.Get("Message-Id")+message.Header.Get("Subject")+string(body)] = true
	}
	if len(s.data) != times || len(letters) != 1 {
		t.Errorf("given %d times, want %d, in %d forms", len(s.data), times, len(letters))
	}
}
