-- Telling others: who is told of which events, and what became of each delivery.
-- depends: 0006_mandates

-- Events after the entry `since` are wanted; up to `cursor` they have been put into `deliveries`. A removed
-- subscriber keeps its deliveries and neither address nor secrets.
CREATE TABLE subscribers (
    subscriber_id uuid PRIMARY KEY,
    government_id text NOT NULL REFERENCES governments,
    url           text,
    types         text[],
    secret        bytea,
    old_secret    bytea,
    old_until     timestamptz,
    state         text NOT NULL CHECK (state IN ('ACTIVE', 'PAUSED', 'REMOVED')),
    since         bigint NOT NULL,
    cursor        bigint NOT NULL CHECK (cursor >= since),
    added_by      uuid NOT NULL REFERENCES people,
    added_at      timestamptz NOT NULL,
    moved_at      timestamptz NOT NULL,
    CHECK ((state = 'REMOVED') = (url IS NULL)),
    CHECK ((state = 'REMOVED') = (secret IS NULL)),
    CHECK (state <> 'REMOVED' OR old_secret IS NULL),
    CHECK ((old_secret IS NULL) = (old_until IS NULL))
);
CREATE INDEX subscribers_told ON subscribers (government_id) WHERE state = 'ACTIVE';

-- One row a subscriber and person (or case, of events that concern nobody): within it events keep their order. One
-- courier at a time holds it, by a lease. A dead letter stops it until somebody has seen to it.
CREATE TABLE delivery_lanes (
    subscriber_id uuid NOT NULL REFERENCES subscribers,
    lane          text NOT NULL,
    waiting       integer NOT NULL CHECK (waiting >= 0),
    stopped       boolean NOT NULL DEFAULT false,
    due_at        timestamptz NOT NULL,
    leased_until  timestamptz,
    lease_id      uuid,
    PRIMARY KEY (subscriber_id, lane)
);
CREATE INDEX delivery_lanes_due ON delivery_lanes (subscriber_id, due_at) WHERE waiting > 0 AND NOT stopped;

-- `position` tells in which order deliveries succeeded, whatever the couriers' clocks say.
CREATE SEQUENCE delivery_positions;
CREATE TABLE deliveries (
    subscriber_id uuid NOT NULL REFERENCES subscribers,
    seq           bigint NOT NULL,
    government_id text NOT NULL,
    lane          text NOT NULL,
    state         text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'DELIVERED', 'DEAD', 'SKIPPED')),
    attempts      integer NOT NULL DEFAULT 0,
    tried_at      timestamptz,
    outcome       text,
    position      bigint,
    PRIMARY KEY (subscriber_id, seq),
    FOREIGN KEY (government_id, seq) REFERENCES events,
    FOREIGN KEY (subscriber_id, lane) REFERENCES delivery_lanes,
    CHECK ((state = 'DELIVERED') = (position IS NOT NULL))
);
CREATE INDEX deliveries_open ON deliveries (subscriber_id, lane, seq) WHERE state IN ('WAITING', 'DEAD');
CREATE INDEX deliveries_dead ON deliveries (subscriber_id, seq) WHERE state = 'DEAD';
