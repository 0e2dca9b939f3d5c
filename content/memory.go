package content

import (
	"maps"
	"sync"
)

// mostRemembered is how many texts of modules a process holds in memory: the Academy's
// own curriculum is about sixty, of some forty kilobytes each.
const mostRemembered = 200

// memory holds what this process has read of module versions. A version never changes,
// so what was read once stays true; who may see it is asked of the database each time.
type memory struct {
	sync.RWMutex
	by map[ModuleID]map[Hash]Module
	n  int
}

// Remembered are the versions of a module whose texts are in memory, by their hashes: a
// query may leave these texts out, and give what it found to Recall.
func (s Store) Remembered(id ModuleID) map[Hash]Module {
	if s.memory == nil {
		return nil
	}
	s.memory.RLock()
	defer s.memory.RUnlock()
	return maps.Clone(s.memory.by[id])
}

// Recall puts the text back into a version that was found without it, and remembers the
// text of one that was found with it.
func (s Store) Recall(m Module, remembered map[Hash]Module) Module {
	if m.HTML == "" {
		known := remembered[m.Hash]
		m.HTML, m.AlternativeHTML, m.Objectives, m.Sections, m.ReviewedOn = known.HTML, known.AlternativeHTML, known.Objectives, known.Sections, known.ReviewedOn
	} else if s.memory != nil {
		s.memory.keep(m)
	}
	return m
}

func (k *memory) keep(m Module) {
	k.Lock()
	defer k.Unlock()
	if k.n >= mostRemembered {
		k.by, k.n = nil, 0
	}
	if k.by == nil {
		k.by = map[ModuleID]map[Hash]Module{}
	}
	if k.by[m.ID] == nil {
		k.by[m.ID] = map[Hash]Module{}
	}
	if _, known := k.by[m.ID][m.Hash]; !known {
		k.n++
	}
	k.by[m.ID][m.Hash] = m
}
