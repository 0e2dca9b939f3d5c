package outbox

import "embed"

// Migrations makes the outbox's table.
//
//go:embed migrations/*.sql
var Migrations embed.FS
