package people

import "github.com/uptrace/bun"

// Called narrows a query over persons (alias person) to those of the viewer's sector one
// of whose names begins with each word typed, without regard to case or accents; no word
// leaves everybody.
func Called(v Viewer, typed string) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		for _, key := range nameKeys(typed) {
			q = q.Where("person.id IN (SELECT named.person_id FROM name_keys AS named WHERE named.sector = ? AND named.key >= ? AND named.key < ?)", v.Sector(), key, key+"g")
		}
		return q
	}
}
