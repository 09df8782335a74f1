"""`decree …`: what may be asked of a decree without any part of the stack."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.command import AsJson, Data, before
from app.cli.session import NOT_FOUND, USAGE, Trouble
from domain.signing import Check, sound
from runtime.clock import SystemClock
from runtime.settings import Settings, SettingsError
from schemas.decree_record import RecordUnreadable, read_record

if TYPE_CHECKING:
    from domain.mutation.decree_record import DecreeRecord

decree = typer.Typer(help="Decrees of mutation (keputusan).", no_args_is_help=True)

_MARKS = {True: "ok", False: "WRONG", None: "not asked"}
Pems = Annotated[
    list[Path] | None,
    typer.Option("--roots", metavar="FILE.pem", help="Whom to believe (else the stack's own authority)."),
]
Crls = Annotated[
    list[Path] | None,
    typer.Option("--revoked", metavar="FILE.crl", help="What has been revoked since, as PEM."),
]
RecordFile = Annotated[
    Path | None, typer.Option("--record", metavar="RECORD.json", help="What the registry keeps of it.")
]


@decree.command("verify", epilog="Example:  ./siaga decree verify keputusan.pdf --record keputusan.json")
def verify(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The signed decree, or a paper that is sealed, as PDF.")
    ],
    *,
    record: RecordFile = None,
    roots: Pems = None,
    revoked: Crls = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Check a signed decree, without network or stack: signature, trust, time stamps, coverage; with its record, all.

    Or an extract, or a paper of the case: of an extract it says so, and with the record of the decree whether it is of that.

    Exit code 0 when nothing is wrong, 1 when something is, and each question is answered on a line of its own.
    """
    # pyHanko and cryptography are loaded for this alone.
    from app.signing import NoRoots, Unsignable, check_decree, trusted  # noqa: PLC0415

    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what it finds is said below
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        settings = Settings.load(**({"data": data} if data else {}))
        trust = trusted(settings, roots or (), revoked or ())
        pdf, known = file.read_bytes(), _record(record)
    except NoRoots as error:
        raise Trouble(str(error), NOT_FOUND) from None
    except OSError as error:
        raise Trouble(f"{error.filename}: {error.strerror}", USAGE) from None
    except (SettingsError, Unsignable, RecordUnreadable) as error:
        raise Trouble(str(error), USAGE) from None
    checks = asyncio.run(check_decree(pdf, SystemClock().now(), trust, known))
    _tell(checks, as_json=as_json or bool(before.get("as_json")))
    if not sound(checks):
        raise typer.Exit(1)


def _record(file: Path | None) -> DecreeRecord | None:
    if file is None:
        return None
    try:
        return read_record(file.read_bytes())
    except RecordUnreadable as error:
        raise RecordUnreadable(f"{file}: {error}") from None


def _tell(checks: tuple[Check, ...], *, as_json: bool) -> None:
    if as_json:
        told = [{"name": one.name, "holds": one.holds, "said": one.said} for one in checks]
        typer.echo(json.dumps({"ok": sound(checks), "checks": told}, indent=1))
        return
    for one in checks:
        typer.echo(f"{_MARKS[one.holds]:<9}  {one.name:<13}  {one.said}")
