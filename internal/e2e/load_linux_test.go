package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// lines are how many connections ask at once, each kept open as browsers keep theirs.
const lines = 4

// crowdVariable tells a test binary that it is the crowd at the door and runs no tests.
const crowdVariable = "ACADEMY_TEST_LOAD"

// In a request a place for the number of the request on its line, as wide as the number,
// one for a choice that changes each time, and one for an address to come from.
const (
	numberHere = "{number}0"
	choiceHere = "{c}"
	placeHere  = "{place}"
)

// order is what the crowd is asked to send, line by line.
type order struct {
	Address  string
	Requests []string // one for each line
	From     int      // number of each line's first request
	Each     int      // how many a line sends
	Want     int      // the status that every answer must have
}

// load is a process of its own that asks: what asking costs is not the Academy's.
type load struct {
	to   io.WriteCloser
	from *json.Decoder
}

// A test binary that was started as the crowd does as it is told until nobody tells it.
func init() {
	if os.Getenv(crowdVariable) == "" {
		return
	}
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var o order
		if in.Decode(&o) != nil {
			os.Exit(0)
		}
		wrong := ""
		if err := o.carryOut(); err != nil {
			wrong = err.Error()
		}
		if out.Encode(wrong) != nil {
			os.Exit(1)
		}
	}
}

func startLoad(b *testing.B) *load {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	crowd := exec.Command(self)
	crowd.Env = append(os.Environ(), crowdVariable+"=1")
	crowd.Stderr = os.Stderr
	to, err := crowd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	from, err := crowd.StdoutPipe()
	if err == nil {
		err = crowd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := errors.Join(to.Close(), crowd.Wait()); err != nil {
			b.Error(err)
		}
	})
	return &load{to, json.NewDecoder(from)}
}

// send has the crowd ask and waits until every answer has come.
func (l *load) send(b *testing.B, o order) {
	b.Helper()
	var wrong string
	if err := errors.Join(json.NewEncoder(l.to).Encode(o), l.from.Decode(&wrong)); err != nil {
		b.Fatal(err)
	}
	if wrong != "" {
		b.Fatal(wrong)
	}
}

func (o order) carryOut() error {
	wrong := make([]error, len(o.Requests))
	var all sync.WaitGroup
	for i := range o.Requests {
		all.Go(func() { wrong[i] = o.sendLine(i) })
	}
	all.Wait()
	return errors.Join(wrong...)
}

// sendLine asks on one connection, again as soon as it is answered.
func (o order) sendLine(line int) error {
	conn, err := net.Dial("tcp", o.Address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	answers := bufio.NewReaderSize(conn, 64<<10)
	for n := o.From; n < o.From+o.Each; n++ {
		request := strings.NewReplacer(numberHere, fmt.Sprintf("%09d", n), choiceHere, fmt.Sprint(n%2),
			placeHere, fmt.Sprintf("10.%d.%d.%d", 16*line+n>>16&15, n>>8&255, n&255)).Replace(o.Requests[line])
		if _, err := io.WriteString(conn, request); err != nil {
			return err
		}
		answer, err := http.ReadResponse(answers, nil)
		if err != nil {
			return err
		}
		var text bytes.Buffer
		if _, err := text.ReadFrom(answer.Body); err != nil {
			return err
		}
		if answer.StatusCode != o.Want {
			return fmt.Errorf("%s\nanswered %d, want %d\n%.400s", request, answer.StatusCode, o.Want, text.String())
		}
	}
	return nil
}
