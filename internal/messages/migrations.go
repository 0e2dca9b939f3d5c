package messages

import "embed"

// Migrations makes the tables of wishes and letters.
//
//go:embed migrations/*.sql
var Migrations embed.FS
