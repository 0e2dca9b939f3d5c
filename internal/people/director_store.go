package people

import "context"

// FirstDirector gives who may open the Academy's first link: a director of the sector
// who was entered and can't sign in yet. Led says that some director can, and there is no
// more need for one; who is neither is still to be entered.
func (s Store) FirstDirector(ctx context.Context, v Viewer) (waiting PersonID, led bool, err error) {
	var all []struct {
		ID   PersonID
		Able bool
	}
	err = s.db.NewRaw(`SELECT persons.id,
		EXISTS (SELECT 1 FROM secrets WHERE secrets.person_id = persons.id)
			AND EXISTS (SELECT 1 FROM sign_in_names WHERE sign_in_names.person_id = persons.id) AS able
		FROM persons JOIN grants ON grants.person_id = persons.id AND grants.role = ? AND (grants.ends_on IS NULL OR grants.ends_on >= ?)
		WHERE persons.sector = ? AND persons.closed_at IS NULL ORDER BY persons.created_at DESC, persons.id DESC`,
		Director, s.Today(), v.Sector()).Scan(ctx, &all)
	for _, one := range all {
		waiting, led = one.ID, led || one.Able
	}
	return waiting, led, err
}
