package pages

import (
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

type jointsPage struct {
	Joints  []cohorts.JointSession
	Manages bool
	Done    string
}

func (h handler) joints(c *fiber.Ctx) error {
	list, err := h.store.Joints(c.UserContext(), web.Viewer(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, joints(jointsPage{list, web.Viewer(c).RunsSector(), done(c)}))
}

type newJointPage struct {
	Session cohorts.Session
	Sectors []people.Sector
	Failed  *web.Errors
}

func (h handler) newJoint(c *fiber.Ctx) error {
	return h.showNewJoint(c, http.StatusOK, cohorts.SessionID(web.Query(c, "session")), nil)
}

func (h handler) showNewJoint(c *fiber.Ctx, status int, id cohorts.SessionID, failed *web.Errors) error {
	v := web.Viewer(c)
	if !v.RunsSector() {
		return fault.Forbidden
	}
	own, err := h.store.SessionRunBy(c.UserContext(), v, id)
	if err != nil {
		return err
	}
	page := newJointPage{Session: own, Failed: failed}
	for _, sector := range people.Sectors {
		if sector != v.Sector() {
			page.Sectors = append(page.Sectors, sector)
		}
	}
	return web.Render(c, status, newJoint(page))
}

func (h handler) propose(c *fiber.Ctx) error {
	proposal := cohorts.NewJoint{Session: cohorts.SessionID(web.Text(c, "session")), With: people.Sector(web.Text(c, "with")),
		Place: web.Text(c, "place"), Agenda: web.Text(c, "agenda"), GroundRules: web.Text(c, "ground_rules")}
	id, err := h.store.ProposeJoint(c.UserContext(), web.Viewer(c), proposal)
	if failed := web.Failed(c, err); failed != nil {
		return h.showNewJoint(c, http.StatusUnprocessableEntity, proposal.Session, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/joint/%s?done=proposed", id)
}

type jointPage struct {
	Joint   cohorts.JointSession
	Own     []cohorts.Session // of one's own that can be brought
	Manages bool
	Now     time.Time
	Done    string
	Failed  *web.Errors
}

// asked says whether the other side waits for the viewer's own yes.
func (p jointPage) asked() bool {
	return p.Manages && p.Joint.State == cohorts.Proposed && !p.Joint.OwnYes && !p.Joint.SaidYes
}

func (h handler) joint(c *fiber.Ctx) error { return h.showJoint(c, http.StatusOK, nil) }

func (h handler) showJoint(c *fiber.Ctx, status int, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	found, err := h.store.Joint(ctx, v, jointID(c))
	if err != nil {
		return err
	}
	page := jointPage{Joint: found, Manages: v.RunsSector(), Now: h.now(), Done: done(c), Failed: failed}
	if page.asked() {
		if page.Own, err = h.store.SessionsAt(ctx, v, found.StartsAt); err != nil {
			return err
		}
	}
	return web.Render(c, status, joint(page))
}

func (h handler) approve(c *fiber.Ctx) error {
	err := h.store.ApproveJoint(c.UserContext(), web.Viewer(c), jointID(c), cohorts.SessionID(web.Text(c, "session")))
	if failed := web.Failed(c, err); failed != nil {
		return h.showJoint(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/joint/%s?done=approved", jointID(c))
}

func (h handler) callOff(c *fiber.Ctx) error {
	if err := h.store.CallOffJoint(c.UserContext(), web.Viewer(c), jointID(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "/joint?done=called_off")
}

func (h handler) badge(c *fiber.Ctx) error { return h.showBadge(c, http.StatusOK, nil) }

func (h handler) showBadge(c *fiber.Ctx, status int, failed *web.Errors) error {
	found, err := h.store.Joint(c.UserContext(), web.Viewer(c), jointID(c))
	if err != nil {
		return err
	}
	return web.Render(c, status, badge(jointPage{Joint: found, Done: done(c), Failed: failed}))
}

func (h handler) nameAtDoor(c *fiber.Ctx) error {
	err := h.store.NameAtDoor(c.UserContext(), web.Viewer(c), jointID(c), web.Text(c, "door_name"))
	if failed := web.Failed(c, err); failed != nil {
		return h.showBadge(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/joint/%s/badge?done=door_name", jointID(c))
}
