package main_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

// zeros is a file without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

const (
	hugeFile    = 300 << 20
	smallMemory = 150 // megabytes that the program may hold at most while it refuses one
)

// A file of 300 MB is refused with a page that says so, whether it says its length first
// or not, by people who know us and by strangers; none of it is kept, in memory or on the
// disk, and others are answered meanwhile and afterwards.
func TestAHugeFileIsRefused(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		s := found(t, "sqlite:"+t.TempDir()+"/academy.db")
		temporary := t.TempDir()
		r := s.serve("TMPDIR=" + temporary)
		lead := r.browser()
		lead.signIn(s.lead)
		for path, b := range map[string]*browser{"/people/imports": lead, "/cohorts/" + string(s.cohort) + "/imports": lead,
			"/verify": r.browser(), "/api/v1/verify": r.browser()} {
			for _, length := range []int64{hugeFile, -1} {
				b.open("/verify")
				head := "--edge\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n" + b.token +
					"\r\n--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\n\r\n"
				request := b.request(http.MethodPost, path, io.LimitReader(io.MultiReader(strings.NewReader(head), zeros{}), hugeFile))
				request.ContentLength = length
				request.Header.Set("Content-Type", "multipart/form-data; boundary=edge")
				a, err := b.try(request)
				if err != nil {
					t.Errorf("%s, length %d: %v", path, length, err)
				} else if a.status != http.StatusRequestEntityTooLarge || !strings.Contains(a.body, "Nothing was stored.") {
					t.Errorf("%s, length %d: %d\n%.400s", path, length, a.status, a.body)
				}
				if a := r.browser().get("/sign-in"); a.status != 200 {
					t.Errorf("after it the next page: %d", a.status)
				}
			}
		}
		held := memory(t, r.cmd.Process.Pid, "VmHWM")
		t.Logf("the program held %.0f MB", held)
		if held > smallMemory && !raced {
			t.Errorf("the program held %.0f MB, at most %d", held, smallMemory)
		}
		if left := entries(t, temporary); left > 0 {
			t.Errorf("%d files of it stay behind", left)
		}
		r.end()
	})
}

func entries(t *testing.T, folder string) int {
	t.Helper()
	all, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// people are a file of so many, as the page of an import sends it back to be stored, with
// a second file that is long enough to be on its way for a while.
func (b *browser) people(count int) (kind string, body []byte) {
	b.t.Helper()
	text := "given_name,family_name,email\n"
	for i := range count {
		text += fmt.Sprintf("New,Invented,new%d@example.org\n", i)
	}
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for name, value := range map[string]string{"_csrf": b.token, "text": text} {
		if err := w.WriteField(name, value); err != nil {
			b.t.Fatal(err)
		}
	}
	file, err := w.CreateFormFile("ballast", "ballast")
	if err == nil {
		_, err = file.Write(make([]byte, 4<<20))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return w.FormDataContentType(), out.Bytes()
}

// The program is told to stop while a file comes in. Whoever sends on is answered, and all
// that they sent is there; of one who goes away nothing is. It ends in order, leaves
// nothing half, and the next start finds everything as it was acknowledged.
func TestAStopInTheMiddleOfAnUpload(t *testing.T) {
	t.Parallel()
	const newcomers = 40
	for name, sendsOn := range map[string]bool{"who sends on": true, "who goes away": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, s *school) {
				temporary := t.TempDir()
				r := s.serve("TMPDIR=" + temporary)
				b := r.browser()
				b.signIn(s.lead)
				kind, body := b.people(newcomers)
				reader, writer := io.Pipe()
				request := b.request(http.MethodPost, "/people/imports/confirmation", reader)
				request.ContentLength = int64(len(body))
				request.Header.Set("Content-Type", kind)
				status := make(chan int, 1)
				go func() {
					a, err := b.try(request)
					if err != nil {
						a.status = 0
					}
					status <- a.status
				}()
				if _, err := writer.Write(body[:len(body)/2]); err != nil {
					t.Fatal(err)
				}
				until(t, "the upload has begun", func() bool { return entries(t, temporary) > 0 })
				r.signal(syscall.SIGTERM)
				until(t, "it takes nobody new", func() bool {
					_, err := r.browser().try(b.request(http.MethodGet, "/healthz", nil))
					return err != nil
				})
				want := 0
				if sendsOn {
					if _, err := writer.Write(body[len(body)/2:]); err != nil {
						t.Error(err)
					}
					s.ok(writer.Close())
					want = newcomers
				} else {
					_ = writer.CloseWithError(io.ErrUnexpectedEOF)
				}
				if got := <-status; sendsOn != (got == http.StatusSeeOther) {
					t.Errorf("answered with %d", got)
				}
				if code := r.status(); code != 0 {
					t.Errorf("exit status %d\n%s", code, r.err)
				}
				if left := entries(t, temporary); left > 0 {
					t.Errorf("%d files of a half upload stay behind", left)
				}
				r = s.serve()
				if a := b.get("/people"); a.status != 200 {
					t.Errorf("after the next start: %d", a.status)
				}
				r.end()
				s.inside(func(ctx context.Context, a *app.Academy) {
					var stored int
					s.ok(a.DB.NewRaw(`SELECT count(*) FROM persons WHERE family_name = 'Invented' AND given_name = 'New'`).Scan(ctx, &stored))
					if stored != want {
						t.Errorf("%d of %d people are stored, want %d", stored, newcomers, want)
					}
				})
			})
		})
	}
}
