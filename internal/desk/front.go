package desk

import (
	"cmp"
	"context"
	"slices"

	"github.com/metropolitan-peace-academy/academy/courses"
)

// Offers are the courses in force in public words, the longest first, as the front door
// tells them: never by module (rule 11). One query.
func (d Desk) Offers(ctx context.Context) ([]courses.PublicCourse, error) {
	offers, err := d.Courses.Public(ctx, d.today())
	slices.SortStableFunc(offers, func(a, b courses.PublicCourse) int { return cmp.Compare(b.Minutes, a.Minutes) })
	return offers, err
}
