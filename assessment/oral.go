package assessment

// A check may be answered aloud: an instructor asks its questions and enters what the
// person says. It is an attempt like any other, with the same tries, pins and receipt,
// and no clock. While it runs only who asks sees its questions, never the key, and never
// the trainee's reflections, which stay theirs. One that the trainee began alone may be
// taken over, with their answers so far: who needs to be read to finds that out half way,
// and shall lose neither answers nor a try by it.

// Hearing is one person of a cohort, with where they stand at a module's check.
type Hearing struct {
	Check
	names
	Best    *int      `bun:"best"`    // percent; nil where nothing counts yet
	Attempt AttemptID `bun:"attempt"` // the one that runs, "" where none does
	Asker   string    `bun:"asker"`   // first name of who asks it aloud, "" where the person answers alone
}

// Name is the person's first name and initial.
func (h Hearing) Name() string { return h.short() }

// Aloud are the questions that are asked aloud: all but reflections.
func (p Paper) Aloud() (list []Question) {
	for _, q := range p.Questions {
		if q.Type != Reflection {
			list = append(list, q)
		}
	}
	return list
}

// Silent are the positions of those that are not.
func (p Paper) Silent() (positions []int) {
	for _, q := range p.Questions {
		if q.Type == Reflection {
			positions = append(positions, q.Position)
		}
	}
	return positions
}
