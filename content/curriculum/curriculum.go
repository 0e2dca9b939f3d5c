// Package curriculum is the Academy's own curriculum: modules, guides, quizzes and
// the glossary as Markdown, and the courses that they make up.
package curriculum

import "embed"

// Files are the curriculum's files: texts at the top, the editions under courses.
//
//go:embed *.md *.yaml courses/*.yaml
var Files embed.FS
