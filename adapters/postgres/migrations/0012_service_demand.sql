-- What somebody did for a unit that asked by letter belongs to no operation, and is experience all the same.
-- depends: 0012_posts

ALTER TABLE experiences ALTER COLUMN operation_id DROP NOT NULL;
