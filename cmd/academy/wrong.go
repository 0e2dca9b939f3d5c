package main

import (
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

// parse reads the arguments. What is wrong among them is told and left out, so that all
// of it is told at once; without a command that can be told there is no context.
func parse(parser *kong.Kong, args []string, helped *bool) (*kong.Context, []string) {
	var wrong, strays []string
	args = slices.Clone(args)
	for {
		parsed, err := parser.Parse(args)
		if *helped || err == nil {
			return parsed, wrong
		}
		message := err.Error()
		if stray, ok := strings.CutPrefix(message, "unexpected argument "); ok && slices.Contains(args, stray) {
			if !slices.Contains(strays, stray) {
				wrong = append(wrong, message)
			}
			i := slices.Index(args, stray)
			args = slices.Delete(args, i, i+1)
			continue
		}
		flag, valueless := strings.CutSuffix(message, `: expected string value but got "EOL" (<EOL>)`)
		if valueless {
			message = flag + ": give a value"
		}
		wrong = append(wrong, message)
		i := badFlag(args, message)
		if i < 0 {
			return missing(err), wrong
		}
		n := 1
		if !strings.Contains(args[i], "=") && i+1 < len(args) && !strings.HasPrefix(args[i+1], "-") {
			if strings.HasPrefix(message, unknownFlag) {
				strays = append(strays, args[i+1]) // told with its flag
			} else {
				n = 2
			}
		}
		args = slices.Delete(args, i, i+n)
	}
}

// missing is the context of a command that was read whole but lacks something.
func missing(err error) *kong.Context {
	var parse *kong.ParseError
	if errors.As(err, &parse) && strings.HasPrefix(err.Error(), "missing flags") {
		return parse.Context
	}
	return nil
}

const unknownFlag = "unknown flag "

// badFlag finds the flag of which a message says that it is unknown, or that its value
// can't be read; -1 for every other message.
func badFlag(args []string, message string) int {
	name, _, _ := strings.Cut(strings.TrimPrefix(message, unknownFlag), " ")
	name = strings.TrimRight(name, ",:")
	if !strings.HasPrefix(name, "-") {
		return -1
	}
	return slices.IndexFunc(args, func(arg string) bool {
		flag, _, _ := strings.Cut(arg, "=")
		return flag == name
	})
}

// wrongSettings are the values that the command can't work with.
func wrongSettings(parsed *kong.Context, s settings) []string {
	if parsed.Selected() == nil {
		return nil
	}
	command := parsed.Selected().Target.Interface()
	config := s.config()
	if own, ok := command.(interface{ config(settings) app.Config }); ok {
		config = own.config(s)
	}
	var wrong app.WrongSettings
	if _, err := config.Complete(); err != nil && !errors.As(err, &wrong) {
		return []string{err.Error()}
	}
	if own, ok := command.(interface{ wrong() app.WrongSettings }); ok {
		wrong = append(wrong, own.wrong()...)
	}
	return wrong
}

// fromEnvironment names the environment's setting where the value came from there.
func fromEnvironment(wrong, args []string) []string {
	named := slices.Clone(wrong)
	for i, sentence := range named {
		flag := strings.TrimRight(strings.Fields(sentence)[0], ":")
		setting := "ACADEMY_" + strings.ToUpper(strings.ReplaceAll(strings.TrimPrefix(flag, "--"), "-", "_"))
		given := slices.ContainsFunc(args, func(arg string) bool { return arg == flag || strings.HasPrefix(arg, flag+"=") })
		if slices.Contains(known, setting) && os.Getenv(setting) != "" && !given {
			named[i] = setting + " (" + flag + ")" + strings.TrimPrefix(sentence, flag)
		}
	}
	return named
}

func unknownEnvironment() []string {
	var wrong []string
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "ACADEMY_") && !slices.Contains(known, name) {
			wrong = append(wrong, "unknown setting "+name+" in the environment")
		}
	}
	return wrong
}
