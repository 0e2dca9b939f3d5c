package web

import (
	"net/url"
	"strings"
)

// words: web.state.*

// signs are the icons that stand beside a state's word, so that colour never speaks alone.
var signs = map[string]string{
	"done": "check", "due": "clock", "danger": "warning", "note": "info", "open": "open", "lake": "dot", "care": "heart",
}

// After is the address of the page of a list that begins after a row, as Pages takes it;
// "" where the row has no key, because there is no such page.
func After[K ~string](path string, row K) string {
	if row == "" {
		return ""
	}
	return path + "?after=" + url.QueryEscape(string(row))
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
