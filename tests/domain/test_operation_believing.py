"""A move of an operation is believed where the books have what it follows from, and nothing else is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain import cases
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.log import Attribution
from domain.moves import NOT_BY_THE_BOOKS, OF_THE_CLOCK, Decree, Duty, OperationMove, TaskKind
from domain.operation import Clock, Event, Life, Moved, State, Trigger, next_alarm
from domain.operation_believing import Books, disbelieved
from domain.operation_rules import decide
from domain.operation_steps import DRAFT, steps
from domain.operation_telling import Telling, event_of, move_of, told_by_clock, told_by_decision
from domain.standings import Ending, Level, Standing, Status
from lab.state_tables import OPERATION_EVENTS, OPERATION_STATES

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
DAY = timedelta(days=1)
CLOCK = Clock(3 * DAY, 14 * DAY)
CASE = cases.operation("OP-1")
SEKDA = "sekda"
CITY = Standing(1, Level.REGENCY_CITY, Status.RESPONSE, "360/1", NOW - DAY, NOW + 5 * DAY)
STANDS = Life(State.RESPONSE, 1, NOW - DAY, (CITY,))


def command(kind: CommandKind, at: datetime = NOW, **details: str) -> Command:
    return Command("c", "kota", CASE, kind, SEKDA, Capacity.SEKDA, at, details=details)


EXTEND = command(
    CommandKind.EXTEND_STATUS, decree="360/2", decree_date="2026-11-22", until=(NOW + 9 * DAY).isoformat()
)


def books(life: Life | None = STANDS, decision: Command | None = EXTEND, **more: object) -> Books:
    return replace(Books("OP-1", "kota", life, CLOCK, "2026-1#surge", decision), **more)  # type: ignore[arg-type]


def by_sekda(decision: Command = EXTEND) -> Attribution:
    return Attribution(SEKDA, decision.capacity.value, "2026-1#surge", decision.command_id)


BY_CLOCK = Attribution(OF_THE_CLOCK, "SYSTEM", "2026-1#surge")


def decided(
    decision: Command = EXTEND, life: Life = STANDS, at: datetime = NOW, **left: int
) -> OperationMove:
    """The move as its case tells it."""
    event = event_of(decision, **left)
    verdict = decide(life, event, now=at)
    assert isinstance(verdict, Moved), verdict
    telling = told_by_decision(life, decision, event, verdict)
    return move_of("OP-1", "kota", verdict, telling, CLOCK, by_sekda(decision), at)


def rung(life: Life, at: datetime) -> OperationMove:
    """What the clock does, as its case tells it."""
    alarm = next_alarm(life, CLOCK)
    assert alarm is not None
    event = Event(alarm.trigger, alarm.at, level=alarm.level)
    verdict = decide(life, event, now=max(at, alarm.at))
    assert isinstance(verdict, Moved), verdict
    return move_of("OP-1", "kota", verdict, told_by_clock(alarm, event, verdict), CLOCK, BY_CLOCK, at)


def test_what_somebody_decided_is_believed() -> None:
    assert disbelieved(decided(), books()) is None


def _lasting(move: OperationMove) -> OperationMove:
    (one,) = move.life.standings
    ever = replace(one, end=one.end + 3650 * DAY)
    (end,) = move.ends
    return replace(
        move, life=replace(move.life, standings=(ever,)), ends=(replace(end, after=end.after + 3650 * DAY),)
    )


WRONG: dict[str, Callable[[OperationMove], OperationMove]] = {
    "for longer": _lasting,
    "in another state": lambda m: replace(m, life=replace(m.life, state=State.LAPSED)),
    "with another end alone": lambda m: replace(m, ends=()),
    "by another decree": lambda m: replace(m, decree=Decree(NOW, "360/9", "2026-11-22")),
    "with a status beside": lambda m: replace(m, declared=replace(CITY, number=2, level=Level.NATIONAL)),
    "asking others": lambda m: replace(m, duties=(Duty(TaskKind.ARCHIVE_OPERATION, capacity=Capacity.SEKDA),)),
    "told as another entry": lambda m: replace(m, fact=replace(m.fact, type="OperationEnded")),
    "telling something else": lambda m: replace(m, fact=replace(m.fact, data=m.fact.data | {"area": "x"})),
    "of another operation": lambda m: replace(m, operation_id="OP-2"),
    "of another government": lambda m: replace(m, government_id="kota-lain"),
    "in another's name": lambda m: replace(m, fact=replace(m.fact, by=replace(m.fact.by, actor="x"))),
    "in another office": lambda m: replace(
        m, fact=replace(m.fact, by=replace(m.fact.by, authority="APPOINTING_AUTHORITY"))
    ),
    "by other rules": lambda m: replace(m, fact=replace(m.fact, by=replace(m.fact.by, basis="1999-1#surge"))),
    "by the clock": lambda m: replace(m, fact=replace(m.fact, by=BY_CLOCK)),
    "two moves on": lambda m: replace(m, life=replace(m.life, revision=7)),
    "with a report": lambda m: replace(m, life=replace(m.life, report="x")),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_not_what_was_decided_is_not_believed(what: str) -> None:
    assert disbelieved(WRONG[what](decided()), books()) == NOT_BY_THE_BOOKS


@pytest.mark.parametrize(
    "decision",
    [
        None,
        replace(EXTEND, state=CommandState.APPLIED),
        replace(EXTEND, case_id=cases.operation("OP-2")),
        replace(EXTEND, kind=CommandKind.HAND_BACK_STATUS),
        replace(EXTEND, kind=CommandKind.REQUEST_SURGE),
        replace(EXTEND, kind=CommandKind.PROPOSE_MUTATION),
        replace(EXTEND, details={**EXTEND.details, "until": "soon"}),
    ],
)
def test_a_decision_that_the_books_have_not_for_it_moves_nothing(decision: Command | None) -> None:
    assert disbelieved(decided(), books(decision=decision)) == NOT_BY_THE_BOOKS


def test_an_office_that_may_not_decide_it_moves_nothing() -> None:
    posts = replace(EXTEND, capacity=Capacity.COMMAND_POST)
    assert disbelieved(decided(posts), books(decision=posts)) == NOT_BY_THE_BOOKS


def test_an_operation_does_not_end_over_whom_the_books_hold_whatever_the_case_counted() -> None:
    end = command(CommandKind.END_OPERATION)
    move = decided(end)
    assert disbelieved(move, books(decision=end)) is None
    for left in ({"people_held": 1}, {"surges_open": 1}):
        assert disbelieved(move, books(decision=end, **left)) == NOT_BY_THE_BOOKS


def test_the_clock_is_believed_when_its_time_has_come_and_not_before() -> None:
    warned = NOW + 2 * DAY  # three days before the end
    move = rung(STANDS, warned)
    assert move.fact.type == "StatusEndingSoon"
    assert disbelieved(move, books()) is None
    early = replace(move, fact=replace(move.fact, at=warned - timedelta(minutes=1)))
    assert disbelieved(early, books()) == NOT_BY_THE_BOOKS
    # A decision is judged by what stood when it was made: what was due before is told first.
    assert disbelieved(early, books(decided_until=warned)) is None


def test_only_a_decision_opens_an_operation() -> None:
    opening = replace(command(CommandKind.OPEN_OPERATION), capacity=Capacity.COORDINATOR)
    opened = Moved(Life(State.MONITORING, 0, NOW))
    move = move_of("OP-1", "kota", opened, Telling("OperationOpened"), CLOCK, by_sekda(opening), NOW)
    assert disbelieved(move, books(None, opening)) is None
    assert disbelieved(move, books(STANDS, opening)) == NOT_BY_THE_BOOKS
    assert disbelieved(move, books(None, EXTEND)) == NOT_BY_THE_BOOKS
    standing = replace(move, life=STANDS)
    assert disbelieved(standing, books(None, opening)) == NOT_BY_THE_BOOKS


def test_what_the_books_keep_otherwise_is_no_difference() -> None:
    gone = replace(CITY, number=2, level=Level.PROVINCE, ended=Ending.WITHDRAWN)
    decreed = replace(STANDS, decreed=(gone,))
    assert disbelieved(decided(life=decreed), books(STANDS)) is None
    # Since when a status stands nobody asks; since when an operation is over its report falls due.
    assert disbelieved(decided(life=replace(STANDS, since=NOW - 9 * DAY)), books(STANDS)) is None
    over = Life(State.ENDED, 2, NOW)
    late = replace(rung(over, NOW), life=replace(rung(over, NOW).life, since=NOW + 300 * DAY))
    assert disbelieved(rung(over, NOW), books(over)) is None
    assert disbelieved(late, books(over)) == NOT_BY_THE_BOOKS


def test_every_step_of_the_machine_is_one_of_the_books() -> None:
    """What the table of states shows leads nowhere else than the steps that the database lets through."""
    known = set(steps())
    seen = set()
    for life in OPERATION_STATES.values():
        for event in OPERATION_EVENTS.values():
            verdict = decide(life, event, now=max(event.at, life.since))
            if isinstance(verdict, Moved) and verdict.life.state != life.state:
                seen.add((life.state.value, verdict.life.state.value))
    assert seen <= known
    assert {state for state, _ in known} == set(State) - {State.ARCHIVED} | {DRAFT}
    assert Trigger.END in {event.trigger for event in OPERATION_EVENTS.values()}
