package content_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// dotPNG begins a picture of one pixel: as much of it as says how large it is.
const dotPNG = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00\x3a\x7e\x9b\x55"

// A figure keeps its place before it is loaded: the page knows its size.
func TestAFigureSaysHowLargeItIs(t *testing.T) {
	drawing := image.NewGray(image.Rect(0, 0, 40, 30))
	var asPNG, asJPEG bytes.Buffer
	if err := png.Encode(&asPNG, drawing); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&asJPEG, drawing, nil); err != nil {
		t.Fatal(err)
	}
	webp := func(kind string, rest ...byte) string {
		return "RIFF\x20\x00\x00\x00WEBP" + kind + "\x10\x00\x00\x00" + string(append(rest, make([]byte, 16)...))
	}
	for name, file := range map[string]string{
		"a.png": asPNG.String(), "b.jpg": asJPEG.String(),
		"lossy.webp":    webp("VP8 ", 0, 0, 0, 0x9d, 0x01, 0x2a, 40, 0, 30, 0),
		"lossless.webp": webp("VP8L", 0x2f, 39, 0x40, 0x07, 0),
		"more.webp":     webp("VP8X", 0, 0, 0, 0, 39, 0, 0, 29, 0, 0),
	} {
		folder, problems := parse(map[string]string{"t07-de-escalation.md": head() + "![A dot](" + name + ")\n", name: file})
		if len(problems) > 0 {
			t.Fatal(name, problems)
		}
		if want := `<img src="/modules/t07/pictures/` + name + `" alt="A dot" width="40" height="30" loading="lazy"`; !strings.Contains(folder.Modules[0].HTML, want) {
			t.Errorf("%s: no %s in %s", name, want, folder.Modules[0].HTML)
		}
	}
	_, problems := parse(map[string]string{"t07-de-escalation.md": head() + "![A dot](cut.png)\n", "cut.png": asPNG.String()[:12]})
	if len(problems) != 1 || problems[0].Key != "content.problem.picture_kind" {
		t.Errorf("half a picture: %v", problems)
	}
}
