package formats_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
)

// result is outcome with the shares and feedback of the answers.
func result(r formats.Reading) string {
	told := outcome(r)
	for _, item := range r.Items {
		lists := [][]formats.Answer{item.Answers}
		for _, g := range item.Gaps {
			lists = append(lists, g.Answers)
		}
		for _, list := range lists {
			for _, a := range list {
				words := a.Text.Words
				if a.Number != nil {
					words = ""
				}
				told += fmt.Sprintf(" | %v %s", a.Fraction, words)
				if !a.Feedback.Empty() {
					told += " (" + a.Feedback.Words + ")"
				}
			}
		}
		for _, p := range item.Pairs {
			told += " | " + p.Left.Words + "=" + p.Right.Words
		}
		if !item.General.Empty() {
			told += " # " + item.General.Words
		}
	}
	return told
}

func mat(words string) string { return "<material><mattext>" + words + "</mattext></material>" }

func labels(names ...string) string {
	var b strings.Builder
	for _, n := range names {
		b.WriteString("<response_label ident=\"" + n + "\">" + mat("the "+n) + "</response_label>")
	}
	return b.String()
}

func rule(how, condition, then string) string {
	return "<respcondition" + how + "><conditionvar>" + condition + "</conditionvar>" + then + "</respcondition>"
}

func is(to, what string) string {
	return "<varequal respident=\"" + to + "\">" + what + "</varequal>"
}

func sets(how, points string) string {
	return "<setvar action=\"" + how + "\" varname=\"SCORE\">" + points + "</setvar>"
}

func says(id string) string { return "<displayfeedback linkrefid=\"" + id + "\"/>" }

func TestQTI12RulesBecomeSharesAndFeedback(t *testing.T) {
	t.Parallel()
	single := "<response_lid ident=\"R\" rcardinality=\"Single\"><render_choice>" + labels("a", "b", "c") + "</render_choice></response_lid>"
	several := strings.Replace(single, "Single", "Multiple", 1)
	blank := "<response_str ident=\"R\"><render_fib><response_label ident=\"x\"/></render_fib></response_str>"
	numberBlank := strings.Replace(blank, "<render_fib>", "<render_fib fibtype=\"Decimal\">", 1)
	list := func(id, left string) string {
		return "<response_lid ident=\"" + id + "\">" + mat(left) + "<render_choice>" + labels("a", "b", "c") + "</render_choice></response_lid>"
	}
	feedback := "<itemfeedback ident=\"yes\">" + mat("Yes.") + "</itemfeedback><itemfeedback ident=\"no\">" + mat("No.") + "</itemfeedback><itemfeedback ident=\"all\">" + mat("All.") + "</itemfeedback>"
	typed := func(kind string) string {
		return "<itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>" + kind + "</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>"
	}
	for _, c := range []struct{ name, before, show, rules, after, want string }{
		{"one is right", "", mat("Q?") + single, rule("", is("R", "b"), sets("Set", "100")), "", "MC | 0 the a | 100 the b | 0 the c"},
		{"points vary", "", mat("Q?") + single, rule("", is("R", "a"), sets("Add", "5")) + rule("", is("R", "b"), sets("Add", "10")) + rule("", is("R", "c"), sets("Add", "-5")), "", "MC | 50 the a | 100 the b | -50 the c"},
		{"feedback to each and to all", "", mat("Q?") + single,
			rule(" continue=\"Yes\"", "<other/>", says("all")) + rule(" continue=\"No\"", is("R", "a"), sets("Set", "100")+says("yes")) + rule(" continue=\"Yes\"", "<other/>", says("no")), feedback,
			"MC | 100 the a (Yes.) | 0 the b (No.) | 0 the c (No.) # All."},
		{"none is right", "", mat("Q?") + single, rule("", is("R", "a"), sets("Set", "0")), "", "lost 2 format.no_key"},
		{"a sum", "", mat("Q?") + several, rule("", is("R", "a"), sets("Add", "6")) + rule("", is("R", "b"), sets("Add", "2")) + rule("", is("R", "c"), sets("Add", "-4")), "", "MC | 75 the a | 25 the b | -50 the c"},
		{"all or nothing", "", mat("Q?") + several, rule("", "<and>"+is("R", "a")+"<not>"+is("R", "b")+"</not>"+is("R", "c")+"</and>", sets("Set", "100")), "",
			"MC; 2 qti.all_or_nothing | 50 the a | -50 the b | 50 the c"},
		{"an order", "", mat("Q?") + strings.Replace(single, "Single", "Ordered", 1), rule("", is("R", "c")+is("R", "a")+is("R", "b"), sets("Add", "5")), "", "Ordering | 0 the c | 0 the a | 0 the b"},
		{"pairs and one over", "", mat("Q?") + list("R1", "left") + list("R2", "right"), rule("", is("R1", "a"), sets("Add", "50")) + rule("", is("R2", "b"), sets("Add", "50")), "",
			"Matching | left=the a | right=the b | =the c"},
		{"a pair without a right side", "", mat("Q?") + list("R1", "left") + list("R2", "right"), rule("", is("R1", "a"), sets("Add", "50")), "", "lost 2 qti.pair"},
		{"lists in a text", typed("multiple_dropdowns_question"), mat("It is [one] or [two].") + list("response_two", "two") + list("response_one", "one"),
			rule("", is("response_one", "a"), sets("Add", "50")) + rule("", is("response_two", "b"), sets("Add", "50")), "",
			"Cloze It is {{1}} or {{2}}. 3 3 | 100 the a | 0 the b | 0 the c | 0 the a | 100 the b | 0 the c"},
		{"a list without a place", typed("multiple_dropdowns_question"), mat("It is.") + list("response_one", "one"), rule("", is("response_one", "a"), sets("Add", "50")), "", "lost 2 qti.gap_place"},
		{"blanks with a name", typed("fill_in_multiple_blanks_question"), mat("[one]!") + list("response_one", "one"), rule("", is("response_one", "a"), sets("Add", "50")), "",
			"Cloze {{1}}! 3 | 100 the a | 100 the b | 100 the c"},
		{"blanks in a text", "", mat("The ") + blank + mat(" of the ") + strings.ReplaceAll(blank, "R", "S") + mat("."), rule("", is("R", "cat")+is("S", "h*t"), sets("Add", "3")), "",
			`Cloze The {{1}} of the {{2}} . 1 1 | 100 cat | 100 h\*t`},
		{"a short text", "", mat("Q?") + blank, rule("", is("R", "cat")+is("R", "Cat"), sets("Set", "100")) + rule("", is("R", "dog"), says("no")), feedback, "Short; 2 moodle.by_result | 100 cat | 100 Cat | 0 dog (No.)"},
		{"a part of a text", "", mat("Q?") + blank, rule("", "<varsubstring respident=\"R\">cat</varsubstring>", sets("Set", "100")), "", "Short | 100 *cat*"},
		{"from and to", "", mat("Q?") + numberBlank, rule("", "<or>"+is("R", "5")+"<and><vargte respident=\"R\">4.5</vargte><varlte respident=\"R\">5.5</varlte></and></or>", sets("Set", "100")), "", "Numerical [5:0.5] | 100 "},
		{"above and to", "", mat("Q?") + numberBlank, rule("", "<vargt respident=\"R\">4</vargt><varlte respident=\"R\">5</varlte>", sets("Set", "100")), "", "Numerical [4.5:0.5]; 2 qti.edge | 100 "},
		{"a margin", "", mat("Q?") + numberBlank, rule("", "<varequal respident=\"R\" margintype=\"percent\" margin=\"10\">50</varequal>", sets("Set", "100")), "", "Numerical [50:5] | 100 "},
		{"from alone", "", mat("Q?") + numberBlank, rule("", "<vargte respident=\"R\">4</vargte>", sets("Set", "100")), "", "lost 2 format.no_key"},
		{"an essay", "", mat("Q?") + blank, "", "", "Essay"},
		{"text alone", typed("text_only_question"), mat("Read."), "", "", "Description"},
		{"nothing", "", "", "", "", "lost 2 qti.empty"},
		{"a picture to point at", "", mat("Q?") + "<response_xy ident=\"R\"/>", "", "", "lost 2 format.type"},
		{"a formula", typed("calculated_question"), mat("Q?") + blank, "", "", "lost 2 format.type"},
		{"more rules than one could play", "", mat("Q?") + "<response_lid ident=\"R\"><render_choice>" + strings.Repeat(labels("a"), 2000) + "</render_choice></response_lid>",
			strings.Repeat(rule("", is("R", "a"), sets("Add", "1")), 1000), "", "lost 2 format.large"},
		{"a blank and a list", "", mat("Q?") + blank + list("L", "l"), "", "", "lost 2 qti.mixed"},
		{"a picture", "", mat("Q?") + "<material><matimage uri=\"a.png\"/></material>" + single, rule("", is("R", "a"), sets("Set", "1")), "", "MC; 2 format.file | 100 the a | 0 the b | 0 the c"},
	} {
		file := "<questestinterop><assessment title=\"T\"><section title=\"S\">\n<item ident=\"i\" title=\"One\">" + c.before + "<presentation>" + c.show + "</presentation><resprocessing><outcomes><decvar varname=\"SCORE\" maxvalue=\"100\"/></outcomes>" + c.rules + "</resprocessing>" + c.after + "</item></section></assessment></questestinterop>"
		got, err := formats.ReadQTI("a.xml", []byte(file))
		if told := result(got); err != nil || told != c.want {
			t.Errorf("%s: %q %v, want %q", c.name, told, err, c.want)
		}
		for _, item := range got.Items {
			if item.Category != "T/S" || item.Name != "i" || item.Title != "One" {
				t.Errorf("%s: %+v", c.name, item)
			}
		}
	}
}

func TestQTI2RulesBecomeSharesAndFeedback(t *testing.T) {
	t.Parallel()
	choice := func(most string) string {
		return "<choiceInteraction responseIdentifier=\"RESPONSE\" maxChoices=\"" + most + "\"><prompt>Q?</prompt><simpleChoice identifier=\"a\">the a<feedbackInline outcomeIdentifier=\"F\" identifier=\"a\" showHide=\"show\">Yes.</feedbackInline></simpleChoice><simpleChoice identifier=\"b\">the b</simpleChoice></choiceInteraction>"
	}
	declared := func(kind, base, right, mapping string) string {
		return "<responseDeclaration identifier=\"RESPONSE\" cardinality=\"" + kind + "\" baseType=\"" + base + "\"><correctResponse>" + right + "</correctResponse>" + mapping + "</responseDeclaration><outcomeDeclaration identifier=\"SCORE\" cardinality=\"single\" baseType=\"float\"/>"
	}
	value := func(words string) string { return "<value>" + words + "</value>" }
	entry := func(key, points string) string {
		return "<mapEntry mapKey=\"" + key + "\" mappedValue=\"" + points + "\"/>"
	}
	template := func(name string) string {
		return "<responseProcessing template=\"http://www.imsglobal.org/question/qti_v2p1/rptemplates/" + name + "\"/>"
	}
	entryBox := "<textEntryInteraction responseIdentifier=\"RESPONSE\"/>"
	for _, c := range []struct{ name, before, body, after, want string }{
		{"match_correct", declared("single", "identifier", value("b"), ""), choice("1"), template("match_correct"), "MC; 2 moodle.by_result | 0 the a | 100 the b"},
		{"map_response", declared("single", "identifier", value("b"), "<mapping>"+entry("a", "1")+entry("b", "4")+"</mapping>"), choice("1"), template("map_response"), "MC; 2 moodle.by_result | 25 the a | 100 the b"},
		{"rules with feedback inside", declared("single", "identifier", value("a"), "") + "<outcomeDeclaration identifier=\"F\" cardinality=\"single\" baseType=\"identifier\"/>", choice("1"),
			"<responseProcessing><setOutcomeValue identifier=\"F\"><variable identifier=\"RESPONSE\"/></setOutcomeValue><responseCondition><responseIf><match><variable identifier=\"RESPONSE\"/><correct identifier=\"RESPONSE\"/></match><setOutcomeValue identifier=\"SCORE\"><baseValue baseType=\"float\">3</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>",
			"MC | 100 the a (Yes.) | 0 the b"},
		{"several in a mapping", declared("multiple", "identifier", value("a")+value("b"), "<mapping defaultValue=\"-1\">"+entry("a", "3")+entry("b", "1")+"</mapping>"), choice("0"), template("map_response"), "MC; 2 moodle.by_result | 75 the a | 25 the b"},
		{"several or nothing", declared("multiple", "identifier", value("a")+value("b"), ""), choice("0"), template("match_correct"), "MC; 2 qti.all_or_nothing; 2 moodle.by_result | 50 the a | 50 the b"},
		{"no key", declared("single", "identifier", "", ""), choice("1"), "", "lost 2 format.no_key"},
		{"a number and its reach", declared("single", "float", value("5"), ""), "<p>Q? " + entryBox + "</p>",
			"<responseProcessing><responseCondition><responseIf><equal toleranceMode=\"relative\" tolerance=\"10 20\"><variable identifier=\"RESPONSE\"/><correct identifier=\"RESPONSE\"/></equal><setOutcomeValue identifier=\"SCORE\"><baseValue baseType=\"float\">1</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>",
			"Numerical [5.25:0.75] | 100 "},
		{"a word in a mapping", declared("single", "string", value("York"), "<mapping defaultValue=\"0\">"+entry("York", "2")+entry("York City", "1")+"</mapping>"), "<p>Q? " + entryBox + ".</p>", template("map_response"), "Short | 100 York | 50 York City"},
		{"a word in a text", declared("single", "string", value("York"), ""), "<p>{{1}} of " + entryBox + " we sing.</p>", template("match_correct"), "Cloze <p>&#123;{1}} of {{1}} we sing.</p> 1 | 100 York"},
		{"a list in a text", declared("single", "identifier", value("y"), ""), "<p>Of <inlineChoiceInteraction responseIdentifier=\"RESPONSE\"><inlineChoice identifier=\"x\">Kent</inlineChoice><inlineChoice identifier=\"y\">York</inlineChoice></inlineChoiceInteraction>.</p>", template("match_correct"),
			"Cloze <p>Of {{1}}.</p> 2 | 0 Kent | 100 York"},
		{"words into gaps", declared("multiple", "directedPair", value("w G"), ""), "<gapMatchInteraction responseIdentifier=\"RESPONSE\"><gapText identifier=\"w\">winter</gapText><gapText identifier=\"s\">summer</gapText><p>The <gap identifier=\"G\"/>.</p></gapMatchInteraction>", template("match_correct"),
			"Cloze <p>The {{1}}.</p> 2 | 100 winter | 0 summer"},
		{"pairs whose sides change places", declared("multiple", "directedPair", value("a x")+value("a y"), ""), "<matchInteraction responseIdentifier=\"RESPONSE\"><simpleMatchSet><simpleAssociableChoice identifier=\"a\">A</simpleAssociableChoice><simpleAssociableChoice identifier=\"b\">B</simpleAssociableChoice></simpleMatchSet><simpleMatchSet><simpleAssociableChoice identifier=\"x\">X</simpleAssociableChoice><simpleAssociableChoice identifier=\"y\">Y</simpleAssociableChoice></simpleMatchSet></matchInteraction>", template("match_correct"),
			"Matching | X=A | Y=A | =B"},
		{"an order", declared("ordered", "identifier", value("b")+value("a"), ""), "<orderInteraction responseIdentifier=\"RESPONSE\"><simpleChoice identifier=\"a\">A</simpleChoice><simpleChoice identifier=\"b\">B</simpleChoice></orderInteraction>", template("match_correct"), "Ordering | 0 B | 0 A"},
		{"an essay with notes for the grader", declared("single", "string", "", ""), "<p>Q?</p><rubricBlock view=\"scorer\"><p>Secret</p></rubricBlock><extendedTextInteraction responseIdentifier=\"RESPONSE\"/>", "", "Essay; 2 qti.rubric"},
		{"a text", "", "<p>Read.</p><img src=\"a.png\"/>", "", "Description; 2 format.file"},
		{"nothing", "", "", "", "lost 2 qti.empty"},
		{"new numbers for each", "<templateDeclaration identifier=\"N\"/>", choice("1"), "", "lost 2 qti.template"},
		{"a slider", "", "<sliderInteraction responseIdentifier=\"RESPONSE\"/>", "", "lost 2 format.type"},
		{"pairs of one set", "", "<associateInteraction responseIdentifier=\"RESPONSE\"/>", "", "lost 2 format.type"},
		{"two at once", declared("single", "identifier", value("b"), ""), choice("1") + choice("1"), template("match_correct"), "lost 2 qti.mixed"},
		{"rules without end", declared("single", "identifier", value("b"), ""), choice("1"), "<responseProcessing>" + strings.Repeat("<setOutcomeValue identifier=\"SCORE\"><sum>"+strings.Repeat("<baseValue>1</baseValue>", 100)+"</sum></setOutcomeValue>", 2000) + "</responseProcessing>", "lost 2 format.large"},
	} {
		file := "<assessmentItem identifier=\"i\" adaptive=\"false\"\n title=\"One\">" + c.before + "<itemBody>" + c.body + "</itemBody>" + c.after + "</assessmentItem>"
		got, err := formats.ReadQTI("a.xml", []byte(strings.Replace(file, "\n", "", 1)))
		if told := strings.ReplaceAll(strings.ReplaceAll(result(got), "; 1 ", "; 2 "), "lost 1 ", "lost 2 "); err != nil || told != c.want {
			t.Errorf("%s: %q %v, want %q", c.name, told, err, c.want)
		}
	}
}

func TestAFileThatOnlyListsQuestionsSaysSo(t *testing.T) {
	t.Parallel()
	for root, want := range map[string]string{"assessmentTest": "1 qti.list", "manifest": "1 qti.list", "quiz": "1 qti.other", "html": "1 qti.other"} {
		_, err := formats.ReadQTI("a.xml", []byte("<"+root+"/>"))
		if got := problemOf(t, err); got != want {
			t.Errorf("%s: %q, want %q", root, got, want)
		}
	}
}

// The parts of an item stand in the order of the schema, each identifier is declared once,
// and what is shown or set is declared (imsqti_v2p1.xsd; Information Model 2.1, section 4).
func TestWrittenQTIKeepsTheRulesOfTheSchema(t *testing.T) {
	t.Parallel()
	file, _, err := formats.WriteQTI(everyType())
	if err != nil {
		t.Fatal(err)
	}
	order := map[string]int{"responseDeclaration": 1, "outcomeDeclaration": 2, "itemBody": 3, "responseProcessing": 4, "modalFeedback": 5}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	items := 0
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "items/") {
			continue
		}
		items++
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		d, depth, last := xml.NewDecoder(r), 0, 0
		declared, asked := map[string]bool{}, map[string]bool{}
		for {
			token, err := d.Token()
			if err != nil {
				break
			}
			switch token := token.(type) {
			case xml.EndElement:
				depth--
			case xml.StartElement:
				depth++
				at := map[string]string{}
				for _, a := range token.Attr {
					at[a.Name.Local] = a.Value
				}
				if depth == 2 {
					place := order[token.Name.Local]
					if place == 0 || place < last {
						t.Errorf("%s: %s stands in the wrong place", f.Name, token.Name.Local)
					}
					last = place
				}
				if strings.HasSuffix(token.Name.Local, "Declaration") {
					if declared[at["identifier"]] {
						t.Errorf("%s: %s is declared twice", f.Name, at["identifier"])
					}
					declared[at["identifier"]] = true
				}
				if token.Name.Local == "setOutcomeValue" || token.Name.Local == "variable" || token.Name.Local == "mapResponse" || token.Name.Local == "correct" {
					asked[at["identifier"]] = true
				}
				for _, name := range []string{"responseIdentifier", "outcomeIdentifier"} {
					if at[name] != "" {
						asked[at[name]] = true
					}
				}
			}
		}
		for name := range asked {
			if !declared[name] {
				t.Errorf("%s: %s is used and not declared", f.Name, name)
			}
		}
	}
	if items != len(everyType()) {
		t.Errorf("%d files of items", items)
	}
}

// FuzzQTI holds that nothing makes the reader fall, that each item of a file is kept or
// named, and that what was kept goes out and comes back the same from then on.
func FuzzQTI(f *testing.F) {
	f.Add([]byte("<questestinterop><item title='a'><presentation>" + mat("Q?") + "<response_lid ident='R'><render_choice>" + labels("a", "b") + "</render_choice></response_lid></presentation><resprocessing>" + rule("", is("R", "a"), sets("Set", "1")) + "</resprocessing></item></questestinterop>"))
	f.Add([]byte("<questestinterop><item title='a'><presentation>" + mat("Q?") + "<response_str ident='R'><render_fib fibtype='Decimal'/></response_str></presentation><resprocessing>" + rule("", is("R", "4"), sets("Set", "1")) + "</resprocessing></item></questestinterop>"))
	f.Add([]byte("<assessmentItem title='a'><responseDeclaration identifier='R' baseType='string'><correctResponse><value>b</value></correctResponse></responseDeclaration><itemBody><p>a <textEntryInteraction responseIdentifier='R'/> c</p></itemBody></assessmentItem>"))
	f.Add([]byte("<assessmentItem title='a'><responseDeclaration identifier='R' baseType='identifier' cardinality='multiple'><correctResponse><value>b</value></correctResponse></responseDeclaration><itemBody><choiceInteraction responseIdentifier='R'><simpleChoice identifier='b'><b>x</b></simpleChoice><simpleChoice identifier='c'>y</simpleChoice></choiceInteraction></itemBody></assessmentItem>"))
	f.Fuzz(qtiKeptAndSame)
}

func qtiKeptAndSame(t *testing.T, data []byte) {
	got, err := formats.ReadQTI("a.xml", data)
	if err != nil {
		problemOf(t, err)
		return
	}
	if want := countQTI(data); want >= 0 && len(got.Items)+lostOf(got) != want {
		t.Fatalf("%d kept and %d named of %d", len(got.Items), lostOf(got), want)
	}
	// HTML is mended on its first way out.
	first := throughQTI(t, got.Items)
	sameItems(t, first, throughQTI(t, first))
}

func throughQTI(t *testing.T, items []formats.Item) []formats.Item {
	t.Helper()
	file, warnings, err := formats.WriteQTI(items)
	if err != nil {
		t.Fatal(err)
	}
	if len(items) == 0 {
		return nil
	}
	back, err := formats.ReadArchive("a.zip", file)
	if err != nil {
		t.Fatal(err)
	}
	if len(back.Items) != len(items) {
		t.Fatalf("%d of %d came back: %v %v", len(back.Items), len(items), warnings, back.Warnings)
	}
	return back.Items
}

// countQTI counts the items of a file by its tokens alone.
func countQTI(data []byte) (count int) {
	d := xml.NewDecoder(bytes.NewReader(data))
	var open []string
	for {
		token, err := d.RawToken()
		if err != nil {
			return count
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			inItem := false
			for _, o := range open {
				inItem = inItem || o == "item" || o == "bankentry_item"
			}
			if open == nil && name == "assessmentItem" || len(open) > 0 && open[0] == "questestinterop" && !inItem && (name == "item" || name == "bankentry_item") {
				count++
			}
			open = append(open, name)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.ProcInst:
			if token.Target == "xml" && !bytes.Contains(bytes.ToLower(token.Inst), []byte("utf-8")) {
				return -1
			}
		}
	}
}

func BenchmarkReadQTIPackage(b *testing.B) {
	var items []formats.Item
	for len(items) < 5000 {
		items = append(items, everyType()...)
	}
	file, _, err := formats.WriteQTI(items[:5000])
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		got, err := formats.ReadArchive("a.zip", file)
		if err != nil || len(got.Items) != 5000 {
			b.Fatal(len(got.Items), err)
		}
	}
}

func TestWhatAFileSaysOfAllItsQuestionsIsToldOnce(t *testing.T) {
	t.Parallel()
	points := func(n string) string {
		return "<item title=\"Q\"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>points_possible</fieldlabel><fieldentry>" + n + "</fieldentry></qtimetadatafield></qtimetadata></itemmetadata><presentation>" + mat("Q?") + "<response_str ident=\"R\"><render_fib/></response_str></presentation></item>"
	}
	grade := func(n string) string {
		return "<question type=\"essay\"><defaultgrade>" + n + "</defaultgrade></question>"
	}
	for _, c := range []struct{ name, file, want string }{
		{"the same points", points("2") + points("2.0"), "Essay; Essay"},
		{"other points", points("2") + points("2.0") + points("1"), "Essay; Essay; Essay; 1 format.points"},
		{"some are drawn", "<section title=\"Pool\"><selection_ordering><selection><selection_number>1</selection_number></selection></selection_ordering>" + points("1") + "</section>", "Essay; 1 qti.draws"},
		{"a bank elsewhere", "<bankentry_item item_ref=\"i7\"/>", "lost 1 qti.elsewhere"},
	} {
		got, err := formats.ReadQTI("a.xml", []byte("<questestinterop>"+c.file+"</questestinterop>"))
		if told := outcome(got); err != nil || told != c.want {
			t.Errorf("%s: %q %v, want %q", c.name, told, err, c.want)
		}
	}
	got, err := formats.ReadMoodleXML("a.xml", []byte("<quiz>"+grade("1")+grade("0")+grade("1.0000000")+grade("3")+"</quiz>"))
	if told := outcome(got); err != nil || told != "Essay; Reflection; Essay; Essay; 1 format.points" {
		t.Errorf("%q %v", told, err)
	}
}

func TestQTIIsReadPackedOrAsOneFile(t *testing.T) {
	t.Parallel()
	file, _, err := formats.Write(formats.QTI, everyType()[:1])
	if err != nil {
		t.Fatal(err)
	}
	one := []byte("<?xml version=\"1.0\"?>\n<assessmentItem title=\"A\"><itemBody><p>Read.</p></itemBody></assessmentItem>")
	for name, data := range map[string][]byte{"a.zip": file, "a.xml": one, "a.dat": []byte("<questestinterop><item>" + "<presentation>" + mat("Read.") + "</presentation></item></questestinterop>")} {
		got, err := formats.Read(formats.QTI, content.File{Path: name, Bytes: data})
		if err != nil || len(got.Items) != 1 {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
}

// FuzzQTITexts is FuzzQTI where the file is always well formed and its texts and rules are not.
func FuzzQTITexts(f *testing.F) {
	f.Add(byte(0), "multiple_choice_question", "Q?", "a", "50", "Yes.", "b")
	f.Add(byte(1), "fill_in_multiple_blanks_question", "The [a] {{1}} of.", "a", "100", "<b>No.</b>", "*")
	f.Add(byte(2), "", "Q?", "4.5", "1", "e1", "5,5")
	f.Add(byte(3), "", "<p>Q &amp; A</p>", "A", "0.5", "[aA].*", "B")
	f.Add(byte(4), "", "Q", "w", "1", "2", "3.5")
	f.Fuzz(func(t *testing.T, shape byte, kind, stem, one, points, other, two string) {
		said := func(words string) string {
			var b strings.Builder
			_ = xml.EscapeText(&b, []byte(strings.ToValidUTF8(words, "?")))
			return b.String()
		}
		stem, one, two, other, points, kind = said(stem), said(one), said(two), said(other), said(points), said(kind)
		list := "<response_lid ident=\"response_" + one + "\" rcardinality=\"" + two + "\"><render_choice><response_label ident=\"" + one + "\">" + mat(one) + "</response_label><response_label ident=\"" + two + "\">" + mat(other) + "</response_label></render_choice></response_lid>"
		blank := "<response_str ident=\"response_" + one + "\"><render_fib fibtype=\"" + kind + "\"/></response_str>"
		shown := []string{list, blank, blank + mat(other) + blank, list + list}[int(shape)%4]
		old := "<questestinterop><item title=\"" + two + "\"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>" + kind + "</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>" +
			"<presentation><material><mattext texttype=\"text/html\">" + stem + "</mattext></material>" + shown + "</presentation><resprocessing><outcomes><decvar maxvalue=\"" + points + "\"/></outcomes>" +
			rule("", is("response_"+one, one), sets("Add", points)+says(other)) + rule("", "<vargte respident=\"response_"+one+"\">"+one+"</vargte><varlte respident=\"response_"+one+"\">"+two+"</varlte>", sets("Set", points)) +
			rule("", "<other/>", says(two)) + "</resprocessing><itemfeedback ident=\"" + other + "\">" + mat(stem) + "</itemfeedback></item></questestinterop>"
		qtiKeptAndSame(t, []byte(old))
		v := "<variable identifier=\"R\"/>"
		test := []string{"<match>" + v + "<baseValue>" + one + "</baseValue></match>", "<patternMatch pattern=\"" + other + "\">" + v + "</patternMatch>",
			"<equal toleranceMode=\"absolute\" tolerance=\"" + points + " " + two + "\">" + v + "<baseValue>" + one + "</baseValue></equal>", "<stringMatch caseSensitive=\"false\">" + v + "<baseValue>" + one + "</baseValue></stringMatch>"}[int(shape)%4]
		ask := []string{"<choiceInteraction responseIdentifier=\"R\" maxChoices=\"" + points + "\"><simpleChoice identifier=\"" + one + "\">" + stem + "</simpleChoice><simpleChoice identifier=\"" + two + "\">" + other + "</simpleChoice></choiceInteraction>",
			"<textEntryInteraction responseIdentifier=\"R\"/>", "<inlineChoiceInteraction responseIdentifier=\"R\"><inlineChoice identifier=\"" + one + "\">" + stem + "</inlineChoice><inlineChoice identifier=\"" + two + "\">" + other + "</inlineChoice></inlineChoiceInteraction>",
			"<matchInteraction responseIdentifier=\"R\"><simpleMatchSet><simpleAssociableChoice identifier=\"" + one + "\">" + stem + "</simpleAssociableChoice></simpleMatchSet><simpleMatchSet><simpleAssociableChoice identifier=\"" + two + "\">" + other + "</simpleAssociableChoice></simpleMatchSet></matchInteraction>"}[int(shape/4)%4]
		base := []string{"string", "float", "identifier", "directedPair"}[int(shape/16)%4]
		for _, tool := range []string{"", " toolName=\"Metropolitan Peace Academy\""} {
			qtiKeptAndSame(t, []byte("<assessmentItem title=\""+two+"\""+tool+"><responseDeclaration identifier=\"R\" baseType=\""+base+"\" cardinality=\""+kind+"\"><correctResponse><value>"+one+"</value></correctResponse><mapping defaultValue=\""+two+"\"><mapEntry mapKey=\""+one+"\" mappedValue=\""+points+"\"/></mapping></responseDeclaration>"+
				"<itemBody><p>"+stem+" "+ask+" "+other+"</p></itemBody><responseProcessing><responseCondition><responseIf>"+test+"<setOutcomeValue identifier=\"SCORE\"><baseValue>"+points+"</baseValue></setOutcomeValue><setOutcomeValue identifier=\"F\"><baseValue>f</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing><modalFeedback outcomeIdentifier=\"F\" identifier=\"f\">"+stem+"</modalFeedback></assessmentItem>"))
		}
	})
}
