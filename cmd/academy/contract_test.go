package main_test

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// commands are those that scripts rely on, with what each takes. Those that are not built
// yet take nothing here, and the README says so.
var commands = map[string][]string{
	"demo": {"--today", "--seed"}, "serve": {}, "migrate": {},
	"import curriculum": {"<dir>", "--dry-run", "--skip-bad"},
	"import people":     {"<file>", "--sector", "--cohort", "--dry-run", "--skip-bad"},
	"import questions":  {"<file>", "--course", "--sector", "--module", "--format", "--lang", "--dry-run", "--skip-bad"},
	"export curriculum": {"<dir>", "--replace"},
	"export questions":  {"<file>", "--course", "--sector", "--module", "--format", "--lang"},
	"export transcript": nil,
	"verify":            {"<file>", "--trust", "--accept-age"},
	"trust":             {"<dir>"},
	"check":             {},
	"keys":              nil,
	"lint curriculum":   {"<dir>", "--strict", "--figures", "--lang"},
	"version":           {},
	"backup":            nil,
	"restore":           nil,
	"token":             {"--person", "--sector", "--scope"},
}

// everyCommand takes these, and each reads its setting of the environment.
var everyCommand = []string{"--addr", "--data", "--database", "--base-url", "--smtp", "--log", "--keys", "--blobs", "--trusted-proxies", "--time-zone"}

func TestEveryPromisedCommandIsThereOrSaidToBeMissing(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, missing, _ := strings.Cut(string(readme), "## What is not here yet")
	for command, takes := range commands {
		said := academy(t, append(strings.Fields(command), "--help")...)
		usage := "Usage: academy " + command
		if takes == nil {
			words := strings.Fields(command)
			if strings.Contains(said.out, usage) || !strings.Contains(missing, "`"+words[len(words)-1]+"`") {
				t.Errorf("academy %s: there %v; the README must name what is missing and nothing else", command, strings.Contains(said.out, usage))
			}
			continue
		}
		for _, want := range slices.Concat(takes, everyCommand, []string{usage}) {
			if said.code != 0 || !strings.Contains(said.out, want) {
				t.Errorf("academy %s: exit status %d, without %s", command, said.code, want)
			}
		}
		for _, flag := range everyCommand {
			if setting := "$ACADEMY_" + strings.ToUpper(strings.ReplaceAll(flag[2:], "-", "_")); !strings.Contains(said.out, setting) {
				t.Errorf("academy %s: %s isn't read for %s", command, setting, flag)
			}
		}
	}
}
