package pages

import "github.com/metropolitan-peace-academy/academy/assessment"

// specimenPaper is a quiz as an attempt that nobody has begun.
func specimenPaper(quiz assessment.Quiz) paperPage {
	return paperPage{Paper: assessment.Paper{TitleEN: quiz.TitleEN, TitleES: quiz.TitleES, Pass: quiz.Pass, Questions: quiz.Questions}}
}

// isRight says whether a choice is right; while a quiz is written it may have fewer marks
// than choices.
func isRight(q assessment.Question, choice int) bool {
	return choice < len(q.Body.Right) && q.Body.Right[choice]
}

// sayTo is the feedback to a choice, in a language.
func sayTo(q assessment.Question, language string, choice int) string {
	if all := q.Text(language).Feedback; choice < len(all) {
		return all[choice]
	}
	return ""
}
