package credential

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Verify checks a file in the order of Steps; the first failure decides. It asks
// no clock and no network: now is given, and the database answers through look.
// It fails only when look does.
func Verify(up Upload, trust Trust, look Lookup, now time.Time) (Result, error) {
	v := verification{up: up, trust: trust, look: look, now: now}
	v.result = Result{Verdict: Valid, CheckedAt: now, Offline: look == nil}
	if look == nil {
		v.result.AsOf, v.result.Stale = trust.Date(), trust.Stale(now)
	}
	for i, step := range []func() outcome{
		v.received, v.found, v.wellFormed, v.ours, v.key, v.terms,
		v.signature, v.known, v.standing, v.dates, v.file,
	} {
		o := step()
		if v.err != nil {
			return Result{}, fmt.Errorf("check of a certificate: %w", v.err)
		}
		v.result.Checks = append(v.result.Checks, Check{Step: Steps[i], OK: o.ok, Detail: o.detail})
		if o.verdict != "" {
			v.result.Verdict = o.verdict
			break
		}
	}
	for _, rest := range Steps[len(v.result.Checks):] {
		v.result.Checks = append(v.result.Checks, Check{Step: rest, Detail: DetailNotReached})
	}
	if v.signed && v.result.Verdict != NotShared && v.result.Verdict != Unknown {
		v.result.Claims = &v.claims
	}
	return v.result, nil
}

// outcome is one step's: a verdict ends the check.
type outcome struct {
	ok      *bool
	detail  Detail
	verdict Verdict
}

func pass() outcome                              { return outcome{ok: new(true)} }
func fail(v Verdict, d Detail) outcome           { return outcome{ok: new(false), detail: d, verdict: v} }
func open(d Detail) outcome                      { return outcome{detail: d} }
func openButDecided(v Verdict, d Detail) outcome { return outcome{detail: d, verdict: v} }

type verification struct {
	up     Upload
	trust  Trust
	look   Lookup
	now    time.Time
	result Result
	err    error

	doc    map[string]any
	wire   wire
	claims Claims
	shape  error // why the strict reading failed
	public ed25519.PublicKey
	signed bool
	facts  *Facts
}

func (v *verification) received() outcome {
	switch v.up.Fault {
	case FaultUnreadable:
		return fail(Unreadable, "")
	case FaultTooBig:
		return fail(Unreadable, DetailTooBig)
	}
	return pass()
}

func (v *verification) found() outcome {
	switch {
	case v.up.Fault == FaultSeveral:
		return fail(Unreadable, DetailSeveral)
	case v.up.Fault != FaultNone || len(v.up.Credential) == 0:
		return fail(NoCredential, "")
	}
	return pass()
}

// wellFormed asks only for what every credential has; whose it is comes next.
func (v *verification) wellFormed() outcome {
	doc, err := decode(v.up.Credential)
	if err != nil {
		return fail(Unreadable, DetailNotJSON)
	}
	types, _ := doc["type"].([]any)
	if !slices.Contains(types, any("VerifiableCredential")) || issuerOf(doc) == "" {
		return fail(NoCredential, "")
	}
	v.doc = doc
	v.wire, v.claims, v.shape = readWire(v.up.Credential, doc)
	return pass()
}

func issuerOf(doc map[string]any) string {
	switch is := doc["issuer"].(type) {
	case string:
		return is
	case map[string]any:
		id, _ := is["id"].(string)
		return id
	}
	return ""
}

func (v *verification) ours() outcome {
	if issuerOf(v.doc) != v.trust.issuer.did {
		return fail(NotOurs, DetailForeign)
	}
	return pass()
}

func (v *verification) key() outcome {
	p, _ := v.doc["proof"].(map[string]any)
	method, _ := p["verificationMethod"].(string)
	public, known := v.trust.issuer.keys[method]
	if !known {
		return fail(NotOurs, DetailKeyUnknown)
	}
	v.public = public
	if v.trust.issuer.asserting[method] {
		return pass()
	}
	// A compromised key still counts for what the log says we signed with it.
	if v.shape == nil && v.look != nil {
		if f := v.ask(); f != nil && f.Logged {
			return pass()
		}
	}
	return fail(NotOurs, DetailKeyCompromised)
}

func (v *verification) terms() outcome {
	if v.shape != nil {
		return fail(Tampered, "")
	}
	delete(v.doc, "proof")
	this := fitOf(v.up.Credential, v.public)
	if seen.has(this) {
		v.signed = true
		return pass()
	}
	err := embedded.check(v.doc, *v.wire.Proof, v.public)
	switch {
	case err == nil:
		v.signed = true
		seen.add(this)
	case !errors.Is(err, ErrSignature):
		return fail(Tampered, "")
	}
	return pass()
}

func (v *verification) signature() outcome {
	if !v.signed {
		return fail(Tampered, "")
	}
	return pass()
}

func (v *verification) known() outcome {
	if v.look == nil {
		return open(DetailOffline)
	}
	if f := v.ask(); f == nil || !f.Known {
		return fail(Unknown, "")
	}
	return pass()
}

// ask looks the facts up once.
func (v *verification) ask() *Facts {
	if v.facts == nil && v.err == nil {
		f, err := v.look(v.claims, sha256.Sum256(v.up.Credential))
		if v.err = err; err == nil {
			v.facts = &f
		}
	}
	return v.facts
}

// standing says revoked and superseded to whoever holds the file, even of a
// copy that its holder has ended.
func (v *verification) standing() outcome {
	if v.look == nil {
		return v.listed()
	}
	v.result.Since = v.facts.Since
	switch {
	case v.facts.Standing == StandingRevoked:
		return fail(Revoked, "")
	case v.facts.Standing == StandingSuperseded:
		return fail(Superseded, "")
	case !v.facts.Shared:
		v.result.Since = time.Time{}
		return fail(NotShared, DetailHolderEnded)
	case v.facts.Standing == StandingOnHold:
		return fail(OnHold, "")
	case v.facts.Standing != StandingValid:
		return fail(Unknown, "")
	}
	return pass()
}

func (v *verification) listed() outcome {
	list, ok := v.trust.list(v.claims.StatusList)
	if !ok {
		return openButDecided(Unknown, DetailNoList)
	}
	set, ok := list.bits.Get(v.claims.StatusIndex)
	switch {
	case !ok:
		return openButDecided(Unknown, DetailNoList)
	case set:
		return fail(Revoked, DetailListed)
	}
	return pass()
}

func (v *verification) dates() outcome {
	switch {
	case v.now.Before(v.claims.Issued):
		return fail(NotYetValid, "")
	case !v.claims.ValidUntil.IsZero() && v.now.After(v.claims.ValidUntil):
		return fail(Expired, "")
	}
	return pass()
}

func (v *verification) file() outcome {
	switch {
	case !v.up.PDF:
		return open(DetailNoPage)
	case v.look == nil:
		return open(DetailOffline)
	}
	sum := sha256.Sum256(v.up.File)
	if subtle.ConstantTimeCompare(sum[:], v.facts.FileSHA256[:]) != 1 {
		return fail(ValidFileAltered, "")
	}
	return pass()
}
