package app

import (
	"context"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// practise records the practicals: as many of the edition's as its sessions have come to,
// and the final project of one in three who are near the end.
func (s *seeder) practise(ctx context.Context, c *class) error {
	near := len(c.sessions)-c.taught <= 6
	for i, m := range c.members {
		for n, practical := range c.edition.Practicals {
			session := (n + 1) * len(c.sessions) / (len(c.edition.Practicals) + 1)
			due := session < c.taught
			if practical.ID == courses.CapstoneID {
				session, due = c.taught-1, near && i%3 == 0
			}
			late := c.late(i) && i == len(c.members)-1 && n == 0
			if !due && !c.held || late {
				continue
			}
			s.at = c.sessions[min(session, c.taught-1)].EndsAt.Add(-30 * time.Minute)
			if err := s.record(ctx, c, m, practical.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// record notes what the instructor saw: some need a second time.
func (s *seeder) record(ctx context.Context, c *class, m member, practical string) error {
	levels := []assessment.Level{assessment.Demonstrated}
	switch draw := s.mix.IntN(100); {
	case draw >= m.grasp:
		levels = []assessment.Level{assessment.NotYet, assessment.Practised}
	case draw%3 == 0:
		levels[0] = assessment.Practised
	}
	for _, level := range levels {
		if err := s.Assessment.Record(ctx, s.teacher(c.demoCohort), m.enrolment, practical, level, ""); err != nil {
			return err
		}
	}
	return nil
}

// graduate lets a director decide on everyone of a class that is over but those who are
// late. Of the newer class one certificate is on hold and one revoked after; of the older
// one, the first has expired, and the others soon will.
func (s *seeder) graduate(ctx context.Context, c *class) error {
	if !c.held {
		return nil
	}
	director := s.viewer("director", c.sector, people.Director, people.Coordinator)
	for i, m := range c.members {
		s.at = s.day(-21, 18)
		if c.former && i == 0 {
			s.at = s.yearAgo(-16)
		} else if c.former {
			s.at = s.yearAgo(20)
		}
		if c.late(i) {
			continue
		}
		certificate, err := s.Certificates.Graduate(ctx, director, m.enrolment)
		if err != nil {
			return err
		}
		if m.account != "" {
			if err := s.useCertificate(ctx, c, m, certificate); err != nil {
				return err
			}
		}
		switch last := len(c.members) - 3; {
		case c.former:
		case i == last:
			s.at = s.day(-9, 10)
			err = s.Certificates.Revoke(ctx, director, certificate.ID, "issued_in_error")
		case i == last-1:
			s.at = s.day(-2, 15)
			err = s.Certificates.Hold(ctx, director, certificate.ID, "under_review")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) yearAgo(days int) time.Time {
	return time.Date(s.today.Year()-1, s.today.Month(), s.today.Day()+days, 18, 0, 0, 0, s.zone)
}

// useCertificate lets a graduate make copies for two receivers, who check them, and end one.
func (s *seeder) useCertificate(ctx context.Context, c *class, m member, certificate certificates.Certificate) error {
	v := people.Seen(m.person, c.sector, []people.Role{people.Trainee}, nil)
	made := make([]certificates.Copy, 2)
	for i, n := range []certificates.NewCopy{
		{Label: "My supervisor", Name: certificates.ChosenName, Language: "en", Line: "first"},
		{Label: "New job, hospital team", EndsOn: s.day(45, 12).Format(time.DateOnly), Name: certificates.ChosenName, Language: "both", Line: "second"},
	} {
		var err error
		s.at, n.Certificate = s.day(-19+2*i, 20), certificate.ID
		if made[i], err = s.Certificates.MakeCopy(ctx, v, n); err != nil {
			return err
		}
		if err := s.Certificates.Draw(ctx, v, made[i].ID); err != nil {
			return err
		}
	}
	for _, check := range []struct {
		day, copy int
		how       certificates.How
	}{{-16, 0, certificates.ByCode}, {-12, 1, certificates.ByCode}, {-11, 1, certificates.ByFile}, {-6, 0, certificates.ByNumber}, {-2, 1, certificates.ByNumber}} {
		s.at = s.day(check.day, 11)
		if _, err := s.Certificates.CheckNumber(ctx, number.Copy{Number: certificate.Number, Share: made[check.copy].Share}, check.how); err != nil {
			return err
		}
	}
	s.at = s.day(-1, 8)
	return s.Certificates.EndCopy(ctx, v, made[0].ID)
}
