"""Five years on a stepped clock: moved, held up, blocked, moved while away in a flood, retired; each case ends once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import boards_hold
from app.wiring import PeopleWanted, rule_packs
from audit.replay import replay_case
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.mutation.findings import Rule
from lab.signing import sample_desk
from lab.stage import Stage
from lab.stepping import CLEAR, SteppedEngine
from runtime.clock import SteppedClock
from runtime.sandbox import strict_runner
from runtime.temporal import data_converter
from tests.adapters.postgres.kit import Registry
from tests.workflows.kit import live_town
from tests.workflows.mutation_kit import JOINED, LEFT, Road, a_road
from tests.workflows.test_a_year import Year
from workflows import ALL

pytestmark = pytest.mark.long(50)

_K, _C = CommandKind, Capacity
DAY = timedelta(days=1)
YEAR = 365 * DAY
LONGEST = 5_000
"""Events that a history may have."""


@dataclass
class Years:
    """A town whose years are in the test's hands."""

    road: Road
    engine: SteppedEngine
    clock: SteppedClock

    async def passed(self, duration: timedelta) -> None:
        """Let time pass, and the cases with it."""
        until = self.clock.now() + duration
        self.clock.set(max(self.clock.now(), await self.engine.step_to(until + CLEAR)))

    async def rated(self) -> None:
        """Everybody is rated well for each year that is over."""
        async with self.road.live.books.database.writing() as connection:
            await connection.execute(
                """INSERT INTO ratings (person_id, government_id, year, rating)
                   SELECT person_id, government_id, extract(year FROM $1::timestamptz)::int - back, 'GOOD'
                     FROM people, generate_series(1, 3) AS back ON CONFLICT DO NOTHING""",
                self.clock.now(),
            )

    async def served(self, person_id: str) -> tuple[str, str, date]:
        """The position that somebody holds, in which unit, and since when they are in post."""
        async with self.road.live.books.database.reading() as connection:
            row = await connection.fetchrow(
                "SELECT position_id, unit_id, in_post_since FROM people WHERE person_id = $1", person_id
            )
        return tuple(row)  # type: ignore[return-value]

    async def bites(self, case: Road) -> dict[Rule, str]:
        """What the rules have to say of a case now: each that is not met, and how it bites."""
        weighed = (await case.live.books.mutations.rules_of(case.mutation_id, self.clock.now())).weighed
        return {one.rule: one.effect.value for one in weighed.screening.findings if one.faults}


@asynccontextmanager
async def years(environment: WorkflowEnvironment, dsn: str) -> AsyncIterator[Years]:
    engine = SteppedEngine(environment)
    clock = SteppedClock(await engine.now())
    with TemporaryDirectory() as home:
        async with (
            live_town(environment.client, dsn, packs=rule_packs(), working=False) as live,
            sample_desk(Path(home) / "signing", clock.now) as desk,
        ):
            live.books = replace(live.books, signers=desk)
            house = live.books.house(clock)
            live.stage = Stage(live.client, live.books, live.stage.boards, house, clock, live.queue)
            live.start_worker()
            live.start_relay()
            road = await a_road(live)
            async with live.books.database.writing() as connection:
                await connection.execute("UPDATE position_map SET need = need + 2")
            yield Years(road, engine, clock)


async def whatever_the_need(town: Years, case: Road) -> None:
    """Through the screening; where the second clinic is short of nobody any more, that is overridden."""
    if Rule.M10 in await town.bites(case):
        said = {"choice": "ORGANISATIONAL_NEED", "details": {"rule": Rule.M10.value}}
        await case.must(_C.APPOINTING_AUTHORITY, _K.OVERRIDE_MUTATION_RULE, **said)
    await case.must(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)


async def proposed(case: Road) -> Road:
    await case.propose()
    await case.must(_C.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
    return case


async def test_over_five_years_each_mutation_ends_once_and_everybody_stands_where_the_last_decree_says(
    time_skipping_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with years(time_skipping_env, fresh_database) as town:
        live, began = town.road.live, town.clock.now()
        home = await live.value("SELECT position_id FROM people WHERE person_id = $1", town.road.person)
        nurses = live.town.staff[LEFT]

        # A decree whose date is a year off: the case sleeps, takes effect by itself, and ends after the objections.
        first = replace(town.road)
        await proposed(first)
        await first.must(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        await first.heard()
        await first.approved()
        await first.signed(after=YEAR)
        await first.handed_over()
        await town.passed(YEAR - DAY)
        assert await first.state() == "HANDOVER"
        await town.passed(2 * DAY)
        assert await first.state() == "EFFECTIVE"
        await first.reported()
        await town.passed(40 * DAY)
        assert await first.state() == "CLOSED"

        # Too soon after it nobody is moved but by an override; here nobody grants one.
        await town.rated()
        soon = await proposed(replace(town.road, position=home, left=JOINED, joined=LEFT))
        assert (await soon.decide(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)).refusal == "override_missing"
        assert Rule.M02 in await town.bites(soon)
        await soon.must(live.town.heads[JOINED], _K.WITHDRAW_MUTATION)

        # BKN closes its services to another case for a year; meanwhile its workflow is lost, and taken up again.
        blocked = await proposed(replace(town.road, person=nurses[1]))
        await whatever_the_need(town, blocked)
        await blocked.heard()
        await blocked.approved()
        await blocked.must(_C.PERSONNEL_AGENCY, _K.REPORT_BLOCK, choice="NOT_BY_THE_RULES")
        await town.passed(YEAR / 2)
        await live.handle(blocked.case_id).terminate("lost")
        assert blocked.case_id in await live.books.starter(live.client, live.queue).reconcile()
        await town.passed(YEAR / 2)
        assert await blocked.state() == "BLOCKED_BY_BKN"
        await blocked.must(_C.PERSONNEL_AGENCY, _K.REPORT_BLOCK_LIFTED)
        assert await blocked.state() == "APPROVED"
        await blocked.must(_C.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, choice="NO_LONGER_NEEDED")

        # A flood: somebody is away for a week while they are proposed, heard and moved; and it writes no history of positions.
        flood = Year(live, cast("Registry", None), town.engine, town.clock)
        surge_id, (seat,) = await flood.deployed(1)
        await town.rated()
        assert (seat.unit_id, seat.person_id in nurses) == (LEFT, True)
        moved = await proposed(replace(town.road, person=seat.person_id))
        before = await town.served(seat.person_id)
        bites = await town.bites(moved)
        assert bites.keys() <= {Rule.M10, Rule.M03}, "being away to help is held against nobody"
        await whatever_the_need(town, moved)
        await moved.heard()
        await moved.approved()
        await moved.signed(after=DAY)
        await moved.handed_over()
        await flood.seen_until(seat, town.clock.now() + 2 * DAY)
        assert (await moved.state(), await live.state(seat)) == ("EFFECTIVE", "ON_DUTY")
        for unit in (LEFT, JOINED):
            head = await live.stage.actor(live.town.heads[unit], live.town.government_id)
            known = await live.stage.boards.secondments(
                head, PeopleWanted(only_out=True), at=town.clock.now()
            )
            assert [row["person_id"] for row in known] == [seat.person_id], unit
        after = await town.served(seat.person_id)
        assert (before[:2], after[:2]) == ((home, LEFT), (town.road.position, JOINED))
        await flood.due(seat)
        await flood.close(surge_id)
        assert await town.served(seat.person_id) == after, "whoever comes home stands where the decree says"
        await moved.reported()

        # Two years in the post are over: back again, without an override of M02.
        await town.passed(YEAR)
        await town.rated()
        back = await proposed(replace(town.road, position=home, left=JOINED, joined=LEFT))
        assert Rule.M02 not in await town.bites(back)
        await whatever_the_need(town, back)
        await back.heard("OBJECTS", ground="DISTANCE")
        await back.approved()
        await back.signed()
        await back.handed_over()
        await town.passed(DAY)
        assert await back.state() == "EFFECTIVE"
        await back.reported()

        # Whoever stayed is flagged after five years; retirement is near, and ends the case that came too late.
        await town.passed(began + 5 * YEAR - town.clock.now())
        assert await back.state() == "CLOSED"
        await town.rated()
        stayed = next(one for one in nurses[2:] if one != seat.person_id)
        async with live.books.database.writing() as connection:
            leaves = (town.clock.now() + 90 * DAY).date()
            await connection.execute("UPDATE people SET leaves_on = $2 WHERE person_id = $1", stayed, leaves)
        late = await proposed(replace(town.road, person=stayed))
        bites = await town.bites(late)
        assert (bites.get(Rule.M03), bites.get(Rule.M15)) == ("FLAG", "WARN")
        await whatever_the_need(town, late)
        await late.must(_C.PERSONNEL_AGENCY, _K.REPORT_RETIREMENT)
        assert await late.state() == "LAPSED"

        await adds_up(town, home, (first, soon, blocked, moved, back, late))


async def adds_up(town: Years, home: str, cases: tuple[Road, ...]) -> None:
    """Each case has ended exactly once; positions, counts, promises, boards and replays hold; no history is long."""
    live = town.road.live
    states = [await one.state() for one in cases]
    assert states == ["CLOSED", "WITHDRAWN", "CANCELLED_BEFORE_EFFECT", "CLOSED", "CLOSED", "LAPSED"]
    ends = await live.value(
        """SELECT array_agg(n) FROM (SELECT count(*) FILTER (
               WHERE data ->> 'state' IN ('CLOSED', 'WITHDRAWN', 'LAPSED', 'CANCELLED_BEFORE_EFFECT')) AS n
             FROM events WHERE case_id LIKE 'mutation:%' AND data ? 'stands' GROUP BY case_id) AS cases"""
    )
    assert ends == [1] * len(cases)
    assert await live.value("SELECT count(*) FROM mutations WHERE open OR reserves") == 0
    held = "SELECT position_id FROM people WHERE person_id = $1"
    assert await live.value(held, town.road.person) == home
    heads = "SELECT headcount FROM unit_roles WHERE unit_id = $1 AND role = 'nurse'"
    assert [await live.value(heads, unit) for unit in (LEFT, JOINED)] == [7, 9]
    home_again = "SELECT array_agg(type) FROM events WHERE case_id LIKE 'secondment:%' AND type IN ('CheckedIn', 'Returned')"
    assert await live.value(home_again) == ["CheckedIn", "Returned"]
    assert await live.value("SELECT count(*) FROM placements WHERE held OR settles") == 0
    numbers = (
        "SELECT array_agg(year || '/' || sequence ORDER BY signed_at) FROM decrees WHERE state = 'ISSUED'"
    )
    drawn = await live.value(numbers)
    assert len({number.partition("/")[0] for number in drawn}) == len(drawn) == 3
    assert {number.partition("/")[2] for number in drawn} == {"1"}, "each year begins anew"
    found = await invariants(live.books.database, live.town.government_id)
    assert [one for one in found if one.violations] == []
    boards = await boards_hold(live.books.database, live.town.government_id, town.clock.now())
    assert (boards.rows > 0, boards.sample) == (True, ())
    for one in cases:
        reports = await replay_case(
            live.client, one.case_id, workflows=ALL, runner=strict_runner(), data_converter=data_converter()
        )
        assert all(report.ok for report in reports), [line for report in reports for line in report.lines()]
        assert max(report.events for report in reports) < LONGEST
