-- name: asked_of_people
-- What tasks about secondments ask beyond who and where: a longer duty, another post, a condition, a duty without cover.
SELECT p.placement_id, p.extend_until, p.extend_agreed, p.hearing, p.extend_line_id, post.role, post.site, p.condition_code,
       p.condition_report_at, p.uncovered_from
  FROM placements p LEFT JOIN request_lines post ON post.line_id = p.extend_line_id
 WHERE p.placement_id = ANY (:placement_ids::uuid[]);

-- name: requests_back
-- How the newest answer to each request was: sent back, rejected or cancelled, by whom, with which code, and in which words.
SELECT DISTINCT ON (e.case_id) split_part(e.case_id, ':', 2) AS surge_id, e.type, e.at, e.authority AS by,
       coalesce(e.data ->> 'choice', e.data ->> 'reason') AS code, n.body AS note
  FROM events e LEFT JOIN commands c ON c.command_id = e.command_id LEFT JOIN notes n ON n.note_id = c.note_id
 WHERE e.case_id = ANY (:case_ids::text[]) AND e.type IN ('RequestReturned', 'RequestRejected', 'RequestCancelled')
 ORDER BY e.case_id, e.seq DESC;
