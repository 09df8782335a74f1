"""`orphan …`: workflows that run with no open case behind. Nothing ends them by itself."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.command import command
from app.cli.session import NOT_FOUND, USAGE, Session, Trouble
from app.cli.show import SHORT, as_of, grid, print_, put
from app.cli.times import clock, when
from domain.orphans import EndReason

orphan = typer.Typer(help="Workflows that run with no open case behind. By: operator.", no_args_is_help=True)


@command(orphan, "list", example="orphan list --as operator")
def list_(session: Session) -> None:
    """Show them, and which cases were taken up again since nothing carried them."""
    session.show(session.get("/v1/orphans"), _show)


@command(orphan, "end", example="orphan end 01a2040e --reason LEFT_OVER --as operator")
def end(
    session: Session,
    run: Annotated[str, typer.Argument(metavar="RUN", help="Its run, or the beginning or end of it.")],
    reason: Annotated[EndReason, typer.Option(help="Why it is ended.")],
) -> None:
    """End one, with a reason; refused while the books hold its case open."""
    rows = [row for row in session.get("/v1/orphans")["items"] if row["gone_at"] is None]
    text = run.lower()
    found = [row for row in rows if row["run_id"].startswith(text) or row["run_id"].endswith(text)]
    if len(found) != 1:
        raise Trouble(f"{run}: {len(found)} orphans are so called", USAGE if found else NOT_FOUND)
    told = session.post(f"/v1/orphans/{found[0]['run_id']}/end", {"reason": reason.value})
    session.show(told, _ended)


def _show(data: Any) -> None:
    table = grid("run", "workflow", "why", "found", "seen", "")
    for row in data["items"]:
        mark = f"gone {clock(row['gone_at'])}" if row["gone_at"] else "RUNS"
        mark += f", ended by hand: {row['reason']}" if row["reason"] else ""
        # Runs that began together begin alike: the end tells them apart.
        names = (row["run_id"][-SHORT:], row["workflow_id"], row["why"])
        put(table, *names, clock(row["found_at"]), clock(row["seen_at"]), mark)
    print_(table if data["items"] else "every workflow has an open case behind it")
    for one in data["taken_up"]:
        print_(f"taken up again at {when(one['taken_at'])}: {one['case_id']}")
    print_(f"the reconciler looked at {when(data['looked_at']) or 'nothing yet'}", as_of(data))


def _ended(data: Any) -> None:
    print_(f"ended  {data['workflow_id']}, run {data['run_id']}")
