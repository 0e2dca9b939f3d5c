package web

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

func (p FieldProps) id() string { return "f-" + p.Name }

func (p FieldProps) kind() string {
	if p.Type == "" {
		return "text"
	}
	return p.Type
}

func (p FieldProps) value() string { return p.Failed.Value(p.Name, p.Value) }

func (p FieldProps) wrong() string {
	if p.Error != "" {
		return p.Error
	}
	return p.Failed.For(p.Name)
}

func (p FieldProps) describedBy() string {
	var ids []string
	if p.Hint != "" {
		ids = append(ids, p.id()+"-hint")
	}
	if p.wrong() != "" {
		ids = append(ids, p.id()+"-wrong")
	}
	return strings.Join(ids, " ")
}

// attributes are those that a line, a box and a list share.
func (p FieldProps) attributes() templ.Attributes {
	a := templ.Attributes{}
	for name, value := range map[string]string{
		"autocomplete": p.Autocomplete, "inputmode": p.InputMode, "placeholder": p.Placeholder, "pattern": p.Pattern,
		"min": p.Min, "max": p.Max, "accept": p.Accept, "aria-describedby": p.describedBy(),
	} {
		if value != "" {
			a[name] = value
		}
	}
	if p.MaxLength > 0 {
		a["maxlength"] = strconv.Itoa(p.MaxLength)
	}
	if p.wrong() != "" {
		a["aria-invalid"] = "true"
	}
	a["required"] = p.Required
	a["autofocus"] = p.Autofocus
	return a
}

// field is the choice seen as a field, for what the two share.
func (p ChoiceProps) field() FieldProps {
	return FieldProps{Name: p.Name, Label: p.Label, Hint: p.Hint, Error: p.Error, Required: p.Required, Failed: p.Failed}
}

func (p ChoiceProps) wrong() string { return p.field().wrong() }

func (p ChoiceProps) input() string {
	if p.Many {
		return "checkbox"
	}
	return "radio"
}

func buttonClass(kind string) string {
	if kind == "" {
		kind = "primary"
	}
	return "button button-" + kind
}
