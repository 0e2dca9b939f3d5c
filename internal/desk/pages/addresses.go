package pages

import (
	"net/url"
	"strings"

	"github.com/metropolitan-peace-academy/academy/cohorts"
)

// Addresses of pages that other rooms own, in one place.

func cohortAt(id cohorts.CohortID, rest ...string) string {
	return "/cohorts/" + url.PathEscape(string(id)) + strings.Join(rest, "")
}

func sessionAt(id cohorts.SessionID) string { return "/sessions/" + url.PathEscape(string(id)) }

func rollAt(id cohorts.SessionID) string { return sessionAt(id) + "/roll" }

func enrolmentAt(id cohorts.EnrolmentID, rest string) string {
	return "/enrolments/" + url.PathEscape(string(id)) + rest
}

func jointAt(id cohorts.JointID) string { return "/joint/" + url.PathEscape(string(id)) }

// moduleAt is the page of a module: T07 stands at /modules/t07.
func moduleAt(id string) string { return "/modules/" + url.PathEscape(strings.ToLower(id)) }

func quizAt(id string) string { return moduleAt(id) + "/check" }
