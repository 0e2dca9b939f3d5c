package pages

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/certificates/document"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// certificateBody is one's own certificate as programs see it. Days are calendar days.
type certificateBody struct {
	Number     string     `json:"number"`
	Course     string     `json:"course" doc:"The course's code"`
	Standing   string     `json:"standing" enum:"valid,expired,revoked,superseded,on_hold"`
	Issued     string     `json:"issued" format:"date"`
	ValidUntil *string    `json:"validUntil" format:"date"`
	Copies     []copyBody `json:"copies" doc:"The copies that are shared now"`
}

type copyBody struct {
	Share string  `json:"share"`
	Label string  `json:"label" doc:"Empty for the copy issued with the certificate"`
	Ends  *string `json:"ends" format:"date"`
	PDF   string  `json:"pdf" doc:"Address of the file; 409 until it is drawn"`
}

type mineOutput struct{ Body []certificateBody }

func (h handler) apiMine(ctx context.Context, _ *struct{}) (*mineOutput, error) {
	v := web.ViewerOf(ctx)
	list, err := h.certificates.Mine(ctx, v)
	if err != nil {
		return nil, err
	}
	copies, err := h.certificates.MyCopies(ctx, v)
	if err != nil {
		return nil, err
	}
	out := mineOutput{Body: []certificateBody{}}
	for _, c := range list {
		out.Body = append(out.Body, h.bodyOf(c, copies))
	}
	return &out, nil
}

func (h handler) bodyOf(c certificates.Certificate, copies []certificates.Copy) certificateBody {
	now := h.certificates.Now()
	body := certificateBody{Number: string(c.Number), Course: c.CourseCode, Standing: standingOf(c, now), Issued: *dayIn(&c.IssuedAt, c.Zone()),
		ValidUntil: dayIn(c.ValidUntil, c.Zone()), Copies: []copyBody{}}
	for _, copy := range copies {
		if copy.CertificateID == c.ID && copy.Live(now) {
			body.Copies = append(body.Copies, copyBody{Share: string(copy.Share), Label: copy.Label, Ends: dayIn(copy.EndsAt, c.Zone()),
				PDF: h.certificates.BaseURL() + "/api/v1/copies/" + string(copy.ID) + "/certificate.pdf"})
		}
	}
	return body
}

func dayIn(at *time.Time, zone *time.Location) *string {
	if at == nil {
		return nil
	}
	return new(at.In(zone).Format(time.DateOnly))
}

type copyInput struct {
	Copy string `path:"copy" maxLength:"64"`
}

type fileOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (h handler) apiFile(ctx context.Context, in *copyInput) (*fileOutput, error) {
	file, err := h.certificates.File(ctx, web.ViewerOf(ctx), certificates.CopyID(in.Copy))
	if err != nil {
		return nil, err
	}
	return &fileOutput{"application/pdf", `attachment; filename="certificate.pdf"`, file}, nil
}

// verdictBody is the answer to a check. Checks has every step in order; ok is null for
// one that was not taken. Credential is null where nothing may be shown.
type verdictBody struct {
	Verdict    credential.Verdict `json:"verdict"`
	CheckedAt  time.Time          `json:"checkedAt"`
	Checks     []stepBody         `json:"checks"`
	Credential json.RawMessage    `json:"credential"`
}

type stepBody struct {
	Step   credential.Step   `json:"step"`
	OK     *bool             `json:"ok"`
	Detail credential.Detail `json:"detail"`
}

type verdictOutput struct {
	Robots string `header:"X-Robots-Tag"`
	Body   verdictBody
}

func verdictOf(a certificates.Answer) *verdictOutput {
	body := verdictBody{Verdict: a.Verdict, CheckedAt: a.CheckedAt, Credential: a.Signed}
	if body.Credential == nil {
		body.Credential = json.RawMessage("null")
	}
	for _, check := range a.Checks {
		body.Checks = append(body.Checks, stepBody{check.Step, check.OK, check.Detail})
	}
	return &verdictOutput{"noindex", body}
}

type codeInput struct {
	Code string `path:"code" maxLength:"128" doc:"Certificate number and share code, joined by a hyphen"`
}

func (h handler) apiCode(ctx context.Context, in *codeInput) (*verdictOutput, error) {
	copy, err := certificates.ReadCode(in.Code)
	if err != nil {
		return nil, err
	}
	answer, err := h.certificates.CheckNumber(ctx, copy, certificates.ByAPI)
	if err != nil {
		return nil, err
	}
	return verdictOf(answer), nil
}

type fileInput struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"The certificate: a PDF, or its credential as JSON; at most 5 MiB"`
	}]
}

func (h handler) apiCheckFile(ctx context.Context, in *fileInput) (*verdictOutput, error) {
	upload := in.RawBody.Data().File
	defer func() { _ = upload.Close() }()
	file, err := io.ReadAll(io.LimitReader(upload, document.MaxFile+1))
	if err != nil {
		return nil, err
	}
	if len(file) > document.MaxFile {
		return nil, fault.Invalid("file", "certificates.verify.file_large", "Megabytes", document.MaxFile>>20)
	}
	answer, err := h.checkFile(ctx, file, certificates.ByAPI)
	if err != nil {
		return nil, err
	}
	return verdictOf(answer), nil
}
