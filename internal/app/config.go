// Package app wires every room by hand, in one place: it opens, migrates, builds the
// stores, mounts the routes, serves and shuts down. Tests start here too.
package app

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// Config is every setting of one Academy, with defaults that run on a laptop.
type Config struct {
	Addr           string   // host:port to listen on
	Data           string   // the data folder
	Database       string   // sqlite:PATH or postgres://…; "" is SQLite inside Data
	BaseURL        string   // public address, such as https://academy.example.org; "" is http://Addr
	SMTP           string   // smtp://user:password@host:port; "" sends no mail
	Log            string   // debug, info, warn or error
	Keys           string   // folder of the keys that are kept outside the database; "" is Data/keys
	Blobs          string   // dir:PATH; "" is dir:Data/blobs
	TrustedProxies []string // addresses or networks whose forwarding headers are believed
	TimeZone       string   // default zone of new cohorts

	Demo  bool   // a throw-away Academy: loopback alone, SAMPLE on every certificate
	Today string // demo: the day that everything is relative to, YYYY-MM-DD
	Seed  int64  // demo: same seed and day, same people and records

	borrows bool // a command that was told no address takes that of whoever serves
}

// Defaults is a Config that runs on a laptop.
func Defaults() Config {
	return Config{Addr: "127.0.0.1:8080", Data: "./academy-data", Log: "info", TimeZone: "America/Chicago", Seed: 1}
}

// WrongSettings lists every setting that can't be used, so that all are mended at once.
type WrongSettings []string

func (w WrongSettings) Error() string { return strings.Join(w, "\n") }

// Complete fills in what follows from other settings and reports all wrong values at
// once as WrongSettings.
func (c Config) Complete() (Config, error) {
	var wrong WrongSettings
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }

	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil || port == "" {
		say("--addr %q: give a host and a port, such as 127.0.0.1:8080", c.Addr)
	}
	if c.Demo && err == nil && !loopback(host) {
		say("--addr %q: demo holds known passwords and listens on this machine alone; use 127.0.0.1", c.Addr)
	}
	if c.Data == "" {
		say("--data: name a folder")
	}
	if c.Database == "" {
		c.Database = "sqlite:" + filepath.Join(c.Data, "academy.db")
	}
	if !strings.HasPrefix(c.Database, "sqlite:") && !strings.HasPrefix(c.Database, "postgres://") && !strings.HasPrefix(c.Database, "postgresql://") {
		say("--database: begin with sqlite: or postgres://")
	}
	if c.BaseURL == "" {
		c.BaseURL = "http://" + c.Addr
	}
	if u, err := url.Parse(c.BaseURL); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		say("--base-url %q: give a web address without a path, such as https://academy.example.org", c.BaseURL)
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if c.SMTP != "" {
		if u, err := url.Parse(c.SMTP); err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Host == "" {
			say("--smtp: give smtp://user:password@host:port")
		}
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log)); err != nil {
		say("--log %q: use debug, info, warn or error", c.Log)
	}
	if c.Keys == "" {
		c.Keys = filepath.Join(c.Data, "keys")
	}
	if c.Blobs == "" {
		c.Blobs = "dir:" + filepath.Join(c.Data, "blobs")
	}
	if !strings.HasPrefix(c.Blobs, "dir:") || len(c.Blobs) == len("dir:") {
		say("--blobs %q: begin with dir:", c.Blobs)
	}
	for _, proxy := range c.TrustedProxies {
		_, addrErr := netip.ParseAddr(proxy)
		_, netErr := netip.ParsePrefix(proxy)
		if addrErr != nil && netErr != nil {
			say("--trusted-proxies %q: give addresses or networks, such as 10.0.0.0/8", proxy)
		}
	}
	if _, err := time.LoadLocation(c.TimeZone); err != nil || c.TimeZone == "" {
		say("--time-zone %q: use a name such as America/Chicago", c.TimeZone)
	}
	if c.Today != "" {
		if day, err := time.Parse(time.DateOnly, c.Today); err != nil {
			say("--today %q: write the day as 2026-11-24", c.Today)
		} else if day.Year() < 2026 || day.Year() > 2099 {
			say("--today %q: the demo's courses are in force from 2026 on; choose a day of this century from then", c.Today)
		}
	}
	if len(wrong) > 0 {
		return c, wrong
	}
	return c, nil
}

// Level is the least severe kind of log line that is written.
func (c Config) Level() slog.Level {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log)); err != nil {
		return slog.LevelInfo
	}
	return level
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
