package e2e

import (
	"bytes"
	"maps"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// form is one way of sending a form that a page holds: one of its buttons pressed, its
// empty fields filled in.
type form struct {
	method, action string
	upload         bool
	fields         url.Values
	files          []string // names of fields that take a file
	page           string   // where it stood
	as             *visitor // who was shown it
	sheet          string   // what is uploaded
}

// shape is the same for forms that differ in their values alone.
func (f form) shape(pattern string) string {
	names := slices.Sorted(maps.Keys(f.fields))
	for i, name := range names {
		names[i], _, _ = strings.Cut(name, ".")
	}
	return f.method + " " + pattern + " " + strings.Join(slices.Compact(names), ",") + " " + strings.Join(f.files, ",")
}

// body writes the form as a browser would, with the sender's own form token. What the
// form names may be replaced.
func (f form) body(token string, replace func(string) string) (kind string, body []byte) {
	values := url.Values{"_csrf": {token}}
	for name, list := range f.fields {
		for _, value := range list {
			values.Add(replace(name), replace(value))
		}
	}
	if !f.upload {
		return "application/x-www-form-urlencoded", []byte(values.Encode())
	}
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	_ = w.SetBoundary("canary-canary-canary") // the same for both askers; nothing here can fail
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			_ = w.WriteField(name, value)
		}
	}
	for _, name := range f.files {
		if part, err := w.CreateFormFile(name, "people.csv"); err == nil {
			_, _ = part.Write([]byte(replace(f.sheet)))
		}
	}
	_ = w.Close()
	return w.FormDataContentType(), out.Bytes()
}

// sheet and grades are what is uploaded.
const grades = "place,name,column,title,original,current,new\n00000000-0000-7000-8000-000000000000,,quiz.t01,,,,80\n"

const sheet = "given_name,family_name,email\nNewcomer,Canary,newcomer@canary.test\n"

// formsIn reads every form of a page, once for each of its buttons.
func formsIn(t *testing.T, v *visitor, page, text string) []form {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var forms []form
	for node := range root.Descendants() {
		if node.Data == "form" && node.Type == html.ElementNode {
			forms = append(forms, waysOf(t, v, page, node)...)
		}
	}
	return forms
}

func waysOf(t *testing.T, v *visitor, page string, node *html.Node) []form {
	t.Helper()
	plain := form{method: strings.ToUpper(attribute(node, "method")), action: attribute(node, "action"), page: page, as: v,
		upload: strings.HasPrefix(attribute(node, "enctype"), "multipart"), fields: url.Values{}}
	if plain.method == "" {
		plain.method = "GET"
	}
	if plain.action == "" {
		plain.action = page
	}
	var ways []form
	press := func(button *html.Node) { // what is left empty is filled in by fill, which knows the route
		way := plain
		way.fields = maps.Clone(plain.fields)
		if action := attribute(button, "formaction"); action != "" {
			way.action = action
		}
		if name := attribute(button, "name"); name != "" {
			way.fields[name] = []string{attribute(button, "value")}
		}
		ways = append(ways, way)
	}
	var buttons []*html.Node
	for field := range node.Descendants() {
		if field.Type != html.ElementNode {
			continue
		}
		if field.Data == "button" && attribute(field, "type") != "button" {
			buttons = append(buttons, field)
		} else if name := attribute(field, "name"); name != "" && name != "_csrf" {
			plain.take(t, field, name)
		}
	}
	for _, button := range buttons {
		press(button)
	}
	return ways
}

// take reads one field: what it holds, or the first thing that could be chosen.
func (f *form) take(t *testing.T, node *html.Node, name string) {
	t.Helper()
	value := attribute(node, "value")
	switch kind := attribute(node, "type"); {
	case node.Data == "select":
		f.fields[name] = []string{chosen(node)}
	case node.Data == "textarea":
		f.fields[name] = []string{textOf(node)}
	case node.Data != "input":
	case kind == "file":
		f.files = append(f.files, name)
	case kind == "radio" || kind == "checkbox":
		if _, has := f.fields[name]; !has || hasAttribute(node, "checked") && kind == "radio" {
			f.fields[name] = []string{value}
		}
	default:
		f.fields[name] = append(f.fields[name], value)
	}
}

// chosen is what a list stands on, or else its first real entry.
func chosen(node *html.Node) string {
	first := ""
	for option := range node.Descendants() {
		if option.Data != "option" || option.Type != html.ElementNode {
			continue
		}
		value := attribute(option, "value")
		if hasAttribute(option, "selected") && value != "" {
			return value
		}
		if first == "" {
			first = value
		}
	}
	return first
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttribute(node *html.Node, name string) bool {
	return slices.ContainsFunc(node.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func textOf(node *html.Node) string {
	var text strings.Builder
	for child := range node.Descendants() {
		if child.Type == html.TextNode {
			text.WriteString(child.Data)
		}
	}
	return text.String()
}

// fill writes into the empty fields what a person would.
func (f *form) fill(t *testing.T, pattern string) {
	t.Helper()
	for name, values := range f.fields {
		field, known := fieldOf(pattern, name)
		if !known {
			t.Errorf("%s: the canary knows no field %q of %s; say in fields what it takes", f.page, name, pattern)
		}
		for i, value := range values {
			if value == "" || field.none {
				values[i] = field.fill
			}
		}
	}
	for _, name := range f.files {
		field, known := fieldOf(pattern, name)
		if !known {
			t.Errorf("%s: the canary knows no file %q of %s; say in fields what it takes", f.page, name, pattern)
		}
		f.sheet = field.fill
	}
}
