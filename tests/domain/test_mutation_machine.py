"""The life of one mutation: each cell of its table, and each step with what it must not do."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.authority import Capacity
from domain.events import EVENTS as KNOWN_EVENTS
from domain.facts import EVENT_OF as SECONDMENT_EVENT_OF
from domain.log import Attribution
from domain.moves import TaskKind
from domain.mutation.alarms import Alarm, Track, Untimed, next_alarm, untimed
from domain.mutation.duties import duties_of
from domain.mutation.facts import EVENT_OF, EVENTS, OF_SECOND, SENSITIVE
from domain.mutation.life import Heard, Life
from domain.mutation.machine import Moved, Refused, decide
from domain.mutation.matter import Concerned, Matter
from domain.mutation.moving import told
from domain.mutation.other_decrees import is_number
from domain.mutation.reasons import REASONS
from domain.mutation.said import NOTHING, Ask
from domain.mutation.states import (
    DECIDED,
    ENDS,
    IN_EFFECT,
    SIGNED,
    UNDECIDED,
    Impediment,
    Objecting,
    Outcome,
    Paper,
    Party,
    State,
    Trigger,
    Verdict,
)
from domain.mutation.table import TRANSITIONS, WHILE_BLOCKED
from domain.mutation.waiting import Wait
from domain.state_table import Goes
from lab.mutation_samples import (
    DAY,
    EFFECT,
    MENDAGRI,
    MUTATION_STATES,
    NOW,
    PERTEK,
    ROAD,
    along,
    draft,
    moved,
    said,
)
from lab.state_tables_mutation import mutation_table

_T, _S = Trigger, State
MINUTE = timedelta(minutes=1)
LATE = EFFECT + 15 * DAY


def refused(life: Life, trigger: Trigger, ask: Ask = NOTHING, *, at: datetime = NOW) -> str:
    """The code of what must not stand."""
    verdict = decide(life, trigger, ask, decided_at=at, now=at)
    assert isinstance(verdict, Refused), (life.state, trigger, verdict)
    return verdict.code


def through(life: Life, until: Trigger) -> Life:
    """The life after its second decree was drafted, initialled, signed and perhaps served."""
    steps = ROAD[ROAD.index((_T.PREPARE_DECREE, said(_T.PREPARE_DECREE))) :]
    for trigger, ask in steps:
        life = moved(life, trigger, ask)
        if trigger == until:
            break
    return life


CONCERNED = Concerned("person", "proposer", "kota.A", "kota.B")


def hears(party: Party, outcome: Outcome = Outcome.CONSENT, code: str | None = None) -> Ask:
    return Ask(party=party, outcome=outcome, code=code)


def ripe(at: Life) -> Life:
    """The same life, its term running out at NOW."""
    return replace(at, wait=Wait((NOW,), (NOW - DAY,), DAY, notices=1))


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_transition_is_on_the_page_as_it_stands() -> None:
    table = mutation_table()
    led_on = {(_S.CLEARANCE, _T.GRANT_CLEARANCE): _S.COUNSEL}
    for (state, trigger), target in TRANSITIONS.items():
        column = "blocked, undecided" if state == _S.BLOCKED_BY_BKN else state.value
        cells = [row[column] for name, row in table.items() if name.partition(",")[0] == trigger]
        assert Goes(led_on.get((state, trigger), target)) in cells, (state, trigger)


def test_every_state_can_be_reached_and_every_one_but_an_end_can_be_left() -> None:
    reached, leads = {_S.DRAFT}, {(a, b) for (a, _), b in TRANSITIONS.items()}
    leads |= {(_S.CONSULTATION, _S.ASSESSMENT), (_S.CLEARANCE, _S.COUNSEL)}
    leads |= {(_S.BLOCKED_BY_BKN, a) for (a, _), b in TRANSITIONS.items() if b == _S.BLOCKED_BY_BKN}
    while more := {b for a, b in leads if a in reached} - reached:
        reached |= more
    assert reached == set(State)
    assert {a for a, b in leads if b != a} == set(State) - ENDS


def test_the_stages_share_no_state_and_leave_none_out() -> None:
    stages = (UNDECIDED, DECIDED, SIGNED, IN_EFFECT, ENDS, frozenset({_S.BLOCKED_BY_BKN}))
    assert sum(map(len, stages)) == len(State)
    assert frozenset().union(*stages) == set(State)


@pytest.mark.parametrize("state", sorted(ENDS))
def test_nothing_moves_what_has_ended(state: State) -> None:
    ended = replace(along(_S.HANDOVER), state=state)
    told = {trigger: refused(ended, trigger, said(trigger), at=LATE) for trigger in Trigger}
    assert told == dict.fromkeys(Trigger, "already_ended") | {_T.RETRACT_DEATH: "no_death_reported"}
    assert next_alarm(ended) is None
    assert untimed(ended) == ()


def test_every_move_has_a_name_that_no_other_case_uses() -> None:
    assert set(EVENT_OF) == set(Trigger)
    assert {*EVENT_OF.values(), *OF_SECOND.values()} == set(EVENTS)
    assert not set(EVENT_OF.values()) & set(OF_SECOND.values())
    assert set(EVENTS) < set(KNOWN_EVENTS)
    assert not set(EVENTS) & set(SECONDMENT_EVENT_OF.values())
    assert set(EVENTS) >= SENSITIVE


@pytest.mark.parametrize("trigger", [one for one in REASONS if one != _T.RETRACT_DEATH])
def test_what_needs_a_reason_is_refused_without_one_of_its_codes(trigger: Trigger) -> None:
    state = next(state for state, known in TRANSITIONS if known == trigger)
    life = MUTATION_STATES[state.value]
    for code in (None, "", "BECAUSE"):
        assert refused(life, trigger, replace(said(trigger), code=code)) == "reason_missing"


# ── from the proposal to the decision ─────────────────────────────────────────────────────────────────────────────


def test_the_three_are_heard_in_any_order_and_each_once() -> None:
    life = along(_S.CONSULTATION)
    life = moved(life, _T.HEAR, hears(Party.RECEIVING))
    assert life.awaited == (Party.PERSON, Party.RELEASING)
    assert refused(life, _T.HEAR, hears(Party.RECEIVING)) == "heard_already"
    life = moved(life, _T.HEAR, replace(hears(Party.PERSON, Outcome.OBJECTS, "CARER"), wishes=True))
    assert life.state == _S.CONSULTATION
    life = moved(life, _T.HEAR, hears(Party.RELEASING, Outcome.OBJECTS, "BELOW_NEED"))
    assert life.state == _S.ASSESSMENT  # an objection is weighed, and is no veto
    assert life.heard[1] == Heard(Party.PERSON, Outcome.OBJECTS, "CARER", wishes=True)


@pytest.mark.parametrize("party", Party)
def test_an_objection_gives_a_reason_of_its_side(party: Party) -> None:
    life = along(_S.CONSULTATION)
    other = "CAREER" if party != Party.PERSON else "NO_SUCCESSOR"
    for code in (None, other):
        assert refused(life, _T.HEAR, hears(party, Outcome.OBJECTS, code)) == "reason_missing"
    assert moved(life, _T.HEAR, hears(party, Outcome.OBJECTS, "OTHER")).heard


def test_silence_ends_a_hearing_as_silence_and_nobody_can_say_it() -> None:
    life = moved(along(_S.CONSULTATION), _T.HEAR, hears(Party.RELEASING))
    assert refused(life, _T.HEAR, hears(Party.PERSON, Outcome.NO_RESPONSE)) == "faulty_details"
    assert refused(life, _T.LAPSE_HEARINGS) == "too_early"
    after = moved(ripe(life), _T.LAPSE_HEARINGS)
    assert after.state == _S.ASSESSMENT
    silent = {one.party for one in after.heard if one.outcome == Outcome.NO_RESPONSE}
    assert silent == {Party.PERSON, Party.RECEIVING}


def test_a_hearing_is_late_by_when_it_was_said() -> None:
    life = ripe(along(_S.CONSULTATION))
    heard = decide(life, _T.HEAR, hears(Party.PERSON), decided_at=NOW, now=NOW + DAY)
    assert isinstance(heard, Moved)
    late = decide(life, _T.HEAR, hears(Party.PERSON), decided_at=NOW + MINUTE, now=NOW + DAY)
    assert late == Refused("too_late")


def test_a_file_that_comes_back_is_looked_through_and_heard_anew() -> None:
    life = moved(along(_S.AWAITING_DECISION), _T.SEND_BACK, Ask(code="NEEDS_ANOTHER_LOOK"))
    assert (life.state, life.heard, life.clearances) == (_S.RETURNED, (), ())
    again = moved(life, _T.RESUBMIT, Ask(position_id="position-2"))
    assert (again.state, again.position_id) == (_S.SCREENING, "position-2")
    assert refused(ripe(life), _T.RESUBMIT, at=NOW + MINUTE) == "too_late"


def test_what_nobody_mends_lapses_unless_it_must_undo_a_decree() -> None:
    returned = ripe(MUTATION_STATES["RETURNED"])
    assert moved(returned, _T.LAPSE_FILE).state == _S.LAPSED
    owed = replace(returned, reverses="mutation:another")
    assert refused(owed, _T.LAPSE_FILE) == "reversal_does_not_lapse"
    assert next_alarm(returned) == Alarm(NOW, _T.LAPSE_FILE)
    assert next_alarm(owed) == Alarm(NOW, _T.URGE)


def test_where_nothing_needs_clearing_the_decision_follows_at_once() -> None:
    life = replace(along(_S.ASSESSMENT), clearances=(), counsel=None)
    assert moved(life, _T.RECOMMEND, said(_T.RECOMMEND)).state == _S.AWAITING_DECISION


def test_clearances_are_asked_for_in_order_taken_in_any_and_one_refusal_ends_the_case() -> None:
    life = along(_S.SCREENING)
    life = moved(life, _T.PASS_SCREENING, Ask(clearances=("ORIGIN", PERTEK, "ORIGIN")))
    for party in Party:
        life = moved(life, _T.HEAR, hears(party))
    life = moved(life, _T.RECOMMEND)
    assert [one.code for one in life.to_clear] == ["ORIGIN", PERTEK]
    assert [one.code for one in life.asking] == ["ORIGIN"]
    assert [one.wait is None for one in life.to_clear] == [False, True]
    life = moved(life, _T.GRANT_CLEARANCE, Ask(clearance=PERTEK))
    assert life.state == _S.CLEARANCE
    assert refused(life, _T.REFUSE_CLEARANCE, Ask(clearance=PERTEK)) == "cleared_already"
    assert moved(life, _T.REFUSE_CLEARANCE, Ask(clearance="ORIGIN")).state == _S.CLEARANCE_REFUSED
    assert moved(life, _T.GRANT_CLEARANCE, Ask(clearance="ORIGIN")).state == _S.AWAITING_DECISION


def test_the_clock_of_a_clearance_stands_still_while_the_file_is_incomplete() -> None:
    verdict = decide(along(_S.CLEARANCE), _T.HOLD_CLEARANCE, Ask(clearance=PERTEK), decided_at=NOW, now=NOW)
    assert isinstance(verdict, Moved)
    assert next_alarm(verdict.life) is None
    assert untimed(verdict.life) == (Untimed(Track.HELD_FILE, PERTEK),)
    assert refused(verdict.life, _T.HOLD_CLEARANCE, Ask(clearance=PERTEK)) == "held_already"
    later = NOW + 3 * DAY
    again = decide(verdict.life, _T.COMPLETE_FILE, Ask(clearance=PERTEK), decided_at=later, now=later)
    assert isinstance(again, Moved)
    assert untimed(again.life) == (Untimed(Track.CLEARANCE, PERTEK),)
    assert refused(again.life, _T.COMPLETE_FILE, Ask(clearance=PERTEK)) == "file_not_held"


def test_a_decision_that_waits_is_urged_up_to_the_top_and_never_made() -> None:
    life = along(_S.AWAITING_DECISION)
    levels = []
    for _ in range(30):
        alarm = next_alarm(life)
        assert alarm is not None
        assert alarm.trigger == _T.URGE
        life = moved(life, alarm.trigger, alarm.ask, at=alarm.at)
        assert life.wait is not None
        levels.append(life.wait.level)
    assert (life.state, life.decided_by) == (_S.AWAITING_DECISION, None)
    assert levels == sorted(levels)
    assert levels[-1] == 2


# ── the decree ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_initials_are_set_in_order_and_a_decree_that_goes_back_is_initialled_anew() -> None:
    life = along(_S.DECREE_PREPARED)
    assert refused(life, _T.INITIAL, Ask(capacity=Capacity.SEKDA)) == "not_your_turn"
    life = moved(life, _T.INITIAL, Ask(capacity=Capacity.LEGAL_BUREAU))
    assert refused(life, _T.INITIAL, Ask(capacity=Capacity.LEGAL_BUREAU)) == "initialled_already"
    assert refused(life, _T.SIGN_DECREE, said(_T.SIGN_DECREE)) == "initials_missing"
    back = moved(life, _T.RETURN_DECREE, Ask(code="CONTRADICTORY"))
    assert (back.state, back.decree, back.decided_by) == (_S.APPROVED, None, "mayor")
    anew = moved(back, _T.PREPARE_DECREE, said(_T.PREPARE_DECREE))
    assert anew.decree is not None
    assert anew.decree.initialled == 0


@pytest.mark.parametrize("left", ["number", "sha256"])
def test_a_signature_has_a_number_and_a_hash(left: str) -> None:
    life = along(_S.DECREE_PREPARED)
    for office in (Capacity.LEGAL_BUREAU, Capacity.SEKDA):
        life = moved(life, _T.INITIAL, Ask(capacity=office))
    assert refused(life, _T.SIGN_DECREE, replace(said(_T.SIGN_DECREE), **{left: None})) == "decree_missing"
    on_the_day = EFFECT + DAY - MINUTE
    assert moved(life, _T.SIGN_DECREE, said(_T.SIGN_DECREE), at=on_the_day).state == _S.DECREE_SIGNED
    over = refused(life, _T.SIGN_DECREE, said(_T.SIGN_DECREE), at=EFFECT + DAY)
    assert over == "effective_date_passed"


def test_it_takes_effect_on_its_day_once_both_papers_are_in() -> None:
    life = along(_S.HANDOVER)
    assert refused(life, _T.TAKE_EFFECT, at=LATE) == "not_handed_over"
    for paper in (Paper.DUTY_START_STATEMENT, Paper.HANDOVER_RECORD):
        life = moved(life, _T.FILE_PAPER, Ask(paper=paper))
        assert refused(life, _T.FILE_PAPER, Ask(paper=paper)) == "filed_already"
    assert refused(life, _T.TAKE_EFFECT, at=EFFECT - MINUTE) == "too_early"
    assert Alarm(EFFECT, _T.TAKE_EFFECT) == next_alarm(replace(life, wait=None))
    after = moved(life, _T.TAKE_EFFECT, at=EFFECT)
    assert (after.effective_since, after.reserves, after.in_effect) == (EFFECT, False, True)


def test_an_effect_that_the_books_refuse_asks_somebody_while_it_is_due_and_all_else_rings() -> None:
    life = along(_S.HANDOVER)
    for paper in (Paper.DUTY_START_STATEMENT, Paper.HANDOVER_RECORD):
        life = moved(life, _T.FILE_PAPER, Ask(paper=paper))
    why = Ask(code="holds_another_position")
    assert refused(life, _T.HOLD_UP, why, at=EFFECT - MINUTE) == "too_early"
    held = moved(life, _T.HOLD_UP, why, at=EFFECT)
    assert refused(held, _T.HOLD_UP, why, at=LATE) == "known_already"
    assert moved(held, _T.HOLD_UP, Ask(code="position_taken"), at=LATE).held_up == "position_taken"
    assert (held.state, held.wait) == (life.state, life.wait), "its term goes on, level by level"
    assert held.wait is not None
    assert next_alarm(held, LATE + 90 * DAY) == Alarm(held.wait.rings, _T.URGE)
    assert next_alarm(replace(held, wait=None), LATE) == Alarm(LATE, _T.TAKE_EFFECT)
    kinds = {duty.kind: duty.capacity for duty in duties_of(held, CONCERNED)}
    assert kinds == {TaskKind.SETTLE_EFFECT: Capacity.PERSONNEL_AGENCY}
    assert duties_of(moved(held, _T.REPORT_FINDING), CONCERNED)[0].kind == TaskKind.SETTLE_IMPEDIMENT
    for gone in (moved(held, _T.TAKE_EFFECT, at=LATE), moved(held, _T.BLOCK)):
        assert gone.held_up is None
        assert TaskKind.SETTLE_EFFECT not in {duty.kind for duty in duties_of(gone, CONCERNED)}


def test_whoever_did_not_come_is_not_moved_on_the_date_and_comes_after_all() -> None:
    life = along(_S.HANDOVER)
    assert refused(life, _T.TAKE_EFFECT, at=LATE) == "not_handed_over"
    absent = moved(life, _T.REPORT_NO_SHOW, at=EFFECT)
    assert absent.takes_effect_at is None
    assert refused(absent, _T.TAKE_EFFECT, at=LATE) == "not_now"
    come = moved(absent, _T.FILE_PAPER, Ask(paper=Paper.DUTY_START_STATEMENT), at=EFFECT)
    assert come.state == _S.HANDOVER
    assert refused(come, _T.REPORT_NO_SHOW, at=LATE) == "has_begun"


def test_a_signed_decree_is_cancelled_by_a_decree() -> None:
    cancel = Ask(code="MISTAKE")
    assert moved(along(_S.DECREE_PREPARED), _T.CANCEL, cancel).state == _S.CANCELLED_BEFORE_EFFECT
    ordered = moved(along(_S.SERVED), _T.CANCEL, replace(cancel, by="mayor"))
    assert (ordered.state, ordered.reserves) == (_S.SERVED, True)
    signed = through(ordered, _T.SIGN_DECREE)
    assert (signed.state, signed.because, signed.reserves) == (_S.SERVED, "MISTAKE", False)
    assert not signed.ended
    served = moved(signed, _T.SERVE, said(_T.SERVE))
    assert (served.state, served.undone, served.ended) == (_S.SERVED, True, False)
    final = moved(served, _T.CLOSE, at=EFFECT + 10 * DAY)
    assert (final.state, final.because, final.ended) == (_S.CANCELLED_BEFORE_EFFECT, "MISTAKE", True)


def test_a_slip_is_mended_without_moving_the_case() -> None:
    life = moved(along(_S.SERVED), _T.ISSUE_ERRATUM, Ask(number="800/1/E"))
    assert (life.state, life.decree and life.decree.errata) == (_S.SERVED, 1)


# ── what is learnt meanwhile ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", sorted(UNDECIDED | DECIDED | SIGNED))
@pytest.mark.parametrize("trigger", [_T.REPORT_DEATH, _T.REPORT_RETIREMENT])
def test_whoever_dies_or_retires_before_the_effect_is_not_moved(state: State, trigger: Trigger) -> None:
    after = moved(MUTATION_STATES[state.value], trigger)
    assert after.state == (_S.CANCELLED_BEFORE_EFFECT if state in SIGNED else _S.LAPSED)
    assert not after.reserves


@pytest.mark.parametrize("state", sorted(SIGNED))
def test_what_comes_up_after_the_signature_waits_for_a_name(state: State) -> None:
    life = moved(MUTATION_STATES[state.value], _T.REPORT_FINDING)
    assert (life.state, life.impediments) == (state, (Impediment.FINDING,))
    assert refused(life, _T.REPORT_FINDING) == "known_already"
    assert moved(life, _T.LET_STAND).impediments == ()
    gone = moved(life, _T.LOSE_POSITION, Ask(code="ABOLISHED"))
    assert refused(gone, _T.LET_STAND) == "position_is_gone"
    answered = moved(gone, _T.OPEN_DISCIPLINE) if state == _S.NO_SHOW else gone
    undone = through(moved(answered, _T.CANCEL, said(_T.CANCEL)), _T.SERVE)
    assert undone.undone
    assert moved(undone, _T.CLOSE, at=EFFECT + 10 * DAY).state == _S.CANCELLED_BEFORE_EFFECT


def test_no_effect_while_something_impedes_it() -> None:
    life = along(_S.HANDOVER)
    for paper in life.papers:
        life = moved(life, _T.FILE_PAPER, Ask(paper=paper))
    impeded = moved(life, _T.REPORT_FINDING)
    assert refused(impeded, _T.TAKE_EFFECT, at=LATE) == "effect_impeded"
    assert moved(moved(impeded, _T.LET_STAND), _T.TAKE_EFFECT, at=LATE).in_effect


def test_a_freeze_leads_back_to_clearance_and_lets_the_position_go() -> None:
    life = moved(along(_S.DECREE_PREPARED), _T.FREEZE, Ask(clearance=MENDAGRI))
    assert (life.state, life.decided_by, life.decree, life.reserves) == (_S.CLEARANCE, None, None, False)
    assert [one.code for one in life.to_clear] == [MENDAGRI]
    assert refused(life, _T.FREEZE, Ask(clearance=MENDAGRI)) == "frozen_already"
    agreed = moved(life, _T.GRANT_CLEARANCE, Ask(clearance=MENDAGRI))
    assert (agreed.state, agreed.decided_by) == (_S.AWAITING_DECISION, None)
    over = moved(life, _T.LIFT_FREEZE)
    assert (over.state, over.to_clear, over.freeze) == (_S.AWAITING_DECISION, (), None)


def test_a_freeze_before_the_screening_is_not_forgotten_and_one_after_the_signature_too_late() -> None:
    life = moved(along(_S.SCREENING), _T.FREEZE, Ask(clearance=MENDAGRI))
    passed = moved(life, _T.PASS_SCREENING, Ask(clearances=(PERTEK,)))
    assert [one.code for one in passed.clearances] == [PERTEK, MENDAGRI]
    assert refused(along(_S.DECREE_SIGNED), _T.FREEZE, Ask(clearance=MENDAGRI)) == "signed_already"


def test_an_agreement_given_before_the_freeze_is_asked_for_again() -> None:
    life = moved(along(_S.AWAITING_DECISION), _T.FREEZE, Ask(clearance=PERTEK))
    assert [(one.code, one.verdict) for one in life.clearances] == [(PERTEK, Verdict.PENDING)]


def test_a_position_that_is_gone_sends_the_file_back_and_a_reserved_one_is_not_taken() -> None:
    taken = Ask(code="TAKEN")
    life = moved(along(_S.AWAITING_DECISION), _T.LOSE_POSITION, taken)
    assert (life.state, life.because) == (_S.RETURNED, "TAKEN")
    assert refused(along(_S.APPROVED), _T.LOSE_POSITION, taken) == "position_reserved"
    abolished = moved(along(_S.APPROVED), _T.LOSE_POSITION, Ask(code="ABOLISHED"))
    assert (abolished.state, abolished.reserves, abolished.decided_by) == (_S.RETURNED, False, None)


def test_a_block_stops_the_case_and_its_clocks_and_leaves_it_where_it_was() -> None:
    before = along(_S.CLEARANCE)
    verdict = decide(before, _T.BLOCK, decided_at=NOW, now=NOW)
    assert isinstance(verdict, Moved)
    assert next_alarm(verdict.life) is None
    assert untimed(verdict.life) == (Untimed(Track.STEP, "BLOCKED_BY_BKN"),)
    blocked = moved(before, _T.BLOCK)
    for trigger in set(Trigger) - WHILE_BLOCKED - {_T.LIFT_BLOCK, _T.URGE, _T.RETRACT_DEATH}:
        assert refused(blocked, trigger, said(trigger), at=LATE) == "blocked_by_bkn"
    later = NOW + 9 * DAY
    lifted = decide(blocked, _T.LIFT_BLOCK, decided_at=later, now=later)
    assert isinstance(lifted, Moved)
    assert (lifted.life.state, lifted.life.blocked_in) == (_S.CLEARANCE, None)
    assert untimed(lifted.life) == (Untimed(Track.CLEARANCE, PERTEK),)


def test_what_happens_behind_a_block_is_seen_when_it_is_lifted() -> None:
    blocked = moved(along(_S.APPROVED), _T.BLOCK)
    assert blocked.reserves
    frozen = moved(blocked, _T.FREEZE, Ask(clearance=MENDAGRI))
    assert (frozen.state, frozen.stands, frozen.reserves) == (_S.BLOCKED_BY_BKN, _S.CLEARANCE, False)
    assert moved(frozen, _T.LIFT_BLOCK).state == _S.CLEARANCE
    assert moved(blocked, _T.REPORT_DEATH).state == _S.LAPSED
    assert moved(blocked, _T.CANCEL, Ask(code="RULES_BROKEN")).state == _S.CANCELLED_BEFORE_EFFECT


def test_whoever_is_served_may_object_from_the_day_of_the_service_on_and_the_log_says_until_when() -> None:
    signed = along(_S.DECREE_SIGNED)
    midnight = signed.since - DAY + MINUTE  # of the day of the signature
    ask = Ask(served_at=midnight, objection_until=midnight + 14 * DAY)
    life = moved(signed, _T.SERVE, ask)
    assert (life.state, life.objection_until) == (_S.SERVED, midnight + 14 * DAY)
    matter = Matter("MU-1", "kota", "post-1", CONCERNED, "pack#mutation")
    by = Attribution("somebody", "PERSONNEL_AGENCY", "pack#mutation")
    told_of = told(matter, life, _T.SERVE, by=by, at=NOW, said={}).fact.data
    assert told_of["until"] == (midnight + 14 * DAY).isoformat()
    assert "until" not in told(matter, life, _T.BEGIN_HANDOVER, by=by, at=NOW, said={}).fact.data


def test_the_log_keeps_the_number_of_the_decree_that_mends_another_beside_its_own() -> None:
    life = moved(along(_S.SERVED), _T.ISSUE_ERRATUM, Ask(number="800/1/E"))
    matter = Matter("MU-1", "kota", "post-1", CONCERNED, "pack#mutation")
    by = Attribution("somebody", "SIGNATORY", "pack#mutation")
    data = told(matter, life, _T.ISSUE_ERRATUM, by=by, at=NOW, said={"number": "800/1/E"}).fact.data
    assert life.decree is not None
    assert (data["number"], data["by_number"]) == (life.decree.number, "800/1/E")


@pytest.mark.parametrize("number", ["821.2/12/BKPSDM/XI/2026", "123 Tahun 2026", "800.1.3/45 Tahun 2026"])
def test_whatever_numbers_a_decree_by_two_parts_with_digits_is_one(number: str) -> None:
    assert is_number(number)


# ── the objection ─────────────────────────────────────────────────────────────────────────────────────────────────


def objected(state: State = _S.SERVED) -> Life:
    life = moved(along(state), _T.FILE_OBJECTION, at=EFFECT if state in IN_EFFECT else NOW)
    return moved(life, _T.REVIEW_OBJECTION, at=life.since)


def test_the_last_instant_of_the_term_is_in_time_by_when_it_was_decided() -> None:
    life = along(_S.SERVED)
    until = life.objection_until
    assert until is not None
    arrived = until + 3 * DAY
    in_time = decide(life, _T.FILE_OBJECTION, decided_at=until, now=arrived)
    assert isinstance(in_time, Moved)
    assert decide(life, _T.FILE_OBJECTION, decided_at=until + MINUTE, now=arrived) == Refused("too_late")


def test_the_case_stays_open_until_nobody_can_object_any_more() -> None:
    life = along(_S.REPORTED)
    until = life.objection_until
    assert until is not None
    early = replace(life, since=EFFECT)
    assert next_alarm(early) == Alarm(until, _T.CLOSE)
    assert refused(early, _T.CLOSE, at=until - MINUTE) == "too_early"
    late = moved(early, _T.FILE_OBJECTION, at=until)
    assert refused(late, _T.CLOSE, at=until + DAY) == "objection_open"
    assert {alarm.trigger for alarm in [next_alarm(late)] if alarm} == {_T.URGE_OBJECTION}
    withdrawn = moved(late, _T.WITHDRAW_OBJECTION, at=until + DAY)
    assert moved(withdrawn, _T.CLOSE, at=until + DAY).state == _S.CLOSED


def test_an_objection_suspends_nothing_unless_that_is_ordered() -> None:
    life = along(_S.HANDOVER)
    for paper in life.papers:
        life = moved(life, _T.FILE_PAPER, Ask(paper=paper))
    life = moved(life, _T.FILE_OBJECTION)
    assert moved(life, _T.TAKE_EFFECT, at=LATE).in_effect
    suspended = moved(life, _T.SUSPEND)
    assert refused(suspended, _T.SUSPEND) == "suspended_already"
    assert refused(suspended, _T.TAKE_EFFECT, at=LATE) == "effect_impeded"
    assert moved(moved(suspended, _T.LIFT_SUSPENSION), _T.TAKE_EFFECT, at=LATE).in_effect
    reviewed = moved(suspended, _T.REVIEW_OBJECTION)
    assert reviewed.suspended
    assert moved(moved(reviewed, _T.UPHOLD_DECREE), _T.TAKE_EFFECT, at=LATE).in_effect


def test_it_is_looked_into_before_it_is_answered_and_answered_once() -> None:
    filed = moved(along(_S.SERVED), _T.FILE_OBJECTION)
    assert refused(filed, _T.UPHOLD_DECREE) == "not_in_review"
    upheld = moved(objected(), _T.UPHOLD_DECREE)
    assert upheld.objection is not None
    assert (upheld.state, upheld.objection.state) == (_S.SERVED, Objecting.UPHELD)
    assert refused(upheld, _T.FILE_OBJECTION) == "objected_already"
    assert refused(upheld, _T.REVOKE_DECREE, Ask(number="800/3")) == "no_objection"


def test_a_correction_may_name_another_day_before_the_effect_only() -> None:
    later = EFFECT + 4 * DAY
    ordered = moved(objected(), _T.CORRECT_DECREE, Ask(by="mayor", effective_at=later))
    assert ordered.decree is not None
    assert ordered.objection is not None
    assert (ordered.decree.effective_at, ordered.objection.state) == (EFFECT, Objecting.IN_REVIEW)
    corrected = through(ordered, _T.SIGN_DECREE)
    assert corrected.decree is not None
    assert corrected.objection is not None
    assert (corrected.state, corrected.decree.effective_at) == (_S.SERVED, later)
    assert (corrected.objection.state, corrected.because) == (Objecting.CORRECTED, None)
    too_late = Ask(by="mayor", effective_at=later)
    assert refused(objected(_S.EFFECTIVE), _T.CORRECT_DECREE, too_late, at=LATE) == "in_effect_already"


def test_a_decree_revoked_before_its_effect_never_has_any() -> None:
    ordered = moved(objected(), _T.REVOKE_DECREE, Ask(by="mayor", number="800/3"))
    signed = through(ordered, _T.SIGN_DECREE)
    assert signed.objection is not None
    assert (signed.objection.state, signed.reserves) == (Objecting.REVOKED, False)
    after = moved(signed, _T.SERVE, said(_T.SERVE))
    assert (after.state, after.because) == (_S.CANCELLED_BEFORE_EFFECT, "REVOKED")


def test_a_decree_revoked_after_its_effect_is_undone_by_another_case_and_owed_until_then() -> None:
    life = moved(objected(_S.EFFECTIVE), _T.REVOKE_DECREE, at=LATE)
    assert life.second is None
    assert (life.state, life.reversal_owed) == (_S.EFFECTIVE, True)
    reported = moved(life, _T.REPORT, said(_T.REPORT), at=LATE)
    assert refused(reported, _T.CLOSE, at=LATE + 99 * DAY) == "reversal_owed"
    urged = next_alarm(reported)
    assert urged is not None
    assert urged.trigger == _T.URGE_OBJECTION
    undone = moved(reported, _T.REVERSE, Ask(case_id="mutation:another"), at=LATE)
    assert (undone.state, undone.reversed_by) == (_S.REVERSED, "mutation:another")


def test_where_the_former_post_is_filled_the_reversal_names_an_equal_one() -> None:
    reversing = along(_S.ASSESSMENT, replace(draft(), reverses="mutation:another"))
    filled = moved(reversing, _T.LOSE_POSITION, Ask(code="TAKEN"))
    again = moved(filled, _T.RESUBMIT, Ask(position_id="equal-post"))
    assert (again.reverses, again.position_id) == ("mutation:another", "equal-post")


# ── the clock ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_wait_reminds_then_asks_the_level_above_and_goes_on_at_the_last() -> None:
    wait = Wait((NOW + 5 * DAY, NOW + 8 * DAY), (NOW + 3 * DAY, NOW + 6 * DAY), 2 * DAY)
    rung = []
    for _ in range(6):
        rung.append((wait.rings - NOW) // DAY)
        wait = wait.urged(wait.rings)
    assert rung == [3, 5, 6, 8, 10, 12]
    assert wait.level == 1


def test_what_an_outage_missed_is_told_once() -> None:
    wait = Wait((NOW,), (NOW,), DAY).urged(NOW)
    assert wait.urged(NOW + 9 * DAY + MINUTE).rings > NOW + 9 * DAY + MINUTE


@pytest.mark.parametrize("faulty", [((), (), DAY), ((NOW,), (), DAY), ((NOW,), (NOW,), timedelta(0))])
def test_a_wait_that_would_never_ring_cannot_be(faulty: tuple[tuple[datetime, ...], ...]) -> None:
    with pytest.raises(ValueError, match="each level"):
        Wait(*faulty)  # type: ignore[arg-type]


def test_each_step_on_the_road_has_a_term_but_the_ends() -> None:
    without = {state for state, life in MUTATION_STATES.items() if next_alarm(life) is None}
    assert without == {"DRAFT", "CLOSED"}


def test_a_block_ends_with_the_terms_counted_anew() -> None:
    lifted = moved(MUTATION_STATES["blocked, undecided"], _T.LIFT_BLOCK, at=NOW + 40 * DAY)
    assert lifted.wait is not None
    assert lifted.wait.until > NOW + 40 * DAY


def test_the_road_leads_from_the_draft_to_the_end() -> None:
    life = along(_S.CLOSED)
    assert (life.state, life.revision) == (_S.CLOSED, len(ROAD))
