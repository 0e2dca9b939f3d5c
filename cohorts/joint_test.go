package cohorts_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func proposal(c class) cohorts.NewJoint {
	return cohorts.NewJoint{Session: c.sessions[3].ID, With: people.LawEnforcement, Place: "Community hall", Agenda: "Listen in a circle", GroundRules: "One speaks at a time"}
}

func TestJointSessionNeedsTheYesOfTwoPersons(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		ours, theirs := a.classOf("out-1", people.Outreach, 3), a.classOf("put-p", people.LawEnforcement, 2)
		// The coordinator of the outreach side bridges: the same person may not say both.
		bridge := as(ours.coordinator.Person(), people.LawEnforcement, people.Coordinator)
		id, err := a.store.ProposeJoint(ctx, ours.coordinator, proposal(ours))
		a.ok(err)
		_, err = a.store.Joint(ctx, ours.trainees[0], id)
		a.is(err, fault.NotFound)
		for viewer, want := range map[*people.Viewer]int{&bridge: 0, &theirs.coordinator: 1} {
			waiting, err := a.store.JointsToAnswer(ctx, *viewer)
			a.ok(err)
			joint, err := a.store.Joint(ctx, *viewer, id)
			a.ok(err)
			if len(waiting) != want || joint.SaidYes != (want == 0) || joint.OwnYes {
				a.Errorf("%d wait for them, and said yes %v", len(waiting), joint.SaidYes)
			}
		}
		a.conflicts(a.store.ApproveJoint(ctx, bridge, id, theirs.sessions[3].ID), "cohorts.joint.second_person")
		a.invalid(a.store.ApproveJoint(ctx, theirs.coordinator, id, theirs.sessions[2].ID), "session", "cohorts.joint.same_time")
		a.is(a.store.ApproveJoint(ctx, theirs.coordinator, id, ours.sessions[3].ID), fault.NotFound)
		at, err := a.store.SessionsAt(ctx, theirs.coordinator, ours.sessions[3].StartsAt)
		a.ok(err)
		if len(at) != 1 || at[0].ID != theirs.sessions[3].ID {
			a.Fatalf("can bring %+v", at)
		}
		a.ok(a.store.ApproveJoint(ctx, theirs.coordinator, id, theirs.sessions[3].ID))
		joint, err := a.store.Joint(ctx, ours.trainees[0], id)
		a.ok(err)
		if joint.State != cohorts.Agreed || joint.OwnRole != cohorts.DoorTrainee || joint.DoorName != "Trainee0" || len(joint.Sides) != 2 {
			a.Fatalf("joint %+v", joint)
		}
		for _, side := range joint.Sides {
			if want := map[people.Sector]int{people.Outreach: 3, people.LawEnforcement: 2}[side.Sector]; side.Trainees != want || side.Instructors != 1 {
				a.Errorf("side %+v", side)
			}
		}
		if n := a.count(`SELECT COUNT(*) FROM module_openings WHERE module_id = 'T04'`); n != 2 {
			a.Errorf("T04 opens for %d sectors", n)
		}
	})
}

func TestJointSessionTellsNothingOfTheOtherSide(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		ours, theirs := a.classOf("out-1", people.Outreach, 1), a.classOf("put-p", people.LawEnforcement, 1)
		id, err := a.store.ProposeJoint(ctx, ours.coordinator, proposal(ours))
		a.ok(err)
		a.ok(a.store.ApproveJoint(ctx, theirs.coordinator, id, theirs.sessions[3].ID))
		for _, v := range []people.Viewer{theirs.coordinator, theirs.instructor, theirs.trainees[0]} {
			joint, err := a.store.Joint(ctx, v, id)
			a.ok(err)
			said, err := json.Marshal(joint)
			a.ok(err)
			for _, secret := range []string{string(ours.id), string(ours.sessions[3].ID), string(ours.coordinator.Person()), string(ours.enrolments[0])} {
				if strings.Contains(string(said), secret) {
					a.Errorf("%s in %s", secret, said)
				}
			}
		}
		stranger := as(a.person(people.Health, "Hal", people.Coordinator), people.Health, people.Coordinator)
		_, err = a.store.Joint(ctx, stranger, id)
		a.is(err, fault.NotFound)
		a.is(a.store.CallOffJoint(ctx, stranger, id), fault.NotFound)
		a.is(a.store.NameAtDoor(ctx, stranger, id, "Hal"), fault.NotFound)
	})
}

func TestEitherSideCallsAJointSessionOff(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		ours, theirs := a.classOf("out-1", people.Outreach, 1), a.classOf("put-p", people.LawEnforcement, 1)
		id, err := a.store.ProposeJoint(ctx, ours.coordinator, proposal(ours))
		a.ok(err)
		_, err = a.store.ProposeJoint(ctx, ours.coordinator, proposal(ours))
		a.conflicts(err, "cohorts.joint.session_taken")
		a.ok(a.store.ApproveJoint(ctx, theirs.coordinator, id, theirs.sessions[3].ID))
		a.is(a.store.CallOffJoint(ctx, theirs.instructor, id), fault.Forbidden)
		a.ok(a.store.CallOffJoint(ctx, theirs.coordinator, id))
		if n := a.count(`SELECT COUNT(*) FROM module_openings`); n != 0 {
			a.Errorf("%d modules still open", n)
		}
		_, err = a.store.Joint(ctx, ours.trainees[0], id)
		a.is(err, fault.NotFound)
		_, err = a.store.ProposeJoint(ctx, ours.coordinator, proposal(ours))
		a.ok(err)
	})
}

func TestDoorNameIsOnesOwn(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		ours, theirs := a.classOf("out-1", people.Outreach, 2), a.classOf("put-p", people.LawEnforcement, 1)
		id, err := a.store.ProposeJoint(ctx, ours.coordinator, proposal(ours))
		a.ok(err)
		a.ok(a.store.ApproveJoint(ctx, theirs.coordinator, id, theirs.sessions[3].ID))
		a.invalid(a.store.NameAtDoor(ctx, ours.trainees[0], id, strings.Repeat("a", 31)), "door_name", "cohorts.joint.door_long")
		a.ok(a.store.NameAtDoor(ctx, ours.trainees[0], id, " Tee "))
		for i, want := range []string{"Tee", "Trainee1"} {
			joint, err := a.store.Joint(ctx, ours.trainees[i], id)
			a.ok(err)
			if joint.DoorName != want {
				a.Errorf("badge of %d says %q", i, joint.DoorName)
			}
		}
	})
}
