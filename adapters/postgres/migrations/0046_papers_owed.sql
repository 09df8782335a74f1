-- What somebody owes after a return or a conversion is owed, and keeps the case open, until it came or was waived.
-- depends: 0044_seals

CREATE FUNCTION keep_papers_owed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE mine text := 'secondment:' || NEW.placement_id;
BEGIN
    IF NEW.papers_owed <> OLD.papers_owed
       AND NOT in_hand(mine, 'CONFIRM_RETURN', 'CONVERT', 'CHECK_IN', 'REPORT_ARRIVAL', 'RECEIVE_REPORT', 'RECEIVE_EVALUATION',
                       'SETTLE_CLAIM', 'WAIVE_SETTLEMENT') THEN
        PERFORM nothing_behind('what is owed', mine);
    END IF;
    -- Whether the case goes on follows from where it stands and from what is owed, which are guarded.
    IF NEW.settles <> OLD.settles
       AND (NEW.state, NEW.papers_owed, NEW.accident) IS NOT DISTINCT FROM (OLD.state, OLD.papers_owed, OLD.accident) THEN
        PERFORM nothing_behind('the end', mine);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER papers_decided BEFORE UPDATE ON placements FOR EACH ROW EXECUTE FUNCTION keep_papers_owed();
