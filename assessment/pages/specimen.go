package pages

import "github.com/metropolitan-peace-academy/academy/assessment"

// specimenPaper is a quiz as an attempt that nobody has begun.
func specimenPaper(quiz assessment.Quiz) paperPage {
	return paperPage{Paper: assessment.Paper{TitleEN: quiz.TitleEN, TitleES: quiz.TitleES, Pass: quiz.Pass, Questions: quiz.Questions}}
}
