-- What the rules of a mutation ask of a person, a position and a government, in codes, days and numbers. What nobody
-- recorded has no row, and is never taken for good.
-- depends: 0022_yearly_cap

-- Each fact says whose government it is in, and is of somebody there.
ALTER TABLE people ADD CONSTRAINT people_of_governments UNIQUE (person_id, government_id);
ALTER TABLE positions ADD CONSTRAINT positions_of_governments UNIQUE (position_id, government_id);

-- Where a region lies (Kemendagri code; a province's has two digits), and since when its head is sworn in.
ALTER TABLE governments
    ADD COLUMN region_code text CHECK (region_code ~ '^[0-9]{2}([.][0-9]{2})?$'),
    ADD COLUMN head_since date;

CREATE TABLE elections (
    government_id text NOT NULL REFERENCES governments,
    candidates_on date NOT NULL,
    term_ends     date NOT NULL CHECK (term_ends >= candidates_on),
    PRIMARY KEY (government_id, candidates_on)
);

-- The minimum service that `redline` was made from; unknown for what was imported before it was kept.
ALTER TABLE unit_roles ADD COLUMN minimum integer CHECK (minimum BETWEEN 0 AND redline);

-- What a position is worth, how many it needs and what it asks of whoever fills it (peta jabatan).
CREATE TABLE position_map (
    position_id   text PRIMARY KEY,
    government_id text NOT NULL REFERENCES governments,
    kind          text NOT NULL CHECK (kind IN ('JPT', 'ADMINISTRATOR', 'SUPERVISOR', 'FUNCTIONAL', 'GENERAL')),
    job_class     smallint NOT NULL CHECK (job_class BETWEEN 1 AND 17),
    heads_unit    boolean NOT NULL,
    need          integer NOT NULL CHECK (need >= 0),
    education     text CHECK (education IN ('SD', 'SMP', 'SMA', 'D1', 'D2', 'D3', 'D4', 'S1', 'S2', 'S3')),
    competences   text[] NOT NULL DEFAULT '{}',
    lowest_grade  text CHECK (lowest_grade ~ '^(I{1,3}/[a-d]|IV/[a-e])$'),
    highest_grade text CHECK (highest_grade ~ '^(I{1,3}/[a-d]|IV/[a-e])$'),
    FOREIGN KEY (position_id, government_id) REFERENCES positions (position_id, government_id),
    -- The grades sort as they are written: I/a, II/a, III/a, IV/a.
    CHECK (lowest_grade COLLATE "C" <= highest_grade COLLATE "C")
);
CREATE INDEX people_in_position ON people (position_id) WHERE active;

CREATE TABLE careers (
    person_id               uuid PRIMARY KEY,
    government_id           text NOT NULL REFERENCES governments,
    pns_since               date,
    education               text CHECK (education IN ('SD', 'SMP', 'SMA', 'D1', 'D2', 'D3', 'D4', 'S1', 'S2', 'S3')),
    inspectorate_cleared_on date,
    FOREIGN KEY (person_id, government_id) REFERENCES people (person_id, government_id)
);

-- Two ratings of one year stand side by side: the worse one counts.
CREATE TABLE ratings (
    person_id     uuid NOT NULL,
    government_id text NOT NULL REFERENCES governments,
    year          smallint NOT NULL CHECK (year BETWEEN 1970 AND 2200),
    rating        text NOT NULL CHECK (rating IN ('EXCELLENT', 'GOOD', 'NEEDS_IMPROVEMENT', 'POOR', 'VERY_POOR')),
    PRIMARY KEY (person_id, year, rating),
    FOREIGN KEY (person_id, government_id) REFERENCES people (person_id, government_id)
);

-- Until the day it ended or is to end; open without one. Never what it is about.
CREATE TABLE processes (
    person_id     uuid NOT NULL,
    government_id text NOT NULL REFERENCES governments,
    charge        text NOT NULL CHECK (charge IN ('DISCIPLINARY_PROCESS', 'DISCIPLINARY_SANCTION', 'COURT_PROCESS')),
    until         date,
    UNIQUE NULLS NOT DISTINCT (person_id, charge, until),
    FOREIGN KEY (person_id, government_id) REFERENCES people (person_id, government_id)
);

CREATE TABLE study_ties (
    person_id     uuid NOT NULL,
    government_id text NOT NULL REFERENCES governments,
    tie           text NOT NULL CHECK (tie IN ('STUDY_LEAVE', 'SERVICE_BOND')),
    until         date,
    UNIQUE NULLS NOT DISTINCT (person_id, tie, until),
    FOREIGN KEY (person_id, government_id) REFERENCES people (person_id, government_id)
);

-- Two in service who are related, once a pair. Whether one is above the other follows from where they serve.
CREATE TABLE relations (
    person_id     uuid NOT NULL,
    other_id      uuid NOT NULL CHECK (other_id > person_id),
    government_id text NOT NULL REFERENCES governments,
    kinship       text NOT NULL CHECK (kinship IN ('SPOUSE', 'RELATIVE')),
    PRIMARY KEY (person_id, other_id),
    FOREIGN KEY (person_id, government_id) REFERENCES people (person_id, government_id),
    FOREIGN KEY (other_id, government_id) REFERENCES people (person_id, government_id)
);
CREATE INDEX relations_of_the_other ON relations (other_id);

-- A unit and those above it, the nearest first.
CREATE FUNCTION unit_line(unit text) RETURNS text[] STABLE LANGUAGE sql AS $$
    WITH RECURSIVE line AS (
        SELECT unit_id, parent_id, 0 AS steps FROM units WHERE unit_id = unit
         UNION ALL
        SELECT u.unit_id, u.parent_id, steps + 1 FROM line JOIN units u ON u.unit_id = line.parent_id)
    SELECT array_agg(unit_id ORDER BY steps) FROM line
$$;
