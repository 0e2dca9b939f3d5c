package pages

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// curriculumView is the list of what there is to write in.
type curriculumView struct {
	Asked   string
	Drafts  []content.Draft
	Entries []content.Entry
	More    content.ModuleID // the last module of a page that is not the last
	Me      people.PersonID
	Zone    *time.Location
}

// after is the address of the next page of the list.
func (c curriculumView) after() string {
	if c.More == "" {
		return ""
	}
	query := url.Values{"after": {string(c.More)}}
	if c.Asked != "" {
		query.Set("q", c.Asked)
	}
	return "/curriculum?" + query.Encode()
}

// drafted is the draft of a module that is on its way.
func (c curriculumView) drafted(id content.ModuleID) (content.Draft, bool) {
	for _, d := range c.Drafts {
		if d.ProtocolID == "" && d.ModuleID == id {
			return d, true
		}
	}
	return content.Draft{}, false
}

// protocolsView is the list of the protocols to write in.
type protocolsView struct {
	Entries []content.ProtocolEntry
	After   string // the address of the next page
	Zone    *time.Location
}

// versionsView is what changed with each version of a module or protocol.
type versionsView struct {
	Title, Under  string
	Field, Slug   string // by which a draft is begun on it
	Address, Back string
	Changes       []content.VersionNote
	Corrected     bool // a corrected question of its check waits for a decision
	Zone          *time.Location
}

// draftView is one draft, where it stands.
type draftView struct {
	content.Draft
	Texts     content.Texts
	Bench     *content.Bench // while it is written
	Ways      []content.Way
	Revisions []content.Revision
	Wrote     bool // the viewer wrote in it, and can't review it
	OldCheck  bool // the check was written on one that stands no more
	Zone      *time.Location
	Failed    *web.Errors
}

func draftAddress(id content.DraftID) string { return "/drafts/" + string(id) }

func textAddress(id content.DraftID, part content.Part) string {
	return draftAddress(id) + "/texts/" + string(part)
}

// shown are the revisions of this page of the history; more says whether there are others.
func (d draftView) shown() (list []content.Revision, more string) {
	if len(d.Revisions) <= revisionsShown {
		return d.Revisions, ""
	}
	list = d.Revisions[:revisionsShown]
	return list, draftAddress(d.ID) + "?before=" + string(list[len(list)-1].ID) + "#history"
}

// changing says what the draft becomes, for the line under its title.
func changing(ctx context.Context, d content.Draft) string {
	switch {
	case d.ProtocolID != "" && d.BaseVersion == 0:
		return web.T(ctx, "content.draft.new_protocol")
	case d.ProtocolID != "":
		return web.T(ctx, "content.draft.changes_protocol", "Version", d.BaseVersion)
	case d.BaseVersion == 0:
		return web.T(ctx, "content.draft.new", "Module", string(d.ModuleID))
	}
	return web.T(ctx, "content.draft.changes", "Module", string(d.ModuleID), "Version", d.BaseVersion)
}

// words: content.part.*
func partName(ctx context.Context, p content.Part) string {
	return web.T(ctx, "content.part."+string(p))
}

// words: content.discipline.*
func disciplineName(ctx context.Context, d content.Discipline) string {
	return web.T(ctx, "content.discipline."+string(d))
}

// disciplines are the choices of a form, but for one.
func disciplines(ctx context.Context, but content.Discipline) []web.Option {
	options := []web.Option{{Value: "", Label: web.T(ctx, "content.draft.choose")}}
	for _, d := range content.Disciplines {
		if d != but {
			options = append(options, web.Option{Value: string(d), Label: disciplineName(ctx, d)})
		}
	}
	return options
}

// words: content.kind.*
func kinds(ctx context.Context) []web.Option {
	var options []web.Option
	for i, kind := range []content.Kind{content.OfModule, content.OfProtocol} {
		options = append(options, web.Option{Value: string(kind), Label: web.T(ctx, "content.kind."+string(kind)), Chosen: i == 0})
	}
	return options
}

// words: content.audience.*
func audiences(ctx context.Context, sector people.Sector) []web.Option {
	var options []web.Option
	for i, a := range content.Audiences(sector) {
		options = append(options, web.Option{Value: string(a), Label: web.T(ctx, "content.audience."+string(a)), Chosen: i == 0})
	}
	return options
}

// waiting is the submission that waits for a review.
func (d draftView) waiting() content.Submission {
	for _, way := range d.Ways {
		if way.Submission.ID == d.SubmissionID {
			return way.Submission
		}
	}
	return content.Submission{}
}

// editorView is a text to write in, beside its page.
type editorView struct {
	content.Draft
	Texts    content.Texts
	Part     content.Part
	Source   string
	Based    content.RevisionID
	Proof    content.Sheet
	Beside   bool // the original stands beside, not the page
	Original content.Sheet
	Zone     *time.Location
	Failed   *web.Errors
}

// findingKind says for the margin whether a finding forbids to publish the text.
func findingKind(f content.Finding) string {
	if f.Warning {
		return "advice"
	}
	return "problem"
}

// revisionView is an earlier or a kept-aside state of a text.
type revisionView struct {
	content.Draft
	Revision, Head content.Revision
	Zone           *time.Location
}

// changesView is what a draft's text changes.
type changesView struct {
	content.Draft
	Part   content.Part
	Pieces []content.Piece
	New    bool
}

// shortened leaves out the middle of long passages that are the same in both texts.
func shortened(pieces []content.Piece) []content.Piece {
	const around = 160
	var out []content.Piece
	for i, p := range pieces {
		if words := strings.SplitAfter(p.Text, " "); p.Change == content.Kept && len(p.Text) > 4*around {
			var head, tail string
			for len(head) < around && i > 0 && len(words) > 0 {
				head, words = head+words[0], words[1:]
			}
			for len(tail) < around && i < len(pieces)-1 && len(words) > 0 {
				tail, words = words[len(words)-1]+tail, words[:len(words)-1]
			}
			p.Text = strings.TrimRight(head, " \n") + "\n…\n" + strings.TrimLeft(tail, " \n")
		}
		out = append(out, p)
	}
	return out
}

// same says whether two texts have no difference.
func same(pieces []content.Piece) bool {
	return len(pieces) == 0 || len(pieces) == 1 && pieces[0].Change == content.Kept
}

// pictureBack leads back to the text in which a picture is wanted.
func pictureBack(id content.DraftID, part content.Part) string {
	if part.Known() {
		return textAddress(id, part)
	}
	return draftAddress(id)
}
