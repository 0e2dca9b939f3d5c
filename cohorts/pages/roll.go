package pages

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// rollPage is a roll call: the circle, and the person whose turn it is.
type rollPage struct {
	Session  cohorts.Session
	Seats    []cohorts.Seat
	Labels   []string
	Now      int // index of the seat whose turn it is; -1 where all are marked
	Skip     int // index of the next one not marked after that; -1 for none
	Last     int // index of the seat that was marked last; -1 where the page doesn't know
	Marks    []cohorts.Mark
	Line     string
	Self     bool // the viewer closed the roll: somebody else confirms
	Time     time.Time
	Done     string
	Failed   *web.Errors
	CanClose bool
	Disputed []cohorts.Mark // of those whom two devices have marked differently
	Paper    bool           // what is marked is read from a sheet of paper
}

// Minutes are the chips that a late coming or an early leaving offers.
var minuteChips = []int{5, 10, 15, 30, 60}

func (p rollPage) open() bool { return p.Session.State == cohorts.Planned }

// here counts who is present, late ones too.
func (p rollPage) here() int { return p.count("present") + p.count("late") }

func (p rollPage) count(state string) int {
	n := 0
	for _, seat := range p.Seats {
		if stateOf(seat) == state {
			n++
		}
	}
	return n
}

// saved is when the newest mark reached the Academy; zero before the first.
func (p rollPage) saved() time.Time {
	var newest time.Time
	for _, seat := range p.Seats {
		if seat.MarkedAt != nil && seat.MarkedAt.After(newest) {
			newest = *seat.MarkedAt
		}
	}
	return newest
}

// early says whether the roll can't be taken yet.
func (p rollPage) early() bool { return p.open() && !p.Session.RollTakes(p.Time) }

// slip is the seat whose newest mark one tap takes back: of the person in turn, else of
// the one marked last; -1 for none.
func (p rollPage) slip() int {
	for _, at := range []int{p.Now, p.Last} {
		if at >= 0 && p.Seats[at].Marked() {
			return at
		}
	}
	return -1
}

// href leads to one seat: "" while no mark can be made, and down to the marks of a
// closed roll, which stand below the circle.
func (p rollPage) href(i int) string {
	if p.early() {
		return ""
	}
	href := fmt.Sprintf("/sessions/%s/roll?%sseat=%s", p.Session.ID, fromPaper(p.Paper), p.Seats[i].EnrolmentID)
	if !p.open() {
		href += "#turn"
	}
	return href
}

// said are the lines of one person of whom two devices say different things.
func (p rollPage) said(seat cohorts.Seat) (lines []cohorts.Mark) {
	for _, mark := range p.Disputed {
		if mark.EnrolmentID == seat.EnrolmentID {
			lines = append(lines, mark)
		}
	}
	return lines
}

// fromPaper keeps an address on the sheet of paper that is being read.
func fromPaper(paper bool) string {
	if paper {
		return "paper=1&"
	}
	return ""
}

// stateOf is how a seat is drawn.
func stateOf(seat cohorts.Seat) string {
	switch {
	case !seat.Marked():
		return "open"
	case seat.Late():
		return "late"
	}
	return string(seat.Status)
}

// nextUnmarked is the first seat after one that is not marked, going around; -1 for none.
func nextUnmarked(seats []cohorts.Seat, after int) int {
	for i := range seats {
		at := (after + 1 + i) % len(seats)
		if !seats[at].Marked() {
			return at
		}
	}
	return -1
}

func seatOf(seats []cohorts.Seat, id cohorts.EnrolmentID) int {
	for i, seat := range seats {
		if seat.EnrolmentID == id {
			return i
		}
	}
	return -1
}

// labels are the short names on the seats: two letters that grow until no two are
// alike, then the initial of the family name, then a number.
func labels(seats []cohorts.Seat) []string {
	names := make([][]rune, len(seats))
	made := make([]string, len(seats))
	for i, seat := range seats {
		names[i] = letters(seat.Name)
		made[i] = cut(names[i], 2)
	}
	for size := 3; size <= 4; size++ {
		for i, twin := range twins(made) {
			if twin {
				made[i] = cut(names[i], size)
			}
		}
	}
	for i, twin := range twins(made) {
		if twin {
			made[i] = cut(names[i], 2) + initial(seats[i].Name)
		}
	}
	seen := map[string]int{}
	for i, twin := range twins(made) {
		if twin {
			seen[made[i]]++
			made[i] = cut(names[i], 2) + fmt.Sprint(seen[made[i]])
		}
	}
	return made
}

func twins(made []string) []bool {
	count := map[string]int{}
	for _, label := range made {
		count[label]++
	}
	twin := make([]bool, len(made))
	for i, label := range made {
		twin[i] = count[label] > 1
	}
	return twin
}

func letters(name string) []rune {
	first, _, _ := strings.Cut(name, " ")
	return []rune(first)
}

func cut(name []rune, size int) string {
	if len(name) < size {
		return string(name)
	}
	for size < len(name) && unicode.Is(unicode.Mn, name[size]) {
		size++ // a letter keeps its accents
	}
	return string(name[:size])
}

func initial(name string) string {
	_, family, _ := strings.Cut(name, " ")
	for _, r := range family {
		return string(r)
	}
	return ""
}

// legendWord names a state of the circle as the statuses are named.
func legendWord(state string) string {
	if state == "open" {
		return string(cohorts.Unmarked)
	}
	return state
}

func turnWord(seat cohorts.Seat) string {
	if seat.Marked() {
		return "cohorts.roll.change"
	}
	return "cohorts.roll.next"
}
