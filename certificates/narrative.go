package certificates

import "strings"

// narrative says in public words how the course was assessed: only what its checklist
// asked for, as it was frozen. Its words are signed with the credential and so live
// here, not in the room's sentences.
func narrative(c Certificate, list Checklist, language string) string {
	how := assessed(list, c.Minutes, language)
	switch {
	case language == "es" && c.Wording == "completed":
		return "Completó " + c.Title("es") + ", edición " + c.Edition + ": " + how + "."
	case language == "es":
		return "Participó en " + c.Title("es") + ", edición " + c.Edition + ": " + how + "."
	case c.Wording == "completed":
		return "Completed " + c.Title("en") + ", edition " + c.Edition + ": " + how + "."
	}
	return "Took part in " + c.Title("en") + ", edition " + c.Edition + ": " + how + "."
}

var assessedWords = map[string]map[ItemKind]string{
	"en": {Minutes: "all hours attended or made up", "most": "at least nine tenths of the hours attended or made up", Modules: "every required module studied",
		Knowledge: "knowledge checks passed", Practicals: "practical skills observed by an instructor", Capstone: "a final project"},
	"es": {Minutes: "todas las horas, presenciales o repuestas", "most": "al menos nueve décimos de las horas, presenciales o repuestas", Modules: "todos los módulos requeridos estudiados",
		Knowledge: "pruebas de conocimiento aprobadas", Practicals: "habilidades prácticas observadas por un instructor", Capstone: "un proyecto final"},
}

func assessed(list Checklist, minutes int, language string) string {
	var parts []string
	for _, item := range list.Items {
		kind := item.Kind
		switch {
		case kind == Minutes && item.Asked < minutes:
			kind = "most"
		case item.Asked == 0:
			continue
		}
		parts = append(parts, assessedWords[language][kind])
	}
	return strings.Join(parts, "; ")
}
