package credential

import (
	"crypto/ed25519"
	"crypto/sha256"
	"sync"
)

// mostSeen bounds what a process remembers: two rounds of this many, some 200 bytes each.
const mostSeen = 2048

// fits are files that were found whole: their very bytes carry a signature of the key.
// Neither bytes nor key can change, so that stays true, and the canonical forms, which
// cost nearly all of a check, need no second making. Only what was found to fit is
// here, so no other file can be taken for one. Standing and dates are never here.
type fits struct {
	mu         sync.Mutex
	newer, old map[fit]struct{}
}

type fit struct {
	file [sha256.Size]byte
	key  [ed25519.PublicKeySize]byte
}

var seen fits

func fitOf(file []byte, key ed25519.PublicKey) fit {
	f := fit{file: sha256.Sum256(file)}
	copy(f.key[:], key)
	return f
}

func (s *fits) has(f fit) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, is := s.newer[f]; is {
		return true
	}
	if _, is := s.old[f]; !is {
		return false
	}
	s.put(f)
	return true
}

func (s *fits) add(f fit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(f)
}

// put forgets what nobody has asked for in a whole round.
func (s *fits) put(f fit) {
	if s.newer == nil || len(s.newer) >= mostSeen {
		s.old, s.newer = s.newer, make(map[fit]struct{})
	}
	s.newer[f] = struct{}{}
}
