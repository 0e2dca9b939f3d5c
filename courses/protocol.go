package courses

import (
	"time"

	"github.com/metropolitan-peace-academy/academy/content"
)

// ProtocolStep is a protocol in force as a reader finds it: which version they have read.
type ProtocolStep struct {
	content.Protocol
	ReadVersion int       // the newest version that they have said they read; 0 for none
	ReadAt      time.Time // when they said so of the version in force
}

// Read says whether the reader has read the version in force.
func (s ProtocolStep) Read() bool { return s.ReadVersion == s.Version }

// Again says that the reader has read an older version, and a newer one asks again.
func (s ProtocolStep) Again() bool { return s.ReadVersion > 0 && !s.Read() }

// ProtocolPage is a protocol with the modules that cite it, of those that the reader may see.
type ProtocolPage struct {
	ProtocolStep
	Modules []content.Module
}
