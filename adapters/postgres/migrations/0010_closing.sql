-- Closing a surge: how both sides found it, what each person has done, what is to be learnt.
-- depends: 0009_surge_duties

ALTER TABLE placements ADD CONSTRAINT placement_of_person UNIQUE (placement_id, person_id);

-- Once a side. The host never is the person, nor decides for the person; the person decides for nobody.
CREATE TABLE evaluations (
    placement_id uuid NOT NULL,
    side         text NOT NULL CHECK (side IN ('HOST', 'PERSON')),
    subject_id   uuid NOT NULL,
    evaluator_id uuid NOT NULL REFERENCES people,
    on_behalf_of uuid REFERENCES people,
    capacity     text NOT NULL,
    mandate_id   uuid REFERENCES mandates,
    scores       jsonb NOT NULL,
    note_id      uuid,
    evaluated_at timestamptz NOT NULL,
    PRIMARY KEY (placement_id, side),
    FOREIGN KEY (placement_id, subject_id) REFERENCES placements (placement_id, person_id),
    CONSTRAINT nobody_rates_themself
        CHECK ((side = 'PERSON') = (evaluator_id = subject_id) AND on_behalf_of IS DISTINCT FROM subject_id)
);

-- What somebody has done on surges, written when the return is confirmed; `duty` and `away` are calendar days.
CREATE TABLE experiences (
    placement_id uuid PRIMARY KEY,
    person_id    uuid NOT NULL,
    operation_id text NOT NULL REFERENCES operations,
    surge_id     text NOT NULL REFERENCES surges,
    role         text NOT NULL,
    site         text NOT NULL,
    first_day    date NOT NULL,
    last_day     date NOT NULL CHECK (last_day >= first_day),
    away         integer NOT NULL CHECK (away > 0),
    duty         integer NOT NULL CHECK (duty > 0),
    FOREIGN KEY (placement_id, person_id) REFERENCES placements (placement_id, person_id)
);
CREATE INDEX experiences_of ON experiences (person_id, last_day);

-- Lessons of a surge; what they say lies in `notes`.
CREATE TABLE lessons (
    lesson_id uuid PRIMARY KEY,
    surge_id  text NOT NULL REFERENCES surges,
    author_id uuid NOT NULL REFERENCES people,
    topic     text NOT NULL,
    note_id   uuid NOT NULL,
    noted_at  timestamptz NOT NULL
);
CREATE INDEX lessons_of ON lessons (surge_id, noted_at);
