//go:build !linux

package main_test

import "os/exec"

// withoutNetwork leads whatever a command asks the network for to where nobody answers.
func withoutNetwork(c *exec.Cmd) *exec.Cmd {
	c.Env = append(c.Env, "HTTP_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1")
	return c
}
