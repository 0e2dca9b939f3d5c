// Command academy is the Metropolitan Peace Academy's learning system: one program
// that serves the curriculum, runs cohorts, keeps minutes, and issues certificates
// that anyone can check.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	_ "time/tzdata" // the zone names of sessions must be known on every machine
)

func main() {
	time.Local = time.UTC
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
