package formats_test

import (
	"encoding/json"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
)

// same writes items without the lines that they stood on.
func same(t *testing.T, items []formats.Item) string {
	t.Helper()
	bare := append([]formats.Item{}, items...)
	for i := range bare {
		bare[i].Line = 0
	}
	said, err := json.MarshalIndent(bare, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}

// backAndForth holds that what was read is the same after it was written and read again,
// and that each item that stays outside has a reason with its line.
func backAndForth(t *testing.T, format formats.Format, source []byte) {
	t.Helper()
	reading, err := formats.Read(format, content.File{Path: "questions", Bytes: source})
	if err != nil {
		if _, told := err.(content.Problem); !told {
			t.Fatalf("a file is refused without a sentence: %v", err)
		}
		return
	}
	for _, w := range reading.Warnings {
		if w.Problem.Key == "" || w.Problem.Line < 1 {
			t.Fatalf("a warning without reason or line: %+v", w)
		}
	}
	if len(reading.Items) == 0 {
		return
	}
	written, warnings, err := formats.Write(format, reading.Items)
	if err != nil {
		t.Fatal(err)
	}
	var kept []formats.Item
	for _, w := range warnings {
		if w.Lost {
			return // told, and so not dropped
		}
	}
	kept = reading.Items
	again, err := formats.Read(format, content.File{Path: "questions", Bytes: written})
	if err != nil {
		t.Fatalf("%v\nof\n%s", err, written)
	}
	if before, after := same(t, kept), same(t, again.Items); before != after {
		t.Fatalf("read again from\n%s\n%s\nis not\n%s\n%v", written, after, before, again.Warnings)
	}
}

func FuzzGIFT(f *testing.F) {
	for _, seed := range []string{giftOfEverything, "a{=b->c ~d}", "[markdown]x  \n- y{T#n#y}", "::a\\:b::c\\{d\\}{#=%50%1..2#x ~#y####z}",
		"x {1:MC:=a#b~%50%c} y {2:SA:=d~*#e}", "// [id:a\\]b] [tag:c]\n{T}", "a{\n\n=b\n\n}", "[html]<p>{=a=b}</p>", "a{=->b =c->d}", "a{~%-50%b#c ~%150%d}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, source []byte) { backAndForth(t, formats.GIFT, source) })
}

func FuzzAiken(f *testing.F) {
	for _, seed := range []string{"q\nA) a\nB) b\nANSWER: B\n", "q\n\nr\nA. a\nb\nB. c\nANSWER: A, B", "q\nA) b", "ANSWER: A", "q\nB) a\nA) b\nANSWER: A"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, source []byte) { backAndForth(t, formats.Aiken, source) })
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"stem,answer_1,fraction_1\n'=a,b,100\n", "\ufeffstem;type;left_1;right_1\r\na;Matching;b;c\r\n", "stem,type\n\"a\nb\",Essay\n\"c,Essay\n",
		"stem,type,markup,answer 1,feedback 1\n{1:SA:=a},Cloze,html,,\n1,Numerical,,3:1,[html]x\n", "stem,tags\nq,\"a,b\""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, source []byte) { backAndForth(t, formats.CSV, source) })
}
