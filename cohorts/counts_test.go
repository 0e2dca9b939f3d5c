package cohorts_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
)

// line is a row or a column of counts with its sum: the first are as much as the last.
type countLine [][2]int

func countLines(c cohorts.Counts) (lines []countLine) {
	for i := range c.Cells {
		line := countLine{}
		for j := range c.Cells[i] {
			line = append(line, [2]int{i, j})
		}
		lines = append(lines, line)
	}
	for j := range c.Cells[0] {
		line := countLine{}
		for i := range c.Cells {
			line = append(line, [2]int{i, j})
		}
		lines = append(lines, line)
	}
	return lines
}

// workOut is somebody who reads the report and subtracts: each hidden cell lies between
// two numbers that every row and column, with its sum, narrows until nothing moves.
func workOut(c cohorts.Counts) (low, high [][]int) {
	const far = 1 << 30
	for i := range c.Cells {
		low, high = append(low, make([]int, len(c.Cells[i]))), append(high, make([]int, len(c.Cells[i])))
		for j, n := range c.Cells[i] {
			low[i][j], high[i][j] = n, n
			if c.Hidden[i][j] {
				low[i][j], high[i][j] = 0, far
			}
		}
	}
	for moved := true; moved; {
		moved = false
		for _, line := range countLines(c) {
			last := len(line) - 1
			for k, at := range line {
				// The cell is the sum less the others, or as the sum all others.
				least, most := 0, 0
				for m, other := range line {
					l, h := low[other[0]][other[1]], high[other[0]][other[1]]
					switch {
					case m == k:
					case k == last:
						least, most = least+l, most+h
					case m == last:
						least, most = least+l, most+h
					default:
						least, most = least-h, most-l
					}
				}
				if least > low[at[0]][at[1]] {
					low[at[0]][at[1]], moved = least, true
				}
				if most < high[at[0]][at[1]] {
					high[at[0]][at[1]], moved = most, true
				}
			}
		}
	}
	return low, high
}

func fallsOut(c cohorts.Counts) string {
	low, high := workOut(c)
	for i := range c.Cells {
		for j := range c.Cells[i] {
			if c.Hidden[i][j] && low[i][j] == high[i][j] {
				return fmt.Sprintf("cell %d, %d of %v, hidden %v, must be %d", i, j, c.Cells, c.Hidden, low[i][j])
			}
		}
	}
	return ""
}

// sumsUp tells of a row or column that hides fewer than five people together.
func sumsUp(c cohorts.Counts) string {
	for _, line := range countLines(c) {
		sum, hidden, some := line[len(line)-1], 0, false
		for _, at := range line[:len(line)-1] {
			if c.Hidden[at[0]][at[1]] {
				hidden, some = hidden+c.Cells[at[0]][at[1]], true
			}
		}
		if some && hidden < 5 && !c.Hidden[sum[0]][sum[1]] {
			return fmt.Sprintf("%v of %v hides %d together: %v", line, c.Cells, hidden, c.Hidden)
		}
	}
	return ""
}

// another says whether the table could hold another number in a cell: whether some change
// by one here and there leaves every sum and all that is shown as they are. Flows have
// whole corners, so that looking one step away is enough.
func another(c cohorts.Counts, row, column int) bool {
	var cells [][2]int
	for i := range c.Cells[:len(c.Cells)-1] {
		for j := range c.Cells[i][:len(c.Cells[i])-1] {
			if c.Hidden[i][j] {
				cells = append(cells, [2]int{i, j})
			}
		}
	}
	change := make([][]int, len(c.Cells))
	for i := range change {
		change[i] = make([]int, len(c.Cells[i]))
	}
	rows, columns := len(c.Cells)-1, len(c.Cells[0])-1
	fits := func() bool {
		for i := range change {
			change[i][columns] = 0
		}
		for j := range columns {
			change[rows][j] = 0
		}
		for i := range rows {
			for j := range columns {
				change[i][columns] += change[i][j]
				change[rows][j] += change[i][j]
				change[rows][columns] += change[i][j]
			}
		}
		for i := range change {
			for j, d := range change[i] {
				if c.Cells[i][j]+d < 0 || d != 0 && !c.Hidden[i][j] {
					return false
				}
			}
		}
		return change[row][column] != 0
	}
	var try func(n int) bool
	try = func(n int) bool {
		if n == len(cells) {
			return fits()
		}
		for _, d := range []int{0, 1, -1} {
			change[cells[n][0]][cells[n][1]] = d
			if try(n + 1) {
				return true
			}
		}
		change[cells[n][0]][cells[n][1]] = 0
		return false
	}
	return try(0)
}

func TestNoHiddenCountFallsOut(t *testing.T) {
	draw, bare := rand.New(rand.NewPCG(5, 16)), 0
	for round := range 3000 {
		cells := make([][]int, 1+draw.IntN(6))
		for i, columns := range make([]int, len(cells)) {
			if columns = 4; i > 0 {
				columns = len(cells[0])
			} else {
				columns = 1 + draw.IntN(5)
			}
			cells[i] = make([]int, columns)
			for j := range cells[i] {
				cells[i][j] = draw.IntN(3) * draw.IntN(20)
			}
		}
		c := cohorts.NewCounts(cells)
		only := cohorts.Counts{Cells: c.Cells, Hidden: make([][]bool, len(c.Cells))}
		for i := range c.Cells {
			only.Hidden[i] = make([]bool, len(c.Cells[i]))
			for j, n := range c.Cells[i] {
				only.Hidden[i][j] = n < 5
				if n < 5 && !c.Hidden[i][j] {
					t.Fatalf("round %d: %d is shown", round, n)
				}
			}
		}
		if out := fallsOut(c); out != "" {
			t.Fatalf("round %d: %s", round, out)
		}
		if out := sumsUp(c); out != "" {
			t.Fatalf("round %d: %s", round, out)
		}
		if fallsOut(only) != "" {
			bare++
		}
	}
	if bare < 500 {
		t.Errorf("hiding small cells alone was found out only %d times of 3000: the reader does not subtract", bare)
	}
}

func TestEveryHiddenCountCouldBeAnother(t *testing.T) {
	draw := rand.New(rand.NewPCG(7, 16))
	for round := range 120 {
		cells := [][]int{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}}[:2+draw.IntN(2)]
		for i := range cells {
			cells[i] = cells[i][:2+round%2]
			for j := range cells[i] {
				cells[i][j] = draw.IntN(9)
			}
		}
		c := cohorts.NewCounts(cells)
		for i := range c.Cells {
			for j := range c.Cells[i] {
				if c.Hidden[i][j] && !another(c, i, j) {
					t.Fatalf("round %d: cell %d, %d of %v can be nothing else; hidden %v", round, i, j, c.Cells, c.Hidden)
				}
			}
		}
	}
}

func TestCountsHideAsLittleAsTheyMust(t *testing.T) {
	for _, row := range []struct {
		name   string
		cells  [][]int
		hidden int
	}{
		{"nothing is small", [][]int{{9, 8}, {7, 6}}, 0},
		{"one small cell takes three with it", [][]int{{9, 3}, {7, 6}}, 4},
		{"of a larger table the same four", [][]int{{9, 3, 20}, {7, 6, 20}, {30, 30, 30}}, 4},
		{"no rows", [][]int{}, 1},
	} {
		c, n := cohorts.NewCounts(row.cells), 0
		for i := range c.Hidden {
			for _, is := range c.Hidden[i] {
				if is {
					n++
				}
			}
		}
		if n != row.hidden {
			t.Errorf("%s: %d hidden, want %d: %v", row.name, n, row.hidden, c.Hidden)
		}
	}
}
