-- name: seal_ask$
-- What a service is asked to seal for a paper.
SELECT prepared FROM seal_asks WHERE paper_sha256 = :paper_sha256;

-- name: keep_seal_ask$
-- Keep what a service is asked to seal, once: prepared again, the first one stands, for it may be asked already.
WITH kept AS (
    INSERT INTO seal_asks (paper_sha256, government_id, prepared) VALUES (:paper_sha256, :government_id, :prepared)
    ON CONFLICT (paper_sha256) DO NOTHING RETURNING prepared)
SELECT prepared FROM kept UNION ALL SELECT prepared FROM seal_asks WHERE paper_sha256 = :paper_sha256 LIMIT 1;

-- name: forget_seal_ask!
-- The paper is sealed and kept, or what was asked will not be answered.
DELETE FROM seal_asks WHERE paper_sha256 = :paper_sha256;
