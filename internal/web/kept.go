package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Kept shows a long text that many pages show and that never changes: a module, a guide,
// a protocol. It is packed once, well, and each page that shows it takes the packed bytes
// as they are. The text must be safe, as it is for templ.Raw.
func Kept(html string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		page, _ := ctx.Value(keptKey{}).(*keptTexts)
		if page == nil || len(html) < worthPacking {
			_, err := io.WriteString(w, html)
			return err
		}
		return page.put(w, []leaf{{text: []byte(html), kept: true}})
	})
}

// KeptAll is Kept for what is drawn around a long text, where that is the same for every
// reader of the language.
func KeptAll(component templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var drawn strings.Builder
		if err := component.Render(context.WithValue(ctx, keptKey{}, nil), &drawn); err != nil {
			return err
		}
		if strings.Contains(drawn.String(), keptMark) { // it is not the same for every reader
			_, err := io.WriteString(w, drawn.String())
			return err
		}
		return Kept(drawn.String()).Render(ctx, w)
	})
}

// keptMark stands around the place of what is not drawn into a page. Nobody can know it,
// so nobody can write it into a text of their own.
var keptMark = "\x00" + rand.Text()

type keptKey struct{}

// keptTexts are the leaves that stand ready beside one page while it is drawn.
type keptTexts struct{ ready [][]leaf }

// put writes leaves into a page that is drawn, where there is none as they are.
func (k *keptTexts) put(w io.Writer, leaves []leaf) error {
	if k != nil {
		k.ready = append(k.ready, leaves)
		_, err := io.WriteString(w, keptMark+strconv.Itoa(len(k.ready)-1)+keptMark)
		return err
	}
	for _, l := range leaves {
		if _, err := w.Write(l.text); err != nil {
			return err
		}
	}
	return nil
}

// leaves cuts a drawn page where something stands ready for it, or was left blank.
func (k *keptTexts) leaves(page []byte) (list []leaf) {
	for i, part := range bytes.Split(page, []byte(keptMark)) {
		number, err := strconv.Atoi(string(part))
		switch {
		case i%2 == 0:
			list = append(list, leaf{text: part})
		case err != nil:
			list = append(list, leaf{blank: string(part)})
		case number < len(k.ready):
			list = append(list, k.ready[number]...)
		}
	}
	return list
}
