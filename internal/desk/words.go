package desk

import "embed"

// Words are the desk's sentences in both languages.
//
//go:embed words/*.toml
var Words embed.FS
