package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/alecthomas/kong"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

// settings are the flags that every command shares. A flag beats the environment.
type settings struct {
	Addr           string   `help:"Host and port to listen on." default:"127.0.0.1:8080" env:"ACADEMY_ADDR"`
	Data           string   `help:"Data folder." env:"ACADEMY_DATA"`
	Database       string   `help:"sqlite:PATH or postgres://… (default: SQLite inside the data folder)." env:"ACADEMY_DATABASE"`
	BaseURL        string   `name:"base-url" help:"Public web address (default: http://ADDR)." env:"ACADEMY_BASE_URL"`
	SMTP           string   `name:"smtp" help:"smtp://user:password@host:port; without it no mail is sent." env:"ACADEMY_SMTP"`
	Log            string   `help:"debug, info, warn or error." default:"info" env:"ACADEMY_LOG"`
	Keys           string   `help:"Folder of the keys kept outside the database (default: keys/ in the data folder)." env:"ACADEMY_KEYS"`
	Blobs          string   `help:"dir:PATH of stored files (default: blobs/ in the data folder)." env:"ACADEMY_BLOBS"`
	TrustedProxies []string `name:"trusted-proxies" help:"Addresses or networks whose forwarding headers are believed." env:"ACADEMY_TRUSTED_PROXIES"`
	TimeZone       string   `name:"time-zone" help:"Zone of new cohorts." default:"America/Chicago" env:"ACADEMY_TIME_ZONE"`
}

// known lists the environment's settings, so that a misspelt one is told.
var known = []string{"ACADEMY_ADDR", "ACADEMY_DATA", "ACADEMY_DATABASE", "ACADEMY_BASE_URL", "ACADEMY_SMTP", "ACADEMY_LOG",
	"ACADEMY_KEYS", "ACADEMY_BLOBS", "ACADEMY_TRUSTED_PROXIES", "ACADEMY_TIME_ZONE",
	"ACADEMY_TEST_POSTGRES", "ACADEMY_TEST_BROWSER", "ACADEMY_SHOTS", "ACADEMY_CORPORA"}

func (s settings) config() app.Config {
	c := app.Defaults()
	c.Addr, c.Database, c.BaseURL, c.SMTP, c.Log = s.Addr, s.Database, s.BaseURL, s.SMTP, s.Log
	c.Keys, c.Blobs, c.TrustedProxies, c.TimeZone = s.Keys, s.Blobs, s.TrustedProxies, s.TimeZone
	if s.Data != "" {
		c.Data = s.Data
	}
	return c
}

// world is what a command may touch of the world outside.
type world struct {
	ctx         context.Context
	out, errOut io.Writer
	settings    settings
	code        int // exit status of a command that ran and found something
}

type cli struct {
	settings

	Demo    demoCommand    `cmd:"" help:"Start a lived-in Academy on a throw-away data folder."`
	Serve   serveCommand   `cmd:"" help:"Start the Academy on its data folder."`
	Migrate migrateCommand `cmd:"" help:"Bring the database up to date and say what was done."`
	Import  importCommand  `cmd:"" help:"Read, check and store a curriculum or people."`
	Export  exportCommand  `cmd:"" help:"Write out what the Academy holds."`
	Lint    lintCommand    `cmd:"" help:"Tell the authors of a curriculum what to mend."`
	Verify  verifyCommand  `cmd:"" help:"Check certificates without a network."`
	Check   checkCommand   `cmd:"" help:"Find impossible records and say what a repair would do."`
	Trust   trustCommand   `cmd:"" help:"Write what verify --trust needs."`
	Token   tokenCommand   `cmd:"" help:"Make an API token, shown once."`
	Version versionCommand `cmd:"" help:"Say what this is."`
}

// run reads the command line and runs one command. It returns the exit status: 0 when
// all is well, 1 when the command found or met a problem, 2 when it was asked wrongly.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	var c cli
	helped := false
	parser, err := kong.New(&c, kong.Name("academy"), kong.Writers(out, errOut),
		kong.Description("The Metropolitan Peace Academy's learning system."),
		kong.Exit(func(int) { helped = true }))
	if err != nil {
		fmt.Fprintln(errOut, err)
		return 2
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, wrong := parse(parser, args, &helped)
	if helped {
		return 0
	}
	wrong = append(wrong, unknownEnvironment()...)
	if parsed != nil {
		wrong = append(wrong, fromEnvironment(wrongSettings(parsed, c.settings), args)...)
	}
	if len(wrong) > 0 {
		return refuse(errOut, wrong)
	}
	slog.SetDefault(logger(parsed, c.settings.config(), errOut))
	w := &world{ctx: ctx, out: out, errOut: errOut, settings: c.settings}
	if err := parsed.Run(w); err != nil {
		var settings app.WrongSettings
		if errors.As(err, &settings) {
			return refuse(errOut, settings)
		}
		fmt.Fprintln(errOut, "academy: "+err.Error())
		return max(w.code, 1)
	}
	return w.code
}

// refuse tells everything that was asked wrongly.
func refuse(errOut io.Writer, wrong []string) int {
	for _, sentence := range wrong {
		fmt.Fprintln(errOut, "academy: "+sentence)
	}
	fmt.Fprintln(errOut, "academy --help lists every command and flag.")
	return 2
}

// logger is for what no request stands behind: JSON lines of a program that serves; of a
// command, which a person reads, errors alone.
func logger(parsed *kong.Context, c app.Config, out io.Writer) *slog.Logger {
	switch parsed.Command() {
	case "serve", "demo":
		return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: c.Level()}))
	}
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: slog.LevelError}))
}
