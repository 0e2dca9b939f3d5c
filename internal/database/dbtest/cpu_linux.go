package dbtest

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// tick is the unit in which Linux tells a process's time, the same on every machine.
const tick = 10 * time.Millisecond

// CPU is the processor time that the server has used until now, with all its processes
// and those of them that have ended.
func (s *Server) CPU() time.Duration {
	s.t.Helper()
	all := s.processes()
	used := timesOf(all[0], 14, 15, 16, 17) // the first answers for the ended as well
	for _, process := range all[1:] {
		used += timesOf(process, 14, 15)
	}
	return used
}

// timesOf adds up fields of what the system tells of a process, counted as its manual
// counts them; 0 for one that has ended meanwhile.
func timesOf(process int, fields ...int) (sum time.Duration) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", process))
	if err != nil {
		return 0
	}
	// The second field, a name in brackets, may hold anything; the third follows it.
	rest := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	for _, field := range fields {
		ticks, err := strconv.ParseInt(string(rest[field-3]), 10, 64)
		if err != nil {
			return 0
		}
		sum += time.Duration(ticks) * tick
	}
	return sum
}
