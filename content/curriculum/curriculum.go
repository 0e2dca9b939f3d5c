// Package curriculum is the Academy's own curriculum: modules, guides, quizzes and
// the glossary as Markdown, and the courses that they make up.
package curriculum

import "embed"

// Files are the curriculum's files: texts at the top, the editions under courses, the
// common practices under protocols.
//
//go:embed *.md *.yaml courses/*.yaml protocols/*.md rubrics/*.yaml
var Files embed.FS
