"""`operation …` and `alert …`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli import show
from app.cli.command import command
from app.cli.session import USAGE, Session, Trouble
from domain.requests import HazardKind

operation = typer.Typer(help="Operations: from the first status to the archive.", no_args_is_help=True)
alert = typer.Typer(help="Public warnings.", no_args_is_help=True)

OperationId = Annotated[str, typer.Argument(metavar="OPERATION", help="Its id, or the beginning of it.")]
Decree = Annotated[str, typer.Option(help="Number of the decree.")]
DecreeDate = Annotated[
    str | None,
    typer.Option(metavar="YYYY-MM-DD", help="Its date (else today, by the government's calendar)."),
]
Area = Annotated[str, typer.Option(help="The area of the status.")]
StatusName = Annotated[
    str, typer.Argument(metavar="STATUS", help="ALERT (siaga), RESPONSE (tanggap), TRANSITION (transisi).")
]
LEVELS = "Who declares it: REGENCY_CITY (kabupaten, kota), PROVINCE, NATIONAL."
OfLevel = Annotated[
    str | None,
    typer.Option(help="Whose status, where several are in force: REGENCY_CITY, PROVINCE, NATIONAL."),
]
Until = Annotated[
    str, typer.Option(metavar="INSTANT", help="End of the status, with its zone: 2026-12-05T00:00+08:00.")
]


@command(
    operation, "open", example='operation open --as koordinator --title "Banjir Kota Kupang" --hazard flood'
)
def open_operation(
    session: Session,
    title: Annotated[str, typer.Option(help="What it is called on pages and orders.")],
    hazard: Annotated[
        HazardKind, typer.Option(case_sensitive=False, help="What it is opened for; other where none fits.")
    ],
) -> None:
    """Open an operation in MONITORING."""
    session.show(session.post("/v1/operations", {"title": title, "hazard": hazard.value}), show.decision)


@command(
    operation,
    "declare",
    example='operation declare OP-1B2C3D4E5F RESPONSE --as sekda --area "Kota Kupang" --decree 360/15/XI/2026 '
    "--until 2026-12-05T00:00+08:00",
)
def declare(
    session: Session,
    operation_id: OperationId,
    status: StatusName,
    *,
    area: Area,
    decree: Decree,
    until: Until,
    level: Annotated[str, typer.Option(help=LEVELS)] = "REGENCY_CITY",
    decree_date: DecreeDate = None,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="INSTANT", help="Where it takes effect earlier than now, or later."),
    ] = None,
) -> None:
    """Put an emergency status in force until an end; the statuses of other levels go on beside it."""
    form = {
        **_decreed(session, decree, decree_date),
        "status": status.upper(),
        "level": level,
        "area": area,
        "until": instant(until),
        **({"start": instant(start, "--from")} if start else {}),
    }
    _post(session, operation_id, "status", form)


@command(
    operation,
    "extend",
    example="operation extend OP-1B2C3D4E5F --as sekda --decree 360/16/XII/2026 --until 2026-12-19T00:00+08:00",
)
def extend(
    session: Session,
    operation_id: OperationId,
    *,
    decree: Decree,
    until: Until,
    level: OfLevel = None,
    decree_date: DecreeDate = None,
) -> None:
    """Prolong a status by a new decree, before it ends; later it takes a new declaration."""
    form = {**_decreed(session, decree, decree_date), **_level(level), "until": instant(until)}
    _post(session, operation_id, "extension", form)


@command(
    operation,
    "escalate",
    example="operation escalate OP-1B2C3D4E5F RESPONSE --as sekda --to PROVINCE --area NTT --statement 360/21/XII/2026 "
    "--decree 256/XII/2026 --until 2026-12-30T00:00+08:00",
)
def escalate(
    session: Session,
    operation_id: OperationId,
    status: StatusName,
    *,
    to: Annotated[str, typer.Option(help="The level that takes the lead: PROVINCE, NATIONAL.")],
    statement: Annotated[str, typer.Option(help="Number of the statement of inability.")],
    area: Area,
    decree: Decree,
    until: Until,
    decree_date: DecreeDate = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="INSTANT", help="Where it takes effect later than now.")
    ] = None,
) -> None:
    """Hand the lead up: a higher level declares, what stands below goes on to its own end."""
    form = {
        **_decreed(session, decree, decree_date),
        "status": status.upper(),
        "level": to,
        "statement": statement,
        "area": area,
        "until": instant(until),
        **({"start": instant(start, "--from")} if start else {}),
    }
    _post(session, operation_id, "escalation", form)


@command(operation, "hand-back", example="operation hand-back OP-1B2C3D4E5F --as sekda --decree 260/XII/2026")
def hand_back(
    session: Session,
    operation_id: OperationId,
    *,
    decree: Decree,
    level: OfLevel = None,
    decree_date: DecreeDate = None,
) -> None:
    """End the highest level's status now, where a lower one's goes on (de-escalation)."""
    _post(session, operation_id, "hand-back", {**_decreed(session, decree, decree_date), **_level(level)})


@command(operation, "withdraw", example="operation withdraw OP-1B2C3D4E5F --as sekda --decree 261/XII/2026")
def withdraw(
    session: Session,
    operation_id: OperationId,
    *,
    decree: Decree,
    level: OfLevel = None,
    decree_date: DecreeDate = None,
) -> None:
    """Take back a status that is decreed and has not begun."""
    _post(session, operation_id, "withdrawal", {**_decreed(session, decree, decree_date), **_level(level)})


@command(operation, "end", example="operation end OP-1B2C3D4E5F --as sekda")
def end(session: Session, operation_id: OperationId) -> None:
    """End the operation, once everybody is home; the report on it is due then."""
    _post(session, operation_id, "end")


@command(operation, "report", example="operation report OP-1B2C3D4E5F 360/LAP/3/I/2027 --as koordinator")
def report(
    session: Session,
    operation_id: OperationId,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The number of the after-action report.")],
) -> None:
    """Say that the after-action report is made."""
    _post(session, operation_id, "after-action", {"report": number})


@command(operation, "archive", example="operation archive OP-1B2C3D4E5F --as sekda")
def archive(session: Session, operation_id: OperationId) -> None:
    """Put an operation in the archive: from then on it is only read."""
    _post(session, operation_id, "archive")


@command(operation, "show", example="operation show OP-1B --as koordinator")
def show_operation(
    session: Session,
    operation_id: OperationId,
    known_at: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="The statuses as they were known then.")
    ] = None,
) -> None:
    """Show an operation: its statuses, whose duty none of them covers, and its surges."""
    then = instant(known_at, "--known-at") if known_at else None
    path = f"/v1/operations/{session.operation(operation_id)}"
    session.show(session.get(path, known_at=then), show.operation)


@command(operation, "list", example="operation list --as koordinator")
def list_operations(session: Session) -> None:
    """List the operations, the newest first."""
    session.show(session.get("/v1/operations"), show.operations)


@command(
    alert,
    "ingest",
    example="alert ingest examples/kota-kupang/alert-banjir.xml --as koordinator --displaced 900",
)
def ingest(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE.xml", help="A CAP 1.2 message.")],
    displaced: Annotated[int | None, typer.Option(help="People in shelters, by the first reports.")] = None,
    shelters: Annotated[int | None, typer.Option(help="Shelters, by the first reports.")] = None,
    days: Annotated[int | None, typer.Option(help="How long help is needed.")] = None,
) -> None:
    """Take a warning in: it may open an operation and draft a request. It deploys nobody."""
    xml = read(file)
    media = "application/xml"
    try:
        told = session.upload("/v1/alerts", xml, media, displaced=displaced, shelters=shelters, days=days)
    except Trouble as trouble:
        if not str(trouble).startswith("line "):
            raise
        raise Trouble(f"{file}, {trouble}", trouble.code, trouble.details) from None
    session.show(told, show.alert)


def _post(session: Session, operation_id: str, door: str, form: dict[str, str] | None = None) -> None:
    path = f"/v1/operations/{session.operation(operation_id)}/{door}"
    session.show(session.post(path, form), show.decision)


def _decreed(session: Session, decree: str, decree_date: str | None) -> dict[str, str]:
    return {"decree": decree, "decree_date": decree_date or session.today()}


def _level(level: str | None) -> dict[str, str]:
    return {"level": level} if level else {}


def read(file: Path) -> bytes:
    """Return the content of a file that the user named; raises Trouble."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Trouble(f"{file}: {error.strerror or 'not readable'}", USAGE) from None


def instant(text: str, option: str = "--until") -> str:
    """Return an instant as the API takes it; raises Trouble where its zone is missing."""
    try:
        read_as = datetime.fromisoformat(text)
    except ValueError:
        read_as = None
    if read_as is None or read_as.tzinfo is None:
        raise Trouble(
            f"{option} {text}: expected an instant with its zone, like 2026-12-05T00:00+08:00", USAGE
        )
    return read_as.isoformat()
