package certificates

import (
	"errors"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Check is one check of a copy that was found, as its holder sees it: when, how and
// what it said. Who asked is not known and not asked.
type Check struct {
	ID            string        `bun:"id,pk"`
	CertificateID CertificateID `bun:"certificate_id"`
	CopyID        CopyID        `bun:"copy_id"`
	How           How           `bun:"how"`
	Verdict       string        `bun:"verdict"`
	At            time.Time     `bun:"at"`

	Label string `bun:"label,scanonly"`
}

// Answer is the answer to one check. Signed is the credential's own bytes, only where the
// result may show what it says.
type Answer struct {
	credential.Result
	Signed []byte
}

func answer(r credential.Result, signed []byte) Answer {
	if r.Claims == nil {
		return Answer{Result: r}
	}
	return Answer{Result: r, Signed: signed}
}

// How a check was made.
type How string

// The ways to check.
const (
	ByNumber How = "number"
	ByCode   How = "qr"
	ByFile   How = "file"
	ByAPI    How = "api"
	ByList   How = "list"
)

// ReadTyped reads a certificate number and a share code as somebody typed them. A wrong
// check symbol is told here, by arithmetic, before anything is looked up. Fails with
// fault.Invalid.
func ReadTyped(numberTyped, shareTyped string) (number.Copy, error) {
	var e fault.InvalidError
	n, err := number.Parse(numberTyped)
	switch {
	case errors.Is(err, number.ErrCheck):
		e.Add("number", "certificates.verify.number_slip")
	case err != nil:
		e.Add("number", "certificates.verify.number_form")
	}
	share, err := number.ParseShare(shareTyped)
	if err != nil {
		e.Add("share", "certificates.verify.share_form")
	}
	return number.Copy{Number: n, Share: share}, e.OrNil()
}

// ReadCode reads number and share code written as one, as the QR code carries them. It
// fails as ReadTyped does.
func ReadCode(code string) (number.Copy, error) {
	c, err := number.ParseCopy(code)
	switch {
	case errors.Is(err, number.ErrCheck):
		return c, fault.Invalid("number", "certificates.verify.number_slip")
	case err != nil:
		return c, fault.Invalid("number", "certificates.verify.code_form")
	}
	return c, nil
}
