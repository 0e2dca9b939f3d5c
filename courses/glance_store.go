package courses

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// glanceQuestion asks what a module's page can't know without the database, in one row:
// which versions of it ($2) and of its neighbours ($3, $4) the viewer may see now, each as
// content.Recall takes it; the protocols that they cite; and the viewer's own reading ($1).
var glanceQuestion = `SELECT COALESCE((SELECT string_agg(mv.hash || ' ' || mv.drawing, ',') FROM module_versions AS mv
		WHERE mv.module_id IN ($2, $3, $4) AND mv.lang IN ($5, 'en') AND ` + content.VisibleIn("$6", "$7") + `), ''),
	COALESCE((` + content.CitedIn("$2", "$5", "$6", "$7") + `), ''),
	COALESCE(r.hash, ''), COALESCE(r.lang, ''), r.opened_at, COALESCE(r.furthest, 0), r.done_at`

// glanceGuide is whether the guide is open to the viewer, for who teaches or writes.
var glanceGuide = `EXISTS (SELECT 1 FROM guides AS g WHERE g.module_id = $2 AND ` + content.AnswersOpenIn("$1", "g.module_id") + `)`

const glanceFrom = ` FROM (SELECT 1 AS one) AS here LEFT JOIN readings AS r ON r.person_id = $1 AND r.module_id = $2`

// glance gives a module with its neighbours as way does, without reading what this process
// has read before. ok is false when there is a version among them that it has not.
func (s Store) glance(ctx context.Context, v people.Viewer, id, before, after content.ModuleID, lang content.Lang, e Edition) (way Way, ok bool, err error) {
	guide := "FALSE"
	if content.TeachesOrWrites(v) {
		guide = glanceGuide
	}
	var names, cited string
	var step Step
	var opened, done database.Moment
	err = database.Ask(ctx, s.db, glanceQuestion+", "+guide+glanceFrom, []any{v.Person(), id, before, after, lang, v.Sector(), s.now()}, func(row database.Row) error {
		return row.Scan(&names, &cited, &step.Reading.Hash, &step.Reading.Lang, &opened, &step.Reading.Furthest, &done, &step.guide)
	})
	if err != nil {
		return nil, false, fmt.Errorf("module %q: %w", id, err)
	}
	step.Reading.PersonID, step.Reading.ModuleID, step.Reading.OpenedAt, step.Reading.DoneAt = v.Person(), id, opened.Time, done.Time
	chosen, ok := s.chosen(names, lang, e)
	if !ok {
		return nil, false, nil
	}
	way = Way{}
	for _, m := range chosen {
		m.Fallback = m.Lang != lang
		way[m.ID] = Step{Module: m}
	}
	if m, found := chosen[id]; found {
		if step.Module, ok = s.content.RecallText(m, citedBy(m.Hash, cited)); !ok {
			return nil, false, nil
		}
		step.Module.Fallback = step.Module.Lang != lang
		way[id] = step
	}
	return way, true, nil
}

// chosen are the versions that way would give, of those with these names.
func (s Store) chosen(names string, lang content.Lang, e Edition) (chosen map[content.ModuleID]content.Module, ok bool) {
	var all []content.Module
	for name := range strings.SplitSeq(names, ",") {
		m, known := s.content.Recall(name)
		if !known && name != "" {
			return nil, false
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b content.Module) int {
		return cmp.Or(cmp.Compare(b2i(a.Lang != lang), b2i(b.Lang != lang)), cmp.Compare(b.Version, a.Version))
	})
	chosen = map[content.ModuleID]content.Module{}
	for _, m := range all {
		if known, taken := chosen[m.ID]; m.ID != "" && (!taken || e.prefers(m, known)) {
			chosen[m.ID] = m
		}
	}
	return chosen, true
}

func b2i(is bool) int {
	if is {
		return 1
	}
	return 0
}

// citedBy are the rows of content.CitedIn of one version, as Module.Cited has them.
func citedBy(hash content.Hash, rows string) string {
	var cited []string
	for row := range strings.SplitSeq(rows, "\n") {
		if rest, found := strings.CutPrefix(row, string(hash)+" "); found {
			cited = append(cited, rest)
		}
	}
	slices.Sort(cited)
	return strings.Join(cited, "\n")
}
