package content

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// FrontMatter cuts a file into its YAML between two lines of --- and the body after
// it. bodyLine is the line of the file on which the body starts. ok is false when
// the file does not start with front matter or never closes it.
func FrontMatter(source []byte) (front, body []byte, bodyLine int, ok bool) {
	lines := bytes.SplitAfter(source, []byte("\n"))
	if strings.TrimRight(string(withoutMark(lines[0])), "\r\n") != "---" {
		return nil, nil, 0, false
	}
	at := len(lines[0])
	for i, line := range lines[1:] {
		if strings.TrimRight(string(line), "\r\n") == "---" {
			return source[len(lines[0]):at], source[at+len(line):], i + 3, true
		}
		at += len(line)
	}
	return nil, nil, 0, false
}

// YAML is a piece of YAML inside a file, with the line before its first one, so that
// every problem can be told with the file's own line.
type YAML struct {
	Before int
	root   yaml.Node
}

// DecodeYAML reads source into out strictly: an unknown key, a key said twice and a
// value of the wrong kind are each told, all of them at once. before is the number
// of the file's lines above the source.
func DecodeYAML(source []byte, before int, out any, problems *Problems) YAML {
	y := YAML{Before: before}
	if !isText(source, problems) {
		return y
	}
	decoder := yaml.NewDecoder(bytes.NewReader(source))
	decoder.KnownFields(true)
	err := decoder.Decode(out)
	var wrong *yaml.TypeError
	switch {
	case err == nil:
		if err := yaml.Unmarshal(source, &y.root); err != nil {
			problems.yaml(before, err.Error())
		}
	case errors.Is(err, io.EOF):
		problems.Add(before+1, "content.problem.empty")
	case errors.As(err, &wrong):
		for _, one := range wrong.Errors {
			problems.yaml(before, one)
		}
		// The rest of the rules still want to know their lines.
		_ = yaml.Unmarshal(source, &y.root)
	default:
		problems.yaml(before, err.Error())
	}
	return y
}

var (
	yamlLine    = regexp.MustCompile(`line (\d+): (.*)`)
	yamlUnknown = regexp.MustCompile(`^field (\S+) not found in type`)
	yamlTwice   = regexp.MustCompile(`^mapping key (".*") already defined`)
	yamlKind    = regexp.MustCompile("^cannot unmarshal \\S+ ?(?:`(.*)`)? ?into (\\S+)")
)

// yaml turns one message of the YAML reader, which are fixed English, into a problem.
func (p *Problems) yaml(before int, message string) {
	line := 1
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		message = m[2]
	}
	line += before
	if m := yamlUnknown.FindStringSubmatch(message); m != nil {
		p.Add(line, "content.problem.key_unknown", "Key", m[1])
	} else if m := yamlTwice.FindStringSubmatch(message); m != nil {
		p.Add(line, "content.problem.key_twice", "Key", strings.Trim(m[1], `"`))
	} else if m := yamlKind.FindStringSubmatch(message); m != nil {
		p.Add(line, "content.problem.value_kind", "Value", m[1], "Kind", m[2])
	} else {
		p.Add(line, "content.problem.yaml", "Detail", strings.TrimPrefix(message, "yaml: "))
	}
}

// Line is the line of the value at a path of keys and list positions, or of the
// nearest thing above it that is there.
func (y YAML) Line(path ...any) int {
	node := &y.root
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	line := max(node.Line, 1)
	for _, step := range path {
		node = child(node, step)
		if node == nil {
			break
		}
		line = node.Line
	}
	return y.Before + line
}

// Has says whether the top level names the key at all.
func (y YAML) Has(key string) bool {
	return len(y.root.Content) > 0 && child(y.root.Content[0], key) != nil
}

func child(node *yaml.Node, step any) *yaml.Node {
	switch step := step.(type) {
	case string:
		for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == step {
				return node.Content[i+1]
			}
		}
	case int:
		if node.Kind == yaml.SequenceNode && step < len(node.Content) {
			return node.Content[step]
		}
	}
	return nil
}
