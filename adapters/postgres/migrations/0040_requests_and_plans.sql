-- A plan of a running surge waits to be confirmed, and empty seats wait with it.
-- depends: 0039_arrivals_proved

ALTER TABLE surges ADD COLUMN proposed_until timestamptz;  -- until when the newest plan may be confirmed, and nobody is asked without it

-- Units, and roles within a unit, of which the roster lets nobody go (S04): all must stay, but by an override of the redline.
-- Who is lent already stays counted, and comes home as ordered.
ALTER TABLE unit_roles ADD COLUMN critical boolean NOT NULL DEFAULT false;
UPDATE unit_roles SET critical = true, redline = greatest(redline, headcount), lendable = 0
  FROM units WHERE units.unit_id = unit_roles.unit_id AND units.critical;

-- The hazards of a line's site, and who provides bed, food and the way: codes, and a note that names nobody.
ALTER TABLE request_lines ADD COLUMN conditions jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(conditions) = 'object');
