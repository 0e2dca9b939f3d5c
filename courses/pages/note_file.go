package pages

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// writeNotes writes notes as Markdown that reads well as it is: by module and section,
// marked words as quotations. Writing to a string never fails.
func writeNotes(ctx context.Context, out io.Writer, list []courses.PlacedNote) {
	_, _ = fmt.Fprintf(out, "# %s\n", web.T(ctx, "courses.note.mine"))
	var module content.ModuleID
	section := -1
	for _, n := range list {
		if n.ModuleID != module {
			module, section = n.ModuleID, -1
			_, _ = fmt.Fprintf(out, "\n## %s\n", n.Title)
		}
		if n.Section != section {
			section = n.Section
			_, _ = fmt.Fprintf(out, "\n### %s\n", sectionOf(ctx, n))
		}
		_, _ = fmt.Fprintln(out)
		if n.Quote != "" {
			_, _ = fmt.Fprintf(out, "> %s\n\n", n.Quote)
		}
		if n.Changed {
			_, _ = fmt.Fprintf(out, "(%s)\n\n", web.T(ctx, "courses.note.changed"))
		}
		if n.Text != "" {
			_, _ = fmt.Fprintf(out, "%s\n\n", strings.TrimSpace(n.Text))
		}
		_, _ = fmt.Fprintf(out, "%s\n", web.DateYear(ctx, n.ChangedAt, nil))
	}
}

// sectionOf names the section that a note stands in.
func sectionOf(ctx context.Context, n courses.PlacedNote) string {
	if n.SectionTitle == "" {
		return web.T(ctx, "courses.module.top")
	}
	return n.SectionTitle
}
