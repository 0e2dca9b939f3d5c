package messages

import (
	"context"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// State is how far a letter has come.
type State string

// The states of a letter.
const (
	Waiting State = "waiting" // not sent yet
	Sending State = "sending" // given to the mail server, which has not said yes or no
	Sent    State = "sent"
	Dropped State = "dropped" // there was nothing to say any more, or nobody to say it to
	Lost    State = "lost"    // twice nobody knew what became of it
)

// Order asks for a letter: to whom, of what kind, about which record of the room that
// writes it. Of one cause a person gets one letter. From Until on it is of no use.
type Order struct {
	Person people.PersonID
	Kind   Kind
	About  string
	Cause  string
	Until  time.Time
}

// Letter is an order on its way, with who gets it.
type Letter struct {
	ID       string          `bun:"id"`
	PersonID people.PersonID `bun:"person_id"`
	Sector   people.Sector   `bun:"sector"`
	Kind     Kind            `bun:"kind"`
	About    string          `bun:"about"`
	Cause    string          `bun:"cause"`
	State    State           `bun:"state"`
	Until    time.Time       `bun:"expires_at"`
	MailName string          `bun:"mail_name"`
	Again    bool            `bun:"again"`
	Written  string          `bun:"written"`

	Email    string `bun:"email"`
	Name     string `bun:"name"`
	Language string `bun:"account_language"`
	Wishes   Wishes `bun:"-"`
}

// Viewer is the receiver with no role: what they may see as who learns or teaches.
func (l Letter) Viewer() people.Viewer { return people.Seen(l.PersonID, l.Sector, nil, nil) }

// Text is a letter as it goes out.
type Text struct {
	Title    string // neutral: it shows on a locked phone
	Body     string
	Stop     string // token of the page that ends such letters
	Calendar []byte // an invitation
	Method   string // of the invitation
}

// Writer writes the letters of one kind, in the moment in which they are sent: what it
// notes of them in the transaction is noted once. It fails with fault.NotFound when there
// is nothing to say any more. Still says, before a letter is sent once more, whether its
// receiver is still one.
type Writer interface {
	Write(ctx context.Context, tx Tx, letter Letter) (Text, error)
	Still(ctx context.Context, letter Letter) (bool, error)
}
