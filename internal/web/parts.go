package web

import "strings"

// words: web.state.*

// signs are the icons that stand beside a state's word, so that colour never speaks alone.
var signs = map[string]string{
	"done": "check", "due": "clock", "danger": "warning", "note": "info", "open": "open", "lake": "dot", "care": "heart",
}

func classes(base string, kinds []string) string {
	var b strings.Builder
	b.WriteString(base)
	for _, kind := range kinds {
		b.WriteString(" " + base + "-" + kind)
	}
	return b.String()
}

func stepClass(i, current int) string {
	switch {
	case i < current:
		return "step step-done"
	case i == current:
		return "step step-now"
	}
	return "step"
}
