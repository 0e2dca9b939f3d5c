package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Printed is a part of a page that is drawn once and kept packed, as a form letter is
// printed with blanks. about is of a type of the part's own that can be compared, and tells
// all that the part shows; what a visit says of language, roles and letters need not stand
// in it. The part is drawn for nobody: under its context stands a viewer with the reader's
// roles, and no person, name, session, address or deadline. Where the layout and the forms
// show these they leave blanks, and each reader's own are put in. So what is kept can hold
// nothing of anybody, even where about has forgotten something.
//
// own are texts that differ from page to page: the part shows Blank(0), Blank(1) and so on
// for them. Children are drawn anew for each page. Of a part inside a printed part the
// outer one must tell all, and it has no blanks of its own.
func Printed(about any, part templ.Component, own ...string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		v := visitOf(ctx)
		if v.printing {
			if len(own) > 0 {
				return errors.New("a printed part with blanks of its own stands in another")
			}
			return part.Render(ctx, w)
		}
		children := templ.GetChildren(ctx)
		ctx = templ.ClearChildren(ctx)
		leaves, err := v.print(about, part)
		if err != nil {
			return err
		}
		page, _ := ctx.Value(keptKey{}).(*keptTexts)
		for {
			before, after, found := untilChildren(leaves)
			if err := page.put(w, v.filledIn(before, own)); err != nil || !found {
				return err
			}
			if err := children.Render(ctx, w); err != nil {
				return err
			}
			leaves = after
		}
	})
}

// untilChildren cuts leaves at the place of the children.
func untilChildren(leaves []leaf) (before, after []leaf, found bool) {
	at := slices.IndexFunc(leaves, func(l leaf) bool { return l.blank == blankChildren })
	if at < 0 {
		return leaves, nil, false
	}
	return leaves[:at], leaves[at+1:], true
}

// What a printed part leaves blank.
const (
	blankName     = "name"
	blankInitials = "initials"
	blankToken    = "token"  // of forms
	blankPath     = "path"   // where the page stands
	blankUnsent   = "unsent" // keys of unsent lines
	blankChildren = "children"
	blankOwn      = "own" // and a number
)

func blankOf(kind string) string { return keptMark + kind + keptMark }

// Blank is what a printed part shows for the text with that number of its own.
func Blank(number int) string { return blankOf(blankOwn + strconv.Itoa(number)) }

// filledIn puts a visit's own texts where they were left blank.
func (v *visit) filledIn(leaves []leaf, own []string) []leaf {
	filled := slices.Clone(leaves)
	for i, l := range leaves {
		if l.blank != "" {
			filled[i] = leaf{text: []byte(templ.EscapeString(v.mine(l.blank, own)))}
		}
	}
	return filled
}

func (v *visit) mine(blank string, own []string) string {
	switch blank {
	case blankName:
		return v.presence.Name
	case blankInitials:
		return initials(v.presence.Name)
	case blankToken:
		return v.formToken()
	case blankPath:
		return v.path
	case blankUnsent:
		return v.unsentKeys()
	}
	number, err := strconv.Atoi(strings.TrimPrefix(blank, blankOwn))
	if err != nil || number >= len(own) {
		return ""
	}
	return own[number]
}

// forNobody is the visit of a printed part: what many share, and blanks.
func (v *visit) forNobody() *visit {
	return &visit{
		app: v.app, language: v.language, words: v.words, textSize: v.textSize, printing: true, path: blankOf(blankPath),
		presence: people.Presence{Viewer: v.presence.Viewer.Alike(), Name: blankOf(blankName), Language: v.presence.Language,
			Shared: v.presence.Shared, Home: v.presence.Home, Standings: v.presence.Standings},
	}
}

// likeness is what the visits have in common that see the same printed parts: all that
// forNobody hands on.
type likeness struct {
	language, spoken string
	textSize         int
	shared           bool
	viewer           string
	home             people.Sector
	standings        string
}

func (v *visit) likeness() likeness {
	standings := ""
	for _, sector := range v.presence.Standings {
		standings += string(sector) + " "
	}
	return likeness{v.language, v.presence.Language, v.textSize, v.presence.Shared, v.presence.Viewer.Likeness(), v.presence.Home, standings}
}

// prints are the printed parts of an App.
type prints struct {
	sync.RWMutex
	bytes int
	by    map[printKey][]leaf
}

type printKey struct {
	likeness
	about any
}

func (p *prints) find(key printKey) []leaf {
	p.RLock()
	defer p.RUnlock()
	return p.by[key]
}

func (p *prints) keep(key printKey, leaves []leaf) {
	size := 0
	for _, l := range leaves {
		size += len(l.packed)
		if !l.kept {
			size += len(l.text)
		}
	}
	p.Lock()
	defer p.Unlock()
	if p.bytes += size; p.by == nil || p.bytes > mostKept {
		p.by, p.bytes = map[printKey][]leaf{}, size
	}
	p.by[key] = leaves
}

// print gives a printed part, drawn when nobody like this visitor has seen it yet.
func (v *visit) print(about any, part templ.Component) ([]leaf, error) {
	key := printKey{v.likeness(), about}
	if v.app != nil {
		if known := v.app.prints.find(key); known != nil {
			return known, nil
		}
	}
	kept := new(keptTexts)
	ctx := context.WithValue(context.WithValue(context.Background(), visitKey{}, v.forNobody()), keptKey{}, kept)
	ctx = templ.WithChildren(ctx, templ.Raw(blankOf(blankChildren)))
	var out bytes.Buffer
	if err := part.Render(ctx, &out); err != nil {
		return nil, err
	}
	leaves := kept.leaves(out.Bytes())
	if v.app == nil {
		return leaves, nil
	}
	for i := range leaves {
		var err error
		if leaves[i], err = leaves[i].toStay(); err != nil {
			return nil, err
		}
	}
	v.app.prints.keep(key, leaves)
	return leaves, nil
}
