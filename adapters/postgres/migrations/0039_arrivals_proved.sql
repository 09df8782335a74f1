-- Until when the duty is known to have lasted of somebody whose arrival was learnt when it was over; None of everybody else.
-- depends: 0038_between_governments

ALTER TABLE placements ADD COLUMN served_until timestamptz;
