package courses

import (
	"slices"

	"github.com/metropolitan-peace-academy/academy/content"
)

// EditionDifference is what changed from one edition of a course to another.
type EditionDifference struct {
	Before, After Edition
	Modules       []ModuleChange
	Sessions      []SessionChange // in the order of the newer map, those that it dropped last
}

// ModuleChange is a module that the editions teach differently: at another version, with
// another say in who graduates, or only in one of them.
type ModuleChange struct {
	ID            content.ModuleID
	Before, After int  // versions; 0 where the edition names no text of it
	Gone, New     bool // it stands in one map alone
	NowRequired   bool
	NowFree       bool // it was required and is not any more
}

// SessionChange is a session in both maps; nil where one has none that fits.
type SessionChange struct{ Before, After *Session }

// Same says whether the session stayed as it was, but for its place.
func (c SessionChange) Same() bool {
	return c.Before != nil && c.After != nil && c.Before.TitleEN == c.After.TitleEN && c.Before.TitleES == c.After.TitleES &&
		c.Before.Minutes == c.After.Minutes && c.Before.Breaks == c.After.Breaks && c.Before.Joint == c.After.Joint && sameParts(*c.Before, *c.After)
}

// Difference tells two editions of a course apart. What a viewer may not see has to be
// taken out of both before; see Maps.
func Difference(before, after Edition) EditionDifference {
	d := EditionDifference{Before: before, After: after}
	old, now := before.ModuleIDs(), after.ModuleIDs()
	for _, id := range append(slices.Clone(now), old...) {
		if slices.ContainsFunc(d.Modules, func(m ModuleChange) bool { return m.ID == id }) {
			continue
		}
		was, is := slices.Contains(before.Required(), id), slices.Contains(after.Required(), id)
		m := ModuleChange{ID: id, Before: before.Pinned(id), After: after.Pinned(id), New: !slices.Contains(old, id), Gone: !slices.Contains(now, id),
			NowRequired: is && !was, NowFree: was && !is}
		if m != (ModuleChange{ID: id, Before: m.After, After: m.After}) {
			d.Modules = append(d.Modules, m)
		}
	}
	fits := MatchSessions(before, after)
	for i := range before.Sessions {
		if _, found := fits[before.Sessions[i].ID]; !found {
			d.Sessions = append(d.Sessions, SessionChange{Before: &before.Sessions[i]})
		}
	}
	var kept []SessionChange
	for i := range after.Sessions {
		change := SessionChange{After: &after.Sessions[i]}
		for j := range before.Sessions {
			if fits[before.Sessions[j].ID] == change.After.ID {
				change.Before = &before.Sessions[j]
			}
		}
		kept = append(kept, change)
	}
	d.Sessions = append(kept, d.Sessions...)
	return d
}

// MatchSessions says which session of a newer map continues one of an older map. Each is
// matched once, and the surest sign goes first, over the whole map:
//
//  1. the same English title and the same parts (module, part of it and title),
//  2. the same English title,
//  3. the same modules, where there are any,
//  4. the same place in the map, and a module in common.
//
// Among equals the order of the maps decides. What fits nothing is not in the answer.
func MatchSessions(before, after Edition) map[EditionSessionID]EditionSessionID {
	fits, taken := map[EditionSessionID]EditionSessionID{}, map[EditionSessionID]bool{}
	for _, sign := range []func(a, b Session) bool{
		func(a, b Session) bool { return a.TitleEN == b.TitleEN && sameParts(a, b) },
		func(a, b Session) bool { return a.TitleEN == b.TitleEN },
		func(a, b Session) bool { return len(a.modules()) > 0 && slices.Equal(a.modules(), b.modules()) },
		func(a, b Session) bool {
			return a.Position == b.Position && slices.ContainsFunc(a.modules(), func(m taught) bool { return b.teaches(m.id) })
		},
	} {
		for _, a := range before.Sessions {
			if fits[a.ID] != "" {
				continue
			}
			for _, b := range after.Sessions {
				if !taken[b.ID] && sign(a, b) {
					fits[a.ID], taken[b.ID] = b.ID, true
					break
				}
			}
		}
	}
	return fits
}

// taught is a module, or a part of one, in a session.
type taught struct {
	id   content.ModuleID
	part int
}

func (s Session) modules() (list []taught) {
	for _, p := range s.Parts {
		if p.ModuleID != "" {
			list = append(list, taught{p.ModuleID, p.Part})
		}
	}
	return list
}

func (s Session) teaches(id content.ModuleID) bool {
	return slices.ContainsFunc(s.Parts, func(p Part) bool { return p.ModuleID == id })
}

func sameParts(a, b Session) bool {
	return slices.EqualFunc(a.Parts, b.Parts, func(p, q Part) bool {
		return p.ModuleID == q.ModuleID && p.Part == q.Part && p.TitleEN == q.TitleEN && p.Minutes == q.Minutes
	})
}
