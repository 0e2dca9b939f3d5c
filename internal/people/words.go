package people

import "embed"

// Words are the sentences of this package and its pages, in every language.
//
//go:embed words/*.toml
var Words embed.FS
