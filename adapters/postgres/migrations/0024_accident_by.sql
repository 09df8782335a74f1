-- Until when the accident-cover report is owed is said once, with the accident. Of accidents recorded before, nobody wrote
-- it down: there it goes on to be counted from the person's last move.
-- depends: 0022_yearly_cap

ALTER TABLE placements ADD COLUMN accident_by timestamptz;
