"""Closing a surge: evaluating, noting lessons. A case that has not ended is told of its papers by a command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.actions import Faulty, House, NoSuchCase, NotAllowed
from domain import cases
from domain.authority import Actor, Capacity, CaseFacts, Denied, Granted
from domain.closing.evaluation import (
    RECEIVES,
    EvaluatedAlready,
    Evaluation,
    Side,
    evaluated,
    fault_of,
    given_in,
    may_evaluate,
    scores_of,
    side_of,
)
from domain.closing.lessons import TEACHERS, Topic, lesson_noted
from domain.closing.placed import Placed
from domain.closing.terms import ClosingTerms
from domain.commands import Command, by_system
from domain.log import Attribution, Fact


class NotNow(Exception):
    """It cannot be written as things stand; `code` says why. Nothing was written."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Book(Protocol):
    """Where closing is written down."""

    async def placed(self, placement_id: str) -> Placed: ...
    async def evaluate(
        self,
        placed: Placed,
        evaluation: Evaluation,
        fact: Fact,
        granted: Granted,
        *,
        note: tuple[str, str] | None,
        told: Command,
    ) -> None: ...
    async def add_lesson(
        self, surge_id: str, government_id: str, fact: Fact, note: tuple[str, str]
    ) -> None: ...
    def terms(self, rule_pack: str) -> ClosingTerms: ...


@dataclass(frozen=True)
class Said:
    """What one side says: a score a criterion, and free text that is kept apart."""

    scores: Mapping[str, int]
    note: str | None = None


@dataclass(frozen=True)
class Lesson:
    """What is to be learnt, in free text that is kept apart."""

    topic: Topic
    text: str


async def evaluate(
    house: House, book: Book, who: Actor, placement_id: str, said: Said
) -> tuple[Evaluation, Fact]:
    """Write what one side says and return it with its fact. By: the person, or for the host command post or coordinator.

    A case that waits for it is told. Raises NoSuchCase, NotAllowed, Faulty for scores that are not what the side rates,
    NotNow when it is too early, given or waived already, or too late.
    """
    facts, granted = await _granted(house, who, placement_id)
    side = side_of(who, facts)
    read = scores_of(side, said.scores)
    if isinstance(read, str):
        raise Faulty((read,))
    placed = await book.placed(placement_id)
    now = house.clock.now()
    given = given_in(row.entry for row in placed.entries)
    if code := fault_of(placed.road, given, side, book.terms(placed.rule_pack), now=now):
        raise NotNow(code)
    by = Attribution(
        who.person_id,
        granted.capacity.value,
        f"{placed.rule_pack}#closing.evaluation",
        on_behalf_of=granted.on_behalf_of,
    )
    evaluation = Evaluation(placement_id, side, read)
    fact = evaluated(evaluation, placed.road, placed.person_id, by, now)
    note = (house.new_id(), said.note) if said.note else None
    try:
        await book.evaluate(
            placed, evaluation, fact, granted, note=note, told=_told(house, placed, side, now)
        )
    except EvaluatedAlready:
        # Two at once: the book lets the first one through.
        raise NotNow("evaluated_already") from None
    return evaluation, fact


def _told(house: House, placed: Placed, side: Side, now: datetime) -> Command:
    """Return what tells the case that one side has evaluated."""
    case_id = cases.secondment(placed.placement_id)
    return by_system(
        RECEIVES[side], case_id, placed.government_id, command_id=house.new_id(), at=now, details={}
    )


async def note_lesson(house: House, book: Book, who: Actor, surge_id: str, lesson: Lesson) -> Fact:
    """Note a lesson of a surge, also after it closed. By: coordinator or command post; raises NoSuchCase, NotAllowed."""
    try:
        facts = await house.desk.facts(cases.surge(surge_id))
    except (LookupError, ValueError) as error:
        raise NoSuchCase(surge_id) from error
    if facts.government_id != who.government_id:
        raise NoSuchCase(surge_id)
    office = next((one for one in who.appointments if one.capacity in TEACHERS and one.scope is None), None)
    if office is None:
        raise NotAllowed("no_authority")
    by = Attribution(
        who.person_id, office.capacity.value, house.rules.basis("closing"), on_behalf_of=office.principal_id
    )
    fact = lesson_noted(surge_id, house.new_id(), lesson.topic, by, house.clock.now())
    await book.add_lesson(surge_id, who.government_id, fact, (house.new_id(), lesson.text))
    return fact


async def _granted(house: House, who: Actor, placement_id: str) -> tuple[Any, Granted]:
    try:
        facts = await house.desk.facts(cases.secondment(placement_id))
    except (LookupError, ValueError) as error:
        raise NoSuchCase(placement_id) from error
    assert isinstance(facts, CaseFacts)
    verdict = may_evaluate(who, facts)
    if isinstance(verdict, Denied):
        if verdict.code == "no_such_case":
            raise NoSuchCase(placement_id)
        raise NotAllowed(verdict.code)
    return facts, verdict


def may_fetch_evidence(who: Actor, *, subject_id: str, home_unit_id: str) -> bool:
    """Say whether somebody may fetch the evidence pack of one person: the person, an auditor, the home head."""
    return who.person_id == subject_id or any(
        office.capacity == Capacity.AUDITOR
        or (office.capacity == Capacity.UNIT_HEAD and office.unit_id == home_unit_id)
        for office in who.appointments
    )
