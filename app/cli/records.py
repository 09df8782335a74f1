"""`order …` and `audit …`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli import show, show_audit, show_surges
from app.cli.command import command
from app.cli.session import USAGE, Session, Trouble, only
from domain import cases

order = typer.Typer(help="Assignment orders (surat tugas).", no_args_is_help=True)
audit = typer.Typer(help="What happened, and whether it can be vouched for.", no_args_is_help=True)

CaseId = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="surge:SU-…, operation:OP-…, secondment:<placement>, mutation:MU-…, batch:BA-…, swap:SW-….",
    ),
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
        typer.Option(
            metavar="PERSON",
            help="The extract of one person, as that one is served it: name, id of person or placement, or its beginning.",
        ),
    ] = None,
    travel: Annotated[
        bool, typer.Option("--travel", help="The travel order (SPD) instead; of --person, or your own.")
    ] = False,
) -> None:
    """Fetch an issued order as PDF, or a travel order on it; a person fetches their own extract."""
    named, path = _on_order(session, person) if person else None, f"/v1/orders/{session.order(order_id)}"
    session.save(f"{path}/travel.pdf" if travel else f"{path}.pdf", output, person=named)


@command(order, "list", example="order list SU-3F9 --as penandatangan")
def list_orders(
    session: Session,
    surge_id: Annotated[
        str | None,
        typer.Argument(metavar="[SURGE]", help="Its id, or the beginning; without it, of all surges."),
    ] = None,
) -> None:
    """List the orders of a surge, or of all: number, state, how many they name, and the id to fetch them by."""
    surges = (
        [session.surge(surge_id)]
        if surge_id
        else [one["surge_id"] for one in session.get("/v1/surges")["items"]]
    )
    boards = [session.get(f"/v1/surges/{one}/orders") | {"surge_id": one} for one in surges]
    items = [row | {"surge_id": board["surge_id"]} for board in boards for row in board["items"]]
    told = {"as_of": boards[-1]["as_of"] if boards else None, "items": in_order(items)}
    session.show(told, show_surges.orders)


def in_order(orders: list[show.Json]) -> list[show.Json]:
    """Return orders as their register has drawn their numbers, whichever surge they are of: each as it was signed."""
    return sorted(orders, key=lambda row: datetime.fromisoformat(row["signed_at"]))


def _on_order(session: Session, text: str) -> str:
    """Return the id of a placement or a person by a name or the beginning of an id, among those whom the actor sees."""
    wanted = text.removeprefix("secondment:").casefold()
    if len(wanted) == 36:
        return wanted
    seen = session.get("/v1/secondments")["items"]
    found = {row["placement_id"] for row in seen if row["placement_id"].startswith(wanted)} or {
        row["person_id"]
        for row in seen
        if row["person_id"].startswith(wanted) or (row["name"] or "").casefold() == wanted
    }
    return only(sorted(found), text, "person")


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
