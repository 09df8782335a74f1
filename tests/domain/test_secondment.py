"""The life of one secondment: each cell of its table, and what no sequence of events can do to it."""

import random
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.authority import Capacity
from domain.duties import RETURN_LADDER, duties_of, handlers
from domain.moves import Seat, TaskKind
from domain.openings import Opening
from domain.secondment import (
    ABSENT,
    AT_PAPER,
    DEPLOYED,
    ENDS,
    FILLED,
    HOME,
    HOMEWARD,
    LET_GO,
    NEWS,
    NOT_YET_OUT,
    NOTHING,
    OF_THE_PAPER,
    ON_SITE,
    OUT,
    OWES_PAPERS,
    SERVED,
    SETTLING,
    TRANSITIONS,
    VACATED,
    Alarm,
    Amendment,
    AnyPoint,
    Ask,
    Clock,
    Condition,
    Hearing,
    Item,
    Lacking,
    Leaving,
    Life,
    Moved,
    Paper,
    Party,
    Post,
    Ready,
    Refused,
    Rest,
    Settling,
    State,
    Trigger,
    answer_by,
    decide,
    moved_on,
    next_alarm,
    target_of,
)
from domain.secondment.machine import ABOUT_A_REPORT
from domain.secondment.post import OF_THE_POST
from domain.secondment.readiness import SETTLED_IN
from domain.secondment.steps import targets
from domain.secondment.table import CALLS_HOME
from domain.terms import Term, Unit

pytestmark = pytest.mark.long

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SEAT = Seat("placement", "kota", "SU-1", "SU-1/01", "person", "kota.PKM-1", "nurse", "nurse", "Pos 1")
CLOCK = Clock(
    offer=4 * HOUR,
    offer_reminder=2 * HOUR,
    condition=2 * HOUR,
    release=4 * HOUR,
    mobilise_before=24 * HOUR,
    check_in=24 * HOUR,
    contact=48 * HOUR,
    ending_notices=(72 * HOUR, 24 * HOUR),
    handover=24 * HOUR,
    homeward=24 * HOUR,
    return_escalation=24 * HOUR,
    uncovered_grace=24 * HOUR,
    accident_report=48 * HOUR,
    longest_extended=21 * DAY,
    longest_waived=30 * DAY,
)
MOVING = frozenset(
    {
        Trigger.AGREE_REASSIGNMENT,
        Trigger.OBJECT_REASSIGNMENT,
        Trigger.DENY_REASSIGNMENT,
        Trigger.LAPSE_HEARING,
        Trigger.MOVE_ON,
    }
)
CELLS = [(state, trigger) for state in State for trigger in Trigger]


OPENING = Opening(
    "line", "surge", "nurse", "site", NOW, NOW + 90 * DAY, NOW + 90 * DAY, room=1, asking=True, fits=True
)
"""Another post, with room for a long while."""
ASK = Ask(
    code="LATER_DATE",
    report_at=NOW + 2 * DAY,
    until=NOW + 10 * DAY,
    party=Party.HOST,
    items=tuple(Item),
    opening=OPENING,
)
"""Says everything that any decision needs."""
PAPER = Ask(reported_at=NOW - HOUR, party=Party.HOST, reference="360/HDR/12")
"""Proves an arrival from before everything else."""
LATER = NOW + 2 * DAY
WAITS_FOR = {State.RETURNED: Paper.REPORT, State.REPORTED: Paper.CLAIM, State.REIMBURSED: Paper.EVALUATION}
"""What the paper stands at, where everything behind it is owed too."""
OWED = {
    State.RETURNED: tuple(Paper),
    State.REPORTED: (Paper.EVALUATION, Paper.CLAIM),
    State.REIMBURSED: (Paper.EVALUATION,),
    State.CONVERTED: tuple(Paper),
}
LEFT_OUT = (*sorted(HOME), State.REASSIGNED, State.CONVERTED, State.ACCIDENT_REPORT_OWED)
"""Where somebody goes who is out no more."""


def life(state: State, **more: object) -> Life:
    """Somebody who stands there since now, to report tomorrow and due back in a week."""
    fields = {"revision": 3, "since": NOW, "report_at": NOW + DAY, "due_back": NOW + 7 * DAY} | more
    if state in SERVED | DEPLOYED - {State.MOBILISING}:
        fields.setdefault("seen_at", NOW)  # whoever is at the site, or was, came there
    return Life(state, **fields)  # type: ignore[arg-type]


def asked_of(asked: Life, kind: TaskKind) -> tuple[Capacity | None, ...]:
    """The offices that are asked, in the order in which they were."""
    return tuple(duty.capacity for duty in duties_of(SEAT, asked, CLOCK) if duty.kind == kind)


def ready(state: State, trigger: Trigger) -> Life:
    """Somebody with whom nothing but the table decides."""
    ordered = trigger in (Trigger.ORDER_ISSUED, Trigger.MOVE_ON)
    agreed: tuple[Party, ...] = tuple(Party) if ordered else ()
    to = OPENING.line_id if trigger in MOVING else None
    proposes = trigger in (Trigger.PROPOSE_EXTENSION, Trigger.PROPOSE_REASSIGNMENT)
    amendment = None if proposes else Amendment(NOW + 10 * DAY, agreed, line_id=to)
    owes = trigger in ABOUT_A_REPORT
    return life(
        state,
        amendment=amendment if state in ON_SITE else None,
        accident=False if owes else None,
        post=Post("kota.PKM-1") if trigger in OF_THE_POST else None,
        # Nobody's arrival is proved who is known to have arrived.
        seen_at=None if trigger == Trigger.PROVE_ARRIVAL else NOW,
        settling=at_paper(state, trigger),
    )


def at_paper(state: State, trigger: Trigger | None = None) -> Settling:
    """Who stands there owes what, from tomorrow on; a claim waits for the report, also of who was taken over."""
    owed = OWED.get(state, ())
    if (state, trigger) == (State.CONVERTED, Trigger.SETTLE_CLAIM):
        owed = OWED[State.REPORTED]
    return Settling((), (), owed, NOW + DAY, NOW + 3 * DAY, NOW + DAY if owed else None)


def moved(at: Life, trigger: Trigger, ask: Ask = NOTHING, *, now: datetime = NOW) -> Life:
    """The life after a trigger that must stand."""
    verdict = decide(at, trigger, CLOCK, ask, decided_at=now, now=now)
    assert isinstance(verdict, Moved), (at.state, trigger, verdict)
    return verdict.life


def cell_of(state: State, trigger: Trigger, *, directed: bool) -> object:
    """What the machine says of a cell: the state that follows, one revision on, or a refusal."""
    answers = state == State.OFFERED and trigger.value in ("ACCEPT", "ACCEPT_ON_CONDITION", "DECLINE")
    at = replace(ready(state, trigger), directed=directed)
    ask = replace(ASK, papers=(WAITS_FOR[state],)) if state in WAITS_FOR else ASK
    ask = PAPER if trigger == Trigger.PROVE_ARRIVAL else ask
    if trigger in (Trigger.SIGN_CHECKLIST, Trigger.WAIVE_CHECKLIST) and state in SETTLED_IN:
        ask = replace(ASK, items=tuple(Ready))
    verdict = decide(at, trigger, CLOCK, ask, decided_at=NOW if answers else LATER, now=LATER)
    return (verdict.life.state, verdict.life.revision) if isinstance(verdict, Moved) else verdict


def promised(state: State, trigger: Trigger, *, directed: bool) -> object:
    """What the table promises of a cell, told as `cell_of` does."""
    target = target_of(state, trigger, directed=directed)
    ended = ready(state, trigger).ended
    if target is not None:
        return target, 4
    if directed and trigger == Trigger.DECLINE and not ended:
        return Refused("directed_order")
    if (state, trigger) == (State.RETURNED, Trigger.SETTLE_CLAIM):
        return Refused("report_owed")
    if trigger == Trigger.RETRACT_DEATH:
        return Refused("no_death_reported")
    if trigger == Trigger.PROVE_ARRIVAL and state != State.MOBILISING:
        return Refused("never_left" if state in NOT_YET_OUT | VACATED else "arrived_already")
    return Refused("already_ended" if ended and trigger != Trigger.PROVE_ARRIVAL else "not_now")


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("state", State)
def test_every_cell_is_a_move_or_a_refusal(state: State, *, directed: bool) -> None:
    row = [trigger for of, trigger in CELLS if of == state]
    assert row
    found = {one: cell_of(state, one, directed=directed) for one in row}
    assert found == {one: promised(state, one, directed=directed) for one in row}


def test_nothing_leaves_an_end_but_the_proof_that_somebody_was_on_site_or_lives() -> None:
    stays = {trigger for (state, trigger), target in TRANSITIONS.items() if state in ENDS and target == state}
    leaves = {cell: target for cell, target in TRANSITIONS.items() if cell[0] in ENDS and target != cell[0]}
    assert leaves == {
        (State.CLOSED, Trigger.PROVE_ARRIVAL): State.RETURNED,
        (State.DECEASED, Trigger.RETRACT_DEATH): State.OUT_OF_CONTACT,
    }
    # Those about a report or a paper only while one is owed, which keeps the case open.
    assert stays == ABOUT_A_REPORT | OF_THE_PAPER | {Trigger.PROVE_ARRIVAL}
    papers = {state for (state, trigger) in TRANSITIONS if state in ENDS and trigger in OF_THE_PAPER}
    assert papers == {State.CONVERTED}
    assert {state for state, _ in TRANSITIONS} == set(State) - ENDS | SERVED | {State.DECEASED}


def test_every_state_can_be_reached_and_from_every_state_an_end() -> None:
    def reach(start: State) -> set[State]:
        seen, todo = {start}, [start]
        while todo:
            at = todo.pop()
            new = {target for (state, _), target in TRANSITIONS.items() if state == at} - seen
            seen |= new
            todo += new
        return seen

    assert reach(State.OFFERED) == set(State)
    assert [state for state in State if not reach(state) & ENDS] == []


def test_whoever_is_out_comes_home_and_nowhere_else() -> None:
    """From OUT no way leads to an end but a return, another post, an ordered conversion, and death: nobody is forgotten."""
    ways = {target for (state, _), target in TRANSITIONS.items() if state in OUT} - OUT
    assert ways == {State.RETURNED, State.REASSIGNED, State.CONVERTED, State.ACCIDENT_REPORT_OWED}
    by = {trigger for (state, trigger), target in TRANSITIONS.items() if state in OUT and target in LET_GO}
    assert by == {Trigger.CONFIRM_RETURN, Trigger.MOVE_ON, Trigger.CONVERT, Trigger.REPORT_DEATH}


def test_the_groups_of_states_say_what_they_say() -> None:
    assert VACATED | {State.CLOSED, State.REASSIGNED, State.CONVERTED, State.DECEASED} == ENDS
    assert HOME | {State.REASSIGNED, State.CONVERTED} == SERVED
    assert set() == FILLED & ENDS == OUT & NOT_YET_OUT == DEPLOYED & HOMEWARD
    assert set(State) == NOT_YET_OUT | OUT | LET_GO
    assert ENDS | SETTLING == LET_GO
    assert set() == ENDS & SETTLING
    assert AT_PAPER | {State.CLOSED} == HOME
    assert AT_PAPER | {State.CONVERTED} == OWES_PAPERS
    assert AT_PAPER | {State.ACCIDENT_REPORT_OWED} == SETTLING
    assert set() == HOME & (OUT | NOT_YET_OUT)
    assert DEPLOYED | ABSENT | HOMEWARD == OUT
    assert ON_SITE < DEPLOYED
    assert LET_GO < NEWS
    assert not {State.OFFERED, State.CONDITION_PENDING, State.INJURED} & FILLED


@pytest.mark.parametrize(
    "trigger",
    [
        Trigger.STAND_DOWN,
        Trigger.RECALL,
        Trigger.RELEASE_EARLY,
        Trigger.CONFIRM_AFFECTED,
        Trigger.LAPSE_COVER,
    ],
)
@pytest.mark.parametrize("state", sorted(DEPLOYED - {State.OUT_OF_CONTACT}))
def test_every_early_exit_makes_room_and_sends_home(state: State, trigger: Trigger) -> None:
    gone = moved(life(state), trigger)
    assert gone.state == State.DEMOBILISING
    assert gone.leaving is not None
    assert gone.leaving != Leaving.DUE
    assert (gone.fills, gone.held, gone.out, gone.news) == (False, True, True, True)


@pytest.mark.parametrize(
    ("trigger", "hours"), [(Trigger.RECALL, 48), (Trigger.RELEASE_EARLY, 48), (Trigger.STAND_DOWN, 24)]
)
def test_who_is_replaced_has_time_to_hand_over(trigger: Trigger, hours: int) -> None:
    assert moved(life(State.ON_DUTY), trigger).home_by == NOW + hours * HOUR


def test_whoever_served_to_the_end_fills_the_seat_until_the_last() -> None:
    due = moved(life(State.ENDING_SOON, notices=2), Trigger.FALL_DUE)
    assert (due.leaving, due.fills) == (Leaving.DUE, True)


# ── conditions, directed orders ───────────────────────────────────────────────────────────────────────────────────


def test_a_granted_later_date_is_the_date() -> None:
    asked = moved(life(State.OFFERED), Trigger.ACCEPT_ON_CONDITION, ASK)
    assert asked.condition == Condition("LATER_DATE", NOW + 2 * DAY)
    assert not asked.fills
    granted = moved(asked, Trigger.GRANT_CONDITION)
    assert (granted.state, granted.report_at) == (State.RELEASE_PENDING, NOW + 2 * DAY)
    assert moved(asked, Trigger.REFUSE_CONDITION).state == State.DECLINED


def test_a_later_date_must_lie_within_the_duty() -> None:
    for report_at in (NOW, NOW + 7 * DAY):
        ask = Ask(code="LATER_DATE", report_at=report_at)
        verdict = decide(
            life(State.OFFERED), Trigger.ACCEPT_ON_CONDITION, CLOCK, ask, decided_at=NOW, now=NOW
        )
        assert verdict == Refused("not_within_the_duty")


def test_the_silence_of_whoever_may_not_decline_is_no_refusal() -> None:
    assert (
        moved(life(State.OFFERED, directed=True, notices=1), Trigger.LAPSE_OFFER).state
        == State.RELEASE_PENDING
    )


# ── at the site ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_comes_back_to_duty_is_as_near_the_end_as_before() -> None:
    warned = life(State.ENDING_SOON, notices=1)
    for away, back in (
        (Trigger.START_REST, Trigger.END_REST),
        (Trigger.LOSE_CONTACT, Trigger.REGAIN_CONTACT),
        (Trigger.REPORT_INJURY, Trigger.RESUME_DUTY),
    ):
        again = moved(moved(warned, away), back)
        assert (again.state, again.notices) == (State.ENDING_SOON, 1)


def test_no_sign_of_life_for_two_days_is_an_alarm() -> None:
    alarm = next_alarm(life(State.ON_DUTY, seen_at=NOW + DAY), CLOCK)
    assert alarm == Alarm(NOW + 3 * DAY, Trigger.LOSE_CONTACT)
    lost = moved(life(State.ON_DUTY), Trigger.LOSE_CONTACT)
    assert next_alarm(lost, CLOCK) == Alarm(NOW + DAY, Trigger.ESCALATE_CONTACT)


@pytest.mark.parametrize("trigger", sorted(CALLS_HOME))
def test_whoever_is_missing_when_the_duty_ends_is_looked_for_higher_and_higher_until_found(
    trigger: Trigger,
) -> None:
    lost = moved(life(State.OUT_OF_CONTACT, escalation=1), trigger, now=NOW + 7 * DAY)
    assert (lost.state, lost.since, lost.escalation, lost.out) == (State.OUT_OF_CONTACT, NOW, 1, True)
    due = trigger == Trigger.FALL_DUE
    assert (lost.leaving == Leaving.DUE, lost.fills, lost.news) == (due, due, True)
    assert lost.home_by is not None
    again = decide(lost, trigger, CLOCK, decided_at=NOW + 8 * DAY, now=NOW + 8 * DAY)
    assert again == Refused("not_now"), "what is noted is noted once"
    signed_off = decide(lost, Trigger.SIGN_DEMOB, CLOCK, ASK, decided_at=NOW + 8 * DAY, now=NOW + 8 * DAY)
    assert signed_off == Refused("not_now"), "nobody is signed off who is not found"
    for level in range(2, 30):
        assert asked_of(lost, TaskKind.FIND_PERSON) == RETURN_LADDER[:level]
        alarm = next_alarm(lost, CLOCK)
        assert alarm == Alarm(NOW + level * DAY, Trigger.ESCALATE_CONTACT)
        lost = moved(lost, Trigger.ESCALATE_CONTACT, now=max(alarm.at, NOW + 7 * DAY))


def test_no_lost_cover_ends_the_search() -> None:
    lost = moved(life(State.OUT_OF_CONTACT), Trigger.LOSE_COVER, Ask(until=NOW + HOUR))
    lost = moved(lost, Trigger.LAPSE_COVER, now=NOW + 25 * HOUR)
    assert (lost.state, lost.leaving) == (State.OUT_OF_CONTACT, Leaving.UNCOVERED)
    assert next_alarm(lost, CLOCK) == Alarm(NOW + DAY, Trigger.ESCALATE_CONTACT)


@pytest.mark.parametrize(
    ("found_after", "level"),
    [(12 * HOUR, 0), (25 * HOUR, 1), (5 * DAY, 5)],
)
def test_whoever_is_found_past_the_end_goes_home_and_is_as_late_as_that(
    found_after: timedelta, level: int
) -> None:
    ended = NOW + 7 * DAY
    lost = moved(life(State.OUT_OF_CONTACT, escalation=6), Trigger.FALL_DUE, now=ended)
    found = moved(lost, Trigger.REGAIN_CONTACT, now=ended + found_after)
    assert (found.state, found.leaving, found.seen_at) == (
        State.DEMOBILISING,
        Leaving.DUE,
        ended + found_after,
    )
    assert (found.home_by, found.escalation) == (ended + DAY, level)
    assert next_alarm(found, CLOCK) == Alarm(ended + DAY + level * DAY, Trigger.ESCALATE_RETURN)
    assert asked_of(found, TaskKind.SIGN_DEMOB) == RETURN_LADDER[: level + 1]


@pytest.mark.parametrize(
    ("state", "kind", "ladder"),
    [
        (State.RELEASE_PENDING, TaskKind.DECIDE_RELEASE, (Capacity.UNIT_HEAD, Capacity.SEKDA)),
        (State.OUT_OF_CONTACT, TaskKind.FIND_PERSON, RETURN_LADDER),
        (State.DEMOBILISING, TaskKind.SIGN_DEMOB, RETURN_LADDER),
        *(
            (state, TaskKind.CONFIRM_RETURN, (Capacity.UNIT_HEAD, Capacity.SEKDA))
            for state in (State.TRAVELLING_HOME, State.UNFIT, State.NO_SHOW)
        ),
    ],
)
def test_whoever_was_asked_first_stays_asked_and_one_more_office_is_asked_each_time(
    state: State, kind: TaskKind, ladder: tuple[Capacity, ...]
) -> None:
    for level in range(5):
        asked = life(state, escalation=level, home_by=NOW + DAY)
        assert asked_of(asked, kind) == ladder[: level + 1]
        of_it = [duty for duty in duties_of(SEAT, asked, CLOCK) if duty.kind == kind]
        assert {duty.unit_id for duty in of_it if duty.capacity == Capacity.UNIT_HEAD} <= {SEAT.unit_id}
        assert len({duty.due_at for duty in of_it}) == 1
        if state in HOMEWARD | ABSENT:
            assert handlers(state, level) == ladder[: level + 1]


@pytest.mark.parametrize("state", [State.RELEASE_PENDING, State.TRAVELLING_HOME])
@pytest.mark.parametrize("level", [0, 1, 3])
def test_of_somebody_who_heads_a_unit_the_sekda_is_asked_once(state: State, level: int) -> None:
    head = life(state, escalation=level, home_by=NOW + DAY, post=Post(SEAT.unit_id))
    kind = TaskKind.DECIDE_RELEASE if state == State.RELEASE_PENDING else TaskKind.CONFIRM_RETURN
    assert asked_of(head, kind) == (Capacity.SEKDA,)


def test_whoever_is_found_hurt_past_the_end_goes_home_and_the_report_is_owed() -> None:
    lost = moved(life(State.OUT_OF_CONTACT), Trigger.STAND_DOWN, now=NOW + 2 * DAY)
    found = moved(lost, Trigger.REPORT_INJURY, now=NOW + 3 * DAY)
    assert (found.state, found.leaving, found.owes_report) == (
        State.DEMOBILISING,
        Leaving.STOOD_DOWN,
        True,
    )
    dead = moved(lost, Trigger.REPORT_DEATH, now=NOW + 3 * DAY)
    assert (dead.state, dead.held) == (State.ACCIDENT_REPORT_OWED, False)


def test_nobody_is_a_no_show_before_the_report_time() -> None:
    verdict = decide(life(State.MOBILISING), Trigger.REPORT_NO_SHOW, CLOCK, decided_at=NOW, now=NOW)
    assert verdict == Refused("too_early")


def test_whose_order_came_late_is_no_no_show_before_they_could_be_there() -> None:
    clock, begun = replace(CLOCK, travel=12 * HOUR), NOW + 2 * DAY
    ordered = moved(life(State.ORDER_SIGNED), Trigger.MOBILISE, now=begun)
    assert ordered.report_at < begun

    def said(at: datetime) -> Moved | Refused:
        return decide(ordered, Trigger.REPORT_NO_SHOW, clock, decided_at=at, now=at)

    assert said(begun + 11 * HOUR) == Refused("too_early")
    assert isinstance(said(begun + 12 * HOUR), Moved)


@pytest.mark.parametrize("trigger", [Trigger.REPORT_NO_SHOW, Trigger.REPORT_UNFIT])
def test_who_drops_out_on_the_way_makes_room_and_is_still_brought_home(trigger: Trigger) -> None:
    gone = moved(life(State.MOBILISING), trigger, now=NOW + 2 * DAY)
    assert (gone.fills, gone.out) == (False, True)
    assert next_alarm(gone, CLOCK) == Alarm(NOW + 3 * DAY, Trigger.ESCALATE_RETURN)
    never_came = trigger == Trigger.REPORT_NO_SHOW
    home = moved(gone, Trigger.CONFIRM_RETURN)
    assert home.state == (State.CLOSED if never_came else State.REPORTED)
    assert home.settling.owed == (() if never_came else (Paper.CLAIM,))


def test_a_no_show_who_arrives_after_all_is_there() -> None:
    late = moved(moved(life(State.MOBILISING), Trigger.REPORT_NO_SHOW, now=NOW + 2 * DAY), Trigger.CHECK_IN)
    assert (late.state, late.leaving, late.home_by, late.fills) == (State.CHECKED_IN, None, None, True)


def test_what_somebody_needs_is_asked_for_until_it_is_settled_and_holds_nobody_up() -> None:
    way = moved(life(State.MOBILISING), Trigger.SIGN_CHECKLIST, Ask(items=(Ready.FITNESS,)))
    there = moved(way, Trigger.CHECK_IN, Ask(items=(Ready.KIT, Ready.BRIEFING)), now=NOW + DAY)
    assert there.state == State.CHECKED_IN
    assert there.unready == (Ready.ACCIDENT_COVER,)
    (asked,) = [one for one in duties_of(SEAT, there, CLOCK) if one.kind == TaskKind.COMPLETE_CHECK_IN]
    assert (asked.capacity, asked.due_at) == (Capacity.COMMAND_POST, NOW + 2 * DAY)
    on_duty = moved(there, Trigger.START_DUTY, now=NOW + DAY)
    assert TaskKind.COMPLETE_CHECK_IN in {one.kind for one in duties_of(SEAT, on_duty, CLOCK)}
    ready = moved(on_duty, Trigger.WAIVE_CHECKLIST, Ask(items=(Ready.ACCIDENT_COVER,)))
    assert ready.unready == ()
    assert TaskKind.COMPLETE_CHECK_IN not in {one.kind for one in duties_of(SEAT, ready, CLOCK)}
    home = moved(ready, Trigger.RECALL)
    assert home.owed == tuple(Item)
    assert home.unready == ()


def test_a_point_is_settled_where_it_belongs() -> None:
    for state, items in ((State.MOBILISING, tuple(Item)), (State.DEMOBILISING, (Ready.KIT,))):
        verdict = decide(
            life(state), Trigger.SIGN_CHECKLIST, CLOCK, Ask(items=items), decided_at=NOW, now=NOW
        )
        assert verdict == Refused("point_not_now"), state
    signed = moved(life(State.MOBILISING), Trigger.CHECK_IN, Ask(items=(Item.HEALTH,)))
    assert signed.checklist == ()  # a check-in signs what is needed for the duty, and nothing else
    assert [one.value for one in AnyPoint] == [*Ready, *Item]


def test_an_arrival_cannot_be_reported_for_the_future() -> None:
    ask = Ask(reported_at=NOW + HOUR)
    verdict = decide(life(State.MOBILISING), Trigger.CHECK_IN, CLOCK, ask, decided_at=NOW, now=NOW)
    assert verdict == Refused("reported_in_the_future")


# ── the longer duty ───────────────────────────────────────────────────────────────────────────────────────────────


def agreed(at: Life, until: datetime) -> Life:
    """With the consent of all three."""
    at = moved(at, Trigger.PROPOSE_EXTENSION, Ask(until=until))
    for party in Party:
        assert not at.news
        at = moved(at, Trigger.AGREE_EXTENSION, Ask(party=party))
    return at


def test_an_extension_stands_when_all_three_agree_and_the_order_is_issued() -> None:
    at = life(State.ENDING_SOON, notices=2)
    early = moved(at, Trigger.PROPOSE_EXTENSION, Ask(until=NOW + 10 * DAY))
    assert decide(early, Trigger.ORDER_ISSUED, CLOCK, decided_at=NOW, now=NOW) == Refused("not_now")
    ready_to_sign = agreed(at, NOW + 10 * DAY)
    assert ready_to_sign.news
    longer = moved(ready_to_sign, Trigger.ORDER_ISSUED)
    assert (longer.state, longer.due_back) == (State.ON_DUTY, NOW + 10 * DAY)
    assert (longer.notices, longer.extensions, longer.amendment) == (0, 1, None)
    assert next_alarm(longer, CLOCK) == Alarm(NOW + 2 * DAY, Trigger.LOSE_CONTACT)


@pytest.mark.parametrize("answer", [Trigger.AGREE_EXTENSION, Trigger.DENY_EXTENSION])
def test_whoever_proposed_answers_for_no_other_side(answer: Trigger) -> None:
    ask = Ask(until=NOW + 10 * DAY, party=Party.HOST, hands=("tini", "her principal"))
    at = moved(life(State.ON_DUTY), Trigger.PROPOSE_EXTENSION, ask)
    for hand in ask.hands:
        for_the_unit = Ask(party=Party.HOME, hands=("another", hand))
        verdict = decide(at, answer, CLOCK, for_the_unit, decided_at=NOW, now=NOW)
        assert verdict == Refused("own_proposal")
    moved(at, answer, Ask(party=Party.HOST, hands=("tini",)))
    moved(at, answer, Ask(party=Party.HOME, hands=("another",)))


def test_whoever_proposed_another_post_does_not_agree_to_it_for_the_home_unit() -> None:
    ask = Ask(until=NOW + 10 * DAY, opening=OPENING, party=Party.HOST, hands=("tini",))
    at = moved(life(State.ON_DUTY), Trigger.PROPOSE_REASSIGNMENT, ask)
    for_the_unit = Ask(party=Party.HOME, hands=("tini",))
    verdict = decide(at, Trigger.AGREE_REASSIGNMENT, CLOCK, for_the_unit, decided_at=NOW, now=NOW)
    assert verdict == Refused("own_proposal")


@pytest.mark.parametrize("lacking", Lacking)
def test_whoever_has_had_too_little_rest_is_neither_prolonged_nor_moved(lacking: Lacking) -> None:
    tired = life(State.ON_DUTY, rest=Rest(NOW, NOW, lacking=lacking))
    longer = Ask(until=NOW + 10 * DAY, party=Party.HOST, opening=OPENING)
    for trigger in (Trigger.PROPOSE_EXTENSION, Trigger.PROPOSE_REASSIGNMENT):
        assert decide(tired, trigger, CLOCK, longer, decided_at=NOW, now=NOW) == Refused("rest_owed")
        rested = replace(tired, rest=Rest(NOW, NOW))
        proposed = replace(moved(rested, trigger, longer), rest=tired.rest)
        moving = trigger == Trigger.PROPOSE_REASSIGNMENT
        agrees = Trigger.AGREE_REASSIGNMENT if moving else Trigger.AGREE_EXTENSION
        for_the_unit = Ask(party=Party.HOME)
        verdict = decide(proposed, agrees, CLOCK, for_the_unit, decided_at=NOW, now=NOW)
        assert verdict == Refused("rest_owed")
        heard = moved(proposed, agrees, Ask(party=Party.PERSON))
        assert heard.amendment
        assert Party.PERSON in heard.amendment.agreed, "what the person says is heard all the same"
        moved(replace(heard, rest=rested.rest), agrees, for_the_unit)


def test_one_no_ends_a_proposal_and_the_duty_ends_as_ordered() -> None:
    at = moved(life(State.ON_DUTY), Trigger.PROPOSE_EXTENSION, Ask(until=NOW + 10 * DAY))
    denied = moved(at, Trigger.DENY_EXTENSION, Ask(party=Party.HOME))
    assert (denied.amendment, denied.due_back) == (None, NOW + 7 * DAY)


def test_the_same_proposal_again_is_refused_and_keeps_who_agreed() -> None:
    same = Ask(until=NOW + 10 * DAY)
    at = moved(life(State.ON_DUTY), Trigger.PROPOSE_EXTENSION, same)
    at = moved(at, Trigger.AGREE_EXTENSION, Ask(party=Party.HOME))
    again = decide(at, Trigger.PROPOSE_EXTENSION, CLOCK, same, decided_at=NOW, now=NOW)
    assert again == Refused("proposed_already")
    other = moved(at, Trigger.PROPOSE_EXTENSION, Ask(until=NOW + 11 * DAY))
    assert other.amendment == Amendment(NOW + 11 * DAY), "another end asks everybody anew"


def test_nobody_agrees_twice() -> None:
    at = moved(life(State.ON_DUTY), Trigger.PROPOSE_EXTENSION, Ask(until=NOW + 10 * DAY))
    at = moved(at, Trigger.AGREE_EXTENSION, Ask(party=Party.HOME))
    again = decide(at, Trigger.AGREE_EXTENSION, CLOCK, Ask(party=Party.HOME), decided_at=NOW, now=NOW)
    assert again == Refused("agreed_already")


@pytest.mark.parametrize(
    ("before", "ask", "code"),
    [
        ({}, Ask(until=NOW + 7 * DAY), "not_longer"),
        ({}, Ask(), "not_longer"),
        ({}, Ask(until=NOW + 22 * DAY), None),
        ({}, Ask(until=NOW + 22 * DAY + HOUR), "longer_than_allowed"),
        ({}, Ask(until=NOW + 31 * DAY, waiver=True), "reason_missing"),
        ({}, Ask("NO_RELIEF", until=NOW + 31 * DAY, waiver=True), None),
        ({}, Ask("NO_RELIEF", until=NOW + 31 * DAY + HOUR, waiver=True), "longer_than_allowed"),
        ({"extensions": 1}, Ask(until=NOW + 9 * DAY), "extended_already"),
        ({"extensions": 1}, Ask("NO_RELIEF", until=NOW + 9 * DAY, waiver=True), None),
        (
            {"amendment": Amendment(NOW + 9 * DAY, tuple(Party))},
            Ask(until=NOW + 10 * DAY),
            "extension_agreed",
        ),
    ],
)
def test_the_limits_of_a_longer_duty(before: dict[str, object], ask: Ask, code: str | None) -> None:
    at = life(State.ON_DUTY, **before)
    verdict = decide(at, Trigger.PROPOSE_EXTENSION, CLOCK, ask, decided_at=NOW, now=NOW)
    assert (verdict.code if isinstance(verdict, Refused) else None) == code


def test_who_falls_due_before_all_have_agreed_goes_home_as_ordered() -> None:
    at = life(State.ENDING_SOON, notices=2)
    at = moved(at, Trigger.PROPOSE_EXTENSION, Ask(until=NOW + 10 * DAY))
    assert moved(at, Trigger.FALL_DUE).amendment is None


# ── cover, checklist, accident ────────────────────────────────────────────────────────────────────────────────────


def test_a_duty_that_no_status_covers_ends_after_its_grace_unless_covered_again() -> None:
    lost = moved(life(State.ON_DUTY), Trigger.LOSE_COVER, Ask(until=NOW + HOUR))
    assert next_alarm(lost, CLOCK) == Alarm(NOW + 25 * HOUR, Trigger.LAPSE_COVER)
    assert moved(lost, Trigger.LAPSE_COVER).leaving == Leaving.UNCOVERED
    assert next_alarm(moved(lost, Trigger.REGAIN_COVER), CLOCK) == next_alarm(life(State.ON_DUTY), CLOCK)


def test_nobody_is_signed_off_while_the_checklist_is_open() -> None:
    at = moved(life(State.DEMOBILISING), Trigger.SIGN_CHECKLIST, Ask(items=(Item.ASSETS, Item.HEALTH)))
    at = moved(at, Trigger.WAIVE_CHECKLIST, Ask(items=(Item.TRAVEL,)))
    assert at.owed == (Item.DATA_HANDOVER, Item.ACCOUNTS)
    refused = decide(at, Trigger.SIGN_DEMOB, CLOCK, Ask(items=(Item.ACCOUNTS,)), decided_at=NOW, now=NOW)
    assert refused == Refused("checklist_open")
    off = moved(at, Trigger.SIGN_DEMOB, Ask(items=at.owed))
    assert (off.state, off.owed) == (State.TRAVELLING_HOME, ())


def test_nobody_is_signed_off_while_an_accident_report_is_owed() -> None:
    hurt = moved(life(State.ON_DUTY), Trigger.REPORT_INJURY)
    assert not hurt.fills
    home = moved(hurt, Trigger.RELEASE_EARLY)
    assert home.leaving == Leaving.INJURED
    everything = Ask(items=tuple(Item))
    refused = decide(home, Trigger.SIGN_DEMOB, CLOCK, everything, decided_at=NOW, now=NOW)
    assert refused == Refused("accident_report_owed")
    filed = moved(home, Trigger.FILE_ACCIDENT_REPORT)
    assert moved(filed, Trigger.SIGN_DEMOB, everything).state == State.TRAVELLING_HOME


@pytest.mark.parametrize("state", sorted(OUT))
def test_a_death_after_leaving_lets_the_hold_go_and_leaves_the_report_to_the_home_unit(state: State) -> None:
    died = moved(life(state, accident=True, leaving=Leaving.RECALLED), Trigger.REPORT_DEATH)
    assert (died.state, died.accident) == (State.ACCIDENT_REPORT_OWED, False)
    assert (died.held, died.out, died.fills, died.ended, died.news) == (False, False, False, False, True)
    later = NOW + 3 * DAY
    for trigger, filed in ((Trigger.FILE_ACCIDENT_REPORT, True), (Trigger.WAIVE_ACCIDENT_REPORT, None)):
        settled = moved(died, trigger, now=later)
        assert (settled.state, settled.accident, settled.ended) == (State.DECEASED, filed, True)
        assert settled.since == NOW  # the hold was let go with the death, not with the paper


@pytest.mark.parametrize("state", sorted(NOT_YET_OUT))
def test_a_death_at_home_owes_no_accident_report(state: State) -> None:
    died = moved(life(state), Trigger.REPORT_DEATH)
    assert (died.state, died.accident, died.ended) == (State.DECEASED, None, True)


@pytest.mark.parametrize("state", sorted(OUT | SERVED))
def test_the_report_of_an_injury_is_owed_wherever_somebody_is_by_then(state: State) -> None:
    at = life(state, accident=False)
    assert not at.ended
    (asked,) = [one for one in duties_of(SEAT, at, CLOCK) if one.kind == TaskKind.FILE_ACCIDENT_REPORT]
    assert asked.capacity == Capacity.UNIT_HEAD
    filed = moved(at, Trigger.FILE_ACCIDENT_REPORT)
    ended = state in SERVED & ENDS
    assert (filed.state, filed.accident, filed.ended) == (state, True, ended)
    again = decide(filed, Trigger.FILE_ACCIDENT_REPORT, CLOCK, decided_at=NOW, now=NOW)
    assert again == Refused("already_ended" if ended else "no_accident_report_owed")


def report_due(at: Life) -> datetime | None:
    (asked,) = [one for one in duties_of(SEAT, at, CLOCK) if one.kind == TaskKind.FILE_ACCIDENT_REPORT]
    return asked.due_at


def test_until_when_the_report_of_an_injury_is_owed_moves_with_nothing() -> None:
    at = moved(life(State.ON_DUTY), Trigger.REPORT_INJURY)
    due = NOW + CLOCK.accident_report
    steps = (Trigger.RESUME_DUTY, Trigger.REPORT_INJURY, Trigger.RELEASE_EARLY)
    for days, trigger in enumerate(steps, 1):
        at = moved(at, trigger, now=NOW + days * DAY)
        assert (at.accident_by, report_due(at)) == (due, due), trigger
    # Recorded before until when was kept: counted from the last move, as it was then.
    assert report_due(replace(at, accident_by=None)) == at.since + CLOCK.accident_report
    assert moved(at, Trigger.FILE_ACCIDENT_REPORT).accident_by is None
    died = moved(at, Trigger.REPORT_DEATH, now=NOW + 9 * DAY)
    assert report_due(died) == NOW + 9 * DAY + CLOCK.accident_report, "a death is another accident"


def test_a_report_that_is_late_when_somebody_comes_back_is_urged_at_once_and_then_step_by_step() -> None:
    hurt = moved(life(State.TRAVELLING_HOME), Trigger.REPORT_INJURY)
    at = moved(hurt, Trigger.CONFIRM_RETURN, now=NOW + 20 * DAY)
    assert report_due(at) == NOW + CLOCK.accident_report
    for level in range(3):
        alarm = next_alarm(at, CLOCK)
        assert alarm == Alarm(at.since + level * CLOCK.return_escalation, Trigger.ESCALATE_ACCIDENT_REPORT)
        at = moved(at, alarm.trigger, now=alarm.at)


def test_a_return_ends_nothing_while_the_report_of_an_injury_is_owed() -> None:
    hurt = moved(life(State.TRAVELLING_HOME), Trigger.REPORT_INJURY)
    home = moved(hurt, Trigger.CONFIRM_RETURN)
    assert (home.state, home.held, home.out, home.ended) == (State.REPORTED, False, False, False)
    back = moved(home, Trigger.SETTLE_CLAIM)
    assert (back.state, back.ended, back.settles) == (State.CLOSED, False, True)
    alarm = next_alarm(back, CLOCK)
    assert alarm == Alarm(NOW + 2 * DAY, Trigger.ESCALATE_ACCIDENT_REPORT)
    late = moved(back, alarm.trigger, now=alarm.at)
    assert {one.kind for one in duties_of(SEAT, late, CLOCK)} == {
        TaskKind.FILE_ACCIDENT_REPORT,
        TaskKind.CHASE_ACCIDENT_REPORT,
    }
    waived = moved(late, Trigger.WAIVE_ACCIDENT_REPORT)
    assert (waived.state, waived.accident, waived.ended) == (State.CLOSED, None, True)
    assert next_alarm(waived, CLOCK) is None


def test_back_on_duty_the_report_of_an_injury_is_still_owed_at_the_sign_off() -> None:
    hurt = moved(life(State.ON_DUTY), Trigger.REPORT_INJURY)
    home = moved(moved(hurt, Trigger.RESUME_DUTY), Trigger.RELEASE_EARLY)
    signed = decide(home, Trigger.SIGN_DEMOB, CLOCK, Ask(items=tuple(Item)), decided_at=NOW, now=NOW)
    assert signed == Refused("accident_report_owed")


def test_who_was_hurt_on_the_way_goes_on_and_is_on_duty_only_once_there() -> None:
    hurt = moved(life(State.MOBILISING), Trigger.REPORT_INJURY)
    again = moved(moved(hurt, Trigger.RESUME_DUTY), Trigger.REPORT_INJURY)
    on = moved(again, Trigger.RESUME_DUTY)
    assert (on.state, on.seen_at, on.owes_report) == (State.MOBILISING, None, True)
    assert {one.kind for one in duties_of(SEAT, on, CLOCK)} >= {TaskKind.CHECK_IN}
    there = moved(on, Trigger.CHECK_IN)
    assert (there.state, there.seen_at) == (State.CHECKED_IN, NOW)


def test_the_report_of_an_injury_is_not_waived_before_somebody_is_back() -> None:
    for state in set(State) - SETTLING - ENDS:
        at = life(state, accident=False)
        refused = decide(at, Trigger.WAIVE_ACCIDENT_REPORT, CLOCK, decided_at=NOW, now=NOW)
        assert refused == Refused("not_now")


def test_a_late_report_of_a_death_is_urged_every_day_without_end() -> None:
    at = moved(life(State.ON_DUTY), Trigger.REPORT_DEATH)
    for days in range(9):
        alarm = next_alarm(at, CLOCK)
        assert alarm == Alarm(NOW + (2 + days) * DAY, Trigger.ESCALATE_ACCIDENT_REPORT)
        at = moved(at, alarm.trigger, now=alarm.at)
        assert (at.escalation, at.since) == (days + 1, NOW)
    assert next_alarm(moved(at, Trigger.FILE_ACCIDENT_REPORT), CLOCK) is None


@pytest.mark.parametrize("trigger", [Trigger.ACCEPT, Trigger.DECLINE])
def test_lateness_is_judged_by_when_the_person_decided(trigger: Trigger) -> None:
    offered = life(State.OFFERED)
    deadline = answer_by(offered, CLOCK)
    much_later = deadline + 30 * DAY
    in_time = decide(offered, trigger, CLOCK, decided_at=deadline, now=much_later)
    too_late = decide(
        offered, trigger, CLOCK, decided_at=deadline + timedelta(microseconds=1), now=much_later
    )
    assert isinstance(in_time, Moved)
    assert in_time.life.since == much_later
    assert too_late == Refused("too_late")


@pytest.mark.parametrize(
    ("at", "alarm_after", "trigger"),
    [
        (life(State.OFFERED), 2 * HOUR, Trigger.REMIND_OFFER),
        (life(State.OFFERED, notices=1), 4 * HOUR, Trigger.LAPSE_OFFER),
        (life(State.RELEASE_PENDING), 4 * HOUR, Trigger.ESCALATE_RELEASE),
        (life(State.RELEASE_PENDING, escalation=2), 12 * HOUR, Trigger.ESCALATE_RELEASE),
        (life(State.ORDER_SIGNED), timedelta(0), Trigger.MOBILISE),
        (life(State.ORDER_SIGNED, report_at=NOW + 3 * DAY), 2 * DAY, Trigger.MOBILISE),
        (life(State.MOBILISING), 2 * DAY, Trigger.ESCALATE_CHECK_IN),
        (life(State.MOBILISING, escalation=5), 7 * DAY, Trigger.FALL_DUE),
        (life(State.CHECKED_IN), DAY, Trigger.START_DUTY),
        (life(State.CONDITION_PENDING), 2 * HOUR, Trigger.LAPSE_CONDITION),
        (life(State.ON_DUTY, seen_at=NOW + 3 * DAY), 4 * DAY, Trigger.WARN_ENDING),
        (life(State.RESTING, seen_at=NOW + 3 * DAY), 4 * DAY, Trigger.WARN_ENDING),
        (life(State.ENDING_SOON, notices=1, seen_at=NOW + 5 * DAY), 6 * DAY, Trigger.WARN_ENDING),
        (life(State.ENDING_SOON, notices=2, seen_at=NOW + 5 * DAY), 7 * DAY, Trigger.FALL_DUE),
        (life(State.INJURED), 7 * DAY, Trigger.FALL_DUE),
        (life(State.NO_SHOW, home_by=NOW + DAY), DAY, Trigger.ESCALATE_RETURN),
        (life(State.DEMOBILISING, home_by=NOW + DAY), DAY, Trigger.ESCALATE_RETURN),
        (life(State.TRAVELLING_HOME, home_by=NOW + DAY, escalation=2), 3 * DAY, Trigger.ESCALATE_RETURN),
    ],
)
def test_what_happens_next_by_itself_and_when(at: Life, alarm_after: timedelta, trigger: Trigger) -> None:
    alarm = next_alarm(at, CLOCK)
    assert alarm is not None
    assert (alarm.at - NOW, alarm.trigger) == (alarm_after, trigger)


@pytest.mark.parametrize("state", sorted(ENDS))
def test_nothing_happens_by_itself_to_whoever_has_ended(state: State) -> None:
    assert next_alarm(life(state), CLOCK) is None


@pytest.mark.parametrize("state", sorted(NOT_YET_OUT))
def test_whoever_is_still_at_home_when_the_duty_ends_is_let_go(state: State) -> None:
    ended = NOW + 7 * DAY
    # Moved there so late that nothing else comes before the end.
    at = life(state, since=ended - timedelta(minutes=1), escalation=9)
    at = replace(at, report_at=ended - HOUR, post=Post("kota.PKM-1") if state == State.ORDER_SIGNED else None)
    assert next_alarm(at, CLOCK) == Alarm(ended, Trigger.FALL_DUE)
    gone = moved(at, Trigger.FALL_DUE, now=ended)
    assert (gone.state, gone.held, gone.fills, gone.news) == (State.WITHDRAWN, False, False, True)


def test_an_order_that_comes_when_the_duty_is_over_sends_nobody_out() -> None:
    late = moved(life(State.RELEASED), Trigger.ORDER_ISSUED, now=NOW + 8 * DAY)
    assert next_alarm(late, CLOCK) == Alarm(NOW + 7 * DAY, Trigger.FALL_DUE)


def test_a_later_date_that_is_granted_moves_no_end() -> None:
    asked = moved(life(State.OFFERED), Trigger.ACCEPT_ON_CONDITION, ASK)
    released = moved(moved(asked, Trigger.GRANT_CONDITION), Trigger.RELEASE)
    assert next_alarm(released, CLOCK) == Alarm(NOW + 7 * DAY, Trigger.FALL_DUE)


@pytest.mark.parametrize("state", [s for s in State if s not in ENDS])
def test_an_alarm_rings_for_a_move_that_stands(state: State) -> None:
    """An alarm whose move is refused would ring for ever."""
    for notices in range(4):
        for escalation in range(4):
            owed = False if state in SETTLING else None
            paper = at_paper(state)
            at = life(state, notices=notices, escalation=escalation, accident=owed, settling=paper)
            alarm = next_alarm(at, CLOCK)
            assert alarm is not None
            verdict = decide(at, alarm.trigger, CLOCK, decided_at=alarm.at, now=alarm.at)
            assert isinstance(verdict, Moved)


def test_overdue_is_escalated_again_and_again_until_home() -> None:
    at = life(State.DEMOBILISING, home_by=NOW + DAY)
    rung = []
    for _ in range(10):
        alarm = next_alarm(at, CLOCK)
        assert alarm is not None
        rung.append(alarm.at)
        verdict = decide(at, alarm.trigger, CLOCK, decided_at=alarm.at, now=alarm.at)
        assert isinstance(verdict, Moved)
        at = verdict.life
    assert rung == [NOW + n * DAY for n in range(1, 11)]
    assert (at.state, at.escalation) == (State.DEMOBILISING, 10)
    everything = Ask(items=tuple(Item))
    signed = decide(at, Trigger.SIGN_DEMOB, CLOCK, everything, decided_at=rung[-1], now=rung[-1])
    assert isinstance(signed, Moved)
    assert signed.life.escalation == 10, "who is late and on the way is no less late"
    home = decide(signed.life, Trigger.CONFIRM_RETURN, CLOCK, decided_at=rung[-1], now=rung[-1])
    assert isinstance(home, Moved)
    assert next_alarm(home.life, CLOCK) == Alarm(home.life.settling.claim_by, Trigger.URGE_SETTLEMENT)


# ── whatever happens, in whatever order ───────────────────────────────────────────────────────────────────────────

SPANS = st.timedeltas(min_value=timedelta(seconds=1), max_value=5 * DAY)
NOTICES = st.tuples(*[st.timedeltas(min_value=timedelta(0), max_value=4 * DAY)] * 2)
TERMS = st.builds(Term, st.integers(1, 9), st.sampled_from(Unit))
DRAWN = {"ending_notices": NOTICES, "reporting": TERMS, "reimbursement": TERMS}
CLOCKS = st.builds(Clock, **{part.name: DRAWN.get(part.name, SPANS) for part in fields(Clock)})
ASKS = st.builds(
    Ask,
    code=st.just("OTHER"),
    report_at=st.none() | st.just(NOW + 2 * DAY),
    until=st.none() | st.sampled_from([NOW + n * DAY for n in (6, 8, 9, 12)]),
    party=st.sampled_from(Party),
    waiver=st.booleans(),
    items=st.lists(st.sampled_from(Item), unique=True).map(tuple) | st.just(tuple(Item)),
    papers=st.lists(st.sampled_from(Paper), unique=True).map(tuple),
    report_by=st.none() | st.just(NOW + 5 * DAY),
    claim_by=st.none() | st.just(NOW + 9 * DAY),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from([None, *Trigger]), ASKS, st.timedeltas(min_value=timedelta(0), max_value=3 * DAY)
    ),
    max_size=80,
)


@settings(derandomize=True, max_examples=500)
@given(CLOCKS, STEPS, st.booleans(), st.sampled_from([s for s in State if s not in ENDS]))
def test_no_sequence_of_events_breaks_a_promise(
    clock: Clock, steps: list[tuple[Trigger | None, Ask, timedelta]], directed: bool, start: State
) -> None:
    """None lets the clock itself act: what rings is the next alarm."""
    going = {"home_by": NOW + DAY, "leaving": Leaving.DUE} if start in HOMEWARD | ABSENT else {}
    at, now = life(start, revision=0, directed=directed, settling=at_paper(start), **going), NOW
    for drawn, ask, later in steps:
        now += later
        before, alarm = at, next_alarm(at, clock)
        if drawn is None and alarm is not None:
            now = max(now, alarm.at)
        step = drawn or (alarm.trigger if alarm else Trigger.FALL_DUE)
        verdict = decide(at, step, clock, ask, decided_at=now, now=now)
        if isinstance(verdict, Refused):
            assert verdict.code == "already_ended" or not at.ended or step in AFTER_THE_END
            continue
        at = verdict.life
        check_step(before, at, step, now)


AFTER_THE_END = (Trigger.PROVE_ARRIVAL, Trigger.RETRACT_DEATH)
"""What may come when a case has ended."""


def check_step(before: Life, after: Life, trigger: Trigger, now: datetime) -> None:
    """What no single move may do."""
    target = target_of(before.state, trigger, directed=before.directed)
    assert target is not None
    assert after.state in targets(before.state, trigger, target), (
        "a step that neither database nor soak knows"
    )
    assert not before.ended or trigger in AFTER_THE_END
    assert after.revision == before.revision + 1
    assert after.since in (before.since, now)
    # Who is out stays out until one of the three ends; who is at home leaves by mobilising and no other way.
    assert not before.out or after.out or after.state in LEFT_OUT
    assert before.out or not after.out or after.state == State.MOBILISING or trigger == Trigger.RETRACT_DEATH
    # The end that was ordered moves by an amended order, and both dates by a granted condition (another site has its own).
    assert after.due_back == before.due_back or trigger in (Trigger.ORDER_ISSUED, Trigger.GRANT_CONDITION)
    assert after.report_at == before.report_at or trigger == Trigger.GRANT_CONDITION
    assert after.held == (after.state not in LET_GO)
    assert after.amendment is None or after.state in ON_SITE
    assert after.home_by is not None or after.state not in HOMEWARD | ABSENT
    assert after.leaving is not None or after.state not in HOMEWARD | ABSENT
    assert not set(before.checklist) - set(after.checklist)
    check_paper(before, after, trigger)


def check_paper(before: Life, after: Life, trigger: Trigger) -> None:
    """A paper is owed until it came in or was waived by name, and somebody is asked anew as long as one is."""
    was, now = before.settling, after.settling
    assert set(now.received) >= set(was.received)
    assert set(now.waived) >= set(was.waived)
    assert not set(now.owed) & {*now.received, *now.waived}
    assert bool(now.owed) == (now.urge_at is not None)
    assert after.state in OWES_PAPERS if now.owed else after.state not in AT_PAPER
    if before.state in OWES_PAPERS:
        assert after.since == before.since
        assert set(was.owed) == set(now.owed) | (
            set(now.received + now.waived) - set(was.received + was.waived)
        )
        assert set(now.waived) == set(was.waived) or trigger == Trigger.WAIVE_SETTLEMENT
    claim_came = Paper.CLAIM in now.received
    assert not claim_came or Paper.REPORT not in now.owed, "no claim is settled that nobody reported on"


@settings(derandomize=True, max_examples=300)
@given(CLOCKS, st.sampled_from([s for s in State if s not in ENDS]))
def test_the_clock_alone_never_runs_in_a_circle(clock: Clock, state: State) -> None:
    """Long after everything was due, each ring moves on: to another state or notice, or to a later alarm."""
    at, now = life(state, home_by=NOW + DAY, settling=at_paper(state)), NOW + 30 * DAY
    for _ in range(200):
        alarm = next_alarm(at, clock)
        if alarm is None or alarm.at > now:
            return
        verdict = decide(at, alarm.trigger, clock, decided_at=now, now=now)
        assert isinstance(verdict, Moved)
        after = next_alarm(verdict.life, clock)
        told = (verdict.life.state, verdict.life.notices) != (at.state, at.notices)
        assert told or after is None or after.trigger != alarm.trigger or after.at > alarm.at
        at = verdict.life
    assert at.escalation > 50  # still escalating: thirty days of an escalation every few seconds


def test_ten_thousand_sequences_end_where_a_secondment_may_end() -> None:
    """Drawn without a shrinker, so that there can be many; whoever is left over is brought home by the right moves."""
    dice = random.Random(20261125)
    triggers, items = list(Trigger), tuple(Item)
    living = [one for one in Trigger if one != Trigger.REPORT_DEATH]
    reached: set[State] = set()
    for _ in range(10_000):
        begins = dice.choice((State.OFFERED, State.ON_DUTY))
        at, now = life(begins, revision=0, directed=dice.random() < 0.3), NOW
        for _ in range(dice.randrange(10, 60)):
            now += dice.choice((0, 1, 5, 30)) * HOUR
            alarm = next_alarm(at, CLOCK)
            possible = [one for one in living if (at.state, one) in TRANSITIONS] or triggers
            trigger = dice.choice(possible if dice.random() < 0.5 else triggers)
            trigger = alarm.trigger if alarm and dice.random() < 0.3 else trigger
            # An order to another post comes seldom, and only once all is said.
            trigger = Trigger.MOVE_ON if at.moving_to and dice.random() < 0.3 else trigger
            ask = Ask(
                "OTHER",
                NOW + 2 * DAY,
                None,
                dice.choice((None, at.due_back + 2 * DAY)),
                dice.choice(list(Party)),
                items=items,
                opening=OPENING,
            )
            verdict = decide(at, trigger, CLOCK, ask, decided_at=now, now=now)
            if isinstance(verdict, Moved):
                check_step(at, verdict.life, trigger, now)
                at = verdict.life
        reached.add(brought_home(at, now).state)
    assert reached == ENDS


def brought_home(at: Life, now: datetime) -> Life:
    """Where somebody ends whom the right people bring home from there; in a few moves, or something holds them."""
    for _ in range(8):
        if at.ended:
            return at
        if at.settling.owed:
            at = moved(at, Trigger.WAIVE_SETTLEMENT, now=now)
        elif at.owes_report:
            at = moved(at, Trigger.FILE_ACCIDENT_REPORT, now=now)
        elif at.state == State.DEMOBILISING:
            at = moved(at, Trigger.SIGN_DEMOB, Ask(items=tuple(Item)), now=now)
        elif at.state == State.TRAVELLING_HOME or at.state in ABSENT:
            at = moved(at, Trigger.CONFIRM_RETURN, now=now)
        elif at.over_unseen:
            at = moved(at, Trigger.REGAIN_CONTACT, now=now)
        else:
            at = moved(at, Trigger.STAND_DOWN, now=now)
    raise AssertionError(f"still {at.state}")


def test_nobody_is_moved_farther_than_the_line_takes_people_from() -> None:
    for km, max_km, code in ((30, 30, None), (31, 30, "too_far"), (900, None, None)):
        ask = Ask(opening=replace(OPENING, km=km, max_km=max_km))
        verdict = decide(
            life(State.ON_DUTY), Trigger.PROPOSE_REASSIGNMENT, CLOCK, ask, decided_at=NOW, now=NOW
        )
        assert verdict == Refused(code) if code else isinstance(verdict, Moved)


def test_the_home_head_is_told_of_another_post_until_the_person_is_on_the_way_home() -> None:
    def told(at: Life) -> list[str | None]:
        return [one.unit_id for one in duties_of(SEAT, at, CLOCK) if one.kind == TaskKind.KNOW_NEW_POST]

    there = moved_on(
        life(State.ON_DUTY, amendment=Amendment(NOW + 9 * DAY, tuple(Party), line_id="line")), CLOCK, NOW
    )
    assert told(there) == told(replace(there, state=State.ON_DUTY)) == ["kota.PKM-1"]
    assert told(replace(there, state=State.DEMOBILISING)) == told(life(State.ON_DUTY)) == []


# ── who heads a unit ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_head_whose_acting_head_is_lost_does_not_leave_until_somebody_acts_again() -> None:
    post = Post("kota.PKM-1", "mandate", NOW + 9 * DAY)
    signed = life(State.ORDER_SIGNED, post=post)
    leaves = next_alarm(signed, CLOCK)
    assert leaves == Alarm(NOW, Trigger.MOBILISE)
    lost = moved(signed, Trigger.LOSE_ACTING_HEAD)
    refused = decide(lost, Trigger.MOBILISE, CLOCK, decided_at=NOW, now=NOW)
    assert refused == Refused("acting_head_missing")
    assert [one.kind for one in duties_of(SEAT, lost, CLOCK)] == [TaskKind.NAME_ACTING_HEAD]
    urged = next_alarm(lost, CLOCK)
    assert urged == Alarm(NOW + 4 * HOUR, Trigger.URGE_ACTING_HEAD)
    short = moved(lost, Trigger.GAIN_ACTING_HEAD, Ask(mandate_id="m2", until=NOW + 6 * DAY))
    assert next_alarm(short, CLOCK) == urged  # named, and not to the end of the duty
    again = moved(
        lost, Trigger.GAIN_ACTING_HEAD, Ask(mandate_id="m2", until=NOW + 7 * DAY), now=NOW + 2 * DAY
    )
    assert next_alarm(again, CLOCK) == leaves  # late, so at once
    assert moved(again, Trigger.MOBILISE).state == State.MOBILISING


def test_the_hold_on_a_head_for_whom_nobody_ever_acts_ends_with_the_duty() -> None:
    at = life(State.ORDER_SIGNED, post=Post("kota.PKM-1"))
    for _ in range(60):
        alarm = next_alarm(at, CLOCK)
        assert alarm is not None
        at = moved(at, alarm.trigger, now=alarm.at)
        if at.ended:
            break
    assert (at.state, at.since, at.leaving) == (State.WITHDRAWN, at.due_back, Leaving.DUE)


# ── another post ──────────────────────────────────────────────────────────────────────────────────────────────────


def proposed(until: datetime | None = None, **more: object) -> Life:
    """Somebody on duty for whom another post is proposed."""
    return moved(life(State.ON_DUTY, **more), Trigger.PROPOSE_REASSIGNMENT, Ask(until=until, opening=OPENING))


def amendment_of(at: Life) -> Amendment:
    assert at.amendment is not None
    return at.amendment


def test_a_move_that_ends_no_later_waits_for_the_person_alone_who_is_heard() -> None:
    at = proposed()
    assert set(amendment_of(at).agreed) == {Party.HOME, Party.HOST}
    home = decide(at, Trigger.AGREE_REASSIGNMENT, CLOCK, Ask(party=Party.HOME), decided_at=NOW, now=NOW)
    assert home == Refused("not_asked"), "the unit agreed to this duty and has not answered this"
    consents = moved(at, Trigger.AGREE_REASSIGNMENT, Ask(party=Party.PERSON))
    assert (amendment_of(consents).complete, amendment_of(consents).heard) == (True, Hearing.CONSENT)
    silent = next_alarm(at, CLOCK)
    assert silent is not None
    assert (silent.trigger, silent.at) == (Trigger.LAPSE_HEARING, NOW + CLOCK.hearing)
    lapsed = moved(at, Trigger.LAPSE_HEARING)
    assert (amendment_of(lapsed).complete, amendment_of(lapsed).heard) == (True, Hearing.NO_RESPONSE)


def test_an_objection_is_no_veto_but_the_host_must_agree_anew() -> None:
    objects = moved(proposed(), Trigger.OBJECT_REASSIGNMENT)
    assert (amendment_of(objects).heard, amendment_of(objects).complete) == (Hearing.OBJECTS, False)
    assert Party.HOST not in amendment_of(objects).agreed
    weighed = moved(objects, Trigger.AGREE_REASSIGNMENT, Ask(party=Party.HOST))
    assert (amendment_of(weighed).heard, amendment_of(weighed).complete) == (Hearing.OBJECTS, True)
    assert moved(objects, Trigger.DENY_REASSIGNMENT, Ask(party=Party.HOST)).amendment is None


def test_a_longer_stay_on_another_post_needs_the_home_unit_and_counts_as_the_extension() -> None:
    at = proposed(NOW + 10 * DAY)
    assert amendment_of(at).agreed == (Party.HOST,)
    for party in (Party.PERSON, Party.HOME):
        at = moved(at, Trigger.AGREE_REASSIGNMENT, Ask(party=party))
    there = moved_on(at, CLOCK, LATER)
    assert (there.due_back, there.extensions, there.stay_from) == (NOW + 10 * DAY, 1, NOW + DAY)
    assert (there.state, there.out, there.held, there.revision) == (State.MOBILISING, True, True, 0)
    gone = moved(at, Trigger.MOVE_ON)
    assert (gone.state, gone.out, gone.held, gone.fills) == (State.REASSIGNED, False, False, False)


@pytest.mark.parametrize(
    ("opening", "more", "until", "code"),
    [
        (None, {}, None, "no_such_line"),
        (replace(OPENING, room=0), {}, None, "no_room"),
        (replace(OPENING, asking=False), {}, None, "line_asks_for_nobody"),
        (replace(OPENING, fits=False), {}, None, "another_role"),
        (replace(OPENING, due_back=NOW), {}, None, "line_is_over"),
        (replace(OPENING, due_back=NOW + 3 * DAY), {}, NOW + 4 * DAY, "reaches_past_the_line"),
        (replace(OPENING, covered_until=NOW + 3 * DAY), {}, None, "reaches_past_the_status"),
        # Eight days on the post before and fourteen on this one are one stay.
        (OPENING, {"stay_from": NOW - 8 * DAY}, NOW + 14 * DAY, "longer_than_allowed"),
        (OPENING, {"extensions": 1}, NOW + 8 * DAY, "extended_already"),
        (OPENING, {"amendment": Amendment(NOW + 9 * DAY, tuple(Party))}, None, "extension_agreed"),
    ],
)
def test_what_forbids_another_post(
    opening: Opening | None, more: dict[str, object], until: datetime | None, code: str
) -> None:
    at = life(State.ON_DUTY, **more)
    ask = Ask(until=until, opening=opening)
    assert decide(at, Trigger.PROPOSE_REASSIGNMENT, CLOCK, ask, decided_at=NOW, now=NOW) == Refused(code)


def test_another_site_is_granted_with_the_hours_of_the_line_there_or_not_at_all() -> None:
    at = life(State.CONDITION_PENDING, condition=Condition("OTHER_SITE"))
    nowhere = decide(at, Trigger.GRANT_CONDITION, CLOCK, NOTHING, decided_at=NOW, now=NOW)
    assert nowhere == Refused("no_other_site")
    there = moved(at, Trigger.GRANT_CONDITION, Ask(opening=replace(OPENING, report_at=NOW + 3 * DAY)))
    assert (there.state, there.report_at, there.due_back) == (
        State.RELEASE_PENDING,
        NOW + 3 * DAY,
        OPENING.due_back,
    )
