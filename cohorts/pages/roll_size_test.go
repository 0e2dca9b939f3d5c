package pages_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// thirty makes the class of the second session one of thirty.
func (h *house) thirty() {
	h.Helper()
	for i := len(h.enrolments) - 1; i < 30; i++ {
		name := fmt.Sprintf("trainee%d", i)
		h.person(name, "en", []people.Sector{people.Outreach}, people.Trainee)
		var err error
		h.enrolments[name], err = h.store.Enroll(h.Context(), people.System(people.Outreach), h.cohort, h.viewer(name).Person())
		h.must(err)
	}
}

func TestARollOfThirtyIsSmallAndCheap(t *testing.T) {
	each(t, func(h *house) {
		h.thirty()
		for i, name := range []string{"tasha", "luz", "trainee5", "trainee6"} {
			h.must(h.store.Mark(h.Context(), h.viewer("ines"), cohorts.NewMark{Session: h.sessions[1].ID, Enrolment: h.enrolments[name],
				Status: cohorts.Present, MinutesLate: 15 * i, Line: name}))
		}
		h.get("ines", h.roll(1)) // editions are read once in the life of a process
		h.queries.Store(0)
		page := h.get("ines", h.roll(1))
		// The sign-in look-up, which the test does without, is one more.
		if n := h.queries.Load() + 1; n > 4 {
			h.Errorf("%d queries", n)
		}
		h.wants("the roll", page, 200, "of 30 here", "Not marked 26")
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, err := w.Write([]byte(page.body))
		h.must(err)
		h.must(w.Close())
		if packed.Len() > 15<<10 {
			h.Errorf("%d bytes, compressed", packed.Len())
		}
		h.Logf("%d queries, %d bytes compressed", h.queries.Load()+1, packed.Len())
	})
}
