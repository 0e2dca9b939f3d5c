package content

import "embed"

// Migrations are the room's tables.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Words are the room's sentences in every language.
//
//go:embed words/*.toml
var Words embed.FS
