package cohorts_test

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestWhoRunsACohortSeesWhichProtocolsItsTraineesHaveRead(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		file := func(id, sensitivity string, version int) string {
			return fmt.Sprintf("---\nid: %s\ntitle: The %s\nlang: en\nversion: %d\nsensitivity: %s\nowner: Office\nstanding: draft\n"+
				"reviewed_by: Office\nreviewed_on: 2026-10-01\nreview_due: 2027-04-01\n---\n## One\n\nText.\n", id, id, version, sensitivity)
		}
		keep := func(files fstest.MapFS) {
			a.Helper()
			folder, problems := content.Parse(files, ".")
			if len(problems) > 0 {
				a.Fatal(problems)
			}
			_, err := a.content.Import(ctx, folder)
			a.ok(err)
		}
		keep(fstest.MapFS{"protocols/porch.md": {Data: []byte(file("porch", "[C]", 1))}, "protocols/radio.md": {Data: []byte(file("radio", "[P]", 1))},
			"protocols/park.md": {Data: []byte(file("park", "[O]", 1))}})
		c, other := a.class(2), a.classOf("put-p", people.LawEnforcement, 1)
		read := courses.NewStore(a.db, a.now, a.content)
		left := func(v people.Viewer, cohort cohorts.CohortID) string {
			a.Helper()
			list, next, err := a.store.ProtocolReaders(ctx, v, cohort, "", content.Spanish)
			a.ok(err)
			said := string(next)
			for _, r := range list {
				said += r.Name + ":"
				for _, one := range r.Unread {
					said += " " + string(one.ID)
				}
				said += "; "
			}
			return said
		}
		want := func(got, text string) {
			a.Helper()
			if got != text {
				a.Errorf("%q, want %q", got, text)
			}
		}
		a.ok(read.ReadProtocol(ctx, c.trainees[0], "porch", 1, content.Spanish))
		a.ok(read.ReadProtocol(ctx, c.trainees[1], "park", 1, content.English))
		want(left(c.instructor, c.id), "Trainee0 I.: park; Trainee1 I.: porch; ")
		want(left(c.coordinator, c.id), "Trainee0 I.: park; Trainee1 I.: porch; ")
		want(left(other.instructor, other.id), "Trainee0 I.: park radio; ")
		for _, v := range []people.Viewer{c.trainees[0], other.instructor, other.coordinator, people.Nobody} {
			want(left(v, c.id), "")
		}
		keep(fstest.MapFS{"protocols/porch.md": {Data: []byte(file("porch", "[C]", 2))}})
		want(left(c.instructor, c.id), "Trainee0 I.: park porch; Trainee1 I.: porch; ")
	})
}
