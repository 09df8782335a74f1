-- Who relieves whom, who was moved from one post to another.
-- depends: 0012_posts

-- A post may be needed longer than one duty lasts: then its line goes on in another one, the next turn.
ALTER TABLE request_lines
    ADD COLUMN continues text UNIQUE REFERENCES request_lines,
    ADD CHECK (continues <> line_id);

ALTER TABLE placements
    ADD COLUMN relieves       uuid REFERENCES placements,
    ADD COLUMN handed_over    boolean NOT NULL DEFAULT false,  -- there is a handover note
    ADD COLUMN left_site_at   timestamptz,                     -- signed off, or moved on
    ADD COLUMN moved_from     uuid UNIQUE REFERENCES placements,
    ADD COLUMN stay_from      timestamptz,                     -- the first report of the whole stay, on an earlier post
    ADD COLUMN extend_line_id text REFERENCES request_lines,   -- the amendment is a move to this post
    ADD COLUMN extend_since   timestamptz,
    ADD COLUMN hearing        text CHECK (hearing IN ('CONSENT', 'OBJECTS', 'NO_RESPONSE')),
    ADD CHECK (relieves <> placement_id),
    ADD CHECK ((moved_from IS NULL) = (stay_from IS NULL));

-- Somebody is relieved by one person at most; who drops out before leaving home was nobody's relief.
CREATE UNIQUE INDEX one_relief_at_a_time ON placements (relieves) WHERE held OR departed_at IS NOT NULL;

-- A relief takes the same post: a place of the same line, or of the line that goes on with it. And nobody is relieved by
-- whom they have relieved, nor by themself.
CREATE FUNCTION keep_relief_in_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE former placements%ROWTYPE;
BEGIN
    IF NEW.relieves IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO former FROM placements WHERE placement_id = NEW.relieves;
    IF former.person_id = NEW.person_id
       OR former.line_id <> NEW.line_id
          AND NOT EXISTS (SELECT FROM request_lines l WHERE l.line_id = NEW.line_id AND l.continues = former.line_id) THEN
        RAISE EXCEPTION 'placement % takes another post than %', NEW.placement_id, NEW.relieves
            USING ERRCODE = 'SG004', CONSTRAINT = 'another_post';
    END IF;
    IF EXISTS (WITH RECURSIVE before AS (
                   SELECT former.placement_id, former.relieves
                    UNION SELECT p.placement_id, p.relieves FROM placements p JOIN before b ON p.placement_id = b.relieves)
               SELECT FROM before WHERE placement_id = NEW.placement_id) THEN
        RAISE EXCEPTION 'placement % would relieve its own relief', NEW.placement_id
            USING ERRCODE = 'SG004', CONSTRAINT = 'relieved_in_a_ring';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER relief_in_line BEFORE INSERT OR UPDATE OF relieves, line_id ON placements
    FOR EACH ROW EXECUTE FUNCTION keep_relief_in_line();

-- Nobody moves but from a placement of the same person that has ended, so that one and only one of them is live.
CREATE FUNCTION keep_moves_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.moved_from IS NOT NULL AND NOT EXISTS (
        SELECT FROM placements former WHERE former.placement_id = NEW.moved_from
           AND former.person_id = NEW.person_id AND former.state = 'REASSIGNED') THEN
        RAISE EXCEPTION 'placement % moves on from one that goes on', NEW.placement_id
            USING ERRCODE = 'SG004', CONSTRAINT = 'moved_from_a_live_one';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER moves_whole BEFORE INSERT OR UPDATE OF moved_from ON placements
    FOR EACH ROW EXECUTE FUNCTION keep_moves_whole();
-- And the other way round, once the transaction ends: who was moved on stands somewhere.
CREATE FUNCTION keep_movers_somewhere() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'REASSIGNED' AND NOT EXISTS (SELECT FROM placements WHERE moved_from = NEW.placement_id) THEN
        RAISE EXCEPTION 'placement % was moved to nowhere', NEW.placement_id
            USING ERRCODE = 'SG004', CONSTRAINT = 'moved_to_nowhere';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER movers_somewhere AFTER INSERT OR UPDATE OF state ON placements
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_movers_somewhere();

-- A longer stay that is proposed takes its time at once; a move may also end earlier, and frees nothing until it is made.
ALTER TABLE placements DROP CONSTRAINT one_placement_at_a_time;
ALTER TABLE placements ADD CONSTRAINT one_placement_at_a_time
    EXCLUDE USING gist (person_id WITH =, tstzrange(report_at, greatest(extend_until, due_back)) WITH &&) WHERE (held);

-- How many are to move to a line, on an order that is not made yet: their places are taken.
CREATE FUNCTION movers_to(line text) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT count(*)::int FROM placements WHERE extend_line_id = line AND held
$$;
CREATE INDEX placements_moving ON placements (extend_line_id) WHERE extend_line_id IS NOT NULL;

-- Who needs an order of a surge: released, or gone by word of mouth, and on none; or agreed to a longer duty, or to another
-- post: that one must be signed in time, before the duty that was ordered ends. The order to another post is one of the surge
-- there.
CREATE VIEW waiting_for_order AS
SELECT placement_id, surge_id, CASE WHEN order_id IS NOT NULL THEN due_back END AS in_time FROM placements
 WHERE order_id IS NULL AND (state IN ('RELEASED', 'ORDER_SIGNED') AND post_filled OR departed_at IS NOT NULL)
    OR cardinality(extend_agreed) = 3 AND extend_line_id IS NULL AND amending_order_id IS NULL AND post_filled
UNION
SELECT p.placement_id, l.surge_id, p.due_back FROM placements p JOIN request_lines l ON l.line_id = p.extend_line_id
 WHERE p.held AND p.order_id IS NOT NULL AND cardinality(p.extend_agreed) = 3 AND p.amending_order_id IS NULL;

INSERT INTO separations (kind, subject, proposer, verdict) VALUES
    ('PROPOSE_REASSIGNMENT', true, false, false),
    ('APPROVE_REASSIGNMENT', true, false, true),
    ('DENY_REASSIGNMENT', true, false, true);
