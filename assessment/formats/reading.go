package formats

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// gathering is a Reading while its file is being read.
type gathering struct {
	Reading
	file   string
	number int // of the item that is being read, from 1
}

// draft is an item while it is being read, with what it says that can't be kept.
type draft struct {
	Item
	g    *gathering
	gone bool
}

// item starts the next item of the file.
func (g *gathering) item(title, name string, line int) *draft {
	g.number++
	return &draft{Item: Item{Title: inOneLine(title), Name: inOneLine(name), Line: line}, g: g}
}

func (d *draft) label() string { return labelOf(d.Item, d.g.number) }

// labelOf is what an item is called in a list: by its title, its name or its number in the file.
func labelOf(item Item, number int) string {
	return cmp.Or(item.Title, item.Name, strconv.Itoa(number))
}

// lose says why the whole item stays outside. The first reason is the one that is told.
func (d *draft) lose(line int, key string, pairs ...any) {
	if !d.gone {
		d.gone = true
		d.warn(true, line, key, pairs...)
	}
}

// miss says what the item is kept without.
func (d *draft) miss(line int, key string, pairs ...any) { d.warn(false, line, key, pairs...) }

func (d *draft) warn(lost bool, line int, key string, pairs ...any) {
	d.g.Warnings = append(d.g.Warnings, Warning{Item: d.label(), Lost: lost,
		Problem: content.Problem{Path: d.g.file, Line: cmp.Or(line, d.Line), Sentence: fault.Say(key, pairs...)}})
}

// done puts the item among the items, unless it is lost.
func (d *draft) done() {
	if !d.gone {
		d.g.Items = append(d.g.Items, d.Item)
	}
}

// percent reads a share of the points, from −100 to 100.
func percent(words string) (float64, bool) {
	f, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(words), ",", ".", 1), 64)
	return f, err == nil && f >= -100 && f <= 100
}

// share writes a share of the points.
func share(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// newText is a text without the space around it; one without words has no markup either.
func newText(markup Markup, words string) Text {
	words = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(words, "\r\n", "\n"), "\r", "\n"))
	if words == "" {
		return Text{}
	}
	return Text{markup, words}
}

func plainText(words string) Text { return newText(Plain, words) }

// inOneLine is a name as it stands on a line, with single spaces.
func inOneLine(words string) string { return strings.Join(strings.Fields(words), " ") }

// loseFor is lose with a sentence that is made already.
func (d *draft) loseFor(line int, said fault.Sentence) {
	if !d.gone {
		d.gone = true
		d.g.Warnings = append(d.g.Warnings, Warning{d.label(), true, content.Problem{Path: d.g.file, Line: line, Sentence: said}})
	}
}

// points watches whether the questions of a file count differently. Ours count the same.
type points struct {
	first  string
	differ bool
}

func (p *points) count(said string) {
	r, ok := exact(said)
	if !ok {
		return
	}
	switch now := r.RatString(); {
	case p.first == "":
		p.first = now
	case p.first != now:
		p.differ = true
	}
}

// tell says once for the file that its points are not kept.
func (p *points) tell(g *gathering) {
	if p.differ {
		g.Warnings = append(g.Warnings, Warning{Problem: content.Problem{Path: g.file, Line: 1, Sentence: fault.Say("assessment.format.points")}})
	}
}
