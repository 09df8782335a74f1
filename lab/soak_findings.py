"""What a soak leaves behind, looked at: nothing unanswered, nobody left, every step a cell, every invariant whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product

from temporalio.client import Client

from adapters.postgres.invariants import InvariantResult, invariants
from adapters.postgres.rebuild import boards_hold
from app.wiring import Books
from domain.facts import EVENT_OF, EXTENDED
from domain.secondment import DIRECTED, ENDS, TRANSITIONS, WAITS_FOR, State, Trigger
from domain.secondment.steps import targets

PAPER_ROAD = (*WAITS_FOR, State.CLOSED)


def _cells() -> Iterator[tuple[State, str, State]]:
    for (state, trigger), target in TRANSITIONS.items():
        events = {EVENT_OF[trigger]} | ({EXTENDED} if trigger == Trigger.ORDER_ISSUED else set())
        ends = (to for to in targets(state, trigger, target) if not _led_back(state, trigger, to))
        yield from product({state}, events, ends)
    for (state, trigger), directed in DIRECTED.items():
        if directed is not None:
            yield state, EVENT_OF[trigger], directed


def _led_back(state: State, trigger: Trigger, to: State) -> bool:
    """No paper that comes in makes a case owe an earlier one; only a late proof of arrival does."""
    if trigger == Trigger.PROVE_ARRIVAL or not {state, to} <= set(PAPER_ROAD):
        return False
    return PAPER_ROAD.index(to) < PAPER_ROAD.index(state)


CELLS = frozenset(_cells())
"""(state, event, next state): every step that a log may tell of a person."""


@dataclass
class Findings:
    """What a soak did, and what it found wrong."""

    people: int = 0
    decisions: int = 0
    applied: int = 0
    refused: int = 0
    turned_away: int = 0
    """Stopped at the door, before anything was recorded."""
    steps: int = 0
    handed_over: int = 0
    """Of ten people, how many cases went on in a fresh run."""
    ends: dict[str, int] = field(default_factory=dict)
    invariants: tuple[InvariantResult, ...] = ()
    faults: list[str] = field(default_factory=list)


async def look(client: Client, books: Books, government_id: str, found: Findings, at: datetime) -> None:
    """Check what is left behind, and write into the findings what is wrong."""
    await _count(books, found)
    for case_id, steps in (await _told(books)).items():
        found.steps += len(steps)
        found.faults += [f"{case_id}: {step} is no cell of the table" for step in steps if step not in CELLS]
    found.handed_over = await _handed_over(client, books)
    found.invariants = await invariants(books.database, government_id)
    found.invariants += (await boards_hold(books.database, government_id, at),)
    found.faults += broken(found.invariants)


def broken(results: Iterable[InvariantResult]) -> list[str]:
    """Say of each invariant that does not hold how often, and where first."""
    return [
        f"{one.code}: {one.violations} violations ({', '.join(one.sample)})"
        for one in results
        if one.violations
    ]


async def _handed_over(client: Client, books: Books) -> int:
    """How many of the ten whose log is longest went on in a fresh run."""
    async with books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT case_id FROM events WHERE case_id LIKE 'secondment:%'"
            " GROUP BY case_id ORDER BY count(*) DESC, case_id LIMIT 10"
        )
    histories = [await client.get_workflow_handle(row["case_id"]).fetch_history() for row in rows]
    return sum(
        bool(one.events[0].workflow_execution_started_event_attributes.continued_execution_run_id)
        for one in histories
    )


async def _count(books: Books, found: Findings) -> None:
    async with books.database.reading() as connection:
        rows = await connection.fetch("SELECT state, count(*) AS n FROM commands GROUP BY state")
        ends = await connection.fetch("SELECT state, count(*) AS n FROM placements GROUP BY state")
    count = {row["state"]: row["n"] for row in rows}
    found.decisions, found.applied = sum(count.values()), count.get("APPLIED", 0)
    found.refused = count.get("REFUSED", 0)
    found.ends = {row["state"]: row["n"] for row in ends}
    found.people = sum(found.ends.values())
    if left := count.get("RECORDED", 0):
        found.faults.append(f"{left} decisions were never answered")
    found.faults += [f"{n} people are left {state}" for state, n in found.ends.items() if state not in ENDS]


async def _told(books: Books) -> dict[str, list[tuple[State, str, State]]]:
    """Each person's steps as the log tells them."""
    async with books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT case_id, type, data ->> 'state' AS state FROM events"
            " WHERE case_id LIKE 'secondment:%' AND data ? 'state' AND type <> 'CommandRefused' ORDER BY seq"
        )
    steps: dict[str, list[tuple[State, str, State]]] = {}
    stands: dict[str, State] = {}
    for row in rows:
        case_id, state = row["case_id"], State(row["state"])
        if case_id in stands:
            steps.setdefault(case_id, []).append((stands[case_id], row["type"], state))
        stands[case_id] = state
    return steps
