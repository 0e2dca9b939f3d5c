package content

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// File is one file of a folder of the curriculum, as it was read and as it is given back.
type File struct {
	Path  string // inside the folder, with slashes
	Bytes []byte
}

// Shelf gathers the files of a folder, each under a name of its own.
type Shelf struct {
	Files []File
	taken map[string]int // by the name in small letters: where it stands in Files
}

// Put stands bytes under a name and says whether it was free.
func (s *Shelf) Put(content []byte, name string) bool {
	if _, taken := s.taken[strings.ToLower(name)]; taken {
		return false
	}
	if s.taken == nil {
		s.taken = map[string]int{}
	}
	s.taken[strings.ToLower(name)] = len(s.Files)
	s.Files = append(s.Files, File{name, content})
	return true
}

var versionMark = regexp.MustCompile(`^v[0-9]+\.`)

// PutVersion stands one version of a text under the name that it came with, or beside a
// newer one of that name, put before it, as name.v1.md.
func (s *Shelf) PutVersion(source, name string, version int) {
	dir, file := path.Split(name)
	stem, end, _ := strings.Cut(file, ".")
	end = versionMark.ReplaceAllString(end, "")
	stood := s.Put([]byte(source), name)
	for n := 1; !stood; n++ {
		again := ""
		if n > 1 {
			again = fmt.Sprintf("-%d", n)
		}
		stood = s.Put([]byte(source), fmt.Sprintf("%s%s%s.v%d.%s", dir, stem, again, version, end))
	}
}

// putPicture stands a picture under its name; several modules may show the same one.
// Fails with fault.Conflict when another picture has the name.
func (s *Shelf) putPicture(p Picture) error {
	if i, taken := s.taken[strings.ToLower(p.Name)]; taken {
		if !bytes.Equal(s.Files[i].Bytes, p.Bytes) {
			return fault.Conflict("content.problem.picture_changed", "Name", p.Name)
		}
		return nil
	}
	s.Put(p.Bytes, p.Name)
	return nil
}
