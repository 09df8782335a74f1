-- Whoever has died decides nothing more, and whoever serves no more holds no office: by appointment, or by a mandate.
-- depends: 0054_rest_before_the_next_duty

-- As a case tells them; the roster may learn of either late.
ALTER TABLE people
    ADD COLUMN died_at timestamptz,
    ADD COLUMN left_at timestamptz;
UPDATE people p SET died_at = told.at
  FROM (SELECT person_id, min(at) AS at FROM events
         WHERE type IN ('DeathReported', 'MutationSubjectDied') GROUP BY person_id) AS told
 WHERE told.person_id = p.person_id;
UPDATE people p SET left_at = told.at
  FROM (SELECT person_id, min(at) AS at FROM events WHERE type = 'MutationSubjectRetired' GROUP BY person_id) AS told
 WHERE told.person_id = p.person_id;

-- Whether somebody serves in a government at an instant, so that an office there is theirs to hold.
CREATE FUNCTION serves_in(person uuid, government text, at timestamptz) RETURNS boolean STABLE LANGUAGE sql AS $$
    SELECT EXISTS (SELECT FROM people p
                    WHERE p.person_id = person AND p.government_id = government AND p.active
                      AND coalesce(p.died_at > at, true) AND coalesce(p.left_at > at, true))
$$;

-- Whether somebody lived at an instant, as far as a case has told.
CREATE FUNCTION lived_at(person uuid, at timestamptz) RETURNS boolean STABLE LANGUAGE sql AS $$
    SELECT NOT EXISTS (SELECT FROM people p WHERE p.person_id = person AND p.died_at <= at)
$$;

-- Nobody acts any more who serves there no more, whether or not their mandate was ended.
CREATE OR REPLACE FUNCTION acting_spans(head uuid, unit text) RETURNS tstzmultirange STABLE LANGUAGE sql AS $$
    SELECT coalesce(range_agg(m.valid), '{}')
      FROM mandates m JOIN people s ON s.person_id = m.substitute_id AND s.government_id = m.government_id
     WHERE m.tenure = 'PLH' AND m.capacity = 'UNIT_HEAD' AND m.principal_id = head AND m.unit_id = unit
       AND m.revoked_at IS NULL AND m.scope IS NULL AND s.active AND s.died_at IS NULL AND s.left_at IS NULL
$$;

-- Mandates of those who were told of before they were ended with the telling; nobody acts by them, and another may be named.
UPDATE mandates m SET revoked_at = gone.at, ended_for = 'person:' || gone.person_id
  FROM (SELECT person_id, least(died_at, left_at) AS at FROM people WHERE died_at IS NOT NULL OR left_at IS NOT NULL) AS gone
 WHERE gone.person_id IN (m.substitute_id, m.principal_id) AND m.revoked_at IS NULL AND upper(m.valid) > gone.at;
