package courses

import "slices"

// ServiceLine is one of the four kinds of work of CP4P that a course prepares for.
// Source: Communities Partnering 4 Peace, "How CP4P Works".
type ServiceLine string

// The service lines.
const (
	Intervention ServiceLine = "intervention" // answering a threat or a shooting so that the next one does not come
	Prevention   ServiceLine = "prevention"   // services and case management before there is one
	ReEntry      ServiceLine = "re_entry"     // coming home from jail or prison
	SafeSpaces   ServiceLine = "safe_spaces"  // summer evenings in parks, gyms and schools
)

// ServiceLines are all of them, in the order in which CP4P tells them.
var ServiceLines = []ServiceLine{Intervention, Prevention, ReEntry, SafeSpaces}

// Known says whether it is one of the four.
func (l ServiceLine) Known() bool { return slices.Contains(ServiceLines, l) }
