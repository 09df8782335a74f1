-- name: put_government!
-- Write whose roster this is.
INSERT INTO governments (government_id, name, level, zone, place, class_code, letterhead, synthetic, region_code,
                         head_since)
VALUES (:government_id, :name, :level, :zone, :place, :class_code, :letterhead, :synthetic, :region_code, :head_since)
ON CONFLICT (government_id) DO UPDATE
   SET name = excluded.name, level = excluded.level, zone = excluded.zone, place = excluded.place,
       class_code = excluded.class_code, letterhead = excluded.letterhead, synthetic = excluded.synthetic,
       region_code = excluded.region_code, head_since = excluded.head_since;

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

-- name: measure_stage#
-- Let the server know how many there are: nobody analyses a temporary table for us, and a plan for a handful of rows
-- would look each person up alone.
ANALYZE staged_people (id, nip, unit, position, role);

-- name: match_people!
-- People who are known by their NIP keep their id, whatever the file says; an id that another government's
-- person has is not taken from there.
UPDATE staged_people s SET id = matched.id
  FROM (SELECT s.nip, coalesce(i.person_id, CASE WHEN p.person_id IS NULL THEN s.id END, gen_random_uuid()) AS id
          FROM staged_people s
          LEFT JOIN person_identities i ON i.government_id = :government_id AND i.nip = s.nip
          LEFT JOIN people p ON p.person_id = s.id AND p.government_id <> :government_id) AS matched
 WHERE matched.nip = s.nip AND matched.id IS DISTINCT FROM s.id;

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
SELECT md5(:government_id || p.unit || '/' || p.position || '/' || p.role), :government_id,
       :government_id || '.' || p.unit, p.position, p.role
  FROM (SELECT DISTINCT unit, position, role FROM staged_people WHERE position IS NOT NULL) AS p
ON CONFLICT DO NOTHING;

-- name: add_people!
-- Write the people whom nobody knew.
INSERT INTO people (person_id, government_id, unit_id, position_id, role, employment, grade, in_post_since,
                    leaves_on, home_lat, home_lon, volunteer, exempt_code, exempt_until)
SELECT s.id, :government_id, :government_id || '.' || s.unit, post.position_id, s.role, s.employment, s.grade,
       s.position_since, s.service_end, s.home_lat, s.home_lon, s.volunteer, s.exempt_code, s.exempt_until
  FROM staged_people s
  LEFT JOIN positions post
    ON post.unit_id = :government_id || '.' || s.unit AND post.name = s.position AND post.role = s.role
 WHERE NOT EXISTS (SELECT FROM people p WHERE p.person_id = s.id);

-- name: change_people!
-- Write what has changed of the others, and of nobody else: an import that says nothing new writes nothing.
UPDATE people p
   SET unit_id = new.unit_id, position_id = new.position_id, role = new.role, employment = new.employment,
       grade = new.grade, in_post_since = new.in_post_since, leaves_on = new.leaves_on, home_lat = new.home_lat,
       home_lon = new.home_lon, volunteer = new.volunteer, exempt_code = new.exempt_code,
       exempt_until = new.exempt_until, active = true
  FROM (SELECT s.id, :government_id || '.' || s.unit AS unit_id, post.position_id, s.role, s.employment, s.grade,
               s.position_since AS in_post_since, s.service_end AS leaves_on, s.home_lat, s.home_lon, s.volunteer,
               s.exempt_code, s.exempt_until
          FROM staged_people s
          LEFT JOIN positions post
            ON post.unit_id = :government_id || '.' || s.unit AND post.name = s.position AND post.role = s.role) AS new
 WHERE p.person_id = new.id
   AND (p.unit_id, p.position_id, p.role, p.employment, p.grade, p.in_post_since, p.leaves_on, p.home_lat, p.home_lon,
        p.volunteer, p.exempt_code, p.exempt_until, p.active)
       IS DISTINCT FROM
       (new.unit_id, new.position_id, new.role, new.employment, new.grade, new.in_post_since, new.leaves_on,
        new.home_lat, new.home_lon, new.volunteer, new.exempt_code, new.exempt_until, true);

-- name: rest_people
-- The people that the file does not name any more stay, inactive: who they are.
UPDATE people p SET active = false
 WHERE p.government_id = :government_id AND p.active
   AND NOT EXISTS (SELECT FROM staged_people s WHERE s.id = p.person_id)
RETURNING p.person_id;

-- name: add_identities!
-- Write names and numbers, apart from what is kept for ever; the salt is drawn once.
INSERT INTO person_identities (person_id, government_id, nip, name, born_on, phone, email, salt)
SELECT s.id, :government_id, s.nip, s.name, s.birth_date, s.phone, s.email, uuid_send(gen_random_uuid())
  FROM staged_people s
 WHERE NOT EXISTS (SELECT FROM person_identities i WHERE i.person_id = s.id);

-- name: change_identities!
-- Write names and addresses that have changed, and numbers that were corrected.
UPDATE person_identities i SET nip = s.nip, name = s.name, born_on = s.birth_date, phone = s.phone, email = s.email
  FROM staged_people s
 WHERE i.person_id = s.id
   AND (i.nip, i.name, i.born_on, i.phone, i.email)
       IS DISTINCT FROM (s.nip, s.name, s.birth_date, s.phone, s.email);

-- name: drop_skills!
-- The file is the whole truth about skills.
DELETE FROM person_skills k USING people p
 WHERE p.person_id = k.person_id AND p.government_id = :government_id
   AND NOT EXISTS (SELECT FROM unnest(:nips::text[], :skills::text[], :levels::smallint[], :expires::date[])
                          AS s (nip, skill, level, expires) JOIN staged_people who USING (nip)
                    WHERE who.id = k.person_id AND s.skill = k.skill AND s.level = k.level
                      AND s.expires IS NOT DISTINCT FROM k.expires_on);

-- name: add_skills!
-- Write who can do what, where it is not written already.
INSERT INTO person_skills (person_id, skill, level, expires_on)
SELECT who.id, s.skill, s.level, s.expires
  FROM unnest(:nips::text[], :skills::text[], :levels::smallint[], :expires::date[]) AS s (nip, skill, level, expires)
  JOIN staged_people who USING (nip)
 WHERE NOT EXISTS (SELECT FROM person_skills k WHERE k.person_id = who.id AND k.skill = s.skill);

-- name: drop_absences!
-- The file is the whole truth about leave.
DELETE FROM absences a USING people p
 WHERE p.person_id = a.person_id AND p.government_id = :government_id
   AND NOT EXISTS (SELECT FROM unnest(:nips::text[], :kinds::text[], :starts::date[], :ends::date[])
                          AS l (nip, kind, starts, ends) JOIN staged_people who USING (nip)
                    WHERE who.id = a.person_id AND l.kind = a.kind
                      AND daterange(l.starts, l.ends, '[]') = a.period);

-- name: add_absences!
-- Write who is away, where it is not written already; both days are included.
INSERT INTO absences (person_id, kind, period)
SELECT who.id, l.kind, daterange(l.starts, l.ends, '[]')
  FROM unnest(:nips::text[], :kinds::text[], :starts::date[], :ends::date[]) AS l (nip, kind, starts, ends)
  JOIN staged_people who USING (nip)
 WHERE NOT EXISTS (SELECT FROM absences a
                    WHERE a.person_id = who.id AND a.kind = l.kind
                      AND a.period = daterange(l.starts, l.ends, '[]'));

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
INSERT INTO unit_roles (unit_id, role, government_id, headcount, need, redline, minimum, lendable, critical, rule_pack)
SELECT :government_id || '.' || l.unit, l.role, :government_id, l.headcount, l.need, l.redline, l.minimum, l.lendable,
       l.critical, :rule_pack
  FROM unnest(:units::text[], :roles::text[], :headcounts::int[], :needs::float8[], :redlines::int[], :minima::int[],
              :lendables::int[], :criticals::boolean[]) AS l (unit, role, headcount, need, redline, minimum, lendable, critical)
ON CONFLICT (unit_id, role) DO UPDATE
   SET headcount = excluded.headcount, need = excluded.need, redline = excluded.redline, minimum = excluded.minimum,
       lendable = excluded.lendable, critical = excluded.critical, rule_pack = excluded.rule_pack;

-- name: astray_on_surge
-- Who is on a surge, or promised to one, and not on the roster any more, or in another unit than the one that lends them.
SELECT p.placement_id, p.surge_id, p.state, p.unit_id, CASE WHEN who.active THEN who.unit_id END AS now_unit_id
  FROM placements p JOIN people who USING (person_id)
 WHERE p.held AND p.government_id = :government_id AND (NOT who.active OR who.unit_id <> p.unit_id)
 ORDER BY who.active, p.surge_id, p.placement_id LIMIT :most;

-- name: rest_unit_roles!
-- Of what the file says nothing any more (a unit is dissolved, nobody of a role is left) nothing is needed or lent; who is
-- out stays counted.
UPDATE unit_roles ur
   SET headcount = 0, need = 0, redline = 0, minimum = 0, lendable = 0, critical = false, rule_pack = :rule_pack
 WHERE ur.government_id = :government_id AND (ur.headcount, ur.redline, ur.lendable) <> (0, 0, 0)
   AND NOT EXISTS (SELECT FROM unnest(:units::text[], :roles::text[]) AS l (unit, role)
                    WHERE :government_id || '.' || l.unit = ur.unit_id AND l.role = ur.role);

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
