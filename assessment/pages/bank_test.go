package pages_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"
)

// upload sends a file of questions to an operation, as a program with somebody's token.
func (h *house) upload(as, path, format, name, source string) answer {
	h.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	h.must(form.WriteField("format", format))
	part, err := form.CreateFormFile("file", name)
	h.must(err)
	_, err = io.WriteString(part, source)
	h.must(err)
	h.must(form.Close())
	request := httptest.NewRequest("POST", "http://localhost:8080"+path, &body)
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Authorization", "Bearer "+as)
	response, err := h.app.Test(request)
	h.must(err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	h.must(err)
	return answer{response, string(data)}
}

func TestAProgramIsToldWhatAnImportWouldDo(t *testing.T) {
	each(t, func(h *house) {
		const source = "::First::Who speaks first?{~You#No. =They#Yes.####Listen.}\n\nOpen {\n\nMatch{=a -> b =c -> d}\n\nHow many?{#3..5}\n"
		a := h.upload("ruth", "/api/v1/questions/import?dry_run=1", "gift", "q.gift", source)
		var told struct {
			Items []struct {
				Title, Type, Stem string
				General           string `json:"general_feedback"`
				Answers           []struct {
					Text, Feedback string
					Fraction       float64
				}
				Pairs []struct{ Left, Right string }
			}
			Warnings []struct {
				Item, Reason string
				Line         int
			}
		}
		if err := json.Unmarshal([]byte(a.body), &told); err != nil || a.StatusCode != 200 || len(told.Items) != 3 || len(told.Warnings) != 1 {
			h.Fatalf("%d %v %s", a.StatusCode, err, a.body)
		}
		first, warning := told.Items[0], told.Warnings[0]
		if first.Title != "First" || first.Type != "MC" || first.Stem != "Who speaks first?" || first.General != "Listen." || first.Answers[1].Fraction != 100 || first.Answers[0].Feedback != "No." {
			h.Errorf("%+v", first)
		}
		if told.Items[1].Pairs[1].Right != "d" || told.Items[2].Answers[0].Text != "3..5" || warning.Line != 3 || !strings.Contains(warning.Reason, "not closed") {
			h.Errorf("%+v %+v", told.Items[1:], warning)
		}
		h.wants("another format", h.upload("ruth", "/api/v1/questions/import?dry_run=1", "gift", "q.yml", "a: b\nc: d\ne: f\n"), 200, `"items":[]`, "This file is YAML. It was read as GIFT.")
		h.wants("found out", h.upload("ruth", "/api/v1/questions/import?dry_run=1", "", "q.txt", "q\nA) a\nB) b\nANSWER: B\n"), 200, `"format":"aiken"`, `"fraction":100`)
		h.wants("no such format", h.upload("ruth", "/api/v1/questions/import?dry_run=1", "word", "q.doc", "q"), 422, "There is no format called word")
		h.wants("a trainee", h.upload("maya", "/api/v1/questions/import?dry_run=1", "gift", "q", "q{T}"), 404)
		h.wants("nobody", h.upload("nobody", "/api/v1/questions/import?dry_run=1", "gift", "q", "q{T}"), 401)
	})
}
