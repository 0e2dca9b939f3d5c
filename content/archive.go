package content

import (
	"archive/zip"
	"errors"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// What an archive may hold: several times a whole curriculum with its pictures. Texts pack
// to a fifth; what packs a hundredfold was made to fill a disk.
const (
	archiveFiles   = 10_000
	archiveBytes   = 64 << 20
	archiveRatio   = 100
	ratioMattersAt = 64 << 10
)

// Archive is a ZIP file of the curriculum, to be read as a folder.
type Archive struct {
	fs.FS
	io.Closer
}

// OpenArchive opens a ZIP file and reads every entry of it through, so that nothing is
// taken from one that is damaged or unsafe: that fails with a fault.Conflict that names the
// archive and the entry. An archive inside it is never opened. Where all stands in one
// folder, that folder is given.
func OpenArchive(file string) (Archive, error) {
	name := filepath.Base(file)
	r, err := zip.OpenReader(file)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return Archive{}, fault.Conflict("content.archive.unread", "Archive", name)
	}
	err = CheckArchive(name, r.File)
	var files fs.FS = r
	if top := onlyFolder(r.File); err == nil && top != "" {
		files, err = fs.Sub(r, top)
	}
	if err != nil {
		return Archive{}, errors.Join(err, r.Close())
	}
	return Archive{files, r}, nil
}

// CheckArchive reads every entry of a ZIP file through and fails with a fault.Conflict, as
// OpenArchive does, where one is damaged, unsafe or too large. name is the archive's, for
// the sentence.
func CheckArchive(name string, files []*zip.File) error {
	if len(files) > archiveFiles {
		return fault.Conflict("content.archive.files", "Archive", name, "Limit", archiveFiles)
	}
	seen, total := map[string]bool{}, uint64(0)
	for _, f := range files {
		entry := strings.ToValidUTF8(f.Name, "\uFFFD")
		clean := strings.TrimSuffix(f.Name, "/")
		size := f.UncompressedSize64
		total += min(size, archiveBytes+1)
		switch {
		case f.NonUTF8 || !utf8.ValidString(f.Name):
			return fault.Conflict("content.archive.name", "Archive", name, "Entry", entry)
		case !fs.ValidPath(clean) || clean == "." || strings.ContainsAny(clean, `\:`) || strings.ContainsFunc(clean, unicode.IsControl):
			return fault.Conflict("content.archive.path", "Archive", name, "Entry", entry)
		case !f.Mode().IsRegular() && !f.Mode().IsDir():
			return fault.Conflict("content.archive.link", "Archive", name, "Entry", entry)
		case f.Flags&1 != 0:
			return fault.Conflict("content.archive.encrypted", "Archive", name, "Entry", entry)
		case seen[clean]:
			return fault.Conflict("content.archive.twice", "Archive", name, "Entry", entry)
		case total > archiveBytes:
			return fault.Conflict("content.archive.size", "Archive", name, "Entry", entry, "Limit", archiveBytes>>20)
		case size > ratioMattersAt && size/archiveRatio > f.CompressedSize64:
			return fault.Conflict("content.archive.bomb", "Archive", name, "Entry", entry)
		}
		seen[clean] = true
	}
	for _, f := range files {
		if err := readThrough(f); err != nil {
			return fault.Conflict("content.archive.broken", "Archive", name, "Entry", f.Name)
		}
	}
	return nil
}

// readThrough proves that an entry can be unpacked, to no more than it says.
func readThrough(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r)
	return errors.Join(err, r.Close())
}

// onlyFolder is the one folder in which all files stand; "" where there is none such. What
// a Mac adds beside it does not count.
func onlyFolder(files []*zip.File) (top string) {
	for _, f := range files {
		first, _, inside := strings.Cut(f.Name, "/")
		switch {
		case first == "__MACOSX" || path.Base(f.Name) == ".DS_Store":
		case !inside || top != "" && first != top || first == "courses" || first == protocolFolder:
			return ""
		default:
			top = first
		}
	}
	return top
}
