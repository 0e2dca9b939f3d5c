package formats

import (
	"slices"
	"strings"
)

// condition is one rule of an item: what must have been answered, and what follows.
type condition struct {
	vars     *element
	equals   []equal // what must be among the answers
	other    bool    // it holds where nothing else did
	adds     bool
	sets     bool
	points   float64
	right    bool     // what it asks for earns points, or is called correct
	shows    []string // feedback
	stops    bool
	bounded  bool // it speaks of numbers from or to
	together bool // its answers must stand together, with others absent
	line     int
}

// equal is an answer that a condition names.
type equal struct {
	to, words string
	exact     bool
	sub       bool // only a part of what is typed
}

func (i *item12) readConditions() {
	process := i.e.child("resprocessing")
	i.most = 100
	if decvar := process.child("outcomes").child("decvar"); decvar != nil {
		if most := i.number(decvar.attr("maxvalue")); most > 0 {
			i.most = most
		}
	}
	for _, e := range process.children("respcondition") {
		c := condition{vars: e.child("conditionvar"), line: e.line}
		for _, set := range e.children("setvar") {
			switch strings.ToLower(set.attr("action")) {
			case "add", "":
				c.adds, c.points = true, c.points+i.number(set.said())
			case "subtract":
				c.adds, c.points = true, c.points-i.number(set.said())
			case "set":
				c.sets, c.points = true, i.number(set.said())
			}
		}
		for _, show := range e.children("displayfeedback") {
			c.shows = append(c.shows, show.attr("linkrefid"))
		}
		scores := c.adds || c.sets
		c.right = c.points > 0 || !scores && slices.Contains(c.shows, "correct")
		c.stops = strings.EqualFold(e.attr("continue"), "No") || e.attr("continue") == "" && (c.sets || !scores && c.right)
		c.gather(c.vars, false)
		i.conditions = append(i.conditions, c)
	}
}

func (c *condition) gather(e *element, not bool) {
	for _, k := range e.children("") {
		switch k.name {
		case "varequal", "varsubstring", "varinside":
			if !not && k.name != "varinside" {
				c.equals = append(c.equals, equal{k.attr("respident"), k.said(), strings.EqualFold(k.attr("case"), "Yes"), k.name == "varsubstring"})
			}
			c.together = c.together || not
		case "vargt", "vargte", "varlt", "varlte":
			c.bounded = c.bounded || !not
		case "other":
			c.other = true
		case "not":
			c.gather(k, !not)
		default:
			c.gather(k, not)
		}
	}
}

// holds says whether a condition holds for what is picked.
func holds(e *element, picked map[string][]string) bool {
	for _, k := range e.children("") {
		if !holdsOne(k, picked) {
			return false
		}
	}
	return true
}

func holdsOne(e *element, picked map[string][]string) bool {
	switch e.name {
	case "varequal", "varsubset", "varsubstring":
		return slices.Contains(picked[e.attr("respident")], e.said())
	case "not":
		return !holds(e, picked)
	case "or":
		return slices.ContainsFunc(e.children(""), func(k *element) bool { return holdsOne(k, picked) })
	case "and":
		return holds(e, picked)
	case "unanswered":
		return len(picked[e.attr("respident")]) == 0
	}
	return e.name == "other" || strings.HasSuffix(e.name, "comment")
}

// score plays the rules through for what is picked: the points and the feedback shown.
func (i *item12) score(picked map[string][]string) (points float64, shown []string) {
	scored := false
	for _, c := range i.conditions {
		if c.other && scored || !holds(c.vars, picked) || c.vars == nil {
			continue
		}
		shown = append(shown, c.shows...)
		switch {
		case c.sets:
			points = c.points
		case c.adds:
			points += c.points
		case c.right:
			points = i.most
		}
		if c.right && !c.other {
			scored = true
		}
		if c.stops {
			break
		}
	}
	return points, shown
}

func (i *item12) readFeedback() {
	i.feedback, i.used = map[string]Text{}, map[string]bool{}
	for _, f := range i.e.children("itemfeedback") {
		i.feedback[f.attr("ident")] = joined("\n", i.feedback[f.attr("ident")], material(f))
	}
}

// say is the feedback of these names, each of which has now found its place.
func (i *item12) say(names []string) Text {
	var texts []Text
	seen := map[string]bool{}
	for _, name := range names {
		if seen[name] {
			continue
		}
		seen[name], i.used[name] = true, true
		texts = append(texts, i.feedback[name])
	}
	return joined("\n", texts...)
}

// general is the feedback that is shown whatever was answered.
func (i *item12) general() []string {
	var names []string
	for _, c := range i.conditions {
		if c.right {
			break
		}
		if c.other && len(c.equals) == 0 && !c.sets {
			names = append(names, c.shows...)
		}
	}
	return names
}

// own is the feedback to one answer by its name.
func (i *item12) own(to, answer, ident string) []string {
	var names []string
	for _, c := range i.conditions {
		if len(c.equals) == 1 && !c.together && c.equals[0].to == to && c.equals[0].words == answer {
			names = append(names, c.shows...)
		}
	}
	for _, name := range []string{ident, ident + "_fb"} {
		if _, ok := i.feedback[name]; ok && ident != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
