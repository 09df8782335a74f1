"""`thin …`: units that are below their redline while their people are away, and what was said of it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.command import command
from app.cli.session import NOT_FOUND, USAGE, Session, Trouble
from app.cli.show import NUMBERS, Json, as_of, decision, grid, print_, put
from app.cli.times import clock
from domain.reasons import BackfillDeclined
from domain.thin import State

NUMBERS.update({"below"})
thin = typer.Typer(help="Units that are below their redline while they lend.", no_args_is_help=True)

Unit = Annotated[str, typer.Argument(metavar="UNIT", help="Its code or id.")]


@command(thin, "list", example="thin list --as koordinator")
def list_(
    session: Session,
    over: Annotated[bool, typer.Option("--over", help="Show those too that have recovered.")] = False,
) -> None:
    """Show which units are thin, since when, and what was said: help asked for, declined, or nothing yet."""
    session.show(session.get("/v1/thin-units", over=over), _show)


@command(thin, "decline", example="thin decline PKM03 --reason SOON_BACK --as kepala:PKM03")
def decline(
    session: Session,
    unit: Unit,
    reason: Annotated[BackfillDeclined, typer.Option(help="Why it asks for no help.")],
    role: Annotated[str | None, typer.Option(help="Which of its roles, where several are thin.")] = None,
    note: Annotated[str | None, typer.Option(help="In words; kept apart from the case.")] = None,
) -> None:
    """Say that a thin unit asks for no help. By: its head; once escalated, those above."""
    found = [row for row in _of(session, unit) if role in (None, row["role"])]
    if len(found) != 1:
        named = f"{unit}{' ' + role if role else ''}: {len(found)} of its roles are thin"
        raise Trouble(named, USAGE if found else NOT_FOUND)
    form = {"code": reason.value} | ({"note": note} if note else {})
    session.show(session.post(f"/v1/thin-units/{found[0]['episode_id']}/decline", form), decision)


def note_drafted(session: Session, unit: str) -> list[str]:
    """Settle what is asked of a unit whose request for help was drafted, as far as the actor may; return of which roles."""
    mine = [row for row in _of(session, unit) if row["yours"]]
    for row in mine:
        session.post(f"/v1/thin-units/{row['episode_id']}/backfill")
    return [row["role"] for row in mine]


def _of(session: Session, unit: str) -> list[Any]:
    rows = session.get("/v1/thin-units")["items"]
    return [row for row in rows if unit in (row["code"], row["unit_id"])]


_SAID = {
    State.THIN: "nothing yet",
    State.DRAFTED: "help is asked for",
    State.DECLINED: "no help",
    State.RECOVERED: "recovered",
}


def _show(data: Json) -> None:
    table = grid("unit", "role", "below", "since", "said", "until", "")
    for row in data["items"]:
        said = _SAID[State(row["state"])] + (f", {row['reason']}" if row["reason"] else "")
        end = row["recovered_at"] or row["due_at"]
        marks = [f"escalated {row['escalation']}"] if row["escalation"] else []
        marks += ["yours to say"] if row["yours"] else []
        put(
            table,
            row["unit"],
            row["role"],
            row["below"],
            clock(row["since"]),
            said,
            clock(end),
            ", ".join(marks),
        )
    print_(table if data["items"] else "no unit is below its redline by lending")
    print_(as_of(data))
