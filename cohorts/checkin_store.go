package cohorts

import (
	"context"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Wrong codes are counted for each account, in whatever process they arrive: nobody's
// guesses stop those who sit beside them behind the same address.
const (
	checkInGuesses = 20
	checkInWindow  = 10 * time.Minute
)

// CheckInCode gives a session that the viewer runs, and the code that checks its
// trainees in now; the code is empty while nobody can check in.
func (s Store) CheckInCode(ctx context.Context, v people.Viewer, id SessionID) (Session, CheckInCode, error) {
	session, err := s.SessionRunBy(ctx, v, id)
	if err != nil || !session.TakesCheckIn(s.now()) {
		return session, CheckInCode{}, err
	}
	step := stepAt(s.now())
	return session, CheckInCode{Text: checkInCode(s.key, id, step), Next: time.Unix(0, 0).UTC().Add(time.Duration(step+1) * CheckInStep)}, nil
}

// ownClass is a class of the viewer's own, with their place in it.
type ownClass struct {
	Session
	EnrolmentID EnrolmentID `bun:"enrolment_id"`
}

// CheckIn marks the viewer present in the class whose code they typed. It is the one mark
// that people make on their own record: the code on the wall is the instructor's word
// that they are there (rule 17). It changes no mark that stands. Fails with fault.Invalid
// on the field code, where a code of another class reads like one that never was, and
// fault.TooMany after too many wrong ones.
func (s Store) CheckIn(ctx context.Context, v people.Viewer, typed string) (CheckedIn, error) {
	classes, err := s.ownClasses(ctx, v)
	if err != nil {
		return CheckedIn{}, err
	}
	open := []ownClass{}
	for _, class := range classes {
		if class.TakesCheckIn(s.now()) {
			open = append(open, class)
		}
	}
	if len(open) == 0 {
		return CheckedIn{}, s.whyNoCheckIn(classes)
	}
	if err := s.countGuess(ctx, v); err != nil {
		return CheckedIn{}, err
	}
	for _, class := range open {
		if !takesCode(s.key, class.ID, typedCode(typed), s.now()) {
			continue
		}
		if err := s.forgetGuesses(ctx, v); err != nil {
			return CheckedIn{}, err
		}
		return s.checkInto(ctx, v, class)
	}
	return CheckedIn{}, fault.Invalid("code", "cohorts.check_in.wrong")
}

// ownClasses are the viewer's own classes of half a day before and after.
func (s Store) ownClasses(ctx context.Context, v people.Viewer) ([]ownClass, error) {
	list := []ownClass{}
	if !v.SignedIn() {
		return list, nil
	}
	err := s.sessions(v).ColumnExpr("enrolment.id AS enrolment_id").
		Join("JOIN enrolments AS enrolment ON enrolment.cohort_id = cohort.id").
		Where("enrolment.person_id = ? AND enrolment.sector = ? AND enrolment.state = ?", v.Person(), v.Sector(), Active).
		Where("session.sector = ? AND session.state <> ? AND session.starts_at > ? AND session.starts_at < ?",
			v.Sector(), Cancelled, s.now().Add(-12*time.Hour), s.now().Add(12*time.Hour)).
		OrderExpr("session.starts_at, session.id").Limit(20).Scan(ctx, &list)
	return list, err
}

// whyNoCheckIn says why none of one's own classes takes a check-in now, whatever was typed.
func (s Store) whyNoCheckIn(classes []ownClass) error {
	over := false
	for _, class := range classes {
		if class.State == Planned && class.RollOpensAt().After(s.now()) {
			return fault.Invalid("code", "cohorts.check_in.early")
		}
		over = true
	}
	if over {
		return fault.Invalid("code", "cohorts.check_in.over")
	}
	return fault.Invalid("code", "cohorts.check_in.no_class")
}

// countGuess takes one try of the account before the code is looked at, so that many
// tries at once gain nothing.
func (s Store) countGuess(ctx context.Context, v people.Viewer) error {
	now := s.now()
	res, err := s.db.NewRaw(`INSERT INTO check_in_tries (person_id, tried, free_at) VALUES (?, 1, ?)
		ON CONFLICT (person_id) DO UPDATE SET tried = CASE WHEN check_in_tries.free_at <= ? THEN 1 ELSE check_in_tries.tried + 1 END,
		free_at = CASE WHEN check_in_tries.free_at <= ? THEN excluded.free_at ELSE check_in_tries.free_at END
		WHERE check_in_tries.free_at <= ? OR check_in_tries.tried < ?`,
		v.Person(), now.Add(checkInWindow), now, now, now, checkInGuesses).Exec(ctx)
	return database.Changed(res, err, fault.TooMany(checkInWindow, "cohorts.check_in.too_many"))
}

func (s Store) forgetGuesses(ctx context.Context, v people.Viewer) error {
	_, err := s.db.NewRaw(`DELETE FROM check_in_tries WHERE person_id = ?`, v.Person()).Exec(ctx)
	return err
}

// checkInto writes the mark, where no other stands, and posts what it earns.
func (s Store) checkInto(ctx context.Context, v people.Viewer, class ownClass) (done CheckedIn, err error) {
	done = CheckedIn{Session: class.Session, Late: class.LateAt(s.now())}
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		session, err := s.holdOwn(ctx, v, class)
		if err != nil {
			return err
		}
		res, err := s.db.NewRaw(`INSERT INTO marks (id, session_id, enrolment_id, seq, status, minutes_late, minutes_early, excuse, reason, line, made_by, made_at, received_at)
			SELECT ?, ?, e.id, (SELECT COALESCE(MAX(m.seq), 0) + 1 FROM marks AS m WHERE m.session_id = ? AND m.enrolment_id = e.id),
				?, ?, 0, '', ?, ?, e.person_id, ?, ?
			FROM enrolments AS e WHERE e.id = ? AND e.person_id = ? AND e.state = ? AND `+newestStatus+` = ?`,
			database.NewID(), session.ID, session.ID, Present, done.Late, ByCode, lineIn(string(session.ID), database.NewID()), s.now(), s.now(),
			class.EnrolmentID, v.Person(), Active, session.ID, Unmarked).Exec(ctx)
		if err != nil {
			return err
		}
		written, err := res.RowsAffected()
		if err != nil {
			return err
		}
		if written == 0 {
			done.Again = true
			return s.standsPresent(ctx, v, class)
		}
		return s.repost(ctx, v, session, class.EnrolmentID)
	})
	return done, err
}

// standsPresent is nil where the mark that stands says that the person is there.
func (s Store) standsPresent(ctx context.Context, v people.Viewer, class ownClass) error {
	marks, err := s.Marks(ctx, v, class.ID, class.EnrolmentID)
	if err != nil {
		return err
	}
	if len(marks) > 0 && marks[len(marks)-1].Status == Present {
		return nil
	}
	return fault.Invalid("code", "cohorts.check_in.marked_otherwise")
}

// holdOwn takes a class of the viewer's own for the length of the transaction, as hold
// does for who runs it, while its roll is open.
func (s Store) holdOwn(ctx context.Context, v people.Viewer, class ownClass) (Session, error) {
	res, err := s.db.NewRaw(`UPDATE sessions SET revision = revision + 1 WHERE id = ? AND state = ?
		AND EXISTS (SELECT 1 FROM enrolments AS e WHERE e.id = ? AND e.cohort_id = sessions.cohort_id AND e.person_id = ? AND e.state = ?)`,
		class.ID, Planned, class.EnrolmentID, v.Person(), Active).Exec(ctx)
	if err := database.Changed(res, err, fault.Invalid("code", "cohorts.check_in.over")); err != nil {
		return Session{}, err
	}
	return s.Session(ctx, v, class.ID)
}

// countLateAnew lets the minutes late of those who checked in follow the time at which
// class really began: who came before it was not late. Each is a line of its own; what an
// instructor marked by hand stays. The caller holds the session.
func (s Store) countLateAnew(ctx context.Context, v people.Viewer, session Session) error {
	var marks []Mark
	err := s.db.NewSelect().Model(&marks).Join("JOIN enrolments AS e ON e.id = mark.enrolment_id AND e.state <> ?", Withdrawn).
		Where("mark.session_id = ? AND mark.status = ? AND mark.reason IN (?, ?, ?) AND "+isNewest, session.ID, Present, ByCode, ByCard, ByTimes).
		OrderExpr("mark.enrolment_id").Scan(ctx)
	if err != nil {
		return err
	}
	for _, mark := range marks {
		late := session.LateAt(mark.MadeAt)
		if late == mark.MinutesLate || late+mark.MinutesEarly >= session.Cap(session.Grace) {
			continue
		}
		if _, err := s.appendMark(ctx, v, NewMark{Session: session.ID, Enrolment: mark.EnrolmentID, Status: Present, MinutesLate: late,
			MinutesEarly: mark.MinutesEarly, Reason: ByTimes, Line: lineIn(string(session.ID), "times:"+mark.ID), MadeAt: mark.MadeAt}); err != nil {
			return err
		}
	}
	return nil
}
