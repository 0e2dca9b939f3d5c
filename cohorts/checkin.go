package cohorts

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// CheckInStep is how long one check-in code is shown before the next.
const CheckInStep = 20 * time.Second

// checkInLetters are the letters and digits of a code: none that is taken for another,
// read from the back of a room or heard across it.
const checkInLetters = "ACDEFHJKMNPRTUVWXY34679"

// checkInLength is how many of them a code has.
const checkInLength = 6

// CheckInCode is what a class sees on the wall: six letters and digits that check a
// trainee of that one session in, until the next code and a little longer.
type CheckInCode struct {
	Text string    // "" while nobody can check in
	Next time.Time // when the next code takes its place
}

// checkInCode is the code of a session in one step of time. Nothing of it is stored: who
// has the key makes it again.
func checkInCode(key []byte, id SessionID, step int64) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "check-in\n%s\n%d", id, step)
	n := binary.BigEndian.Uint64(mac.Sum(nil))
	code := make([]byte, checkInLength)
	for i := range code {
		code[i] = checkInLetters[n%uint64(len(checkInLetters))]
		n /= uint64(len(checkInLetters))
	}
	return string(code)
}

func stepAt(t time.Time) int64 { return t.Unix() / int64(CheckInStep/time.Second) }

// takesCode says whether what was typed is the session's code of this step, or of the
// one before or after it: clocks differ, and a code is typed in while the next one comes.
func takesCode(key []byte, id SessionID, typed string, now time.Time) bool {
	step, right := stepAt(now), false
	for _, skew := range []int64{-1, 0, 1} {
		if hmac.Equal([]byte(checkInCode(key, id, step+skew)), []byte(typed)) {
			right = true
		}
	}
	return right
}

// typedCode is a code as it was meant: in capitals, without the spaces and dashes that
// a reader puts in.
func typedCode(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '.' {
			return -1
		}
		return unicode.ToUpper(r)
	}, typed)
}

// CheckInEnds is when the session takes no check-in any more: at its end. Who comes late
// within the grace is on time, and later ones with their minutes late.
func (s Session) CheckInEnds() time.Time {
	if s.ActualEndsAt != nil {
		return *s.ActualEndsAt
	}
	return s.EndsAt
}

// TakesCheckIn says whether people can check themselves in now: from when the roll opens
// until the end of the class, while the roll is open.
func (s Session) TakesCheckIn(now time.Time) bool {
	return s.RollTakes(now) && now.Before(s.CheckInEnds())
}

// LateAt is how many minutes late somebody is who comes at a moment: none within the
// grace of the edition, and less than the whole class.
func (s Session) LateAt(moment time.Time) int {
	from := s.StartsAt
	if s.ActualStartsAt != nil {
		from = *s.ActualStartsAt
	}
	late := int(moment.Sub(from) / time.Minute)
	if late <= s.Grace {
		return 0
	}
	return min(late, s.Cap(s.Grace)-1)
}

// CheckedIn is what came of a check-in: the class, and how many minutes late it was.
// Again says that the person was checked in before, and nothing was changed.
type CheckedIn struct {
	Session Session
	Late    int
	Again   bool
}
