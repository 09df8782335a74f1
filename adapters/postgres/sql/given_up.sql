-- name: given_up_untold$
-- Whether a service waits for its holder to sign a decree whose number is void, and has not been told so. Who has refused, or
-- has given a signature that does not fit, waits for nobody.
SELECT EXISTS (SELECT FROM signature_asks a JOIN decrees d USING (decree_id)
                WHERE decree_id = :decree_id AND d.state = 'VOID' AND a.prepared IS NOT NULL AND a.given_up_at IS NULL
                  AND coalesce(a.refusal, 'EXPIRED') = 'EXPIRED');

-- name: note_given_up^
-- Keep that a service was told that its signature is not waited for any more, once, and whether it took that.
UPDATE signature_asks a SET given_up_at = :at, told = :told
  FROM decrees d WHERE d.decree_id = a.decree_id AND a.decree_id = :decree_id AND a.given_up_at IS NULL
RETURNING d.government_id, d.case_id, d.number, d.rule_pack;
