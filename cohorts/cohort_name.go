package cohorts

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// cohortWords stand before the number in a cohort's name, in either language.
var cohortWords = []string{"cohort", "cohorte", "grupo", "group"}

// Called says whether a text means the cohort: its key, its number alone ("21", "Cohort
// 21"), or its number after the course's code ("OUT 21"), title as pages show it
// ("Outreach Training, Cohort 21"), or title as people say it ("Outreach Cohort 21"), in
// either language. Marks, signs and the case of letters make no difference.
func (s Summary) Called(text string) bool {
	if strings.TrimSpace(text) == string(s.ID) {
		return true
	}
	course, number, ok := calledNumber(text)
	if !ok || number != s.Number {
		return false
	}
	if course == "" {
		return true
	}
	en, es := nameWords(s.TitleEN), nameWords(s.TitleES)
	return slices.ContainsFunc([][]string{nameWords(s.CourseCode), en, es, spoken(en), spoken(es)}, func(name []string) bool {
		return course == strings.Join(name, " ")
	})
}

// calledNumber cuts a cohort's name into the course's words and the number at its end.
func calledNumber(text string) (course string, number int, ok bool) {
	words := nameWords(text)
	if len(words) == 0 {
		return "", 0, false
	}
	number, err := strconv.Atoi(words[len(words)-1])
	if err != nil {
		return "", 0, false
	}
	words = words[:len(words)-1]
	if len(words) > 0 && slices.Contains(cohortWords, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " "), number, true
}

// spoken is a course's title without the word that every course has: "Outreach Training"
// is Outreach, "Formación en trabajo de alcance" is trabajo de alcance.
func spoken(title []string) []string {
	if len(title) > 1 && title[len(title)-1] == "training" {
		return title[:len(title)-1]
	}
	if len(title) > 2 && title[0] == "formacion" && slices.Contains([]string{"en", "para"}, title[1]) {
		return title[2:]
	}
	return title
}

// nameWords are the words of a name in lower case, without their accents.
func nameWords(text string) []string {
	return strings.FieldsFunc(database.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
