package document

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
)

// Language is what the page is written in.
type Language string

const (
	English Language = "en"
	Spanish Language = "es"
	Both    Language = "both" // English first, Spanish beside it
)

// phrase is one sentence of the page in both languages. The page's words live
// here and not in the room's word files: a certificate's wording is frozen with
// its drawing.
type phrase struct{ en, es string }

func (p phrase) in(l Language, between string) string {
	switch {
	case l == Spanish:
		return p.es
	case l == Both && p.en != p.es:
		return p.en + between + p.es
	}
	return p.en
}

var (
	titles = map[credential.Wording]phrase{
		credential.Completed: {"Certificate of Completion", "Certificado de finalización"},
		credential.TookPart:  {"Certificate of Participation", "Certificado de participación"},
	}
	verbs = map[credential.Wording]phrase{
		credential.Completed: {"has completed", "ha completado"},
		credential.TookPart:  {"took part in", "participó en"},
	}
	presented = phrase{"Presented to", "Otorgado a"}
	sessions  = phrase{"Sessions", "Sesiones"}
	edition   = phrase{"Edition", "Edición"}
	completed = phrase{"Completed", "Finalizado"}
	issued    = phrase{"Issued", "Emitido"}
	until     = phrase{"Valid until", "Válido hasta"}
	noExpiry  = phrase{"No expiry", "Sin vencimiento"}
	numbered  = phrase{"Certificate number", "Número de certificado"}
	checkAt   = phrase{"Check at", "Verifique en"}
	shareCode = phrase{"Share code", "Código"}
	sample    = phrase{"SAMPLE", "MUESTRA"}
	qrFigure  = phrase{"QR code that opens the check of this certificate", "Código QR que abre la verificación de este certificado"}
)

var months = [...]string{
	"enero", "febrero", "marzo", "abril", "mayo", "junio",
	"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
}

func day(t time.Time) phrase {
	return phrase{t.Format("January 2, 2006"), fmt.Sprintf("%d de %s de %d", t.Day(), months[t.Month()-1], t.Year())}
}

func span(from, to time.Time) phrase {
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		return day(from)
	}
	a, b := day(from), day(to)
	return phrase{a.en + " – " + b.en, a.es + " – " + b.es}
}

func hours(h float64) phrase {
	n := strconv.FormatFloat(h, 'f', -1, 64)
	if i := strings.IndexByte(n, '.'); i >= 0 && len(n)-i > 3 {
		n = strings.TrimRight(strconv.FormatFloat(h, 'f', 2, 64), "0")
	}
	if n == "1" {
		return phrase{"1 hour", "1 hora"}
	}
	return phrase{n + " hours", n + " horas"}
}
