package cohorts

import (
	"crypto/rand"
	"math/big"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// CardID is the key of a card: twelve of the letters and digits of a check-in code.
type CardID string

// cardLength is how long the key of a card is: nobody finds one by trying.
const cardLength = 12

// Card is what a trainee without a phone shows at the door: a picture that an instructor
// scans. It ends when its holder makes another.
type Card struct {
	ID       CardID          `bun:"id,pk"`
	PersonID people.PersonID `bun:"person_id"`
	Sector   people.Sector   `bun:"sector"`
	MadeAt   time.Time       `bun:"made_at"`
	EndedAt  *time.Time      `bun:"ended_at"`
}

// newCardID draws the key of a card.
func newCardID() (CardID, error) {
	id := make([]byte, cardLength)
	for i := range id {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(checkInLetters))))
		if err != nil {
			return "", err
		}
		id[i] = checkInLetters[n.Int64()]
	}
	return CardID(id), nil
}

// TypedCard is the key of a card as it was meant, however it was typed.
func TypedCard(typed string) CardID { return CardID(typedCode(typed)) }

// CardSeat is a class whose roll is open, in which the holder of a card sits.
type CardSeat struct {
	Session
	EnrolmentID EnrolmentID `bun:"enrolment_id"`
	Name        string      `bun:"name"`
	Status      Status      `bun:"status"` // Unmarked where there is no mark
}

// Scanned is a card as an instructor sees it: whose it is, and in which of their own
// classes the holder can be marked now.
type Scanned struct {
	Name  string
	Seats []CardSeat
}
