-- A longer duty that was agreed and not ordered in time; an order whose people fell away while it was made.
-- depends: 0010_closing

-- A longer duty was proposed, and came to nothing when the ordered one ended.
ALTER TABLE placements ADD COLUMN lapsed boolean NOT NULL DEFAULT false;

-- Until when the order that waits must be signed to prolong a duty, and of which such end the signatory was warned.
ALTER TABLE surges ADD COLUMN sign_by timestamptz;
ALTER TABLE surges ADD COLUMN sign_warned timestamptz;

-- A signature makes one order that stands; numbers that it gave up on the way stay in the register.
ALTER TABLE orders DROP CONSTRAINT orders_command_id_key;
CREATE UNIQUE INDEX one_order_a_signature ON orders (command_id) WHERE state <> 'VOID';
