package content

import "embed"

// Words are the room's sentences in every language.
//
//go:embed words/*.toml
var Words embed.FS
