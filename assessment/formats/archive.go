package formats

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// ReadArchive reads the questions of a ZIP package: of QTI with its imsmanifest.xml, of
// Canvas or another Common Cartridge, or with files of Moodle XML. Each file is first read
// through: an archive that is damaged or unsafe gives a content.Problem, and nothing is
// taken from it. A file inside that is no XML in good form is a Lost warning.
func ReadArchive(name string, data []byte) (Reading, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return Reading{}, xmlFault(name, 0, "content.archive.unread", "Archive", name)
	}
	if err := content.CheckArchive(name, r.File); err != nil {
		var refused *fault.ConflictError
		if errors.As(err, &refused) {
			err = content.Problem{Path: name, Sentence: refused.Sentence}
		}
		return Reading{}, err
	}
	a := archive{name: name, files: map[string]*zip.File{}, trees: map[string]*element{}}
	for _, f := range r.File {
		a.files[f.Name] = f
	}
	if err := a.manifest(); err != nil {
		return Reading{}, err
	}
	for _, entry := range a.inOrder() {
		a.read(entry)
	}
	if a.questions == 0 && len(a.Warnings) == 0 {
		if a.files["moodle_backup.xml"] != nil {
			return Reading{}, xmlFault(name, 0, "assessment.package.backup", "Archive", name)
		}
		return Reading{}, xmlFault(name, 0, "assessment.package.none", "Archive", name)
	}
	return a.Reading, nil
}

// archive is a package while it is read.
type archive struct {
	Reading
	name      string
	files     map[string]*zip.File
	trees     map[string]*element
	order     []string           // the files in the order of the manifest
	details   map[string]details // what the manifest says of a file
	questions int                // files that hold questions
}

// manifest reads what the package says of its files.
func (a *archive) manifest() error {
	var at string
	for name := range a.files {
		if path.Base(name) == "imsmanifest.xml" && (at == "" || len(name) < len(at)) {
			at = name
		}
	}
	a.details = map[string]details{}
	if at == "" {
		return nil
	}
	data, err := a.bytes(at)
	if err != nil {
		return err
	}
	root, err := readTree(path.Join(a.name, at), data)
	if err != nil {
		return err
	}
	for _, r := range root.child("resources").children("resource") {
		more := details{}
		for _, lom := range r.child("metadata").children("lom") {
			for _, k := range lom.child("general").children("keyword") {
				if words := inOneLine(k.said()); words != "" {
					more.tags = append(more.tags, words)
				}
			}
			var parts []string
			for _, t := range lom.child("classification").child("taxonPath").children("taxon") {
				parts = append(parts, inOneLine(t.child("entry").said()))
			}
			more.category = strings.Join(parts, "/")
		}
		href := path.Join(path.Dir(at), r.attr("href"))
		if r.attr("href") != "" {
			a.details[href] = more
			a.order = append(a.order, href)
		}
		for _, f := range r.children("file") {
			a.order = append(a.order, path.Join(path.Dir(at), f.attr("href")))
		}
	}
	return nil
}

// inOrder are the files that may hold questions: as the manifest lists them, then the
// others by name.
func (a *archive) inOrder() []string {
	place := map[string]int{}
	for n, name := range a.order {
		if _, known := place[name]; !known {
			place[name] = n + 1
		}
	}
	var names []string
	for name := range a.files {
		hidden := strings.HasPrefix(path.Base(name), ".") || strings.HasPrefix(name, "__MACOSX/")
		if !hidden && path.Base(name) != "imsmanifest.xml" && oneOf(strings.ToLower(path.Ext(name)), ".xml .qti .dat") {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(x, y string) int {
		px, py := cmp.Or(place[x], len(a.order)+1), cmp.Or(place[y], len(a.order)+1)
		return cmp.Or(cmp.Compare(px, py), cmp.Compare(x, y))
	})
	return names
}

func (a *archive) bytes(name string) ([]byte, error) {
	r, err := a.files[name].Open()
	if err != nil {
		return nil, xmlFault(a.name, 0, "content.archive.broken", "Archive", a.name, "Entry", name)
	}
	data, err := io.ReadAll(io.LimitReader(r, xmlBytes+1))
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, xmlFault(a.name, 0, "content.archive.broken", "Archive", a.name, "Entry", name)
	}
	return data, nil
}

func (a *archive) read(entry string) {
	where := path.Join(a.name, entry)
	data, err := a.bytes(entry)
	var root *element
	if err == nil {
		root, err = readTree(where, data)
	}
	if err != nil {
		var p content.Problem
		errors.As(err, &p)
		a.Warnings = append(a.Warnings, Warning{Item: entry, Lost: true, Problem: p})
		return
	}
	g := gathering{file: where}
	switch {
	case root.name == "assessmentItem":
		readQTI2(&g, root, a.details[entry])
	case root.name == "quiz" && root.space == "":
		readMoodle(&g, root)
	case root.name == "questestinterop" && a.again(entry):
		a.questions++
		a.Warnings = append(a.Warnings, Warning{Item: entry, Problem: content.Problem{Path: where, Line: root.line, Sentence: fault.Say("assessment.package.again")}})
		return
	case !readQTI(&g, root):
		return
	}
	a.questions++
	a.Items = append(a.Items, g.Items...)
	a.Warnings = append(a.Warnings, g.Warnings...)
}

// again says whether a cartridge of Canvas has the same quiz in full in another file: what
// stands in the cartridge itself leaves out the types that Common Cartridge lacks.
func (a *archive) again(entry string) bool {
	folder, file := path.Split(entry)
	folder = strings.TrimSuffix(folder, "/")
	if file != "assessment_qti.xml" {
		return false
	}
	return a.files[path.Join(path.Dir(folder), "non_cc_assessments", path.Base(folder)+".xml.qti")] != nil
}
