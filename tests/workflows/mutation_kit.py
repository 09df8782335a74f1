"""A small town in which somebody can be moved: what the rules ask about its people and posts, and each step of the road."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from temporalio.client import Client

from adapters.postgres.roster import RosterBook
from adapters.signing.desk import SigningDesk
from adapters.signing.trust import Trust
from app import proposing
from app.api.app import create_app
from app.api.door import Door, Engine
from app.signing import check_decree
from app.wiring import in_force
from domain.authority import Capacity
from domain.commands import Command, CommandKind
from domain.mutation.decree_record import DecreeRecord
from domain.mutation.documents import Document
from domain.mutation.kinds import Initiative
from domain.mutation.proposing import Proposal
from domain.ports import Signers
from lab import small_town
from lab.mutation_cases import agreed, entered
from lab.signing import sample_desk
from lab.small_town import SmallTown
from runtime.clock import SystemClock
from runtime.settings import Settings
from tests.patience import until
from tests.workflows.kit import LiveTown, live_town

_K = CommandKind
LEFT, JOINED = "kota-kecil.PKM-1", "kota-kecil.PKM-2"
FILE = frozenset({Document.UNIT_PROPOSAL, Document.WORKLOAD_ANALYSIS, Document.POSITION_MAP})

# Everybody has been in post for three years, and was rated well; the second clinic is short of a nurse.
FACTS = """
    INSERT INTO position_map (position_id, government_id, kind, job_class, heads_unit, need)
    SELECT p.position_id, p.government_id, 'GENERAL', 7, false,
           (SELECT count(*) FROM people WHERE people.position_id = p.position_id) + 1 FROM positions p;
    UPDATE people SET in_post_since = '2023-01-02', leaves_on = '2050-01-01';
    INSERT INTO careers (person_id, government_id, pns_since, education, inspectorate_cleared_on)
    SELECT person_id, government_id, '2012-03-01', 'S1', CURRENT_DATE FROM people;
    INSERT INTO ratings (person_id, government_id, year, rating)
    SELECT person_id, government_id, extract(year FROM CURRENT_DATE)::int - back, 'GOOD'
      FROM people, generate_series(1, 3) AS back;
    UPDATE workload_lines SET volume_per_year = 12, minutes_each = 75000 WHERE unit_id = 'kota-kecil.PKM-2'
"""


@dataclass
class Road:
    """The road of one mutation, step by step, each by the right hand."""

    live: LiveTown
    person: str
    position: str
    case_id: str = ""
    left: str = LEFT
    joined: str = JOINED

    @property
    def mutation_id(self) -> str:
        return self.case_id.partition(":")[2]

    async def propose(self, *, documents: frozenset[Document] = FILE, **more: Any) -> Command:
        """Let the head of the unit that is left propose."""
        proposal = Proposal(self.person, self.position, Initiative.ORGANISATION, documents, **more)
        stage = self.live.stage
        who = await stage.house.desk.actor(
            self.live.town.heads[self.left], self.live.town.government_id, stage.clock.now()
        )
        command = await proposing.propose(stage.house, who, proposal)
        self.case_id = command.case_id
        return command

    async def must(self, who: str | Capacity, kind: CommandKind, **said: Any) -> Command:
        """Let somebody decide something that stands."""
        return await self.live.must(who, kind, self.case_id, **said)

    async def decide(self, who: str | Capacity, kind: CommandKind, **said: Any) -> Command:
        """Let somebody decide; return what became of it."""
        return await small_town.answered(
            self.live.stage, await self.live.decide(who, kind, self.case_id, **said)
        )

    async def screened(self) -> None:
        """Received, and through the screening."""
        await self.must(Capacity.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        await self.must(Capacity.PERSONNEL_AGENCY, _K.PASS_SCREENING)

    async def heard(self, answer: str = "CONSENT", **details: Any) -> None:
        """All three are heard; the head who has proposed does not speak for the unit."""
        await self.must(self.person, _K.HEAR_PERSON, choice=answer, details=details)
        await self.must(Capacity.SEKDA, _K.HEAR_RELEASING_HEAD, choice="CONSENT")
        await self.must(self.live.town.heads[self.joined], _K.HEAR_RECEIVING_HEAD, choice="CONSENT")

    async def approved(self) -> None:
        """Assessed, cleared by BKN's system, counselled by the secretary, and approved."""
        await self.must(Capacity.PERFORMANCE_REVIEW_TEAM, _K.RECOMMEND_MUTATION)
        await self.must(
            Capacity.PERSONNEL_AGENCY, _K.GRANT_CLEARANCE, details=agreed(self.live.stage.clock.now())
        )
        await self.must(Capacity.SEKDA, _K.COUNSEL_FOR_MUTATION)
        await self.must(Capacity.APPOINTING_AUTHORITY, _K.APPROVE_MUTATION)

    async def signed(self, *, after: timedelta = timedelta()) -> None:
        """Prepared, initialled by all in turn, and signed."""
        await self.initialled(after=after)
        await self.must(Capacity.SIGNATORY, _K.SIGN_DECREE)

    async def initialled(self, *, after: timedelta = timedelta()) -> None:
        """Prepared, and initialled by all in turn."""
        at = self.live.stage.clock.now() + after
        await self.must(Capacity.LEGAL_BUREAU, _K.PREPARE_DECREE, details={"effective_at": at.isoformat()})
        for office in (Capacity.LEGAL_BUREAU, Capacity.PERSONNEL_AGENCY, Capacity.SEKDA):
            await self.must(office, _K.INITIAL_DECREE)

    async def second_signed(self) -> None:
        """The second decree, which undoes or corrects the first one: prepared, initialled by all in turn, and signed."""
        await self.must(Capacity.LEGAL_BUREAU, _K.PREPARE_DECREE)
        for office in (Capacity.LEGAL_BUREAU, Capacity.PERSONNEL_AGENCY, Capacity.SEKDA):
            await self.must(office, _K.INITIAL_DECREE)
        await self.must(Capacity.SIGNATORY, _K.SIGN_DECREE)

    async def second_final(self) -> None:
        """What cancels the first decree is served; the person objects to it and then no more, so that the case ends at once."""
        await self.must(Capacity.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        await self.must(self.person, _K.FILE_OBJECTION)
        await self.must(self.person, _K.WITHDRAW_OBJECTION)

    async def handed_over(self) -> None:
        """Served, handed over, begun."""
        await self.must(Capacity.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        head = self.live.town.heads
        await self.must(head[self.left], _K.BEGIN_HANDOVER)
        await self.must(head[self.left], _K.FILE_HANDOVER_RECORD)
        await self.must(head[self.joined], _K.FILE_DUTY_START)

    async def whole_way(self, *, screen: bool = True) -> None:
        """From the proposal (or, without `screen`, its receipt) until the decree is in force."""
        if screen:
            await self.propose()
            await self.must(Capacity.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        await self.must(Capacity.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        await self.heard()
        await self.approved()
        await self.signed()
        await self.handed_over()
        await self.in_effect()

    async def reported(self) -> None:
        """Entered in SIASN."""
        details = entered(self.live.stage.clock.now())
        await self.must(Capacity.PERSONNEL_AGENCY, _K.REPORT_MUTATION, details=details)

    async def in_effect(self) -> None:
        """Wait until the decree is in force."""

        async def holds() -> bool:
            return await self.state() == "EFFECTIVE"

        await until(holds)

    async def checked(self, trust: Trust | None = None, *, second: bool = False) -> set[str]:
        """What is wrong with the signed decree, or the second one, held against the record that the registry keeps."""
        book = self.live.books.mutations
        kept = (
            await book.second_paper(self.mutation_id, "DECREE")
            if second
            else await book.paper(self.mutation_id, "DECREE", whole=True)
        )
        assert kept is not None
        assert kept[1] is not None
        desk = self.live.books.signers
        if trust is None:
            assert isinstance(desk, SigningDesk)
            trust = desk.authority.trust()
        checks = await check_decree(kept[0], SystemClock().now(), trust, DecreeRecord(**kept[1]))
        return {f"{one.name}: {one.said}" for one in checks if not one.holds}

    async def state(self) -> str:
        """Where the case stands in the books."""
        return str(
            await self.live.value("SELECT state FROM mutations WHERE mutation_id = $1", self.mutation_id)
        )


@asynccontextmanager
async def road(
    client: Client,
    dsn: str,
    *,
    signers: Signers | None = None,
    beside: SmallTown | None = None,
    **how: Any,
) -> AsyncIterator[Road]:
    """Open a town whose first nurse of the first clinic may move to the second; keys are the embedded ones, or these.

    `beside` is another government in the same registry.
    """
    with TemporaryDirectory() as home:
        async with (
            live_town(client, dsn, working=False, **how) as live,
            sample_desk(Path(home) / "signing", SystemClock().now) as desk,
        ):
            live.books = replace(live.books, signers=signers or desk)
            if beside:
                await RosterBook(live.books.database).write(beside.roster, in_force(live.books.rules))
            live.start_worker()
            live.start_relay()
            yield await a_road(live)


async def a_road(live: LiveTown) -> Road:
    """Tell the books what the rules ask, and return the road of the first nurse of the first clinic."""
    async with live.books.database.writing() as connection:
        await connection.execute(FACTS)
    position = await live.value("SELECT position_id FROM positions WHERE unit_id = $1", JOINED)
    return Road(live, live.town.staff[LEFT][0], position)


@asynccontextmanager
async def at_the_door(live: LiveTown, *towns: SmallTown) -> AsyncIterator[httpx.AsyncClient]:
    """The API over the same books; a token is `t-` and the person's id."""
    for town in towns:
        people = {*town.officers.values(), *town.heads.values(), *sum(town.staff.values(), ())}
        await live.books.desk.keep_tokens(town.government_id, [(one, f"t-{one}") for one in people])
    app = create_app(nullcontext)  # type: ignore[arg-type] # its door is this one
    app.state.door = Door(live.books, live.stage.house, Engine(Settings.load(), live.client))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://town") as http:
        yield http


async def get(http: httpx.AsyncClient, who: str, path: str, **query: Any) -> httpx.Response:
    """What somebody is answered at that door."""
    return await http.get(path, params=query, headers={"Authorization": f"Bearer t-{who}"})
