//go:build unix && !linux

package dbtest

import "syscall"

// endWithParent can't be asked of this system.
func endWithParent(*syscall.SysProcAttr) {}
