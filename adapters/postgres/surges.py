"""The book of surges: counting, plans, and the holds on people."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import groupby
from typing import Any

import asyncpg

from adapters.postgres import log, moves, planning, requests, surge_moves
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.fitting import FitBook, rested, with_room
from adapters.postgres.lines import LineBook
from adapters.postgres.moves import Disbelieved
from adapters.postgres.picks import Pick, end_of_stretch, picks_of
from adapters.postgres.placements import life_of, seat_of
from adapters.postgres.reliefs import name_reliefs
from adapters.postgres.surge_rows import case_of as surge_case
from adapters.postgres.yearly_cap import CapBook
from domain import cases
from domain.admission import Brief
from domain.allocation import PlanningProblem
from domain.cases import OpenCase
from domain.duties import duties_of, fact_of
from domain.log import Attribution
from domain.moves import NOT_BY_THE_BOOKS, OF_THE_SURGE, KeptPlan, LineShort, Seat, SurgeMove, Written
from domain.plans import Plan, Shortfall, ShortfallReason, plan_as_json
from domain.rebuild import said
from domain.rules import RulePack
from domain.secondment import ON_SITE, Life
from domain.surge import Tally
from domain.what_if import LinesTried

GUARDS = (asyncpg.ExclusionViolationError, asyncpg.UniqueViolationError)
REDLINE = "SG001"


class SurgeBook(LineBook, CapBook, FitBook):
    """Surges, their plans and holds."""

    def __init__(self, database: Database, rules: dict[str, RulePack]) -> None:
        super().__init__(database)
        self._rules = rules

    async def write(self, move: SurgeMove) -> Written:
        """Write one move; where the books do not have what it follows from, nothing is written."""
        try:
            async with self._database.writing() as connection:
                return await surge_moves.write_surge(connection, move, self._rules)
        except Disbelieved:
            return Written(refused=NOT_BY_THE_BOOKS)

    async def standing(self, surge_id: str) -> OpenCase | None:
        """Return an open surge as the registry has it; None where it holds none such open."""
        async with self._database.reading() as connection:
            for row in await queries.open_surges(connection, key=surge_id):
                return surge_case(row)
        return None

    async def brief(self, surge_id: str, changed_by: str | None = None, at: datetime | None = None) -> Brief:
        """Return what the request stands on, from `at` on, or would as a command changes it; raises LookupError."""
        async with self._database.reading() as connection:
            return await requests.brief(connection, surge_id, changed_by, at)

    async def tally(self, surge_id: str, at: datetime) -> Tally:
        """Count the surge from its placements; lines that are over ask for nobody."""
        async with self._database.reading() as connection:
            # First, and committed by itself: what moves while we count is news, and comes with a signal.
            await queries.clear_news(connection, surge_id=surge_id)
            row = await queries.surge_tally(
                connection,
                surge_id=surge_id,
                at=at,
                on_site_states=sorted(ON_SITE),
            )
        return Tally(**dict(row))

    async def problem(self, surge_id: str, at: datetime, trying: LinesTried | None = None) -> PlanningProblem:
        """Return the planning problem of all open seats of the surge's government as of an instant.

        `trying` are lines as they might be; with them come the surge's filled lines.
        """
        async with (
            self._database.reading() as connection,
            connection.transaction(isolation="repeatable_read"),
        ):
            surge = await queries.surge_by_id(connection, surge_id=surge_id)
            rules = self._rules[surge["rule_pack"]]
            return await planning.problem(connection, surge_id, surge["government_id"], rules, at, trying)

    async def keep_plan(self, surge_id: str, plan_id: str, plan: Plan, at: datetime) -> KeptPlan:
        """Keep a plan under its id, and with each line what it could not fill; return what is kept there."""
        document = json.loads(plan_as_json(plan))
        async with self._database.writing() as connection:
            own = {row["line_id"] for row in await queries.surge_lines(connection, surge_id=surge_id)}
            kept = await queries.keep_plan(
                connection,
                plan_id=plan_id,
                surge_id=surge_id,
                made_at=at,
                problem_sha256=plan.problem_sha256,
                plan=document,
            )
            if kept is None:
                document = (await queries.plan_by_id(connection, plan_id=plan_id))["plan"]
            short = {row["line_id"]: row for row in document["shortfalls"] if row["line_id"] in own}
            short |= await self._left(connection, surge_id, at)
            changed = await queries.set_shortfalls(
                connection, surge_id=surge_id, line_ids=list(short), whys=list(short.values())
            )
            if list(changed):
                await self._tell_short(connection, surge_id, plan_id, short, at)
        return KeptPlan(
            sum(pick["line_id"] in own for pick in picks_of(document)),
            tuple(LineShort(row["line_id"], row["missing"], row["reason"]) for row in short.values()),
        )

    async def _tell_short(
        self,
        connection: Connection,
        surge_id: str,
        plan_id: str,
        short: dict[str, dict[str, Any]],
        at: datetime,
    ) -> None:
        """Tell the log what the newest plan leaves empty: a plan that asks nobody moves no case."""
        surge = await queries.surge_by_id(connection, surge_id=surge_id)
        by = Attribution("system:planner", "SYSTEM", f"{surge['rule_pack']}#planning")
        fact = said.of_plan(surge_id, plan_id, short.values(), by, at)
        await log.append(connection, surge["government_id"], [fact])

    async def _left(self, connection: Connection, surge_id: str, at: datetime) -> dict[str, dict[str, Any]]:
        """Return, like shortfalls of a plan, the seats of a surge that no plan fills any more: too little is left of them."""
        surge = await queries.surge_by_id(connection, surge_id=surge_id)
        shortest = self._rules[surge["rule_pack"]].sparing.shortest_duty
        rows = await queries.seats_left(connection, surge_id=surge_id, at=at, shortest_duty=shortest)
        left = [
            Shortfall(row["line_id"], row["quantity"], row["missing"], ShortfallReason.ENDS_SOON, (), (), ())
            for row in rows
        ]
        return {one.line_id: asdict(one) for one in left}

    async def hold(
        self, surge_id: str, plan_id: str, *, offset: int, limit: int, at: datetime
    ) -> tuple[tuple[tuple[Seat, Life], ...], int, int | None]:
        """Hold and offer a stretch of a plan's picks for this surge: (held, refused by a guard, where the next begins).

        Nobody is held by a plan that does not stand, whoever asks. Asked again, it returns the same people, as they are by
        then. A stretch ends where a team does: it stands or falls in one transaction.
        """
        async with self._database.writing() as connection:
            if not await queries.offers_plan(connection, surge_id=surge_id, plan_id=plan_id):
                return (), 0, None
            surge = await queries.surge_by_id(connection, surge_id=surge_id)
            lines = await queries.surge_lines(connection, surge_id=surge_id)
            own = {row["line_id"]: row for row in lines}
            plan = (await queries.plan_by_id(connection, plan_id=plan_id))["plan"]
            picks = [
                Pick.of(plan_id, pick, own[pick["line_id"]])
                for pick in picks_of(plan)
                if pick["line_id"] in own
            ]
            picks.sort(key=lambda pick: pick.team)
            end = end_of_stretch(picks, offset + limit)
            stretch = picks[offset:end]
            held = await self._hold_all(connection, surge, plan_id, stretch, at)
            rows = await queries.placements_by_id(
                connection, placement_ids=[pick.placement_id for pick in stretch]
            )
            people = tuple((seat_of(row), life_of(row)) for row in rows)
            # Which override a hold draws on is known only now that it is held.
            overrides = {row["placement_id"]: row["override_id"] for row in rows}
            relieved = await name_reliefs(connection, surge_id, held)
            of = {pick.placement_id: pick.relieving(relieved.get(pick.placement_id)) for pick in stretch}
            await self._tell(connection, surge, held, people, of, overrides=overrides, at=at)
        return people, len(stretch) - len(people), end if end < len(picks) else None

    async def open_people(self, surge_id: str) -> tuple[str, ...]:
        """Return the placement ids of the surge that have not ended."""
        async with self._database.reading() as connection:
            rows = await queries.open_placements(connection, surge_id=surge_id, settling=False)
        return tuple(row["placement_id"] for row in rows)

    async def _hold_all(
        self, connection: Connection, surge: Any, plan_id: str, picks: Sequence[Pick], at: datetime
    ) -> set[str]:
        """Hold everybody in one statement; where a guard speaks, one by one, or team by team, so that it stops no other."""
        rules = self._rules[surge["rule_pack"]]
        picks = await with_room(connection, await rested(connection, picks, rules, at))
        picks = await _with_overrides(connection, surge["surge_id"], picks)
        together = await _hold(connection, surge, plan_id, picks, at, rules)
        if together is not None:
            return together
        held: set[str] = set()
        for _, group in groupby(picks, key=lambda pick: pick.team or pick.placement_id):
            held |= await _hold(connection, surge, plan_id, list(group), at, rules) or set()
        return held

    async def _tell(
        self,
        connection: Connection,
        surge: Any,
        held: set[str],
        people: Sequence[tuple[Seat, Life]],
        picks: dict[str, Pick],
        *,
        overrides: dict[str, str | None],
        at: datetime,
    ) -> None:
        """Open the tasks and write the facts of those who were held just now."""
        rules = self._rules[surge["rule_pack"]]
        by = Attribution(OF_THE_SURGE, "SYSTEM", rules.basis("surge.deadlines.offer"))
        new = [(seat, life) for seat, life in people if seat.placement_id in held]
        if not new:
            return
        asked, told = [], []
        for seat, life in new:
            duties, pick = duties_of(seat, life, rules.clock_of(seat.kind)), picks[seat.placement_id]
            asked += [(cases.secondment(seat.placement_id), duty) for duty in duties]
            fact = fact_of(seat, life, "OfferSent", by=by, at=at, said=pick.why)
            told.append(said.of_offer(fact, life, duties, overrides[seat.placement_id]))
        await moves.open_tasks(connection, surge["government_id"], asked, at)
        await log.append(connection, surge["government_id"], told)


async def _with_overrides(connection: Connection, surge_id: str, picks: Sequence[Pick]) -> list[Pick]:
    """Lock the donors, and mark the picks that only an override allows."""
    donors = sorted({(pick.unit_id, pick.role) for pick in picks})
    rows = await queries.lock_unit_roles(
        connection, units=[unit for unit, _ in donors], roles=[role for _, role in donors]
    )
    free = {(row["unit_id"], row["role"]): row["lendable"] - row["lent"] for row in rows}
    overrides: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in await queries.lock_overrides(connection, surge_id=surge_id):
        overrides[row["unit_id"], row["role"]] += [row["override_id"]] * row["left_over"]
    marked = []
    for pick in picks:
        donor = (pick.unit_id, pick.role)
        free[donor] = free.get(donor, 0) - 1
        needs = free[donor] < 0 and overrides[donor]
        marked.append(replace(pick, override_id=overrides[donor].pop(0)) if needs else pick)
    return marked


async def _hold(  # noqa: PLR0917 - one statement, and what it needs
    connection: Connection, surge: Any, plan_id: str, picks: Sequence[Pick], at: datetime, rules: RulePack
) -> set[str] | None:
    """Write holds in one statement; None when a guard refused (and nothing was written)."""
    try:
        async with connection.transaction():
            rows = await queries.hold_people(
                connection,
                government_id=surge["government_id"],
                surge_id=surge["surge_id"],
                plan_id=plan_id,
                at=at,
                placement_ids=[pick.placement_id for pick in picks],
                line_ids=[pick.line_id for pick in picks],
                person_ids=[pick.person_id for pick in picks],
                units=[pick.unit_id for pick in picks],
                roles=[pick.role for pick in picks],
                overrides=[pick.override_id for pick in picks],
                travel=rules.clock.travel,
            )
    except GUARDS:
        return None
    except asyncpg.PostgresError as error:
        if error.sqlstate != REDLINE:
            raise
        return None
    return {row["placement_id"] for row in rows}
