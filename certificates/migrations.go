package certificates

import "embed"

// Migrations are the room's tables.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Words are the room's sentences, English and Spanish.
//
//go:embed words/*.toml
var Words embed.FS
