package content_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// at is the desk at another time than noon.
func (d desk) at(after time.Duration) desk {
	d.s = content.NewStore(d.db, clock.At(noon.Add(after)))
	return d
}

// writes saves a text that says one word at its end, and gives the revision.
func (d desk) writes(v people.Viewer, id content.DraftID, word string) content.Revision {
	d.Helper()
	_, texts, err := d.s.Draft(d.ctx, v, id)
	d.must(err)
	now := texts[content.EnglishText]
	before, _, _ := strings.Cut(now.Source, "\nWord:")
	r, err := d.s.Save(d.ctx, v, id, content.EnglishText, now.ID, before+"\nWord: "+word+"\n")
	d.must(err)
	if r.Aside {
		d.Fatal("kept aside")
	}
	return r
}

func (d desk) thin() int64 {
	d.Helper()
	n, err := d.s.Thin(d.ctx)
	d.must(err)
	return n
}

func TestOfManySavesThoseStayThatAnybodyCouldNeed(t *testing.T) {
	eachDesk(t, func(d desk) {
		id, err := d.s.Revise(d.ctx, d.ana, "T07")
		d.must(err)
		stays, gone := map[string]content.RevisionID{}, map[string]content.RevisionID{}
		for i := range 5 {
			gone[fmt.Sprint("autosave ", i)] = d.at(time.Duration(i)*time.Minute).writes(d.ana, id, fmt.Sprint("early ", i)).ID
		}
		stays["the last of ana's first hour"] = d.at(10*time.Minute).writes(d.ana, id, "ana").ID
		gone["ben's autosave"] = d.at(20*time.Minute).writes(d.ben, id, "ben, begun").ID
		stays["the last of ben's hour"] = d.at(25*time.Minute).writes(d.ben, id, "ben").ID

		handed := d.at(65 * time.Minute)
		stays["what was handed in"] = handed.writes(d.ana, id, "handed in").ID
		review := handed.submitted(d.ana, id)
		review.Verdict, review.Comment = content.Returned, "More."
		_, err = handed.s.Review(d.ctx, d.writer("Cleo", people.Outreach), review)
		d.must(err)
		gone["an autosave after the hand-in"] = d.at(70*time.Minute).writes(d.ana, id, "after").ID

		base := d.at(80*time.Minute).writes(d.ana, id, "base")
		stays["what two people wrote on"] = base.ID
		stays["what was saved first"] = d.at(81*time.Minute).writes(d.ana, id, "first").ID
		aside, err := d.at(82*time.Minute).s.Save(d.ctx, d.ben, id, content.EnglishText, base.ID, "---\ntitle: Other\n---\n")
		d.must(err)
		stays["what was kept aside"] = aside.ID
		gone["an autosave after the clash"] = d.at(85*time.Minute).writes(d.ana, id, "later").ID
		stays["the last of ana's second hour"] = d.at(90*time.Minute).writes(d.ana, id, "last").ID

		next := d.at(24*time.Hour + 89*time.Minute)
		stays["what stands"] = next.writes(d.ana, id, "today").ID
		next.thin()
		if again := next.thin(); again != 0 {
			d.Errorf("%d revisions are looked at again", again)
		}
		for what, revision := range stays {
			if r, err := d.s.Revision(d.ctx, d.ana, id, revision); err != nil || r.Source == "" {
				d.Errorf("%s is gone: %v", what, err)
			}
		}
		for what, revision := range gone {
			if _, err := d.s.Revision(d.ctx, d.ana, id, revision); !errors.Is(err, fault.NotFound) {
				d.Errorf("%s is there: %v", what, err)
			}
		}
		list, err := d.s.Revisions(d.ctx, d.ana, id, "", 100)
		d.must(err)
		if want := len(stays) + 1; len(list) != want { // and the one with which the draft began
			d.Errorf("the history shows %d revisions, want %d", len(list), want)
		}
		late, err := next.s.Save(d.ctx, d.ben, id, content.EnglishText, gone["autosave 0"], "---\ntitle: Late\n---\n")
		d.must(err)
		if kept, err := d.s.Revision(d.ctx, d.ben, id, late.ID); err != nil || !late.Aside || !strings.Contains(kept.Source, "Late") {
			d.Errorf("a page left open since yesterday loses its text: %+v, %v", kept, err)
		}
	})
}

func TestNothingIsThinnedWithinADay(t *testing.T) {
	eachDesk(t, func(d desk) {
		id, err := d.s.Revise(d.ctx, d.ana, "T07")
		d.must(err)
		first := d.writes(d.ana, id, "one")
		d.at(time.Minute).writes(d.ana, id, "two")
		if n := d.at(24 * time.Hour).thin(); n != 0 {
			d.Errorf("%d revisions were looked at after a day to the minute", n)
		}
		d.at(24*time.Hour + 2*time.Minute).thin()
		if _, err := d.s.Revision(d.ctx, d.ana, id, first.ID); !errors.Is(err, fault.NotFound) {
			d.Error("an autosave is there after a day:", err)
		}
	})
}
