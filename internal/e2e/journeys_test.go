package e2e

import "testing"

func TestJourneys(t *testing.T) {
	a := openAcademy(t)
	t.Run("graduate", func(t *testing.T) {
		b := openTab(t, a.Config.BaseURL, phone)
		b.signIn("graduate@demo.test")
		b.open("/certificates")
		b.press(`main a[href^="/certificates/"]`)
		b.says("MPA-")
	})
	for role, paths := range map[string][]string{
		"officer":     {"/", "/course", "/modules/t20", "/modules/t07", "/calendar", "/certificates"},
		"instructor":  {"/", "/cohorts", "/calendar", "/certificates"},
		"coordinator": {"/", "/cohorts", "/cohorts/new", "/confirmations", "/people", "/joint"},
		"director":    {"/", "/cohorts", "/register", "/people"},
		"hr":          {"/", "/staff"},
	} {
		t.Run(role, func(t *testing.T) {
			b := openTab(t, a.Config.BaseURL, phone)
			b.signIn(role + "@demo.test")
			for _, path := range paths {
				b.open(path)
			}
		})
	}
	t.Run("instructor takes a roll", func(t *testing.T) {
		v := signIn(t, a, "instructor")
		var roll string
		v.crawl(60, func(path string, answer answer) {
			if m := rollLink.FindString(answer.body); m != "" && roll == "" {
				roll = m
			}
		})
		if roll == "" {
			t.Fatal("no page leads to a roll")
		}
		b := openTab(t, a.Config.BaseURL, phone)
		b.signIn("instructor@demo.test")
		b.open(roll)
	})
	t.Run("HR checks", func(t *testing.T) {
		b := openTab(t, a.Config.BaseURL, desktop)
		b.open("/")
		b.open("/verify")
		b.open("/c/MPA-0000-0000-0000-00000000")
	})
}
