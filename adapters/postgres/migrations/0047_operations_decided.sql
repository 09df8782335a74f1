-- Whoever writes: no operation opens, ends or is archived, no status is declared, prolonged or cut short, and none is taken back
-- without the decision that does so, answered in this very transaction; or the decree in the books by which a later one begins.
-- depends: 0046_papers_owed

-- From which state to which, and what may stand behind the step: a kind of decision, CLOCK, or STANDINGS: the state is that of
-- the strongest status which stands. A test compares with the domain.
CREATE TABLE operation_steps (
    from_state text,
    to_state   text,
    behind     text,
    PRIMARY KEY (from_state, to_state, behind)
);
INSERT INTO operation_steps VALUES
    ('AFTER_ACTION', 'ARCHIVED', 'ARCHIVE_OPERATION'),
    ('ALERT', 'ENDED', 'END_OPERATION'), ('ALERT', 'LAPSED', 'STANDINGS'), ('ALERT', 'RESPONSE', 'STANDINGS'),
    ('ALERT', 'TRANSITION', 'STANDINGS'),
    ('DRAFT', 'MONITORING', 'OPEN_OPERATION'),
    ('ENDED', 'AFTER_ACTION', 'CLOCK'),
    ('LAPSED', 'ALERT', 'STANDINGS'), ('LAPSED', 'ENDED', 'END_OPERATION'), ('LAPSED', 'RESPONSE', 'STANDINGS'),
    ('LAPSED', 'TRANSITION', 'STANDINGS'),
    ('MONITORING', 'ALERT', 'STANDINGS'), ('MONITORING', 'ENDED', 'END_OPERATION'), ('MONITORING', 'RESPONSE', 'STANDINGS'),
    ('MONITORING', 'TRANSITION', 'STANDINGS'),
    ('RESPONSE', 'ALERT', 'STANDINGS'), ('RESPONSE', 'ENDED', 'END_OPERATION'), ('RESPONSE', 'LAPSED', 'STANDINGS'),
    ('RESPONSE', 'TRANSITION', 'STANDINGS'),
    ('TRANSITION', 'ALERT', 'STANDINGS'), ('TRANSITION', 'ENDED', 'END_OPERATION'), ('TRANSITION', 'LAPSED', 'STANDINGS'),
    ('TRANSITION', 'RESPONSE', 'STANDINGS');

CREATE FUNCTION strongest_status(operation text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT status FROM standings WHERE operation_id = operation AND begun AND ended IS NULL
                      ORDER BY array_position(ARRAY['ALERT', 'TRANSITION', 'RESPONSE'], status) DESC LIMIT 1), 'LAPSED')
$$;

CREATE FUNCTION keep_operations_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE mine text := 'operation:' || NEW.operation_id;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'DRAFT' OR num_nonnulls(NEW.ended_at, NEW.archived_at, NEW.after_action_report) > 0 THEN
            PERFORM nothing_behind('the operation', mine);
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.operation_id, NEW.government_id, NEW.rule_pack, NEW.opened_at)
       IS DISTINCT FROM (OLD.operation_id, OLD.government_id, OLD.rule_pack, OLD.opened_at) THEN
        PERFORM nothing_behind('whose it is', mine);
    END IF;
    IF NEW.state <> OLD.state AND NOT EXISTS (
        SELECT FROM operation_steps s
         WHERE s.from_state = OLD.state AND s.to_state = NEW.state
           AND CASE s.behind
               WHEN 'CLOCK' THEN true
               WHEN 'STANDINGS' THEN NEW.state = strongest_status(OLD.operation_id)
               ELSE in_hand(mine, s.behind) END) THEN
        PERFORM nothing_behind(OLD.state || ' to ' || NEW.state, mine);
    END IF;
    IF NEW.ended_at IS DISTINCT FROM OLD.ended_at AND NOT in_hand(mine, 'END_OPERATION') THEN
        PERFORM nothing_behind('the end', mine);
    END IF;
    IF NEW.after_action_report IS DISTINCT FROM OLD.after_action_report AND NOT in_hand(mine, 'FILE_AFTER_ACTION') THEN
        PERFORM nothing_behind('the report', mine);
    END IF;
    IF NEW.archived_at IS DISTINCT FROM OLD.archived_at AND NOT in_hand(mine, 'ARCHIVE_OPERATION') THEN
        PERFORM nothing_behind('the archive', mine);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER operations_decided BEFORE INSERT OR UPDATE ON operations
    FOR EACH ROW EXECUTE FUNCTION keep_operations_decided();

-- A status is declared by a decision that stands in its row. What is over says why: by a decision, by the row that cut it short,
-- or since its time has run out; and what has run out stands again only where it is prolonged.
CREATE FUNCTION keep_standings_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mine text := 'operation:' || NEW.operation_id;
    what text := 'status ' || NEW.number;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.ended IS NOT NULL OR NEW.command_id IS NULL OR NOT EXISTS (
            SELECT FROM commands c JOIN effects e USING (command_id)
             WHERE c.command_id = NEW.command_id AND c.case_id = mine AND c.state = 'RECORDED'
               AND c.kind IN ('DECLARE_STATUS', 'ESCALATE_OPERATION')) THEN
            PERFORM nothing_behind(what, mine);
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.ended IS DISTINCT FROM OLD.ended
       AND NOT coalesce(CASE NEW.ended
           WHEN 'RAN_OUT' THEN OLD.ended IS NULL
           WHEN 'WITHDRAWN' THEN in_hand(mine, 'WITHDRAW_STATUS')
           WHEN 'CLOSED' THEN in_hand(mine, 'END_OPERATION')
           WHEN 'SUPERSEDED' THEN (SELECT kind = NEW.ended FROM standing_ends e
                                    WHERE (e.operation_id, e.number) = (OLD.operation_id, OLD.number)
                                    ORDER BY change DESC LIMIT 1)
           WHEN 'HANDED_BACK' THEN in_hand(mine, 'HAND_BACK_STATUS')
           ELSE in_hand(mine, 'EXTEND_STATUS') END, false) THEN
        PERFORM nothing_behind(what, mine);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER standings_decided BEFORE INSERT OR UPDATE ON standings
    FOR EACH ROW EXECUTE FUNCTION keep_standings_decided();

-- An end moves by a decision that stands in its row; or it is cut short by a status whose decree is in the books and whose start it is.
CREATE FUNCTION keep_ends_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE mine text := 'operation:' || NEW.operation_id;
BEGIN
    IF NOT (CASE
       WHEN NEW.command_id IS NOT NULL THEN EXISTS (
            SELECT FROM commands c JOIN effects e USING (command_id)
             WHERE c.command_id = NEW.command_id AND c.case_id = mine AND c.state = 'RECORDED'
               AND c.kind = ANY (CASE NEW.kind WHEN 'EXTENDED' THEN ARRAY['EXTEND_STATUS']
                                               WHEN 'HANDED_BACK' THEN ARRAY['HAND_BACK_STATUS']
                                               WHEN 'CLOSED' THEN ARRAY['END_OPERATION']
                                               ELSE ARRAY['DECLARE_STATUS', 'ESCALATE_OPERATION'] END))
       ELSE NEW.kind = 'SUPERSEDED' AND EXISTS (
            SELECT FROM standings ahead JOIN standings cut USING (operation_id, level)
             WHERE (cut.operation_id, cut.number) = (NEW.operation_id, NEW.number) AND ahead.number <> cut.number
               AND ahead.ended IS NULL AND lower(ahead.period) = NEW.ends_after AND ahead.decree = NEW.decree) END) THEN
        PERFORM nothing_behind('the end of status ' || NEW.number, mine);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ends_decided BEFORE INSERT ON standing_ends FOR EACH ROW EXECUTE FUNCTION keep_ends_decided();
