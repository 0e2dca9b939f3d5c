package web_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// served is the App on a real port.
func served(t *testing.T, app *web.App) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- app.Serve(l) }()
	t.Cleanup(func() {
		if err := app.Shutdown(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

func uploadApp(t *testing.T) *web.App {
	app := newApp(t)
	app.SignedIn("GET", "/import", formPage)
	app.SignedIn("POST", "/import", func(c *fiber.Ctx) error {
		file, err := c.FormFile("file")
		if err != nil {
			return err
		}
		return c.SendString(fmt.Sprint(file.Size))
	}, web.Limit(200_000))
	app.SignedIn("POST", "/notes", func(c *fiber.Ctx) error { return c.SendString(fmt.Sprint(len(web.Text(c, "text")))) })
	return app
}

// A body that announces 300 MB is refused after its head: the client has sent almost nothing of it.
func TestABodyOverTheLimitIsRefusedUnread(t *testing.T) {
	t.Parallel()
	addr := served(t, uploadApp(t))
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /import HTTP/1.1\r\nHost: localhost:8080\r\nCookie: academy=tasha\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 300000000\r\n\r\n%s",
		strings.Repeat("a", 9000))
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	if response.StatusCode != 413 || !strings.Contains(string(body), "That is too big") {
		t.Errorf("%d %s", response.StatusCode, body)
	}
	if !response.Close {
		t.Error("the connection stays open with an unread body on it")
	}
}

// A browser that sends on regardless still gets to read the answer.
func TestTheWholeOfATooBigFileSentAnywayGetsItsPage(t *testing.T) {
	t.Parallel()
	addr := served(t, uploadApp(t))
	request, _ := http.NewRequest("POST", "http://"+addr+"/import", io.LimitReader(zeros{}, 40<<20))
	request.ContentLength = 40 << 20
	request.Header.Set("Cookie", "academy=tasha")
	request.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != 413 {
		t.Errorf("%d, want 413", response.StatusCode)
	}
}

// What a body holds is never taken for a request of its own, whoever left it unread.
func TestTheRestOfAnUnreadBodyIsNotTheNextRequest(t *testing.T) {
	t.Parallel()
	addr := served(t, uploadApp(t))
	for _, head := range []string{"POST /nowhere", "POST /import", "GET /import", "DELETE /import"} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		body := strings.Repeat("a", 8192) + "GET /healthz HTTP/1.1\r\nHost: localhost:8080\r\n\r\n"
		fmt.Fprintf(conn, "%s HTTP/1.1\r\nHost: localhost:8080\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body)
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		all, _ := io.ReadAll(conn)
		conn.Close()
		if n := strings.Count(string(all), "HTTP/1.1 "); n != 1 {
			t.Errorf("%s: %d answers to one request", head, n)
		}
	}
}

// What cannot even be read as a request gets a page of ours, too.
func TestNonsenseGetsAPage(t *testing.T) {
	t.Parallel()
	addr := served(t, uploadApp(t))
	for head, want := range map[string]int{
		"GET / HTTP/1.1\r\nHost: localhost:8080\r\nCookie: " + strings.Repeat("a", 20<<10) + "\r\n\r\n": 431,
		"GET /\x00 HTTP/1.1\r\nHost: localhost:8080\r\nbroken header\r\n\r\n":                           400,
	} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(conn, head)
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		conn.Close()
		if response.StatusCode != want || !strings.Contains(string(body), "Peace Academy") || response.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%.40q: %d %s", head, response.StatusCode, body)
		}
	}
}

func TestARequestInFlightIsAnsweredBeforeTheEnd(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	begun, finish := make(chan bool), make(chan bool)
	app.Public("GET", "/slow", func(c *fiber.Ctx) error {
		begun <- true
		<-finish
		return c.SendString("saved")
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served, ended := make(chan error, 1), make(chan error, 1)
	go func() { served <- app.Serve(l) }()
	answered := make(chan string, 1)
	go func() {
		response, err := http.Get("http://" + l.Addr().String() + "/slow")
		if err != nil {
			answered <- err.Error()
			return
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		answered <- string(body)
	}()
	<-begun
	go func() { ended <- app.Shutdown() }()
	select {
	case err := <-ended:
		t.Fatalf("it ended while a request was in flight: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	close(finish)
	if got := <-answered; got != "saved" {
		t.Errorf("the request in flight got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestABodyWithoutALengthIsCutOffAtTheLimit(t *testing.T) {
	t.Parallel()
	addr := served(t, uploadApp(t))
	send := func(size int64) *http.Response {
		request, _ := http.NewRequest("POST", "http://"+addr+"/notes", io.MultiReader(strings.NewReader("text="), io.LimitReader(letters{}, size)))
		request.ContentLength = -1
		request.Header.Set("Cookie", "academy=tasha")
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("X-CSRF-Token", formTokenOf(t, addr))
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { response.Body.Close() })
		return response
	}
	if r := send(2 << 20); r.StatusCode != 413 {
		t.Errorf("2 MiB in chunks: %d, want 413", r.StatusCode)
	}
	r := send(1000)
	if body, _ := io.ReadAll(r.Body); r.StatusCode != 200 || string(body) != "1000" {
		t.Errorf("1,000 letters in chunks: %d %s", r.StatusCode, body)
	}
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func formTokenOf(t *testing.T, addr string) string {
	t.Helper()
	request, _ := http.NewRequest("GET", "http://"+addr+"/import", nil)
	request.Header.Set("Cookie", "academy=tasha")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return answer{response, string(body)}.token(t)
}

func TestAFileWithinTheLimitArrivesWhole(t *testing.T) {
	t.Parallel()
	addr := served(t, uploadApp(t))
	for size, want := range map[int]int{150_000: 200, 199_000: 200, 200_000: 413} {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		_ = w.WriteField("_csrf", formTokenOf(t, addr))
		part, _ := w.CreateFormFile("file", "people.csv")
		_, _ = part.Write(make([]byte, size))
		_ = w.Close()
		request, _ := http.NewRequest("POST", "http://"+addr+"/import", &b)
		request.Header.Set("Cookie", "academy=tasha")
		request.Header.Set("Content-Type", w.FormDataContentType())
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != want || want == 200 && string(body) != fmt.Sprint(size) {
			t.Errorf("%d bytes: %d %.80s", size, response.StatusCode, body)
		}
	}
}

func TestAPackedBodyIsNotUnpacked(t *testing.T) {
	t.Parallel()
	a := ask(t, uploadApp(t), "POST", "/notes", map[string][]string{"text": {"a"}}, asTasha, header{"Content-Encoding": "gzip"})
	if a.StatusCode != 422 {
		t.Errorf("%d, want 422", a.StatusCode)
	}
}
