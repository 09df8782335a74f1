"""A registry with a small town in it, and cases written straight into the books: no engine is needed here."""

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.postgres import Database
from adapters.postgres.commands import record
from adapters.postgres.database import queries
from adapters.postgres.orders import OrderBook
from adapters.postgres.placements import life_of
from adapters.postgres.roster import RosterBook
from adapters.postgres.secondments import SecondmentBook
from adapters.postgres.surges import SurgeBook
from app.wiring import in_force, rule_packs
from domain import cases, surge
from domain.authority import Capacity
from domain.commands import Command, CommandKind
from domain.duties import told
from domain.log import Attribution, Fact
from domain.moves import Seat, SurgeMove
from domain.requests import LineRequest
from domain.secondment import Ask, Item, Life, Moved, Trigger, decide
from lab.small_town import SITE, Donor, SmallTown, build
from tests.undecided import CredulousBook, CredulousOrders, CredulousSurges, let_undecided

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = rule_packs()
PACK = in_force(RULES)
CLOCK = PACK.clock


SETTLED = Ask(items=tuple(Item))
"""The whole checklist, signed together with the signing off."""


class Forbidden(Exception):
    """A guard of the books did not let a move be."""


@dataclass(frozen=True)
class Registry:
    """One town's books."""

    database: Database
    town: SmallTown
    surges: SurgeBook
    orders: OrderBook
    people: SecondmentBook

    async def surge(self, quantity: int, *, report_at: datetime = NOW + DAY, days: int = 7) -> str:
        """A staffed surge of one line, `{surge_id}/01`."""
        surge_id = f"SU-{uuid.uuid4().hex[:8]}"
        line = LineRequest(
            "health_post_nurse", quantity, 1, "Pos 1", *SITE, report_at, report_at + days * DAY
        )
        async with self.database.writing() as connection:
            await queries.draft_operation(
                connection,
                operation_id=f"OP-{surge_id}",
                government_id=self.town.government_id,
                title="Banjir",
                hazard="flood",
                rule_pack=PACK.id,
                at=NOW,
            )
            await queries.draft_surge(
                connection,
                surge_id=surge_id,
                government_id=self.town.government_id,
                operation_id=f"OP-{surge_id}",
                title="Tenaga",
                rule_pack=PACK.id,
                funding="BTT",
                requested_by=self.town.officers[Capacity.COORDINATOR],
                at=NOW,
            )
            await queries.draft_lines(
                connection,
                surge_id=surge_id,
                lines=[line.told() | {"line_id": f"{surge_id}/01"}],
            )
            await connection.execute("UPDATE surges SET state = 'SOURCING' WHERE surge_id = $1", surge_id)
        return surge_id

    async def plan(self, surge_id: str, people: Sequence[tuple[str, str]]) -> str:
        """A plan that stands, and picks these (unit, person) for the surge's line."""
        plan_id = str(uuid.uuid4())
        picks = [
            {
                "line_id": f"{surge_id}/01",
                "person_id": person,
                "unit_id": unit,
                "role": "nurse",
                "km": 1,
                "cost": {},
                "without": {},
            }
            for unit, person in people
        ]
        async with self.database.writing() as connection:
            await queries.keep_plan(
                connection,
                plan_id=plan_id,
                surge_id=surge_id,
                made_at=NOW,
                problem_sha256="0" * 64,
                plan={"picks": picks, "shortfalls": []},
            )
            await connection.execute("UPDATE surges SET plan_id = $2 WHERE surge_id = $1", surge_id, plan_id)
        return plan_id

    async def hold(self, surge_id: str, people: Sequence[tuple[str, str]], at: datetime = NOW) -> list[Seat]:
        """Plan and hold these people; return the seats that the guards let through."""
        plan_id = await self.plan(surge_id, people)
        held, _refused, _more = await self.surges.hold(surge_id, plan_id, offset=0, limit=1000, at=at)
        return [seat for seat, _life in held]

    async def life(self, seat: Seat) -> Life:
        """Where somebody stands."""
        async with self.database.reading() as connection:
            (row,) = await queries.placements_by_id(connection, placement_ids=[seat.placement_id])
        return life_of(row)

    async def walk(
        self, seat: Seat, *triggers: Trigger, at: datetime = NOW, said: dict[str, Any] | None = None
    ) -> Life:
        """Let somebody's case make these moves, as its workflow would write them; `said` is what each one tells."""
        life = await self.life(seat)
        for trigger in triggers:
            verdict = decide(life, trigger, CLOCK, SETTLED, decided_at=at, now=at)
            assert isinstance(verdict, Moved), (life.state, trigger)
            life = verdict.life
            by = Attribution("system:test", "SYSTEM", "test")
            written = await self.people.write(told(seat, life, trigger, CLOCK, by=by, at=at, said=said))
            if written.refused:
                raise Forbidden(written.refused)
        return life

    async def reserve(self, surge_id: str) -> str:
        """Draw the number of an order for everybody of a surge who is released; its id."""
        command_id = await self.command(cases.surge(surge_id))
        order_id, _, _ = await self.orders.reserve(surge_id, command_id, str(uuid.uuid4()), NOW)
        return order_id

    async def issue(self, surge_id: str, order_id: str) -> None:
        """Issue an order as it stands, or give it up where somebody whom it names fell away."""
        by = Attribution("system:test", "SYSTEM", "test")
        fact = Fact("OrderSigned", cases.surge(surge_id), NOW, by, None, {})
        move = SurgeMove(surge_id, self.town.government_id, surge.Life(surge.State.SOURCING, 1, NOW), fact)
        await self.orders.issue(order_id, "f" * 64, "e" * 64, f"CODE-{order_id}", move)

    async def command(self, case_id: str, kind: CommandKind = CommandKind.SIGN_ORDER) -> str:
        """A recorded decision of an officer."""
        command = Command(
            command_id=str(uuid.uuid4()),
            government_id=self.town.government_id,
            case_id=case_id,
            kind=kind,
            actor_id=self.town.officers[Capacity.SIGNATORY],
            capacity=Capacity.SIGNATORY,
            decided_at=NOW,
        )
        async with self.database.writing() as connection:
            await record(connection, command, command.command_id)
        return command.command_id

    async def value(self, statement: str, *arguments: Any) -> Any:
        """One value of the database."""
        async with self.database.reading() as connection:
            return await connection.fetchval(statement, *arguments)

    async def execute(self, statement: str, *arguments: Any) -> None:
        """Change the database behind everybody's back."""
        async with self.database.reading() as connection:
            await connection.execute(statement, *arguments)

    async def lent(self, unit_id: str) -> int:
        """How many of a unit the books count as lent."""
        return int(
            await self.value("SELECT lent FROM unit_roles WHERE unit_id = $1 AND role = 'nurse'", unit_id)
        )


@asynccontextmanager
async def registry(dsn: str, *donors: Donor, guarded: bool = False) -> AsyncIterator[Registry]:
    """Open the books of a town with these donors; they take what nobody decided, unless they are guarded."""
    database = await Database.open(dsn, size=12)
    if not guarded:
        await let_undecided(database)
    town = build(donors or (Donor("PKM-1", 8, 5), Donor("PKM-2", 8, 5)))
    await RosterBook(database).write(town.roster, PACK)
    try:
        yield Registry(
            database,
            town,
            SurgeBook(database, RULES) if guarded else CredulousSurges(database, RULES),
            OrderBook(database, RULES) if guarded else CredulousOrders(database, RULES),
            SecondmentBook(database, RULES) if guarded else CredulousBook(database, RULES),
        )
    finally:
        await database.close()


def crew(town: SmallTown, unit_id: str, people: int, *, start: int = 0) -> list[tuple[str, str]]:
    """Some of a unit's people as (unit, person)."""
    return [(unit_id, person) for person in town.staff[unit_id][start : start + people]]


async def raise_cap(
    books: Registry, person: str, days: int, at: datetime, *, surge_id: str | None = None
) -> None:
    """Let the Sekda raise somebody's yearly cap in a surge, or one of its own, as its workflow would write it."""
    surge_id = surge_id or await books.surge(1)
    case = cases.surge(surge_id)
    by = Attribution(
        books.town.officers[Capacity.SEKDA], "SEKDA", "2026-1#surge.request", await books.command(case)
    )
    told = {"days": days, "choice": "NO_OTHER_SOURCE", "state": "SOURCING"}
    fact = Fact("YearlyCapWaived", case, at, by, person, told)
    life = surge.Life(surge.State.SOURCING, 1, at)
    await books.surges.write(SurgeMove(surge_id, books.town.government_id, life, fact))
