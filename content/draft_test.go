package content_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// desk is a curriculum with T07 for all and T02 for outreach alone, and its team: ana
// and ben write in outreach, olga on the police side.
type desk struct {
	*testing.T
	ctx            context.Context
	db             *bun.DB
	s              content.Store
	ana, ben, olga people.Viewer
}

func eachDesk(t *testing.T, body func(d desk)) {
	t.Helper()
	each(t, func(ctx context.Context, t *testing.T, db *bun.DB, s content.Store) {
		files := map[string]string{
			"t07-calm.md":       head("id: T07", "title: Calm", "sensitivity: [O]") + "Breathe in.\n",
			"t07-calm.guide.md": "---\nid: T07\ntitle: Calm, the guide\nlang: en\nversion: 1\nminutes: 60\n---\n\n## Open {minutes=60}\n\nSit.\n",
			"t02-ours.md":       head("id: T02", "title: Ours", "sensitivity: [C]") + "Text.\n",
		}
		keep(ctx, t, s, files)
		d := desk{T: t, ctx: ctx, db: db, s: s}
		d.ana, d.ben, d.olga = d.writer("Ana", people.Outreach), d.writer("Ben", people.Outreach), d.writer("Olga", people.LawEnforcement)
		body(d)
	})
}

func (d desk) writer(name string, sector people.Sector) people.Viewer {
	d.Helper()
	id, err := people.NewStore(d.db, clock.At(noon)).AddPerson(d.ctx, people.System(sector), people.NewPerson{GivenName: name, FamilyName: "Writer"})
	d.must(err)
	return people.Seen(id, sector, []people.Role{people.Author}, nil)
}

func (d desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// revised is a draft of T07 with a changed English text.
func (d desk) revised(v people.Viewer) content.DraftID {
	d.Helper()
	id, err := d.s.Revise(d.ctx, v, "T07")
	d.must(err)
	d.write(v, id, "Breathe in.", "Breathe out slowly.")
	return id
}

func (d desk) write(v people.Viewer, id content.DraftID, old, other string) content.Revision {
	d.Helper()
	_, texts, err := d.s.Draft(d.ctx, v, id)
	d.must(err)
	now := texts[content.EnglishText]
	r, err := d.s.Save(d.ctx, v, id, content.EnglishText, now.ID, strings.Replace(now.Source, old, other, 1))
	d.must(err)
	return r
}

func (d desk) submitted(v people.Viewer, id content.DraftID) content.Review {
	d.Helper()
	d.must(d.s.Submit(d.ctx, v, id, "outreach", "Breathing goes out first."))
	draft, _, err := d.s.Draft(d.ctx, v, id)
	d.must(err)
	return content.Review{DraftID: id, SubmissionID: draft.SubmissionID, Verdict: content.Approved, Discipline: "law"}
}

func conflict(err error) string {
	var told *fault.ConflictError
	if errors.As(err, &told) {
		return told.Key
	}
	return "no conflict"
}

func TestADraftIsReviewedAndPublishedAsTheNextVersion(t *testing.T) {
	eachDesk(t, func(d desk) {
		id := d.revised(d.ana)
		version, err := d.s.Review(d.ctx, d.ben, d.submitted(d.ana, id))
		d.must(err)
		m, err := d.s.Module(d.ctx, d.olga, "T07", content.English)
		d.must(err)
		if version != 2 || m.Version != 2 || !strings.Contains(m.HTML, "Breathe out slowly.") {
			d.Errorf("published as %d; version %d says %s", version, m.Version, m.HTML)
		}
		if m.ReviewedBy != "Law" || m.ReviewedOn != "2026-11-24" {
			d.Errorf("reviewed by %q on %q", m.ReviewedBy, m.ReviewedOn)
		}
		old, err := d.s.ModuleAt(d.ctx, d.ana, "T07", 1, content.English)
		d.must(err)
		if !strings.Contains(old.HTML, "Breathe in.") {
			d.Error("the old version has changed:", old.HTML)
		}
		changes, err := d.s.VersionNotes(d.ctx, d.ana, "T07")
		d.must(err)
		if len(changes) != 2 || changes[0].Note != "Breathing goes out first." || changes[1].Note != "" {
			d.Errorf("changes are %+v", changes)
		}
	})
}

func TestWhatIsPublishedComesOutOfAnExportAndInAgainUnchanged(t *testing.T) {
	eachDesk(t, func(d desk) {
		id := d.revised(d.ana)
		_, err := d.s.Review(d.ctx, d.ben, d.submitted(d.ana, id))
		d.must(err)
		files := written(d.ctx, d.T, d.s)
		folder, problems := content.Parse(files, ".")
		if len(problems) > 0 {
			d.Fatal(problems)
		}
		done, err := d.s.Import(d.ctx, folder)
		d.must(err)
		if done.New != 0 || done.Known != 5 {
			d.Errorf("an export brings %+v; it should hold two versions of T07 with their guides, and T02", done)
		}
		if files["t07-calm.v1.md"] == nil || files["t07-calm.md"] == nil || files["t07-calm.guide.v1.md"] == nil && files["t07-calm.v1.guide.md"] == nil {
			d.Error("the old version does not stand beside the newest")
		}
	})
}

func TestNobodyReviewsTheirOwnDraftOrTheirOwnDiscipline(t *testing.T) {
	eachDesk(t, func(d desk) {
		id := d.revised(d.ana)
		review := d.submitted(d.ana, id)
		if _, err := d.s.Review(d.ctx, d.ana, review); conflict(err) != "content.draft.own" {
			d.Errorf("ana reviews her own draft: %v", err)
		}
		same := review
		same.Discipline = "outreach"
		_, err := d.s.Review(d.ctx, d.ben, same)
		if said, _ := fault.In(err, "discipline"); said.Key != "content.draft.same_discipline" {
			d.Errorf("ben reviews outreach from outreach: %v", err)
		}
		if _, err := d.s.Module(d.ctx, d.ana, "T07", content.English); err != nil {
			d.Fatal(err)
		}
		d.must(d.s.TakeBack(d.ctx, d.ana, id))
		d.write(d.ben, id, "slowly", "very slowly")
		review = d.submitted(d.ana, id)
		if _, err := d.s.Review(d.ctx, d.ben, review); conflict(err) != "content.draft.own" {
			d.Errorf("ben reviews what he wrote in: %v", err)
		}
	})
}

func TestADraftWaitsForThoseAloneWhoHaveNoHandInIt(t *testing.T) {
	eachDesk(t, func(d desk) {
		cleo, dora := d.writer("Cleo", people.Outreach), d.writer("Dora", people.Outreach)
		id := d.revised(d.ana)
		d.write(d.ben, id, "slowly", "very slowly")
		d.must(d.s.Submit(d.ctx, cleo, id, "outreach", "Breathing goes out first."))
		trainee := people.Seen(dora.Person(), people.Outreach, []people.Role{people.Trainee}, nil)
		director := people.Seen(dora.Person(), people.Outreach, []people.Role{people.Director}, nil)
		for who, row := range map[string]struct {
			v    people.Viewer
			want int
		}{
			"who opened it": {d.ana, 0}, "who wrote in it": {d.ben, 0}, "who handed it in": {cleo, 0}, "another author": {dora, 1},
			"a director": {director, 1}, "a trainee": {trainee, 0}, "the other side": {d.olga, 0},
		} {
			if n, err := d.s.ToReview(d.ctx, row.v); err != nil || n != row.want {
				d.Errorf("%s is told of %d drafts, %v", who, n, err)
			}
		}
		d.must(d.s.CloseAnswers(d.ctx, dora.Person(), []content.ModuleID{"T07"}, "place"))
		if n, err := d.s.ToReview(d.ctx, director); err != nil || n != 0 {
			d.Errorf("who learns the module is told of %d drafts, %v", n, err)
		}
	})
}

func TestAReturnedDraftGoesBackWithItsCommentAndIsFrozenWhileItWaits(t *testing.T) {
	eachDesk(t, func(d desk) {
		id := d.revised(d.ana)
		review := d.submitted(d.ana, id)
		if r := d.write(d.ana, id, "slowly", "quickly"); !r.Aside {
			d.Error("a draft that waits was changed")
		}
		review.Verdict = content.Returned
		_, err := d.s.Review(d.ctx, d.ben, review)
		if said, _ := fault.In(err, "comment"); said.Key != "content.draft.comment_missing" {
			d.Errorf("sent back without a word: %v", err)
		}
		review.Comment = "Say what to do with the hands."
		_, err = d.s.Review(d.ctx, d.ben, review)
		d.must(err)
		if _, err := d.s.Review(d.ctx, d.ben, review); conflict(err) != "content.draft.moved" {
			d.Errorf("answered twice: %v", err)
		}
		ways, err := d.s.WayOf(d.ctx, d.ana, id)
		d.must(err)
		if len(ways) != 1 || ways[0].Answer == nil || ways[0].Answer.Comment != review.Comment || ways[0].Answer.ReviewedByName != "Ben Writer" {
			d.Errorf("the way is %+v", ways)
		}
		if r := d.write(d.ana, id, "slowly", "slowly, hands open"); r.Aside {
			d.Error("a returned draft can't be changed")
		}
	})
}

func TestALaterSaveOnAnOldRevisionIsKeptAside(t *testing.T) {
	eachDesk(t, func(d desk) {
		id := d.revised(d.ana)
		_, texts, err := d.s.Draft(d.ctx, d.ana, id)
		d.must(err)
		base := texts[content.EnglishText]
		first, err := d.s.Save(d.ctx, d.ana, id, content.EnglishText, base.ID, base.Source+"\nAna's.\n")
		d.must(err)
		second, err := d.s.Save(d.ctx, d.ben, id, content.EnglishText, base.ID, base.Source+"\nBen's.\n")
		d.must(err)
		if first.Aside || !second.Aside {
			d.Fatalf("aside: first %t, second %t", first.Aside, second.Aside)
		}
		again, err := d.s.Save(d.ctx, d.ben, id, content.EnglishText, base.ID, base.Source+"\nBen's.\n")
		d.must(err)
		if again.ID != second.ID {
			d.Error("the same save was kept twice")
		}
		kept, err := d.s.Revision(d.ctx, d.ana, id, second.ID)
		d.must(err)
		if !strings.Contains(kept.Source, "Ben's.") || kept.SavedByName != "Ben Writer" {
			d.Errorf("kept aside: %+v", kept)
		}
		_, texts, err = d.s.Draft(d.ctx, d.ben, id)
		d.must(err)
		if texts[content.EnglishText].ID != first.ID {
			d.Error("the first save does not stand")
		}
		repeated, err := d.s.Save(d.ctx, d.ana, id, content.EnglishText, base.ID, base.Source+"\nAna's.\n")
		d.must(err)
		if repeated.ID != first.ID {
			d.Error("a save sent twice made two revisions")
		}
	})
}

func TestOfManySavesAtOnceOneStandsAndNoneIsLost(t *testing.T) {
	eachDesk(t, func(d desk) {
		id := d.revised(d.ana)
		_, texts, err := d.s.Draft(d.ctx, d.ana, id)
		d.must(err)
		base := texts[content.EnglishText]
		const writers = 8
		saved := make([]content.Revision, writers)
		together(d.T, writers, func(i int) error {
			var err error
			saved[i], err = d.s.Save(d.ctx, []people.Viewer{d.ana, d.ben}[i%2], id, content.EnglishText, base.ID, base.Source+strings.Repeat("\nMore.\n", i+1))
			return err
		})
		stands := 0
		for _, r := range saved {
			if !r.Aside {
				stands++
			}
			if _, err := d.s.Revision(d.ctx, d.ana, id, r.ID); err != nil {
				d.Error("lost:", err)
			}
		}
		if stands != 1 {
			d.Errorf("%d of %d saves on one revision stand", stands, writers)
		}
	})
}

func TestOfTwoAnswersAtOnceOneCounts(t *testing.T) {
	eachDesk(t, func(d desk) {
		review := d.submitted(d.ana, d.revised(d.ana))
		reviewers := []people.Viewer{d.ben, d.writer("Cleo", people.Outreach)}
		refused := make([]error, len(reviewers))
		together(d.T, len(reviewers), func(i int) error {
			_, refused[i] = d.s.Review(d.ctx, reviewers[i], review)
			return nil
		})
		slices.SortFunc(refused, func(a, b error) int {
			if a == nil {
				return -1
			}
			return 1
		})
		if refused[0] != nil || conflict(refused[1]) != "content.draft.moved" {
			d.Errorf("two approvals at once end in %v", refused)
		}
	})
}

// Neither side's draft exists to the other, and both change the same version.
func TestOfTwoDraftsPublishedAtOnceOneIsTheNextVersion(t *testing.T) {
	eachDesk(t, func(d desk) {
		ours, theirs := d.submitted(d.ana, d.revised(d.ana)), d.submitted(d.olga, d.revised(d.olga))
		reviewers := []people.Viewer{d.ben, d.writer("Oleg", people.LawEnforcement)}
		versions, refused := make([]int, 2), make([]error, 2)
		together(d.T, 2, func(i int) error {
			versions[i], refused[i] = d.s.Review(d.ctx, reviewers[i], []content.Review{ours, theirs}[i])
			return nil
		})
		for i, err := range refused {
			if err == nil && versions[i] == 2 && conflict(refused[1-i]) != "no conflict" {
				return
			}
		}
		d.Errorf("two drafts published at once end in versions %v, %v", versions, refused)
	})
}

func TestASaveThatCrossesAReviewIsNeitherLostNorPublishedUnread(t *testing.T) {
	eachDesk(t, func(d desk) {
		id := d.revised(d.ana)
		review := d.submitted(d.ana, id)
		_, texts, err := d.s.Draft(d.ctx, d.ana, id)
		d.must(err)
		head := texts[content.EnglishText]
		var saved content.Revision
		together(d.T, 2, func(i int) error {
			if i == 0 {
				_, err := d.s.Review(d.ctx, d.ben, review)
				return err
			}
			var err error
			saved, err = d.s.Save(d.ctx, d.ana, id, content.EnglishText, head.ID, head.Source+"\nUnread.\n")
			return err
		})
		if !saved.Aside {
			d.Error("a draft was changed under its reviewer")
		}
		kept, err := d.s.Revision(d.ctx, d.ana, id, saved.ID)
		d.must(err)
		if !strings.Contains(kept.Source, "Unread.") {
			d.Error("what was typed is lost")
		}
		m, err := d.s.Module(d.ctx, d.ana, "T07", content.English)
		d.must(err)
		if m.Version != 2 || strings.Contains(m.HTML, "Unread.") {
			d.Errorf("version %d was published: %s", m.Version, m.HTML)
		}
	})
}

func TestADraftIsGoneWhenItsModuleIsForTheOtherSideAlone(t *testing.T) {
	eachDesk(t, func(d desk) {
		id := d.revised(d.ana)
		keep(d.ctx, d.T, d.s, map[string]string{"t07-calm.md": head("id: T07", "title: Calm", "version: 2", "sensitivity: [P]") + "Theirs.\n"})
		if _, _, err := d.s.Draft(d.ctx, d.ana, id); !errors.Is(err, fault.NotFound) {
			d.Error("a draft of what became the other side's is there:", err)
		}
		entries, err := d.s.Entries(d.ctx, d.ana, "", "", 10)
		d.must(err)
		theirs, err := d.s.Entries(d.ctx, d.olga, "", "", 10)
		d.must(err)
		if len(entries) != 1 || entries[0].ID != "T02" || len(theirs) != 1 || theirs[0].ID != "T07" {
			d.Errorf("the lists are %v and %v", entries, theirs)
		}
	})
}

func TestAPictureWaitsWithItsDraftAndHangsWhenItIsPublished(t *testing.T) {
	eachDesk(t, func(d desk) {
		id := d.revised(d.ana)
		png := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 100)...)
		name, err := d.s.AddPicture(d.ctx, d.ana, id, "Two Chairs.PNG", png)
		d.must(err)
		other, err := d.s.AddPicture(d.ctx, d.ana, id, "two chairs.png", append(png, 1))
		d.must(err)
		if name != "t07-two-chairs.png" || other == name {
			d.Errorf("two pictures are called %s and %s", name, other)
		}
		for _, bad := range [][]byte{[]byte("<svg/>"), append(png, make([]byte, content.PictureLimit)...)} {
			if _, err := d.s.AddPicture(d.ctx, d.ana, id, "x.png", bad); err == nil {
				d.Error("a picture that an import would refuse was taken")
			}
		}
		d.write(d.ana, id, "Breathe out slowly.", "Breathe out slowly.\n\n![Two chairs, turned a little](t07-two-chairs.png)")
		if _, err := d.s.Picture(d.ctx, d.ana, "T07", name); !errors.Is(err, fault.NotFound) {
			d.Error("a picture hangs before its text is published:", err)
		}
		if _, err := d.s.DraftPicture(d.ctx, d.olga, id, name); !errors.Is(err, fault.NotFound) {
			d.Error("the other side sees a draft's picture:", err)
		}
		_, err = d.s.Review(d.ctx, d.ben, d.submitted(d.ana, id))
		d.must(err)
		pic, err := d.s.Picture(d.ctx, d.olga, "T07", name)
		d.must(err)
		if string(pic.Bytes) != string(png) {
			d.Error("the picture that hangs has other bytes")
		}
		if _, err := d.s.Picture(d.ctx, d.ana, "T07", other); !errors.Is(err, fault.NotFound) {
			d.Error("a picture that no text shows was published:", err)
		}
	})
}

func TestTheSecondOfTwoDraftsOnOneVersionIsToldAndComesUpToDate(t *testing.T) {
	eachDesk(t, func(d desk) {
		first, second := d.revised(d.ana), d.revised(d.olga)
		late := d.submitted(d.olga, second)
		_, err := d.s.Review(d.ctx, d.ben, d.submitted(d.ana, first))
		d.must(err)
		reviewer := d.writer("Oleg", people.LawEnforcement)
		if _, err := d.s.Review(d.ctx, reviewer, late); conflict(err) != "content.draft.behind" {
			d.Errorf("an old draft is published over a newer version: %v", err)
		}
		d.must(d.s.TakeBack(d.ctx, d.olga, second))
		d.must(d.s.BringUpToDate(d.ctx, d.olga, second))
		version, err := d.s.Review(d.ctx, reviewer, d.submitted(d.olga, second))
		d.must(err)
		if version != 3 {
			d.Errorf("published as version %d", version)
		}
	})
}

func TestADraftIsThereForItsOwnSectorsWritersAlone(t *testing.T) {
	eachDesk(t, func(d desk) {
		id := d.revised(d.ana)
		others := map[string]people.Viewer{
			"a writer of the other side": d.olga, "nobody": people.Nobody,
			"a trainee":     people.Seen(d.ben.Person(), people.Outreach, []people.Role{people.Trainee}, nil),
			"an instructor": people.Seen(d.ben.Person(), people.Outreach, []people.Role{people.Instructor}, nil),
			"a coordinator": people.Seen(d.ben.Person(), people.Outreach, []people.Role{people.Coordinator}, nil),
			"partner HR":    people.Seen(d.ben.Person(), people.Outreach, []people.Role{people.PartnerHR}, nil),
		}
		learner := d.writer("Lena", people.Outreach)
		d.must(d.s.CloseAnswers(d.ctx, learner.Person(), []content.ModuleID{"T07"}, "place"))
		others["a writer who learns the module"] = learner
		_, texts, err := d.s.Draft(d.ctx, d.ana, id)
		d.must(err)
		base := texts[content.EnglishText]
		for who, v := range others {
			_, _, read := d.s.Draft(d.ctx, v, id)
			_, save := d.s.Save(d.ctx, v, id, content.EnglishText, base.ID, "x")
			_, revision := d.s.Revision(d.ctx, v, id, base.ID)
			_, review := d.s.Review(d.ctx, v, content.Review{DraftID: id, Verdict: content.Approved, Discipline: "law"})
			for act, err := range map[string]error{
				"reads": read, "saves": save, "reads a revision": revision, "reviews": review, "submits": d.s.Submit(d.ctx, v, id, "law", "x"),
				"takes back": d.s.TakeBack(d.ctx, v, id), "withdraws": d.s.Withdraw(d.ctx, v, id), "brings up to date": d.s.BringUpToDate(d.ctx, v, id),
			} {
				if !errors.Is(err, fault.NotFound) {
					d.Errorf("%s %s: %v", who, act, err)
				}
			}
			if drafts, err := d.s.Drafts(d.ctx, v, 10); err != nil || len(drafts) > 0 && v.Person() != d.olga.Person() {
				d.Errorf("%s is told of %d drafts, %v", who, len(drafts), err)
			}
		}
		if _, err := d.s.Revise(d.ctx, d.olga, "T02"); !errors.Is(err, fault.NotFound) {
			d.Error("a police author revises an outreach module:", err)
		}
	})
}

func TestADraftIsNotHandedInForTheOtherSideOrWithProblems(t *testing.T) {
	eachDesk(t, func(d desk) {
		id := d.revised(d.ana)
		d.write(d.ana, id, "sensitivity: [O]", "sensitivity: [P]")
		if err := d.s.Submit(d.ctx, d.ana, id, "outreach", "For police."); conflict(err) != "content.draft.problems" {
			d.Errorf("an outreach author writes for police alone: %v", err)
		}
		if _, err := d.s.Begin(d.ctx, d.ana, content.OfModule, "New", "P"); err == nil {
			d.Error("an outreach author begins a module for police alone")
		}
		d.write(d.ana, id, "sensitivity: [P]", "sensitivity: [C]")
		d.must(d.s.Submit(d.ctx, d.ana, id, "outreach", "For us."))
	})
}

func TestProblemsAreToldByTheAuthorsOwnLines(t *testing.T) {
	eachDesk(t, func(d desk) {
		id := d.revised(d.ana)
		draft, texts, err := d.s.Draft(d.ctx, d.ana, id)
		d.must(err)
		source := texts[content.EnglishText].Source
		if strings.Contains(source, "version:") || strings.Contains(source, "reviewed_by:") {
			d.Errorf("the author is shown what publishing gives: %s", source)
		}
		source += "\n# Too large\n"
		bench, err := d.s.Bench(d.ctx, d.ana, draft, texts, content.EnglishText, source)
		d.must(err)
		proof, err := bench.Sheet(d.ctx, content.EnglishText)
		d.must(err)
		lines := strings.Split(source, "\n")
		if proof.Problems() != 1 || lines[proof.Findings[1].Line-1] != "# Too large" {
			d.Errorf("problems are %v", proof.Findings)
		}
		if !strings.Contains(proof.HTML, "Breathe out slowly.") {
			d.Error("a text with a problem is not drawn")
		}
	})
}

func TestANewModuleHasADrawnIDAndIsPublishedAsVersionOne(t *testing.T) {
	eachDesk(t, func(d desk) {
		id, err := d.s.Begin(d.ctx, d.ana, content.OfModule, "Walking: a \"safe\" route", "C")
		d.must(err)
		d.write(d.ana, id, "objectives:\n  - \nsources:\n  - \n", "objectives:\n  - Walk.\nsources: []\n")
		d.write(d.ana, id, "## The first part\n", "Walk together.\n")
		draft, _, err := d.s.Draft(d.ctx, d.ana, id)
		d.must(err)
		version, err := d.s.Review(d.ctx, d.ben, d.submitted(d.ana, id))
		d.must(err)
		m, err := d.s.Module(d.ctx, d.ben, draft.ModuleID, content.English)
		d.must(err)
		if version != 1 || m.Title != "Walking: a \"safe\" route" {
			d.Errorf("version %d is called %q", version, m.Title)
		}
		if _, err := d.s.Module(d.ctx, d.olga, draft.ModuleID, content.English); !errors.Is(err, fault.NotFound) {
			d.Error("the other side sees it:", err)
		}
	})
}

// together lets many do something at the same moment.
func together(t *testing.T, n int, do func(i int) error) {
	t.Helper()
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			if err := do(i); err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	all.Wait()
}
