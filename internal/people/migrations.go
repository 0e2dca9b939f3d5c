package people

import "embed"

// Migrations are the tables of this package, for database.Migrate.
//
//go:embed migrations/*.sql
var Migrations embed.FS
