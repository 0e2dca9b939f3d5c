// Package content holds the curriculum: modules and their versions, facilitators'
// guides and the glossary, read from Markdown and drawn once into safe pages.
package content

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// ModuleID is the short name of a topic, such as T07. Its address is /modules/t07.
type ModuleID string

var moduleIDForm = regexp.MustCompile(`^[A-Z]{1,3}[0-9]{2,3}[A-Z]?$`)

// Known says whether id has the form of a module's id.
func (id ModuleID) Known() bool { return moduleIDForm.MatchString(string(id)) }

// Slug is how the id stands in addresses and file names: t07.
func (id ModuleID) Slug() string { return strings.ToLower(string(id)) }

// ModuleOf reads the id out of an address, where case does not matter.
func ModuleOf(slug string) ModuleID { return ModuleID(strings.ToUpper(slug)) }

// Hash names a version: the SHA-256 of its file, in hex.
type Hash string

// HashOf is the identity of a file's bytes.
func HashOf(source []byte) Hash {
	sum := sha256.Sum256(source)
	return Hash(hex.EncodeToString(sum[:]))
}

// Lang is the language of a text.
type Lang string

// The languages of the Academy. English is the original, Spanish its translation.
const (
	English Lang = "en"
	Spanish Lang = "es"
)

// Known says whether l is one of the Academy's languages.
func (l Lang) Known() bool { return l == English || l == Spanish }

// Tag says who may see a module.
type Tag string

// The tags of the sensitivity list.
const (
	Open      Tag = "O" // any sector
	Outreach  Tag = "C" // outreach only
	Police    Tag = "P" // law enforcement only
	JointOnly Tag = "J" // also sectors joined in a session that names the module, from a week before
	Hospital  Tag = "H" // also health
)

// Sensitivity is the list of tags in a module's front matter.
type Sensitivity []Tag

// Sectors are those that may see the module outright; what J adds comes and goes with joint sessions.
func (s Sensitivity) Sectors() []people.Sector {
	if slices.Contains(s, Open) {
		return slices.Clone(people.Sectors)
	}
	var sectors []people.Sector
	for _, one := range []struct {
		tag    Tag
		sector people.Sector
	}{{Outreach, people.Outreach}, {Police, people.LawEnforcement}, {Hospital, people.Health}} {
		if slices.Contains(s, one.tag) {
			sectors = append(sectors, one.sector)
		}
	}
	return sectors
}

// Joint says whether a joint session may open the module to the other side.
func (s Sensitivity) Joint() bool { return slices.Contains(s, JointOnly) }
