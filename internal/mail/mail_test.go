package mail_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/mail"
)

func TestALetterReachesOneReceiverUnderANeutralSubject(t *testing.T) {
	t.Parallel()
	for language, subject := range map[string]string{"en": "A message for you", "es": "Un mensaje para usted"} {
		server := serve(t, "250 taken")
		post := open(t, server.address)
		letter := mail.Letter{To: "dana@example.org", Language: language, Text: "Hola, señora.\nHer class is on Tuesday.\n"}
		if err := post.Send(t.Context(), letter); err != nil {
			t.Fatal(err)
		}
		got := <-server.sessions
		if fmt.Sprint(got.receivers) != "[RCPT TO:<dana@example.org>]" {
			t.Errorf("receivers %q", got.receivers)
		}
		message, err := netmail.ReadMessage(strings.NewReader(got.data))
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{
			"Subject": subject, "To": "<dana@example.org>", "From": `"Training office" <academy@example.org>`,
			"Auto-Submitted": "auto-generated", "User-Agent": "", "X-Mailer": "", "Cc": "", "Bcc": "",
		} {
			if value := message.Header.Get(name); value != want {
				t.Errorf("%s: %q, want %q", name, value, want)
			}
		}
		text, err := io.ReadAll(quotedprintable.NewReader(message.Body))
		if err != nil || strings.ReplaceAll(string(text), "\r\n", "\n") != letter.Text {
			t.Errorf("text %q, %v", text, err)
		}
	}
}

func TestTheSendersNameIsASetting(t *testing.T) {
	t.Parallel()
	server := serve(t, "250 taken")
	if err := open(t, server.address+"&name=Office+12").Send(t.Context(), mail.Letter{To: "dana@example.org", Language: "en", Text: "Hello.\n"}); err != nil {
		t.Fatal(err)
	}
	if got := <-server.sessions; !strings.Contains(got.data, `From: "Office 12" <academy@example.org>`) {
		t.Errorf("sent as %.200s", got.data)
	}
}

func TestARefusedLetterIsAnError(t *testing.T) {
	t.Parallel()
	server := serve(t, "554 no")
	if err := open(t, server.address).Send(t.Context(), mail.Letter{To: "dana@example.org", Text: "Hello."}); err == nil {
		t.Error("the server refused it and Send was content")
	}
}

func TestNoSecondReceiverSlipsIn(t *testing.T) {
	t.Parallel()
	post, box := mail.Record()
	for _, to := range []string{"", "dana", "dana@example.org, sam@example.org", "dana@example.org\r\nBcc: sam@example.org"} {
		if err := post.Send(t.Context(), mail.Letter{To: to, Text: "Hello."}); err == nil {
			t.Errorf("sent to %q", to)
		}
	}
	if letters := box.Letters(); len(letters) != 0 {
		t.Errorf("recorded %v", letters)
	}
}

func TestTheBoxKeepsLettersInOrder(t *testing.T) {
	t.Parallel()
	post, box := mail.Record()
	for _, text := range []string{"one", "two"} {
		if err := post.Send(t.Context(), mail.Letter{To: "dana@example.org", Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	if l := box.Letters(); len(l) != 2 || l[0].Text != "one" || l[1].Text != "two" {
		t.Errorf("letters %v", l)
	}
}

func TestWithoutAServerMailIsOff(t *testing.T) {
	t.Parallel()
	post, err := mail.Open("")
	if err != nil {
		t.Fatal(err)
	}
	if err := post.Send(t.Context(), mail.Letter{To: "dana@example.org"}); post.On() || !errors.Is(err, mail.ErrOff) {
		t.Errorf("on %v, %v", post.On(), err)
	}
}

func TestAWrongAddressIsRefusedWithoutShowingThePassword(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"example.org", "http://u:hunter2@h?from=a@b.org", "smtp://u:hunter2@h", "smtp://u:hunter2@h:x?from=a@b.org", "smtp://u:hunter2@h?from=nobody",
	} {
		_, err := mail.Open(address)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("Open(%q): %v", address, err)
		}
	}
	for _, address := range []string{"smtp://u:p@mail.example.org:587?from=a@b.org", "smtps://mail.example.org?from=a@b.org"} {
		if post, err := mail.Open(address); err != nil || !post.On() {
			t.Errorf("Open(%q): %v", address, err)
		}
	}
}

type session struct {
	receivers []string
	data      string
}

type server struct {
	address  string
	sessions chan session
}

// hangUp is no answer: the line breaks.
const hangUp = ""

// serve runs a mail server that answers one letter in the given way.
func serve(t *testing.T, answer string) server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	s := server{"smtp://" + listener.Addr().String() + "?from=academy@example.org", make(chan session, 1)}
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		var got session
		say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
		say("220 ready")
		lines := bufio.NewScanner(conn)
		for inData := false; lines.Scan(); {
			switch line := lines.Text(); {
			case inData && line == ".":
				inData = false
				s.sessions <- got
				if answer == hangUp {
					return
				}
				say(answer)
			case inData:
				got.data += line + "\r\n"
			case strings.HasPrefix(line, "RCPT"):
				got.receivers = append(got.receivers, line)
				say("250 fine")
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
	}()
	return s
}

func open(t *testing.T, address string) mail.Post {
	t.Helper()
	post, err := mail.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	return post
}
