// Package pages holds what faces people in their cohorts: lists and schedules, the
// roll call, the minutes ledger, joint sessions, and what an employer may see.
package pages

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

type handler struct {
	store   cohorts.Store
	courses courses.Store
	content content.Store
	people  people.Store
	now     clock.Clock
	base    string // absolute address of the Academy
}

// Routes mounts everything here but a cohort's home, which gathers from more rooms.
func Routes(app *web.App, store cohorts.Store, courses courses.Store, content content.Store, people people.Store, now clock.Clock) {
	h := handler{store, courses, content, people, now, app.BaseURL()}

	app.SignedIn("GET", "/cohorts", h.list)
	app.SignedIn("GET", "/cohorts/new", h.newPage)
	app.SignedIn("POST", "/cohorts/previews", h.preview)
	app.SignedIn("POST", "/cohorts", h.make)
	app.SignedIn("GET", "/rooms", h.rooms)
	app.SignedIn("POST", "/rooms", h.addRoom)
	app.SignedIn("POST", "/rooms/releases", h.releaseRoom)

	app.SignedIn("GET", "/cohorts/:cohort/sessions", h.schedule)
	app.SignedIn("GET", "/sessions/:session", h.session)
	app.SignedIn("GET", "/sessions/:session/instructors", h.teachers)
	app.SignedIn("POST", "/sessions/:session/instructors", h.setTeachers)
	app.SignedIn("POST", "/sessions/:session/instructors/reversal", h.clearTeachers)
	app.SignedIn("POST", "/sessions/:session/times", h.setTimes)
	app.SignedIn("POST", "/sessions/:session/make-ups", h.makeUpForAll)
	app.SignedIn("GET", "/confirmations", h.confirmations)

	app.SignedIn("GET", "/sessions/:session/roll", h.roll)
	app.SignedIn("POST", "/sessions/:session/marks", h.mark)
	app.SignedIn("POST", "/sessions/:session/marks/rest", h.markRest)
	app.SignedIn("POST", "/sessions/:session/marks/reversal", h.undo)
	app.SignedIn("POST", "/sessions/:session/corrections", h.correct)
	app.SignedIn("POST", "/sessions/:session/closure", h.close)
	app.SignedIn("POST", "/sessions/:session/confirmation", h.confirm)

	app.SignedIn("GET", "/sessions/:session/sheet", h.sheet)
	app.SignedIn("GET", "/sessions/:session/walk-ins", h.walkIns)
	app.SignedIn("POST", "/sessions/:session/walk-ins", h.walkedIn)
	app.SignedIn("POST", "/walk-ins/:guest/place", h.placeWalkIn)
	app.SignedIn("POST", "/walk-ins/:guest/removal", h.removeWalkIn)
	app.SignedIn("GET", "/sessions/:session/check-in", h.wall)
	app.SignedIn("GET", "/check-in", h.checkIn)
	app.SignedIn("GET", "/check-in/:shown", h.checkIn)
	app.SignedIn("POST", "/check-in", h.doCheckIn)

	app.SignedIn("GET", "/me/card", h.card)
	app.SignedIn("POST", "/me/card", h.makeCard)
	app.SignedIn("POST", "/me/card/end", h.endCard)
	app.SignedIn("GET", "/cards", h.typeCard)
	app.SignedIn("POST", "/cards", h.findCard)
	app.SignedIn("GET", "/cards/:card", h.scan)
	app.SignedIn("POST", "/cards/:card/marks", h.markByCard)

	app.SignedIn("GET", "/cohorts/:cohort/roster", h.roster)
	app.SignedIn("POST", "/cohorts/:cohort/roster/search", h.searchRoster)
	app.SignedIn("POST", "/cohorts/:cohort/enrolments", h.enroll)
	app.SignedIn("POST", "/enrolments/:enrolment/withdrawal", h.withdraw)
	app.SignedIn("POST", "/enrolments/:enrolment/award", h.setAward)
	app.SignedIn("GET", "/cohorts/:cohort/seats", h.seats)
	app.SignedIn("POST", "/cohorts/:cohort/seats", h.setSeats)
	app.SignedIn("POST", "/cohorts/:cohort/nominations/acceptance", h.accept)
	app.SignedIn("POST", "/cohorts/:cohort/nominations/refusal", h.decline)
	app.SignedIn("GET", "/nominations", h.nominations)
	app.SignedIn("POST", "/nominations", h.nominate)
	app.SignedIn("POST", "/nominations/reversal", h.takeBackNomination)
	app.SignedIn("POST", "/cohorts/:cohort/waits", h.wait)
	app.SignedIn("POST", "/cohorts/:cohort/waits/end", h.takeOff)
	app.SignedIn("GET", "/cohorts/:cohort/imports", h.importPage)
	app.SignedIn("POST", "/cohorts/:cohort/imports", h.previewImport, web.Limit(importLimit))
	app.SignedIn("POST", "/cohorts/:cohort/imports/confirmation", h.confirmImport, web.Limit(importLimit))
	app.SignedIn("GET", "/cohorts/:cohort/instructors", h.instructors)
	app.SignedIn("POST", "/cohorts/:cohort/instructors/search", h.searchInstructor)
	app.SignedIn("POST", "/cohorts/:cohort/instructors", h.appoint)
	app.SignedIn("POST", "/cohorts/:cohort/instructors/:person/dismissal", h.dismiss)
	app.SignedIn("POST", "/cohorts/:cohort/qualifications", h.qualify)
	app.SignedIn("POST", "/cohorts/:cohort/qualifications/end", h.endQualification)

	app.SignedIn("GET", "/cohorts/:cohort/edition", h.move)
	app.SignedIn("POST", "/cohorts/:cohort/edition", h.confirmMove)
	app.SignedIn("POST", "/cohorts/:cohort/edition/reversal", h.undoMove)

	app.SignedIn("GET", "/cohorts/:cohort/schedule", h.replan)
	app.SignedIn("POST", "/cohorts/:cohort/schedule/previews", h.previewChange)
	app.SignedIn("POST", "/cohorts/:cohort/schedule/changes", h.reschedule)
	app.SignedIn("POST", "/cohorts/:cohort/schedule/reversal", h.undoReschedule)
	app.SignedIn("GET", "/sessions/:session/schedule", h.changeSession)

	app.SignedIn("GET", "/cohorts/:cohort/changes", h.changes)

	app.SignedIn("GET", "/calls", h.calls)
	app.SignedIn("GET", "/cohorts/:cohort/ledger", h.ledger)
	app.SignedIn("GET", "/cohorts/:cohort/protocols", h.protocols)
	app.SignedIn("GET", "/enrolments/:enrolment", h.enrolment)
	app.SignedIn("GET", "/enrolments/:enrolment/readings", h.read)
	app.SignedIn("POST", "/enrolments/:enrolment/make-ups", h.makeUp)
	app.SignedIn("POST", "/enrolments/:enrolment/make-ups/reversal", h.takeBack)

	app.SignedIn("GET", "/me/outside", h.myOutside)
	app.SignedIn("GET", "/people/:person/outside", h.outside)
	app.SignedIn("POST", "/people/:person/outside", h.addOutside)
	app.SignedIn("POST", "/people/:person/outside/reversal", h.reverseOutside)

	app.SignedIn("GET", "/joint", h.joints)
	app.SignedIn("GET", "/joint/new", h.newJoint)
	app.SignedIn("POST", "/joint", h.propose)
	app.SignedIn("GET", "/joint/:joint", h.joint)
	app.SignedIn("POST", "/joint/:joint/approval", h.approve)
	app.SignedIn("POST", "/joint/:joint/cancellation", h.callOff)
	app.SignedIn("GET", "/joint/:joint/badge", h.badge)
	app.SignedIn("POST", "/joint/:joint/badge", h.nameAtDoor)

	app.SignedIn("GET", "/welcome", h.welcome)
	app.SignedIn("GET", "/me/sharing", h.sharing)
	app.SignedIn("POST", "/me/sharing", h.answer)
}

func cohortID(c *fiber.Ctx) cohorts.CohortID   { return cohorts.CohortID(web.Param(c, "cohort")) }
func sessionID(c *fiber.Ctx) cohorts.SessionID { return cohorts.SessionID(web.Param(c, "session")) }
func jointID(c *fiber.Ctx) cohorts.JointID     { return cohorts.JointID(web.Param(c, "joint")) }
func personID(c *fiber.Ctx) people.PersonID    { return people.PersonID(web.Param(c, "person")) }

// after is the last person of the page before, "" for the first page.
func after(c *fiber.Ctx) cohorts.EnrolmentID { return cohorts.EnrolmentID(web.Query(c, "after")) }
func enrolmentID(c *fiber.Ctx) cohorts.EnrolmentID {
	return cohorts.EnrolmentID(web.Param(c, "enrolment"))
}

// words: cohorts.done.*

// doings are what a page can say that the one before it has done.
var doings = [][]string{
	{"made", "rescheduled", "schedule_undone", "moved", "moved_back", "room", "released"},
	{"enrolled", "withdrawn", "imported", "appointed", "dismissed", "teachers", "all_teach", "qualified", "unqualified", "sharing"},
	{"seats", "waits", "off_list", "award", "nominated", "unasked", "accepted", "declined"},
	{"times", "made_up", "made_up_all", "taken_back", "closed", "confirmed", "corrected", "outside", "outside_back"},
	{"walked_in", "walk_in_placed", "walk_in_removed", "card_made", "card_ended", "carded"},
	{"proposed", "approved", "called_off", "door_name"},
}

// done is what the page before says it has done, as a word key; "" for nothing or nonsense.
func done(c *fiber.Ctx) string {
	did := web.Query(c, "done")
	if slices.ContainsFunc(doings, func(some []string) bool { return slices.Contains(some, did) }) {
		return "cohorts.done." + did
	}
	return ""
}
