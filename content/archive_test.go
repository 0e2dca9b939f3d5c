package content_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// packed writes a ZIP file with one text in each of the entries.
func packed(t *testing.T, entries ...zip.FileHeader) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, header := range entries {
		text := "some text"
		if header.Comment != "" { // what stands in it
			text, header.Comment = header.Comment, ""
		}
		header.Method = zip.Deflate
		f, err := w.CreateHeader(&header)
		if err == nil && !strings.HasSuffix(header.Name, "/") {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "curriculum.zip")
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestAnUnsafeOrDamagedArchiveIsRefusedByName(t *testing.T) {
	t.Parallel()
	named := func(name string) zip.FileHeader { return zip.FileHeader{Name: name} }
	link, device := named("t07-link.md"), named("t07-device.md")
	link.SetMode(fs.ModeSymlink | 0o777)
	device.SetMode(fs.ModeDevice | 0o600)
	secret := named("t07-secret.md")
	secret.Flags = 1
	foreign := zip.FileHeader{Name: "caf\xe9.md", NonUTF8: true}
	bomb := zip.FileHeader{Name: "t07-bomb.md", Comment: strings.Repeat("0", 8<<20)}
	many := make([]zip.FileHeader, 10_001)
	for i := range many {
		many[i] = named(fmt.Sprint(i, ".md"))
	}
	for name, row := range map[string]struct {
		entries    []zip.FileHeader
		key, entry string
	}{
		"climbs out":      {[]zip.FileHeader{named("t06-a.md"), named("../t07-a.md")}, "path", "../t07-a.md"},
		"climbs inside":   {[]zip.FileHeader{named("a/../../t07-a.md")}, "path", "a/../../t07-a.md"},
		"absolute":        {[]zip.FileHeader{named("/etc/t07-a.md")}, "path", "/etc/t07-a.md"},
		"drive":           {[]zip.FileHeader{named("C:t07-a.md")}, "path", "C:t07-a.md"},
		"backslash":       {[]zip.FileHeader{named(`..\t07-a.md`)}, "path", `..\t07-a.md`},
		"control":         {[]zip.FileHeader{named("t07\x1b-a.md")}, "path", "t07\x1b-a.md"},
		"link":            {[]zip.FileHeader{link}, "link", "t07-link.md"},
		"device":          {[]zip.FileHeader{device}, "link", "t07-device.md"},
		"twice":           {[]zip.FileHeader{named("t07-a.md"), named("t07-a.md")}, "twice", "t07-a.md"},
		"file and folder": {[]zip.FileHeader{named("t07-a.md"), named("t07-a.md/")}, "twice", "t07-a.md/"},
		"not UTF-8":       {[]zip.FileHeader{foreign}, "name", "caf\uFFFD.md"},
		"encrypted":       {[]zip.FileHeader{secret}, "encrypted", "t07-secret.md"},
		"bomb":            {[]zip.FileHeader{bomb}, "bomb", "t07-bomb.md"},
		"many bombs":      {[]zip.FileHeader{bomb, bomb}, "bomb", "t07-bomb.md"},
		"many files":      {many, "files", "10000"},
	} {
		refused(t, name, packed(t, row.entries...), row.key, row.entry)
	}

	whole := packed(t, zip.FileHeader{Name: "t07-a.md", Comment: "a text that is long enough to be cut"})
	raw, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		bytes      []byte
		key, entry string
	}{
		"truncated": {raw[:len(raw)-30], "unread", "curriculum.zip"},
		"no ZIP":    {[]byte("hello"), "unread", "curriculum.zip"},
		"empty":     {nil, "unread", "curriculum.zip"},
		"damaged":   {append(append(bytes.Clone(raw[:45]), raw[45]^0xff), raw[46:]...), "broken", "t07-a.md"},
	} {
		if err := os.WriteFile(whole, row.bytes, 0o644); err != nil {
			t.Fatal(err)
		}
		refused(t, name, whole, row.key, row.entry)
	}
}

func refused(t *testing.T, name, file, key, entry string) {
	t.Helper()
	archive, err := content.OpenArchive(file)
	var told *fault.ConflictError
	if !errors.As(err, &told) || archive.FS != nil {
		t.Errorf("%s: taken: %v", name, err)
		return
	}
	if args := fmt.Sprint(told.Args); told.Key != "content.archive."+key || !strings.Contains(args, entry) || !strings.Contains(args, "curriculum.zip") {
		t.Errorf("%s: told %s %v, want %s of %q", name, told.Key, args, key, entry)
	}
}

func TestAnArchiveIsReadAsAFolder(t *testing.T) {
	t.Parallel()
	for _, within := range []string{"", "ours/"} {
		archive, err := content.OpenArchive(packed(t, zip.FileHeader{Name: within + "t07-a.md"}, zip.FileHeader{Name: within + "more.zip"},
			zip.FileHeader{Name: "__MACOSX/._t07-a.md"}, zip.FileHeader{Name: within + "courses/out.yaml"}))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"t07-a.md", "courses/out.yaml"} {
			if text, err := fs.ReadFile(archive, name); err != nil || string(text) != "some text" {
				t.Errorf("in %q, %s: %q %v", within, name, text, err)
			}
		}
		if err := archive.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestWhatCanNotBeATextIsToldWithItsLine(t *testing.T) {
	t.Parallel()
	good := "---\n"
	for name, row := range map[string]struct {
		file *fstest.MapFile
		want string
	}{
		"Latin-1":        {&fstest.MapFile{Data: []byte(good + "title: caf\xe9\n")}, "2 content.problem.not_text"},
		"a zero":         {&fstest.MapFile{Data: []byte(good + "\n\nx\x00y\n")}, "4 content.problem.zero_byte"},
		"too long":       {&fstest.MapFile{Data: bytes.Repeat([]byte("word "), 1<<20)}, "0 content.problem.file_size"},
		"a link":         {&fstest.MapFile{Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink | 0o777}, "0 content.problem.file_link"},
		"a pipe":         {&fstest.MapFile{Mode: fs.ModeNamedPipe | 0o600}, "0 content.problem.file_link"},
		"never closed":   {&fstest.MapFile{Data: []byte(good + "id: T07\n")}, "1 content.problem.front_matter"},
		"billion laughs": {&fstest.MapFile{Data: []byte(good + laughs() + "---\nText.\n")}, "content.problem."},
	} {
		_, problems := content.Parse(fstest.MapFS{"t07-a.md": row.file}, ".")
		if got := told(problems); !strings.Contains(got, row.want) {
			t.Errorf("%s: %s, want %s", name, got, row.want)
		}
	}
}

// laughs is YAML whose every list has the one before ten times.
func laughs() string {
	text := "a0: &a0 [x]\n"
	for i := 1; i < 12; i++ {
		text += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
	}
	return text
}

func TestAMarkAndWindowsLineEndsAreTakenAndKept(t *testing.T) {
	t.Parallel()
	source := "\xef\xbb\xbf" + strings.ReplaceAll(head()+"\n## One\n\nText.\n", "\n", "\r\n")
	folder, problems := parse(map[string]string{"t07-a.md": source})
	if len(problems) > 0 || len(folder.Modules) != 1 || folder.Modules[0].Source != source {
		t.Errorf("%v %d", problems, len(folder.Modules))
	}
}
