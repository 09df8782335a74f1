"""Asking the optimiser without deciding anything: may these be kept, and what would change if. Nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from app.actions import Faulty
from app.sentences import sentence
from domain.allocation import CannotPlan, PlanningProblem
from domain.plans import Plan
from domain.ports import Planner
from domain.what_if import Alteration, Difference, LinesTried, difference

Pair = tuple[str, str]
"""Person and line."""
Answer = TypeVar("Answer")


class Book(Protocol):
    """Where questions come from."""

    async def problem(
        self, surge_id: str, at: datetime, trying: LinesTried | None = None
    ) -> PlanningProblem: ...


class Asking:
    """Puts questions to the planner, one at a time: a page must not take the machine from everybody else."""

    def __init__(
        self, book: Book, planner: Planner, faults_of_keeping: Callable[..., Sequence[tuple[str, str, str]]]
    ) -> None:
        self._book = book
        self._planner = planner
        self._faults_of_keeping = faults_of_keeping
        self._turn = asyncio.Lock()

    async def check_keep(self, surge_id: str, keep: Sequence[Pair], at: datetime) -> None:
        """Raise Faulty where somebody cannot be kept as things stand, naming the rule against each."""
        foreign = [line for _, line in keep if not line.startswith(f"{surge_id}/")]
        if foreign:
            raise Faulty((f"keep: {foreign[0]} is no line of {surge_id}",))
        problem = await self._book.problem(surge_id, at)
        found = await self._alone(asyncio.to_thread(self._faults_of_keeping, problem, keep))
        if found:
            raise Faulty(
                tuple(
                    f"keep: {person} for {line}: {sentence(f'cannot_keep_{rule}')} ({rule})"
                    for person, line, rule in found
                )
            )

    async def what_if(  # noqa: PLR0917 - one question in its parts
        self,
        surge_id: str,
        at: datetime,
        alteration: Alteration,
        trying: LinesTried,
        kept: Sequence[Pair] = (),
        keep: Sequence[Pair] = (),
    ) -> tuple[Difference, str]:
        """Compare the plan as it would be made now (keeping `kept`) with the altered one (keeping `keep` too).

        Of `kept` those stay who may still go: once they are asked, they are picked by no plan any more. Returns the difference, and the fingerprint of the question before. Raises Faulty where either has no answer.
        """
        problem = await self._book.problem(surge_id, at)
        altered = alteration.of(await self._book.problem(surge_id, at, trying))
        gone = await self._alone(asyncio.to_thread(self._faults_of_keeping, problem, kept))
        kept = sorted(set(kept) - {(person, line) for person, line, _ in gone})
        before = await self._plan(problem, kept)
        after = await self._plan(altered, sorted({*kept, *keep}))
        return difference(problem, before, altered, after), before.problem_sha256

    async def _plan(self, problem: PlanningProblem, keep: Sequence[Pair]) -> Plan:
        try:
            return await self._alone(asyncio.to_thread(self._planner, problem, keep))
        except CannotPlan as cannot:
            raise Faulty((f"{cannot} ({sentence(cannot.code)})",)) from None

    async def _alone(self, work: Awaitable[Answer]) -> Answer:
        async with self._turn:
            return await work
