"""`relief …`, `handover …`, `reassign …`: who takes over from whom, what is handed over, and who moves to another post."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

import typer

from app.cli import show, show_reliefs
from app.cli.command import command
from app.cli.people import Every, Placements, each, path_of
from app.cli.road import One, Remark, as_person_or_officer, mine, say
from app.cli.session import USAGE, Session, Trouble
from app.cli.times import INSTANT
from domain.moves import TaskKind

relief = typer.Typer(help="Places, and who takes over from whom.", no_args_is_help=True)
handover = typer.Typer(help="What the next one must know.", no_args_is_help=True)
reassign = typer.Typer(
    help="Another post instead of home: heard, agreed to, then ordered.", no_args_is_help=True
)

_LINE = re.compile(r"(?P<surge>[A-Za-z0-9-]+)/(?P<number>\d{1,4})")
Mine = Annotated[str | None, typer.Argument(metavar="PLACEMENT", help="Else your one open secondment.")]


@command(relief, "chain", example="relief chain 7c1f6f0e --as posko")
def chain(session: Session, placement: One) -> None:
    """Show who holds a place in turn, with overlaps and gaps."""
    session.show(session.get(path_of(session.placement(placement), "chain")), show_reliefs.chain)


@command(relief, "ask", example="relief ask SU-3F9/01 --as koordinator")
def ask(
    session: Session,
    line: Annotated[str, typer.Argument(metavar="SURGE/LINE", help="The line that goes on, like SU-3F9/01.")],
    until: Annotated[
        datetime | None,
        typer.Option(**INSTANT, help="The end of the next turn (else as long as this one)."),
    ] = None,
) -> None:
    """Ask for the next turn of a line: each of its people is relieved on site before going home."""
    surge_id, _, number = _line(session, line).partition("/")
    form = {"until": until.isoformat() if until else None}
    session.show(session.post(f"/v1/surges/{surge_id}/lines/{number}/relief", form), show.decision)


@command(relief, "end", example="relief end SU-3F9/01 --as koordinator")
def end(
    session: Session,
    line: Annotated[
        str,
        typer.Argument(metavar="SURGE/LINE", help="The line that ends, like SU-3F9/01; or the surge alone."),
    ],
    all_lines: Annotated[
        bool, typer.Option("--all-lines", help="Every line of the surge ends, in one decision.")
    ] = False,
) -> None:
    """Let a line end with its people's duty, or all lines of a surge: nobody takes over."""
    whole = f"{session.surge(line)}/all" if all_lines else _line(session, line)
    surge_id, _, number = whole.partition("/")
    session.show(session.post(f"/v1/surges/{surge_id}/lines/{number}/need"), show.decision)


@command(relief, "due", example="relief due --as koordinator")
def due(session: Session) -> None:
    """Show the places that will fall empty: whose people leave soon, with nobody to take over."""
    session.show(session.get("/v1/reliefs"), show_reliefs.due)


@command(handover, "write", example='handover write 7c1f6f0e --note "kunci gudang pada Bu Rambu" --as posko')
def write(
    session: Session,
    note: Annotated[str, typer.Option("--note", help="What the next one must know; kept apart.")],
    placement: Mine = None,
) -> None:
    """Write a handover note: your own, or as the command post for somebody."""
    placement_id = mine(session, placement)
    say(session, placement_id, "handover", {"note": note})


@command(handover, "read", example="handover read --as 5b0f91c2")
def read(session: Session, placement: Mine = None) -> None:
    """Read the handover notes: those that were left to somebody, and those that they left."""
    placement_id = mine(session, placement, out=False)
    session.show(session.get(path_of(placement_id, "handover")), show_reliefs.handover)


@command(reassign, "propose", example="reassign propose 7c1f6f0e SU-3F9/02 --as posko")
def propose(
    session: Session,
    placement: One,
    line: Annotated[str, typer.Argument(metavar="SURGE/LINE", help="The other post, like SU-3F9/02.")],
    until: Annotated[
        datetime | None, typer.Option(**INSTANT, help="The end there (else as it was ordered).")
    ] = None,
) -> None:
    """Propose another post, of this surge or another one: in the same role, or another one that the person may serve in."""
    form = {"line_id": _line(session, line), "until": until.isoformat() if until else None}
    say(session, placement, "reassignment", form)


@command(reassign, "agree", example="reassign agree 7c1f6f0e --as kepala:DINKES")
def agree(session: Session, placements: Placements = None, everybody: Every = False) -> None:
    """Agree to the other post: your own, or that of somebody of your unit or command post."""
    door = as_person_or_officer(
        session, TaskKind.ANSWER_REASSIGNMENT, "reassignment-consent", "reassignment-approval"
    )
    each(session, placements, TaskKind.ANSWER_REASSIGNMENT, door, everybody=everybody)


@command(reassign, "deny", example="reassign deny 7c1f6f0e --as kepala:DINKES")
def deny(
    session: Session, placements: Placements = None, everybody: Every = False, note: Remark = None
) -> None:
    """Object to your own move, which is weighed; or give up the move of somebody of your unit or command post."""
    door = as_person_or_officer(
        session, TaskKind.ANSWER_REASSIGNMENT, "reassignment-objection", "reassignment-denial"
    )
    form = {"note": note}
    each(session, placements, TaskKind.ANSWER_REASSIGNMENT, door, everybody=everybody, form=form)


def _line(session: Session, text: str) -> str:
    match = _LINE.fullmatch(text)
    if match is None:
        raise Trouble(f"{text}: expected a line like SU-3F9/02", USAGE)
    return f"{session.surge(match['surge'])}/{match['number']}"
