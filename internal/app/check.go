package app

import (
	"context"
	"fmt"
	"io"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Exit statuses of CheckRecords.
const (
	recordsGood  = 0
	recordsWrong = 1
)

// CheckRecords looks for records that the rules could not have made, tells each with what
// a repair would do, and changes nothing. It may run beside a serving Academy, and names
// keys of records, never a person. It gives the exit status: 0 when there is none.
func CheckRecords(ctx context.Context, c Config, out io.Writer) (int, error) {
	a, err := standing(ctx, c)
	if err != nil {
		return recordsWrong, err
	}
	defer func() { _ = a.Close() }()
	n := 0
	tell := func(room, kind, record string) {
		n++
		fmt.Fprintf(out, "%s: %s %s\n", record, a.say(fault.Say(room+".impossible."+kind)), a.say(fault.Say(room+".repair."+kind)))
	}
	minutes, err := a.Cohorts.Impossible(ctx)
	if err != nil {
		return recordsWrong, a.told(err)
	}
	for _, one := range minutes {
		tell("cohorts", one.Kind, one.Record)
	}
	attempts, err := a.Assessment.Impossible(ctx)
	if err != nil {
		return recordsWrong, a.told(err)
	}
	for _, one := range attempts {
		record := string(one.Attempt)
		if one.Question != "" {
			record += " " + one.Question
		}
		tell("assessment", one.Kind, record)
	}
	if n > 0 {
		_, err = fmt.Fprintf(out, "Impossible records: %d. Nothing was changed; make a backup before anybody repairs one.\n", n)
		return recordsWrong, err
	}
	_, err = fmt.Fprintln(out, "No impossible record was found.")
	return recordsGood, err
}
