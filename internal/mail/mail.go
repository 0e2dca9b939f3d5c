// Package mail sends a letter to one person by SMTP. What shows on a locked phone, the
// sender and the subject, says nothing of what the letter is about.
package mail

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/wneessen/go-mail"
)

// Letter is plain text to one receiver.
type Letter struct {
	To       string // an e-mail address
	Language string // "en" or "es", for the subject
	Title    string // the subject; "" for the same one as every letter
	Text     string

	// ID tells this letter from all others, however often it is sent: a mailbox that gets
	// it twice can show it once. "" makes one.
	ID       string
	Stop     string // address of the page on which the receiver ends such letters
	Calendar []byte // an invitation in iCalendar
	Method   string // of the invitation: REQUEST or CANCEL
}

// Subject is what shows first: neutral, whatever the letter is about.
func (l Letter) Subject() string {
	if l.Title != "" {
		return l.Title
	}
	if l.Language == "es" {
		return "Un mensaje para usted"
	}
	return "A message for you"
}

// ErrOff says that no mail server is set up, so that no letter can be sent.
var ErrOff = errors.New("no mail server is set up")

// Post takes letters. The zero Post is off.
type Post struct {
	client *mail.Client
	from   string // address
	name   string // beside it
	box    *Box
}

// sender is the name beside the sender's address where none is set: it shows on a locked
// phone, so it says nothing of what the letter is about.
const sender = "Training office"

// Open reads where letters go: "" is nowhere, and
// smtp://user:password@host:port?from=academy@example.org&name=Training+office is a
// server, asked for STARTTLS unless it is on this machine; smtps:// begins with TLS.
// Without a name the sender is the training office. It does not connect.
func Open(address string) (Post, error) {
	if address == "" {
		return Post{}, nil
	}
	server, err := url.Parse(address)
	if err != nil || server.Hostname() == "" || server.Scheme != "smtp" && server.Scheme != "smtps" {
		// The parser's own error would show the password.
		return Post{}, errors.New("the mail server's address must read smtp://user:password@host:port?from=ADDRESS")
	}
	from := server.Query().Get("from")
	if err := mail.NewMsg().From(from); err != nil {
		return Post{}, errors.New("the mail server's address must end with ?from= and an e-mail address")
	}
	client, err := mail.NewClient(server.Hostname(), options(server)...)
	if err != nil {
		return Post{}, fmt.Errorf("the mail server: %w", err)
	}
	return Post{client: client, from: from, name: cmp.Or(server.Query().Get("name"), sender)}, nil
}

func options(server *url.URL) []mail.Option {
	options := []mail.Option{mail.WithTimeout(15 * time.Second)}
	switch {
	case server.Scheme == "smtps":
		options = append(options, mail.WithSSLPort(false))
	case onThisMachine(server.Hostname()):
		options = append(options, mail.WithTLSPortPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPortPolicy(mail.TLSMandatory))
	}
	if port, err := strconv.Atoi(server.Port()); err == nil {
		options = append(options, mail.WithPort(port))
	}
	if password, set := server.User.Password(); set {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover),
			mail.WithUsername(server.User.Username()), mail.WithPassword(password))
	}
	return options
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// On tells whether letters can be sent at all.
func (p Post) On() bool { return p.client != nil || p.box != nil }

// Send hands the letter to the server, which has taken it when Send returns. It fails
// with ErrOff when there is none.
func (p Post) Send(ctx context.Context, letter Letter) error {
	if !p.On() {
		return ErrOff
	}
	message := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := message.To(letter.To); err != nil {
		return fmt.Errorf("the receiver of a letter: %w", err)
	}
	if p.box != nil {
		p.box.put(letter)
	}
	if p.client == nil {
		return nil
	}
	if err := message.FromFormat(p.name, p.from); err != nil {
		return fmt.Errorf("the sender of a letter: %w", err)
	}
	p.fill(message, letter)
	err := p.client.DialAndSendWithContext(ctx, message)
	if err != nil && !message.IsDelivered() { // what went wrong after it was taken is no matter
		return fmt.Errorf("send a letter: %w", err)
	}
	return nil
}

func (p Post) fill(message *mail.Msg, letter Letter) {
	message.Subject(letter.Subject())
	message.SetMessageIDWithValue(cmp.Or(letter.ID, rand.Text()) + "@" + p.from[strings.LastIndex(p.from, "@")+1:])
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	if letter.Stop != "" {
		message.SetGenHeader("List-Unsubscribe", "<"+letter.Stop+">")
	}
	message.SetBodyString(mail.TypeTextPlain, letter.Text)
	if len(letter.Calendar) > 0 {
		message.AddAlternativeString(mail.ContentType("text/calendar; method="+letter.Method), string(letter.Calendar))
	}
}

// Sender is the address and the name that letters come from; both "" where mail is off.
func (p Post) Sender() (address, name string) { return p.from, p.name }

// Unsure says whether a letter that could not be sent may have been taken all the same:
// the line broke after all of it was given and before the server said anything.
func Unsure(err error) bool {
	var failed *mail.SendError
	return errors.As(err, &failed) && failed.Reason == mail.ErrSMTPDataClose && failed.ErrorCode() == 0
}

// Box keeps letters instead of sending them, for tests and the demo.
type Box struct {
	mu      sync.Mutex
	letters []Letter
}

// Record gives a Post whose letters go into the box.
func Record() (Post, *Box) {
	box := &Box{}
	return Post{box: box, from: "training@demo.test", name: sender}, box
}

// Recorded gives a Post that puts each letter into the box too, whether it is sent or not.
func (p Post) Recorded() (Post, *Box) {
	recording, box := Record()
	if p.client != nil {
		recording.client, recording.from, recording.name = p.client, p.from, p.name
	}
	return recording, box
}

// Letters gives the letters so far, oldest first.
func (b *Box) Letters() []Letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Letter(nil), b.letters...)
}

func (b *Box) put(l Letter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.letters = append(b.letters, l)
}
