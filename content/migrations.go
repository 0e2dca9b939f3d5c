package content

import "embed"

// Migrations are the room's tables.
//
//go:embed migrations/*.sql
var Migrations embed.FS
