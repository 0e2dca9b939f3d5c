package cohorts

import (
	"context"
	"fmt"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Rooms lists the rooms released to the sector that the viewer runs, by name.
func (s Store) Rooms(ctx context.Context, v people.Viewer) ([]Room, error) {
	if !v.RunsSector() {
		return nil, fault.Forbidden
	}
	list := []Room{}
	err := s.db.NewSelect().TableExpr("rooms AS room").ColumnExpr("room.*").
		Join("JOIN room_sectors AS released ON released.room_id = room.id").
		Where("released.sector = ?", v.Sector()).OrderExpr("room.name, room.id").Limit(200).Scan(ctx, &list)
	return list, err
}

// knowsRoom fails with fault.NotFound for a room that is not released to the viewer's
// sector, whether it comes to be used or not; "" is none.
func (s Store) knowsRoom(ctx context.Context, v people.Viewer, room string) error {
	if room == "" {
		return nil
	}
	n, err := s.db.NewSelect().TableExpr("room_sectors AS released").Where("released.room_id = ? AND released.sector = ?", room, v.Sector()).Count(ctx)
	if err == nil && n == 0 {
		err = fmt.Errorf("room %q: %w", room, fault.NotFound)
	}
	return err
}

// AddRoom adds a room and releases it to the sector that the viewer runs.
func (s Store) AddRoom(ctx context.Context, v people.Viewer, room Room) (string, error) {
	if !v.RunsSector() {
		return "", fault.Forbidden
	}
	if err := room.validate(); err != nil {
		return "", err
	}
	room.ID = database.NewID()
	return room.ID, s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, err := s.db.NewInsert().Model(&room).Exec(ctx); err != nil {
			return err
		}
		_, err := s.db.NewRaw(`INSERT INTO room_sectors (room_id, sector) VALUES (?, ?)`, room.ID, v.Sector()).Exec(ctx)
		return err
	})
}

// ReleaseRoom lets another sector see and book a room of the viewer's sector. Only the
// system, or who may stand in both by a bridge grant, may: to others the room or the
// other side isn't there.
func (s Store) ReleaseRoom(ctx context.Context, v people.Viewer, room string, to people.Sector) error {
	if !v.RunsSector() || !to.Known() {
		return fault.Forbidden
	}
	today := s.people.Today()
	res, err := s.db.NewRaw(`INSERT INTO room_sectors (room_id, sector)
		SELECT released.room_id, ? FROM room_sectors AS released WHERE released.room_id = ? AND released.sector = ?
		AND (? OR EXISTS (SELECT 1 FROM grants AS held WHERE held.person_id = ? AND held.sector = ?
			AND held.role IN ('coordinator', 'director') AND held.starts_on <= ? AND (held.ends_on IS NULL OR held.ends_on >= ?)))
		ON CONFLICT (sector, room_id) DO UPDATE SET sector = excluded.sector`,
		to, room, v.Sector(), v.IsSystem(), v.Person(), to, today, today).Exec(ctx)
	return database.Changed(res, err, fmt.Errorf("room %q: %w", room, fault.NotFound))
}
