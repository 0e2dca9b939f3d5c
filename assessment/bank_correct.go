package assessment

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// BankCorrection is a question of a bank as its author writes it anew.
type BankCorrection struct {
	Seen   int    // the version that the author had before them
	EN, ES string // Markdown; "" for no Spanish
	Reason string
}

// BankProof is what is wrong with a correction, by language, each with its line.
type BankProof struct{ EN, ES []content.Problem }

// read gives the two languages of a corrected question, as far as they can be read, and
// what is wrong in them. It stays the question that it is: its name can't be changed.
func (c BankCorrection) read(name string) (english Written, spanish *Written, proof BankProof) {
	told := map[content.Lang]*content.Problems{content.English: {}, content.Spanish: {}}
	one := func(source string, lang content.Lang) (w Written) {
		p := told[lang]
		all := ReadWritten(strings.Split(strings.ReplaceAll(source, "\r\n", "\n"), "\n"), 1, p)
		switch {
		case len(all) != 1:
			p.Add(1, "assessment.questions.one_only")
			return w
		case all[0].ID != name:
			p.Add(all[0].line, "assessment.questions.same_name", "Question", name)
		case all[0].Type == pool:
			p.Add(all[0].line, "assessment.bank.pool")
		case len(p.List) == 0:
			all[0].Check(p)
		}
		return all[0]
	}
	english = one(c.EN, content.English)
	if strings.TrimSpace(c.ES) != "" {
		w := one(c.ES, content.Spanish)
		if spanish = &w; len(told[content.Spanish].List) == 0 && len(told[content.English].List) == 0 && w.differs(english) {
			told[content.Spanish].Add(w.line, "assessment.problem.not_the_same", "Question", name)
		}
	}
	if len(told[content.English].List) == 0 && len(told[content.Spanish].List) == 0 {
		english.Question(told[content.English], spanish, told[content.Spanish])
	}
	return english, spanish, BankProof{told[content.English].List, told[content.Spanish].List}
}

// validate wants a reason and a text without problems.
func (c BankCorrection) validate(proof BankProof) error {
	var wrong fault.InvalidError
	if len(proof.EN) > 0 {
		wrong.Add("source_en", "assessment.questions.problems", "Count", len(proof.EN))
	}
	if len(proof.ES) > 0 {
		wrong.Add("source_es", "assessment.questions.problems", "Count", len(proof.ES))
	}
	checkReason(&wrong, c.Reason)
	return wrong.OrNil()
}

// checkReason wants a reason that is not too long.
func checkReason(wrong *fault.InvalidError, reason string) {
	if reason == "" {
		wrong.Add("reason", "assessment.correction.reason_missing")
	} else if utf8.RuneCountInString(reason) > longestReason {
		wrong.Add("reason", "assessment.grade.long", "Most", longestReason)
	}
}

// withQuestion puts a question in place of the one of its id in a quiz file, and leaves
// every other line as it is. False where the file has no such question.
func withQuestion(source string, w Written) (string, bool) {
	lines := strings.Split(strings.ReplaceAll(source, "\r\n", "\n"), "\n")
	begin := slices.IndexFunc(lines, func(line string) bool {
		head := questionHead.FindStringSubmatch(line)
		return head != nil && head[1] == w.ID
	})
	if begin < 0 {
		return source, false
	}
	end := begin + 1
	for end < len(lines) && !questionHead.MatchString(lines[end]) {
		end++
	}
	block := strings.Split(strings.TrimRight(w.Markdown(), "\n")+"\n", "\n")
	return strings.Join(slices.Concat(lines[:begin], block, lines[end:]), "\n"), true
}
