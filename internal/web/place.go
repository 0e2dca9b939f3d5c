package web

import "github.com/metropolitan-peace-academy/academy/internal/people"

// Place is one entry of the bar: its key names the word "web.place.KEY" and is what a
// Page gives as Nav to be shown as the one where the reader is.
type Place struct {
	Key, Href, Icon string
}

// words: web.place.*

// The places.
var (
	placeToday        = Place{"today", "/", "home"}
	placeCourse       = Place{"course", "/course", "book"}
	placeCalendar     = Place{"calendar", "/calendar", "calendar"}
	placeMe           = Place{"me", "/me", "person"}
	placeCohorts      = Place{"cohorts", "/cohorts", "circle"}
	placePeople       = Place{"people", "/people", "people"}
	placeCertificates = Place{"certificates", "/register", "seal"}
	placeStaff        = Place{"staff", "/staff", "people"}
	placeReports      = Place{"reports", "/reports", "file"}
	placeVerify       = Place{"verify", "/verify", "check"}
	placeCurriculum   = Place{"curriculum", "/curriculum", "pencil"}
	placeCourses      = Place{"course", "/courses", "book"} // of the sector, for who teaches, writes or reads
)

// DefaultPlaces are the entries of the bar: at most four for a trainee, then by what
// the viewer's grants are for.
func DefaultPlaces(v people.Viewer) []Place {
	switch {
	case !v.SignedIn():
		return nil
	case v.RunsSector():
		return []Place{placeToday, placeCohorts, placePeople, placeCertificates, placeMe}
	case v.Is(people.Auditor):
		return []Place{placeToday, placeReports, placeCourses, placeVerify, placeMe}
	case v.Is(people.Instructor) && v.Is(people.Author):
		return []Place{placeToday, placeCohorts, placeCurriculum, placeCalendar, placeMe}
	case v.Is(people.Instructor):
		return []Place{placeToday, placeCohorts, placeCourses, placeCalendar, placeMe}
	case v.Is(people.Author):
		return []Place{placeToday, placeCurriculum, placeCourses, placeMe}
	case v.Is(people.PartnerHR):
		return []Place{placeToday, placeStaff, placeVerify, placeMe}
	}
	return []Place{placeToday, placeCourse, placeCalendar, placeMe}
}
