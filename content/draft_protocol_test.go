package content_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// eachProtocolDesk is eachDesk with mediation, a protocol for outreach alone, in both
// languages, and T03, which cites it.
func eachProtocolDesk(t *testing.T, body func(d desk)) {
	t.Helper()
	eachDesk(t, func(d desk) {
		english := protocol()
		keep(d.ctx, d.T, d.s, map[string]string{
			"protocols/mediation.md":    english,
			"protocols/mediation.es.md": protocol("lang: es", "translates: "+string(content.HashOf([]byte(english)))),
			"t03-between.md":            head("id: T03", "title: Between", "sensitivity: [C]") + "[See it](protocol:mediation)\n",
		})
		body(d)
	})
}

func TestAProtocolIsRevisedReviewedAndPublishedAndWhoCitesItStaysAsItIs(t *testing.T) {
	eachProtocolDesk(t, func(d desk) {
		before, err := d.s.Module(d.ctx, d.ana, "T03", content.English)
		d.must(err)
		id, err := d.s.ReviseProtocol(d.ctx, d.ana, "mediation")
		d.must(err)
		draft, texts, err := d.s.Draft(d.ctx, d.ana, id)
		d.must(err)
		if draft.BaseVersion != 1 || len(texts) != 2 || draft.Title != "Standing between" || strings.Contains(texts[content.SpanishText].Source, "translates:") {
			d.Errorf("the draft is %+v with %d texts", draft, len(texts))
		}
		d.write(d.ana, id, "on the porch", "by the car")
		review := d.submitted(d.ana, id)
		if _, err := d.s.Review(d.ctx, d.ana, review); conflict(err) != "content.draft.own" {
			d.Errorf("ana reviews her own protocol: %v", err)
		}
		version, err := d.s.Review(d.ctx, d.ben, review)
		d.must(err)
		title, notes, err := d.s.ProtocolNotes(d.ctx, d.ben, "mediation")
		d.must(err)
		if version != 2 || title != "Standing between" || len(notes) != 2 || notes[0].Note != "Breathing goes out first." {
			d.Errorf("version %d of %q with %+v", version, title, notes)
		}
		files := written(d.ctx, d.T, d.s)
		text := string(files["protocols/mediation.md"].Data)
		if !strings.Contains(text, "by the car") || !strings.Contains(text, "version: 2\n") || !strings.Contains(text, "reviewed_by: Law\nreviewed_on: 2026-11-24\n") {
			d.Errorf("published as %s", text)
		}
		if old := files["protocols/mediation.v1.md"]; old == nil || string(old.Data) != protocol() {
			d.Error("the old version does not stand beside the newest, byte for byte")
		}
		if _, problems := content.Parse(files, "."); len(problems) > 0 {
			d.Error(problems)
		}
		after, err := d.s.Module(d.ctx, d.ana, "T03", content.English)
		d.must(err)
		cites, err := d.s.CitedBy(d.ctx, d.ana, "mediation", content.English)
		d.must(err)
		if after.Hash != before.Hash || after.Version != 1 || len(cites) != 1 {
			d.Errorf("the citing module is version %d, and %d modules cite", after.Version, len(cites))
		}
	})
}

func TestAProtocolIsThereForTheWritersOfItsOwnReadersAlone(t *testing.T) {
	eachProtocolDesk(t, func(d desk) {
		id, err := d.s.ReviseProtocol(d.ctx, d.ana, "mediation")
		d.must(err)
		for who, v := range map[string]people.Viewer{"a writer of the other side": d.olga, "nobody": people.Nobody,
			"an instructor": people.Seen(d.ben.Person(), people.Outreach, []people.Role{people.Instructor}, nil)} {
			_, begins := d.s.ReviseProtocol(d.ctx, v, "mediation")
			_, _, notes := d.s.ProtocolNotes(d.ctx, v, "mediation")
			_, _, reads := d.s.Draft(d.ctx, v, id)
			for act, err := range map[string]error{"begins": begins, "reads its versions": notes, "reads a draft": reads} {
				if !errors.Is(err, fault.NotFound) {
					d.Errorf("%s %s: %v", who, act, err)
				}
			}
		}
		if theirs, err := d.s.ProtocolEntries(d.ctx, d.olga, "", 10); err != nil || len(theirs) != 0 {
			d.Errorf("the other side is told of %v, %v", theirs, err)
		}
		d.write(d.ana, id, "sensitivity: [C]", "sensitivity: [P]")
		if err := d.s.Submit(d.ctx, d.ana, id, "outreach", "For police."); conflict(err) != "content.draft.problems" {
			d.Errorf("an outreach author writes for police alone: %v", err)
		}
		keep(d.ctx, d.T, d.s, map[string]string{"protocols/mediation.md": protocol("version: 2", "sensitivity: [P]")})
		if _, _, err := d.s.Draft(d.ctx, d.ana, id); !errors.Is(err, fault.NotFound) {
			d.Error("a draft of what became the other side's is there:", err)
		}
	})
}

func TestANewProtocolHasADrawnIDAndKeepsTheRulesOfOne(t *testing.T) {
	eachProtocolDesk(t, func(d desk) {
		id, err := d.s.Begin(d.ctx, d.ana, content.OfProtocol, "At a \"hospital\": first hour", "C")
		d.must(err)
		if _, err := d.s.AddPicture(d.ctx, d.ana, id, "x.png", []byte("\x89PNG\r\n\x1a\n")); err == nil {
			d.Error("a protocol took a picture")
		}
		_, err = d.s.Save(d.ctx, d.ana, id, content.EnglishGuide, "", "x")
		if !errors.Is(err, fault.NotFound) {
			d.Error("a protocol has a guide:", err)
		}
		d.write(d.ana, id, "review_due: 2027-05-24", "review_due: 2026-11-24")
		draft, texts, err := d.s.Draft(d.ctx, d.ana, id)
		d.must(err)
		bench, err := d.s.Bench(d.ctx, d.ana, draft, texts, "", "")
		d.must(err)
		sheet, err := bench.Sheet(d.ctx, content.EnglishText)
		d.must(err)
		lines := strings.Split(texts[content.EnglishText].Source, "\n")
		var at []string
		for _, f := range sheet.Findings {
			if !f.Warning {
				at = append(at, lines[f.Line-1])
			}
		}
		if !slices.Contains(at, "owner: ") || !slices.Contains(at, "review_due: 2026-11-24") || len(at) != 2 {
			d.Errorf("problems stand at %q", at)
		}
		d.write(d.ana, id, "owner: ", "owner: Practice office")
		d.write(d.ana, id, "review_due: 2026-11-24", "review_due: 2027-05-24")
		version, err := d.s.Review(d.ctx, d.ben, d.submitted(d.ana, id))
		d.must(err)
		entries, err := d.s.ProtocolEntries(d.ctx, d.ana, "mediation", 10)
		d.must(err)
		if version != 1 || len(entries) != 1 || entries[0].ID != draft.ProtocolID || entries[0].Title != "At a \"hospital\": first hour" {
			d.Errorf("version %d; the list is %+v", version, entries)
		}
	})
}
