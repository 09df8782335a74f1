-- name: order_of_second$
-- The newest decision of a case that its decree is to be undone or corrected.
SELECT command_id FROM commands
 WHERE case_id = :case_id AND kind IN ('CANCEL_MUTATION', 'REVOKE_DECREE', 'CORRECT_DECREE') AND state = 'APPLIED'
 ORDER BY position DESC LIMIT 1;

-- name: amended^
-- The decree that a second one undoes or corrects, and the decision that it is to, with the words that it gives a dictum; where
-- that one undoes another itself, the one that stands again. What has corrected the first decree for the person by then, whether
-- an objection is granted (not so where it was taken back, or there was none), and whether the first decree was served.
SELECT f.decree_id, f.number, f.signed_at, f.facts_sha256, g.zone, c.kind, c.choice, c.details, w.meant,
       again.number AS again_number, again.signed_at AS again_at, corrected.numbers, corrected.days,
       coalesce((m.life #>> CASE WHEN again.decree_id IS NULL THEN '{second,unasked}' ELSE '{second,second,unasked}' END::text[])
                ::boolean, false) AS unasked,
       m.life ->> 'objection_until' IS NOT NULL AS served
  FROM decrees f JOIN governments g USING (government_id) CROSS JOIN commands c LEFT JOIN errata_words w ON w.command_id = c.command_id
  LEFT JOIN decrees again ON again.decree_id = f.amends
  LEFT JOIN mutations m ON m.mutation_id = split_part(c.case_id, ':', 2)
 CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(k.number ORDER BY k.sequence), '{}') AS numbers,
              coalesce(array_agg(k.signed_at ORDER BY k.sequence), '{}') AS days
         FROM decrees k JOIN commands o ON o.command_id = k.ordered_by
        WHERE k.amends = coalesce(again.decree_id, f.decree_id) AND k.case_id = c.case_id AND k.state = 'ISSUED'
          AND o.kind = 'CORRECT_DECREE') AS corrected
 WHERE f.decree_id = :decree_id AND c.command_id = :ordered_by;

-- name: second_paper^
-- A paper of the second decree of that number about the one of a mutation, or else of the newest one, and its record.
SELECT p.file, p.record FROM decrees d JOIN decree_papers p USING (decree_id)
 WHERE d.case_id = 'mutation:' || :mutation_id AND d.amends IS NOT NULL AND d.state = 'ISSUED' AND p.paper = :paper
   AND (:number::text IS NULL OR d.number = :number::text)
 ORDER BY d.signed_at DESC, d.sequence DESC LIMIT 1;

-- name: second_decrees_told
-- The second decrees of a mutation that are signed: which decree each is about, and whether its extract is served; the first one first.
SELECT d.number, c.kind, f.number AS amends, d.signed_at,
       EXISTS (SELECT FROM decree_papers p WHERE p.decree_id = d.decree_id AND p.paper = 'EXTRACT') AS served
  FROM decrees d JOIN decrees f ON f.decree_id = d.amends JOIN commands c ON c.command_id = d.ordered_by
 WHERE d.case_id = 'mutation:' || :mutation_id AND d.state = 'ISSUED'
 ORDER BY d.signed_at, d.sequence;
