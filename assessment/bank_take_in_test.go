package assessment_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// dying ends after it was asked so often whether it goes on: a process that is killed.
type dying struct {
	context.Context
	end  func()
	left *atomic.Int64
}

func (d dying) Err() error {
	if d.left.Add(-1) == 0 {
		d.end()
	}
	return d.Context.Err()
}

func diesAfter(ctx context.Context, asked int64) dying {
	ctx, end := context.WithCancel(ctx)
	left := &atomic.Int64{}
	left.Store(asked)
	return dying{ctx, end, left}
}

// longFile has 650 questions: a changed one, one of its name again, one twice in other
// words' place, and one that can't be read.
func longFile() string {
	var b strings.Builder
	b.WriteString("// [id:first]\nWho speaks last?{~You =They}\n\n")
	for n := range 646 {
		fmt.Fprintf(&b, "Who speaks in circle %d?{~You =They}\n\n", n)
	}
	b.WriteString("Who speaks in circle 3?{~You =They}\n\n// [id:first]\nWho speaks next?{~You =They}\n\nOpen {\n")
	return b.String()
}

// sends begins to take a long file in, and gives its import.
func (w *world) sends(v people.Viewer, source string) assessment.ImportID {
	w.Helper()
	id, err := w.KeepUpload(w.ctx, v, assessment.BankUpload{Course: "PUT", FileName: "q.gift", Lang: content.English, Bytes: []byte(source)}, w.read("en", source))
	if err != nil {
		w.Fatal(err)
	}
	up, err := w.Upload(w.ctx, v, "PUT", id)
	if err != nil || !up.Long() {
		w.Fatalf("%+v %v", up, err)
	}
	begun, err := w.BeginTakingIn(w.ctx, v, up)
	if err != nil {
		w.Fatal(err)
	}
	_, err = w.BeginTakingIn(w.ctx, v, up)
	w.wantNotFound("begun twice", err)
	return begun
}

// newestImport is what stands of the file that came last, with how many versions it brought
// and how many questions the bank has.
func (w *world) newestImport(v people.Viewer) (newest assessment.BankImportBy, versions, questions int) {
	w.Helper()
	_, list, _, err := w.BankImports(w.ctx, v, "PUT", "")
	if err != nil || len(list) == 0 {
		w.Fatal(list, err)
	}
	if err := w.db.NewRaw(`SELECT (SELECT COUNT(*) FROM bank_versions WHERE import_id = ?), (SELECT COUNT(*) FROM bank_questions)`, list[0].ID).Scan(w.ctx, &versions, &questions); err != nil {
		w.Fatal(err)
	}
	return list[0], versions, questions
}

func TestALongFileGoesOnWhereAKilledProcessLeftIt(t *testing.T) {
	each(t, func(w *world) {
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		must(w)(nil, w.taken(author, twoQuestions))
		before := w.shelf(author)
		plan, err := w.PlanImport(w.ctx, author, "PUT", w.read("en", longFile()))
		if err != nil || plan.Count(assessment.WillAdd) != 646 || plan.Count(assessment.WillChange) != 1 || plan.Count(assessment.IsThere) != 1 || plan.Count(assessment.StaysOut) != 2 {
			w.Fatalf("%d questions, %v", len(plan.Questions), err)
		}
		id := w.sends(author, longFile())
		if err := w.GoOnTakingIn(diesAfter(w.ctx, 500), id); !errors.Is(err, context.Canceled) {
			w.Fatalf("it was not killed: %v", err)
		}
		half, versions, _ := w.newestImport(author)
		if half.DoneAt != nil || half.Step == 0 || half.Step >= half.Total || half.Total != 650 || versions != half.Added+half.Changed {
			w.Fatalf("%d versions, %+v", versions, half)
		}
		for range 2 { // the second time nothing is left to do
			if err := w.GoOnTakingIn(w.ctx, id); err != nil {
				w.Fatal(err)
			}
			whole, versions, questions := w.newestImport(author)
			if whole.DoneAt == nil || whole.Step != 650 || whole.Added != 646 || whole.Changed != 1 || whole.Known != 1 || whole.LeftOut != 2 || versions != 647 || questions != 648 {
				w.Errorf("%d versions, %d questions, %+v", versions, questions, whole)
			}
		}
		if err := w.UndoImport(w.ctx, author, "PUT", id); err != nil || w.shelf(author) != before {
			w.Errorf("%s\nis not\n%s\n%v", w.shelf(author), before, err)
		}
	})
}

func TestAFileThatIsUndoneWhileItGoesOnStops(t *testing.T) {
	each(t, func(w *world) {
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		must(w)(nil, w.taken(author, twoQuestions))
		before := w.shelf(author)
		id := w.sends(author, longFile())
		if err := w.GoOnTakingIn(diesAfter(w.ctx, 500), id); !errors.Is(err, context.Canceled) {
			w.Fatalf("it was not killed: %v", err)
		}
		stranger := w.person(people.LawEnforcement, "Pia Writes", people.Author)
		w.wantNotFound("another sector", w.UndoImport(w.ctx, stranger, "PUT", id))
		must(w)(nil, w.UndoImport(w.ctx, author, "PUT", id))
		must(w)(nil, w.GoOnTakingIn(w.ctx, id))
		undone, versions, questions := w.newestImport(author)
		if w.shelf(author) != before || undone.UndoneAt == nil || undone.DoneAt == nil || versions != 0 || questions != 2 {
			w.Errorf("%s, %d versions, %d questions, %+v", w.shelf(author), versions, questions, undone)
		}
	})
}

// TestTheBankMayChangeWhileALongFileGoesOn has somebody else take a name of the rest.
func TestTheBankMayChangeWhileALongFileGoesOn(t *testing.T) {
	each(t, func(w *world) {
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		id := w.sends(author, longFile())
		if err := w.GoOnTakingIn(diesAfter(w.ctx, 500), id); !errors.Is(err, context.Canceled) {
			w.Fatalf("it was not killed: %v", err)
		}
		must(w)(nil, w.taken(author, "// [id:who-speaks-in-circle-600]\nOther words?{}\n"))
		must(w)(nil, w.GoOnTakingIn(w.ctx, id))
		var versions, names int
		err := w.db.NewRaw(`SELECT COUNT(*), COUNT(DISTINCT q.name) FROM bank_versions AS bv JOIN bank_questions AS q ON q.id = bv.question_id WHERE bv.import_id = ?`, id).Scan(w.ctx, &versions, &names)
		if err != nil || versions != 647 || names != 647 {
			w.Errorf("%d versions of %d questions, %v", versions, names, err)
		}
	})
}

func TestTwoProcessesStoreEachQuestionOfALongFileOnce(t *testing.T) {
	race(t, func(w *world) {
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		id := w.sends(author, longFile())
		var both sync.WaitGroup
		for range 3 {
			both.Go(func() {
				for try := 0; ; try++ { // as the outbox does
					err := w.GoOnTakingIn(w.ctx, id)
					if err == nil || try == 5 {
						if err != nil {
							w.Error(err)
						}
						return
					}
					time.Sleep(20 * time.Millisecond)
				}
			})
		}
		both.Wait()
		whole, versions, questions := w.newestImport(author)
		if whole.DoneAt == nil || whole.Step != 650 || whole.Added != 647 || versions != 647 || questions != 647 {
			w.Errorf("%d versions, %d questions, %+v", versions, questions, whole)
		}
	})
}
