"""What the owner of a database could change by hand of a mutation, its decree, its papers and its decisions: by which statement,
and what the audit must say of it."""

from tests.workflows.mutation_kit import JOINED

_MOVED = "(SELECT person_id FROM mutations WHERE state = 'REPORTED')"
_THIRD_POST = """(SELECT min(position_id) FROM positions
    WHERE position_id NOT IN (SELECT from_position FROM mutations UNION SELECT position_id FROM mutations))"""
_OTHER = "(SELECT person_id FROM people WHERE role = 'administrator' ORDER BY person_id LIMIT 1)"

BY_HAND = {
    "where a case stands": ("UPDATE mutations SET state = 'CLOSED' WHERE state = 'REPORTED'", "state is CLOSED"),
    "that a case has ended": ("UPDATE mutations SET open = false WHERE state = 'REPORTED'", "open is False"),
    "who decided": (
        f"UPDATE mutations SET life = jsonb_set(life, '{{decided_by}}', to_jsonb({_OTHER}::text)) WHERE state = 'REPORTED'",
        "life_sha256 is",
    ),
    "what somebody said when heard": (
        "UPDATE mutations SET life = jsonb_set(life, '{heard,0,outcome}', '\"OBJECTS\"') WHERE state = 'REPORTED'",
        "life_sha256 is",
    ),
    "until when one may object": (
        "UPDATE mutations SET life = jsonb_set(life, '{objection_until}', '\"2026-01-01T00:00:00Z\"') WHERE state = 'REPORTED'",
        "life_sha256 is",
    ),
    "whom a case is about": (f"UPDATE mutations SET person_id = {_OTHER} WHERE state = 'REPORTED'", "person_id is"),
    "where a case is to": (
        "UPDATE mutations SET position_id = (SELECT min(position_id) FROM positions) WHERE state = 'REPORTED'",
        "position_id is",
    ),
    "a case that nobody proposed": (
        """INSERT INTO mutations SELECT (jsonb_populate_record(m, '{"mutation_id": "MU-0000000000"}')).* FROM mutations m
            WHERE state = 'WITHDRAWN'""",
        "mutation MU-0000000000: only in the books",
    ),
    "a place that is reserved": (
        "UPDATE mutations SET reserves = true, open = true WHERE state = 'WITHDRAWN'",
        "reserves is True",
    ),
    "the number of a decree": ("UPDATE decrees SET number = '821.2/7/BKPSDM/I/2026'", "number is 821.2/7/BKPSDM"),
    "a decree that was issued": ("UPDATE decrees SET state = 'VOID', void_reason = 'by hand'", "state is VOID"),
    "what a decree says": ("UPDATE decrees SET facts_sha256 = repeat('0', 64)", "facts_sha256 is 0000"),
    "which file a decree is": ("UPDATE decrees SET file_sha256 = repeat('0', 64)", "file_sha256 is 0000"),
    "the file itself": ("UPDATE decree_papers SET file = 'x' WHERE paper = 'DECREE'", "kept is"),
    "that there is a file": ("DELETE FROM decree_papers WHERE paper = 'DECREE'", "kept is None"),
    "the extract that was served": ("UPDATE decree_papers SET file = 'x' WHERE paper = 'EXTRACT'", "/EXTRACT/"),
    "a paper of the case": ("UPDATE case_paper_files SET file = 'x' WHERE paper = 'DUTY_START'", "/DUTY_START/"),
    "the code of a decree": ("UPDATE decrees SET verification_code = 'AAAA'", "code is AAAA"),
    "whose decree it is": ("DELETE FROM decree_members", "people is 0"),
    "that there is a decree": ("DELETE FROM decree_papers; DELETE FROM decree_members; DELETE FROM decrees", ": only in the log"),
    "which position somebody holds": (
        f"UPDATE people SET position_id = (SELECT from_position FROM mutations WHERE state = 'REPORTED') WHERE person_id = {_MOVED}",
        "position_id is",
    ),
    "what an entry says": (
        "UPDATE events SET data = jsonb_set(data, '{state}', '\"REJECTED\"') WHERE type = 'MutationDecided'",
        "chain",
    ),
    "who decided by an entry": (
        f"UPDATE events SET actor = {_OTHER}::text WHERE type = 'MutationDecided'",
        "chain",
    ),
    "that something happened": ("DELETE FROM outbox; DELETE FROM events WHERE type = 'MutationDecided'", "is missing"),
    "what happened last": (
        "DELETE FROM outbox; DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
        "is missing",
    ),
    "who proposed": (f"UPDATE mutations SET proposer_id = {_OTHER} WHERE state = 'REPORTED'", "proposer_id is"),
    "from which position somebody came": (
        f"UPDATE mutations SET from_position = {_THIRD_POST} WHERE state = 'REPORTED'",
        "from_position is",
    ),
    "from which unit somebody came": (
        f"UPDATE mutations SET from_unit = '{JOINED}' WHERE state = 'REPORTED'",
        "from_unit is",
    ),
    "whose wish it was": ("UPDATE mutations SET initiative = 'OWN_REQUEST' WHERE state = 'REPORTED'", "initiative is"),
    "by which rules a case went": ("UPDATE mutations SET rule_pack = 'by-hand' WHERE state = 'REPORTED'", "rule_pack is"),
    "which documents were handed in": (
        "UPDATE mutations SET documents = documents || '{HEALTH_CERTIFICATE}' WHERE state = 'REPORTED'",
        "documents_sha256 is",
    ),
    "when it was proposed": (
        "UPDATE mutations SET proposed_at = proposed_at - interval '1 day' WHERE state = 'REPORTED'",
        "proposed_at is",
    ),
    "for which side the Sekda spoke": ("UPDATE mutations SET by_secretary = '{RECEIVING}' WHERE state = 'REPORTED'", "by_secretary is"),
    "by which decision it was proposed": (
        "UPDATE mutations SET command_id = gen_random_uuid() WHERE state = 'REPORTED'",
        "command_id is",
    ),
    "what a case undoes": (
        "UPDATE mutations SET reverses = (SELECT mutation_id FROM mutations WHERE state = 'WITHDRAWN') WHERE state = 'REPORTED'",
        "reverses is",
    ),
    "since when a case stands": (
        "UPDATE mutations SET since = since - interval '1 day' WHERE state = 'REPORTED'",
        "unlike_its_life is since",
    ),
    "how often a case has moved": (
        "UPDATE mutations SET revision = 99 WHERE state = 'REPORTED'",
        "unlike_its_life is revision",
    ),
    "that a decree was undone": ("UPDATE mutations SET undone = true WHERE state = 'REPORTED'", "unlike_its_life is undone"),
    "a life that cannot be": (
        "UPDATE mutations SET life = jsonb_set(life, '{revision}', '\"many\"') WHERE state = 'REPORTED'",
        "unlike_its_life is life",
    ),
    "when a case ended": ("UPDATE mutations SET ended_at = NULL WHERE state = 'WITHDRAWN'", "ended_at is None"),
    "when a decree was signed": ("UPDATE decrees SET signed_at = signed_at - interval '1 day'", "signed_at is"),
    "from when a decree is in force": ("UPDATE decrees SET effective_at = effective_at - interval '1 year'", "effective_at is"),
    "who signed a decree": (f"UPDATE decrees SET signatory_id = {_OTHER}", "signatory_id is"),
    "what keeps a decree's hashes from being guessed": ("UPDATE decrees SET salt = repeat('0', 32)", "salt_sha256 is"),
    "by which rules a decree was made": ("UPDATE decrees SET rule_pack = 'by-hand'", "rule_pack is"),
    "by which decision a decree was signed": ("UPDATE decrees SET command_id = gen_random_uuid()", "command_id is"),
    "what a decree takes note of": ("UPDATE decrees SET notes = notes || '{Surat yang tidak pernah ada}'", "notes_sha256 is"),
    "about whom a decree is": (
        "UPDATE decree_members SET mutation_id = (SELECT mutation_id FROM mutations WHERE state = 'WITHDRAWN')",
        "members is",
    ),
    "to whom a decree was issued": ("UPDATE decree_members SET issued = false", "issued_to is []"),
    "the facts in the record of a decree": (
        "UPDATE decree_papers SET record = jsonb_set(record, '{facts,effective_at}', '\"2020-01-01T00:00:00Z\"') WHERE paper = 'DECREE'",
        "record is",
    ),
    "what was typeset by the record of a decree": (
        "UPDATE decree_papers SET record = jsonb_set(record, '{rendered_sha256}', to_jsonb(repeat('0', 64))) WHERE paper = 'DECREE'",
        "record is",
    ),
    "the record of an extract": (
        "UPDATE decree_papers SET record = jsonb_set(record, '{facts,number}', '\"1\"') WHERE paper = 'EXTRACT'",
        "record is",
    ),
    "the words of a decree": (
        "UPDATE decree_papers SET words = jsonb_set(words, '{subject}', '\"Lain\"') WHERE paper = 'DECREE'",
        "words_sha256 is",
    ),
    "as what somebody decided": (
        "UPDATE commands SET kind = 'REJECT_MUTATION' WHERE kind = 'APPROVE_MUTATION'",
        ": sha256 is",
    ),
    "whose decision it was": (f"UPDATE commands SET actor_id = {_OTHER} WHERE kind = 'APPROVE_MUTATION'", ": sha256 is"),
    "for whom somebody decided": (f"UPDATE commands SET on_behalf_of = {_OTHER} WHERE kind = 'APPROVE_MUTATION'", ": sha256 is"),
    "in which office somebody decided": ("UPDATE commands SET capacity = 'SEKDA' WHERE kind = 'APPROVE_MUTATION'", ": sha256 is"),
    "how somebody held an office": ("ALTER TABLE commands DROP CONSTRAINT by_mandate; UPDATE commands SET tenure = 'PLH' WHERE kind = 'APPROVE_MUTATION'", ": sha256 is"),
    "when somebody decided": (
        "UPDATE commands SET decided_at = decided_at - interval '1 day' WHERE kind = 'APPROVE_MUTATION'",
        ": sha256 is",
    ),
    "what somebody said": ("UPDATE commands SET choice = 'OBJECTS' WHERE kind = 'HEAR_PERSON'", ": sha256 is"),
    "what a decision said besides": (
        "UPDATE commands SET details = jsonb_set(details, '{reference}', '\"800/1/2020\"') WHERE kind = 'GRANT_CLEARANCE'",
        ": sha256 is",
    ),
    "of which case a decision is": (
        "UPDATE commands SET case_id = 'mutation:' || (SELECT mutation_id FROM mutations WHERE state = 'WITHDRAWN') WHERE kind = 'SIGN_DECREE'",
        "case_id is",
    ),
    "how a decision was answered": (
        "UPDATE commands SET state = 'REFUSED', refusal = 'by_hand' WHERE kind = 'HEAR_PERSON'",
        "state is REFUSED",
    ),
    "when a decision was answered": (
        "UPDATE commands SET answered_at = answered_at + interval '1 day' WHERE kind = 'SIGN_DECREE'",
        "answered_at is",
    ),
    "what somebody said, by the minutes": (
        "UPDATE case_papers SET outcome = 'OBJECTS' WHERE paper = 'MINUTES_PERSON'",
        "owed paper ",
    ),
    "on which ground, by the minutes": ("UPDATE case_papers SET ground = 'CARER' WHERE paper = 'MINUTES_PERSON'", "owed paper "),
    "by whose decision a paper is owed": (
        "UPDATE case_papers SET command_id = (SELECT command_id FROM commands WHERE kind = 'SIGN_DECREE') WHERE paper = 'DUTY_START'",
        "owed paper ",
    ),
    "when a paper was filed": (
        "UPDATE case_papers SET filed_at = filed_at - interval '1 day' WHERE paper = 'DUTY_START'",
        "owed paper ",
    ),
    "that a paper is owed": (
        "DELETE FROM case_paper_files WHERE paper = 'MINUTES_PERSON'; DELETE FROM case_papers WHERE paper = 'MINUTES_PERSON'",
        "owed paper ",
    ),
    "the number of a paper in its record": (
        "UPDATE case_papers SET record = jsonb_set(record, '{number}', '\"1\"') WHERE paper = 'DUTY_START'",
        "record is",
    ),
    "the facts in the record of a paper": (
        "UPDATE case_papers SET record = jsonb_set(record, '{facts,version}', '99') WHERE paper = 'DUTY_START'",
        "record is",
    ),
    "the number of a paper": ("UPDATE case_papers SET number = '1' WHERE paper = 'DUTY_START'", "number is 1"),
    "the code of a paper": ("UPDATE case_papers SET code = 'AAAA' WHERE paper = 'DUTY_START'", "code is AAAA"),
    "what the rules said": ("UPDATE mutation_screenings SET outcome = 'INELIGIBLE'", "screening "),
    "what the rules were asked": ("UPDATE mutation_screenings SET dossier = dossier || ' '", "screening "),
    "which dossier was approved": ("UPDATE mutation_screenings SET dossier_sha256 = repeat('0', 64)", "screening "),
    "when the rules were asked": (
        "UPDATE mutation_screenings SET screened_at = screened_at - interval '1 day'",
        "screening ",
    ),
    "which rules were asked": ("UPDATE mutation_screenings SET rule_pack = 'by-hand'", "screening "),
    "that the rules were asked": ("DELETE FROM mutation_screenings", "only in the log"),
    "a screening that nobody made": (
        """INSERT INTO mutation_screenings
           SELECT (jsonb_populate_record(s, jsonb_build_object('command_id', gen_random_uuid()))).* FROM mutation_screenings s""",
        "only in the books",
    ),
    "what was handed over": ("UPDATE handover_items SET what = 'Lemari' WHERE place = 1", "listed_sha256 is"),
    "that something was handed over": ("DELETE FROM handover_items WHERE place = 2", "listed_sha256 is"),
    "to whom something was handed over": (f"UPDATE handovers SET taking_over_id = {_OTHER}", "listed_sha256 is"),
    "who listed what was handed over": (f"UPDATE handovers SET listed_by = {_OTHER}", "listed_sha256 is"),
    "who overrode a rule": (f"UPDATE mutation_overrides SET person_id = {_OTHER}", "unlike_its_decision is person_id"),
    "in which office a rule was overridden": ("UPDATE mutation_overrides SET capacity = 'SEKDA'", "unlike_its_decision is capacity"),
    "which rule was overridden": ("UPDATE mutation_overrides SET rule = 'M10'", "rule is M10"),
    "why a rule was overridden": ("UPDATE mutation_overrides SET ground = 'HEALTH'", "ground is HEALTH"),
    "that a rule was overridden": ("DELETE FROM mutation_overrides", "only in the log"),
    "since when somebody holds a position": (
        f"UPDATE people SET in_post_since = in_post_since - 365 WHERE person_id = {_MOVED}",
        "in_post_since is",
    ),
}  # fmt: skip
