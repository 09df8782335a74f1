-- name: put_government!
-- Write whose roster this is.
INSERT INTO governments (government_id, name, level, zone, place, class_code, letterhead, synthetic)
VALUES (:government_id, :name, :level, :zone, :place, :class_code, :letterhead, :synthetic)
ON CONFLICT (government_id) DO UPDATE
   SET name = excluded.name, level = excluded.level, zone = excluded.zone, place = excluded.place,
       class_code = excluded.class_code, letterhead = excluded.letterhead, synthetic = excluded.synthetic;

-- name: begin_log!
-- Begin a government's log.
INSERT INTO log_heads (government_id, seq, hash) VALUES (:government_id, 0, :hash) ON CONFLICT DO NOTHING;

-- name: roster_lock$
-- One roster import of a government at a time.
SELECT pg_advisory_xact_lock(hashtextextended('roster/' || :government_id::text, 0));

-- name: stage_people#
-- Where COPY puts people before they are matched.
CREATE TEMP TABLE staged_people (
    id uuid, nip text, name text, birth_date date, sex text, employment text, grade text, position text, unit text,
    role text, position_since date, service_end date, phone text, email text, home_lat double precision,
    home_lon double precision, volunteer boolean, exempt_code text, exempt_until date) ON COMMIT DROP;

-- name: match_people!
-- People who are known by their NIP keep their id, whatever the file says; an id that another government's
-- person has is not taken from there.
UPDATE staged_people s SET id = coalesce((SELECT i.person_id FROM person_identities i
                                           WHERE i.government_id = :government_id AND i.nip = s.nip),
                                         (SELECT s.id WHERE NOT EXISTS (
                                             SELECT FROM people p WHERE p.person_id = s.id
                                                AND p.government_id <> :government_id)),
                                         gen_random_uuid());

-- name: put_units!
-- Write units; their ids are their codes, within their government.
INSERT INTO units (unit_id, government_id, code, name, kind, parent_id, lat, lon, critical)
SELECT :government_id || '.' || u.code, :government_id, u.code, u.name, u.kind, :government_id || '.' || u.parent,
       u.lat, u.lon, u.critical
  FROM unnest(:codes::text[], :names::text[], :kinds::text[], :parents::text[], :lats::float8[], :lons::float8[],
              :criticals::boolean[]) AS u (code, name, kind, parent, lat, lon, critical)
ON CONFLICT (unit_id) DO UPDATE
   SET name = excluded.name, kind = excluded.kind, parent_id = excluded.parent_id, lat = excluded.lat,
       lon = excluded.lon, critical = excluded.critical;

-- name: put_positions!
-- Write the positions that people hold.
INSERT INTO positions (position_id, government_id, unit_id, name, role)
SELECT DISTINCT md5(:government_id || s.unit || '/' || s.position || '/' || s.role), :government_id,
       :government_id || '.' || s.unit, s.position, s.role
  FROM staged_people s WHERE s.position IS NOT NULL
ON CONFLICT DO NOTHING;

-- name: put_people!
-- Write people; the ones that the file does not name any more stay, inactive.
WITH written AS (
    INSERT INTO people (person_id, government_id, unit_id, position_id, role, employment, grade, in_post_since,
                        leaves_on, home_lat, home_lon, volunteer, exempt_code, exempt_until)
    SELECT s.id, :government_id, :government_id || '.' || s.unit,
           CASE WHEN s.position IS NOT NULL
                THEN md5(:government_id || s.unit || '/' || s.position || '/' || s.role) END,
           s.role, s.employment, s.grade, s.position_since, s.service_end, s.home_lat, s.home_lon, s.volunteer,
           s.exempt_code, s.exempt_until
      FROM staged_people s
    ON CONFLICT (person_id) DO UPDATE
       SET unit_id = excluded.unit_id, position_id = excluded.position_id, role = excluded.role,
           employment = excluded.employment, grade = excluded.grade, in_post_since = excluded.in_post_since,
           leaves_on = excluded.leaves_on, home_lat = excluded.home_lat, home_lon = excluded.home_lon,
           volunteer = excluded.volunteer, exempt_code = excluded.exempt_code,
           exempt_until = excluded.exempt_until, active = true)
UPDATE people SET active = false
 WHERE government_id = :government_id AND active AND person_id NOT IN (SELECT id FROM staged_people);

-- name: put_identities!
-- Write names and numbers, apart from what is kept for ever; the salt is drawn once.
INSERT INTO person_identities (person_id, government_id, nip, name, born_on, phone, email, salt)
SELECT s.id, :government_id, s.nip, s.name, s.birth_date, s.phone, s.email, uuid_send(gen_random_uuid())
  FROM staged_people s
ON CONFLICT (person_id) DO UPDATE
   SET name = excluded.name, born_on = excluded.born_on, phone = excluded.phone, email = excluded.email;

-- name: clear_skills!
-- The file is the whole truth about skills.
DELETE FROM person_skills USING people p
 WHERE p.person_id = person_skills.person_id AND p.government_id = :government_id;

-- name: put_skills!
-- Write who can do what.
INSERT INTO person_skills (person_id, skill, level, expires_on)
SELECT i.person_id, s.skill, s.level, s.expires
  FROM unnest(:nips::text[], :skills::text[], :levels::smallint[], :expires::date[]) AS s (nip, skill, level, expires)
  JOIN person_identities i ON i.government_id = :government_id AND i.nip = s.nip;

-- name: clear_absences!
-- The file is the whole truth about leave.
DELETE FROM absences USING people p
 WHERE p.person_id = absences.person_id AND p.government_id = :government_id;

-- name: put_absences!
-- Write who is away; both days are included.
INSERT INTO absences (person_id, kind, period)
SELECT i.person_id, a.kind, daterange(a.starts, a.ends, '[]')
  FROM unnest(:nips::text[], :kinds::text[], :starts::date[], :ends::date[]) AS a (nip, kind, starts, ends)
  JOIN person_identities i ON i.government_id = :government_id AND i.nip = a.nip;

-- name: clear_workload!
-- The file is the whole truth about workload.
DELETE FROM workload_lines USING units u
 WHERE u.unit_id = workload_lines.unit_id AND u.government_id = :government_id;

-- name: put_workload!
-- Write what each unit and role has to do in a year.
INSERT INTO workload_lines (unit_id, role, task, volume_per_year, minutes_each)
SELECT :government_id || '.' || w.unit, w.role, w.task, w.volume, w.minutes
  FROM unnest(:units::text[], :roles::text[], :tasks::text[], :volumes::float8[], :minutes::float8[])
       AS w (unit, role, task, volume, minutes);

-- name: put_unit_roles!
-- Write what each donor has, needs and may lend. What is lent already stays counted.
INSERT INTO unit_roles (unit_id, role, government_id, headcount, need, redline, lendable, rule_pack)
SELECT :government_id || '.' || l.unit, l.role, :government_id, l.headcount, l.need, l.redline, l.lendable, :rule_pack
  FROM unnest(:units::text[], :roles::text[], :headcounts::int[], :needs::float8[], :redlines::int[],
              :lendables::int[]) AS l (unit, role, headcount, need, redline, lendable)
ON CONFLICT (unit_id, role) DO UPDATE
   SET headcount = excluded.headcount, need = excluded.need, redline = excluded.redline,
       lendable = excluded.lendable, rule_pack = excluded.rule_pack;

-- name: clear_appointments!
-- The file is the whole truth about offices.
DELETE FROM appointments WHERE government_id = :government_id;

-- name: put_appointments!
-- Write who holds which office.
INSERT INTO appointments (government_id, person_id, capacity, unit_id, valid)
SELECT :government_id, i.person_id, a.capacity, :government_id || '.' || a.unit, daterange(a.starts, a.ends, '[]')
  FROM unnest(:nips::text[], :capacities::text[], :units::text[], :starts::date[], :ends::date[])
       AS a (nip, capacity, unit, starts, ends)
  JOIN person_identities i ON i.government_id = :government_id AND i.nip = a.nip;
