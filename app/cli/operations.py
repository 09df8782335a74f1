"""`operation …` and `alert …`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli import show
from app.cli.command import command
from app.cli.session import USAGE, Session, Trouble
from runtime.clock import SystemClock

operation = typer.Typer(help="Operations: open, declare, extend, end.", no_args_is_help=True)
alert = typer.Typer(help="Public warnings.", no_args_is_help=True)

OperationId = Annotated[str, typer.Argument(metavar="OPERATION", help="Its id, or the beginning of it.")]
Decree = Annotated[str, typer.Option(help="Number of the decree.")]
DecreeDate = Annotated[
    str | None, typer.Option(metavar="YYYY-MM-DD", help="Date of the decree (else today).")
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
    hazard: Annotated[str, typer.Option(help="The hazard: flood, earthquake, …")],
) -> None:
    """Open an operation in MONITORING."""
    session.show(session.post("/v1/operations", {"title": title, "hazard": hazard}), show.decision)


@command(
    operation,
    "declare",
    example='operation declare OP-1B2C3D4E5F RESPONSE --as sekda --area "Kota Kupang" --decree 360/15/XI/2026 '
    "--until 2026-12-05T00:00+08:00",
)
def declare(
    session: Session,
    operation_id: OperationId,
    status: Annotated[
        str, typer.Argument(metavar="STATUS", help="ALERT (siaga), RESPONSE (tanggap), TRANSITION.")
    ],
    *,
    area: Annotated[str, typer.Option(help="The area of the status.")],
    decree: Decree,
    until: Until,
    level: Annotated[str, typer.Option(help="city, regency, province or national.")] = "city",
    decree_date: DecreeDate = None,
) -> None:
    """Put an emergency status in force until an end."""
    form = {
        "status": status.upper(),
        "level": level,
        "area": area,
        "decree": decree,
        "decree_date": decree_date or _today(),
        "until": instant(until),
    }
    path = f"/v1/operations/{session.operation(operation_id)}/status"
    session.show(session.post(path, form), show.decision)


@command(
    operation,
    "extend",
    example="operation extend OP-1B2C3D4E5F --as sekda --decree 360/16/XII/2026 --until 2026-12-19T00:00+08:00",
)
def extend(
    session: Session, operation_id: OperationId, decree: Decree, until: Until, decree_date: DecreeDate = None
) -> None:
    """Prolong the status in force by a new decree."""
    form = {"decree": decree, "decree_date": decree_date or _today(), "until": instant(until)}
    path = f"/v1/operations/{session.operation(operation_id)}/extension"
    session.show(session.post(path, form), show.decision)


@command(operation, "end", example="operation end OP-1B2C3D4E5F --as sekda")
def end(session: Session, operation_id: OperationId) -> None:
    """End the operation."""
    session.show(session.post(f"/v1/operations/{session.operation(operation_id)}/end"), show.decision)


@command(operation, "show", example="operation show OP-1B --as koordinator")
def show_operation(session: Session, operation_id: OperationId) -> None:
    """Show an operation, its statuses and its surges."""
    session.show(session.get(f"/v1/operations/{session.operation(operation_id)}"), show.operation)


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
    told = session.upload("/v1/alerts", xml, media, displaced=displaced, shelters=shelters, days=days)
    session.show(told, show.alert)


def read(file: Path) -> bytes:
    """Return the content of a file that the user named; raises Trouble."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Trouble(f"{file}: {error.strerror or 'not readable'}", USAGE) from None


def instant(text: str) -> str:
    """Return an instant as the API takes it; raises Trouble where its zone is missing."""
    try:
        read_as = datetime.fromisoformat(text)
    except ValueError:
        read_as = None
    if read_as is None or read_as.tzinfo is None:
        raise Trouble(
            f"--until {text}: expected an instant with its zone, like 2026-12-05T00:00+08:00", USAGE
        )
    return read_as.isoformat()


def _today() -> str:
    return SystemClock().now().astimezone().date().isoformat()
