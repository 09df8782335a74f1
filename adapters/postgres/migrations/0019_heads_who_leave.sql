-- A head does not leave either, where the mandate was revoked between the order and the departure (S09).
-- depends: 0012_posts 0019_reports_owed

CREATE OR REPLACE FUNCTION keep_posts_filled() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    signed timestamptz := (SELECT max(signed_at) FROM orders WHERE order_id IN (NEW.order_id, NEW.amending_order_id));
    since  timestamptz := greatest(NEW.report_at, NEW.since, signed);
    until  timestamptz := coalesce(NEW.extend_until, NEW.due_back);
BEGIN
    IF (NEW.order_id IS DISTINCT FROM OLD.order_id AND NEW.order_id IS NOT NULL AND OLD.departed_at IS NULL
        OR NEW.amending_order_id IS DISTINCT FROM OLD.amending_order_id AND NEW.amending_order_id IS NOT NULL
        OR NEW.state = 'ORDER_SIGNED' AND OLD.state <> 'ORDER_SIGNED'
        -- Of whom the case knows that they head a unit: it asks for somebody to act, and leaves once somebody does.
        OR NEW.state = 'MOBILISING' AND OLD.state = 'ORDER_SIGNED' AND NEW.post_unit_id IS NOT NULL
        OR NEW.extensions > OLD.extensions)
       AND NOT posts_are_filled(NEW.person_id, since, until) THEN
        RAISE EXCEPTION 'nobody acts for the head who is to leave' USING ERRCODE = 'SG003', CONSTRAINT = 'acting_head_missing';
    END IF;
    RETURN NEW;
END $$;
