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
