"""`order …`, `roster …` and `audit …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.actions import Faulty
from app.cli import show, show_audit
from app.cli.command import Data, command
from app.cli.session import OUT_OF_REACH, USAGE, Session, Trouble
from app.rosters import pack
from domain import cases
from runtime.settings import Settings
from runtime.stack_state import is_up, read_state

order = typer.Typer(help="Assignment orders (surat tugas).", no_args_is_help=True)
roster = typer.Typer(help="Who serves where.", no_args_is_help=True)
audit = typer.Typer(help="What happened, and whether it can be vouched for.", no_args_is_help=True)

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="government.toml, units.csv, people.csv, …")]
CaseId = Annotated[
    str, typer.Argument(metavar="CASE", help="surge:SU-…, operation:OP-…, secondment:<placement>.")
]


@command(order, "sign", example="order sign SU-3F9 --as penandatangan")
def sign(
    session: Session,
    surge_id: Annotated[str, typer.Argument(metavar="SURGE", help="Its id, or the beginning.")],
) -> None:
    """Sign one order for everybody of a surge who is released and has none."""
    session.show(session.post(f"/v1/surges/{session.surge(surge_id)}/orders"), show.decision)


@command(
    order, "fetch", example="order fetch 800.1.11.1/1/BPBD/XI/2026 -o surat-tugas.pdf --as penandatangan"
)
def fetch(
    session: Session,
    order_id: Annotated[
        str, typer.Argument(metavar="ORDER", help="Its id, the beginning of it, or its number.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE.pdf", help="Where to write it.")],
    person: Annotated[
        str | None,
        typer.Option(metavar="PLACEMENT", help="The extract of one person: what a person is served."),
    ] = None,
    travel: Annotated[
        bool, typer.Option("--travel", help="The travel order (SPD) instead; of --person, or your own.")
    ] = False,
) -> None:
    """Fetch an issued order as PDF, or a travel order on it; a person fetches their own extract."""
    placement, path = session.placement(person) if person else None, f"/v1/orders/{session.order(order_id)}"
    file = session.get_bytes(f"{path}/travel.pdf" if travel else f"{path}.pdf", person=placement)
    try:
        output.write_bytes(file)
    except OSError as error:
        raise Trouble(f"{output}: {error.strerror}", USAGE) from None
    session.show({"file": str(output), "bytes": len(file)}, show.saved)


@command(roster, "import", example="roster import examples/kota-kupang --as operator")
def import_roster(session: Session, directory: Directory) -> None:
    """Import the roster of a directory, whole or not at all; every cell at fault is listed."""
    try:
        archive = pack(directory)
    except Faulty as fault:
        raise Trouble(str(fault), USAGE) from None
    session.show(session.upload("/v1/roster", archive, "application/zip"), show.imported)


@roster.command("begin", epilog="Example:  ./siaga roster begin examples/kota-kupang")
def begin(directory: Directory, data: Data = None) -> None:
    """Found a government beside the running stack: its first roster, and a token for each of its people.

    Nobody can send a first roster through the API, since nobody holds a token yet.
    """
    import asyncio  # noqa: PLC0415

    # The planner and the drivers are loaded for this alone.
    from app.cli.founding import RosterRefused, found  # noqa: PLC0415

    settings = Settings.load(**({"data": data} if data else {}))
    state = read_state(settings.data) if is_up(settings.data) else None
    if state is None or state.addresses is None:
        raise Trouble(f"nothing is up on {settings.data}; start it with ./siaga up", OUT_OF_REACH)
    try:
        founded = asyncio.run(found(state.addresses.database_url, directory, settings.data))
    except RosterRefused as refused:
        faults = tuple(str(refused).splitlines())
        raise Trouble(faults[0], USAGE, faults if len(faults) > 1 else ()) from None
    typer.echo(
        f"{founded.government_id}: {founded.people} people, {len(founded.offices)} offices; tokens are stored"
    )


@command(audit, "replay", example="audit replay surge:SU-3F9A1C22D0 --as auditor")
def replay(session: Session, case_id: CaseId) -> None:
    """Replay a case strictly: does today's code do, in every input and result, what was recorded?"""
    told = session.get(f"/v1/audit/{_case(session, case_id)}/replay")
    session.show(told, show_audit.replay)
    if not told["ok"]:
        raise typer.Exit(1)


@command(audit, "rebuild", example="audit rebuild --as auditor")
def rebuild(session: Session) -> None:
    """Rebuild every board from the log alone, and compare with the books; each difference is named."""
    told = session.get("/v1/audit/rebuild")
    session.show(told, show_audit.rebuilt)
    if not told["ok"]:
        raise typer.Exit(1)


@command(audit, "log", example="audit log surge:SU-3F9A1C22D0 --as auditor")
def log(session: Session, case_id: CaseId) -> None:
    """Show what happened in a case, oldest first."""
    session.show(session.get("/v1/log", case_id=_case(session, case_id)), show_audit.log)


_BY_PREFIX = {"OP-": "operation", "SU-": "surge", "MU-": "mutation", "BA-": "batch", "SW-": "swap"}


def _case(session: Session, text: str) -> str:
    kind, colon, key = text.partition(":")
    if not colon:
        kind, key = _BY_PREFIX.get(text[:3].upper(), "secondment"), text
    match kind:
        case "operation":
            return cases.operation(session.operation(key))
        case "surge":
            return cases.surge(session.surge(key))
        case "secondment":
            return cases.secondment(session.placement(key))
        case "mutation":
            return cases.mutation(session.mutation(key))
        case "batch" | "swap":
            return f"{kind}:{session.group(key)}"
        case "thin":
            return cases.thin(key.lower())
    expected = ":…, ".join(cases.CaseKind)
    raise Trouble(f"{text}: not a case; expected {expected}:…", USAGE)
