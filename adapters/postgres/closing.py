"""The book of closing: evaluations, lessons, experience, and what evidence of one person is made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg

from adapters.postgres import log
from adapters.postgres.commands import record
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.experience import entry_of
from adapters.postgres.report import ReportReader
from domain import cases
from domain.authority import Granted
from domain.closing.claims import reckoned
from domain.closing.evaluation import EvaluatedAlready, Evaluation
from domain.closing.placed import Line, Placed
from domain.closing.review import of_surge, review
from domain.closing.review_view import Review
from domain.closing.terms import ClosingTerms
from domain.commands import Command
from domain.log import GENESIS, Fact
from domain.report import ReportView, build
from domain.rules import RulePack


class ClosingBook:
    """What is written and read when a surge closes."""

    def __init__(self, database: Database, rules: Mapping[str, RulePack]) -> None:
        self._database = database
        self._rules = rules

    def terms(self, rule_pack: str) -> ClosingTerms:
        """Return what closing takes from a rule pack."""
        return self._rules[rule_pack].closing

    async def placed(self, placement_id: str) -> Placed:
        """Return a placement; raises LookupError."""
        async with self._database.reading() as connection:
            return await _placed(connection, placement_id)

    async def reckoned(self, placement_id: str) -> int | None:
        """Return what the days of a stay come to that ended with this placement; None before it is over."""
        async with self._database.reading() as connection:
            posts = await queries.posts_of_stay(connection, placement_id=placement_id)
            stay = [await _placed(connection, str(row["placement_id"])) for row in posts]
        if not stay or not stay[0].road.over:
            return None
        last = stay[0]
        roads = ((one.road, self.terms(one.rule_pack)) for one in stay)
        return reckoned(roads, last.zone, at=last.entries[-1].entry.at)

    async def evaluations(self, placement_id: str) -> list[dict[str, Any]]:
        """Return what both sides have said, with their notes where these were not erased."""
        async with self._database.reading() as connection:
            rows = await queries.evaluations_of(connection, placement_id=placement_id)
        return [dict(row) for row in rows]

    async def evaluate(
        self,
        placed: Placed,
        evaluation: Evaluation,
        fact: Fact,
        granted: Granted,
        *,
        note: tuple[str, str] | None,
        told: Command,
    ) -> None:
        """Write one side's evaluation, its note (id, text) and its fact together; raises EvaluatedAlready.

        A case that has not ended is told by the command, recorded in the same transaction.
        """
        async with self._database.writing() as connection:
            listens = await queries.lock_placement(connection, placement_id=placed.placement_id)
            if note:
                await queries.add_note(connection, note_id=note[0], author_id=fact.by.actor, body=note[1])
            try:
                await queries.add_evaluation(
                    connection,
                    placement_id=placed.placement_id,
                    side=evaluation.side.value,
                    subject_id=placed.person_id,
                    evaluator_id=fact.by.actor,
                    on_behalf_of=fact.by.on_behalf_of,
                    capacity=granted.capacity.value,
                    mandate_id=granted.mandate_id,
                    scores=fact.data["scores"],
                    note_id=note[0] if note else None,
                    at=fact.at,
                )
            except asyncpg.UniqueViolationError as error:
                raise EvaluatedAlready(evaluation.side.value) from error
            if listens:
                await record(connection, told, f"{told.kind}:{placed.placement_id}")
            await log.append(connection, placed.government_id, [fact])

    async def add_lesson(self, surge_id: str, government_id: str, fact: Fact, note: tuple[str, str]) -> None:
        """Note a lesson: its text (id, text) apart, its fact in the log."""
        async with self._database.writing() as connection:
            await queries.add_note(connection, note_id=note[0], author_id=fact.by.actor, body=note[1])
            await queries.add_lesson(
                connection,
                lesson_id=fact.data["lesson_id"],
                surge_id=surge_id,
                author_id=fact.by.actor,
                topic=fact.data["topic"],
                note_id=note[0],
                at=fact.at,
            )
            await log.append(connection, government_id, [fact])

    async def lessons(self, surge_id: str) -> list[dict[str, Any]]:
        """Return the lessons of a surge, oldest first."""
        async with self._database.reading() as connection:
            rows = await queries.lessons_of(connection, surge_id=surge_id)
        return [dict(row) for row in rows]

    async def after_action(
        self, government_id: str, surge_id: str, *, at: datetime | None = None
    ) -> tuple[ReportView, Review]:
        """Return the report of a surge and its review, as of the newest entry or an instant; raises LookupError."""
        async with self._database.reading() as connection:
            surge = await queries.closing_surge(connection, surge_id=surge_id)
        if surge is None or surge["government_id"] != government_id:
            raise LookupError(f"no such surge: {surge_id}")
        pack = self._rules[surge["rule_pack"]]
        reader = ReportReader(self._database, {role: rule.label for role, rule in pack.roles.items()})
        when = at or await reader.newest(government_id, surge["operation_id"])
        source = of_surge(await reader.source(government_id, surge["operation_id"], at=when), surge_id)
        texts = {row["lesson_id"]: row["body"] for row in await self.lessons(surge_id) if row["body"]}
        units = {entry.data["unit_id"] for entry in source.entries if entry.data.get("unit_id")}
        async with self._database.reading() as connection:
            rows = await queries.unit_names(connection, unit_ids=sorted(units))
        names = {row["unit_id"]: row["name"] for row in rows}
        return build(source), review(source, surge_id, surge["title"], pack.closing, texts=texts, units=names)

    async def person(self, person_id: str) -> dict[str, Any] | None:
        """Return one person of the roster with skills and experience, or None."""
        async with self._database.reading() as connection:
            row = await queries.person_of_roster(connection, person_id=person_id)
            if row is None:
                return None
            skills = await queries.skills_of_person(connection, person_id=person_id)
            done = await queries.experience_of_person(connection, person_id=person_id)
        return dict(row) | {
            "skills": [dict(one) for one in skills],
            "experience": [dict(one) for one in done],
        }

    async def extracts(self, placement_id: str) -> list[dict[str, Any]]:
        """Return the extracts that somebody was served: number, instant of signing, SHA-256 and PDF."""
        async with self._database.reading() as connection:
            rows = await queries.extracts_of_placement(connection, placement_id=placement_id)
        return [dict(row) | {"file": bytes(row["file"])} for row in rows]


async def _placed(connection: Connection, placement_id: str) -> Placed:
    place = await queries.closing_placement(connection, placement_id=placement_id)
    if place is None:
        raise LookupError(f"no such placement: {placement_id}")
    rows = await queries.closing_entries(
        connection, government_id=place["government_id"], case_id=cases.secondment(placement_id)
    )
    waivers = await queries.closing_waivers(
        connection,
        government_id=place["government_id"],
        person_id=place["person_id"],
        last_seq=rows[-1]["seq"],
        since=rows[0]["at"],
    )
    fields = ("placement_id", "government_id", "person_id", "unit_id", "surge_id", "rule_pack", "zone")
    return Placed(
        **{name: place[name] for name in fields},
        entries=tuple(_line(row) for row in rows),
        waivers=tuple(_line(row) for row in waivers),
    )


def _line(row: Any) -> Line:
    return Line(entry_of(row), log.fact_of_row(row), bytes(row["hash"]), bytes(row["previous"] or GENESIS))
