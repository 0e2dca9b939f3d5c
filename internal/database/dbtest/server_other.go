//go:build !unix

package dbtest

import "errors"

func startServer() (string, error) {
	return "", errors.New("auto needs a Unix system: give the address of a server")
}
