package courses

// Mandate is a topic in which the law asks police officers to be trained again every so
// often. An edition for law enforcement says which parts of its map count for which.
type Mandate string

// Mandates are those that a part may count for (domain, section 3: 50 ILCS 705/10.6).
var Mandates = []Mandate{"civil_rights", "procedural_justice", "cultural_competency", "implicit_bias"}
