package web

import "time"

// ShutdownWithin is Shutdown with another patience.
func (a *App) ShutdownWithin(wait time.Duration) error { return a.shutdown(wait) }
