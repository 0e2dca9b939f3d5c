package pages

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// questionFileLimit is how many bytes a file of questions may have; the form around it
// has its own.
const (
	questionFileLimit = 64 << 20
	questionFormLimit = questionFileLimit + 64<<10
)

func (h handler) mountBank(app *web.App) {
	small := web.Limit(formLimit)
	app.SignedIn(fiber.MethodGet, "/modules/:module/check/corrections", h.corrections)
	app.SignedIn(fiber.MethodPost, "/modules/:module/check/corrections", h.decideCorrection, small)
	app.SignedIn(fiber.MethodGet, "/courses/:course/questions", h.bank)
	app.SignedIn(fiber.MethodGet, "/courses/:course/questions/file", h.bankFile)
	app.SignedIn(fiber.MethodGet, "/courses/:course/questions/imports", h.imports)
	app.SignedIn(fiber.MethodPost, "/courses/:course/questions/imports", h.upload, web.Limit(questionFormLimit))
	app.SignedIn(fiber.MethodPost, "/courses/:course/questions/imports/:import/removal", h.undoImport, small)
	app.SignedIn(fiber.MethodGet, "/courses/:course/questions/uploads/:upload", h.preview)
	app.SignedIn(fiber.MethodPost, "/courses/:course/questions/uploads/:upload", h.takeIn, small)
	app.SignedIn(fiber.MethodGet, "/courses/:course/questions/:question", h.bankQuestion)
	app.SignedIn(fiber.MethodGet, "/courses/:course/questions/:question/correction", h.bankCorrection)
	app.SignedIn(fiber.MethodPost, "/courses/:course/questions/:question/correction", h.bankCorrect, small)
	app.SignedIn(fiber.MethodPost, "/courses/:course/questions/:question/checks", h.bankUpdate, small)
	huma.Post(app.API(), "/questions/import", h.apiImport, web.Scope("questions"), web.Allow(web.Limit(questionFormLimit)),
		func(op *huma.Operation) { op.MaxBodyBytes = questionFormLimit })
}

// readQuestions reads a file, two at a time in this process: a long one costs a second of
// work, and many at once must not cost everyone else theirs.
func (h handler) readQuestions(ctx context.Context, format string, file content.File, lang content.Lang) (assessment.QuestionFile, error) {
	select {
	case h.reading <- struct{}{}:
		defer func() { <-h.reading }()
		return assessment.ReadQuestionFile(format, file, lang)
	case <-ctx.Done():
		return assessment.QuestionFile{}, ctx.Err()
	}
}

type questionsInput struct {
	DryRun  bool   `query:"dry_run" doc:"Only say what would happen"`
	SkipBad bool   `query:"skip_bad" doc:"Store what is good though other questions stay outside"`
	Course  string `query:"course" maxLength:"10" doc:"Code of the course into whose bank the questions go; a dry run may do without"`
	Module  string `query:"module" maxLength:"10" doc:"The module to which they belong"`
	Lang    string `query:"lang" enum:"en,es" default:"en" doc:"Language of the questions; es gives questions that are there their Spanish words"`
	RawBody huma.MultipartFormFiles[struct {
		Format string        `form:"format" required:"false" doc:"markdown, gift, aiken, moodle, qti or csv; found out by what is in the file where it is left out"`
		File   huma.FormFile `form:"file" required:"true" doc:"The file of questions, at most 64 MiB"`
	}]
}

type questionAnswer struct {
	Text     string  `json:"text"`
	Fraction float64 `json:"fraction" minimum:"-100" maximum:"100" doc:"Percent of the points"`
	Feedback string  `json:"feedback"`
}

type questionPair struct {
	Left  string `json:"left" doc:"Empty where the right side fits nothing"`
	Right string `json:"right"`
}

type questionGap struct {
	Chosen  bool             `json:"chosen" doc:"Chosen from its answers; else typed"`
	Answers []questionAnswer `json:"answers"`
}

// questionItem is one question as its file has it.
type questionItem struct {
	ID              string           `json:"id" doc:"Its identifier in the file"`
	Title           string           `json:"title"`
	Line            int              `json:"line"`
	Type            formats.Type     `json:"type" enum:"MC,TF,Short,Numerical,Matching,Ordering,Essay,Reflection,Description,Cloze"`
	Stem            string           `json:"stem" doc:"Of a cloze with {{1}}, {{2}}, … where its gaps stand"`
	Markup          formats.Markup   `json:"markup" doc:"Of the stem: plain, moodle, markdown or html"`
	GeneralFeedback string           `json:"general_feedback"`
	Answers         []questionAnswer `json:"answers"`
	Pairs           []questionPair   `json:"pairs"`
	Gaps            []questionGap    `json:"gaps"`
	Tags            []string         `json:"tags"`
	Category        string           `json:"category"`
}

type questionWarning struct {
	Item   string `json:"item" doc:"Its title or name"`
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// questionsBody is what a file holds: each of its questions is an item or has a warning.
type questionsBody struct {
	Format   formats.Format    `json:"format"`
	Items    []questionItem    `json:"items"`
	Warnings []questionWarning `json:"warnings" doc:"Questions that stay outside, each with the reason"`
	Notes    []questionWarning `json:"notes" doc:"What an item is kept without"`
	Sums     *questionSums     `json:"sums,omitempty" doc:"Of a course's bank: what becomes of the questions"`
}

type questionSums struct {
	New     int `json:"new"`
	Changed int `json:"changed"`
	There   int `json:"there" doc:"The same question was there already"`
	Out     int `json:"out"`
}

type questionsOutput struct{ Body questionsBody }

// apiImport reads a file of questions and says what would happen, item by item.
func (h handler) apiImport(ctx context.Context, in *questionsInput) (*questionsOutput, error) {
	if !content.TeachesOrWrites(web.ViewerOf(ctx)) {
		return nil, fault.NotFound
	}
	form := in.RawBody.Data()
	defer func() { _ = form.File.Close() }()
	source, err := io.ReadAll(io.LimitReader(form.File, questionFileLimit))
	if err != nil {
		return nil, err
	}
	file, err := h.readQuestions(ctx, form.Format, content.File{Path: form.File.Filename, Bytes: source}, content.Lang(in.Lang))
	if err != nil {
		return nil, err
	}
	if in.DryRun && in.Course == "" {
		return &questionsOutput{questionsOf(ctx, file)}, nil
	}
	v := web.ViewerOf(ctx)
	var plan assessment.ImportPlan
	if in.DryRun {
		plan, err = h.assessment.PlanImport(ctx, v, in.Course, file)
	} else {
		plan, _, err = h.assessment.ImportQuestions(ctx, v, in.Course, file, assessment.ImportRules{ModuleID: in.Module, SkipBad: in.SkipBad})
	}
	if err != nil {
		return nil, h.withReasons(plan, err)
	}
	return &questionsOutput{plannedBody(ctx, plan)}, nil
}

// withReasons names each question that stays outside, where nothing is stored for them.
func (h handler) withReasons(plan assessment.ImportPlan, err error) error {
	var invalid *fault.InvalidError
	if errors.As(err, &invalid) {
		for _, p := range plan.Lost() {
			invalid.Problems = append(invalid.Problems, fault.Problem{Field: "file:" + strconv.Itoa(p.Line), Sentence: p.Sentence})
		}
	}
	return err
}

// plannedBody is questionsOf for a bank: what stays outside of it is a warning, too.
func plannedBody(ctx context.Context, plan assessment.ImportPlan) questionsBody {
	body := questionsOf(ctx, plan.File)
	body.Items, body.Warnings = []questionItem{}, []questionWarning{}
	sums := map[assessment.Fate]int{}
	for _, q := range plan.Questions {
		if sums[q.Fate]++; q.Fate == assessment.StaysOut {
			body.Warnings = append(body.Warnings, questionWarning{q.Label, q.Line, web.Say(ctx, q.Reason)})
			continue
		}
		body.Items = append(body.Items, itemBody(q.Item))
	}
	body.Sums = &questionSums{sums[assessment.WillAdd], sums[assessment.WillChange], sums[assessment.IsThere], sums[assessment.StaysOut]}
	return body
}

func questionsOf(ctx context.Context, file assessment.QuestionFile) questionsBody {
	body := questionsBody{Format: file.Format, Items: []questionItem{}, Warnings: []questionWarning{}, Notes: []questionWarning{}}
	for _, q := range file.Questions {
		body.Items = append(body.Items, itemBody(q.Item))
	}
	for _, w := range file.Warnings {
		said := questionWarning{w.Item, w.Problem.Line, web.Say(ctx, w.Problem.Sentence)}
		if w.Lost {
			body.Warnings = append(body.Warnings, said)
		} else {
			body.Notes = append(body.Notes, said)
		}
	}
	return body
}

func itemBody(item formats.Item) questionItem {
	body := questionItem{ID: item.Name, Title: item.Title, Line: item.Line, Type: item.Type, Stem: item.Stem.Words, Markup: item.Stem.Markup,
		GeneralFeedback: item.General.Words, Answers: answersBody(item.Answers), Pairs: []questionPair{}, Gaps: []questionGap{},
		Tags: append([]string{}, item.Tags...), Category: item.Category}
	for _, p := range item.Pairs {
		body.Pairs = append(body.Pairs, questionPair{p.Left.Words, p.Right.Words})
	}
	for _, g := range item.Gaps {
		body.Gaps = append(body.Gaps, questionGap{g.Chosen, answersBody(g.Answers)})
	}
	return body
}

func answersBody(answers []formats.Answer) []questionAnswer {
	list := []questionAnswer{}
	for _, a := range answers {
		words := a.Text.Words
		if strings.TrimSpace(words) == "" && a.Number != nil {
			words = a.Number.String()
		}
		list = append(list, questionAnswer{words, a.Fraction, a.Feedback.Words})
	}
	return list
}
