package content

import (
	"net/http"
	"regexp"
	"slices"
)

var pictureName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*\.(png|jpg|jpeg|webp)$`)

// pictureLimit keeps a module within what a phone loads in a car.
const pictureLimit = 300 << 10

// picture reads a picture that stands beside the text. Drawings that can carry
// scripts (SVG) are none of ours.
func (p *parser) picture(name string, line int, problems *Problems) (Picture, bool) {
	if !pictureName.MatchString(name) {
		problems.Add(line, "content.problem.picture_name", "Name", name)
		return Picture{}, false
	}
	p.shown[name] = true
	bytes, err := p.read(name)
	if err != nil {
		problems.Add(line, "content.problem.picture_missing", "Name", name)
		return Picture{}, false
	}
	media := http.DetectContentType(bytes)
	if !slices.Contains([]string{"image/png", "image/jpeg", "image/webp"}, media) {
		problems.Add(line, "content.problem.picture_kind", "Name", name)
		return Picture{}, false
	}
	width, height, ok := pictureSize(bytes)
	if !ok {
		problems.Add(line, "content.problem.picture_kind", "Name", name)
		return Picture{}, false
	}
	if len(bytes) > pictureLimit {
		problems.Add(line, "content.problem.picture_size", "Name", name, "Kilobytes", len(bytes)>>10)
		return Picture{}, false
	}
	return Picture{Name: name, Hash: HashOf(bytes), MediaType: media, Bytes: bytes, Width: width, Height: height}, true
}
