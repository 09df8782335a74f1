"""`surge what-if`, `surge line …`: what a change would bring about, and lines that change while a surge runs."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli import show, show_what_if
from app.cli.command import command
from app.cli.keeping import Kept, kept
from app.cli.request_file import faults_of, read_lines
from app.cli.session import USAGE, Session, Trouble
from app.cli.surges import SurgeId, path_of, surge
from app.cli.times import INSTANT
from runtime.clock import SystemClock

line = typer.Typer(help="Lines of a surge that runs.", no_args_is_help=True)

_NUMBER = re.compile(r"(?:[A-Z0-9-]+/)?(\d{1,4})")
_QUANTITY = re.compile(r"([^=]+)=(\d{1,5})")
_REDLINE = re.compile(r"(.+)[:×]([a-z_]+)=(\d{1,6})")

LineNumber = Annotated[str, typer.Argument(metavar="LINE", help="Its number in the surge, like 01.")]
HowMany = Annotated[int, typer.Argument(metavar="N", min=1, max=10_000, help="How many people it asks for.")]


@command(
    surge, "what-if", example="surge what-if SU-3F9 --raise 01=6 --redline PKM01:nurse=4 --as koordinator"
)
def what_if(  # noqa: PLR0917 - typer takes options as parameters
    session: Session,
    surge_id: SurgeId,
    add: Annotated[Path | None, typer.Option("--add", metavar="FILE.toml", help="Lines to add.")] = None,
    raised: Annotated[
        list[str] | None, typer.Option("--raise", metavar="LINE=N", help="Ask for N people.")
    ] = None,
    cut: Annotated[
        list[str] | None, typer.Option("--cut", metavar="LINE=N", help="Ask for N people.")
    ] = None,
    closed: Annotated[
        list[str] | None, typer.Option("--close", metavar="LINE", help="Ask for nobody more.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="UNIT", help="This unit lends nobody.")
    ] = None,
    redlines: Annotated[
        list[str] | None,
        typer.Option("--redline", metavar="UNIT:ROLE=N", help="So many of the role must stay in the unit."),
    ] = None,
    keep: Kept = None,
) -> None:
    """Show what a change of lines or donors would do to the plan. Nothing is written."""
    form = {
        "added": read_lines(add, SystemClock().now()) if add else [],
        "raised": [_quantity(one, "--raise") for one in raised or ()],
        "cut": [_quantity(one, "--cut") for one in cut or ()],
        "closed": [_number(one) for one in closed or ()],
        "without": without or [],
        "redlines": [_redline(one) for one in redlines or ()],
        "keep": kept(session, path_of(session, surge_id, "plan"), keep) if keep else [],
    }
    session.show(session.post(path_of(session, surge_id, "what-if"), form), show_what_if.difference)


@command(line, "add", example="surge line add SU-3F9 lines.toml --as sekda")
def add_line(
    session: Session,
    surge_id: SurgeId,
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="[[line]] tables, as in a request.")],
) -> None:
    """Add lines to a surge that is approved or running."""
    with faults_of(file):
        for one in read_lines(file, SystemClock().now()):
            session.show(session.post(path_of(session, surge_id, "lines"), one), show.decision)


@command(line, "raise", example="surge line raise SU-3F9 01 6 --as sekda")
def raise_line(session: Session, surge_id: SurgeId, number: LineNumber, quantity: HowMany) -> None:
    """Let a line ask for more people."""
    path = path_of(session, surge_id, f"lines/{_number(number)}/raise")
    session.show(session.post(path, {"quantity": quantity}), show.decision)


@command(line, "cut", example="surge line cut SU-3F9 01 2 --as koordinator")
def cut_line(session: Session, surge_id: SurgeId, number: LineNumber, quantity: HowMany) -> None:
    """Let a line ask for fewer people; for no fewer than have a place of it."""
    path = path_of(session, surge_id, f"lines/{_number(number)}/cut")
    session.show(session.post(path, {"quantity": quantity}), show.decision)


@command(line, "until", example="surge line until SU-3F9 01 2027-03-01T00:00+08:00 --as koordinator")
def need_until(
    session: Session,
    surge_id: SurgeId,
    number: LineNumber,
    until: Annotated[datetime, typer.Argument(**INSTANT, help="Until when the post is needed.")],
) -> None:
    """Say until when a line is needed: its next turns are planned ahead of each end."""
    path = path_of(session, surge_id, f"lines/{_number(number)}/need")
    session.show(session.post(path, {"until": until.isoformat()}), show.decision)


@command(line, "close", example="surge line close SU-3F9 02 --as koordinator")
def close_line(session: Session, surge_id: SurgeId, number: LineNumber) -> None:
    """Ask for nobody more on a line; who has a place of it serves to the end."""
    session.show(session.post(path_of(session, surge_id, f"lines/{_number(number)}/closure")), show.decision)


def _number(text: str) -> str:
    match = _NUMBER.fullmatch(text.upper())
    if match is None:
        raise Trouble(f"{text}: expected a line's number, like 01", USAGE)
    return match[1].zfill(2)


def _quantity(text: str, option: str) -> dict[str, Any]:
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise Trouble(f"{option} {text}: expected LINE=N, like 01=6", USAGE)
    return {"line": _number(match[1]), "quantity": int(match[2])}


def _redline(text: str) -> dict[str, Any]:
    match = _REDLINE.fullmatch(text)
    if match is None:
        raise Trouble(f"--redline {text}: expected UNIT:ROLE=N, like PKM01:nurse=4", USAGE)
    return {"unit": match[1], "role": match[2], "stay": int(match[3])}
