//go:build race

package main_test

// raced says that the tests watch for races, and so should the program.
const raced = true
