package app

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestTheKeyOfCheckInCodesCanBeThrownAway(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	first, err := readKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := readKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !first.Made || again.Made || !bytes.Equal(first.Outer, again.Outer) || !bytes.Equal(first.CheckIn, again.CheckIn) || bytes.Equal(first.Outer, first.CheckIn) {
		t.Error("the keys are not kept as they were made")
	}
	if err := os.Remove(filepath.Join(dir, checkInKeyFile)); err != nil {
		t.Fatal(err)
	}
	third, err := readKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	if third.Made || !bytes.Equal(third.Outer, first.Outer) || bytes.Equal(third.CheckIn, first.CheckIn) {
		t.Error("without its file the check-in key is not made anew, alone")
	}
}
