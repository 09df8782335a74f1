"""Several mutations that go together: who is put together, each step of the one decree, and what must be in order then."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio.client import Client

from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import boards_hold
from app import grouping
from audit.replay import replay_case
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.mutation.states import GroupKind
from lab import small_town
from runtime.sandbox import strict_runner
from runtime.temporal import data_converter
from tests.patience import until
from tests.workflows.mutation_kit import JOINED, LEFT, Road, road
from workflows import ALL

_K, _C = CommandKind, Capacity
SOON = timedelta(seconds=4)

# Room for several at the second clinic, which is short of as many.
ROOM = """
    UPDATE position_map SET need = need + 5;
    UPDATE workload_lines SET volume_per_year = 20 WHERE unit_id = 'kota-kecil.PKM-2'
"""


@dataclass
class Together:
    """Several roads, and the group that they go in."""

    roads: list[Road]
    case_id: str = ""

    @property
    def live(self) -> Any:
        return self.roads[0].live

    async def form(self, kind: GroupKind, roads: Sequence[Road] | None = None) -> Command:
        """Let the personnel agency put them together; the first that is formed is the one that goes on."""
        stage, town = self.live.stage, self.live.town
        officer = town.officers[_C.PERSONNEL_AGENCY]
        who = await stage.house.desk.actor(officer, town.government_id, stage.clock.now())
        ids = [one.mutation_id for one in roads or self.roads]
        command = await grouping.form(stage.house, who, kind, ids)
        self.case_id = self.case_id or command.case_id
        return command

    async def must(self, who: str | Capacity, kind: CommandKind, **said: Any) -> Command:
        return await self.live.must(who, kind, self.case_id, **said)

    async def decide(self, who: str | Capacity, kind: CommandKind, **said: Any) -> Command:
        return await small_town.answered(
            self.live.stage, await self.live.decide(who, kind, self.case_id, **said)
        )

    async def prepared(self, after: timedelta = SOON) -> None:
        at = self.live.stage.clock.now() + after
        await self.must(_C.LEGAL_BUREAU, _K.PREPARE_DECREE, details={"effective_at": at.isoformat()})

    async def initialled(self) -> None:
        for office in (_C.LEGAL_BUREAU, _C.PERSONNEL_AGENCY, _C.SEKDA):
            await self.must(office, _K.INITIAL_DECREE)

    async def signed(self) -> None:
        """Prepared, initialled by all in turn, and signed."""
        await self.prepared()
        await self.initialled()
        await self.must(_C.SIGNATORY, _K.SIGN_DECREE)

    async def state(self) -> str:
        found = await self.live.value("SELECT state FROM mutation_groups WHERE case_id = $1", self.case_id)
        return str(found)

    async def until(self, state: str) -> None:
        async def there() -> bool:
            return await self.state() == state

        await until(there)

    async def states(self) -> list[str]:
        return [await one.state() for one in self.roads]

    async def until_all(self, state: str) -> None:
        async def there() -> bool:
            return set(await self.states()) == {state}

        await until(there)

    async def in_good_order(self) -> None:
        """Boards, invariants and every history are as they must be."""
        books, town, now = self.live.books, self.live.town, self.live.stage.clock.now()
        held = await boards_hold(books.database, town.government_id, now)
        assert (held.rows > 0, held.violations) == (True, 0)
        broken = [one for one in await invariants(books.database, town.government_id) if one.violations]
        assert broken == []
        for case in (self.case_id, *(one.case_id for one in self.roads)):
            runs = await replay_case(
                self.live.client, case, workflows=ALL, runner=strict_runner(), data_converter=data_converter()
            )
            assert runs
            assert [run for run in runs if not run.ok] == []


@asynccontextmanager
async def together(client: Client, dsn: str, people: int, **how: Any) -> AsyncIterator[Together]:
    """Several nurses of the first clinic who are proposed for the second."""
    async with road(client, dsn, **how) as first:
        async with first.live.books.database.writing() as connection:
            await connection.execute(ROOM)
        staff = first.live.town.staff[LEFT]
        roads = [Road(first.live, person, first.position) for person in staff[:people]]
        for one in roads:
            proposed = await one.propose()
            assert proposed.state == CommandState.APPLIED, proposed.refusal
        yield Together(roads)


async def approved(one: Road) -> None:
    await one.screened()
    await one.heard()
    await one.approved()


async def swapped(first: Road, partner: int = 0) -> Together:
    """A nurse of either clinic, each proposed for the other's post."""
    live = first.live
    home = await live.value("SELECT position_id FROM positions WHERE unit_id = $1", LEFT)
    other = Road(live, live.town.staff[JOINED][partner], home, left=JOINED, joined=LEFT)
    for one in (first, other):
        await one.propose()
    return Together([first, other])


async def through_the_rules(swap: Together) -> None:
    """A swap of a clinic that is short leaves it as short as it was: that is said by name."""
    for one in swap.roads:
        await one.must(_C.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        passed = await one.decide(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        if passed.refusal == "override_missing":
            await one.must(
                _C.APPOINTING_AUTHORITY,
                _K.OVERRIDE_MUTATION_RULE,
                choice="REORGANISATION",
                details={"rule": "M10"},
            )
            await one.must(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        await one.heard()
