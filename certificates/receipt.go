package certificates

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Receipt is what a checker files: what was asked, what was said and when. Nothing of it
// is stored here; its seal lets the Academy say later that the receipt is its own.
type Receipt struct {
	Number      string             `json:"receipt"` // random, of this receipt alone
	Verdict     credential.Verdict `json:"verdict"`
	CheckedAt   time.Time          `json:"checkedAt"`
	How         How                `json:"how"`
	Certificate string             `json:"certificate,omitempty"` // its number, where the check may show it
	Name        string             `json:"name,omitempty"`
	Course      string             `json:"course,omitempty"`
	Edition     string             `json:"edition,omitempty"`
	Sample      bool               `json:"sample,omitempty"`
	Issuer      string             `json:"issuer"`
	Seal        string             `json:"seal,omitempty"`
}

// Receipt makes the receipt of a check, sealed.
func (s Store) Receipt(a Answer, how How) (Receipt, error) {
	first, err := number.NewShare(s.issuer.Random)
	if err != nil {
		return Receipt{}, err
	}
	second, err := number.NewShare(s.issuer.Random)
	if err != nil {
		return Receipt{}, err
	}
	r := Receipt{Number: "R-" + string(first) + "-" + string(second), Verdict: a.Verdict, CheckedAt: a.CheckedAt, How: how,
		Issuer: s.issuer.BaseURL, Sample: s.issuer.Sample}
	if c := a.Claims; c != nil {
		r.Certificate, r.Name, r.Course, r.Edition = c.Number, c.Name, c.CourseTitle, c.Edition
	}
	r.Seal, err = s.sealOf(r)
	return r, err
}

// Token is the receipt as the page carries it to the form that asks for it.
func (r Receipt) Token() (string, error) {
	raw, err := json.Marshal(r)
	return base64.RawURLEncoding.EncodeToString(raw), err
}

// OpenReceipt reads a receipt's token and fails with fault.NotFound where the seal is
// not the Academy's: nothing that somebody made up is printed under its name.
func (s Store) OpenReceipt(token string) (Receipt, error) {
	var r Receipt
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(token))
	if err != nil || json.Unmarshal(raw, &r) != nil {
		return Receipt{}, fault.NotFound
	}
	seal, err := s.sealOf(r)
	if err != nil || !hmac.Equal([]byte(seal), []byte(r.Seal)) {
		return Receipt{}, fault.NotFound
	}
	return r, nil
}

func (s Store) sealOf(r Receipt) (string, error) {
	r.Seal = ""
	raw, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, s.issuer.Outer)
	mac.Write([]byte("receipt "))
	mac.Write(raw)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), nil
}
