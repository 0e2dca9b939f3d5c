package pages

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// rosterPage is who learns in a cohort, and whom a search found to join it.
type rosterPage struct {
	Cohort  cohorts.Summary
	Places  []cohorts.Place
	Next    cohorts.EnrolmentID
	Manages bool
	Typed   string
	Found   []people.Listed
	Seated  map[people.PersonID]bool // of those found
	Waits   map[people.PersonID]bool // of those found, for a seat of a full cohort
	Done    string

	After []courses.Prerequisite       // of the cohort's edition
	Unmet map[people.PersonID][]string // who has not completed which of them, by code

	Clashes map[people.PersonID][]cohorts.Clash // of who was found: other classes at the time of these
}

// before are the courses that somebody on the page has not completed, in words; "" for none.
func (p rosterPage) before(ctx context.Context, person people.PersonID) string {
	var titles []string
	for _, need := range p.After {
		if slices.Contains(p.Unmet[person], need.CourseCode) {
			titles = append(titles, need.Title(content.Lang(web.Language(ctx))))
		}
	}
	return strings.Join(titles, ", ")
}

func (h handler) roster(c *fiber.Ctx) error { return h.showRoster(c, "") }

// searchRoster is a POST, so that no name stands in an address.
func (h handler) searchRoster(c *fiber.Ctx) error { return h.showRoster(c, web.Text(c, "name")) }

func (h handler) showRoster(c *fiber.Ctx, typed string) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	cohort, err := h.store.CohortRunBy(ctx, v, cohortID(c))
	if err != nil {
		return err
	}
	page := rosterPage{Cohort: cohort, Manages: v.RunsSector(), Typed: typed, Done: done(c)}
	if page.Places, page.Next, err = h.store.Roster(ctx, v, cohort.ID, after(c)); err != nil {
		return err
	}
	if typed != "" {
		if err := h.addFound(ctx, v, &page); err != nil {
			return err
		}
	}
	if err := h.addUnmet(ctx, v, &page); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, roster(page))
}

// addUnmet tells who runs the sector which courses people on the page should have
// completed before.
func (h handler) addUnmet(ctx context.Context, v people.Viewer, page *rosterPage) error {
	edition, err := h.courses.Edition(ctx, v, page.Cohort.EditionID)
	if err != nil || !page.Manages || len(edition.After) == 0 {
		return err
	}
	page.After = edition.After
	var ids []people.PersonID
	for _, place := range page.Places {
		if place.State == cohorts.Active {
			ids = append(ids, place.PersonID)
		}
	}
	for _, found := range page.Found {
		ids = append(ids, found.ID)
	}
	page.Unmet, err = h.store.Unmet(ctx, v, page.Cohort.ID, ids)
	return err
}

// addFound looks for whom was typed, and who of them is in the cohort.
func (h handler) addFound(ctx context.Context, v people.Viewer, page *rosterPage) (err error) {
	if page.Found, _, err = h.people.Find(ctx, v, page.Typed, ""); err != nil {
		return err
	}
	ids := make([]people.PersonID, len(page.Found))
	for i, found := range page.Found {
		ids[i] = found.ID
	}
	if page.Seated, err = h.store.Seated(ctx, v, page.Cohort.ID, ids); err == nil && page.Cohort.Full() {
		page.Waits, err = h.store.WaitedFor(ctx, v, page.Cohort.ID, ids)
	}
	if err == nil && page.Manages {
		page.Clashes, err = h.store.PersonClashes(ctx, v, page.Cohort.ID, ids)
	}
	return err
}

func (h handler) enroll(c *fiber.Ctx) error {
	if _, err := h.store.Enroll(c.UserContext(), web.Viewer(c), cohortID(c), people.PersonID(web.Text(c, "person"))); err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/roster?done=enrolled", cohortID(c))
}

func (h handler) withdraw(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	place, err := h.store.Enrolment(ctx, v, enrolmentID(c))
	if err != nil {
		return err
	}
	if err := h.store.Withdraw(ctx, v, place.ID, cohorts.WithdrawalCode(web.Text(c, "code"))); err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/roster?done=withdrawn", place.CohortID)
}

const importLimit = 8 << 20

// importPage is a file of people before it is sent, read, or stored.
type importPage struct {
	Cohort   cohorts.Summary
	Text     string // the file, carried from the preview to the confirmation
	Read     bool
	Intake   cohorts.Intake
	Problems []people.LineProblem
	Notes    []people.LineProblem
	Failed   *web.Errors
}

func (h handler) importPage(c *fiber.Ctx) error {
	cohort, err := h.managed(c)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, imports(importPage{Cohort: cohort}))
}

// previewImport reads the file and says what would happen; nothing is stored.
func (h handler) previewImport(c *fiber.Ctx) error {
	cohort, err := h.managed(c)
	if err != nil {
		return err
	}
	text, err := uploaded(c, "file")
	if failed := web.Failed(c, err); failed != nil {
		return web.Render(c, http.StatusUnprocessableEntity, imports(importPage{Cohort: cohort, Failed: failed}))
	}
	if err != nil {
		return err
	}
	page, err := h.takeIn(c, cohort, text, true)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, imports(page))
}

func (h handler) confirmImport(c *fiber.Ctx) error {
	cohort, err := h.managed(c)
	if err != nil {
		return err
	}
	page, err := h.takeIn(c, cohort, c.FormValue("text"), false)
	if err != nil {
		return err
	}
	if !page.Intake.Stored {
		return web.Render(c, http.StatusUnprocessableEntity, imports(page))
	}
	return web.SeeOther(c, "/cohorts/%s/roster?done=imported", cohort.ID)
}

func (h handler) takeIn(c *fiber.Ctx, cohort cohorts.Summary, text string, dryRun bool) (importPage, error) {
	rows, problems, notes := people.ReadCSV(strings.NewReader(text))
	intake, err := h.store.EnrollRows(c.UserContext(), web.Viewer(c), cohort.ID, rows, dryRun || len(problems) > 0)
	return importPage{Cohort: cohort, Text: text, Read: true, Intake: intake, Problems: append(problems, intake.Problems...), Notes: notes}, err
}

// uploaded is the whole of a file that came with the form.
func uploaded(c *fiber.Ctx, field string) (string, error) {
	header, err := c.FormFile(field)
	if err != nil || header.Size == 0 {
		return "", fault.Invalid(field, "cohorts.import.no_file")
	}
	file, err := header.Open()
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	return string(text), err
}

// instructorsPage is who teaches a cohort, whom a search found, and with whom the
// person who is about to be appointed is taken.
type instructorsPage struct {
	Cohort      cohorts.Summary
	Instructors []cohorts.Instructor
	Manages     bool
	Typed       string
	Found       []people.Listed
	Asked       *people.Listed // about to be appointed
	Clashes     []cohorts.Clash
	Done        string

	Qualified map[people.PersonID][]cohorts.Qualification
	Today     string
	Self      people.PersonID // the viewer, who notes nothing of themselves
	Failed    *web.Errors
}

func (h handler) instructors(c *fiber.Ctx) error { return h.showInstructors(c, "", "") }

// searchInstructor finds people by name; with a person it tells with what they clash,
// before they are appointed.
func (h handler) searchInstructor(c *fiber.Ctx) error {
	return h.showInstructors(c, web.Text(c, "name"), people.PersonID(web.Text(c, "person")))
}

func (h handler) showInstructors(c *fiber.Ctx, typed string, asked people.PersonID) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	cohort, err := h.store.CohortRunBy(ctx, v, cohortID(c))
	if err != nil {
		return err
	}
	page := instructorsPage{Cohort: cohort, Manages: v.RunsSector(), Typed: typed, Done: done(c), Today: h.people.Today(), Self: v.Person()}
	if err := h.addTeam(ctx, v, &page); err != nil {
		return err
	}
	if typed != "" || asked != "" {
		if page.Found, _, err = h.people.Find(ctx, v, typed, ""); err != nil {
			return err
		}
	}
	for _, found := range page.Found {
		if found.ID == asked {
			page.Asked = &found
			page.Clashes, err = h.store.InstructorClashes(ctx, v, cohort.ID, asked)
		}
	}
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, instructors(page))
}

func (h handler) appoint(c *fiber.Ctx) error {
	err := h.store.Appoint(c.UserContext(), web.Viewer(c), cohortID(c), people.PersonID(web.Text(c, "person")), cohorts.InstructorRole(web.Text(c, "role")))
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/instructors?done=appointed", cohortID(c))
}

func (h handler) dismiss(c *fiber.Ctx) error {
	if err := h.store.Dismiss(c.UserContext(), web.Viewer(c), cohortID(c), personID(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/instructors?done=dismissed", cohortID(c))
}
