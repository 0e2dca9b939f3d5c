package people

import "slices"

// Scopes are what an API token may be made for.
var Scopes = []string{"read", "attend", "grade", "questions", "certificates", "metrics"}

// KnownScope says whether an API token may name it.
func KnownScope(scope string) bool { return slices.Contains(Scopes, scope) }
