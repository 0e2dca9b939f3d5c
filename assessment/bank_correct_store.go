package assessment

import (
	"context"
	"fmt"
	"slices"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// CorrectQuestion makes a new version of a question of a bank, with a reason. Checks that
// hold the question stay as they are; see UpdateChecks. Fails with fault.NotFound for who
// may not write there, with fault.Invalid where the text has problems, which the proof
// names, or is what stands there, and with fault.Conflict where a newer version stands.
func (s Store) CorrectQuestion(ctx context.Context, v people.Viewer, code string, id BankID, c BankCorrection) (BankProof, error) {
	var proof BankProof
	return proof, s.inTx(ctx, func(ctx context.Context, s Store) error {
		if err := s.bankToWrite(ctx, v, code); err != nil {
			return err
		}
		h, err := s.BankQuestion(ctx, v, code, id)
		if err != nil {
			return err
		}
		var english Written
		var spanish *Written
		english, spanish, proof = c.read(h.Question.Name)
		if err := c.validate(proof); err != nil {
			return err
		}
		version := BankVersion{QuestionID: id, Number: c.Seen + 1, Title: h.Question.Title, ModuleID: h.Question.ModuleID, SourceEN: english.Markdown(),
			Reason: c.Reason, ByPerson: nullPerson(v), At: s.now()}
		if spanish != nil {
			version.SourceES = spanish.Markdown()
		}
		version.Hash = digest(version.Title, version.SourceEN, version.SourceES)
		if len(h.Versions) > 0 && h.Versions[0].Hash == version.Hash {
			return fault.Invalid("source_en", "assessment.questions.unchanged")
		}
		row := BankQuestion{ID: id, ModuleID: h.Question.ModuleID, Version: version.Number, Spanish: spanish != nil}
		row.describe(english, version.Title)
		if err := s.renew(ctx, &row, c.Seen); err != nil {
			return err
		}
		_, err = s.db.NewInsert().Model(&version).Exec(ctx)
		return err
	})
}

// UpdateChecks writes the newest version of a question of a bank into the checks of
// modules that hold another one: into a draft of each, begun where there is none, so that
// they are reviewed before they are published. Fails with fault.NotFound for a module whose
// check doesn't hold the question otherwise, and with fault.Conflict where its draft is
// with a reviewer or has lost the question.
func (s Store) UpdateChecks(ctx context.Context, v people.Viewer, texts content.Store, code string, id BankID, modules []string) (drafts []content.DraftID, err error) {
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		if err := s.bankToWrite(ctx, v, code); err != nil {
			return err
		}
		h, err := s.BankQuestion(ctx, v, code, id)
		if err != nil {
			return err
		}
		for _, module := range modules {
			i := slices.IndexFunc(h.Uses, func(u BankUse) bool { return u.ModuleID == module && !u.Same })
			if i < 0 {
				return fmt.Errorf("check of %q: %w", module, fault.NotFound)
			}
			draft, err := intoDraft(ctx, v, texts.In(s.db), h.Uses[i], h.Versions[0].BankVersion)
			if err != nil {
				return err
			}
			drafts = append(drafts, draft)
		}
		return nil
	})
	return drafts, err
}

// draftsLooked is how many open drafts of a sector are looked through.
const draftsLooked = 500

// intoDraft writes a version of a question into the open draft of a module, or a new one.
func intoDraft(ctx context.Context, v people.Viewer, texts content.Store, use BankUse, version BankVersion) (content.DraftID, error) {
	open, err := texts.Drafts(ctx, v, draftsLooked)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(open, func(d content.Draft) bool { return d.ProtocolID == "" && string(d.ModuleID) == use.ModuleID })
	var id content.DraftID
	switch {
	case i < 0:
		if id, err = texts.Revise(ctx, v, content.ModuleID(use.ModuleID)); err != nil {
			return "", err
		}
	case open[i].State == content.Waiting:
		return "", fault.Conflict("assessment.questions.draft_waits", "Module", use.ModuleID)
	default:
		id = open[i].ID
	}
	_, written, err := texts.Draft(ctx, v, id)
	if err != nil {
		return "", err
	}
	for part, lang := range map[content.Part]content.Lang{content.EnglishCheck: content.English, content.SpanishCheck: content.Spanish} {
		if lang == content.Spanish && (version.SourceES == "" || written[part].Source == "") {
			continue
		}
		w := version.Written(lang)
		w.ID = use.QuestionID
		source, there := withQuestion(written[part].Source, w)
		if !there {
			return "", fault.Conflict("assessment.questions.draft_lost", "Module", use.ModuleID)
		}
		saved, err := texts.Save(ctx, v, id, part, written[part].ID, source)
		if err != nil {
			return "", err
		}
		if saved.Aside {
			return "", fault.Conflict("assessment.bank.meanwhile")
		}
	}
	return id, nil
}
