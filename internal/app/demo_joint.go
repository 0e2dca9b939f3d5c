package app

import (
	"context"

	"github.com/metropolitan-peace-academy/academy/cohorts"
)

// joint links the sessions that a pair shares: the next one has the yes of both sides, the
// one after waits for the other side's.
func (s *seeder) joint(ctx context.Context, own, other *class) error {
	agreed := false
	for i, session := range own.sessions {
		theirs := other.sessions[i]
		if !session.Joint || session.StartsAt.Before(s.midnight) || !session.StartsAt.Equal(theirs.StartsAt) {
			continue
		}
		s.at = s.day(-5, 11)
		if agreed {
			s.at = s.day(-1, 16)
		}
		id, err := s.Cohorts.ProposeJoint(ctx, s.coordinator(own.sector), cohorts.NewJoint{Session: session.ID, With: other.sector,
			Place: "Training site, large room, 2nd floor", Agenda: jointAgendas[session.Position],
			GroundRules: "No names, blocks or incidents. Everyone may pass. What is said here stays here. Either side may stop the session."})
		if err != nil || agreed {
			return err
		}
		s.at = s.day(-4, 9)
		if err := s.Cohorts.ApproveJoint(ctx, s.coordinator(other.sector), id, theirs.ID); err != nil {
			return err
		}
		agreed = true
	}
	return nil
}

// jointAgendas are what both sides read of the sessions that the map plans together.
var jointAgendas = map[int]string{
	4: "Welcome and ground rules\nWho does what: two jobs, two roles\nEtiquette at a scene\nClosing round",
	5: "Opening round\nNotification drill, with an invented case\nWhat the drill taught us\nClosing round",
	6: "Opening round\nFairness and respect in practice\nWhat each side takes home\nClosing round",
}
