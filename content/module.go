package content

import (
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Module is one version of a module in one language, drawn and measured when it
// was imported. A version never changes: other text is another version.
type Module struct {
	bun.BaseModel `bun:"table:module_versions,alias:mv"`

	Hash        Hash     `bun:",pk"`
	ID          ModuleID `bun:"module_id"`
	Lang        Lang
	Version     int
	Title       string
	Care        int         // 1 to 3: how hard the content can land
	Minutes     int         // what the guide plans for one pass
	Sensitivity Sensitivity `bun:"type:jsonb"`
	Objectives  []string    `bun:"type:jsonb"`
	Sources     []string    `bun:"type:jsonb"`
	Translates  Hash        `bun:",nullzero"` // the English version that this one translates
	ReviewedBy  string
	ReviewedOn  string // YYYY-MM-DD
	Path        string // the file's name in its folder
	Source      string // the file's bytes

	HTML            string    `bun:"html"`
	AlternativeHTML string    `bun:"alternative_html"`
	Sections        []Section `bun:"type:jsonb"`
	Words           int
	Grade           float64 // school grade that the text asks for
	Joint           bool    // a joint session may open it to the other side
	HasCheck        bool    // a quiz goes with it
	CareNote        string  // what is coming, in plain text, for the day before class; "" when nothing is hard
	PublishedAt     time.Time
	Drawing         string // names what the import drew and measured; the program of another day may draw the same bytes anew

	// Cites are the protocols that the text goes by, as its file says.
	Cites []ProtocolID `bun:"-"`
	// Cited are those of them that the viewer may see, in rows that Protocols reads.
	Cited string `bun:",scanonly"`

	// Fallback says that this is the English text because there is none in the language asked for.
	Fallback bool `bun:"-"`
}

// drawn names all that the import draws and measures of a version.
func (m Module) drawn() string {
	all := fmt.Sprintf("%q %q %q %d %g %t %q", m.HTML, m.AlternativeHTML, m.Sections, m.Words, m.Grade, m.HasCheck, m.CareNote)
	return string(HashOf([]byte(all))[:16])
}

// HasAnotherWay says whether the module offers an equivalent task that avoids its hard passages.
func (m Module) HasAnotherWay() bool { return m.AlternativeHTML != "" }

// ReadingMinutes is about how long the text takes a reader who takes their time.
func (m Module) ReadingMinutes() int { return max(1, (m.Words+wordsAMinute/2)/wordsAMinute) }

// wordsAMinute is an unhurried pace for plain text.
const wordsAMinute = 150

// Section is one heading of the second level: a place where a reader can stop and
// come back to. Its number in the list is the same in both languages.
type Section struct {
	Anchor string `json:"anchor"`
	Title  string `json:"title"`
}

// Guide is the facilitator's guide to a module, for those who teach it.
type Guide struct {
	bun.BaseModel `bun:"table:guides,alias:g"`

	Hash     Hash     `bun:",pk"`
	ModuleID ModuleID `bun:"module_id"`
	Lang     Lang
	Version  int
	Title    string
	Minutes  int
	Path     string
	Source   string
	HTML     string `bun:"html"`

	Fallback bool `bun:"-"`
}

// Term is a word of the glossary with its meaning in one language.
type Term struct {
	bun.BaseModel `bun:"table:glossary_terms,alias:gt"`

	ID      string `bun:",pk"`
	Lang    Lang   `bun:",pk"`
	Term    string
	Meaning string
}

// Picture is a picture that a module shows, by its file name.
type Picture struct {
	bun.BaseModel `bun:"table:pictures,alias:pic"`

	ModuleID  ModuleID `bun:"module_id,pk"`
	Name      string   `bun:",pk"`
	Hash      Hash
	MediaType string
	Bytes     []byte

	Width, Height int `bun:"-"` // in pixels
}

// QuizFile is a quiz file of a folder or a draft, untouched: assessment reads it.
type QuizFile struct {
	ModuleID ModuleID
	Lang     Lang
	Path     string
	Source   []byte
}
