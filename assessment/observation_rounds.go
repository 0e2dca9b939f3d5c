package assessment

import (
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// roundsOf puts lines, in their order, into the rounds they belong to.
func roundsOf(lines []ObservationLine, rubrics map[RubricHash]Rubric) []Round {
	var rounds []Round
	for _, line := range lines {
		for len(rounds) < line.Round {
			rounds = append(rounds, Round{Number: len(rounds) + 1, Settled: map[string]ObservationLine{}})
		}
		rounds[line.Round-1].take(line, rubrics)
	}
	return rounds
}

// take adds a line, which is the newest so far.
func (r *Round) take(line ObservationLine, rubrics map[RubricHash]Rubric) {
	if r.last == 0 {
		r.Rubric = rubrics[line.RubricHash]
	}
	r.last = line.Seq
	switch {
	case line.Late:
		r.Late = append(r.Late, line)
	case line.Kind == DifferenceSettled:
		r.Settled[line.Criterion] = line
	case line.Kind == ObservationReleased:
		r.Release = &line
	default:
		r.sheetFor(line).take(line)
	}
}

func (r *Round) sheetFor(line ObservationLine) *Sheet {
	for i := range r.Sheets {
		if r.Sheets[i].By == line.ByPerson {
			return &r.Sheets[i]
		}
	}
	r.Sheets = append(r.Sheets, Sheet{By: line.ByPerson, Name: line.ByName, Seen: map[string]Seen{}, Begun: line.ReceivedAt})
	return &r.Sheets[len(r.Sheets)-1]
}

func (s *Sheet) take(line ObservationLine) {
	if line.Kind == SheetSent {
		s.Sent = true
		return
	}
	s.Seen[line.Criterion] = Seen{Criterion: line.Criterion, Level: line.Level, Note: line.Note}
}

// hideFrom takes out what the viewer may not know yet: a trainee what is not released,
// an observer the other's sheet until both have sent theirs, and who is neither an
// observer nor runs the sector all that is not released.
func (o *Observation) hideFrom(v people.Viewer) {
	for i := range o.Rounds {
		round := &o.Rounds[i]
		if round.Release != nil || round.openTo(v) && v.Person() != o.PersonID {
			continue
		}
		round.Settled, round.Late = map[string]ObservationLine{}, nil
		for n := range round.Sheets {
			if sheet := &round.Sheets[n]; sheet.By != v.Person() || v.Person() == o.PersonID {
				sheet.Seen = map[string]Seen{}
			}
		}
	}
}

// openTo says whether the viewer may see all sheets of a round that is not released.
func (r Round) openTo(v people.Viewer) bool {
	if r.Sent() == 0 || r.Sent() < len(r.Sheets) {
		return false
	}
	_, observer := r.Sheet(v.Person())
	return observer || v.RunsSector()
}

// ComparedBy says whether the viewer may compare the sheets of the round, settle and
// release: they sent theirs, or they run the sector and observe nothing here themselves.
func (r Round) ComparedBy(v people.Viewer) bool {
	own, observer := r.Sheet(v.Person())
	if observer {
		return own.Sent
	}
	return r.openTo(v)
}

// JoinedBy says whether the viewer has a sheet in the round, or may begin one.
func (r Round) JoinedBy(v people.Viewer) bool {
	_, observer := r.Sheet(v.Person())
	return observer || len(r.Sheets) < MostObservers
}
