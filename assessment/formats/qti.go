package formats

import (
	"bytes"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
)

// ReadQTI reads one file of IMS QTI: 1.2, or an item of 2.0, 2.1 or 2.2. A file that is not
// well formed, not safe, or that only lists what stands in other files, gives a
// content.Problem with its line.
func ReadQTI(name string, data []byte) (Reading, error) {
	root, err := readTree(name, data)
	if err != nil {
		return Reading{}, err
	}
	g := gathering{file: name}
	if !readQTI(&g, root) {
		key := "assessment.qti.other"
		switch root.name {
		case "manifest", "assessmentTest", "assessmentSection", "testPart":
			key = "assessment.qti.list"
		}
		return Reading{}, xmlFault(name, root.line, key, "Root", root.name)
	}
	return g.Reading, nil
}

// readPackage reads QTI, packed or as one file.
func readPackage(file content.File) (Reading, error) {
	if bytes.HasPrefix(file.Bytes, []byte("PK\x03\x04")) {
		return ReadArchive(file.Path, file.Bytes)
	}
	return ReadQTI(file.Path, file.Bytes)
}

// readQTI reads what a file's first element holds; no where that is no question.
func readQTI(g *gathering, root *element) bool {
	switch root.name {
	case "questestinterop":
		readQTI12(g, root)
	case "assessmentItem":
		readQTI2(g, root, details{})
	default:
		return false
	}
	return true
}

// ours says whether this program wrote an item.
func ours(e *element) bool { return e.attr("toolName") == toolName }

const toolName = "Metropolitan Peace Academy"

// oneOf says whether a name is among those of a list of words.
func oneOf(name, list string) bool {
	for _, word := range strings.Fields(list) {
		if word == name {
			return true
		}
	}
	return false
}
