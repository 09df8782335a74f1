"""A thin unit as a case: it begins and ends by the count, is asked once, urged in time, and answered by name or not at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.wiring import in_force, rule_packs
from domain.authority import MAY, Actor, Appointment, Capacity, CaseFacts, Denied, Granted, authority
from domain.burden import Staff, by_unit
from domain.commands import CommandKind
from domain.thin import (
    Episode,
    Life,
    State,
    answered,
    duties_after,
    duties_of,
    look,
    next_alarm,
    recovered,
    rung,
)

PACK = in_force(rule_packs())
NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
REPEAT = PACK.urging.repeat
DRAFT, DECLINE = CommandKind.DRAFT_BACKFILL, CommandKind.DECLINE_BACKFILL


def staff(unit: str = "A", role: str = "nurse", *, held: int = 2, absent: int = 2) -> Staff:
    """Eight of whom five must be there."""
    return Staff(unit, role, 8, held, absent, redline=5)


def episode(unit: str = "A", role: str = "nurse", state: State = State.THIN, **life: int) -> Episode:
    return Episode(f"e-{unit}-{role}", "kota", unit, role, PACK.id, Life(state, NOW, **life))


def test_a_case_begins_by_the_boards_own_rule() -> None:
    counted = [
        staff("A"),
        staff("B", absent=1),
        staff("C", held=0, absent=4),
        staff("A", "midwife", held=1, absent=3),
        staff("D", held=1, absent=1),
    ]
    seen = look(counted, [])
    assert [(one.unit_id, one.role) for one in seen.begun] == [("A", "nurse"), ("A", "midwife")]
    assert {one.unit_id for one in seen.begun} == {u.unit_id for u in by_unit(counted, [], NOW) if u.thin}


def test_while_it_lasts_there_is_one_and_when_it_is_over_the_next_may_begin() -> None:
    standing = [episode("A"), episode("A", "midwife", State.DRAFTED)]
    seen = look([staff("A"), staff("A", "midwife", absent=1)], standing)
    assert (seen.begun, [one.role for one in seen.over]) == ((), ["midwife"])
    assert seen.lasting == ((standing[0], staff("A")),)
    assert [one.role for one in look([staff("A"), staff("A", "midwife")], standing[:1]).begun] == ["midwife"]


def test_a_unit_that_lends_nobody_any_more_is_thin_no_more_however_few_are_there() -> None:
    assert look([], [episode()]).over == (episode(),)
    assert look([staff(held=0, absent=5)], [episode()]).over == (episode(),)


def test_its_head_is_asked_then_the_secretary_too_and_the_coordinator_knows() -> None:
    asked = [
        [(d.kind.value, d.capacity, d.unit_id, d.due_at) for d in duties_of(one, PACK.thin)]
        for one in (episode(), episode(escalation=1))
    ]
    known = ("KNOW_THIN_UNIT", Capacity.COORDINATOR, None, None)
    assert asked[0] == [("BACKFILL_OR_DECLINE", Capacity.UNIT_HEAD, "A", NOW + 24 * HOUR), known]
    assert asked[1] == [
        ("BACKFILL_OR_DECLINE", Capacity.UNIT_HEAD, "A", NOW + 48 * HOUR),
        ("BACKFILL_OR_DECLINE", Capacity.SEKDA, None, NOW + 48 * HOUR),
        known,
    ]


@pytest.mark.parametrize("state", [State.DRAFTED, State.DECLINED])
def test_once_something_was_said_nobody_is_asked_nor_urged_and_the_coordinator_knows_to_the_end(
    state: State,
) -> None:
    said = episode(state=state)
    assert [duty.capacity for duty in duties_after(said)] == [Capacity.COORDINATOR]
    assert next_alarm(said.life, PACK.thin, REPEAT) is None
    over = replace(said, life=recovered(said.life))
    assert (duties_after(over), over.life.revision) == ((), 1)


def test_silence_is_urged_level_by_level_and_never_an_answer() -> None:
    life, heard = Life(State.THIN, NOW), []
    while (alarm := next_alarm(life, PACK.thin, REPEAT)) and alarm.at <= NOW + 100 * HOUR:
        heard.append(((alarm.at - NOW) // HOUR, alarm.ring.value))
        life = rung(life, alarm, REPEAT, now=alarm.at)
    assert heard == [
        (12, "REMIND"),
        (24, "ESCALATE"),
        (36, "REMIND"),
        (48, "REMIND"),
        (72, "REMIND"),
        (96, "REMIND"),
    ]
    assert (life.state, life.revision) == (State.THIN, len(heard))


def test_what_an_outage_missed_is_told_once() -> None:
    late = Life(State.THIN, NOW, escalation=1, notices=1)
    alarm = next_alarm(late, PACK.thin, REPEAT)
    assert alarm
    after = next_alarm(rung(late, alarm, REPEAT, now=NOW + 1000 * HOUR), PACK.thin, REPEAT)
    assert after
    assert NOW + 1000 * HOUR < after.at <= NOW + 1024 * HOUR


@pytest.mark.parametrize(
    ("state", "kind", "after"),
    [
        (State.THIN, DRAFT, State.DRAFTED),
        (State.THIN, DECLINE, State.DECLINED),
        (State.DECLINED, DRAFT, State.DRAFTED),
        (State.DECLINED, DECLINE, "declined_already"),
        (State.DRAFTED, DRAFT, "drafted_already"),
        (State.DRAFTED, DECLINE, "drafted_already"),
        (State.RECOVERED, DRAFT, "already_ended"),
        (State.RECOVERED, DECLINE, "already_ended"),
    ],
)
def test_what_can_be_said_where_it_stands(state: State, kind: CommandKind, after: str) -> None:
    told = answered(Life(state, NOW, revision=3), kind)
    if isinstance(told, Life):
        assert (told.state, told.revision) == (after, 4)
    else:
        assert told == after


@pytest.mark.parametrize("kind", [DRAFT, DECLINE])
def test_the_own_head_says_it_and_those_above_once_it_is_late(kind: CommandKind) -> None:
    def says(office: Appointment, escalation: int) -> Granted | Denied:
        facts = CaseFacts("kota", home_unit_id="A", escalation=escalation)
        return authority(kind, Actor("p", "kota", (office,)), facts)

    assert says(Appointment(Capacity.UNIT_HEAD, "A"), 0) == Granted(Capacity.UNIT_HEAD)
    assert says(Appointment(Capacity.UNIT_HEAD, "B"), 1) == Denied("no_authority")
    for office in (Capacity.SEKDA, Capacity.APPOINTING_AUTHORITY):
        assert says(Appointment(office), 0) == Denied("no_authority")
        assert says(Appointment(office), 1) == Granted(office)
    assert set(PACK.thin.offices) <= set(MAY[kind])


def test_who_let_the_unit_lend_so_far_asks_for_help_and_does_not_say_that_none_is_needed() -> None:
    facts = CaseFacts("kota", home_unit_id="A", proposer_id="sekda", escalation=1)
    sekda = Actor("sekda", "kota", (Appointment(Capacity.SEKDA),))
    assert authority(DECLINE, sekda, facts) == Denied("own_proposal")
    assert authority(DRAFT, sekda, facts) == Granted(Capacity.SEKDA)
