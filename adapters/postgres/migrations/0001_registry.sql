-- The registry: who serves where, what each unit must keep, and who is away.
-- depends:

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE governments (
    government_id text PRIMARY KEY,
    name          text NOT NULL,
    level         text NOT NULL CHECK (level IN ('city', 'regency', 'province', 'national')),
    parent_id     text REFERENCES governments,
    zone          text NOT NULL,
    place         text NOT NULL,
    class_code    text NOT NULL,
    letterhead    text[] NOT NULL,
    synthetic     boolean NOT NULL DEFAULT false
);

CREATE TABLE units (
    unit_id       text PRIMARY KEY,
    government_id text NOT NULL REFERENCES governments,
    code          text NOT NULL,
    name          text NOT NULL,
    kind          text NOT NULL,
    parent_id     text REFERENCES units DEFERRABLE INITIALLY DEFERRED,
    lat           double precision NOT NULL,
    lon           double precision NOT NULL,
    critical      boolean NOT NULL DEFAULT false,
    UNIQUE (government_id, code)
);

CREATE TABLE positions (
    position_id   text PRIMARY KEY,
    government_id text NOT NULL REFERENCES governments,
    unit_id       text NOT NULL REFERENCES units,
    name          text NOT NULL,
    role          text NOT NULL,
    UNIQUE (unit_id, name, role)
);

CREATE TABLE people (
    person_id        uuid PRIMARY KEY,
    government_id    text NOT NULL REFERENCES governments,
    unit_id          text NOT NULL REFERENCES units,
    position_id      text REFERENCES positions,
    role             text NOT NULL,
    employment       text NOT NULL CHECK (employment IN ('PNS', 'CPNS', 'PPPK')),
    grade            text NOT NULL,
    in_post_since    date,
    leaves_on        date,                -- retirement, or the end of a PPPK contract
    home_lat         double precision,
    home_lon         double precision,
    volunteer        boolean NOT NULL DEFAULT false,
    exempt_code      text,                -- coded, never a diagnosis
    exempt_until     date,
    affected_until   date,                -- verified victim of a disaster
    active           boolean NOT NULL DEFAULT true
);
CREATE INDEX people_by_unit ON people (unit_id, role) WHERE active;

-- Everything that names a person lies here, with the salt of its hashes, and can be erased with it.
CREATE TABLE person_identities (
    person_id     uuid PRIMARY KEY REFERENCES people,
    government_id text NOT NULL REFERENCES governments,
    nip           text NOT NULL CHECK (nip ~ '^[0-9]{18}$'),
    name          text NOT NULL,
    born_on       date,
    phone         text,
    email         text,
    salt          bytea NOT NULL,
    UNIQUE (government_id, nip)
);

CREATE TABLE person_skills (
    person_id  uuid NOT NULL REFERENCES people,
    skill      text NOT NULL,
    level      smallint NOT NULL CHECK (level BETWEEN 1 AND 3),
    expires_on date,
    PRIMARY KEY (person_id, skill)
);

CREATE TABLE absences (
    person_id uuid NOT NULL REFERENCES people,
    kind      text NOT NULL,
    period    daterange NOT NULL CHECK (NOT isempty(period)),
    EXCLUDE USING gist (person_id WITH =, period WITH &&)
);

CREATE TABLE workload_lines (
    unit_id         text NOT NULL REFERENCES units,
    role            text NOT NULL,
    task            text NOT NULL,
    volume_per_year double precision NOT NULL CHECK (volume_per_year >= 0),
    minutes_each    double precision NOT NULL CHECK (minutes_each >= 0),
    PRIMARY KEY (unit_id, role, task)
);

-- One row a unit and role: what the workload asks, the floor of service, what may be lent and what is lent.
-- `lent` counts the open holds without an override; only the trigger on placements moves it.
CREATE TABLE unit_roles (
    unit_id       text NOT NULL REFERENCES units,
    role          text NOT NULL,
    government_id text NOT NULL REFERENCES governments,
    headcount     integer NOT NULL CHECK (headcount >= 0),
    need          double precision NOT NULL CHECK (need >= 0),
    redline       integer NOT NULL CHECK (redline >= 0),
    lendable      integer NOT NULL CHECK (lendable >= 0),
    lent          integer NOT NULL DEFAULT 0 CHECK (lent >= 0),
    rule_pack     text NOT NULL,
    PRIMARY KEY (unit_id, role)
);

-- Who acts with which authority, from when until when.
CREATE TABLE appointments (
    appointment_id uuid PRIMARY KEY DEFAULT uuidv7(),
    government_id  text NOT NULL REFERENCES governments,
    person_id      uuid NOT NULL REFERENCES people,
    capacity       text NOT NULL,
    unit_id        text REFERENCES units,
    valid          daterange NOT NULL DEFAULT daterange(NULL, NULL),
    UNIQUE NULLS NOT DISTINCT (person_id, capacity, unit_id, valid)
);

CREATE TABLE tokens (
    token_sha256  bytea PRIMARY KEY,
    government_id text NOT NULL REFERENCES governments,
    person_id     uuid NOT NULL REFERENCES people,
    revoked_at    timestamptz
);
