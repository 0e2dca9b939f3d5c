package main_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// hostile are files that are no certificate, with the status of the page that answers each.
func hostile(t *testing.T) map[string]struct {
	file []byte
	want int
} {
	t.Helper()
	var packed, picture, archive bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, err := z.Write(make([]byte, 4<<20))
	if err == nil {
		err = z.Close()
	}
	if err == nil {
		err = png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 300, 300)))
	}
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(&archive)
	entry, err := w.Create("certificate.pdf")
	if err == nil {
		_, err = entry.Write([]byte("%PDF-1.7\n"))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	stream := fmt.Sprintf("1 0 obj\n<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n", packed.Len(), packed.String())
	noise := make([]byte, 10<<20)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(noise)
	return map[string]struct {
		file []byte
		want int
	}{
		"nothing":                 {nil, 422},
		"the head of a PDF":       {[]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0"), 200},
		"a PDF that is a bomb":    {[]byte("%PDF-1.7\n" + strings.Repeat(stream, 900)), 200},
		"an archive":              {archive.Bytes(), 200},
		"ten megabytes of noise":  {noise, 413},
		"four megabytes of noise": {noise[:4<<20], 200},
		"a picture":               {picture.Bytes(), 200},
		"a NUL":                   {[]byte{0}, 200},
		"deep JSON":               {[]byte(strings.Repeat(`{"a":[`, 500_000)), 200},
		"JSON of no use":          {[]byte(`{"@context":[],"type":"VerifiableCredential","credentialSubject":{"id":"\u0000"}}`), 200},
	}
}

// Files that are no certificate are told so in a sentence, on the page and by the API;
// none of them takes the program down or makes it large.
func TestHostileFilesAreToldApart(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *school) {
		r := s.serve()
		b := r.browser()
		for name, row := range hostile(t) {
			b.open("/verify")
			for _, path := range []string{"/verify", "/api/v1/verify"} {
				var body bytes.Buffer
				w := multipart.NewWriter(&body)
				err := w.WriteField("_csrf", b.token)
				if err == nil {
					file, makeErr := w.CreateFormFile("file", "certificate.pdf")
					if err = makeErr; err == nil {
						_, err = file.Write(row.file)
					}
				}
				if err == nil {
					err = w.Close()
				}
				if err != nil {
					t.Fatal(err)
				}
				request := b.request(http.MethodPost, path, &body)
				request.Header.Set("Content-Type", w.FormDataContentType())
				a, err := b.try(request)
				if err != nil {
					t.Errorf("%s at %s: %v", name, path, err)
					continue
				}
				want := row.want
				if api := strings.HasPrefix(path, "/api/"); api && want == http.StatusUnprocessableEntity {
					want = http.StatusOK // a program is told the verdict
				}
				if a.status != want {
					t.Errorf("%s at %s: %d, want %d\n%.600s", name, path, a.status, want, a.body)
				}
				if strings.Contains(a.body, `"valid"`) || strings.Contains(a.body, "verdict-valid") {
					t.Errorf("%s at %s is a certificate: %.600s", name, path, a.body)
				}
			}
		}
		if a := r.browser().get("/verify"); a.status != 200 {
			t.Errorf("afterwards: %d", a.status)
		}
		r.end()
		if text := r.err.String(); text != "" {
			t.Errorf("the log tells of errors:\n%.2000s", text)
		}
	})
}
