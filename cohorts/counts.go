package cohorts

// leastShown is the smallest count of people that leaves the Academy in a report
// (rule 16): below it a cell is hidden, a nought as well.
const leastShown = 5

// Counts is a table of people counted by row and column, with its sums: the last row and
// the last column. What is hidden there is hidden in every form of the report.
type Counts struct {
	Cells  [][]int // of rows and columns, the sums last
	Hidden [][]bool
}

// NewCounts sums a table and hides every cell under five, and beside it as few others as
// it takes so that no hidden cell can be worked out from those that are shown: neither by
// subtraction along rows, columns and sums, nor from a count being no less than nought.
//
// The table is a flow: a count runs from its row to its column, a sum of a row from the
// source to the row, a sum of a column from the column to the sink, and the sum of all back
// from the sink to the source. A hidden cell can hold another number just when a circle
// leads through it along hidden cells, each a step up, or a step down where it is not
// nought already; what is missing of such a circle is hidden besides, the cheapest one
// (cell suppression by network flow: Cox 1995). Nor may what a row or column hides come
// to less than five where its sum is shown: then one more of it is hidden.
func NewCounts(cells [][]int) Counts {
	rows, columns := len(cells), 0
	if rows > 0 {
		columns = len(cells[0])
	}
	c := Counts{Cells: make([][]int, rows+1), Hidden: make([][]bool, rows+1)}
	for i := range c.Cells {
		c.Cells[i], c.Hidden[i] = make([]int, columns+1), make([]bool, columns+1)
	}
	for i, row := range cells {
		for j, n := range row {
			c.Cells[i][j] = n
			c.Cells[i][columns] += n
			c.Cells[rows][j] += n
			c.Cells[rows][columns] += n
		}
	}
	for i := range c.Cells {
		for j := range c.Cells[i] {
			c.Hidden[i][j] = c.Cells[i][j] < leastShown
		}
	}
	for more := true; more; more = c.widen() {
		for i := range c.Cells {
			for j := range c.Cells[i] {
				if c.Hidden[i][j] {
					c.shelter(i, j)
				}
			}
		}
	}
	return c
}

// widen hides one cell more in every row and column that shows its sum and hides less than
// five of it; false where there is none.
func (c Counts) widen() (more bool) {
	for _, line := range c.lines() {
		last := line[len(line)-1]
		hidden, some, next := 0, false, [2]int{-1, -1}
		for _, at := range line[:len(line)-1] {
			switch n := c.Cells[at[0]][at[1]]; {
			case c.Hidden[at[0]][at[1]]:
				hidden, some = hidden+n, true
			case next[0] < 0 || n < c.Cells[next[0]][next[1]]:
				next = at
			}
		}
		if !some || hidden >= leastShown || c.Hidden[last[0]][last[1]] {
			continue
		}
		if next[0] < 0 {
			next = last
		}
		c.Hidden[next[0]][next[1]], more = true, true
	}
	return more
}

// lines are the rows and columns as places of cells, the sum of each last.
func (c Counts) lines() (lines [][][2]int) {
	for i := range c.Cells {
		line := make([][2]int, len(c.Cells[i]))
		for j := range line {
			line[j] = [2]int{i, j}
		}
		lines = append(lines, line)
	}
	for j := range c.Cells[0] {
		line := make([][2]int, len(c.Cells))
		for i := range line {
			line[i] = [2]int{i, j}
		}
		lines = append(lines, line)
	}
	return lines
}

// step is one cell of the table as a way from one node of the flow to another.
type step struct {
	from, to, cost int
	row, column    int
}

// steps are the ways that there are but through one cell: up along a cell, down along one
// that is not nought. What is hidden already costs nothing.
func (c Counts) steps(row, column int) (list []step) {
	for i := range c.Cells {
		for j, n := range c.Cells[i] {
			if i == row && j == column {
				continue
			}
			tail, head := c.ends(i, j)
			cost := 0
			if !c.Hidden[i][j] {
				cost = c.cost(i, j)
			}
			list = append(list, step{tail, head, cost, i, j})
			if n > 0 {
				list = append(list, step{head, tail, cost, i, j})
			}
		}
	}
	return list
}

// cost makes a sum dearer to hide than a count, the sum of all the dearest, and among
// counts the larger the dearer.
func (c Counts) cost(i, j int) int {
	rows, columns := len(c.Cells)-1, len(c.Cells[0])-1
	cost := 1000 + min(c.Cells[i][j], 999)
	if i == rows {
		cost *= 10
	}
	if j == columns {
		cost *= 10
	}
	return cost
}

// ends are the nodes that a cell leads from and to: source 0, sink 1, then rows, columns.
func (c Counts) ends(i, j int) (tail, head int) {
	rows, columns := len(c.Cells)-1, len(c.Cells[0])-1
	tail, head = 2+i, 2+rows+j
	switch {
	case i == rows && j == columns:
		return 1, 0
	case i == rows:
		return head, 1
	case j == columns:
		return 0, tail
	}
	return tail, head
}

// shelter hides what is missing so that a hidden cell can hold another number.
func (c Counts) shelter(row, column int) {
	tail, head := c.ends(row, column)
	list := c.steps(row, column)
	way, cost := c.cheapest(list, head, tail)
	if c.Cells[row][column] > 0 {
		if back, less := c.cheapest(list, tail, head); less < cost {
			way = back
		}
	}
	for _, s := range way {
		c.Hidden[s.row][s.column] = true
	}
}

// cheapest is the way from one node to another that hides least (Bellman and Ford). There
// is always one: up along the sums.
func (c Counts) cheapest(list []step, from, to int) (way []step, cost int) {
	const far = 1 << 40
	nodes := len(c.Cells) + len(c.Cells[0])
	reach, by := make([]int, nodes), make([]int, nodes)
	for i := range reach {
		reach[i], by[i] = far, -1
	}
	reach[from] = 0
	for changed := true; changed; {
		changed = false
		for n, s := range list {
			if reach[s.from] < far && reach[s.from]+s.cost < reach[s.to] {
				reach[s.to], by[s.to], changed = reach[s.from]+s.cost, n, true
			}
		}
	}
	for at := to; at != from && by[at] >= 0; at = list[by[at]].from {
		way = append(way, list[by[at]])
	}
	return way, reach[to]
}
