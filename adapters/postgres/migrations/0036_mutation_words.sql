-- What a decree takes note of, as it is when its number is drawn: made again, the paper says the same.
-- depends: 0032_travel_orders
ALTER TABLE decrees ADD COLUMN notes text[] NOT NULL DEFAULT '{}';
