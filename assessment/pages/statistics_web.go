package pages

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func (h handler) figures(c *fiber.Ctx) error {
	figures, err := h.assessment.Figures(c.UserContext(), web.Viewer(c), moduleOf(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, figuresPage(figures))
}

// rangeWords says a figure and where it lies in 95 of 100 such samples: "0.31 (0.05 to 0.53)".
func rangeWords(ctx context.Context, e assessment.Estimate) string {
	if !e.Known {
		return web.T(ctx, "assessment.figures.unknown")
	}
	return web.T(ctx, "assessment.figures.range", "Value", hundredths(e.Value), "Low", hundredths(e.Low), "High", hundredths(e.High))
}

// shareWords says a part in percent: "62 % (48 to 74)".
func shareWords(ctx context.Context, e assessment.Estimate) string {
	if !e.Known {
		return web.T(ctx, "assessment.figures.unknown")
	}
	percent := func(part float64) int { return int(math.Round(part * 100)) }
	return web.T(ctx, "assessment.figures.range", "Value", web.Percent(ctx, percent(e.Value)), "Low", percent(e.Low), "High", percent(e.High))
}

func secondsWords(ctx context.Context, seconds int) string {
	if seconds == 0 {
		return web.T(ctx, "assessment.figures.unknown")
	}
	return web.T(ctx, "assessment.figures.seconds", "Count", seconds)
}

// hundredths writes a figure with a true minus, as a table of numbers has it.
func hundredths(f float64) string {
	return strings.Replace(fmt.Sprintf("%.2f", math.Round(f*100)/100+0), "-", "−", 1) // + 0 makes −0 a 0
}

// The drawing's room, in its own units.
const (
	drawnWidth, drawnHeight = 320, 200
	drawnLeft, drawnTop     = 34, 10
	drawnAcross, drawnUp    = 270, 160
)

// plane is what the drawing shows: shares from the lowest that there is to 100 percent
// across, correlations from the lowest to 1 upwards.
type plane struct{ lowestShare, lowest float64 }

func planeOf(questions []assessment.QuestionFigures) plane {
	p := plane{0.9, -0.5}
	for _, q := range questions {
		if q.Discrimination.Known && q.Difficulty.Known {
			p.lowestShare = min(p.lowestShare, math.Floor(q.Difficulty.Value*10-0.2)/10)
			if q.Discrimination.Low < p.lowest {
				p.lowest = -1
			}
		}
	}
	p.lowestShare = max(0, p.lowestShare)
	return p
}

func (p plane) x(share float64) float64 {
	return drawnLeft + (share-p.lowestShare)/(1-p.lowestShare)*drawnAcross
}

func (p plane) y(r float64) float64 { return drawnTop + (1-r)/(1-p.lowest)*drawnUp }

// scatter draws each question where its difficulty and its discrimination meet, by its
// number, with the range of its discrimination. The table below says the same.
func scatter(f assessment.QuizFigures) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		p := planeOf(f.Questions)
		var b strings.Builder
		fmt.Fprintf(&b, `<svg class="scatter" viewBox="0 0 %d %d" aria-hidden="true" focusable="false">`, drawnWidth, drawnHeight)
		for _, r := range []float64{p.lowest, 0, 0.5, 1} {
			fmt.Fprintf(&b, `<line class="scatter-line" x1="%d" y1="%.1f" x2="%d" y2="%.1f"/><text class="scatter-side" x="%d" y="%.1f">%s</text>`,
				drawnLeft, p.y(r), drawnLeft+drawnAcross, p.y(r), drawnLeft-6, p.y(r)+4, strings.Replace(fmt.Sprintf("%g", r), "-", "−", 1))
		}
		for _, share := range []float64{p.lowestShare, (p.lowestShare + 1) / 2, 1} {
			fmt.Fprintf(&b, `<text x="%.1f" y="%d">%.0f %%</text>`, p.x(share), drawnHeight-8, share*100)
		}
		for _, q := range f.Questions {
			if d := q.Discrimination; d.Known && q.Difficulty.Known {
				class, at := "scatter-dot", p.x(q.Difficulty.Value)
				if d.Value < 0 {
					class = "scatter-dot scatter-below"
				}
				fmt.Fprintf(&b, `<line class="scatter-range" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`, at, p.y(d.Low), at, p.y(d.High))
				fmt.Fprintf(&b, `<circle class="%s" cx="%.1f" cy="%.1f" r="7"/><text class="scatter-number" x="%.1f" y="%.1f">%d</text>`,
					class, at, p.y(d.Value), at, p.y(d.Value)+3, q.Position)
			}
		}
		b.WriteString(`</svg>`)
		_, err := io.WriteString(w, b.String())
		return err
	})
}
