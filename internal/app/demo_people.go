package app

import (
	"context"
	"strings"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// hrPartner is the place, in the list of partners, of the one whose HR has an account.
const hrPartner = 3

// organisations dates the partnerships: all of CP4P's fourteen partners of today.
func (s *seeder) organisations(ctx context.Context) error {
	started := s.day(-900, 9).Format("2006-01-02")
	list, err := s.People.Organisations(ctx)
	if err != nil {
		return err
	}
	for _, o := range list {
		switch o.Kind {
		case people.Partner:
			s.partners = append(s.partners, o.ID)
		case people.Police:
			s.police = o.ID
		case people.Academy:
			s.academy = o.ID
		}
		if err := s.People.Partner(ctx, people.System(people.Outreach), o.ID, started, ""); err != nil {
			return err
		}
	}
	return nil
}

// staff makes the accounts that the contract names, with their grants and tokens.
func (s *seeder) staff(ctx context.Context) error {
	named := map[string]people.NewPerson{
		"trainee":            {GivenName: "Tasha", FamilyName: "Reyes"},
		"trainee.es":         {GivenName: "Lucía", FamilyName: "Castillo Núñez", Language: "es"},
		"graduate":           {GivenName: "Andre", FamilyName: "Whitfield"},
		"officer":            {GivenName: "Kevin", FamilyName: "Zielinski"},
		"instructor":         {GivenName: "Denise", FamilyName: "Washington", Roles: []people.Role{people.Instructor}},
		"instructor.police":  {GivenName: "Raymond", FamilyName: "Ortiz", Roles: []people.Role{people.Instructor}},
		"coordinator":        {GivenName: "Monique", FamilyName: "Baptiste", Roles: []people.Role{people.Coordinator}},
		"coordinator.police": {GivenName: "Ellen", FamilyName: "Murphy", Roles: []people.Role{people.Coordinator}},
		"hr":                 {GivenName: "Bernice", FamilyName: "Langston", Roles: []people.Role{people.PartnerHR}},
		"author":             {GivenName: "Samuel", FamilyName: "Oyelaran", Roles: []people.Role{people.Author}},
		"director":           {GivenName: "Vanessa", FamilyName: "Coleman", Roles: []people.Role{people.Director, people.Coordinator}},
		"auditor":            {GivenName: "Piotr", FamilyName: "Greer"},
	}
	for key, person := range map[string]people.NewPerson{
		"second": {GivenName: "Marcus", FamilyName: "Tillman", Email: "marcus.tillman@example.org"},
		"third":  {GivenName: "Noemí", FamilyName: "Carrasco", Email: "noemi.carrasco@example.org"},
	} {
		person.Roles, person.Organisation = []people.Role{people.Instructor}, s.academy
		id, err := s.People.AddPerson(ctx, people.System(people.Outreach), person)
		if err != nil {
			return err
		}
		s.accounts[key] = id
	}
	bySector := map[people.Sector][]people.PersonID{}
	for _, account := range demoAccounts {
		person := named[account.name]
		person.Email = account.name + "@demo.test"
		person.Organisation = s.employer(account)
		if account.name == "hr" {
			person.Roles = []people.Role{people.Trainee}
		}
		id, err := s.People.AddPerson(ctx, people.System(account.sector), person)
		if err != nil {
			return err
		}
		s.accounts[account.name] = id
		bySector[account.sector] = append(bySector[account.sector], id)
	}
	for sector, ids := range bySector {
		if err := s.People.GiveSecrets(ctx, people.System(sector), ids, DemoPassword); err != nil {
			return err
		}
	}
	if err := s.grants(ctx); err != nil {
		return err
	}
	for _, account := range demoAccounts {
		if err := s.People.KeepToken(ctx, people.System(account.sector), s.accounts[account.name], account.sector, people.Scopes, "demo-"+account.name); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) employer(account demoAccount) people.OrganisationID {
	switch {
	case account.name == "trainee", account.name == "trainee.es", account.name == "graduate", account.name == "hr":
		return s.partners[hrPartner]
	case account.sector == people.LawEnforcement && !strings.Contains(account.name, "coordinator"):
		return s.police
	}
	return s.academy
}

// grants gives what stands beyond a home role: bridges, an employer's HR, an audit.
func (s *seeder) grants(ctx context.Context) error {
	system := people.System(people.Outreach)
	for _, grant := range []people.Grant{
		{PersonID: s.accounts["director"], Role: people.Director, Sector: people.LawEnforcement, Reason: "Signs the certificates of both sides"},
		{PersonID: s.accounts["coordinator"], Role: people.Coordinator, Sector: people.LawEnforcement, Reason: "Plans the parallel cohorts"},
		{PersonID: s.accounts["hr"], Role: people.PartnerHR, OrganisationID: s.partners[hrPartner]},
		{PersonID: s.accounts["auditor"], Role: people.Auditor, EndsOn: s.day(60, 9).Format("2006-01-02")},
	} {
		if _, err := s.People.Grant(ctx, system, grant); err != nil {
			return err
		}
	}
	return nil
}
