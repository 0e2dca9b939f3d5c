package desk

import (
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/credential"
)

func TestTheStandingThatHRReads(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	past, ahead := now.Add(-time.Hour), now.Add(time.Hour)
	for _, row := range []struct {
		standing credential.Standing
		until    *time.Time
		want     Standing
	}{
		{credential.StandingValid, nil, Valid}, {credential.StandingValid, &ahead, Valid}, {credential.StandingValid, &past, Expired},
		{credential.StandingOnHold, &past, OnHold}, {credential.StandingRevoked, &ahead, Revoked}, {credential.StandingRevoked, &past, Revoked},
	} {
		if got := standingOf(certificates.Certificate{Standing: row.standing, ValidUntil: row.until}, now); got != row.want {
			t.Errorf("%s until %v: %s, want %s", row.standing, row.until, got, row.want)
		}
	}
}
