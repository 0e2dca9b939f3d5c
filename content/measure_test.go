package content

import "testing"

func TestSyllables(t *testing.T) {
	for word, want := range map[string]int{
		"cat": 1, "people": 2, "table": 2, "late": 1, "wanted": 2, "talked": 1, "places": 2, "mediation": 3,
		"Chicago": 3, "the": 1, "see": 1, "agreed": 2, "circle": 2, "voice": 1, "don't": 1,
	} {
		if got := englishSyllables(word); got != want {
			t.Errorf("%s: %d, want %d", word, got, want)
		}
	}
	for word, want := range map[string]int{
		"casa": 2, "círculo": 3, "policía": 4, "tiempo": 2, "aeropuerto": 5, "que": 1, "guerra": 2, "pingüino": 3,
		"leer": 2, "usted": 2, "y": 1, "ahora": 3, "mediación": 3,
	} {
		if got := spanishSyllables(word); got != want {
			t.Errorf("%s: %d, want %d", word, got, want)
		}
	}
}

func TestGradeRisesWithLongWordsAndSentences(t *testing.T) {
	easy := measure{running: []string{"He ran. She saw him. They sat down. It was late."}}
	hard := measure{running: []string{"Institutional accountability necessitates organizational transparency, notwithstanding considerable administrative complications, throughout implementation."}}
	if easy.grade(English) > 2 || hard.grade(English) < 12 {
		t.Errorf("easy %.1f, hard %.1f", easy.grade(English), hard.grade(English))
	}
	facil := measure{running: []string{"Él fue. Ella lo vio. Se sentó a ver el mar."}}
	dificil := measure{running: []string{"La responsabilidad institucional exige transparencia organizacional permanente, independientemente de considerables complicaciones administrativas."}}
	if facil.grade(Spanish) > 5 || dificil.grade(Spanish) < 12 {
		t.Errorf("fácil %.1f, difícil %.1f", facil.grade(Spanish), dificil.grade(Spanish))
	}
}

func TestGradeOfEaseFollowsItsTable(t *testing.T) {
	for ease, want := range map[float64]float64{120: 3, 90: 4, 85: 4.5, 70: 6, 65: 7, 50: 12, 10: 16} {
		if got := gradeOfEase(ease); got != want {
			t.Errorf("%v: %v, want %v", ease, got, want)
		}
	}
}
