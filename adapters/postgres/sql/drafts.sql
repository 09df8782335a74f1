-- name: draft_head^
-- What stands on the decree of a mutation, or on the second one about the decree that it `amends`, before it is signed, but its people; who may sign by an own appointment, if one.
SELECT m.government_id, m.rule_pack, m.since, (m.life #>> '{decree,effective_at}')::timestamptz AS effective_at,
       g.zone, g.letterhead, g.place, g.level, g.name AS government, g.synthetic, s.person_id AS signatory_id, s.name AS signatory,
       s.nip AS signatory_nip, s.grade AS signatory_grade, s.position AS signatory_position,
       CASE WHEN m.life #>> '{second,state}' IN ('APPROVED', 'DECREE_PREPARED') THEN of.decree_id
            WHEN m.life #>> '{second,second,state}' IN ('APPROVED', 'DECREE_PREPARED')
            THEN (m.life #>> '{second,decree,decree_id}')::uuid END AS amends
  FROM mutations m JOIN governments g USING (government_id)
  LEFT JOIN LATERAL (
       SELECT a.person_id, i.name, i.nip, p.grade, pos.name AS position
         FROM appointments a JOIN people p USING (person_id) JOIN person_identities i USING (person_id)
         LEFT JOIN positions pos ON pos.position_id = p.position_id
        WHERE a.government_id = m.government_id AND a.capacity = 'SIGNATORY'
          AND a.valid @> local_day(m.government_id, :at) AND serves_in(a.person_id, m.government_id, :at)
        ORDER BY a.person_id LIMIT 1) s ON true
  LEFT JOIN decree_members of ON of.mutation_id = m.mutation_id AND of.issued
 WHERE m.mutation_id = :mutation_id;

-- name: draft_people
-- Who would stand on the decree of a mutation, from where and to where; and the dossier by which the rules let it pass, which was approved.
SELECT m.mutation_id, m.person_id, i.name, i.nip, p.grade,
       f.position_id AS from_position, f.name AS from_name, fm.job_class AS from_class,
       fu.name || coalesce(', ' || elsewhere.name, '') AS from_unit, elsewhere.name IS NOT NULL AS between_governments,
       t.position_id AS to_position, t.name AS to_name, tu.name AS to_unit, tm.job_class AS to_class, m.initiative,
       undone.number AS undone_number, undone.signed_at AS undone_at,
       issuer.level AS undone_level, issuer.name AS undone_government, issuer.place AS undone_place,
       (SELECT s.dossier_sha256 FROM mutation_screenings s WHERE s.mutation_id = m.mutation_id
         ORDER BY s.screened_at DESC LIMIT 1) AS dossier_sha256
  FROM mutations m JOIN people p ON p.person_id = m.person_id JOIN person_identities i ON i.person_id = m.person_id
  JOIN positions f ON f.position_id = m.from_position JOIN units fu ON fu.unit_id = f.unit_id
  LEFT JOIN governments elsewhere ON elsewhere.government_id = fu.government_id AND fu.government_id <> m.government_id
  JOIN positions t ON t.position_id = m.position_id JOIN units tu ON tu.unit_id = t.unit_id
  LEFT JOIN position_map fm ON fm.position_id = f.position_id LEFT JOIN position_map tm ON tm.position_id = t.position_id
  LEFT JOIN decree_members former ON former.mutation_id = m.reverses AND former.issued
  LEFT JOIN decrees undone ON undone.decree_id = former.decree_id
  LEFT JOIN governments issuer ON issuer.government_id = undone.government_id AND undone.government_id <> m.government_id
 WHERE m.mutation_id = :mutation_id;
