package assessment

import "github.com/metropolitan-peace-academy/academy/content"

// ReadDraft reads the files of one quiz as ReadQuizzes does, for the page beside which
// its author writes: what could be read of it is given whatever is wrong with the rest.
func ReadDraft(files []content.QuizFile) Quiz {
	read := map[content.Lang]*fileRead{}
	for _, f := range files {
		read[f.Lang] = readFile(f)
	}
	english := read[content.English]
	if english == nil {
		return Quiz{}
	}
	return english.quiz(read[content.Spanish])
}
