// Package assessment holds what was learned: quizzes and their questions, attempts
// and answers, and practical skills.
package assessment

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// QuizHash is the key of a quiz: the SHA-256 of its files, in hexadecimal.
type QuizHash string

// Quiz is the knowledge check of a module, in English and (where it was written)
// Spanish: the same questions with the same right answers.
type Quiz struct {
	Hash     QuizHash  `bun:"hash,pk"`
	ModuleID string    `bun:"module_id"`
	Version  int       `bun:"version"`
	TitleEN  string    `bun:"title_en"`
	TitleES  string    `bun:"title_es"`
	Pass     int       `bun:"pass"`      // percent
	Count    int       `bun:"questions"` // how many questions it has
	PathEN   string    `bun:"path_en"`
	PathES   string    `bun:"path_es"`
	SourceEN string    `bun:"source_en"`
	SourceES string    `bun:"source_es"`
	StoredAt time.Time `bun:"stored_at"`

	Pools []Pool `bun:"pools,type:jsonb"`

	Questions []Question `bun:"-"`

	lines []int // of the English file, on which the questions start
}

// Pool is questions of a quiz of which each attempt gets some, drawn by its seed.
type Pool struct {
	ID      string   `json:"id"`
	Draw    int      `json:"draw"`
	Members []string `json:"members"`
}

// draw is what one attempt gets out of pools, kept in the attempt.
func draw(pools []Pool, seed int64) []string {
	drawn := []string{}
	for _, pool := range pools {
		order := mixOf(seed, pool.ID).Perm(len(pool.Members))
		for _, n := range order[:min(pool.Draw, len(order))] {
			drawn = append(drawn, pool.Members[n])
		}
	}
	return drawn
}

// asked is how many questions an attempt at the quiz asks.
func (q Quiz) asked() (count int) {
	for _, question := range q.Questions {
		if question.Asks() && question.Body.Pool == "" {
			count++
		}
	}
	for _, pool := range q.Pools {
		count += pool.Draw
	}
	return count
}

// DefaultPass is the percent that a quiz asks for where its file names none.
const DefaultPass = 70

// Title is the quiz's title in the language asked for.
func (q Quiz) Title(language string) string { return inLanguage(language, q.TitleEN, q.TitleES) }

// In is the language that the quiz answers in to one asked for: English where it was not
// written in Spanish.
func (q Quiz) In(language string) string { return spoken(language, q.TitleES) }

// Speaks says whether the quiz was written in a language.
func (q Quiz) Speaks(language string) bool { return language == "en" || q.TitleES != "" }

func inLanguage(language, english, spanish string) string {
	if spoken(language, spanish) == "es" {
		return spanish
	}
	return english
}

func spoken(language, spanish string) string {
	if language == "es" && spanish != "" {
		return "es"
	}
	return "en"
}

// hashOf is the identity of the quiz's files, each closed by a zero byte.
func hashOf(sources ...string) QuizHash {
	sum := sha256.New()
	for _, source := range sources {
		sum.Write([]byte(source))
		sum.Write([]byte{0})
	}
	return QuizHash(hex.EncodeToString(sum.Sum(nil)))
}
