package pages

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// words: certificates.standing.*, certificates.how.*, certificates.copy.in.*, certificates.done.*, certificates.wording.*

type minePageProps struct {
	Certificates []certificates.Certificate
	RunsSector   bool
	copies       []certificates.Copy
	now          time.Time
}

// live is how many copies of a certificate are shared now.
func (p minePageProps) live(id certificates.CertificateID) (n int) {
	for _, c := range p.copies {
		if c.CertificateID == id && c.Live(p.now) {
			n++
		}
	}
	return n
}

type certificatePageProps struct {
	certificates.Certificate
	Copies []certificates.Copy
	Checks []certificates.Check
	Next   string
	Failed *web.Errors
	Done   string
	store  certificates.Store
	now    time.Time
	today  string
}

// refreshFor is how long a page looks again by itself for a copy that is being drawn.
const refreshFor = 2 * time.Minute

func (p certificatePageProps) drawing() bool {
	for _, c := range p.Copies {
		if !c.Drawn() && p.now.Sub(c.MadeAt) < refreshFor {
			return true
		}
	}
	return false
}

// mayCopy says whether copies can still be made.
func (p certificatePageProps) mayCopy() bool {
	return p.Standing != credential.StandingRevoked && p.Standing != credential.StandingSuperseded && len(p.Copies) < certificates.MaxCopies
}

// line is a new form's own id.
func (p certificatePageProps) line() string { return database.NewID() }

func (p certificatePageProps) address(c certificates.Copy) string {
	return p.store.Address(number.Copy{Number: p.Number, Share: c.Share})
}

// site is what stands before number and code in a checking address.
func (p certificatePageProps) site() string { return plain(p.store.BaseURL()) + "/c/" }

// live and ended are the copies in two lists, newest first.
func (p certificatePageProps) live() (list []certificates.Copy)  { return p.copies(true) }
func (p certificatePageProps) ended() (list []certificates.Copy) { return p.copies(false) }

func (p certificatePageProps) copies(live bool) (list []certificates.Copy) {
	for _, c := range p.Copies {
		if c.Live(p.now) == live {
			list = append(list, c)
		}
	}
	return list
}

// endOf is when an ended copy ended.
func endOf(c certificates.Copy) time.Time {
	if c.EndedAt != nil {
		return *c.EndedAt
	}
	return *c.EndsAt
}

// standingOf is a certificate's standing, expiry told too.
func standingOf(c certificates.Certificate, now time.Time) string {
	if c.Standing == credential.StandingValid && c.Expired(now) {
		return "expired"
	}
	return string(c.Standing)
}

func standingWord(ctx context.Context, standing string) string {
	return web.T(ctx, "certificates.standing."+standing)
}

// standingKind is the tag that a standing has.
func standingKind(standing string) string {
	switch standing {
	case "valid":
		return "done"
	case "revoked":
		return "danger"
	}
	return "due"
}

func labelOf(ctx context.Context, label string) string {
	if label == "" {
		return web.T(ctx, "certificates.copy.own")
	}
	return label
}

// grouped writes a share code in two groups, as it is easiest to read out.
func grouped(s number.Share) string {
	if len(s) != 8 {
		return string(s)
	}
	return string(s[:4]) + " " + string(s[4:])
}

// plain is an address without its scheme, as a person reads it.
func plain(address string) string {
	return strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")
}

func verb(ctx context.Context, w credential.Wording) string {
	if w == credential.TookPart {
		return web.T(ctx, "certificates.wording.took_part")
	}
	return web.T(ctx, "certificates.wording.completed")
}

// hoursOf writes hours without needless zeros: "144", "7.5".
func hoursOf(h float64) string { return strconv.FormatFloat(float64(int(h*100+.5))/100, 'f', -1, 64) }
