-- Somebody may move to a post of another government that lives in the same registry.
-- depends: 0032_travel_orders

-- What is kept of a person goes where they go.
ALTER TABLE careers DROP CONSTRAINT careers_person_id_government_id_fkey,
    ADD FOREIGN KEY (person_id, government_id) REFERENCES people (person_id, government_id) ON UPDATE CASCADE;
ALTER TABLE ratings DROP CONSTRAINT ratings_person_id_government_id_fkey,
    ADD FOREIGN KEY (person_id, government_id) REFERENCES people (person_id, government_id) ON UPDATE CASCADE;
ALTER TABLE processes DROP CONSTRAINT processes_person_id_government_id_fkey,
    ADD FOREIGN KEY (person_id, government_id) REFERENCES people (person_id, government_id) ON UPDATE CASCADE;
ALTER TABLE study_ties DROP CONSTRAINT study_ties_person_id_government_id_fkey,
    ADD FOREIGN KEY (person_id, government_id) REFERENCES people (person_id, government_id) ON UPDATE CASCADE;

-- Two who are related may serve two governments; `government_id` is whose roster says that they are.
ALTER TABLE relations DROP CONSTRAINT relations_person_id_government_id_fkey,
    DROP CONSTRAINT relations_other_id_government_id_fkey,
    ADD FOREIGN KEY (person_id) REFERENCES people,
    ADD FOREIGN KEY (other_id) REFERENCES people;

-- Whose case asks, where that is another government than the one in whose inbox the task lies.
ALTER TABLE tasks ADD COLUMN of_government text REFERENCES governments;
CREATE INDEX tasks_for_others ON tasks (of_government) WHERE closed_at IS NULL AND of_government IS NOT NULL;

-- By which papers other authorities have agreed to a mutation since all three were asked, the newest of each: what its decree
-- takes note of. An agreement without a paper's number is noted in the log alone.
CREATE FUNCTION clearance_papers(mutation text)
    RETURNS TABLE (clearance text, reference text, dated date) STABLE LANGUAGE sql AS $$
    SELECT DISTINCT ON (c.details ->> 'clearance') c.details ->> 'clearance', c.details ->> 'reference', (c.details ->> 'dated')::date
      FROM commands c
     WHERE c.case_id = 'mutation:' || mutation AND c.kind = 'GRANT_CLEARANCE' AND c.state = 'APPLIED' AND c.details ? 'reference'
       AND c.decided_at >= (SELECT max(passed.decided_at) FROM commands passed
                             WHERE passed.case_id = c.case_id AND passed.kind = 'PASS_SCREENING' AND passed.state = 'APPLIED')
     ORDER BY c.details ->> 'clearance', c.decided_at DESC
$$;
