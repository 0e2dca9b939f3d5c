package messages

import "embed"

// Words are the sentences about messages in both languages.
//
//go:embed words/*.toml
var Words embed.FS
