package web

import (
	"context"
	"fmt"
	"io"

	"github.com/a-h/templ"
)

// icons are drawn on a grid of 24, with one round stroke of 2, in the colour of the text.
var icons = map[string]string{
	"home":     `<path d="M4 11 12 4l8 7v9h-5v-6H9v6H4z"/>`,
	"book":     `<path d="M6 3h13v14H6a2 2 0 0 0 0 4h13V17M4 19V5a2 2 0 0 1 2-2"/>`,
	"calendar": `<path d="M4 6h16v14H4zM4 10h16M8 3v4m8-4v4"/>`,
	"person":   `<circle cx="12" cy="8" r="4"/><path d="M4 21c0-4.5 3.5-7 8-7s8 2.5 8 7"/>`,
	"people":   `<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c0-4 2.8-6 6.5-6s6.5 2 6.5 6M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.5c2.2.8 3.5 2.7 3.5 5.5"/>`,
	"circle":   `<circle cx="12" cy="4.5" r="1.5"/><circle cx="18.5" cy="8.2" r="1.5"/><circle cx="18.5" cy="15.8" r="1.5"/><circle cx="12" cy="19.5" r="1.5"/><circle cx="5.5" cy="15.8" r="1.5"/><circle cx="5.5" cy="8.2" r="1.5"/>`,
	"seal":     `<circle cx="12" cy="9" r="6"/><path d="m8.5 14-1.5 7 5-2.5 5 2.5-1.5-7M9.7 9.2l1.6 1.6 3-3.3"/>`,
	"check":    `<path d="m4.5 12.5 5 5L19.5 7"/>`,
	"cross":    `<path d="m6 6 12 12M18 6 6 18"/>`,
	"minus":    `<path d="M5 12h14"/>`,
	"plus":     `<path d="M12 5v14M5 12h14"/>`,
	"dot":      `<circle cx="12" cy="12" r="4" fill="currentColor"/>`,
	"open":     `<circle cx="12" cy="12" r="8" stroke-dasharray="3 3.3"/>`,
	"clock":    `<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.5l3.5 2"/>`,
	"pin":      `<path d="M12 21s7-6.5 7-11.5a7 7 0 0 0-14 0C5 14.5 12 21 12 21z"/><circle cx="12" cy="9.5" r="2.5"/>`,
	"bag":      `<path d="M5 8h14l1 13H4zM9 8V6a3 3 0 0 1 6 0v2"/>`,
	"warning":  `<path d="M12 4 2.8 20h18.4zM12 10v4.5m0 2.8v.2"/>`,
	"screen":   `<rect x="3" y="4" width="18" height="12" rx="2"/><path d="M12 16v4m-4 0h8"/>`,
	"info":     `<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.2"/>`,
	"heart":    `<path d="M12 20S4 15 4 9.3A4.3 4.3 0 0 1 12 7a4.3 4.3 0 0 1 8 2.3C20 15 12 20 12 20z"/>`,
	"hands":    `<path d="M3 12c3 0 4 2 6 2h4a1.6 1.6 0 0 1 0 3.2H9.5M13 16l5.5-2.8a1.7 1.7 0 0 1 1.7 2.9L14 20c-1 .6-2 .6-3 .3L3 18.5"/>`,
	"scales":   `<path d="M12 4v16M7 20h10M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z"/>`,
	"pencil":   `<path d="m4 20 1-4.5L16 4.5l3.5 3.5-11 11zM13.5 7l3.5 3.5"/>`,
	"list":     `<path d="M9 6h11M9 12h11M9 18h11M4.5 6h.1M4.5 12h.1M4.5 18h.1"/>`,
	"file":     `<path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6"/>`,
	"download": `<path d="M12 4v11m-4.5-4 4.5 4.5 4.5-4.5M4 20h16"/>`,
	"upload":   `<path d="M12 16V5M7.5 9 12 4.5 16.5 9M4 20h16"/>`,
	"print":    `<path d="M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z"/>`,
	"search":   `<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>`,
	"lock":     `<path d="M5 11h14v10H5zM8 11V8a4 4 0 0 1 8 0v3"/>`,
	"key":      `<circle cx="8" cy="15" r="4"/><path d="m11 12 8.5-8.5M16 7l3 3"/>`,
	"share":    `<circle cx="18" cy="5" r="2.5"/><circle cx="6" cy="12" r="2.5"/><circle cx="18" cy="19" r="2.5"/><path d="m8.3 10.8 7.4-4.5M8.3 13.2l7.4 4.5"/>`,
	"leave":    `<path d="M10 4H4v16h6M9 12h11m-4.5-4.5L20 12l-4.5 4.5"/>`,
	"back":     `<path d="m11 5-7 7 7 7M4 12h16"/>`,
	"forward":  `<path d="m13 5 7 7-7 7M20 12H4"/>`,
	"down":     `<path d="m6 9 6 6 6-6"/>`,
	"pause":    `<path d="M8 5v14M16 5v14"/>`,
	"path":     `<path d="M5 20c0-6 14-4 14-10 0-3-2.5-4-5-4H7m3-3.5L6.5 6 10 9.5"/>`,
	"bell":     `<path d="M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21.5h4"/>`,
	"globe":    `<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c5 5 5 13 0 18-5-5-5-13 0-18z"/>`,
	"swap":     `<path d="M4 8h15m-4-4 4 4-4 4M20 16H5m4-4-4 4 4 4"/>`,
	"qr":       `<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2"/>`,
	"phone":    `<path d="M7 3h10v18H7zM11 18h2"/>`,
	"sound":    `<path d="M4 9.5h4L13 5v14l-5-4.5H4zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11"/>`,
	"letters":  `<path d="M3 19 8.5 5 14 19M5 14.5h7M15 19l3-8 3 8M16 16.5h4"/>`,
	"undo":     `<path d="M8 5 4 9l4 4M4 9h10a6 6 0 0 1 0 12h-4"/>`,
}

// Icon draws a sign beside a word. It says nothing to a screen reader, because the word does.
func Icon(name string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		drawing, ok := icons[name]
		if !ok {
			return fmt.Errorf("no icon %q", name)
		}
		_, err := io.WriteString(w, `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">`+drawing+`</svg>`)
		return err
	})
}
