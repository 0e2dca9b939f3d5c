package courses

import (
	"time"

	"github.com/metropolitan-peace-academy/academy/content"
)

// RecordPage is how many modules a page of a reading record holds.
const RecordPage = 50

// Read is a line of a reading record: a module that a person has opened, and the version
// and language of it that they had before them. It is the same whichever way they took
// through the module.
type Read struct {
	Reading
	Title       string
	Version     int
	ReviewedOn  string // YYYY-MM-DD
	PublishedAt time.Time
	Sections    []content.Section `bun:"type:jsonb"`
}

// Reached is the section that the reader has come to; ok is false at the top, and once the
// module is done.
func (r Read) Reached() (section content.Section, ok bool) {
	if r.Done() || r.Furthest < 1 || r.Furthest > len(r.Sections) {
		return content.Section{}, false
	}
	return r.Sections[r.Furthest-1], true
}
