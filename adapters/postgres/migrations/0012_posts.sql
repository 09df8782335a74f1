-- Nobody leaves a post unless somebody acts in it (S09).
-- depends: 0010_closing 0014_local_day

ALTER TABLE placements
    ADD COLUMN post_unit_id      text REFERENCES units,            -- the unit that the person heads
    ADD COLUMN acting_mandate_id uuid REFERENCES mandates,         -- by which somebody acts there meanwhile
    ADD COLUMN acting_until      timestamptz,
    ADD COLUMN acting_asked_at   timestamptz,                      -- since when an acting head is asked for
    ADD COLUMN acting_urged      integer NOT NULL DEFAULT 0,
    ADD COLUMN post_filled       boolean GENERATED ALWAYS AS (
        post_unit_id IS NULL OR coalesce(acting_until >= coalesce(extend_until, due_back), false)) STORED;
CREATE INDEX placements_of_heads ON placements (person_id) WHERE post_unit_id IS NOT NULL AND held;

-- An acting head's mandate ends by itself with what it was written for: the case that ended.
ALTER TABLE mandates ADD COLUMN ended_for text;
ALTER TABLE mandates DROP CONSTRAINT mandates_check2;
ALTER TABLE mandates DROP CONSTRAINT mandates_check3;
ALTER TABLE mandates
    ADD CONSTRAINT heads_have_a_unit CHECK ((capacity = 'UNIT_HEAD') = (unit_id IS NOT NULL)),
    ADD CONSTRAINT ended_by_somebody_or_something
        CHECK ((revoked_at IS NULL) = (revoked_by IS NULL AND ended_for IS NULL)
               AND (revoked_by IS NULL OR ended_for IS NULL));

-- When somebody acts for a head, without a gap: mandates that follow each other are one span.
CREATE FUNCTION acting_spans(head uuid, unit text) RETURNS tstzmultirange STABLE LANGUAGE sql AS $$
    SELECT coalesce(range_agg(valid), '{}') FROM mandates
     WHERE tenure = 'PLH' AND capacity = 'UNIT_HEAD' AND principal_id = head AND unit_id = unit
       AND revoked_at IS NULL AND scope IS NULL
$$;

-- The unit that a person heads at some time of a span.
CREATE FUNCTION post_of(person uuid, since timestamptz, until timestamptz) RETURNS TABLE (unit_id text) STABLE LANGUAGE sql AS $$
    SELECT a.unit_id FROM appointments a
     WHERE a.person_id = person AND a.capacity = 'UNIT_HEAD' AND a.valid && daterange(local_day(a.government_id, since), local_day(a.government_id, until), '[]')
     ORDER BY a.unit_id LIMIT 1
$$;

-- The span in which somebody acts for a head at an instant, and by which mandate at it.
CREATE FUNCTION acting_in(head uuid, unit text, since timestamptz) RETURNS TABLE (mandate_id uuid, span tstzrange) STABLE LANGUAGE sql AS $$
    SELECT m.mandate_id, acting.span
      FROM unnest(acting_spans(head, unit)) AS acting (span)
      JOIN mandates m ON m.tenure = 'PLH' AND m.capacity = 'UNIT_HEAD' AND m.principal_id = head AND m.unit_id = unit
                     AND m.revoked_at IS NULL AND m.scope IS NULL AND m.valid @> since
     WHERE acting.span @> since
$$;

-- Whether somebody acts in every post that a person leaves, from an instant to another.
CREATE FUNCTION posts_are_filled(person uuid, since timestamptz, until timestamptz) RETURNS boolean STABLE LANGUAGE sql AS $$
    SELECT NOT EXISTS (
        SELECT FROM appointments a
         WHERE a.person_id = person AND a.capacity = 'UNIT_HEAD' AND a.valid && daterange(local_day(a.government_id, since), local_day(a.government_id, until), '[]')
           AND NOT acting_spans(person, a.unit_id) @> tstzrange(least(since, until), until))
$$;

-- Whoever writes: nobody is put on an order, goes by word or stays longer while a post that they leave stands empty.
CREATE FUNCTION keep_posts_filled() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    signed timestamptz := (SELECT max(signed_at) FROM orders WHERE order_id IN (NEW.order_id, NEW.amending_order_id));
    since  timestamptz := greatest(NEW.report_at, NEW.since, signed);
    until  timestamptz := coalesce(NEW.extend_until, NEW.due_back);
BEGIN
    IF (NEW.order_id IS DISTINCT FROM OLD.order_id AND NEW.order_id IS NOT NULL AND OLD.departed_at IS NULL
        OR NEW.amending_order_id IS DISTINCT FROM OLD.amending_order_id AND NEW.amending_order_id IS NOT NULL
        OR NEW.state = 'ORDER_SIGNED' AND OLD.state <> 'ORDER_SIGNED'
        OR NEW.extensions > OLD.extensions)
       AND NOT posts_are_filled(NEW.person_id, since, until) THEN
        RAISE EXCEPTION 'nobody acts for the head who is to leave' USING ERRCODE = 'SG003', CONSTRAINT = 'acting_head_missing';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER posts_filled BEFORE UPDATE OF state, order_id, amending_order_id, extensions ON placements
    FOR EACH ROW EXECUTE FUNCTION keep_posts_filled();
