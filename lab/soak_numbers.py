"""`soak numbers`: many writers draw the numbers of decrees over New Year, in three zones, while they fail and are killed.

Each writer is a process with decisions of its own and connections of its own. Some transactions fail after the number
was drawn, some are let go in the middle, some are asked twice at once; every now and then a writer is stopped wherever
it is, killed with -9, and another process goes on with its decisions. What is drawn is checked in the end from the tables.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any

import psycopg

from adapters.postgres.database import Database
from adapters.postgres.roster import RosterBook
from app.wiring import in_force, rule_packs
from domain.authority import Capacity
from domain.rules import RulePack
from lab.small_people import SmallTown, build
from lab.soak_numbers_check import Register, faults, registers
from lab.soak_numbers_writer import Decision, End, Told, Trouble, write

ZONES = {"kota-barat": "Asia/Jakarta", "kota-tengah": "Asia/Makassar", "kota-timur": "Asia/Jayapura"}
"""A government in each of the three zones, synthetic."""
BEGINS, LASTS = datetime(2026, 12, 31, 14, 30, tzinfo=UTC), timedelta(hours=3)
"""The story's clock: half an hour before the first New Year of the three, to half an hour after the last one."""
KILL_EVERY = 400
"""Numbers between two kills, on average."""
_ENDS = {End.ISSUED: 60, End.VOID: 15, End.AGAIN: 15, End.RESERVED: 10}
_TROUBLES = {Trouble.NONE: 70, Trouble.BROKEN_OFF: 10, Trouble.LET_GO: 10, Trouble.TWICE: 10}


@dataclass(frozen=True)
class Drawn:
    """What came of it all."""

    registers: tuple[Register, ...]
    seconds: float
    rolled_back: int
    killed: int
    killed_inside: int
    """Of those killed, who were inside a transaction just then."""
    told: Mapping[str, Sequence[str]]
    """The numbers that each decision was told, in order."""
    faults: tuple[str, ...]

    @property
    def numbers(self) -> int:
        """Return how many numbers were drawn."""
        return sum(one.numbers for one in self.registers)


def soak(dsn: str, *, numbers: int, writers: int, seed: int, say: Callable[[str], None]) -> Drawn:
    """Draw at least so many numbers in an empty database that has our schema, and check them."""
    rules = rule_packs()
    shares = decisions(numbers, writers, seed)
    say(f"recording {sum(map(len, shares)):,} decisions of {len(ZONES)} governments")
    asyncio.run(_record(dsn, in_force(rules), shares))
    began = time.monotonic()
    with psycopg.connect(dsn, autocommit=True) as eye:
        crew = _Crew(dsn, rules, eye, seed=seed, say=say)
        crew.work(shares)
        seconds = time.monotonic() - began
        rolled_back = eye.execute(
            "SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
        assert rolled_back is not None
        found = (*crew.wrong, *faults(eye, crew.told))
        drawn = tuple(registers(eye))
    return Drawn(drawn, seconds, rolled_back[0], crew.killed, crew.killed_inside, crew.told, found)


def print_numbers(drawn: Drawn) -> None:
    """Print what was drawn, register by register, and what is wrong with it."""
    print(
        f"  {drawn.numbers:,} numbers in {drawn.seconds:.0f} s, {drawn.numbers / drawn.seconds:.0f} a second"
    )
    print(f"  {drawn.rolled_back:,} transactions rolled back")
    print(f"  {drawn.killed} writers killed, {drawn.killed_inside} of them inside a transaction")
    print("  government    zone             year  numbers   issued  reserved    void")
    for one in drawn.registers:
        print(
            f"  {one.government_id:12}  {one.zone:14}  {one.year:5}  {one.numbers:7,}  {one.issued:7,}"
            f"  {one.reserved:8,}  {one.void:6,}"
        )
    for fault in drawn.faults:
        print(f"FAULT  {fault}")


def decisions(numbers: int, writers: int, seed: int) -> list[list[Decision]]:
    """Return what each writer has to decide, together so many numbers; the same seed, the same decisions."""
    chance, left = random.Random(seed), numbers
    drawn: list[Decision] = []
    while left:
        end = chance.choices(list(_ENDS), list(_ENDS.values()))[0] if left > 1 else End.ISSUED
        trouble = chance.choices(list(_TROUBLES), list(_TROUBLES.values()))[0]
        left -= 2 if end == End.AGAIN else 1
        command_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        case = f"MU-{len(drawn):010X}"
        drawn.append(Decision(command_id, case, chance.choice(list(ZONES)), BEGINS, end, trouble))
    shares = [drawn[writer::writers] for writer in range(writers)]
    return [
        [replace(one, at=BEGINS + LASTS * (place / len(share))) for place, one in enumerate(share)]
        for share in shares
    ]


async def _record(dsn: str, pack: RulePack, shares: Sequence[Sequence[Decision]]) -> None:
    """Set the scene: the three governments, and each decision recorded on a case of its own that is long over."""
    towns = {government: _town(government) for government in ZONES}
    database = await Database.open(dsn, size=1)
    try:
        for town in towns.values():
            await RosterBook(database).write(town.roster, pack)
        async with database.writing() as connection:
            posts = {
                row["government_id"]: row
                for row in await connection.fetch(
                    """SELECT government_id, min(unit_id) AS unit, min(position_id) AS here, max(position_id) AS there
                         FROM positions GROUP BY 1"""
                )
            }
            every = [one for share in shares for one in share]
            cases = [_case(one, towns[one.government_id], posts[one.government_id], pack) for one in every]
            await connection.copy_records_to_table("mutations", records=cases, columns=_CASE)
            signed = [_command(one, towns[one.government_id]) for one in every]
            await connection.copy_records_to_table("commands", records=signed, columns=_COMMAND)
    finally:
        await database.close()


def _town(government_id: str) -> SmallTown:
    town = build(government_id=government_id)
    government = replace(town.roster.government, zone=ZONES[government_id])
    return replace(town, roster=replace(town.roster, government=government))


_CASE = (
    *("mutation_id", "government_id", "person_id", "proposer_id", "initiative", "from_unit", "from_position"),
    *("position_id", "rule_pack", "command_id", "state", "open", "proposed_at", "since"),
)
_COMMAND = (
    *("command_id", "government_id", "case_id", "kind", "actor_id", "capacity", "tenure", "decided_at"),
    *("idempotency_key", "request_sha256"),
)


def _case(one: Decision, town: SmallTown, posts: Any, pack: RulePack) -> tuple[Any, ...]:
    who, head = next(iter(town.staff.values()))[0], next(iter(town.heads.values()))
    of = (one.mutation_id, one.government_id, who, head, "ORGANISATION", posts["unit"], posts["here"])
    return (*of, posts["there"], pack.id, one.command_id, "CLOSED", False, BEGINS, BEGINS)


def _command(one: Decision, town: SmallTown) -> tuple[Any, ...]:
    signatory, case = town.officers[Capacity.SIGNATORY], f"mutation:{one.mutation_id}"
    of = (one.command_id, one.government_id, case, "SIGN_DECREE", signatory, "SIGNATORY", "DEFINITIVE")
    return (*of, one.at, one.command_id, "")


@dataclass
class _Hand:
    """A writer's process, and the decisions that it has not done."""

    process: BaseProcess
    said: Pipe
    left: list[Decision]


class _Crew:
    """All writers; who is killed is followed by another one."""

    def __init__(
        self,
        dsn: str,
        rules: Mapping[str, RulePack],
        eye: psycopg.Connection[Any],
        *,
        seed: int,
        say: Callable[[str], None],
    ) -> None:
        self.told: dict[str, list[str]] = {}
        self.wrong: list[str] = []
        self.killed = self.killed_inside = 0
        self._dsn, self._rules, self._eye, self._say = dsn, rules, eye, say
        self._chance = random.Random(seed + 1)
        self._next_kill = self._chance.randint(1, 2 * KILL_EVERY)
        self._heard = 0
        # What a writer needs is loaded once, whoever is killed; and so is what the command itself loads, again in each.
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload([write.__module__, "lab.crowd", "lab.soak_surge"])
        self._hands: dict[int, _Hand] = {}

    def work(self, shares: Sequence[list[Decision]]) -> None:
        """Let all work until every decision is done; whatever happens, nobody is left behind."""
        try:
            for number, share in enumerate(shares):
                if share:
                    self._begin(number, share)
            while self._hands:
                pipes = {hand.said: number for number, hand in self._hands.items()}
                for pipe in wait(list(pipes)):
                    self._hear(pipes[pipe])  # type: ignore[index]  # they are the pipes of the dictionary
        finally:
            for hand in self._hands.values():
                hand.process.kill()
                hand.process.join()

    def _begin(self, number: int, left: list[Decision]) -> None:
        hears, says = self._context.Pipe(duplex=False)
        mark = "&" if "?" in self._dsn else "?"
        named = f"{self._dsn}{mark}application_name=writer-{number}"
        process = self._context.Process(
            target=write, args=(named, self._rules, left, self._chance.getrandbits(32), says), daemon=True
        )
        process.start()
        says.close()
        self._hands[number] = _Hand(process, hears, left)

    def _hear(self, number: int) -> None:
        hand = self._hands[number]
        try:
            told: Told = hand.said.recv()
        except EOFError:
            self._follow(number)
            return
        if told.wrong:
            self.wrong.append(told.wrong)
        if told.number:
            self._note(told.command_id, told.number)
        if told.done:
            hand.left = hand.left[1:]
        if self._heard >= self._next_kill:
            self._kill()

    def _note(self, command_id: str, number: str) -> None:
        numbers = self.told.setdefault(command_id, [])
        if number not in numbers[-1:]:
            numbers.append(number)
        self._heard += 1
        if self._heard % 10_000 == 0:
            self._say(f"{self._heard:,} numbers told")

    def _follow(self, number: int) -> None:
        """Whoever has ended is done, was killed, or fell by a fault of its own."""
        hand = self._hands.pop(number)
        hand.process.join()
        hand.said.close()
        if hand.process.exitcode not in (0, -signal.SIGKILL):
            self.wrong.append(f"writer {number} fell with {hand.process.exitcode}")
        elif hand.left:
            self._begin(number, hand.left)

    def _kill(self) -> None:
        """Stop a writer wherever it is, see whether it is inside a transaction, and kill it."""
        self._next_kill += self._chance.randint(1, 2 * KILL_EVERY)
        number = self._chance.choice(sorted(self._hands))
        process = self._hands[number].process
        if not process.is_alive() or process.pid is None:
            return
        os.kill(process.pid, signal.SIGSTOP)
        inside = self._eye.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND xact_start IS NOT NULL",
            [f"writer-{number}"],
        ).fetchone()
        process.kill()
        self.killed += 1
        self.killed_inside += bool(inside and inside[0])
