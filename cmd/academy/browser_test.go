package main_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// browser is one person's browser: it keeps cookies and follows nothing by itself.
type browser struct {
	t     testing.TB
	base  string
	http  *http.Client
	token string // of the session's forms
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (r *running) browser() *browser {
	r.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &browser{t: r.t, base: r.base, http: &http.Client{Jar: jar, Timeout: time.Minute, Transport: &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// try sends a request and gives the error where no answer came.
func (b *browser) try(request *http.Request) (answer, error) {
	response, err := b.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(body)}, errors.Join(err, response.Body.Close())
}

func (b *browser) request(method, path string, body io.Reader) *http.Request {
	b.t.Helper()
	request, err := http.NewRequest(method, b.base+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Accept-Language", "en")
	return request
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	a, err := b.try(b.request(http.MethodGet, path, nil))
	if err != nil {
		b.t.Fatalf("GET %s: %v", path, err)
	}
	return a
}

// form is a form of ours on its way, with the session's token.
func (b *browser) form(path string, form url.Values) *http.Request {
	b.t.Helper()
	sent := url.Values{"_csrf": {b.token}}
	for name, values := range form {
		sent[name] = values
	}
	request := b.request(http.MethodPost, path, strings.NewReader(sent.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return request
}

func (b *browser) post(path string, form url.Values) answer {
	b.t.Helper()
	a, err := b.try(b.form(path, form))
	if err != nil {
		b.t.Fatalf("POST %s: %v", path, err)
	}
	return a
}

var formToken = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// open gets a page with a form on it and keeps the form's token.
func (b *browser) open(path string) answer {
	b.t.Helper()
	a := b.get(path)
	m := formToken.FindStringSubmatch(a.body)
	if m == nil {
		b.t.Fatalf("GET %s: %d, no form with a token on it\n%s", path, a.status, a.body)
	}
	b.token = m[1]
	return a
}

// signIn goes in by the door.
func (b *browser) signIn(name string) {
	b.t.Helper()
	b.signInWith(name, secret)
}

func (b *browser) signInWith(name, secret string) {
	b.t.Helper()
	b.open("/sign-in")
	if a := b.post("/sign-in", url.Values{"name": {name}, "password": {secret}}); a.status != http.StatusSeeOther {
		b.t.Fatalf("%s can't sign in: %d\n%s", name, a.status, a.body)
	}
	b.open("/me")
}
