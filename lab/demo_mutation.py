"""`./siaga demo mutation`: a dozen moves in Kota Kupang as one batch: one decree, signed, served, in force; one undone again."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from adapters.postgres import migrate
from adapters.postgres.rebuild import boards_hold
from adapters.signing.desk import SigningDesk, open_desk
from app.signing import check_decree
from domain.authority import Capacity
from domain.mutation.case_papers import CasePaper
from domain.mutation.decree_record import DecreeRecord
from domain.roster import Roster
from domain.signing import sound
from lab.movers import Kept, movers
from lab.mutation_cases import Case, Officers, StepRefused, Turn
from lab.outputs import Folder, FolderTaken
from lab.stage import Stage, load_roster, open_stage
from runtime import logs
from runtime.clock import SystemClock
from runtime.ports import Ports
from runtime.postgres_files import PostgresError
from runtime.postgres_server import PostgresServer
from runtime.settings import ROOT, Settings
from runtime.temporal import connect
from runtime.temporal_server import TemporalPorts, TemporalServer
from schemas.decree_record import DecreeRecordFile

CITY = ROOT / "examples" / "kota-kupang"
TURNS = (Turn.OBJECTS, Turn.WITHDRAWS, Turn.TOO_SHORT, Turn.REVERSED, *(Turn.GOES,) * 8)
OWN_PAPERS = {
    CasePaper.MINUTES_PERSON: "dengar-pendapat-pegawai",
    CasePaper.MINUTES_RELEASING: "dengar-pendapat-asal",
    CasePaper.MINUTES_RECEIVING: "dengar-pendapat-penerima",
    CasePaper.HANDOVER: "serah-terima",
    CasePaper.DUTY_START: "spmt",
}
PROMISED = {"REPORTED": 10, "REVERSED": 1, "WITHDRAWN": 1, "INELIGIBLE": 1}
"""How the twelve and the one that undoes another end: REPORTED is in force, and may still be objected to."""


def main(arguments: Sequence[str]) -> int:
    """Play it; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="./siaga demo mutation",
        description="A dozen moves by decree in Kota Kupang, on the real workflows: signed PDFs, and their records.",
    )
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder for the papers (default: out)")
    options = parser.parse_args(arguments)
    logs.configure("demo", level="error")
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # what Ctrl-C breaks off is no news
    began = time.monotonic()
    try:
        with Folder(options.out) as folder:
            faults = asyncio.run(_play(folder))
            folder.publish()
            print(f"\nIn {folder.path}/: " + ", ".join(folder.contents()))
    except (FolderTaken, PostgresError, StepRefused) as error:
        print(f"siaga: {'; '.join(str(error).splitlines())}", file=sys.stderr)
        return 2 if isinstance(error, FolderTaken) else 1
    for fault in faults:
        print(f"FAILED  {fault}")
    print(f"{'failed' if faults else 'done'} in {time.monotonic() - began:.0f} s", flush=True)
    return 1 if faults else 0


async def _play(folder: Folder) -> list[str]:
    async with _house() as (stage, desk):
        roster = await load_roster(stage.books, CITY)
        officers = await _officers(stage, roster.government.id)
        cases = await _cast(stage, roster, officers)
        homes = {case.person: await _position(stage, case.person) for case in cases}
        batch = await _played(cases)
        (wrong,) = (case for case in cases if case.turn == Turn.REVERSED)
        cases.append(await wrong.undone(homes[wrong.person]))
        faults = await _tell(stage, officers.government_id, cases)
        faults += await _papers(stage, desk, folder, cases, batch.case_id)
        back = await _position(stage, wrong.person) == homes[wrong.person]
        held = await boards_hold(stage.books.database, officers.government_id, stage.clock.now())
    faults += [] if back else ["whoever was moved back does not hold the former position"]
    # Nobody is asked for anything any more: the tasks of the log and of the books are as empty as each other.
    return faults + ([f"{held.code}: {held.violations} rows differ from the log"] if held.violations else [])


async def _played(cases: Sequence[Case]) -> Case:
    """Play the batch: each case by itself up to the decision, one decree for all who are approved, each into force by itself."""
    await asyncio.gather(*(case.begin() for case in cases))
    batch = await cases[0].grouped(cases)
    await asyncio.gather(*(case.decided() for case in cases))
    await batch.decreed()
    await asyncio.gather(*(case.into_force() for case in cases if case.goes))
    return batch


@asynccontextmanager
async def _house() -> AsyncIterator[tuple[Stage, SigningDesk]]:
    """Open a house whose database, engine and signing desk end with it."""
    clock = SystemClock()
    with tempfile.TemporaryDirectory(prefix="siaga-demo-") as place:
        home, ports = Path(place), Ports(Path(place) / "ports.json")
        doors = TemporalPorts(*(ports.claim(door) for door in ("grpc", "ui", "http", "metrics")))
        with (
            PostgresServer(
                home / "server", port=ports.claim("postgres"), log=home / "server.log", throwaway=True
            ) as postgres,
            TemporalServer(home / "temporal.db", ports=doors, log=home / "engine.log") as engine,
        ):
            migrate(postgres.dsn)
            client = await connect(Settings.load(temporal_address=engine.address))
            async with (
                open_desk(home / "signing", clock.now) as desk,
                open_stage(client, postgres.dsn, clock, signers=desk) as stage,
            ):
                yield stage, desk


async def _officers(stage: Stage, government_id: str) -> Officers:
    async with stage.books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT capacity, unit_id, person_id FROM appointments WHERE government_id = $1 ORDER BY capacity, person_id",
            government_id,
        )
    held = {Capacity(row["capacity"]): row["person_id"] for row in rows if row["unit_id"] is None}
    heads = {row["unit_id"]: row["person_id"] for row in rows if row["capacity"] == Capacity.UNIT_HEAD}
    return Officers(government_id, held, heads)


async def _position(stage: Stage, person: str) -> str:
    async with stage.books.database.reading() as connection:
        return str(await connection.fetchval("SELECT position_id FROM people WHERE person_id = $1", person))


async def _cast(stage: Stage, roster: Roster, officers: Officers) -> list[Case]:
    """Find somebody for each turn: from units that lend one of them only, to positions that nobody else is to get."""
    wanted = Counter(TURNS)
    cases: list[Case] = []
    async with stage.books.database.reading() as connection:
        units = {
            row["person_id"]: row["unit_id"]
            for row in await connection.fetch("SELECT person_id, unit_id FROM people")
        }
        places = {
            row["position_id"]: row["unit_id"]
            for row in await connection.fetch("SELECT position_id, unit_id FROM positions")
        }
    used: set[str] = set()
    for mover in movers(roster, stage.clock.now().date(), every=True):
        left, joined = units[mover.person_id], places[mover.position_id]
        heads = {officers.heads.get(left), officers.heads.get(joined)}
        ours = {mover.person_id, left, joined, mover.position_id}
        if ours & used or len(heads) < 2 or heads & {None, *officers.held.values(), mover.person_id}:
            continue
        turn = next((one for one in _turns(mover.kept) if wanted[one]), None)
        if turn is None:
            continue
        wanted[turn] -= 1
        used |= ours
        cases.append(Case(stage, officers, mover.person_id, mover.position_id, left, joined, turn))
    if missing := +wanted:
        raise StepRefused(f"nobody in the city for {', '.join(missing)}")
    return cases


def _turns(kept: Kept | None) -> Iterator[Turn]:
    """Which turns somebody can take whom this keeps."""
    if kept == Kept.TOO_SHORT:
        yield Turn.TOO_SHORT
    if kept is None:
        yield from (turn for turn in Turn if turn != Turn.TOO_SHORT)


async def _tell(stage: Stage, government_id: str, cases: Sequence[Case]) -> list[str]:
    """Print of each case what the log and the board say; return what was promised and is not so."""
    rows = {row["mutation_id"]: row for row in await stage.books.mutations.board(government_id, None, "MU-")}
    for case in cases:
        row = rows[case.mutation_id]
        log = await stage.boards.case_log(government_id, case.case_id)
        decree = f"  {row['number']}" if row["number"] else ""
        print(f"{case.mutation_id}  {row['name']}: {row['from_unit_name']} → {row['to_unit_name']}")
        print(
            f"  {row['state']}{decree}  {len(log)} entries, the last {log[-1]['type']} by {log[-1]['authority']}"
        )
    ends = Counter(row["state"] for row in rows.values())
    print(f"\n{len(rows)} cases: " + ", ".join(f"{count} {state}" for state, count in sorted(ends.items())))
    return [
        f"expected {count} {state}, found {ends[state]}"
        for state, count in PROMISED.items()
        if ends[state] != count
    ]


async def _own_papers(stage: Stage, desk: SigningDesk, folder: Folder, mutation_id: str) -> list[str]:
    """Leave what the case has made of its moves; return which papers are not made, and what each lacks, or what is wrong."""
    book = stage.books.paperwork.book
    lacking = {row["paper"]: row["missing"] for row in await book.papers(mutation_id)}
    faults = []
    for paper, name in OWN_PAPERS.items():
        file, record = await book.file(mutation_id, paper), await book.record(mutation_id, paper)
        if file is None or record is None:
            faults.append(f"{mutation_id}: {paper} is not made: {lacking.get(paper, 'nothing owes it')}")
        else:
            faults += await _leave(stage, desk, folder, f"{mutation_id}/{name}", (file, record))
    return faults


async def _papers(
    stage: Stage, desk: SigningDesk, folder: Folder, cases: Sequence[Case], batch: str
) -> list[str]:
    """Leave each decree, and of each case the extract and its own papers, all with their records; return what is wrong."""
    book, faults, numbers, extracts = stage.books.mutations, list[str](), list[int](), 0
    for decree in await stage.books.groups.decrees(batch):
        kept = await stage.books.groups.paper(batch, decree["decree_id"])
        faults += await _decree(stage, desk, folder, batch.partition(":")[2], kept)
        numbers.append(int(decree["number"].split("/")[1]))
    for case in cases:
        extract = await book.paper(case.mutation_id, "EXTRACT", whole=True)
        if extract is None or extract[1] is None:
            continue
        extracts += 1
        sealed = extract[0], DecreeRecord(**extract[1])
        faults += await _leave(stage, desk, folder, f"{case.mutation_id}/petikan", sealed)
        faults += await _own_papers(stage, desk, folder, case.mutation_id)
    alone = cases[-1].mutation_id
    own = await book.paper(alone, "DECREE", whole=True)
    faults += await _decree(stage, desk, folder, alone, own)
    numbers += [int(own[1]["number"].split("/")[1])] if own and own[1] else []
    folder.write("akar.pem", desk.authority.root.read_bytes())
    print(
        f"{len(numbers)} decrees signed, numbers {min(numbers)} to {max(numbers)}, each checked with its record"
    )
    print(
        f"{extracts} extracts and {extracts * len(OWN_PAPERS)} papers of the cases sealed, each checked with its record"
    )
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        faults.append(f"the numbers have a gap: {sorted(numbers)}")
    return faults


async def _decree(
    stage: Stage, desk: SigningDesk, folder: Folder, name: str, kept: tuple[bytes, Any] | None
) -> list[str]:
    """Leave one decree with its record; return what is wrong with it."""
    if kept is None or kept[1] is None:
        return [f"{name}: no decree is kept with its record"]
    record = DecreeRecord(**kept[1])
    print(f"{record.number}: {len(record.facts['moves'])} on the decree")
    return await _leave(stage, desk, folder, f"{name}/keputusan", (kept[0], record))


async def _leave(
    stage: Stage, desk: SigningDesk, folder: Folder, name: str, kept: tuple[bytes, DecreeRecord]
) -> list[str]:
    """Leave one paper with its record, checked as anybody would check it; return what is wrong with it."""
    pdf, record = kept
    folder.write(f"{name}.pdf", pdf)
    folder.write(f"{name}.json", DecreeRecordFile.of(record).model_dump_json(indent=1) + "\n")
    checks = await check_decree(pdf, stage.clock.now(), desk.authority.trust(), record)
    if sound(checks) and all(one.holds is not None for one in checks):
        return []
    return [f"{name}: {one.said}" for one in checks if not one.holds]
