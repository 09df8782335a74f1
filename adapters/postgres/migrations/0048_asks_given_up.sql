-- A service is told, once, when nobody waits any more for the signature that it was asked for.
-- depends: 0047_operations_decided

-- When it was tried to be told, and whether the service took it.
ALTER TABLE signature_asks ADD COLUMN given_up_at timestamptz, ADD COLUMN told boolean,
    ADD CHECK ((given_up_at IS NULL) = (told IS NULL));
