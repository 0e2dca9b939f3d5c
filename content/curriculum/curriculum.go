// Package curriculum is the Academy's own curriculum: modules, guides, quizzes and
// the glossary as Markdown, and the courses that they make up.
package curriculum

import "embed"

// Files are the curriculum's files, at the top of the file system.
//
//go:embed *.md *.yaml
var Files embed.FS
