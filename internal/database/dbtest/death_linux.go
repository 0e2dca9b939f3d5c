package dbtest

import "syscall"

// endWithParent has the system end the process when its parent was killed.
func endWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGQUIT }
