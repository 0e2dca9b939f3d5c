package people

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// rename writes a person's names and language with the keys that find them.
func (s Store) rename(ctx context.Context, id PersonID, sector Sector, given, family, chosen, language string) error {
	result, err := s.db.ExecContext(ctx, `UPDATE persons SET given_name = ?, family_name = ?, chosen_name = ?, language = ?, sort_key = ?
		WHERE id = ? AND sector = ? AND closed_at IS NULL`,
		given, family, chosen, language, orderKey(FullName(chosen, given, family)), id, sector)
	if err := database.Changed(result, err, fault.NotFound); err != nil {
		return err
	}
	if _, err := s.db.ExecContext(ctx, `DELETE FROM name_keys WHERE person_id = ?`, id); err != nil {
		return err
	}
	return s.insertNameKeys(ctx, id, sector, given, family, chosen)
}

// GoBy changes one's own chosen name ("" for the given one) and language. It holds
// everywhere at once, and on certificates issued from then on.
func (s Store) GoBy(ctx context.Context, v Viewer, chosen, language string) error {
	var wrong fault.InvalidError
	chosen = cleanName(&wrong, "chosen_name", chosen)
	if language != "en" && language != "es" {
		wrong.Add("language", "people.language.odd")
	}
	if err := wrong.OrNil(); err != nil {
		return err
	}
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		s := s.In(tx)
		p, err := s.Person(ctx, v, v.Person())
		if err != nil {
			return err
		}
		return s.rename(ctx, p.ID, p.Sector, p.GivenName, p.FamilyName, chosen, language)
	})
}

// SpeakTo changes the language in which one's own pages are written.
func (s Store) SpeakTo(ctx context.Context, v Viewer, language string) error {
	if language != "en" && language != "es" {
		return fault.Invalid("language", "people.language.odd")
	}
	result, err := s.db.ExecContext(ctx, `UPDATE persons SET language = ? WHERE id = ? AND closed_at IS NULL`, language, v.Person())
	return database.Changed(result, err, fault.NotFound)
}

// Close ends an account of the viewer's sector: every session, link, API token,
// sign-in name, secret and grant goes, and the address is free for a new account.
// Records and certificates stay. Who may is as in MakeLink.
func (s Store) Close(ctx context.Context, v Viewer, person PersonID) error {
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		s, today := s.In(tx), s.Today()
		result, err := tx.ExecContext(ctx, `UPDATE persons SET closed_at = ?, external_id = NULL WHERE `+withinPower,
			append([]any{s.now()}, powerArgs(v, person, today)...)...)
		if err := database.Changed(result, err, fault.NotFound); err != nil {
			return err
		}
		for _, statement := range []string{
			`DELETE FROM sign_ins WHERE person_id = ?`,
			`DELETE FROM one_time_links WHERE person_id = ?`,
			`DELETE FROM sign_in_names WHERE person_id = ?`,
			`DELETE FROM secrets WHERE person_id = ?`,
		} {
			if _, err := tx.ExecContext(ctx, statement, person); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE api_tokens SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL`, s.now(), person); err != nil {
			return err
		}
		for _, table := range []string{"grants", "employments"} {
			_, err := tx.ExecContext(ctx, `UPDATE ? SET ends_on = ? WHERE person_id = ? AND (ends_on IS NULL OR ends_on > ?)`,
				bun.Ident(table), today, person, today)
			if err != nil {
				return err
			}
		}
		return s.Note(ctx, v, "closed", person, "")
	})
}
