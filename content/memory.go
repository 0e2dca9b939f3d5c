package content

import (
	"strings"
	"sync"
)

// mostRemembered is how many versions of modules a process holds in memory: the Academy's
// own curriculum is about a hundred and twenty, of some forty kilobytes each.
const mostRemembered = 400

// memory holds what this process has read of module versions. What has one hash and one
// drawing never changes, so what was read once stays true; which versions there are, how
// they are drawn and who may see them is asked of the database each time.
type memory struct {
	sync.RWMutex
	by    map[drawnAs]Module // without their texts
	texts map[drawnAs]Module
	shown map[shownTo]Module // texts without the links that a viewer may not follow
	read  map[ModuleID]bool
}

// drawnAs names a version and how it is drawn.
type drawnAs struct {
	hash    Hash
	drawing string
}

type shownTo struct {
	drawnAs
	cited string
}

// Remember keeps a version that was read, with its text or without.
func (s Store) Remember(m Module, text bool) {
	if s.memory == nil || m.Drawing == "" {
		return
	}
	m.Cited, m.Fallback = "", false
	name := drawnAs{m.Hash, m.Drawing}
	s.memory.Lock()
	defer s.memory.Unlock()
	if k := s.memory; k.by == nil || len(k.by) >= mostRemembered {
		k.by, k.texts, k.shown, k.read = map[drawnAs]Module{}, map[drawnAs]Module{}, map[shownTo]Module{}, map[ModuleID]bool{}
	}
	if text {
		s.memory.texts[name], s.memory.read[m.ID] = m, true
	}
	m.HTML, m.AlternativeHTML = "", ""
	s.memory.by[name] = m
}

// Remembers says whether a version of the module was read with its text.
func (s Store) Remembers(id ModuleID) bool {
	if s.memory == nil {
		return false
	}
	s.memory.RLock()
	defer s.memory.RUnlock()
	return s.memory.read[id]
}

// Recall gives a version that was read before without its text, as the database names it:
// its hash, a space and its drawing. ok is false when this process has not read it.
func (s Store) Recall(name string) (m Module, ok bool) {
	hash, drawn, _ := strings.Cut(name, " ")
	s.memory.RLock()
	defer s.memory.RUnlock()
	m, ok = s.memory.by[drawnAs{Hash(hash), drawn}]
	return m, ok
}

// RecallText gives a version with its text, for a viewer who may see the protocols that
// cited tells. ok is false when this process has not read the text.
func (s Store) RecallText(m Module, cited string) (Module, bool) {
	name := shownTo{drawnAs{m.Hash, m.Drawing}, cited}
	s.memory.RLock()
	known, ok := s.memory.shown[name]
	text, read := s.memory.texts[name.drawnAs]
	s.memory.RUnlock()
	if ok || !read {
		return known, ok
	}
	text.Cited = cited
	text = text.WithoutHiddenLinks()
	s.memory.Lock()
	defer s.memory.Unlock()
	if len(s.memory.shown) < mostRemembered {
		s.memory.shown[name] = text
	}
	return text, true
}
