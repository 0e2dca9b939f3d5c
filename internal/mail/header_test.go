package mail_test

import (
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/mail"
)

func TestALetterCarriesItsOwnNameEachTimeThatItIsSent(t *testing.T) {
	t.Parallel()
	letter := mail.Letter{To: "dana@example.org", Title: "A change to your class", Text: "Hello.\n", ID: "ABC", Stop: "https://x.example.org/messages/stop/T"}
	for range 2 {
		server := serve(t, "250 taken")
		if err := open(t, server.address).Send(t.Context(), letter); err != nil {
			t.Fatal(err)
		}
		got := <-server.sessions
		message, err := netmail.ReadMessage(strings.NewReader(got.data))
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"Message-Id": "<ABC@example.org>", "List-Unsubscribe": "<https://x.example.org/messages/stop/T>", "Subject": "A change to your class"} {
			if value := message.Header.Get(name); value != want {
				t.Errorf("%s: %q, want %q", name, value, want)
			}
		}
	}
}

func TestAnInvitationStandsBesideTheText(t *testing.T) {
	t.Parallel()
	server := serve(t, "250 taken")
	letter := mail.Letter{To: "dana@example.org", Text: "Hello.\n", Calendar: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), Method: "REQUEST"}
	if err := open(t, server.address).Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	message, err := netmail.ReadMessage(strings.NewReader((<-server.sessions).data))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s, %v", kind, err)
	}
	var kinds []string
	parts := multipart.NewReader(message.Body, params["boundary"])
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, part.Header.Get("Content-Type"))
	}
	if got := strings.Join(kinds, " | "); got != "text/plain; charset=UTF-8 | text/calendar; method=REQUEST; charset=UTF-8" {
		t.Errorf("parts %s", got)
	}
}

func TestALineThatBreaksAfterTheLetterLeavesItsFateUnknown(t *testing.T) {
	t.Parallel()
	for answer, unsure := range map[string]bool{hangUp: true, "554 no": false, "451 later": false} {
		server := serve(t, answer)
		err := open(t, server.address).Send(t.Context(), mail.Letter{To: "dana@example.org", Text: "Hello.\n"})
		if err == nil || mail.Unsure(err) != unsure {
			t.Errorf("%q: unsure %v, %v", answer, mail.Unsure(err), err)
		}
	}
	server := serve(t, "250 taken")
	post := open(t, strings.Replace(server.address, "127.0.0.1", "127.0.0.2", 1))
	if err := post.Send(t.Context(), mail.Letter{To: "dana@example.org", Text: "Hello.\n"}); err == nil || mail.Unsure(err) {
		t.Errorf("a server that isn't there: %v", err)
	}
}
