package pages

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/desk"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// words: desk.report.col.*, desk.report.session_state.*, desk.report.change.*, desk.report.mandate.*, desk.report.result.*
// words: cohorts.status.*, cohorts.reason.*, cohorts.make_up_kind.*, desk.home.role.*

func heads(ctx context.Context, keys ...string) (said []string) {
	for _, key := range keys {
		said = append(said, web.T(ctx, "desk.report.col."+key))
	}
	return said
}

// editionTable names the edition that was taught: its rules, and the hash of its file, by
// which it is told from every other.
func editionTable(ctx context.Context, e courses.Edition) reportTable {
	hash := sha256.Sum256([]byte(e.Source))
	return reportTable{Title: web.T(ctx, "desk.report.edition"), Head: heads(ctx, "what", "value"), Rows: [][]any{
		{web.T(ctx, "desk.report.course"), e.Title(lang(ctx))},
		{web.T(ctx, "desk.report.edition"), e.CourseCode + " " + e.Name},
		{web.T(ctx, "desk.report.in_force"), e.InForceOn},
		{web.T(ctx, "desk.report.col.minutes"), e.Minutes},
		{web.T(ctx, "desk.report.hour"), e.Hour},
		{web.T(ctx, "desk.report.grace"), e.Grace},
		{web.T(ctx, "desk.report.pass"), e.KnowledgePass},
		{web.T(ctx, "desk.report.self_study"), e.SelfStudy},
		{"SHA-256", hex.EncodeToString(hash[:])},
	}}
}

func sessionsTable(ctx context.Context, p cohorts.Pack) reportTable {
	table := reportTable{Title: web.T(ctx, "desk.report.sessions"),
		Head: heads(ctx, "session", "topic", "planned_start", "planned_end", "actual_start", "actual_end", "minutes", "held", "state", "closed", "confirmed")}
	for _, s := range p.Sessions {
		held := any(nil)
		if s.State == cohorts.Closed || s.State == cohorts.Confirmed {
			held = s.Held(s.Grace)
		}
		table.Rows = append(table.Rows, []any{s.Position, s.Title(web.Language(ctx)), stamp(&s.StartsAt, s.Zone()), stamp(&s.EndsAt, s.Zone()),
			stamp(s.ActualStartsAt, s.Zone()), stamp(s.ActualEndsAt, s.Zone()), s.Minutes, held,
			web.T(ctx, "desk.report.session_state."+string(s.State)), stamp(s.ClosedAt, s.Zone()), stamp(s.ConfirmedAt, s.Zone())})
	}
	return table
}

// stamp is a moment as a record tells it, on the clock of the class; "" for none.
func stamp(t *time.Time, zone *time.Location) string {
	if t == nil {
		return ""
	}
	return t.In(zone).Format("2006-01-02 15:04")
}

func instructorsTable(ctx context.Context, p cohorts.Pack) reportTable {
	table := reportTable{Title: web.T(ctx, "desk.report.instructors"), Head: heads(ctx, "name", "role", "from", "to")}
	for _, i := range p.Instructors {
		table.Rows = append(table.Rows, []any{i.Name, web.T(ctx, "desk.home.role."+string(i.Role)), stamp(&i.AppointedAt, p.Cohort.Zone()), stamp(i.EndedAt, p.Cohort.Zone())})
	}
	return table
}

// attendanceTable is the sheet: a row for each person, a column for each session, the
// minutes that it brought, or why it brought none.
func attendanceTable(ctx context.Context, p cohorts.Pack) reportTable {
	table := reportTable{Title: web.T(ctx, "desk.report.attendance"), Head: heads(ctx, "who", "attended", "made_up", "of")}
	for _, s := range p.Sessions {
		table.Head = append(table.Head, strconv.Itoa(s.Position)+" · "+s.StartsAt.In(s.Zone()).Format(time.DateOnly))
	}
	for _, seat := range p.Seats {
		row := []any{seat.Label, seat.Attended, seat.MadeUp, seat.Required}
		for _, s := range p.Sessions {
			row = append(row, sheetCell(ctx, seat, s))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

func sheetCell(ctx context.Context, seat cohorts.PackSeat, s cohorts.Session) any {
	cell, marked := seat.Cells[s.ID]
	switch {
	case !marked:
		return nil
	case cell.Status == cohorts.Present && cell.MadeUp == 0:
		return cell.Earned
	case cell.MadeUp == 0:
		return web.T(ctx, "cohorts.status."+string(cell.Status))
	}
	return web.T(ctx, "desk.report.made_up", "Status", web.T(ctx, "cohorts.status."+string(cell.Status)), "Earned", cell.Earned, "Minutes", cell.MadeUp)
}

func changesTable(ctx context.Context, p cohorts.Pack) reportTable {
	table := reportTable{Title: web.T(ctx, "desk.report.changes"), Head: heads(ctx, "when", "who", "session", "what", "value", "reason", "minutes", "by")}
	for _, c := range p.Changes {
		value, reason, minutes := web.T(ctx, "cohorts.status."+c.Code), any(nil), any(nil)
		if c.Kind == cohorts.MarkCorrected {
			reason = web.T(ctx, "cohorts.reason."+c.Reason)
		} else {
			value, minutes = web.T(ctx, "cohorts.make_up_kind."+c.Code), c.Minutes
		}
		table.Rows = append(table.Rows, []any{stamp(&c.At, p.Cohort.Zone()), c.Label, c.Position, web.T(ctx, "desk.report.change."+string(c.Kind)), value, reason, minutes, c.ByName})
	}
	return table
}

// rosterTable is who was in the class and how it ended for them, with the minutes that
// count for each mandated topic.
func rosterTable(ctx context.Context, r desk.Regulated) reportTable {
	table := reportTable{Title: web.T(ctx, "desk.report.roster"), Head: heads(ctx, "name", "class", "result", "attended", "made_up", "of")}
	topics := append([]courses.Mandate{}, courses.Mandates...)
	for _, topic := range topics {
		table.Head = append(table.Head, web.T(ctx, "desk.report.mandate."+string(topic)))
	}
	for _, seat := range r.Seats {
		row := []any{seat.Label, r.Cohort.CourseCode + " " + strconv.Itoa(r.Cohort.Number), web.T(ctx, "desk.report.result."+string(seat.State)), seat.Attended, seat.MadeUp, seat.Required}
		sums := r.Mandated(seat, r.Edition)
		for _, topic := range topics {
			row = append(row, sums[topic])
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// lessonTable is the plan that was taught, part by part.
func lessonTable(ctx context.Context, r desk.Regulated) reportTable {
	table := reportTable{Title: web.T(ctx, "desk.report.lessons"), Head: heads(ctx, "session", "topic", "module", "minutes", "mandate")}
	for _, s := range r.Edition.Sessions {
		for _, part := range s.Parts {
			mandate := ""
			if part.Mandate != "" {
				mandate = web.T(ctx, "desk.report.mandate."+string(part.Mandate))
			}
			table.Rows = append(table.Rows, []any{s.Position, part.Title(content.Lang(web.Language(ctx))), string(part.ModuleID), part.Minutes, mandate})
		}
	}
	return table
}
