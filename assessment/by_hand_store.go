package assessment

import "github.com/uptrace/bun"

// byHand reads what is set for the check of a place (alias enrolment) at a module, whose
// id the column holds.
func byHand(module string) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.ColumnExpr("COALESCE(by_hand.kind, '') AS hand_kind, COALESCE(by_hand.percent, 0) AS hand_percent").
			ColumnExpr("COALESCE(by_hand.code, '') AS hand_code, COALESCE(by_hand.words, '') AS hand_words, by_hand.at AS hand_at").
			Join("LEFT JOIN gradebook_lines AS by_hand ON by_hand.enrolment_id = enrolment.id AND by_hand.column_kind = ? AND by_hand.column_id = "+module+
				` AND NOT EXISTS (SELECT 1 FROM gradebook_lines AS later WHERE later.enrolment_id = by_hand.enrolment_id
				AND later.column_kind = by_hand.column_kind AND later.column_id = by_hand.column_id AND later.seq > by_hand.seq)`, QuizColumn)
	}
}
