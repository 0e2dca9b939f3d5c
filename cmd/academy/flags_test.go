package main_test

import (
	"strings"
	"testing"
)

// Everything that is asked wrongly is told at once, with exit status 2, and nothing is
// made or stored.
func TestEverythingAskedWronglyIsToldAtOnce(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		env, args, want []string
	}{
		"an unknown command":       {nil, []string{"frobnicate"}, []string{"unexpected argument frobnicate", `expected one of "demo", "serve"`}},
		"an unknown flag alone":    {nil, []string{"--nope"}, []string{"unknown flag --nope", `expected one of "demo", "serve"`}},
		"half a command":           {nil, []string{"import"}, []string{`expected one of "curriculum", "people"`}},
		"unknown flags and values": {nil, []string{"serve", "--nope", "--databse", "postgres://x", "--addr", "foo", "--log", "loud"}, []string{"unknown flag --nope", `unknown flag --databse, did you mean "--database"?`, `--addr "foo": give a host and a port`, `--log "loud": use debug, info, warn or error`}},
		"every wrong value": {nil, []string{"serve", "--addr=8080", "--database=mysql://x", "--base-url=ftp://x", "--smtp=x", "--log=x", "--blobs=x", "--trusted-proxies=x,10.0.0.0/8", "--time-zone=Mars/One"},
			[]string{`--addr "8080"`, "--database: begin with sqlite: or postgres://", `--base-url "ftp://x"`, "--smtp: give smtp://", `--log "x"`, `--blobs "x": begin with dir:`, `--trusted-proxies "x"`, `--time-zone "Mars/One"`}},
		"a value that is missing": {nil, []string{"serve", "--log", "loud", "--base-url"}, []string{"--base-url: give a value", `--log "loud"`}},
		"a number that is none":   {nil, []string{"demo", "--seed", "seven", "--today", "soon", "--addr", ":80"}, []string{`--seed: expected a valid 64 bit int but got "seven"`, `--today "soon": write the day as 2026-11-24`, `--addr ":80": demo holds known passwords and listens on this machine alone`}},
		"an argument too many":    {nil, []string{"serve", "now", "--log=x"}, []string{"unexpected argument now", `--log "x"`}},
		"settings of the environment": {[]string{"ACADEMY_DATABSE=x", "ACADEMY_LOG=loud", "ACADEMY_ADDR=y"}, []string{"serve", "--addr", "x", "--nope"},
			[]string{"unknown flag --nope", "unknown setting ACADEMY_DATABSE in the environment", `--addr "x"`, `ACADEMY_LOG (--log) "loud"`}},
		"a demo for everybody":          {nil, []string{"demo", "--addr", "0.0.0.0:8080"}, []string{`--addr "0.0.0.0:8080": demo holds known passwords and listens on this machine alone; use 127.0.0.1`}},
		"a demo for the network":        {nil, []string{"demo", "--addr", "192.0.2.7:8080"}, []string{`--addr "192.0.2.7:8080": demo holds known passwords`}},
		"a demo by name":                {nil, []string{"demo", "--addr", "academy.example.org:8080"}, []string{`--addr "academy.example.org:8080": demo holds known passwords`}},
		"a token for nobody":            {nil, []string{"token", "--log=x"}, []string{"missing flags: --person=STRING, --scope=SCOPE,..., --sector=STRING", `--log "x"`}},
		"a token for what is not there": {nil, []string{"token", "--person", "a@example.org", "--sector", "mars", "--scope", "read,write,own", "--log=x"}, []string{`--sector "mars": use outreach, law_enforcement, health or community`, `--scope "write": use read, attend, grade, questions, certificates, metrics`, `--scope "own"`, `--log "x"`}},
		"people from nowhere":           {nil, []string{"import", "people", "x.csv", "--sector", "mars"}, []string{`--sector "mars"`}},
		"people of no sector":           {nil, []string{"import", "people", "x.csv"}, []string{"missing flags: --sector=STRING"}},
		"nothing to verify":             {nil, []string{"verify"}, []string{`expected "<file> ..."`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := academyWith(t, row.env, row.args...)
			if s.code != 2 || s.out != "" {
				t.Errorf("exit status %d, want 2; said %q", s.code, s.out)
			}
			told := strings.Split(strings.TrimSpace(s.err), "\n")
			if n := len(told) - 1; n != len(row.want) || told[n] != "academy --help lists every command and flag." {
				t.Errorf("%d problems told, want %d:\n%s", n, len(row.want), s.err)
			}
			for _, want := range row.want {
				if !strings.Contains(s.err, "academy: "+want) {
					t.Errorf("not told: %s\n%s", want, s.err)
				}
			}
		})
	}
}

func TestEachCommandHelps(t *testing.T) {
	t.Parallel()
	for command, own := range map[string][]string{
		"":                  {"demo", "serve", "migrate", "import curriculum", "import people", "verify", "trust", "token", "version"},
		"demo":              {"--today", "--seed"},
		"serve":             {"--addr", "$ACADEMY_ADDR"},
		"migrate":           {"--database", "$ACADEMY_DATABASE"},
		"import":            {"curriculum", "people"},
		"import curriculum": {"<dir>", "--dry-run", "--skip-bad"},
		"import people":     {"<file>", "--sector", "--dry-run", "--skip-bad"},
		"verify":            {"<file>", "--trust", "--accept-age"},
		"trust":             {"<dir>"},
		"token":             {"--person", "--sector", "--scope"},
		"version":           {"--keys", "$ACADEMY_KEYS"},
	} {
		t.Run("academy "+command, func(t *testing.T) {
			t.Parallel()
			s := academy(t, append(strings.Fields(command), "--help")...).ok(t)
			if s.err != "" {
				t.Errorf("it complains: %s", s.err)
			}
			for _, want := range append(own, "Usage: academy "+command, "--help") {
				if !strings.Contains(s.out, want) {
					t.Errorf("%q is not in it:\n%s", want, s.out)
				}
			}
		})
	}
	if bare := academy(t).ok(t); !strings.Contains(bare.out, "Usage: academy <command>") {
		t.Errorf("without a command: %s", bare.out)
	}
}

func TestAFlagBeatsTheEnvironment(t *testing.T) {
	t.Parallel()
	flagged, set := t.TempDir(), t.TempDir()
	env := []string{"ACADEMY_DATA=" + set, "ACADEMY_LOG=error"}
	academyWith(t, env, "migrate", "--data", flagged).ok(t)
	if academyWith(t, env, "migrate", "--data", flagged).ok(t).out != "The database is up to date.\n" {
		t.Error("the flag's folder was not used")
	}
	if s := academyWith(t, env, "migrate").ok(t); !strings.Contains(s.out, "applied ") {
		t.Errorf("the environment's folder was used although a flag named another: %s", s.out)
	}
	if s := academyWith(t, []string{"ACADEMY_LOG=loud"}, "migrate", "--data", flagged, "--log", "warn"); s.code != 0 {
		t.Errorf("a wrong value that a flag replaces: %d %s", s.code, s.err)
	}
}

func TestVersionSaysWhatThisIs(t *testing.T) {
	t.Parallel()
	if s := academy(t, "version").ok(t); !strings.HasPrefix(s.out, "academy ") || strings.Count(s.out, "\n") != 1 {
		t.Errorf("%q", s.out)
	}
}
