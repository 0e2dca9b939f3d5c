package assessment

import "github.com/metropolitan-peace-academy/academy/content"

// ReadDraft reads the files of one quiz as ReadQuizzes does, for the page beside which
// its author writes: what could be read of it is given whatever is wrong with the rest.
func ReadDraft(files []content.QuizFile) Quiz {
	read := map[content.Lang]*fileRead{}
	for _, f := range files {
		read[f.Lang] = readFile(f)
	}
	english, spanish := read[content.English], read[content.Spanish]
	if english == nil {
		return Quiz{}
	}
	quiz := english.quiz()
	if spanish != nil {
		quiz.addSpanish(spanish, english.questions)
	}
	return quiz
}
