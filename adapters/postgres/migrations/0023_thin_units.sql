-- A unit that is thin is a case of its own, from the moment that it becomes so until it is so no more.
-- depends: 0022_yearly_cap

CREATE TABLE thin_units (
    episode_id    uuid PRIMARY KEY,
    government_id text NOT NULL REFERENCES governments,
    unit_id       text NOT NULL,
    role          text NOT NULL,
    rule_pack     text NOT NULL,
    state         text NOT NULL CHECK (state IN ('THIN', 'DRAFTED', 'DECLINED', 'RECOVERED')),
    revision      integer NOT NULL DEFAULT 0,
    since         timestamptz NOT NULL,
    below         integer NOT NULL CHECK (below > 0),  -- by how many, when it was last told
    surges        text[] NOT NULL,                     -- for whom its people were promised or away when it began
    lifted_by     uuid REFERENCES people,              -- who had let it lend below its redline, if somebody had
    escalation    integer NOT NULL DEFAULT 0,
    notices       integer NOT NULL DEFAULT 0,
    reason_code   text,
    recovered_at  timestamptz,
    FOREIGN KEY (unit_id, role) REFERENCES unit_roles,
    CHECK ((state = 'RECOVERED') = (recovered_at IS NOT NULL)),
    CHECK (state <> 'DECLINED' OR reason_code IS NOT NULL)
);
-- However many look at the units at once: one case while it lasts.
CREATE UNIQUE INDEX one_episode_at_a_time ON thin_units (unit_id, role) WHERE recovered_at IS NULL;
CREATE INDEX thin_units_of ON thin_units (government_id, since);

-- What stands here is a fact of the log: an episode that is over stays as it was.
CREATE FUNCTION keep_episode() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'unit % was thin until %', OLD.unit_id, OLD.recovered_at
        USING ERRCODE = 'SG003', CONSTRAINT = 'episode_over';
END $$;
CREATE TRIGGER episode_kept BEFORE UPDATE OR DELETE ON thin_units FOR EACH ROW
    WHEN (OLD.recovered_at IS NOT NULL) EXECUTE FUNCTION keep_episode();

INSERT INTO separations (kind, subject, proposer, verdict) VALUES ('DECLINE_BACKFILL', false, true, false);

-- As before; and who let a unit lend below its redline does not say that it needs no help.
CREATE OR REPLACE FUNCTION keep_duties_apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    apart    separations%ROWTYPE;
    hands    uuid[] := array_remove(ARRAY[NEW.actor_id, NEW.on_behalf_of], NULL);
    involved uuid[];
BEGIN
    SELECT * INTO apart FROM separations WHERE kind = NEW.kind;
    IF NOT FOUND OR NEW.state = 'REFUSED' THEN
        RETURN NEW;
    END IF;
    involved := hands || ARRAY(SELECT written_by FROM mandates WHERE mandate_id = NEW.mandate_id);
    -- In the case of many the decision names whom it is about.
    IF apart.subject AND (NEW.case_id LIKE 'surge:%' AND NEW.details ->> 'person_id' = ANY (involved::text[]) OR EXISTS (
        SELECT FROM placements
         WHERE NEW.case_id = 'secondment:' || placement_id AND person_id = ANY (involved))) THEN
        RAISE EXCEPTION 'nobody decides in their own case' USING ERRCODE = 'SG002', CONSTRAINT = 'own_case';
    END IF;
    IF apart.proposer AND (EXISTS (
        SELECT FROM surges WHERE NEW.case_id = 'surge:' || surge_id AND requested_by = ANY (involved)) OR EXISTS (
        SELECT FROM thin_units WHERE NEW.case_id = 'thin:' || episode_id AND lifted_by = ANY (involved))) THEN
        RAISE EXCEPTION 'nobody decides on their own proposal' USING ERRCODE = 'SG002', CONSTRAINT = 'own_proposal';
    END IF;
    IF apart.verdict AND EXISTS (
        SELECT FROM commands earlier JOIN separations s ON s.kind = earlier.kind AND s.verdict
         WHERE earlier.case_id = NEW.case_id AND earlier.state = 'APPLIED' AND earlier.command_id <> NEW.command_id
           AND earlier.capacity <> NEW.capacity
           AND ARRAY[earlier.actor_id, earlier.on_behalf_of] && hands) THEN
        RAISE EXCEPTION 'nobody decides twice in one case under two hats'
            USING ERRCODE = 'SG002', CONSTRAINT = 'two_hats';
    END IF;
    RETURN NEW;
END $$;

-- As before; and a task that a thin unit asks tells of the unit and its role.
CREATE OR REPLACE VIEW tasks_told AS
SELECT t.task_id, t.government_id, t.case_id, t.kind, t.assignee_id, t.capacity, t.unit_id, t.opened_at, t.due_at,
       t.closed_at, t.escalation, t.claimed_by, t.claimed_for, t.claimed_at, claimer.name AS claimed_by_name,
       coalesce(p.unit_id, thin.unit_id) AS home_unit_id, i.name AS person, u.name AS unit,
       coalesce(line.role, thin.role) AS role, line.site, p.report_at, p.due_back,
       coalesce(s.title, o.title) AS title,
       (SELECT count(*)::int FROM task_comments c WHERE c.task_id = t.task_id) AS comments,
       (SELECT count(*)::int FROM task_evidence e WHERE e.task_id = t.task_id) AS evidence
  FROM tasks t
  LEFT JOIN placements p
    ON p.placement_id = CASE WHEN t.case_id LIKE 'secondment:%' THEN split_part(t.case_id, ':', 2)::uuid END
  LEFT JOIN thin_units thin
    ON thin.episode_id = CASE WHEN t.case_id LIKE 'thin:%' THEN split_part(t.case_id, ':', 2)::uuid END
  LEFT JOIN request_lines line ON line.line_id = p.line_id
  LEFT JOIN person_identities i ON i.person_id = p.person_id
  LEFT JOIN units u ON u.unit_id = coalesce(p.unit_id, thin.unit_id)
  LEFT JOIN surges s
    ON s.surge_id = CASE WHEN t.case_id LIKE 'surge:%' THEN split_part(t.case_id, ':', 2) ELSE p.surge_id END
  LEFT JOIN operations o ON o.operation_id = CASE WHEN t.case_id LIKE 'operation:%' THEN split_part(t.case_id, ':', 2) END
  LEFT JOIN person_identities claimer ON claimer.person_id = t.claimed_by;
