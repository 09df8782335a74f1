"""The one place of this room that knows what stands behind the ports."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from temporalio.client import Client

from activities.calendar import CalendarActivities
from activities.commands import CommandActivities
from activities.counting import Counter
from activities.decrees import DecreeActivities, PaperActivities
from activities.groups import GroupActivities
from activities.mutations import MutationActivities
from activities.operations import OperationActivities
from activities.orders import OrderActivities
from activities.secondments import SecondmentActivities
from activities.surges import SurgeActivities
from adapters.calendars.dated import read_calendar
from adapters.documents.after_action import after_action
from adapters.documents.mutation_papers import MutationPapers
from adapters.documents.typesetter import Typesetter
from adapters.feeds import cap
from adapters.feeds.roster_files import read_roster
from adapters.postgres import Database, migrate
from adapters.postgres.alerts import AlertBook
from adapters.postgres.away import AWAY
from adapters.postgres.bell import COMMANDS, Bell
from adapters.postgres.boards import Boards, PeopleWanted
from adapters.postgres.burden import BurdenBoard
from adapters.postgres.case_papers import CasePaperBook
from adapters.postgres.closing import ClosingBook
from adapters.postgres.commands import ClaimedByAnother, CommandBook, DutiesApart, KeyReused
from adapters.postgres.decrees import DecreeBook
from adapters.postgres.deliveries import DeliveryBook
from adapters.postgres.desk import Desk
from adapters.postgres.dossiers import DossierBook
from adapters.postgres.groups import GroupBook
from adapters.postgres.lines import LineBook
from adapters.postgres.mandates import MandateBook
from adapters.postgres.musters import MusterBook
from adapters.postgres.mutations import MutationBook
from adapters.postgres.operations import OperationBook
from adapters.postgres.orders import OrderBook
from adapters.postgres.rebuild import rebuild
from adapters.postgres.reconciler import ReconcilerBook
from adapters.postgres.registry import Registry
from adapters.postgres.reliefs import ReliefBook
from adapters.postgres.roster import RosterBook
from adapters.postgres.seals import SealBook
from adapters.postgres.secondments import SecondmentBook
from adapters.postgres.subscribers import SubscriberBook
from adapters.postgres.surges import SurgeBook
from adapters.postgres.tasks import TaskBook, TasksWanted
from adapters.postgres.thin import ThinBook
from adapters.postgres.travel_orders import TravelOrderBook
from adapters.postgres.yearly_cap import CapBook
from adapters.temporal.messenger import Messenger
from adapters.webhooks.poster import Poster
from app import orphans
from app.actions import Faulty, House
from app.alerts import Desk as AlertDesk
from app.courier import KEPT_FOR, Courier
from app.packs import in_force, rule_packs
from app.paperwork import Paperwork
from app.relay import Relay
from app.rosters import RosterDesk
from app.sealing import SealDesk
from app.starting import CaseStarter
from app.travelling import Travelling
from app.what_if import Asking
from domain.alerts import Alert
from domain.deliveries import PATIENCE, Patience
from domain.ports import Signers
from domain.rebuild import Rebuilt
from domain.rules import RulePack
from domain.subscribers import Network
from planning import faults_of_keeping, plan_keeping, warm_up
from runtime.clock import Clock, SystemClock

__all__ = [
    "AWAY", "Books", "ClaimedByAnother", "DutiesApart", "KeyReused", "PeopleWanted", "TasksWanted",
    "after_action", "in_force", "migrate", "open_books", "open_courier", "read_roster", "rule_packs", "warm_up",
]  # fmt: skip


@dataclass(frozen=True)
class Books:
    """Everything that stands on one database."""

    database: Database
    dsn: str
    rules: dict[str, RulePack]
    commands: CommandBook
    desk: Desk
    registry: Registry
    boards: Boards
    mandates: MandateBook
    musters: MusterBook
    subscribers: SubscriberBook
    deliveries: DeliveryBook
    signers: Signers | None = None
    """Whoever signs decrees; a worker opens a desk for it."""

    def house(self, clock: Clock | None = None, new_id: object = None) -> House:
        """Return what actions work with."""
        make = new_id if callable(new_id) else lambda: str(uuid.uuid4())
        return House(self.desk, clock or SystemClock(), in_force(self.rules), make)

    @property
    def closing(self) -> ClosingBook:
        """What is written and read when a surge closes."""
        return ClosingBook(self.database, self.rules)

    @property
    def reliefs(self) -> ReliefBook:
        """Who takes over from whom, and what is handed over."""
        return ReliefBook(self.database, self.rules)

    @property
    def lines(self) -> LineBook:
        """Lines of surges, as their rules judge them."""
        return LineBook(self.database)

    @property
    def burden(self) -> BurdenBoard:
        """Who carries the surges."""
        return BurdenBoard(self.database)

    @property
    def thin(self) -> ThinBook:
        """Units that are below their redline while they lend, as cases."""
        return ThinBook(self.database, self.rules, in_force(self.rules))

    @property
    def caps(self) -> CapBook:
        """Who has served how much in a year, and whose cap is raised."""
        return CapBook(self.database)

    def alerts(self, house: House) -> AlertDesk:
        """Return what taking a warning in works with."""
        return AlertDesk(house, AlertBook(self.database), _read_alert)

    @cached_property
    def asking(self) -> Asking:
        """Return what asks the optimiser without deciding anything."""
        return Asking(SurgeBook(self.database, self.rules), plan_keeping, faults_of_keeping)

    def rosters(self) -> RosterDesk:
        """Return what importing a roster works with; it is written under the rules in force."""
        book, pack = RosterBook(self.database), in_force(self.rules)
        return RosterDesk(read_roster, lambda roster, imported: book.write(roster, pack, imported))

    async def rebuild(self, government_id: str, at: datetime) -> Rebuilt:
        """Rebuild the boards from the log, and compare."""
        return await rebuild(self.database, government_id, at)

    @property
    def mutations(self) -> MutationBook:
        """Return the book of mutations."""
        return MutationBook(self.database, self.rules, DossierBook(self.database))

    @cached_property
    def paperwork(self) -> Paperwork:
        """Return whoever makes a mutation's own papers."""
        seals = self._seals if self.signers else None
        return Paperwork(CasePaperBook(self.database, self.rules), MutationPapers(), seals)

    @property
    def _seals(self) -> SealDesk:
        return SealDesk(self.signers, SealBook(self.database))

    @cached_property
    def travelling(self) -> Travelling:
        """Return whoever makes travel orders."""
        return Travelling(TravelOrderBook(self.database, self.rules), Typesetter())

    @property
    def groups(self) -> GroupBook:
        """Return the book of batches and swaps."""
        return GroupBook(self.database, self.rules)

    def tasks(self) -> TaskBook:
        """Return the book of tasks."""
        return TaskBook(self.database, self.rules)

    def starter(self, client: Client, task_queue: str) -> CaseStarter:
        """Return what begins cases and takes them up again."""
        return CaseStarter(client, self.registry, Messenger(client, task_queue), self.rules, task_queue)

    @property
    def reconciler(self) -> ReconcilerBook:
        """What the reconciler found."""
        return ReconcilerBook(self.database)

    async def reconcile(self, client: Client, task_queue: str, clock: Clock | None = None) -> None:
        """Take up each open case that nothing carries; report each workflow that no open case stands behind."""
        at = (clock or SystemClock()).now()
        taken_up = await self.starter(client, task_queue).reconcile()
        await self.reconciler.note_taken_up(taken_up, at)
        await orphans.look(client, self.reconciler, task_queue, at)

    def relay(self, client: Client, task_queue: str, clock: Clock | None = None) -> Relay:
        """Return the relay."""
        bell = Bell(self.dsn, COMMANDS)

        async def ring(within: float) -> None:
            await bell.ring_for(None, within)

        return Relay(client, self.commands, self.starter(client, task_queue), ring, clock or SystemClock())

    def activities(self, client: Client, task_queue: str) -> list[object]:
        """Return every activity of the program, over its ports."""
        messenger = Messenger(client, task_queue)
        surges = SurgeActivities(SurgeBook(self.database, self.rules), plan_keeping, messenger, self.rules)
        orders = OrderActivities(OrderBook(self.database, self.rules), Typesetter(), messenger)
        commands = CommandActivities(self.commands)
        secondments = SecondmentActivities(SecondmentBook(self.database, self.rules), messenger, self.rules)
        operations = OperationActivities(OperationBook(self.database, self.rules), messenger, self.rules)
        calendars = {pack.id: read_calendar(pack.office) for pack in self.rules.values()}
        calendar = CalendarActivities(calendars, self.registry)
        counter = Counter(calendars, self.registry)
        mutations = MutationActivities(self.mutations, counter, self.rules, messenger)
        groups = GroupActivities(self.groups, counter, self.rules, messenger)
        register = DecreeBook(self.database, self.rules)
        decrees = DecreeActivities(register, MutationPapers(), self.signers, self._seals)
        return [
            *(calendar.due, commands.take, commands.pending, commands.refuse),
            *(secondments.write, secondments.standing, secondments.last_seen, secondments.opening),
            *(operations.write, operations.standing, operations.people_held, operations.tell_cover),
            *(surges.write, surges.standing, surges.brief, surges.line, surges.tally, surges.yearly_cap),
            surges.fits,
            *(surges.plan, surges.offer, surges.call_home),
            *(orders.reserve, orders.render, orders.issue, orders.void, orders.serve, orders.serve_by_word),
            *(mutations.write, mutations.matter, mutations.screen, mutations.override_fault),
            *(mutations.standing, mutations.count, mutations.tell_undone, mutations.tell_group),
            mutations.stands,
            *(groups.standing, groups.move, decrees.reserve, decrees.make, decrees.extract, decrees.void),
            decrees.signature,
            PaperActivities(self.paperwork).make,
        ]


@asynccontextmanager
async def open_books(dsn: str, *, size: int = 10) -> AsyncIterator[Books]:
    """Open everything that stands on a database, and close it again."""
    database = await Database.open(dsn, size=size)
    rules = rule_packs()
    desk = Desk(database, dsn, rules)
    try:
        yield Books(
            database,
            dsn,
            rules,
            CommandBook(database),
            desk,
            Registry(database, rules),
            Boards(database),
            MandateBook(database),
            MusterBook(database),
            SubscriberBook(database),
            DeliveryBook(database),
        )
    finally:
        await desk.close()
        await database.close()


@asynccontextmanager
async def open_courier(
    books: Books,
    *,
    near: tuple[Network, ...] = (),
    clock: Clock | None = None,
    patience: Patience = PATIENCE,
    kept_for: timedelta = KEPT_FOR,
) -> AsyncIterator[Courier]:
    """Open a courier over the books, and close its connections again."""
    poster = Poster(near)
    try:
        yield Courier(books.deliveries, poster.post, clock or SystemClock(), patience, kept_for=kept_for)
    finally:
        await poster.close()


def _read_alert(xml: bytes) -> Alert:
    try:
        return cap.parse(xml)
    except cap.CapRejected as refused:
        raise Faulty((f"{refused.where}: {refused.reason}",)) from None
