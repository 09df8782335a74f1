-- What the log is told of an order's papers and what the books are held against it by are worked out in one place.
-- depends: 0059_nobody_decides_after_their_service

-- One hash over the files of everybody on an order, and whose each is: also once they move to another post.
CREATE VIEW order_papers AS
SELECT d.order_id, encode(sha256(convert_to(string_agg(p.person_id || ' ' || encode(sha256(d.file), 'hex'), E'\n'
                                            ORDER BY p.person_id), 'UTF8')), 'hex') AS papers
  FROM documents d JOIN placements p USING (placement_id) GROUP BY d.order_id;

-- What was numbered with an order, person by person, with its salt: whoever moves to another post takes it along.
CREATE VIEW travel_orders_numbered AS
SELECT o.government_id, t.order_id, o.salt,
       jsonb_agg(to_jsonb(t) - '{sha256,placement_id,report_at,due_back}'::text[] || jsonb_build_object(
           'person_id', p.person_id, 'report_at', extract(epoch FROM t.report_at), 'due_back', extract(epoch FROM t.due_back))
           ORDER BY t.sequence) AS rows
  FROM travel_orders t JOIN orders o USING (order_id) JOIN placements p USING (placement_id)
 GROUP BY o.government_id, t.order_id, o.salt;
