package web

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"rsc.io/qr"
)

// QR draws an address to be read by a phone's camera.
func QR(address, label string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		code, err := qr.Encode(address, qr.M)
		if err != nil {
			return err
		}
		size := strconv.Itoa(code.Size + 8)
		var svg strings.Builder
		svg.WriteString(`<svg class="qr" role="img" aria-label="` + templ.EscapeString(label) + `" viewBox="0 0 ` + size + ` ` + size + `" width="232" height="232">`)
		svg.WriteString(`<rect class="qr-paper" width="` + size + `" height="` + size + `" fill="#fff"/><path class="qr-ink" fill="#000" d="`)
		for y := range code.Size {
			for x := range code.Size {
				if code.Black(x, y) {
					svg.WriteString("M" + strconv.Itoa(x+4) + " " + strconv.Itoa(y+4) + "h1v1h-1z")
				}
			}
		}
		svg.WriteString(`"/></svg>`)
		_, err = io.WriteString(w, svg.String())
		return err
	})
}
