// Command told reads what go test -json printed, tells what failed, and fails on any skip.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	defer func() { _ = file.Close() }()
	output := map[string]*strings.Builder{}
	var passed, failed, skipped int
	scan := bufio.NewScanner(file)
	scan.Buffer(nil, 16<<20)
	for scan.Scan() {
		var e event
		if json.Unmarshal(scan.Bytes(), &e) != nil {
			fmt.Println(scan.Text())
			continue
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "output":
			if output[key] == nil {
				output[key] = &strings.Builder{}
			}
			output[key].WriteString(e.Output)
		case "pass":
			if e.Test == "" {
				fmt.Printf("ok   %-70s %.1fs\n", e.Package, e.Elapsed)
			} else {
				passed++
			}
		case "fail":
			failed++
			fmt.Printf("FAIL %s\n", key)
			if output[key] != nil {
				fmt.Println(output[key])
			}
		case "skip":
			if e.Test != "" {
				skipped++
				fmt.Printf("SKIP %s\n%s\n", key, output[key])
			}
		case "build-output", "build-fail":
			fmt.Print(e.Output)
		}
	}
	if err := scan.Err(); err != nil {
		fmt.Println(err)
		failed++
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	if failed > 0 || skipped > 0 || passed == 0 {
		os.Exit(1)
	}
}
