//go:build guards

package assessment_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWithoutAGuardItsTestFails takes each guard out in turn and runs its test, which must
// fail. It builds the room once for each, so it stands under a tag of its own:
// go test -tags guards -run TestWithoutAGuard ./assessment
func TestWithoutAGuardItsTestFails(t *testing.T) {
	for _, g := range guards {
		t.Run(g.rule, func(t *testing.T) {
			path, err := filepath.Abs(g.file)
			if err != nil {
				t.Fatal(err)
			}
			without := filepath.Join(t.TempDir(), "without.go")
			overlay := filepath.Join(t.TempDir(), "overlay.json")
			replaced, err := json.Marshal(map[string]map[string]string{"Replace": {path: without}})
			if err != nil {
				t.Fatal(err)
			}
			for file, text := range map[string]string{without: strings.Replace(read(t, g.file), g.guard, g.without, 1), overlay: string(replaced)} {
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			out, err := exec.CommandContext(t.Context(), "go", "test", "-vet=off", "-timeout=60s", "-overlay", overlay, "-run", "^"+g.test+"$", ".").CombinedOutput()
			if err == nil || !strings.Contains(string(out), "--- FAIL: "+g.test) {
				t.Errorf("%s does not fail without its guard: %v\n%s", g.test, err, out)
			}
		})
	}
}
