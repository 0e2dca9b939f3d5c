package content

import (
	"bytes"
	"encoding/binary"
	"image"
	_ "image/jpeg" // what image.DecodeConfig reads
	_ "image/png"
)

// pictureSize gives a picture's width and height in pixels, so that a page keeps its place
// before it is loaded; ok is false where it can't be read.
func pictureSize(picture []byte) (width, height int, ok bool) {
	if config, _, err := image.DecodeConfig(bytes.NewReader(picture)); err == nil {
		return config.Width, config.Height, true
	}
	return webpSize(picture)
}

// webpSize reads the head of a WebP picture in its three forms
// (https://developers.google.com/speed/webp/docs/riff_container).
func webpSize(p []byte) (width, height int, ok bool) {
	if len(p) < 30 || string(p[:4]) != "RIFF" || string(p[8:12]) != "WEBP" {
		return 0, 0, false
	}
	switch string(p[12:16]) {
	case "VP8 ":
		const low14 = 1<<14 - 1
		return int(binary.LittleEndian.Uint16(p[26:])) & low14, int(binary.LittleEndian.Uint16(p[28:])) & low14, true
	case "VP8L":
		bits := binary.LittleEndian.Uint32(p[21:])
		return int(bits&(1<<14-1)) + 1, int(bits>>14&(1<<14-1)) + 1, true
	case "VP8X":
		three := func(at int) int { return int(p[at]) | int(p[at+1])<<8 | int(p[at+2])<<16 }
		return three(24) + 1, three(27) + 1, true
	}
	return 0, 0, false
}
