"""`surge …` and `redline …`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app.cli import show
from app.cli.command import command
from app.cli.request_file import faults_of, read_request
from app.cli.session import USAGE, Session, Trouble
from domain.reasons import OverrideReason, RejectionReason
from runtime.clock import SystemClock

surge = typer.Typer(help="Surges: from asking for people to the last one home.", no_args_is_help=True)
redline = typer.Typer(help="Redlines of units.", no_args_is_help=True)

SurgeId = Annotated[str, typer.Argument(metavar="SURGE", help="Its id, or the beginning of it.")]
Words = Annotated[str | None, typer.Option("--note", help="Free text; kept apart from the case.")]


@command(
    surge,
    "request",
    example="surge request examples/permintaan-kupang.toml --operation OP-1B --as koordinator",
)
def request(
    session: Session,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.toml", help="The request; see examples/permintaan-kupang.toml.")
    ],
    operation: Annotated[
        str | None, typer.Option(help="The operation, where the file does not name it.")
    ] = None,
) -> None:
    """Ask for people, line by line."""
    form = read_request(file, operation, SystemClock().now())
    form["operation_id"] = session.operation(str(form["operation_id"]))
    with faults_of(file):
        session.show(session.post("/v1/surges", form), show.decision)


@command(surge, "list", example="surge list --as koordinator")
def list_surges(session: Session) -> None:
    """List the surges, the newest first."""
    session.show(session.get("/v1/surges"), show.surges)


@command(surge, "show", example="surge show SU-3F9 --as koordinator")
def show_surge(session: Session, surge_id: SurgeId) -> None:
    """Show a surge: its lines, its orders, and how many people stand where."""
    session.show(session.get(_path(session, surge_id)), show.surge)


@command(surge, "people", example="surge people SU-3F9 --as posko")
def people(session: Session, surge_id: SurgeId) -> None:
    """List the people of a surge, where each stands, and until when."""
    session.show(session.get("/v1/secondments", surge_id=session.surge(surge_id)), show.secondments)


@command(surge, "approve", example="surge approve SU-3F9 --as sekda")
def approve(session: Session, surge_id: SurgeId) -> None:
    """Approve a request; never one's own."""
    session.show(session.post(_path(session, surge_id, "approval")), show.decision)


@command(surge, "reject", example="surge reject SU-3F9 --reason NOT_NEEDED --as sekda")
def reject(
    session: Session,
    surge_id: SurgeId,
    reason: Annotated[RejectionReason, typer.Option(help="The coded reason.")],
    note: Words = None,
) -> None:
    """Reject a request, with a reason."""
    form = {"code": reason.value, "note": note}
    session.show(session.post(_path(session, surge_id, "rejection"), form), show.decision)


@command(surge, "plan", example="surge plan SU-3F9 --as koordinator")
def plan(
    session: Session,
    surge_id: SurgeId,
    everybody: Annotated[bool, typer.Option("--all", help="Show everybody who is picked.")] = False,
    newest: Annotated[bool, typer.Option("--newest", help="Show the newest plan and make none.")] = False,
) -> None:
    """Make a plan and show it: who would go, from where, at what cost, and why places stay empty."""
    path = _path(session, surge_id, "plan")
    if not newest:
        session.post(path)
        if session.recorded:
            return
    session.show(session.get(path), partial(show.plan, everybody=everybody))


@command(surge, "confirm", example="surge confirm SU-3F9 6d1c0f2a --as koordinator")
def confirm(
    session: Session,
    surge_id: SurgeId,
    plan_id: Annotated[
        str | None, typer.Argument(metavar="PLAN", help="The plan that you saw, or the beginning of its id.")
    ] = None,
) -> None:
    """Confirm a plan: everybody picked is asked. Without PLAN, the newest one."""
    newest = session.get(_path(session, surge_id, "plan"))["plan_id"]
    if plan_id and not newest.startswith(plan_id.lower()):
        if len(plan_id) != len(newest):
            raise Trouble(
                f"{plan_id}: the newest plan is {newest}; look at it with: surge plan --newest", USAGE
            )
        newest = plan_id
    session.show(session.post(_path(session, surge_id, "confirmation"), {"plan_id": newest}), show.decision)


@command(surge, "stand-down", example="surge stand-down SU-3F9 --as koordinator")
def stand_down(session: Session, surge_id: SurgeId) -> None:
    """Call everybody home and ask nobody any more."""
    session.show(session.post(_path(session, surge_id, "stand-down")), show.decision)


@command(surge, "close", example="surge close SU-3F9 --as koordinator")
def close(session: Session, surge_id: SurgeId) -> None:
    """Close a surge; refused while one person is not home."""
    session.show(session.post(_path(session, surge_id, "closure")), show.decision)


@command(redline, "override", example="redline override SU-3F9 PKM01 nurse 1 --reason LIFE_SAVING --as sekda")
def override(
    session: Session,
    surge_id: SurgeId,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The unit's code.")],
    role: Annotated[str, typer.Argument(metavar="ROLE", help="The role that these people hold at home.")],
    extra: Annotated[int, typer.Argument(metavar="EXTRA", min=1, max=100, help="How many more may go.")],
    *,
    reason: Annotated[OverrideReason, typer.Option(help="The coded reason.")],
    note: Words = None,
) -> None:
    """Let a unit lend more of a role than its redline allows, for one surge."""
    form = {"unit": unit, "role": role, "extra": extra, "code": reason.value, "note": note}
    session.show(session.post(_path(session, surge_id, "overrides"), form), show.decision)


def _path(session: Session, surge_id: str, door: str | None = None) -> str:
    path = f"/v1/surges/{session.surge(surge_id)}"
    return f"{path}/{door}" if door else path
