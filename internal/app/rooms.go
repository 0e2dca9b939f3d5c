package app

import (
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/assessment"
	assessmentpages "github.com/metropolitan-peace-academy/academy/assessment/pages"
	"github.com/metropolitan-peace-academy/academy/certificates"
	certificatespages "github.com/metropolitan-peace-academy/academy/certificates/pages"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	cohortspages "github.com/metropolitan-peace-academy/academy/cohorts/pages"
	"github.com/metropolitan-peace-academy/academy/content"
	contentpages "github.com/metropolitan-peace-academy/academy/content/pages"
	"github.com/metropolitan-peace-academy/academy/courses"
	coursespages "github.com/metropolitan-peace-academy/academy/courses/pages"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/desk"
	deskpages "github.com/metropolitan-peace-academy/academy/internal/desk/pages"
	"github.com/metropolitan-peace-academy/academy/internal/mail"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	messagespages "github.com/metropolitan-peace-academy/academy/internal/messages/pages"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	peoplepages "github.com/metropolitan-peace-academy/academy/internal/people/pages"
)

// Rooms are the stores of every room, on one database and clock.
type Rooms struct {
	People       people.Store
	Messages     messages.Store
	Content      content.Store
	Courses      courses.Store
	Cohorts      cohorts.Store
	Assessment   assessment.Store
	Certificates certificates.Store
}

// rooms builds every room's store, from right to left.
func (a *Academy) rooms(db bun.IDB, now clock.Clock) (Rooms, error) {
	zone, err := time.LoadLocation(a.Config.TimeZone)
	if err != nil {
		return Rooms{}, err
	}
	key, err := a.keys.For("people")
	if err != nil {
		return Rooms{}, err
	}
	var r Rooms
	r.People = people.NewStore(db, now).InZone(zone).Keyed(key)
	r.Messages = messages.NewStore(db, now, zone)
	r.Content = content.NewStore(db, now).InZone(zone)
	r.Courses = courses.NewStore(db, now, r.Content)
	r.Cohorts = cohorts.NewStore(db, now, r.People, r.Content).InZone(a.Config.TimeZone).Keyed(a.keys.CheckIn)
	r.Assessment = assessment.NewStore(db, now, r.People, r.Cohorts)
	r.Content = r.Content.WithChecks(checks{a, r.Assessment})
	r.Certificates = certificates.NewStore(db, now, a.Files,
		certificates.Issuer{Outer: a.keys.Outer, BaseURL: a.Config.BaseURL, Sample: a.Config.Demo, SignPages: a.Config.Demo, TimeZone: a.Config.TimeZone},
		certificates.Rooms{People: r.People, Courses: r.Courses, Cohorts: r.Cohorts, Assessment: r.Assessment})
	return r, nil
}

// mount mounts every room's pages and API.
func (a *Academy) mount(zone *time.Location, post mail.Post) {
	links := []peoplepages.MeLink{
		{Href: "/me/messages", Word: "messages.title", Icon: "bell"}, {Href: "/me/notes", Word: "courses.note.mine", Icon: "pencil"},
		{Href: "/me/readings", Word: "courses.record.mine", Icon: "book"}, {Href: "/me/card", Word: "cohorts.card.mine", Icon: "qr"},
		{Href: "/me/outside", Word: "cohorts.outside.title", Icon: "clock"},
		{Href: "/me/sharing", Word: "cohorts.sharing.title", Icon: "share"},
	}
	if a.Config.Demo {
		links = append(links, peoplepages.MeLink{Href: "/demo/mail", Word: "messages.demo.title", Icon: "bell"})
	}
	peoplepages.Routes(a.Web, a.People, post.On(), links...)
	messagespages.Routes(a.Web, a.Messages, post.On())
	contentpages.Routes(a.Web, a.Content)
	contentpages.API(a.Web.API(), a.Content)
	coursespages.Routes(a.Web, a.Courses, a.Cohorts)
	counter := a.counter(zone)
	coursespages.API(a.Web.API(), a.Courses, counter.FindCohorts, counter.FindPeople, counter.FindCertificates)
	cohortspages.Routes(a.Web, a.Cohorts, a.Courses, a.Content, a.People, a.Now)
	cohortspages.API(a.Web.API(), a.Cohorts)
	assessmentpages.Routes(a.Web, a.Assessment, a.Cohorts, a.Content)
	certificatespages.Routes(a.Web, a.Certificates, a.Cohorts)
	certificatespages.API(a.Web.API(), a.Certificates)
	deskpages.Routes(a.Web, counter)
}

// writers write the letters, each kind by the room that knows what it tells.
func (a *Academy) writers(zone *time.Location, post mail.Post) map[messages.Kind]messages.Writer {
	writers := cohortspages.Writers(a.Web.Words(), a.Cohorts, post.Sender)
	writers[messages.Due] = deskpages.DueWriter(a.Web.Words(), a.counter(zone))
	return writers
}

// counter is the desk on which everything is gathered.
func (a *Academy) counter(zone *time.Location) desk.Desk {
	return desk.Desk{Now: a.Now, Zone: zone, People: a.People, Content: a.Content, Courses: a.Courses,
		Cohorts: a.Cohorts, Assessment: a.Assessment, Certificates: a.Certificates}
}
